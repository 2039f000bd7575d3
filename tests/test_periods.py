"""Names of periods and waves are read as what they mean, and what they leave open is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.errors import MethodError
from peakend.periods import listing_order, next_period, timeline, week_of
from peakend.reduce import GRAINS


@pytest.mark.parametrize(
    "names",
    [
        ("2026-12-30", "2026-12-31", "2027-01-01"),
        ("2026-W52", "2026-W53", "2027-W01"),
        ("2026-11", "2026-12", "2027-01", "2027-02"),
        ("2026-Q3", "2026-Q4", "2027-Q1"),
        ("2026", "2027", "2028"),
    ],
)
def test_one_period_follows_another_in_its_grain(names: tuple[str, ...]) -> None:
    assert tuple(next_period(name) for name in names[:-1]) == names[1:]


@given(st.dates(dt.date(1970, 1, 1), dt.date(2100, 12, 31)), st.sampled_from(sorted(GRAINS)))
def test_the_next_period_is_the_one_that_the_kernels_name_next(date: dt.date, grain: str) -> None:
    name, later = GRAINS[grain], date
    while name(later) == name(date):
        later += dt.timedelta(days=1)
    assert next_period(name(date)) == name(later)


@given(st.dates(dt.date(1970, 1, 5), dt.date(2100, 12, 31)))
def test_a_week_is_counted_on_with_every_monday(date: dt.date) -> None:
    assert week_of(date) - week_of(date - dt.timedelta(days=1)) == int(date.isoweekday() == 1)


@pytest.mark.parametrize(
    ("listed", "grain"),
    [
        ("2026-1, 2026-2, 2026-10", "month"),
        ("2026-01, 2026-02, 2026-10", "month"),
        ("2026/9, 2026/10, 2027/1", "month"),
        ("2026.9, 2026.10", "month"),
        ("2026-1-1, 2026-2-1, 2026-10-1", "month"),
        ("2026/1/31, 2026/2/28, 2026/10/31", "month"),
        ("2026-1-5, 2026-1-12, 2026-2-9", "day"),
        ("2026-12-31T23:00:00+08:00, 2027-01-01T01:00:00+08:00", "instant"),
        ("2016-W52, 2017-W2, 2017-W18", "week"),
        ("2026年第9週, 2026年第12週", "week"),
        ("2024Q4, 2025Q1", "quarter"),
        ("Q4 2024, Q1 2025", "quarter"),
        ("2024-Q4, 2025-Q1", "quarter"),
        ("2024年第4季, 2025年第1季", "quarter"),
        ("2024年第四季度, 2025年第一季度", "quarter"),
        ("Q4 2024, 2025年第1季, 114Q2", "quarter"),
        ("第一季, 第二季", "quarter of a year"),
        ("H2 2025, 2026H1, 2026下半年", "half"),
        ("114年12月, 115年3月", "month"),
        ("民國114年12月, 民國115年3月", "month"),
        ("114/12, 115/03", "month"),
        ("99/12, 100/01", "month"),
        ("114年12月31日, 115年1月2日", "day"),
        ("2026年3月, 2026年10月", "month"),
        ("Jan 2026, Mar 2026, October 2026", "month"),
        ("3月, 五月", "month of a year"),
        ("May, Jun, Aug", "month of a year"),
        ("week 9, week 12", "count"),
        ("W1, W3", "count"),
        ("2019, 2020, 2021", "year"),
        ("113年, 114年, 115年", "year"),
        ("8, 9, 10", "count"),
        ("９, １０", "count"),
        ("-1, 0, 1.5, 10", "count"),
        ("wave 9, wave 10, Wave 11", "count"),
        ("W9, W10", "count"),
        ("第9波, 第10波", "count"),
        ("第三輪, 第12輪", "count"),
        ("FY9, FY10", "count"),
    ],
)
def test_names_are_put_in_order_by_what_they_mean(listed: str, grain: str) -> None:
    names = tuple(listed.split(", "))
    found = timeline(reversed(names))
    assert (found.names, found.grain) == (names, grain)


@pytest.mark.parametrize(
    ("listed", "refusal"),
    [
        ("before, after", "unclear"),
        ("spring, autumn", "unclear"),
        ("2026-1, 9", "unclear"),
        ("2026-01, 2026-Q2", "unclear"),
        ("2026-12, 2026-13", "unclear"),
        ("wave 1, round 2", "unclear"),
        ("1.9, 1.10", "unclear"),
        ("1.1, 1.10", "unclear"),
        ("12月, 1月", "year"),
        ("Dec, Jan", "year"),
        ("12月, 1月, 2月", "year"),
        ("Q4, Q1", "year"),
        ("下半年, 上半年", "year"),
        ("第四季, 第一季", "year"),
        ("w52, w1", "year"),
        ("第52週, 第1週", "year"),
        ("Jan, Jul", "year"),
        ("Sep, Oct, Nov, Dec, Jan, Feb, Mar, Apr, May, Jun", "year"),
        ("98/12, 99/12", "ambiguous"),
        ("98年, 99年", "ambiguous"),
        ("1/2/2026, 3/2/2026", "ambiguous"),
        ("2026-01, 2026-1", "same"),
        ("115/03, 2026年3月", "same"),
        ("9, wave 9", "same"),
        ("110101199003074512, 110101199003074513", "unclear"),
        (f"wave 1, wave {'9' * 5000}", "unclear"),
    ],
)
def test_what_names_leave_open_is_refused_with_the_names(listed: str, refusal: str) -> None:
    with pytest.raises(MethodError) as caught:
        timeline(listed.split(", "))
    assert caught.value.id == f"periods.{refusal}"
    assert any(name in caught.value.message() for name in listed.split(", "))


@pytest.mark.parametrize(
    "listed",
    [
        "Sep, Oct, Nov, Dec, Jan, Feb, Mar, Apr, May, Jun",
        "12月, 1月",
        "Q4, Q1, Q2",
        "下半年, 上半年",
        "w51, w52, w1, w2",
        "Jan, Feb, Mar, Apr, May, Jun, Jul, Aug, Sep, Oct, Nov, Dec",
    ],
)
def test_parts_of_a_year_stand_as_they_were_delivered_where_each_directly_follows_the_one_before(listed: str) -> None:
    names = tuple(listed.split(", "))
    assert timeline(names, delivered=True).names == names
    with pytest.raises(MethodError) as caught:
        timeline(names[1:] + names[:1], delivered=len(names) != 12 and len(names) != 2)
    assert caught.value.id == "periods.year"


def test_an_order_that_is_given_wins_and_lists_every_name() -> None:
    assert timeline(("after", "before"), ("before", "during", "after")).names == ("before", "after")
    assert timeline(("spring", "autumn"), ("rows",)).names == ("spring", "autumn")
    with pytest.raises(MethodError) as caught:
        timeline(("after", "before"), ("before",))
    assert (caught.value.id, caught.value.fields["names"]) == ("periods.order", "after")


@pytest.mark.parametrize(
    ("listed", "missing"),
    [
        ("2026-01, 2026-03, 2026-04", ("2026-02",)),
        ("2026-01, 2026-04, 2026-07, 2027-01", ("2026-10",)),  # every third month, and one of these is not there
        ("2024-Q3, 2025-Q2", ()),
        ("2017, 2018, 2020", ("2019",)),
        ("2026-01-05, 2026-01-06, 2026-01-08", ("2026-01-07",)),
        ("2026-01-05, 2026-02-17, 2026-06-30", ()),  # days here and there
        ("2026-W52, 2027-W01, 2027-W02", ("2026-W53",)),
        ("8, 9, 11", ("10",)),
    ],
)
def test_periods_that_are_passed_over_are_named(listed: str, missing: tuple[str, ...]) -> None:
    assert timeline(listed.split(", ")).missing == missing


SPELLINGS: list[Callable[[dt.date], str]] = [
    lambda d: f"{d.year}-{d.month}",
    lambda d: f"{d.year}/{d.month:02d}",
    lambda d: f"{d.year}年{d.month}月",
    lambda d: f"民國{d.year - 1911}年{d.month}月",
    lambda d: f"{d.year - 1911}/{d.month:02d}",
    lambda d: f"{d:%b %Y}",
    lambda d: f"{d.year}-{d.month}-1",
    lambda d: f"{d.year}{d.month:02d}",
]


@given(
    st.lists(st.dates(dt.date(2012, 1, 1), dt.date(2099, 12, 31)), min_size=2, unique_by=lambda d: (d.year, d.month)),
    st.sampled_from(SPELLINGS),
)
def test_months_stand_in_one_order_however_they_are_spelled(
    dates: list[dt.date], spelled: Callable[[dt.date], str]
) -> None:
    found = timeline(spelled(date) for date in dates)
    assert found.names == tuple(spelled(date) for date in sorted(dates, key=lambda d: (d.year, d.month)))


def test_rows_of_a_table_that_claims_no_time_stand_by_meaning_where_there_is_one_and_else_as_words() -> None:
    assert listing_order(("10", "9", "8")) == ("8", "9", "10")
    assert listing_order(("Q1 2025", "Q4 2024")) == ("Q4 2024", "Q1 2025")
    assert listing_order(("Dec", "Jan")) == ("Jan", "Dec")
    assert listing_order(("shop", "app")) == ("app", "shop")
