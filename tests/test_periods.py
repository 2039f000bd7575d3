"""Periods follow one another over the ends of months and years."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.periods import following, periods
from peakend.reduce import GRAINS


@pytest.mark.parametrize(
    ("first", "last", "between"),
    [
        ("2026-12-30", "2027-01-01", ("2026-12-30", "2026-12-31", "2027-01-01")),
        ("2026-W52", "2027-W01", ("2026-W52", "2026-W53", "2027-W01")),
        ("2026-11", "2027-02", ("2026-11", "2026-12", "2027-01", "2027-02")),
        ("2026-Q3", "2027-Q1", ("2026-Q3", "2026-Q4", "2027-Q1")),
        ("2026", "2028", ("2026", "2027", "2028")),
        ("2026-11", "2026-11", ("2026-11",)),
    ],
)
def test_periods_run_from_the_first_to_the_last(first: str, last: str, between: tuple[str, ...]) -> None:
    assert periods(first, last) == between


@given(st.dates(dt.date(1970, 1, 1), dt.date(2100, 12, 31)), st.sampled_from(sorted(GRAINS)))
def test_the_next_period_is_the_one_that_the_kernels_name_next(date: dt.date, grain: str) -> None:
    name, later = GRAINS[grain], date
    while name(later) == name(date):
        later += dt.timedelta(days=1)
    assert following(name(date)) == name(later)
