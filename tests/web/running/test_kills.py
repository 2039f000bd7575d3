"""The server's process group is killed again and again while answers come in: what was acknowledged is there, once."""

from __future__ import annotations

import asyncio

import pytest
from benchmarks.kills import judge, torment
from benchmarks.serving import Installation

KILLS = 3
pytestmark = pytest.mark.apart


def test_kills_lose_nothing_and_count_nothing_twice(
    installed: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    tally, restarts = asyncio.run(torment(installed, KILLS, 6, 7))
    wrong = judge(installed, tally, restarts, KILLS)
    assert wrong == 0, capsys.readouterr().out
    assert len(restarts) == KILLS + 1
    assert len(tally.acknowledged) > 50
