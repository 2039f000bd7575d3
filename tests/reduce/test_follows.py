"""The kernel of what follows: steps counted, timed and added up as by hand."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from peakend.facts import conform
from peakend.instants import DAY as A_DAY
from peakend.reduce import follows
from peakend.sums import Steps
from tests.engines import STEPS, arrow
from tests.reduce.rows import NOON


def went(visit: str, *steps: tuple[int, str], site: str = "A") -> list[dict[str, Any]]:
    return [
        {"visit": visit, "kind": "serve", "touchpoint": where, "at_us": NOON + at, "site": site} for at, where in steps
    ]


def test_steps_are_counted_and_timed_from_one_to_the_next() -> None:
    rows = (
        went("lin", (8, "wait"), (0, "arrive"), (9, "serve"))
        + went("wu", (0, "arrive"), (3, "wait"), (3, "serve"))
        + went("mei", (5, "arrive"))
    )
    found = follows(conform(rows, "events"))[()]
    bins = [tuple(int(place == bin_) for bin_ in range(64)) for place in range(64)]
    assert found == Steps(
        edges={("arrive", "serve"): 1, ("arrive", "wait"): 1, ("serve", "wait"): 1, ("wait", "serve"): 1},
        waited={("arrive", "serve"): 3, ("arrive", "wait"): 8, ("serve", "wait"): 0, ("wait", "serve"): 1},
        spread={
            ("arrive", "serve"): bins[1],
            ("arrive", "wait"): bins[3],
            ("serve", "wait"): bins[0],
            ("wait", "serve"): bins[0],
        },
        starts={"arrive": 3},
        ends={"arrive": 1, "serve": 1, "wait": 1},
        variants={("arrive",): 1, ("arrive", "serve", "wait"): 1, ("arrive", "wait", "serve"): 1},
    )


def test_a_visit_that_crosses_midnight_is_one_visit_of_its_first_day() -> None:
    rows = went("lin", (0, "arrive"), (A_DAY, "leave"))
    found = follows(conform(rows, "events"), ("day",))
    assert {group: dict(steps.edges) for group, steps in found.items()} == {("2026-11-23",): {("arrive", "leave"): 1}}


def test_time_adds_up_without_rounding_over_centuries() -> None:
    century = 100 * 366 * A_DAY
    rows = (
        went("a", (0, "x"), (century + 1, "y"))
        + went("b", (0, "x"), (century + 2, "y"))
        + went("c", (0, "x"), (century, "y"))
    )
    assert follows(conform(rows, "events"))[()].waited == {("x", "y"): 3 * century + 3}


def by_hand(rows: list[dict[str, Any]]) -> dict[tuple[str, ...], int]:
    """Edges counted one visit at a time, as one would with a pencil."""
    counted: dict[tuple[str, ...], int] = {}
    for visit in {row["visit"] for row in rows}:
        steps = sorted((row["at_us"], row["touchpoint"]) for row in rows if row["visit"] == visit)
        for (_, a), (_, b) in pairwise(steps):
            counted[a, b] = counted.get((a, b), 0) + 1
    return counted


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.sampled_from("uvw入"), st.integers(-5, 5) | st.integers(0, 2**55), st.sampled_from("abc乙")),
        max_size=40,
    )
)
def test_edges_equal_those_counted_by_hand_whatever_the_order_and_the_times(steps: list[tuple[str, int, str]]) -> None:
    rows = [row for visit, at, where in steps for row in went(visit, (at - NOON, where))]
    table = pa.Table.from_pylist(rows) if rows else arrow([], STEPS)
    found = follows(conform(table, "events"))
    # What is the same in every column was delivered twice, and happened once.
    assert (dict(found[()].edges) if found else {}) == by_hand(
        [row for at, row in enumerate(rows) if row not in rows[:at]]
    )


def test_steps_of_two_days_add_up_to_the_steps_of_both() -> None:
    one, two = (
        went("lin", (0, "a"), (5, "b"), (9, "a")),
        went("wu", (0, "b"), (5, "a"), site="B") + went("mei", (0, "a"), (7, "b")),
    )
    parts = [follows(conform(rows, "events"))[()] for rows in (one, two)]
    assert parts[0] + parts[1] == follows(conform(one + two, "events"))[()]
