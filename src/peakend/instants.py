"""Instants, and the local day that each of them has: read and told in one place.

An instant is counted in microseconds since 1970 UTC, a day in days since 1970-01-01. Which day an instant has depends
on where it was: 16:05 UTC on 31 March is 1 April in Taipei.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo

EPOCH: Final = dt.date(1970, 1, 1).toordinal()
"""Day zero, as Python counts days."""
SECOND: Final = 1_000_000
MINUTE: Final = 60 * SECOND
DAY: Final = 24 * 60 * MINUTE
"""A second, a minute and a day in microseconds, the unit of all instants."""
NOON: Final = dt.time(12)


def _day(year: int) -> int:
    return dt.date(year, 1, 1).toordinal() - EPOCH


FIRST_DAY, LAST_DAY = _day(1900), _day(2201) - 1
"""The days that are taken: what lies beyond is a mistake of unit, and no calendar program can show it."""
FIRST_US, LAST_US = (FIRST_DAY - 1) * DAY, (LAST_DAY + 2) * DAY
"""The instants that are taken: those of these days in any zone."""
_ISO: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)([T ]\d\d:\d\d.*)?")


def date_of(day: int) -> dt.date:
    """The date of a day."""
    return dt.date.fromordinal(day + EPOCH)


def day_of(date: dt.date) -> int:
    """The number of a date's day."""
    return date.toordinal() - EPOCH


def local_day(at_us: int, zone: ZoneInfo) -> int:
    """The day of an instant where it was."""
    return dt.datetime.fromtimestamp(at_us // SECOND, zone).toordinal() - EPOCH


def read_instant(text: str, zone: ZoneInfo) -> int | None:
    """An ISO moment as microseconds: 2026-03-31T16:05:00Z, 2026-04-01 00:05+08:00; without an offset it is the zone's,
    and a day alone is its noon.

    None where it is none.
    """
    if not _ISO.fullmatch(text):
        return None
    try:
        moment = (
            dt.datetime.combine(dt.date.fromisoformat(text), NOON)
            if len(text) == 10
            else dt.datetime.fromisoformat(text)
        )
    except ValueError:
        return None
    whole = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return (whole - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)


def unit_of(number: int) -> str:
    """The unit in which a number that is too large for microseconds would be one of our days: "ns", or "" where it
    would be none.
    """
    return "ns" if LAST_US < number <= LAST_US * 1000 else ""
