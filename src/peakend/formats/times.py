"""Days and times of day as they stand in files, to UTC. Nothing is guessed: the mapping names the form, and what does
not fit is listed.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from peakend.formats.cells import CodedColumn, Whole, key
from peakend.formats.plan import At, Cell
from peakend.instants import DAY, EPOCH, MINUTE, SECOND, local_day

NOON: Final = DAY // 2
NEVER: Final = np.iinfo(np.int64).min
"""Stands for "no instant" in arrays of whole numbers."""


@dataclass(frozen=True)
class Local:
    """A day, the microsecond of the day where a time was given, and the offset from UTC where that was given too."""

    day: int
    time: int | None = None
    offset: int | None = None


@dataclass(frozen=True)
class Instants:
    """For each row: UTC microseconds (`NEVER` where there is none) and the local day; and the cells that could not be
    read.
    """

    at: Whole
    day: Whole
    unreadable: tuple[int, ...]


def instants(column: CodedColumn, at: At, zone: ZoneInfo) -> Instants:
    """When each row was answered; a day without a time stands at its local noon."""
    read = _FORMS[at.form](at)
    found = [_try(read, text) for text in column.keys]
    bad = tuple(i for i, (local, text) in enumerate(zip(found, column.keys, strict=True)) if local is None and text)
    us = [NEVER if local is None else _utc(local, zone) for local in found]
    days = [NEVER if local is None else _local_day(local, zone) for local in found]
    return Instants(np.array(us, dtype=np.int64)[column.at], np.array(days, dtype=np.int64)[column.at], bad)


def _try(read: Callable[[str], Local | None], text: str) -> Local | None:
    try:
        return read(text)
    except (ValueError, OverflowError):
        return None


def _local_day(local: Local, zone: ZoneInfo) -> int:
    """The day that an instant is in the file's zone: one written with an offset of its own may be another day there."""
    if local.offset is None:
        return local.day
    return local_day(_utc(local, zone), zone)


def _utc(local: Local, zone: ZoneInfo) -> int:
    """UTC microseconds of a local moment; a time that occurs twice is its first occurrence."""
    us = local.day * DAY + (NOON if local.time is None else local.time)
    return us - (offset_at(us, zone) if local.offset is None else local.offset)


def offset_at(local_us: int, zone: ZoneInfo) -> int:
    """How far local time runs ahead of UTC at a local moment, in microseconds."""
    moment = dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=local_us)  # noqa: DTZ001 — a local moment has no zone yet
    offset = moment.replace(tzinfo=zone).utcoffset() or dt.timedelta()
    return offset // dt.timedelta(microseconds=1)


# --- forms of a day ---------------------------------------------------------------------------------------------------


def _day(year: int, month: int, day: int) -> int:
    return dt.date(year, month, day).toordinal() - EPOCH


def _iso(_: At) -> Callable[[str], Local | None]:
    return iso


_ISO: Final = re.compile(r"(\d{4})\s*(?:-|/|年)\s*(\d{1,2})\s*(?:-|/|月)\s*(\d{1,2})日?(?!\d)")


def iso(text: str) -> Local | None:
    """The year first: 2017-05-13, 2017/5/13, 2017年5月13日; alone, or with a time as `_with_time` reads it."""
    found = _ISO.match(text)
    return found and _with_time(_day(int(found[1]), int(found[2]), int(found[3])), text[found.end() :])


def _with_time(day: int, rest: str) -> Local | None:
    """A day and what follows it: nothing, or 9:05, T09:30:00Z, 09:30+08:00, 下午 3:04:05, 3:04:05 下午 [GMT+8], 3:04
    PM, 14時5分.
    """
    if not rest.strip():
        return Local(day)
    found = _OFFSET.search(rest)
    clock = rest[: found.start()] if found else rest
    time = time_of_day(clock.strip().removeprefix("T").strip())
    return None if time is None else Local(day, time, _offset(found) if found else None)


_OFFSET: Final = re.compile(r"\s*[\[(]?(?:(Z)|(?:GMT|UTC)?\s*([+-])(\d{1,2})(?::?(\d\d))?)[\])]?\s*$")


def _offset(found: re.Match[str]) -> int:
    """The offset from UTC that stands behind a time, in microseconds."""
    if found[1]:
        return 0
    minutes = int(found[3]) * 60 + int(found[4] or 0)
    if minutes > 18 * 60:
        raise ValueError(found[0])
    return (minutes if found[2] == "+" else -minutes) * MINUTE


