"""How figures, periods and the cells of a group are written in the sentences of every method."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from peakend.figures import many, number
from peakend.periods import MONTHS, day_words
from peakend.terms import Lang, data_label, label
from peakend.thresholds import FEWEST_DAYS

LEAST_P: Final = 0.001
"""A smaller p is written as smaller than this."""


GRAINS: Final = ("day", "week", "month", "quarter", "year")
"""Group columns whose values name themselves: "2017-05" needs no "month" before it."""


def p_value(p: float, lang: Lang) -> str:
    """A p value for eyes, which is never zero: "p = 0.012", "p < 0.001"."""
    figure = f"< {LEAST_P}" if p < LEAST_P else f"= {number(p, 3)}"
    return f"p {figure}" if lang == "en" else f"p 值 {figure.removeprefix('= ')}"


def answers(n: int, lang: Lang) -> str:
    """How many answers stand behind a figure: "2,746 answers"."""
    return {"en": many(n, "answer"), "zh-Hant": f"{n:,} 筆回答", "zh-Hans": f"{n:,} 条回答"}[lang]


def interval_words(ends: tuple[float, float], conf: float, lang: Lang, digits: int = 1) -> str:
    """An interval in words: "95% confidence interval 38.0 to 41.6"."""
    low, high, level = number(ends[0], digits), number(ends[1], digits), f"{conf * 100:g}"
    return {
        "en": f"{level}% confidence interval {low} to {high}",
        "zh-Hant": f"{level}% 信賴區間 {low} 至 {high}",
        "zh-Hans": f"{level}% 置信区间 {low} 至 {high}",
    }[lang]


def interval_by_days(
    ends: tuple[float | None, float | None], days: int, conf: float, lang: Lang, digits: int = 1
) -> str:
    """An interval of what hangs together by day, in words; where there is none because days are too few, how many more
    it takes.
    """
    low, high = ends
    if low is not None and high is not None:
        return interval_words((low, high), conf, lang, digits)
    more = FEWEST_DAYS - days
    if more <= 0:
        return label("no_interval", lang)
    return {
        "en": f"no interval: {many(days, 'day')} seen, {more} more needed",
        "zh-Hant": f"尚無區間：只有 {days:,} 天的資料，還需 {more} 天",
        "zh-Hans": f"尚无区间：只有 {days:,} 天的数据，还需 {more} 天",
    }[lang]


def interval_of_days(
    ends: tuple[float | None, float | None], days: int, conf: float, lang: Lang, digits: int = 1
) -> str:
    """The same, and that days are its groups; nothing where there are days enough and no interval."""
    said = interval_by_days(ends, days, conf, lang, digits)
    if None not in ends:
        return f"{said}{'; ' if lang == 'en' else '；'}{grouped_words(days, lang)}"
    return said if days < FEWEST_DAYS else ""


def grouped_words(days: int, lang: Lang) -> str:
    """That an interval takes what happened on one day together, and how many days there are."""
    return {
        "en": f"grouped by day, {many(days, 'day')}",
        "zh-Hant": f"以天分組，共 {days:,} 天",
        "zh-Hans": f"按天分组，共 {days:,} 天",
    }[lang]


def period_words(period: str, lang: Lang) -> str:
    """A period as people say it: weeks by their Monday ("week of 1 May 2017"), days as "21 May 2017", numbered periods
    with the word for them; all others as they are.
    """
    if found := re.fullmatch(r"(\d{4})-W(\d{2})", period):
        year, week = int(found[1]), int(found[2])
        monday = dt.date.fromisocalendar(year, week, 1)
        return {
            "en": f"week of {monday.day} {MONTHS[monday.month - 1]} {monday.year}",
            "zh-Hant": f"{year} 年第 {week} 週（{monday.month}/{monday.day} 起）",
            "zh-Hans": f"{year} 年第 {week} 周（{monday.month}/{monday.day} 起）",
        }[lang]
    if period.isdecimal() and len(period) < 4:
        return {"en": f"period {period}", "zh-Hant": f"第 {period} 期", "zh-Hans": f"第 {period} 期"}[lang]
    return day_words(period, lang)


def group_value(name: str, value: str | None, lang: Lang) -> str:
    """The value of a column of a group in words; that it is not stated where there is none."""
    if value is None:
        return cell_words(name, None, lang)
    return period_words(value, lang) if name in GRAINS else data_label(value, lang)


OF_DATA: Final = frozenset(
    {"cause", "driver", "step", "touchpoint", "chart", "rival", "initiative", "concept", "provider"}
)
"""Fields of rows that hold ids of data, whatever these are called."""


def own_word(name: str, value: object, lang: Lang) -> str:
    """What a row is about in words: as the service calls it, or by its term."""
    return data_label(str(value), lang) if name in OF_DATA else label(str(value), lang)


def cell_words(name: str, value: str | None, lang: Lang) -> str:
    """One column of a group and its value in words: "site A"; or that it is not stated."""
    if value is None:
        return {
            "en": f"no {label(name, lang)}",
            "zh-Hant": f"未註明{label(name, lang)}",
            "zh-Hans": f"未注明{label(name, lang)}",
        }[lang]
    return period_words(value, lang) if name in GRAINS else f"{label(name, lang)} {data_label(value, lang)}"


def duration_words(minutes: float, lang: Lang) -> str:
    """A time for eyes, in minutes up to two hours, in hours up to two days, else in days."""
    size, unit = (1, 0) if minutes < 120 else (60, 1) if minutes < 2880 else (1440, 2)
    words = {"en": ("minutes", "hours", "days"), "zh-Hant": ("分鐘", "小時", "天"), "zh-Hans": ("分钟", "小时", "天")}[
        lang
    ]
    return f"{number(minutes / size)} {words[unit]}"
