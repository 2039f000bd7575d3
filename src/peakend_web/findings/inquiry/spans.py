"""The days that answers are of, and which two spans of them are set against each other: of the same length, the later
against the earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from peakend.change import Change
from peakend.errors import MethodError
from peakend.methods.nps import change
from peakend_web.base.localtime import span_words
from peakend_web.store import least_sizes, months
from peakend_web.store.door import Filters

from .request import Inquiry

LENGTHS: Final = (365, 91, 28, 7)
"""Days that a span may have where the page names none: the longest that fits twice into what there is."""
MONTHS: Final = (12, 3, 1)
"""The same in months, in which released answers come."""


def days_of(inquiry: Inquiry) -> Sequence[date]:
    """The days on which the recommendation question was answered."""
    try:
        return inquiry.days()
    except MethodError:
        return []


def span_of(inquiry: Inquiry, days: Sequence[date]) -> str:
    """From when to when the question was answered; of released answers, to the end of the last month."""
    if not days:
        return ""
    last = days[-1] if inquiry.sees_each else months.first_of(months.month_of(days[-1]) + 1) - timedelta(days=1)
    return span_words(days[0], last, inquiry.lang)


@dataclass(frozen=True)
class Spans:
    """The same number of days, or of months, twice, one after the other."""

    before: Filters
    after: Filters
    length: int
    unit: Literal["days", "months"] = "days"


def _days(inquiry: Inquiry, days: Sequence[date]) -> Spans | None:
    chosen = inquiry.selection
    since, until = chosen.filters.since, chosen.filters.until
    if not days:
        return None
    if since and until:
        length, last = (until - since).days + 1, until
    else:
        last = days[-1]
        length = next((length for length in LENGTHS if length * 2 <= (last - days[0]).days + 1), 0)
    one, day = timedelta(days=length), timedelta(days=1)
    return (
        Spans(chosen.within(last - one - one + day, last - one), chosen.within(last - one + day, last), length)
        if length > 0
        else None
    )


def _whole_months(inquiry: Inquiry, days: Sequence[date]) -> Spans | None:
    """Of released answers, whole months: the last that are over."""
    since, until = inquiry.selection.filters.since, inquiry.selection.filters.until
    counted = [months.month_of(day) for day in days]
    over = [month for month in counted if month < months.this_month()]
    if since and until:
        length, last = months.month_of(until) - months.month_of(since) + 1, months.month_of(until)
    elif over:
        last = over[-1]
        length = next((length for length in MONTHS if length * 2 <= last - counted[0] + 1), 0)
    else:
        return None
    start, middle, end = (months.first_of(month) for month in (last + 1 - 2 * length, last + 1 - length, last + 1))
    day = timedelta(days=1)
    return (
        Spans(
            inquiry.selection.within(start, middle - day), inquiry.selection.within(middle, end - day), length, "months"
        )
        if length > 0
        else None
    )


@dataclass(frozen=True)
class SpanChange:
    """A change, and between which spans."""

    change: Change
    spans: Spans

    @property
    def direction(self) -> Literal["up", "down", "level"]:
        """Which way it went; level where it is not more than noise."""
        if not self.change.clear:
            return "level"
        return "up" if (self.change.value or 0) > 0 else "down"


def change_of(inquiry: Inquiry, days: Sequence[date]) -> SpanChange | None:
    """The change of the recommendation between two spans; None where there are no two, or not enough answers in one of
    them.
    """
    spans = _days(inquiry, days) if inquiry.sees_each else _whole_months(inquiry, days)
    if spans is None:
        return None
    try:
        before, after = (inquiry.results("nps", filters=filters)[0] for filters in (spans.before, spans.after))
    except (MethodError, IndexError):
        return None
    if not (least_sizes.is_firm(before) and least_sizes.is_firm(after)):
        return None
    found = change(before, after)
    return None if found.value is None else SpanChange(found, spans)
