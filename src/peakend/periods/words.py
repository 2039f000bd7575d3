"""Periods as people write them under an axis: "1 May 2017", "8 May", "15 May" for weeks, not 2017-W18, 2017-W19,
2017-W20.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Final

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
SHORT_MONTHS: Final = tuple(name[:3] for name in MONTHS)
_QUARTER: Final = MappingProxyType({"en": "Q{}", "zh-Hant": "第 {} 季", "zh-Hans": "第 {} 季度"})
_WEEK: Final = MappingProxyType({"en": "week from", "zh-Hant": "週（起始日）", "zh-Hans": "周（起始日）"})

DatedWords = tuple[int, str, str]
"""The year of a period, its name within that year, and its whole name."""


def under_axis(names: Sequence[str], lang: str) -> tuple[Mapping[str, str], str]:
    """What stands under an axis for each period, and what the axis is called, if its labels alone do not say it.

    The names are those that the kernels write, of one grain; the year stands at the first and where another begins.
    Names that are anything else, such as those of waves, stay as they are.
    """
    for pattern, says in _SAID.items():
        if names and all(re.fullmatch(pattern, name) for name in names):
            said = {name: says(name, lang) for name in names}
            years = [None, *(year for year, _short, _whole in said.values())]
            labels = {
                name: short if year == before else whole
                for (name, (year, short, whole)), before in zip(said.items(), years, strict=False)
            }
            return labels, _WEEK[lang] if "W" in pattern else ""
    return {name: name for name in names}, ""


def _day(name: str, lang: str) -> DatedWords:
    return _said_day(dt.date.fromisoformat(name), lang)


def _week(name: str, lang: str) -> DatedWords:
    return _said_day(dt.date.fromisocalendar(int(name[:4]), int(name[-2:]), 1), lang)


def _said_day(day: dt.date, lang: str) -> DatedWords:
    if lang == "en":
        short = f"{day.day} {SHORT_MONTHS[day.month - 1]}"
        return day.year, short, f"{short} {day.year}"
    return day.year, f"{day.month}/{day.day}", f"{day.year}/{day.month}/{day.day}"


def _month(name: str, lang: str) -> DatedWords:
    year, month = int(name[:4]), int(name[5:])
    short = SHORT_MONTHS[month - 1] if lang == "en" else f"{month} 月"
    return year, short, f"{short} {year}" if lang == "en" else f"{year} 年 {short}"


def _quarter(name: str, lang: str) -> DatedWords:
    year, short = int(name[:4]), _QUARTER[lang].format(name[-1])
    return year, short, f"{short} {year}" if lang == "en" else f"{year} 年{short}"


_SAID: Final[Mapping[str, Callable[[str, str], DatedWords]]] = MappingProxyType(
    {r"\d{4}-\d\d-\d\d": _day, r"\d{4}-W\d\d": _week, r"\d{4}-(0[1-9]|1[0-2])": _month, r"\d{4}-Q[1-4]": _quarter}
)


def day_words(day: str, lang: str) -> str:
    """A day written 2017-05-21 as people say it: "21 May 2017", 「2017年5月21日」; anything else as it is."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])-(\d\d)", day)
    if found is None:
        return day
    year, month, date = (int(part) for part in found.groups())
    return f"{date} {MONTHS[month - 1]} {year}" if lang == "en" else f"{year}年{month}月{date}日"
