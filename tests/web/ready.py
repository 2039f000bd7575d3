"""What is made once for all processes of a run, and copied: the chart library, and a database with all its tables."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import connections
from django.test import override_settings

from peakend_web.running import static_files

DATABASE: Final = "peakend.sqlite3"


def shared_by_all(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run alone, the same one in each of its processes."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@contextmanager
def one_at_a_time(file: Path) -> Iterator[None]:
    """Whoever comes first makes the file; the others wait, and find it."""
    with file.with_name(f"{file.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def chart_library(shared: Path) -> Path:
    """A folder of generated files as an installation makes it: bundling the library takes longer than what most tests
    ask of it.
    """
    made = shared / "ready"
    with one_at_a_time(made):
        if not made.exists():
            with override_settings(PEAKEND_DATA=made):
                static_files.write_chart_library()
                static_files.write_map_style()
    return made / "generated"


def copied(source: Path, target: Path) -> None:
    """A database of SQLite as it is now, in another file."""
    with closing(sqlite3.connect(source)) as there, closing(sqlite3.connect(target)) as here:
        there.backup(here)


def with_tables(shared: Path, migrate: Callable[[], Any]) -> None:
    """The database of this process's tests: the first process migrates it, the others begin with a copy of it, in which
    nothing is left to migrate.
    """
    kept, creation = shared / DATABASE, connections["default"].creation
    create = creation._create_test_db

    def create_from_kept(*args: Any, **options: Any) -> str:
        name: str = create(*args, **options)
        copied(kept, Path(name))
        return name

    with one_at_a_time(kept), pytest.MonkeyPatch.context() as patch:
        made = kept.exists()
        if made:
            patch.setattr(creation, "_create_test_db", create_from_kept)
        migrate()
        if not made:
            copied(Path(connections["default"].settings_dict["NAME"]), kept)


def install(data: Path, generated: Path, tables: Path | None = None) -> Path:
    """The data directory of an installation that has its chart library already, and its tables where they are given."""
    data.mkdir(exist_ok=True)
    shutil.copytree(generated, data / "generated")
    if tables:
        shutil.copyfile(tables, data / DATABASE)
    return data
