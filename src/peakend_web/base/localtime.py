"""Times as people read them: in their workspace's zone, with the day in words where it is near and with its date where
it is not.

Whatever opens a page of a workspace sets that workspace's zone for the request (`enter`), so that no page has to think
of it; a middleware leaves it again, for threads serve one workspace after another.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone

from peakend.periods import SHORT_MONTHS
from peakend.terms import Lang
from peakend_web.models import Workspace

NEAR: Final[dict[int, dict[Lang, str]]] = {
    -1: {"en": "yesterday", "zh-Hant": "昨天", "zh-Hans": "昨天"},
    0: {"en": "today", "zh-Hant": "今天", "zh-Hans": "今天"},
    1: {"en": "tomorrow", "zh-Hant": "明天", "zh-Hans": "明天"},
}
WEEKDAYS: Final[dict[Lang, str]] = {
    "en": "Mon Tue Wed Thu Fri Sat Sun",
    "zh-Hant": "一 二 三 四 五 六 日",
    "zh-Hans": "一 二 三 四 五 六 日",
}


def zone_of(workspace: Workspace) -> ZoneInfo:
    """Whose midnight begins a day in this workspace."""
    return ZoneInfo(workspace.timezone)


def enter(workspace: Workspace) -> None:
    """Show times in this workspace's zone until the request ends."""
    timezone.activate(zone_of(workspace))


def moment_words(at: datetime, lang: Lang, now: datetime | None = None) -> str:
    """A moment for eyes: "today 16:40", "Tue 24 Nov, 16:40", "24 Nov 2025, 16:40"; 今天 16:40,
    11月24日（週二）16:40.
    """
    there = timezone.localtime(at)
    today = timezone.localtime(now or timezone.now()).date()
    clock = f"{there:%H:%M}"
    near = NEAR.get((there.date() - today).days)
    if near:
        return f"{near[lang]} {clock}"
    joint = ", " if lang == "en" else "" if there.year == today.year else " "
    return f"{day_words(there.date(), lang, today, weekday=True)}{joint}{clock}"


def day_words(day: date, lang: Lang, today: date | None = None, *, weekday: bool = False) -> str:
    """A day for eyes: "24 Nov 2025", 2025年11月24日; without its year where that is `today`'s, then with its weekday
    where asked.
    """
    this_year = today is not None and day.year == today.year
    name = WEEKDAYS[lang].split()[day.weekday()]
    if lang == "en":
        said = f"{day.day} {SHORT_MONTHS[day.month - 1]}"
        return f"{name} {said}" if this_year and weekday else said if this_year else f"{said} {day.year}"
    said = f"{day.month}月{day.day}日"
    week = "（週{}）" if lang == "zh-Hant" else "（周{}）"
    return said + (week.format(name) if weekday else "") if this_year else f"{day.year}年{said}"


def span_words(first: date | None, last: date | None, lang: Lang) -> str:
    """From when to when: "2 Nov 2026 – 15 Nov 2026"; an end that is open is an ellipsis."""
    return " – ".join(day_words(day, lang) if day else "…" for day in (first, last))
