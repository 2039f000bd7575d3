"""What is known of personas: how the customers whom each stands for judge the service, beside all others, and what they
say in their own words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend.errors import PeakendError
from peakend.figures import number
from peakend.service.people import Persona
from peakend.service.schema import ServiceDocument
from peakend.terms import label
from peakend_web.base.refusals import words_of
from peakend_web.findings.inquiry import touchpoints
from peakend_web.findings.inquiry.groups import Group, Pair
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.inquiry.stops import Line
from peakend_web.findings.words import refusal_words
from peakend_web.listening.queries import comments
from peakend_web.listening.queries.comments import Quote
from peakend_web.store import least_sizes

from . import Known, sources

MOST_QUOTES: Final = 2
MOST_LINES: Final = 3
"""So many touchpoints that are rated otherwise stand on a card, those farthest apart; the others are folded."""


def known_of_personas(inquiry: Inquiry, document: ServiceDocument) -> dict[str, Known]:
    """What is known of each persona, by its id."""
    with inquiry.naming():
        return {persona.id: _known(inquiry, persona) for persona in document.personas}


def _known(inquiry: Inquiry, persona: Persona) -> Known:
    if not persona.segment:
        return Known(
            _("It is not set yet which customers in the data are meant, so no answers are shown here."),
            verb=_("Name its segment"),
        )
    group = Group(inquiry, {name: (_written(value),) for name, value in persona.segment.items()})
    try:
        inquiry.require_open(group.own.selection.filters)
        return _measured(group)
    except PeakendError as refused:
        return Known(words_of(refused))


def _written(value: str | float | bool) -> str:  # noqa: FBT001 — a value of a column
    """A value as facts hold it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else f"{value:g}"


def _measured(group: Group) -> Known:
    whole = group.whole.own
    if whole is None or whole.value is None:
        return _too_few(group, whole)
    differing = [*_differing_lines(group)]
    return Known(
        _sentence(group),
        [*_whole_lines(group), *differing[:MOST_LINES]],
        differing[MOST_LINES:],
        _quotes(group),
        verb=_("See their journey"),
        href=group.own.address("journey/"),
        sources=sources(group.inquiry, whole, *(pair.own for pair in group.compared.values())),
    )


def _too_few(group: Group, row: Any) -> Known:
    """How many answers there are of those that a figure needs, and where more are asked for."""
    verb, href = _("Survey more of them"), group.inquiry.address("surveys/")
    if row is None or (row.refused is not None and row.refused.id == "least.cell") or not row.n:
        return Known(_("Too few answers from these customers to show anything."), verb=verb, href=href)
    if row.n >= least_sizes.LEAST_N:
        return Known(refusal_words.what(row.refused, group.inquiry.lang), verb=verb, href=href)
    missing = least_sizes.LEAST_N - row.n
    words = ngettext(
        "Too few answers from these customers to tell yet: %(n)s more needed.",
        "Too few answers from these customers to tell yet: %(n)s more needed.",
        missing,
    )
    return Known(words % {"n": missing}, n=row.n, needed=least_sizes.LEAST_N, verb=verb, href=href)


def _sentence(group: Group) -> str:
    """How many answers of such customers there are, and how many touchpoints they rate clearly otherwise."""
    n, many = group.whole.own.n, len(group.compared)
    differ = sum(pair.differs for pair in group.compared.values())
    phrase = _phrase_of_none(n) if not many else _phrase_of_alike(n) if not differ else _phrase_of_some(n)
    return phrase % {"n": f"{n:,}", "many": many, "differ": differ}


def _phrase_of_none(n: int) -> str:
    return ngettext(
        "%(n)s answer is from these customers; no touchpoint has enough answers to compare them with all others.",
        "%(n)s answers are from these customers; no touchpoint has enough answers to compare them with all others.",
        n,
    )


def _phrase_of_alike(n: int) -> str:
    return ngettext(
        "%(n)s answer is from these customers; they rate none of %(many)s touchpoints clearly differently from all "
        "others.",
        "%(n)s answers are from these customers; they rate none of %(many)s touchpoints clearly differently from all "
        "others.",
        n,
    )


def _phrase_of_some(n: int) -> str:
    return ngettext(
        "%(n)s answer is from these customers; they rate %(differ)s of %(many)s touchpoints clearly differently from "
        "all others.",
        "%(n)s answers are from these customers; they rate %(differ)s of %(many)s touchpoints clearly differently from "
        "all others.",
        n,
    )


def _whole_lines(group: Group) -> Iterator[Line]:
    """How the group and all others judge the whole."""
    own, others = group.whole.own, group.whole.others
    name = label(getattr(own, "construct", None) or "nps", group.inquiry.lang)
    more = [_direction(group.whole)] if group.whole.differs else []
    yield _line(group.own, _("%(what)s, of these customers") % {"what": name}, own, more)
    if others is not None and others.value is not None:
        yield _line(group.others, _("%(what)s, of all others") % {"what": name}, others)


def _line(inquiry: Inquiry, name: str, row: Any, more: Sequence[str] = ()) -> Line:
    digits = 2 if getattr(row, "measure", "") == "mean" else 1
    said = [*more, touchpoints.evidence(inquiry, row, digits)]
    return Line(name, number(row.value, digits), " · ".join(said), least_sizes.is_pale(row))


def _differing_lines(group: Group) -> Iterator[Line]:
    for name, pair in sorted(group.compared.items(), key=lambda one: -one[1].distance):
        if pair.differs:
            others = _("all others %(value)s, n %(n)s") % {
                "value": number(pair.others.value, 2),
                "n": f"{pair.others.n:,}",
            }
            yield _line(group.own, label(name, group.inquiry.lang), pair.own, [_direction(pair), others])


def _direction(pair: Pair) -> str:
    return _("▲ clearly higher") if pair.is_higher else _("▼ clearly lower")


def _quotes(group: Group) -> tuple[Quote, ...]:
    """A few of their own words, of touchpoints that they rate otherwise first; as protected as everywhere."""
    if not group.own.may_quote():
        return ()
    counts: Mapping[str | None, int] = comments.counts_by_touchpoint(group.own)
    first = [name for name, pair in group.compared.items() if pair.differs]
    rest = sorted((name for name in counts if name), key=lambda name: -counts[name])
    found = (quote for name in dict.fromkeys([*first, *rest]) for quote in comments.quotes_about(group.own, name, 1))
    return tuple(quote for quote, _at in zip(found, range(MOST_QUOTES), strict=False))
