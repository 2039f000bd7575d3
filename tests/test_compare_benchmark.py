"""The page of benchmarks says what was missed, and by how much."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.compare import PART, Side, kept, taking_turns
from benchmarks.comparison import missed, page, slopes

OWN = {"lmg": 60.0, "bounded": 2_400.0}


def row(rows: int, ours: float, sql: float, **more: Any) -> dict[str, Any]:
    own = {
        "rows": rows,
        "name": "tally: scores",
        "target": 1.15,
        "same": rows == 1_000_000,
        "ours": ours,
        "sql": sql,
        "ratio": ours / sql,
    }
    return {
        **own,
        "peak": 200.0,
        "sql peak": 150.0,
        "pandas": 10 * sql,
        "pandas peak": 900.0,
        "pandas failed": "",
        **more,
    }


def peer(ratio: float, failed: str = "") -> dict[str, Any]:
    own = {"name": "edges", "what": "pm4py", "target": 10, "rows": 1_000_000, "ours": 100.0, "peak": 200.0}
    return {**own, "theirs": 100 * ratio, "their peak": 2_000.0, "ratio": ratio, "failed": failed}


def test_only_what_missed_its_target_is_listed_with_how_much() -> None:
    small, large = row(1_000_000, 30, 10), row(10_000_000, 300, 200)
    assert missed([small, large], [peer(12), peer(8), peer(0, "does not import")], OWN) == [
        "tally: scores, 1,000,000 rows: 20 ms over the best query, aim 15",
        "tally: scores, 10,000,000 rows: 1.50× the best query, aim 1.15",
        "edges, 1,000,000 answers: 8.0× pm4py, aim 10",
        "edges: not measured (does not import)",
        "shares of 20 drivers with intervals: 2400 ms, aim 2000",
    ]
    assert missed([row(1_000_000, 20, 10), row(10_000_000, 210, 200)], [peer(12)], OWN | {"bounded": 900.0}) == []


def test_growth_is_the_exponent_of_time_in_rows() -> None:
    assert slopes([row(1_000_000, 10, 9), row(100_000_000, 1_000, 900)]) == {"tally: scores": pytest.approx(1.0)}
    assert slopes([row(1_000_000, 10, 9)]) == {}
    assert "tally: scores: grows with exponent 1.30, aim 1.1" in missed(
        [row(1_000_000, 10, 9), row(10_000_000, 10 * 10**1.3, 900)], [], OWN
    )


def test_the_page_says_which_results_were_proved_the_same() -> None:
    written = page(
        [row(1_000_000, 30, 10), row(10_000_000, 300, 200, same=None)], [peer(12)], OWN, "2 cores", "2026-11-23"
    )
    assert "| tally: scores | 1,000,000 | 30 | 10 | 3.00 | ≤ 1.15 | 100 | 3.3 | 200, 150, 900 | yes |" in written
    assert "proved at 1,000,000 |" in written
    assert "| edges, 1,000,000 answers | pm4py | 100.00 | 1200 | 12.0 | ≥ 10 | 200, 2000 |" in written


def test_a_peer_without_an_aim_is_shown_and_never_missed() -> None:
    free = peer(2) | {"target": None, "rows": 0}
    assert missed([row(10_000_000, 210, 200)], [free], OWN | {"bounded": 900.0}) == []
    assert "| edges | pm4py | 100.00 | 200 | 2.0 | – | 200, 2000 |" in page(
        [row(10_000_000, 210, 200)], [free], OWN, "2 cores", "2026-11-23"
    )


def test_a_peer_that_is_not_installed_is_skipped_by_name_and_the_others_are_measured() -> None:
    ours, absent = Side(Path(sys.executable), ("-c", READY)), Side(Path("Rscript-of-nowhere"), ("--vanilla",))
    sides = taking_turns({"ours": ours, "theirs": absent}, 2)
    assert (sides["ours"].times, sides["ours"].failed, sides["ours"].peak) == ([0.5, 0.5], "", 7.0)
    assert sides["theirs"].failed == "skipped: Rscript-of-nowhere is not installed"
    written = page([row(10_000_000, 210, 200)], [peer(math.nan, sides["theirs"].failed)], OWN, "2 cores", "2026-11-23")
    assert (
        "| edges, 1,000,000 answers | pm4py | – | not measured: skipped: Rscript-of-nowhere is not installed | – | ≥ "
        "10 | – |" in written
    )


READY = """
print("ready", flush=True)
import sys
for _ in sys.stdin: print(0.5, flush=True)
print('{"peak": 7.0}', flush=True)
"""


def test_what_was_measured_before_a_fault_is_kept(tmp_path: Path) -> None:
    def measured() -> Iterator[dict[str, Any]]:
        yield {"name": "edges", "ours": 1.0}
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept("peers", measured(), tmp_path)
    assert [json.loads(line) for line in (tmp_path / PART).read_text().splitlines()] == [
        {"part": "peers", "name": "edges", "ours": 1.0}
    ]
