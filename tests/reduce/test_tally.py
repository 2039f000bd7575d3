"""The kernel that counts: every value and every state, by groups and by the local day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.errors import FactsError
from peakend.facts import conform
from peakend.reduce import GRAINS, tally
from tests.reduce.rows import DAY, cells, said


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
