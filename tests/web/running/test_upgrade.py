"""A database that an earlier version filled opens with this one: on SQLite and on PostgreSQL, every page and every
figure.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.web.postgres import binaries, cluster
from tests.web.ready import install

ROOT = Path(__file__).parents[3]
WHOLE = {"pages": {}, "nps": [42, 21, 21], "file": True, "copy": [], "trail": None}
pytestmark = pytest.mark.apart


@pytest.mark.parametrize(
    ("engine", "migration"),
    [("sqlite", "0002_collection"), ("sqlite", "0008_least_cell"), ("postgres", "0002_collection")],
)
def test_what_an_earlier_version_kept_is_read_whole_after_the_upgrade(
    tmp_path: Path, generated: Path, engine: str, migration: str
) -> None:
    folder = binaries() if engine == "postgres" else None
    if engine == "postgres" and folder is None:
        pytest.skip("PostgreSQL: no server's binaries on this machine")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PEAKEND_", "DJANGO_"))}
    with cluster(folder) if folder else nullcontext("") as address:
        environment = {
            **kept,
            "PEAKEND_DATA": str(install(tmp_path, generated)),
            **({"PEAKEND_DATABASE": address} if address else {}),
        }
        command = [sys.executable, "-m", "tests.web.running.upgrading", migration]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3_000:]
    assert json.loads(done.stdout.splitlines()[-1]) == WHOLE
