"""The kernels: what each counts and sums, that results add up, and that neither the order of rows nor their chunking
decides anything.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peakend.errors import FactsError
from peakend.facts import Facts, conform
from peakend.instants import DAY as A_DAY
from peakend.reduce import FEATURES, GRAINS, ends, follows, moments, pairs, tally
from peakend.sums import Counts, Moments, Steps
from tests.engines import STEPS, TABLES, arrow

DAY = 20780  # 2026-11-23, a Monday
NOON = DAY * A_DAY + A_DAY // 2


def said(
    response: str, construct: str | None, value: float | None, role: str = "score", **other: Any
) -> dict[str, Any]:
    return {
        "response": response,
        "construct": construct,
        "item": construct,
        "role": role,
        "value": value,
        "low": 1.0,
        "high": 7.0,
        "at_us": NOON,
        **other,
    }


def cells(counts: Counts) -> dict[tuple[Any, ...], tuple[int, float, float]]:
    return {
        cell: (int(n), float(w), float(w2))
        for cell, n, w, w2 in zip(counts.cells, counts.count, counts.weight, counts.weight2, strict=True)
    }


# --- tally ------------------------------------------------------------------------------------------------------------


def test_a_tally_counts_every_value_and_every_state_with_its_weights() -> None:
    facts = conform(
        [
            said("lin", "desk", 6.0, weight=2.0),
            said("chen", "desk", 6.0, weight=0.5),
            said("wu", "desk", None),
            said("mei", "desk", 9.0, state="invalid"),
            said("lin", "gate", 1.0, low=0.0, high=10.0, weight=1.0),
        ]
    )
    counts = tally(facts)
    assert counts.keys == ("construct", "low", "high", "state", "value")
    assert cells(counts) == {
        ("desk", 1.0, 7.0, "answered", 6.0): (2, 2.5, 4.25),
        ("desk", 1.0, 7.0, "invalid", None): (1, 1.0, 1.0),
        ("desk", 1.0, 7.0, "skipped", None): (1, 1.0, 1.0),
        ("gate", 0.0, 10.0, "answered", 1.0): (1, 1.0, 1.0),
    }


def test_sums_of_weights_are_the_same_to_the_last_digit_whatever_the_order_of_adding() -> None:
    weights = np.random.default_rng(3).lognormal(size=3000).round(6).tolist()
    tables = [
        conform([said(f"r{i}", "desk", 5.0, weight=weight) for i, weight in enumerate(order)])
        for order in (weights, sorted(weights), weights[::-1])
    ]
    assert len({(float(counts.weight[0]), float(counts.weight2[0])) for counts in map(tally, tables)}) == 1
    np.testing.assert_allclose(tally(tables[0]).weight[0], sum(weights), rtol=1e-11)


@pytest.mark.parametrize(
    ("grain", "labels"),
    [
        ("day", ["2026-11-23", "2026-11-24", "2026-12-31", "2027-01-03"]),
        ("week", ["2026-W48", "2026-W53"]),
        ("month", ["2026-11", "2026-12", "2027-01"]),
        ("quarter", ["2026-Q4", "2027-Q1"]),
        ("year", ["2026", "2027"]),
    ],
)
def test_time_is_grouped_by_the_local_day_and_named_as_iso_names_it(grain: str, labels: list[str]) -> None:
    facts = conform([said(f"r{day}", "desk", 5.0, day=day) for day in (DAY, DAY + 1, DAY + 38, DAY + 41)])
    assert [group[grain] for group, _ in tally(facts, (grain,)).split(grain)] == labels


@given(st.integers(-700_000, 2_900_000))
def test_the_name_of_a_period_sorts_as_its_days_do(day: int) -> None:
    first, second = dt.date(1970, 1, 1) + dt.timedelta(days=day), dt.date(1970, 1, 1) + dt.timedelta(days=day + 1)
    assert all(name(first) <= name(second) for name in GRAINS.values())


def test_a_response_without_an_instant_falls_into_no_period() -> None:
    assert tally(conform([said("lin", "desk", 5.0, at_us=None)]), ("month",), keys=()).column("month") == (None,)


def test_groups_come_sorted_with_what_is_unknown_first() -> None:
    facts = conform([said("a", "x", 1.0, site="B"), said("b", "x", 1.0, site=None), said("c", "x", 1.0, site="A")])
    assert [group for group, _ in tally(facts, ("site",)).split("site")] == [
        {"site": None},
        {"site": "A"},
        {"site": "B"},
    ]


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(FactsError) as refused:
        tally(conform([said("a", "x", 1.0)]), ("ward",))
    assert refused.value.id == "facts.column_unknown"


# --- pairs ------------------------------------------------------------------------------------------------------------


def test_a_pair_joins_the_two_sides_of_one_response() -> None:
    answers = {"lin": (1.0, 5.0), "chen": (1.0, 5.0), "wu": (3.0, 3.0), "mei": (2.0, None)}
    sides = ("functional", "dysfunctional")
    facts = conform(
        [
            said(who, "wifi", value, role)
            for who, both in answers.items()
            for value, role in zip(both, sides, strict=True)
        ]
    )
    counts = pairs(facts, left="functional", right="dysfunctional")
    assert counts.keys == ("construct", "state", "left", "right")
    assert {cell: n for cell, (n, *_) in cells(counts).items()} == {
        ("wifi", "answered", 1.0, 5.0): 2,
        ("wifi", "answered", 3.0, 3.0): 1,
        ("wifi", "skipped", None, None): 1,
    }


@pytest.mark.parametrize(
    ("left", "right", "state"),
    [
        ("answered", "answered", "answered"),
        ("answered", None, "skipped"),
        ("skipped", "answered", "skipped"),
        ("invalid", "skipped", "invalid"),
        ("invalid", "not_shown", "not_shown"),
        ("not_applicable", "not_shown", "not_applicable"),
        ("not_applicable", None, "not_applicable"),
    ],
)
def test_a_half_answered_pair_has_no_values_and_the_strongest_state(left: str, right: str | None, state: str) -> None:
    rows = [
        said("lin", "wifi", 2.0, role, state=side)
        for role, side in (("functional", left), ("dysfunctional", right))
        if side is not None
    ]
    assert pairs(conform(rows), left="functional", right="dysfunctional").cells == (
        ("wifi", state, *((2.0, 2.0) if state == "answered" else (None, None))),
    )


def test_a_pair_without_a_construct_is_joined_by_its_item() -> None:
    rows = [said("lin", None, 5.0, role, item="q1") for role in ("expectation", "perception")]
    assert pairs(conform(rows), left="expectation", right="perception").cells == (("q1", "answered", 5.0, 5.0),)


def test_a_pair_that_crosses_midnight_belongs_to_its_first_day() -> None:
    rows = [
        said("lin", "wifi", 1.0, "functional", at_us=NOON),
        said("lin", "wifi", 5.0, "dysfunctional", at_us=NOON + A_DAY),
    ]
    assert pairs(conform(rows), ("day",), left="functional", right="dysfunctional").cells == (
        ("2026-11-23", "wifi", "answered", 1.0, 5.0),
    )


# --- moments ----------------------------------------------------------------------------------------------------------


def wide(
    rng: np.random.Generator, n: int = 60, p: int = 4, holes: float = 0.2
) -> np.ndarray[Any, np.dtype[np.float64]]:
    x = rng.integers(1, 8, (n, p)).astype(float)
    x[rng.random((n, p)) < holes] = np.nan
    return x


def long(x: np.ndarray[Any, Any]) -> Facts:
    return conform(
        [
            said(f"r{i}", f"c{j}", None if np.isnan(v) else float(v))
            for i, row in enumerate(x)
            for j, v in enumerate(row)
        ]
    )


def test_moments_are_the_pairwise_complete_sums_of_the_wide_table() -> None:
    x = wide(np.random.default_rng(1))
    found = moments(long(x))
    held = ~np.isnan(x)
    sums = found.groups[()]
    assert found.names == (("c0",), ("c1",), ("c2",), ("c3",))
    np.testing.assert_array_equal(sums.n[0], held.T.astype(int) @ held.astype(int))
    np.testing.assert_allclose(sums.mean(), np.nanmean(x, axis=0))
    for i, j in ((0, 1), (1, 3), (2, 2)):
        both = x[held[:, i] & held[:, j]]
        np.testing.assert_allclose(sums.covariance()[i, j], np.cov(both[:, i], both[:, j])[0, 1])


def test_weighted_moments_weigh_each_response_once() -> None:
    facts = conform(
        [said("lin", "a", 2.0, weight=3.0), said("lin", "b", 4.0, weight=3.0), said("chen", "a", 6.0, weight=1.0)]
    )
    sums = moments(facts, weighted=True).groups[()]
    assert (sums.n[0].tolist(), sums.s[0].tolist(), sums.ss[0].tolist()) == (
        [[4, 3], [3, 3]],
        [[12, 6], [12, 12]],
        [[48, 24], [24, 48]],
    )


def test_a_cell_with_two_answers_is_their_mean() -> None:
    facts = conform(
        [
            said("lin", "a", 2.0),
            said("lin", "a", 5.0, item="a, asked otherwise"),
            said("lin", "b", 1.0),
            said("chen", "a", 4.0),
        ]
    )
    sums = moments(facts).groups[()]
    np.testing.assert_allclose(sums.mean(), [3.75, 1.0])
    np.testing.assert_array_equal(sums.count(), [2, 1])


def test_buckets_part_the_responses_and_add_up_to_the_whole() -> None:
    facts = long(wide(np.random.default_rng(2)))
    parted, whole = moments(facts, buckets=8).groups[()], moments(facts).groups[()]
    assert set(parted.bucket.tolist()) <= set(range(8))
    assert len(parted.bucket) > 1
    assert parted.total() == whole


def test_gaps_need_half_the_items_of_a_construct_answered_on_both_sides() -> None:
    answers: dict[str, list[tuple[float | None, float | None]]] = {
        "lin": [(7.0, 5.0), (6.0, 5.0), (5.0, None)],
        "chen": [(7.0, 1.0), (None, 4.0), (3.0, None)],
        "wu": [(5.0, 6.0), (5.0, 6.0), (5.0, 6.0)],
    }
    sides = ("expectation", "perception")
    items = [
        (who, f"q{i}", role, value)
        for who, asked in answers.items()
        for i, both in enumerate(asked)
        for role, value in zip(sides, both, strict=True)
    ]
    rows = [said(who, "staff", value, role, item=item) for who, item, role, value in items]
    found = moments(conform(rows), pair=("expectation", "perception"))
    named = [(name, role) for name in ("overall", "staff") for role in ("expectation", "gap", "perception")]
    assert found.names == (("items", "gap"), *named)
    sums = dict(zip(found.names, zip(found.groups[()].count(), found.groups[()].mean(), strict=True), strict=True))
    assert sums["staff", "expectation"] == (2, (6.5 + 5) / 2)
    assert sums["staff", "gap"] == sums["overall", "gap"] == (2, (-1.5 + 1) / 2)


def test_the_overall_gap_needs_every_construct_and_importance_weighs_each_respondents_own() -> None:
    rows = []
    for who, gaps, weights in (
        ("lin", {"a": -2.0, "b": 0.0}, {"a": 75.0, "b": 25.0}),
        ("chen", {"a": -1.0}, {"a": 50.0, "b": 50.0}),
    ):
        rows += [
            said(who, name, value, role)
            for name, gap in gaps.items()
            for value, role in ((5.0, "expectation"), (5.0 + gap, "perception"))
        ]
        rows += [said(who, name, weight, "importance", low=0.0, high=100.0) for name, weight in weights.items()]
    found = moments(conform(rows), pair=("expectation", "perception"), importance="importance")
    sums = found.groups[()]
    mean, count = (dict(zip(found.names, part.tolist(), strict=True)) for part in (sums.mean(), sums.count()))
    assert (mean["overall", "gap"], count["overall", "gap"], mean["weighted", "gap"], count["weighted", "gap"]) == (
        -1.0,
        1,
        -1.5,
        1,
    )


# --- ends -------------------------------------------------------------------------------------------------------------


def features(facts: Facts, by: tuple[str, ...] = ()) -> dict[Any, dict[str, float]]:
    found = ends(facts, by)
    return {group: dict(zip(FEATURES, sums.mean().tolist(), strict=True)) for group, sums in found.groups.items()}


def test_the_features_of_a_visit_follow_its_order_in_time() -> None:
    timed = [(30, "c", 6.0), (0, "a", 4.0), (10, "b", 1.0), (40, "d", 5.0)]
    rows = [said("v", item, value, visit="v", touchpoint=item, item=item, at_us=NOON + at) for at, item, value in timed]
    rows.append(said("v", "memory", 2.0, "remembered", visit="v", at_us=NOON + 50))
    sd, slope = float(np.std([4, 1, 6, 5], ddof=1)), float(np.polyfit(range(4), [4, 1, 6, 5], 1)[0])
    expected = [4, 16, 4, 6, 1, 1, 4, 5, sd, slope, 5.5, 3.0, 2]
    np.testing.assert_allclose(list(features(conform(rows))[()].values()), expected)


def test_of_moments_at_one_instant_the_name_decides_and_of_equal_extremes_the_later() -> None:
    rows = [said("v", item, value, touchpoint=item, item=item) for item, value in (("b", 7.0), ("a", 1.0), ("c", 4.0))]
    found = features(conform(rows))[()]
    assert (found["start"], found["end"], found["extreme"]) == (1.0, 4.0, 7.0)


def test_a_moment_without_an_instant_comes_before_those_with_one() -> None:
    rows = [
        said("v", item, value, touchpoint=item, item=item, at_us=at)
        for item, value, at in (("a", 7.0, NOON), ("b", 1.0, None), ("c", 4.0, -5))
    ]
    found = features(conform(rows))[()]
    assert (found["start"], found["end"], found["slope"]) == (1.0, 7.0, 3.0)


def test_a_visit_of_one_moment_has_no_spread_and_one_that_is_only_remembered_no_peak() -> None:
    one = features(conform([said("v", "a", 3.0, touchpoint="a")]))[()]
    assert (one["peak"], one["end"], one["n"]) == (3.0, 3.0, 1.0)
    assert np.isnan([one["sd"], one["slope"], one["remembered"]]).all()
    only = ends(conform([said("v", "memory", 3.0, "remembered")])).groups[()]
    assert only.count().tolist() == [0.0] * 12 + [1.0]


# --- follows ----------------------------------------------------------------------------------------------------------


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


def test_results_of_different_questions_are_not_added() -> None:
    facts = conform(arrow(TABLES["a crowd"]))
    with pytest.raises(ValueError, match="cannot be added"):
        tally(facts) + tally(facts, ("site",))
    with pytest.raises(ValueError, match="cannot be added"):
        moments(facts) + moments(facts, ("site",))


def test_results_are_frozen_and_nothing_reduced_is_empty_and_not_an_error() -> None:
    nothing = conform(arrow([]))
    assert [len(tally(nothing)), len(pairs(nothing, left="expectation", right="perception"))] == [0, 0]
    assert moments(nothing) == Moments((), (), {}, {})
    assert follows(conform(arrow([], STEPS), "events")) == {}
    with pytest.raises(AttributeError):
        tally(nothing).keys = ()  # type: ignore[misc]


def test_constructs_named_by_numbers_in_a_notebook_are_those_of_the_facts() -> None:
    """Texts hold numbers as well, and not every construct that a condition names need be there."""
    asked = conform([said(f"r{i}", name, float(i + int(name))) for i in range(3) for name in "12"])
    whole = moments(asked)
    assert moments(asked.where(construct=(1, 2, 7))) == whole
    assert moments(asked.where(construct=2)) == moments(asked.where(construct="2"))
    assert moments(asked.where(construct=2)).names == (("2",),)