def _moment(moment: dt.datetime) -> Local:
    offset = moment.utcoffset()
    time = dt.timedelta(
        hours=moment.hour, minutes=moment.minute, seconds=moment.second, microseconds=moment.microsecond
    )
    microsecond = dt.timedelta(microseconds=1)
    return Local(moment.toordinal() - EPOCH, time // microsecond, None if offset is None else offset // microsecond)


def _day_of_month(at: At) -> Callable[[str], Local | None]:
    year, month = (int(part) for part in (at.month or "0000-00").split("-"))
    return lambda text: Local(_day(year, month, int(text))) if re.fullmatch(r"\d\d?", text) else None


_ROC: Final = re.compile(
    r"(?:民國|民国)?\s*(?:(\d{2,3})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?|(\d{2,3})(\d\d)(\d\d))(?!\d)"
)


def _roc(_: At) -> Callable[[str], Local | None]:
    return roc


def roc(text: str) -> Local | None:
    """113/01/05, 113年1月5日, 民國113年1月5日, 1130105, 0991231, 991231; alone, or with a time: the year of the
    Republic of China, 1912 its first.
    """
    found = _ROC.match(text)
    if not found:
        return None
    year, month, day = (int(part) for part in found.groups() if part is not None)
    return _with_time(_day(year + 1911, month, day), text[found.end() :])


def _pattern(at: At) -> Callable[[str], Local | None]:
    pattern = at.pattern or ""
    timed = any(mark in pattern for mark in ("%H", "%I", "%X", "%c"))

    def read(text: str) -> Local:
        local = _moment(dt.datetime.strptime(text, pattern))  # noqa: DTZ007 — the zone is the mapping's
        return local if timed else Local(local.day)

    return read


_FORMS: Final[dict[str, Callable[[At], Callable[[str], Local | None]]]] = {
    "iso": _iso,
    "day_of_month": _day_of_month,
    "roc": _roc,
    "pattern": _pattern,
}

# --- times of day -----------------------------------------------------------------------------------------------------

_TIME: Final = re.compile(
    # Excel's day zero: what a time without a day becomes when it is written with one
    r"(?:(?:0?1/0?[01]/1900|12/3[01]/1899|1899-12-3[01]|1900-01-0[01])[ T])?"
    r"(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?|[時时点點](?:(\d{1,2})分(?:(\d{1,2})秒)?)?)\s*([AaPp]\.?[Mm]\.?|上午|下午)?"
)


def time_of_day(text: str) -> int | None:
    """Microseconds since midnight of 6:00, 06:00:00.25, 8:30 AM, 下午3:30, 14時5分, 24:00, 12/31/1899 09:30:00 AM."""
    moved = re.sub(r"^(上午|下午|[AaPp]\.?[Mm]\.?)\s*(.+)$", r"\2 \1", text)
    found = _TIME.fullmatch(moved)
    if not found:
        return None
    hour, minute, second = int(found[1]), int(found[2] or found[5] or 0), int(found[3] or found[6] or 0)
    half = (found[7] or "")[:1].lower()
    if half in {"a", "p", "上", "下"}:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in {"p", "下"} else 0)
    if minute > 59 or second > 59 or hour * 60 + minute > 24 * 60:
        return None
    return (hour * 3600 + minute * 60 + second) * SECOND + int((found[4] or "0").ljust(6, "0")[:6])


def times(column: CodedColumn, none: Sequence[Cell]) -> tuple[Whole, tuple[int, ...]]:
    """The microsecond of the day of each row, `NEVER` where there is none, and the cells that could not be read."""
    nothing = {key(cell) for cell in none} | {""}
    found = [None if text in nothing else time_of_day(text) for text in column.keys]
    bad = tuple(
        i for i, (time, text) in enumerate(zip(found, column.keys, strict=True)) if time is None and text not in nothing
    )
    return np.array([NEVER if time is None else time for time in found], dtype=np.int64)[column.at], bad


def to_utc(local_us: Whole, zone: ZoneInfo) -> Whole:
    """Local microseconds to UTC, looked up once an hour that occurs; `NEVER` stays."""
    hours = np.floor_divide(local_us, 3600 * SECOND)
    different, where = np.unique(hours, return_inverse=True)
    offsets = np.array(
        [0 if hour < -(10**9) else offset_at(int(hour) * 3600 * SECOND, zone) for hour in different], dtype=np.int64
    )
    return np.where(local_us == NEVER, NEVER, local_us - offsets[where])
