"""Which instrument to use here: by what happens at a touchpoint, and by what one wants to know.

Advice is a sentence with its reason, and no more: whoever knows the service decides.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from peakend.documents.problems import guess
from peakend.errors import DocumentError
from peakend.instruments import IDS, instrument
from peakend.instruments.expansion import survey_of
from peakend.service.journeys import Touchpoint
from peakend.service.schema import ServiceDocument
from peakend.terms import LANGUAGES, Lang

MOST: Final = 3
"""No more is proposed at once."""
_REASONS: Final[Mapping[str, dict[Lang, str]]] = MappingProxyType(
    {
        "moment": {
            "en": "“{title}” is a moment of truth: ask right there, with one tap; and why, where it went wrong.",
            "zh-Hant": "「{title}」是關鍵時刻：當場一題就問，不滿意再問原因。",
            "zh-Hans": "“{title}”是关键时刻：当场一题就问，不满意再问原因。",
        },
        "touchpoint": {
            "en": "To know how “{title}” goes, one tap where it happens says more than a long survey later.",
            "zh-Hant": "想知道「{title}」做得如何，當場一題勝過事後一長串。",
            "zh-Hans": "想知道“{title}”做得如何，当场一题胜过事后一长串。",
        },
        "wait": {
            "en": "People wait at “{title}”: ask whether it is the effort, the time or the care that they miss.",
            "zh-Hant": "顧客在「{title}」要等候：請問清楚缺的是省力、省時還是關懷。",
            "zh-Hans": "客户在“{title}”要等候：请问清楚缺的是省力、省时还是关怀。",
        },
        "remembered": {
            "en": "“{title}” is planned as peak or end: ask later how the whole is remembered, to see if it works.",
            "zh-Hant": "「{title}」設計為高峰或結尾：幾天後再問整體回憶，才知道有沒有效果。",
            "zh-Hans": "“{title}”设计为峰值或结尾：几天后再问整体回忆，才知道有没有效果。",
        },
        "features": {
            "en": "The service names {n} features: before you spend, ask which must be there and which delight.",
            "zh-Hant": "這項服務列了 {n} 項特性：投入資源之前，先問哪些非有不可、哪些會帶來驚喜。",
            "zh-Hans": "这项服务列了 {n} 项特性：投入资源之前，先问哪些必须有、哪些会带来惊喜。",
        },
        "whole": {
            "en": "For one figure of the whole that can be followed from week to week, three questions are enough.",
            "zh-Hant": "只要一個能逐週追蹤的整體數字，三題就夠了。",
            "zh-Hans": "只要一个能逐周跟踪的整体数字，三题就够了。",
        },
        "priorities": {
            "en": "To decide which of {n} touchpoints comes first, ask how important each is and how good it was.",
            "zh-Hant": "要決定 {n} 個接觸點先改哪一個，請問每一個有多重要、做得如何。",
            "zh-Hans": "要决定 {n} 个触点先改哪一个，请问每一个有多重要、做得如何。",
        },
    }
)


@dataclass(frozen=True)
class Advice:
    """An instrument, and in `why` the reason by language; `missing` says what the service lacks for it."""

    instrument: str
    why: Mapping[Lang, str]
    missing: DocumentError | None = None

    def sentence(self, lang: Lang) -> str:
        """The reason, and what is to be added first."""
        lacks = [self.missing.message(lang), self.missing.hint(lang)] if self.missing else []
        return (" " if lang == "en" else "").join([self.why[lang], *lacks])


def advise(service: ServiceDocument, *, touchpoint: str | None = None, question: str = "") -> list[Advice]:
    """What to use, the best first: for what one wants to know where that is said, else for what happens at the
    touchpoint, else for the whole service. Nothing where no instrument answers the question.

    Raises DocumentError `document.no_touchpoint`.
    """
    point = _point(service, touchpoint) if touchpoint else None
    proposed = _answering(question) if question.strip() else _at(point) if point else _of_whole(service)
    first: dict[str, Mapping[Lang, str]] = {}
    for id, why in proposed:
        first.setdefault(id, why)
    return [Advice(id, why, _missing(id, service)) for id, why in list(first.items())[:MOST]]


def _point(service: ServiceDocument, id: str) -> Touchpoint:
    found = service.touchpoint(id)
    if found is None:
        known = [point.id for point in service.touchpoints]
        raise DocumentError("document.no_touchpoint", name=id, known=guess(id, known))
    return found


def _missing(id: str, service: ServiceDocument) -> DocumentError | None:
    try:
        survey_of(instrument(id), service)
    except DocumentError as error:
        return error
    return None


def _reason(name: str, point: Touchpoint | None = None, n: int = 0) -> Mapping[Lang, str]:
    return {lang: _REASONS[name][lang].format(title=point.title[lang] if point else "", n=n) for lang in LANGUAGES}


def _at(point: Touchpoint) -> Iterator[tuple[str, Mapping[Lang, str]]]:
    """By what happens at a touchpoint."""
    yield "touchpoint-pulse", _reason("moment" if point.moment_of_truth else "touchpoint", point)
    if point.wait:
        yield "lenses", _reason("wait", point)
    if point.designed_as:
        yield "remembered", _reason("remembered", point)


def _of_whole(service: ServiceDocument) -> Iterator[tuple[str, Mapping[Lang, str]]]:
    """By what the document holds."""
    yield "pulse", _reason("whole")
    if len(service.touchpoints) > 1:
        yield "importance-performance", _reason("priorities", n=len(service.touchpoints))
    if service.features:
        yield "kano", _reason("features", n=len(service.features))


def _answering(question: str) -> Iterator[tuple[str, Mapping[Lang, str]]]:
    """By what one wants to know, in whatever language: the instruments whose own words have most of it in common, rare
    words counting more, and each the less the more an instrument says of itself.
    """
    asked = set(_words(question))
    spread = Counter(word for words in _vocabularies().values() for word in words)
    scores = {
        id: sum(math.log(1 + len(IDS) / spread[word]) for word in asked & words) / math.sqrt(len(words))
        for id, words in _vocabularies().items()
    }
    for id in sorted((id for id in IDS if scores[id] > 0), key=lambda each: -scores[each]):
        one = instrument(id)
        gap: Mapping[Lang, str] = {"en": " ", "zh-Hant": "", "zh-Hans": ""}
        yield id, {lang: f"{one.asks[lang]}{gap[lang]}{one.use[lang]}" for lang in LANGUAGES}


@cache
def _vocabularies() -> Mapping[str, frozenset[str]]:
    """The words of each instrument about itself, in all languages."""
    return {id: frozenset(word for text in _about(id) for word in _words(text)) for id in IDS}


def _about(id: str) -> Iterable[str]:
    one = instrument(id)
    return (text[lang] for text in (one.title, one.asks, one.use) for lang in LANGUAGES)


_PLAIN: Final = frozenset(
    {
        "a",
        "an",
        "and",
        "are",
        "at",
        "be",
        "by",
        "can",
        "do",
        "does",
        "for",
        "from",
        "how",
        "in",
        "is",
        "it",
        "me",
        "my",
        "of",
        "on",
        "or",
        "our",
        "should",
        "that",
        "the",
        "their",
        "them",
        "they",
        "this",
        "to",
        "us",
        "was",
        "we",
        "were",
        "what",
        "when",
        "where",
        "which",
        "who",
        "why",
        "will",
        "with",
        "would",
        "you",
        "your",
    }
)
"""Words that are in every question."""


def _words(text: str) -> Iterator[str]:
    """Latin words without their endings, and Han characters two by two."""
    for word in re.findall(r"[a-z]+", text.casefold()):
        if word not in _PLAIN:
            yield re.sub(r"(ations?|ance|ed|ing|s|e|ty)$", "", word) if len(word) > 4 else word
    for run in re.findall(r"[\u3400-\u9fff]{2,}", text):
        yield from (run[at : at + 2] for at in range(len(run) - 1))
