"""What a journey is, in one sentence with its numbers: how many touchpoints, which decide, its peak and its end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from peakend.service.journeys import Journey
from peakend.terms import Lang


def summary(journey: Journey, lang: Lang) -> str:
    """The sentence that a page of this journey begins with; what is not there yet is said to be missing."""
    joint, full_stop = {"en": ("; ", "."), "zh-Hant": ("；", "。"), "zh-Hans": ("；", "。")}[lang]
    return joint.join((_size(journey, lang), _decisive(journey, lang), _peak_and_end(journey, lang))) + full_stop


def _size(journey: Journey, lang: Lang) -> str:
    points, stages = len(journey.touchpoints), len(journey.stages)
    match lang:
        case "en":
            return f"{_many(points, 'touchpoint')} in {_many(stages, 'stage')}"
        case "zh-Hant":
            return f"{stages} 個階段，共 {points} 個接觸點"
        case "zh-Hans":
            return f"{stages} 个阶段，共 {points} 个触点"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _decisive(journey: Journey, lang: Lang) -> str:
    count = sum(point.moment_of_truth is not None for point in journey.touchpoints)
    match lang:
        case "en":
            return f"{_many(count, 'moment')} of truth" if count else "no moment of truth yet"
        case "zh-Hant":
            return f"{count} 個關鍵時刻" if count else "還沒有關鍵時刻"
        case "zh-Hans":
            return f"{count} 个关键时刻" if count else "还没有关键时刻"


_PEAK_AND_END: Final[Mapping[Lang, tuple[str, str, str, str]]] = {
    "en": (
        "planned to peak at “{peak}” and to end with “{end}”",
        "planned to peak at “{peak}”, with no planned end yet",
        "planned to end with “{end}”, with no planned peak yet",
        "no planned peak and no planned end yet",
    ),
    "zh-Hant": (
        "目標高峰在「{peak}」，目標結尾在「{end}」",
        "目標高峰在「{peak}」，還沒有目標結尾",
        "目標結尾在「{end}」，還沒有目標高峰",
        "還沒有目標高峰和結尾",
    ),
    "zh-Hans": (
        "目标峰值在“{peak}”，目标结尾在“{end}”",
        "目标峰值在“{peak}”，还没有目标结尾",
        "目标结尾在“{end}”，还没有目标峰值",
        "还没有目标峰值和结尾",
    ),
}
"""What is said where both are there, the peak alone, the end alone, and neither."""


def _peak_and_end(journey: Journey, lang: Lang) -> str:
    peak, end = _marked(journey, "peak", lang), _marked(journey, "end", lang)
    at = 2 * (not peak) + (not end)
    return _PEAK_AND_END[lang][at].format(peak=peak, end=end)


def _marked(journey: Journey, mark: str, lang: Lang) -> str:
    return next((point.title[lang] for point in journey.touchpoints if point.designed_as == mark), "")
