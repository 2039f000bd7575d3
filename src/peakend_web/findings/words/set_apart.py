"""What a page says of answers that are counted apart: how many, for which reasons, and what the figures would be the
other way; so that nobody has to believe that it makes no difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend.facts import QUESTIONABLE
from peakend.reduce import tally
from peakend.terms import Lang, label, vocabulary
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.inquiry.selection import ASIDE
from peakend_web.store.door import Aside


@dataclass(frozen=True)
class OtherNumber:
    """What is said where other answers count: of which, and the address where the whole page is so."""

    of: str
    sentence: str
    href: str


def other_numbers(inquiry: Inquiry, path: str, sentence: Callable[[Inquiry], str]) -> list[OtherNumber]:
    """What the same page says at each other position of the switch that counts other answers."""
    if ASIDE in inquiry.selection.filters.columns:
        return []
    many, now = responses_by_reason(inquiry), inquiry.selection.filters.aside
    return [
        OtherNumber(words(many, inquiry.lang), sentence(_at(inquiry, aside)), _address(inquiry, path, aside))
        for aside, words in POSITIONS.items()
        if aside != now and _counted(many, aside) != _counted(many, now)
    ]


def responses_by_reason(inquiry: Inquiry) -> Mapping[str | None, int]:
    """How many have answered for whom each reason is given to count them apart (None: none): at the question that most
    of them were asked.
    """
    whole = _at(inquiry, "all")
    return whole.remember("set apart", lambda: _responses_by_reason(whole))


def _responses_by_reason(inquiry: Inquiry) -> dict[str | None, int]:
    table = tally(inquiry.facts(), ("aside",), keys=_QUESTION)
    asked: Counter[tuple[str | None, ...]] = Counter()
    for reason, *question, count in zip(*map(table.column, ("aside", *_QUESTION)), table.count, strict=True):
        asked[reason, *question] += int(count)
    return {reason: max(n for (why, *_), n in asked.items() if why == reason) for reason, *_ in asked}


def _at(inquiry: Inquiry, aside: Aside) -> Inquiry:
    return inquiry.among(replace(inquiry.selection.filters, aside=aside))


def _address(inquiry: Inquiry, path: str, aside: Aside) -> str:
    return inquiry.address(path, **{ASIDE: None if aside == "counted" else aside})


def _counted(many: Mapping[str | None, int], aside: Aside) -> Mapping[str | None, int]:
    """Of whom the figures are at a position."""
    out = {reason for reason in many if not (aside == "all" or reason is None or (aside, reason) == _KEPT)}
    return {reason: count for reason, count in many.items() if reason not in out}


_KEPT: Final = ("counted", QUESTIONABLE)
_QUESTION: Final = ("item", "construct", "role")


def _with_all(many: Mapping[str | None, int], lang: Lang) -> str:
    reasons = Counter({reason: count for reason, count in many.items() if reason not in {None, QUESTIONABLE}})
    n = reasons.total()
    said = ngettext("With the %(n)s that is set apart (%(why)s)", "With the %(n)s that are set apart (%(why)s)", n)
    return said % {
        "n": n,
        "why": _(", ").join(f"{reason_words(each, lang)} {count}" for each, count in reasons.items()),
    }


def _without_questionable(many: Mapping[str | None, int], _lang: Lang) -> str:
    n = many.get(QUESTIONABLE, 0)
    said = ngettext("Without the %(n)s that is questionable", "Without the %(n)s that are questionable", n)
    return said % {"n": n}


def _as_counted(_many: Mapping[str | None, int], _lang: Lang) -> str:
    return _("As it is counted otherwise")


POSITIONS: Final[Mapping[Aside, Callable[[Mapping[str | None, int], Lang], str]]] = {
    "counted": _as_counted,
    "sure": _without_questionable,
    "all": _with_all,
}


def reason_words(reason: str | None, lang: Lang) -> str:
    """A reason in words; one of a source's own as it stands."""
    known = vocabulary().get(f"aside.{reason}")
    return known.name[lang] if known else label(str(reason), lang)
