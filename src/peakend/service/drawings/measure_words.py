"""What a standard or a promise is measured by, in words with units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from peakend.service.drawings.phrases import duration, percent, quoted
from peakend.service.measures import Measure
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label, vocabulary

_LIMITS: Final[Mapping[Lang, Mapping[str, str]]] = {
    "en": {
        "minutes_at_most": "at most {}",
        "minutes_at_least": "at least {}",
        "people_at_most": "at most {} ahead",
        "open_days_at_most": "done within {}",
        "score_at_least": "a score of at least {}",
        "share_at_least": "in at least {} of visits",
    },
    "zh-Hant": {
        "minutes_at_most": "至多 {}",
        "minutes_at_least": "至少 {}",
        "people_at_most": "前面至多 {} 人",
        "open_days_at_most": "{}內完成",
        "score_at_least": "至少 {} 分",
        "share_at_least": "至少 {} 的體驗做到",
    },
    "zh-Hans": {
        "minutes_at_most": "至多 {}",
        "minutes_at_least": "至少 {}",
        "people_at_most": "前面至多 {} 人",
        "open_days_at_most": "{}内完成",
        "score_at_least": "至少 {} 分",
        "share_at_least": "至少 {} 的体验做到",
    },
}


def measure_words(service: ServiceDocument, measure: Measure, lang: Lang) -> str:
    """What is measured and which limits it has: "waiting: at most 15 minutes, in at least 80% of visits"."""
    subject, limits = _subject(service, measure, lang), list(_limits(measure, lang))
    if lang == "en":
        return f"{subject}: {', '.join(limits)}" if subject else ", ".join(limits)
    return f"{subject}：{'，'.join(limits)}" if subject else "，".join(limits)


def why_uncounted(measure: Measure) -> str:
    """The term of why there is no figure of a measure: that facts cannot tell it, else that nothing enough is recorded
    yet.
    """
    if measure.people_at_most is not None:
        return "kept.people"
    if measure.event or measure.measures or measure.item:
        return "kept.nothing"
    return "kept.subject"


def _subject(service: ServiceDocument, measure: Measure, lang: Lang) -> str:
    """What is measured by its name; nothing where neither the document nor the vocabulary has one."""
    if measure.event and f"event.{measure.event}" in vocabulary():
        return label(f"event.{measure.event}", lang)
    named = measure.event or measure.measures or measure.item
    title = service.title_of(named, lang)
    if title == named:
        return ""
    # A question of an audit is quoted: it is a sentence.
    return quoted(title.rstrip(".。"), lang) if measure.item == named else title


def _limits(measure: Measure, lang: Lang) -> Iterator[str]:
    for key, words in _LIMITS[lang].items():
        limit = getattr(measure, key)
        if limit is None:
            continue
        if key.startswith("minutes"):
            yield words.format(duration(limit, lang))
        elif key == "open_days_at_most":
            yield words.format(_days(limit, lang))
        else:
            yield words.format(percent(limit) if key == "share_at_least" else f"{limit:g}")


def _days(count: int, lang: Lang) -> str:
    words = {"en": "{} day" if count == 1 else "{} days", "zh-Hant": "{} 天", "zh-Hans": "{} 天"}
    return words[lang].format(count)
