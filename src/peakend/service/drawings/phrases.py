"""How views of a document count, list and quote in three languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from peakend.terms import Lang

_UP_TO_TWELVE: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip


def counted(count: int, lang: Lang, one: str, many: str = "") -> str:
    """A number as a sentence says it: in English in words up to twelve, with the noun of one or of several; in Chinese
    in figures. The Chinese noun, with its measure word, is `one`.
    """
    if lang != "en":
        return f"{count:,} {one}"
    figure = _UP_TO_TWELVE[count] if count < len(_UP_TO_TWELVE) else f"{count:,}"
    return f"{figure} {one if count == 1 else many or one + 's'}"


def of_them(count: int, whole: int) -> str:
    """How many of what was just counted, in English: "none of them", "two of them", "all of them"; "it" of one."""
    if whole == 1 and count:
        return "it"
    if count in {0, whole}:
        return "all of them" if count else "none of them"
    return counted(count, "en", "of them", "of them")


def said(parts: Sequence[str], lang: Lang) -> str:
    """Parts as one sentence, the first with a capital letter."""
    if lang != "en":
        return "；".join(parts) + "。"
    whole = "; ".join(parts)
    return f"{whole[:1].upper()}{whole[1:]}."


def listed(names: Sequence[str], lang: Lang) -> str:
    """Names after one another: "a, b and c"."""
    if lang != "en" or len(names) < 2:
        return "、".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def joined(names: Sequence[str], lang: Lang) -> str:
    """Names in a cell: "a, b, c"."""
    return (", " if lang == "en" else "、").join(names)


def titled(service: str, view: str) -> str:
    """The title of a view: of which service it is, and what it shows."""
    return f"{service} · {view[:1].upper()}{view[1:]}"


def quoted(words: str, lang: Lang) -> str:
    """Somebody's words between the quotation marks of a language."""
    return f"「{words}」" if lang == "zh-Hant" else f"“{words}”"


def percent(share: float) -> str:
    """A share as a percentage: whole, but with a place where it is nearly all or nothing."""
    near = 0 < share < 0.02 or 0.98 < share < 1
    return f"{100 * share:.1f}".removesuffix(".0") + "%" if near else f"{100 * share:.0f}%"


_DURATIONS: Final[Mapping[Lang, tuple[str, str, str, str]]] = {
    "en": ("{:.3g} seconds", "{:.3g} minutes", "{:.3g} hours", "{:.3g} days"),
    "zh-Hant": ("{:.3g} 秒", "{:.3g} 分鐘", "{:.3g} 小時", "{:.3g} 天"),
    "zh-Hans": ("{:.3g} 秒", "{:.3g} 分钟", "{:.3g} 小时", "{:.3g} 天"),
}


def duration(minutes: float, lang: Lang) -> str:
    """How long something takes, in the unit in which people say it: below one minute in seconds, from three hours in
    hours, from three days in days.
    """
    in_seconds, in_minutes, in_hours, in_days = _DURATIONS[lang]
    if 0 < minutes < 1:
        return in_seconds.format(round(minutes * 60))
    if minutes < 3 * 60:
        words = in_minutes.format(minutes)
        return words.removesuffix("s") if minutes == 1 and lang == "en" else words
    return in_hours.format(minutes / 60) if minutes < 3 * 24 * 60 else in_days.format(minutes / 60 / 24)


_TIMES: Final[Mapping[Lang, tuple[str, str, str]]] = {
    "en": ("{:.3g} min", "{:.3g} h", "{:.3g} days"),
    "zh-Hant": ("{:.3g} 分鐘", "{:.3g} 小時", "{:.3g} 天"),
    "zh-Hans": ("{:.3g} 分钟", "{:.3g} 小时", "{:.3g} 天"),
}
_ABOUT: Final[Mapping[Lang, str]] = {"en": "about ", "zh-Hant": "約 ", "zh-Hans": "约 "}


def plain_time(minutes: float, lang: Lang) -> str:
    """How long something takes, in the unit in which people say it: from three hours in hours, from three days in
    days.
    """
    in_minutes, in_hours, in_days = _TIMES[lang]
    if minutes < 3 * 60:
        return in_minutes.format(minutes)
    return in_hours.format(minutes / 60) if minutes < 3 * 24 * 60 else in_days.format(minutes / 60 / 24)


def about(minutes: float, lang: Lang) -> str:
    """About how long something takes."""
    return _ABOUT[lang] + plain_time(minutes, lang)
