"""Neither the order of rows, nor how they are chunked, nor the engine decides what a kernel returns."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from peakend.facts import Facts, conform
from peakend.facts.shape import PERIODS, may_be_segment
from peakend.instants import DAY as A_DAY
from peakend.reduce import GRAINS, ends, moments, pairs, tally
from tests.engines import COLUMNS, ENGINES, Row, arrow

DAY = 20780  # 2026-11-23, a Monday
KERNELS: dict[str, Callable[[Facts], Any]] = {
    "tally": lambda facts: tally(facts, ("site", "day"), keys=("construct", "role")),
    "pairs": lambda facts: pairs(facts, ("site",), left="expectation", right="perception", keys=("construct", "item")),
    "moments": lambda facts: moments(facts, ("site",), columns=("construct", "role"), buckets=5, weighted=True),
    "gaps": lambda facts: moments(facts, ("month",), pair=("expectation", "perception"), buckets=5),
    "ends": lambda facts: ends(facts, ("site",)),
}


CONSTRUCTS = {"r1": "r", "r2": "r", "e1": "e", "t": "有形性"}


@st.composite
def surveys(draw: st.DrawFn) -> list[Row]:
    """A few responses, each on one day and at one site, that answer every item on both sides and rate some touchpoints,
    with holes.
    """
    rows = []
    for i in range(draw(st.integers(0, 6))):
        site, day, weight = (
            draw(st.sampled_from(("A", "北", None))),
            draw(st.integers(DAY, DAY + 3)),
            draw(st.sampled_from((0.25, 1.0, 3.5))),
        )
        value = st.none() | st.integers(1, 7).map(float)
        asked = [(item, role, None) for item in CONSTRUCTS for role in ("expectation", "perception")]
        asked += [(item, "score", item) for item in draw(st.lists(st.sampled_from("xyz"), max_size=4))] + [
            ("memory", "remembered", None)
        ]
        minutes = draw(st.lists(st.integers(0, 3), min_size=len(asked), max_size=len(asked)))
        for (item, role, touchpoint), minute in dict.fromkeys(zip(asked, minutes, strict=True)):
            at = day * A_DAY + minute
            row = {
                "response": f"p{i}",
                "day": day,
                "at_us": at,
                "site": site,
                "item": item,
                "construct": CONSTRUCTS.get(item, item),
                "role": role,
            }
            row |= {
                "touchpoint": touchpoint,
                "value": draw(value),
                "low": 1.0,
                "high": 7.0,
                "weight": weight,
                "lang": "zh-Hant",
            }
            rows.append(tuple(row.get(name) for name in COLUMNS))
    return rows


@settings(max_examples=8)
@given(surveys(), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_changes_a_result(rows: list[Row], rng: random.Random) -> None:
    shuffled = rng.sample(rows, len(rows))
    one, two = (conform(arrow(table)) for table in (rows, shuffled))
    assert {name: kernel(one) for name, kernel in KERNELS.items()} == {
        name: kernel(two) for name, kernel in KERNELS.items()
    }


@settings(max_examples=8)
@given(surveys())
def test_what_is_reduced_day_by_day_adds_up_to_the_whole(rows: list[Row]) -> None:
    at = COLUMNS.index("day")
    days = [conform(arrow([row for row in rows if row[at] == day])) for day in sorted({row[at] for row in rows})]
    whole = conform(arrow(rows))
    for name, kernel in KERNELS.items():
        parts = [kernel(day) for day in days]
        assert (sum(parts[1:], parts[0]) if parts else kernel(whole)) == kernel(whole), name


@settings(max_examples=6)
@given(surveys(), st.sampled_from(["pandas", "polars", "polars_lazy", "duckdb"]))
def test_the_engine_never_changes_a_result(rows: list[Row], engine: str) -> None:
    one, two = conform(arrow(rows)), conform(ENGINES[engine](arrow(rows)))
    assert {name: kernel(one) for name, kernel in KERNELS.items()} == {
        name: kernel(two) for name, kernel in KERNELS.items()
    }


def test_no_segment_is_called_like_a_period_by_which_one_groups() -> None:
    assert set(GRAINS) == PERIODS
    assert not any(map(may_be_segment, (*PERIODS, "Month", "ＹＥＡＲ")))
    assert may_be_segment("months")
