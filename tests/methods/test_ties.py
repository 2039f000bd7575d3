"""Events at one instant keep the order in which they were delivered, or the result says that it is not known; events
without a time are said.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from peakend.errors import FactsError
from peakend.methods.journey import journey
from peakend.result import TOTAL

STEPS = ("register", "wait", "pay")
NINE = "2026-03-05T09:00:00+08:00"
AT_ONCE = [{"visit": visit, "kind": "step", "at_us": 0, "touchpoint": step} for visit in "123" for step in STEPS]


def way(events: Any) -> tuple[tuple[str, ...], set[str]]:
    """The commonest way, and the warnings of the whole."""
    whole = journey(events)[0]
    return whole.ways[0]["steps"], set(whole.warnings) - {"low_base", "all_reach_goal"}


def test_three_events_at_one_instant_keep_the_order_of_the_file_and_are_counted(tmp_path: Path) -> None:
    lines = [f"{row['visit']},step,{NINE},,{row['touchpoint']}" for row in AT_ONCE]
    (tmp_path / "desk.csv").write_text("\n".join(["visit,kind,at,until,touchpoint", *lines]), encoding="utf-8")
    found = journey(tmp_path / "desk.csv")
    assert (found[0].ways[0]["steps"], found[0].goal, found[0].tied) == (STEPS, "pay", 9)
    assert [
        words in found.text(lang)
        for lang, words in (
            ("en", "9 events happened at the same time as another step"),
            ("zh-Hant", "有 9 筆事件與另一步驟同時發生，依資料順序排列"),
        )
    ] == [
        True,
        True,
    ]


FORMS: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "a list": list,
    "polars": pl.DataFrame,
    "pandas": lambda rows: pl.DataFrame(rows).to_pandas(),
    "pyarrow": lambda rows: pl.DataFrame(rows).to_arrow(),
}


@pytest.mark.parametrize("form", FORMS)
def test_frames_whose_rows_have_an_order_keep_it(form: str) -> None:
    assert way(FORMS[form](AT_ONCE)) == (STEPS, {"ties_as_delivered"})


@pytest.mark.parametrize(
    "form",
    [lambda rows: pl.DataFrame(rows).lazy(), lambda rows: duckdb.connect().from_arrow(pl.DataFrame(rows).to_arrow())],
    ids=["lazy", "duckdb"],
)
def test_engines_whose_rows_have_no_order_say_that_it_is_unknown_unless_a_column_gives_it(
    form: Callable[[Any], Any],
) -> None:
    assert way(form(AT_ONCE)) == (tuple(sorted(STEPS)), {"ties_by_name"})
    numbered = [{**row, "order": {"register": 9, "wait": 10, "pay": 11}[row["touchpoint"]]} for row in AT_ONCE]
    assert way(form(numbered)) == (STEPS, {"ties_as_delivered"})


def test_an_order_column_wins_over_the_rows_and_is_made_of_numbers(tmp_path: Path) -> None:
    lines = [f"{row['visit']},step,{NINE},{10 - at % 3},{row['touchpoint']}" for at, row in enumerate(AT_ONCE)]
    (tmp_path / "desk.csv").write_text("\n".join(["visit,kind,at,order,touchpoint", *lines]), encoding="utf-8")
    assert way(tmp_path / "desk.csv") == (STEPS[::-1], {"ties_as_delivered"})
    with pytest.raises(FactsError) as caught:
        journey([{**row, "order": "first"} for row in AT_ONCE])
    assert caught.value.id == "facts.type"


def test_conditions_leave_the_order_as_it_is() -> None:
    whole = journey([{**row, "site": "AB"[int(row["visit"]) % 2]} for row in AT_ONCE], where={"site": "B"})[0]
    assert (whole.ways[0]["steps"], whole.tied) == (STEPS, 6)


def test_one_step_that_is_written_twice_at_one_instant_is_no_tie() -> None:
    whole = journey([{**row, "touchpoint": "desk"} for row in AT_ONCE])[0]
    assert (whole.tied, "ties_as_delivered" in whole.warnings) == (0, False)


def test_events_without_a_time_are_counted_and_said() -> None:
    rows = [{**AT_ONCE[0]}, {**AT_ONCE[1], "at_us": None}, {**AT_ONCE[2], "at_us": 1_200_000_000}]
    found = journey(rows)
    assert (found[0].ways[0]["steps"], found[0].untimed, "events_without_time" in found[0].warnings) == (
        ("register", "pay"),
        1,
        True,
    )
    assert [
        "1 event has no time" in found.text(),
        "有 1 筆事件沒有時間" in found.text("zh-Hant"),
        "有 1 条事件没有时间" in found.text("zh-Hans"),
    ] == [True] * 3


def test_a_group_none_of_whose_events_has_a_time_says_so() -> None:
    rows = [{**row, "site": "A", "at_us": at} for at, row in enumerate(AT_ONCE)] + [
        {**row, "site": "B", "at_us": None} for row in AT_ONCE
    ]
    found = [row for row in journey(rows, by="site") if row.step == TOTAL]
    assert [(row.group["site"], row.untimed, row.refused and row.refused.id) for row in found] == [
        ("A", 0, None),
        ("B", 9, "journey.untimed"),
    ]
