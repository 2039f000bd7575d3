"""The server's process group is killed again and again while answers come in: what was acknowledged is there, once."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from benchmarks.kills import judge, torment
from benchmarks.serving import installation

from tests.web.postgres import binaries
from tests.web.ready import install

KILLS = 3
pytestmark = pytest.mark.apart


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_kills_lose_nothing_and_count_nothing_twice(
    database: str, generated: Path, tables: Path | None, capsys: pytest.CaptureFixture[str]
) -> None:
    if database == "postgres" and binaries() is None:
        pytest.skip("PostgreSQL: no server's binaries on this machine")
    with installation(
        database, prepare=lambda data: install(data, generated, tables if database == "sqlite" else None)
    ) as installed:
        tally, restarts = asyncio.run(torment(installed, KILLS, 6, 7))
        wrong = judge(installed, tally, restarts, KILLS)
    assert wrong == 0, capsys.readouterr().out
    assert len(restarts) == KILLS + 1
    assert len(tally.acknowledged) > 50
