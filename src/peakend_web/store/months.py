"""Months counted on from the year 0, so that they can be subtracted: released answers come in months, and pages compare
whole ones.
"""

from __future__ import annotations

from datetime import UTC, date, datetime


def month_of(day: date) -> int:
    """The month of a day."""
    return day.year * 12 + day.month


def first_of(month: int) -> date:
    """Its first day."""
    return date((month - 1) // 12, (month - 1) % 12 + 1, 1)


def this_month() -> int:
    """The month that is not over yet."""
    return month_of(datetime.now(tz=UTC).date())
