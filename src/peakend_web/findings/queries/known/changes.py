"""What a change of a design may be worth, as far as answers tell: how the overall rating goes along with how the
changed touchpoints were rated, before the change. That is no forecast, and it is said; where it cannot be told, why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend.errors import PeakendError
from peakend.figures import number, signed_number
from peakend.result.words import answers, interval_words
from peakend.service.comparison import Comparison, Pair
from peakend.service.schema import ServiceDocument
from peakend_web.base.languages import BETWEEN_SENTENCES
from peakend_web.findings.inquiry.decisive import Weight, decisive, places_of
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.inquiry.stops import Line
from peakend_web.findings.words import refusal_words
from peakend_web.store import least_sizes

from . import Known, source, source_of_weight


def worth_of(inquiry: Inquiry, document: ServiceDocument, comparison: Comparison) -> Known | None:
    """What the changes of a journey may be worth; None where no touchpoint changed."""
    touched = [pair for pair in comparison.pairs if pair.fate != "same"]
    if not touched:
        return None
    with inquiry.naming():
        stakes, why = _stakes(inquiry, document)
        weights = {one.touchpoint: one for one in decisive(inquiry, document)}
        lines = [_line(inquiry, pair, stakes.get(pair.touchpoint.id), weights) for pair in touched]
        told = [pair for pair in touched if pair.old and _is_told(pair, stakes, weights)]
        used = [source(inquiry, stakes[pair.touchpoint.id]) for pair in told if pair.touchpoint.id in stakes]
        used += [source_of_weight(inquiry, one) for one in weights.values()]
        return Known(_sentence(inquiry, len(told), len(touched), why), lines, sources=[*dict.fromkeys(used)])


def _stakes(inquiry: Inquiry, document: ServiceDocument) -> tuple[dict[str, Any], str]:
    """The rows of the method by touchpoint; and why there are none."""
    try:
        rows = inquiry.results("impact")
    except PeakendError as refused:
        return {}, refusal_words.what(refused, inquiry.lang)
    places = places_of(document)
    known = {
        places[row.driver]: row
        for row in rows
        if row.value is not None and row.reward is not None and row.driver in places
    }
    refusal = next((row.refused for row in rows if row.refused is not None), None)
    return known, "" if known or refusal is None else refusal_words.what(refusal, inquiry.lang)


def _is_told(pair: Pair, stakes: Mapping[str, Any], weights: Mapping[str, Weight]) -> bool:
    id = pair.touchpoint.id
    return id in weights or (id in stakes and least_sizes.is_firm(stakes[id]))


def _sentence(inquiry: Inquiry, told: int, touched: int, why: str) -> str:
    if not told:
        said = _("What this may be worth cannot be seen yet: there are too few answers about what changed.")
        return BETWEEN_SENTENCES[inquiry.lang].join([said, *([why] if why else [])])
    return ngettext(
        "For %(told)s of %(touched)s changed touchpoint the answers show how the overall rating moves with it. "
        "They are from before the change; whether the change has this effect can only be seen afterwards.",
        "For %(told)s of %(touched)s changed touchpoints the answers show how the overall rating moves with them. "
        "They are from before the change; whether the change has this effect can only be seen afterwards.",
        touched,
    ) % {"told": told, "touched": touched}


def _line(inquiry: Inquiry, pair: Pair, row: Any, weights: Mapping[str, Weight]) -> Line:
    """What is at stake at one touchpoint."""
    name, weight = pair.touchpoint.title[inquiry.lang], weights.get(pair.touchpoint.id)
    if pair.old is None:
        return Line(name, "–", _("new: nobody has been there yet, so nothing is known yet"))
    share = [_share_words(inquiry, weight)] if weight else []
    if row is None or not least_sizes.is_firm(row):
        return Line(name, "–", " · ".join(share) or _("too few answers to tell"))
    said = [
        _("difference in the overall rating between customers who rated this well and those in the middle"),
        *([interval_words(row.reward_interval, row.conf, inquiry.lang, 2)] if row.reward_interval else []),
        answers(row.n, inquiry.lang),
        *share,
    ]
    return Line(name, signed_number(row.reward, 2), " · ".join(said))


def _share_words(inquiry: Inquiry, weight: Weight) -> str:
    said = {
        "share": number(weight.percent),
        "interval": interval_words((weight.low, weight.high), weight.conf, inquiry.lang),
        "n": f"{weight.n:,}",
    }
    return _("explains %(share)s%% of what the touchpoints explain of it (%(interval)s, n %(n)s)") % said
