"""Which pictures a finding has, each drawn when it is asked for: a page shows all of them, a file holds one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from peakend.draw import Chart
from peakend.periods import week_of
from peakend.result import Method, Results
from peakend_web.findings.inquiry.method_questions import question_of
from peakend_web.findings.inquiry.page_options import results_of
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.inquiry.spans import days_of
from peakend_web.store import columns
from peakend_web.store.months import month_of

GRAINS: Final = ((21, "day"), (120, "week"), (1100, "month"))
"""Up to so many days from first to last, a trend is drawn by this grain; beyond, by quarter."""
HALF: Final = 0.5
PERIOD: Final[Mapping[str, Callable[[date], int]]] = {
    "day": date.toordinal,
    "week": week_of,
    "month": month_of,
}
"""Which period of a grain a day lies in, counted on."""


def charts_of(inquiry: Inquiry, results: Results[Any]) -> dict[str, Callable[[], Chart]]:
    """What draws each picture, by its name: all rows (""), the trend ("time"), one row alone ("one"), and what else the
    method draws.
    """
    asked, method, lang = question_of(results.method.id), results.method, inquiry.lang
    charts: dict[str, Callable[[], Chart]] = {"": partial(results.chart, lang)}
    if asked.over_time and (grain := grain_of(inquiry)):
        charts["time"] = lambda: results_of(inquiry, method, (grain,)).chart(lang)
    if asked.one_by_one and len(results) > 1:
        charts["one"] = lambda: method.draw((row_alone(inquiry, results),), lang)
    return charts | {name: partial(results.chart, lang, name) for name in method.pictures}


def row_alone(inquiry: Inquiry, results: Results[Any]) -> Any:
    """The row that is drawn alone: the one asked for, else the first."""
    wanted = inquiry.selection.wishes.get("of")
    return next((row for row in results if subject(row, results.method) == wanted), results[0])


def subject(row: Any, method: Method[Any]) -> str | None:
    """What a row is about."""
    return getattr(row, method.key[0]) if method.key else None


def grain_of(inquiry: Inquiry) -> str:
    """The finest grain by which a trend has not too many periods, and answers in at least half of them; empty where
    there are not two days.
    """
    days = days_of(inquiry)
    if len(days) < 2:
        return ""
    span = (days[-1] - days[0]).days + 1
    grains = GRAINS if inquiry.sees_each else [(most, grain) for most, grain in GRAINS if grain in columns.COARSE]
    return next(
        (grain for most, grain in grains if span <= most and _share_with_answers(days, PERIOD[grain]) >= HALF),
        "quarter",
    )


def _share_with_answers(days: Sequence[date], period: Callable[[date], int]) -> float:
    """The share of the periods from the first day to the last that hold one of the days."""
    return len({period(day) for day in days}) / (period(days[-1]) - period(days[0]) + 1)
