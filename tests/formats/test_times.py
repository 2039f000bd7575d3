"""Days and times as files have them: read as the form says, never guessed."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.formats.times import EPOCH, iso, offset_at, roc, time_of_day, to_utc


def day(text: str) -> int:
    return dt.date.fromisoformat(text).toordinal() - EPOCH


@pytest.mark.parametrize(
    "text", ["113/01/05", "113年1月5日", "民國113年1月5日", "民国 113 年 1 月 5 日", "1130105", "113-1-5", "113.01.05"]
)
def test_a_year_of_the_republic_is_never_the_year_113(text: str) -> None:
    found = roc(text)
    assert found is not None
    assert found.day == day("2024-01-05")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2017-05-13", (day("2017-05-13"), None, None)),
        ("2017/5/3", (day("2017-05-03"), None, None)),
        ("2017-05-13 09:30", (day("2017-05-13"), 9.5, None)),
        ("2017-05-13T09:30:00Z", (day("2017-05-13"), 9.5, 0)),
        ("2017-05-13 09:30:00+08:00", (day("2017-05-13"), 9.5, 8)),
    ],
)
def test_iso_days_and_moments_are_read(text: str, expected: tuple[int, float | None, float | None]) -> None:
    found = iso(text)
    assert found is not None
    hours = [None if part is None else part / 3_600e6 for part in (found.time, found.offset)]
    assert (found.day, *hours) == expected


@pytest.mark.parametrize("text", ["1/2/2025", "13.05.2017", "20170513", "tomorrow", ""])
def test_a_day_whose_order_is_not_certain_is_not_iso(text: str) -> None:
    assert iso(text) is None


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("6:00:00", 360), ("8:30 AM", 510), ("12:00 AM", 0), ("12:30 PM", 750), ("10:0 PM", 1320),
        ("12/31/1899 09:30:00 AM", 570),
        ("1899-12-30 17:05:00", 1025), ("24:00", 1440), ("下午3:30", 930), ("3:30 下午", 930), ("上午 12:05", 5),
    ],
)  # fmt: skip
def test_times_of_day_are_read_without_excels_day_zero(text: str, minutes: int) -> None:
    assert time_of_day(text) == minutes * 60_000_000


@pytest.mark.parametrize(
    "text", ["N", "25:00", "24:01", "13:00 PM", "0:30 AM", "7:60", "12/31/2016 09:30:00 AM", "930", ""]
)
def test_what_is_no_time_of_day_is_none(text: str) -> None:
    assert time_of_day(text) is None


def test_local_time_becomes_utc_by_the_rules_of_its_day() -> None:
    san_francisco = ZoneInfo("America/Los_Angeles")
    winter, summer = (day(text) * 86_400_000_000 + 12 * 3_600_000_000 for text in ("2017-01-15", "2017-05-13"))
    assert [offset_at(us, san_francisco) / 3_600e6 for us in (winter, summer)] == [-8, -7]


@given(
    st.integers(-20 * 365 * 24, 130 * 365 * 24),
    st.sampled_from(["Asia/Taipei", "Asia/Shanghai", "America/Los_Angeles", "Europe/London"]),
)
def test_a_column_of_local_moments_is_converted_as_python_converts_each(hours: int, zone: str) -> None:
    moment = dt.datetime(1970, 1, 1, tzinfo=ZoneInfo(zone)) + dt.timedelta(hours=hours, minutes=17)
    local = np.array([(hours * 60 + 17) * 60_000_000])
    assert int(to_utc(local, ZoneInfo(zone))[0]) == round(moment.timestamp()) * 1_000_000
