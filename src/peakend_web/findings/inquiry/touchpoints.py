"""Touchpoints as pages list them: each with its live score, its interval and n, and what customers said there."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from peakend import extremes, weights
from peakend.errors import MethodError
from peakend.facts.shape import WHOLE
from peakend.field.outcomes import first_of
from peakend.figures import number
from peakend.methods import BY_ID
from peakend.result import Result
from peakend.result.words import answers, interval_words
from peakend.terms import Lang, label
from peakend.thresholds import Side
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.words import refusal_words
from peakend_web.listening.queries import comments
from peakend_web.listening.queries.comments import Quote
from peakend_web.store import least_sizes
from peakend_web.store.door import rated_constructs

from .lead_figures import WEIGHTED_MARK, leading_row


@dataclass(frozen=True)
class ScoredTouchpoint:
    """A touchpoint with its score."""

    id: str
    name: str
    row: Any
    evidence: str
    side: str
    quotes: Sequence[Quote]
    comments: int
    href: str
    comments_href: str


def scores(inquiry: Inquiry) -> dict[str, Result]:
    """The mean score of every touchpoint of the service document that was asked about."""
    ids = {touchpoint.id for touchpoint in inquiry.document.touchpoints}
    return {row.construct: row for row in _mean_rows(inquiry) if row.construct in ids}


def overall(inquiry: Inquiry, *, refused: bool = False) -> Any:
    """The mean of the judgement as a whole, if the survey asks for it; of the first question where it asks several. A
    row that only says why it has no figure is none, unless it is `refused` that is asked for.
    """
    rows = (row for row in reversed(_mean_rows(inquiry)) if row.construct in WHOLE)
    found = {row.construct: row for row in rows if (row.value is None) == refused}
    meant = first_of(WHOLE, found)
    return None if meant is None else found[meant]


def _mean_rows(inquiry: Inquiry) -> Sequence[Any]:
    """The means of the touchpoints and of the whole as pages lead with them: with survey weights, where the workspace
    decided so. They are asked for at once, for it is the questions to the engine that take long, and not the answers.
    """
    points = (touchpoint.id for touchpoint in inquiry.document.touchpoints)
    constructs = tuple(dict.fromkeys((*points, *WHOLE)))
    there = inquiry.remember(("rated", constructs), lambda: rated_constructs(inquiry.facts(), constructs))
    if not there:
        return ()
    try:
        return [
            leading_row(BY_ID["csat"], row, weighted=inquiry.leads_with_weights)
            for row in inquiry.results("csat", construct=there, measure="mean")
        ]
    except MethodError:
        return ()


def worst(inquiry: Inquiry, most: int = extremes.MOST_TOGETHER) -> list[ScoredTouchpoint]:
    """The touchpoints that are surely rated below all the others: up to so many, the lowest first; none where nothing
    tells them apart.
    """
    rows, known = comparable_rows(scores(inquiry).values()), sides(inquiry)
    return [
        scored_touchpoint(inquiry, rows[at], known) for at in extremes.lowest(rows, most, fewest=least_sizes.LOW_BASE)
    ]


def comparable_rows(rows: Iterable[Any]) -> list[Any]:
    """The rows that have a figure; none where they were asked on several scales, for a mean on one says nothing of a
    mean on another.
    """
    known = [row for row in rows if row.value is not None]
    return known if len({getattr(row, "scale", None) for row in known}) == 1 else []


def extremes_of(rows: Sequence[Any]) -> extremes.Ends:
    """The places of the rows that may be called lowest and highest."""
    return extremes.ends(rows, fewest=least_sizes.LOW_BASE) if comparable_rows(rows) else extremes.Ends()


def level_sentence(rows: Sequence[Any], lang: Lang) -> str:
    """What is said where no touchpoint stands out: whether they differ at all, and between which figures they lie."""
    known = [row.value for row in rows if row.value is not None]
    if known and not comparable_rows(rows):
        return label("map.scales", lang) + FULL_STOP[lang]
    words = label("map.apart" if extremes.ends(rows).differ else "map.level", lang)
    said = _("%(words)s: their means lie between %(low)s and %(high)s") % {
        "words": words,
        "low": number(min(known), 2),
        "high": number(max(known), 2),
    }
    return f"{said}{scale_words(rows)}{FULL_STOP[lang]}"


def means_words(rows: Sequence[Any]) -> str:
    """That figures in brackets are means, and on which scale, as the end of a sentence; nothing where they are on none
    that is known.
    """
    scale = _scale_of_means(rows)
    return _(" (means on a scale from %(low)s to %(high)s, higher is better)") % scale if scale else ""


def scale_words(rows: Sequence[Any]) -> str:
    """On which scale means are, as the end of a sentence."""
    scale = _scale_of_means(rows)
    return _(" on a scale from %(low)s to %(high)s, higher is better") % scale if scale else ""


def _scale_of_means(rows: Sequence[Any]) -> dict[str, str]:
    """The one scale of these rows, where they are means."""
    scales = {row.scale for row in rows if row.value is not None and getattr(row, "measure", "mean") == "mean"}
    low, high = (scales.pop() or (None, None)) if len(scales) == 1 else (None, None)
    return {} if low is None or high is None else {"low": f"{low:g}", "high": f"{high:g}"}


def names_with_means(stops: Sequence[ScoredTouchpoint]) -> str:
    """Touchpoints with their means and n, as a sentence names them."""
    said = [
        _("“%(name)s” (%(value)s, n %(n)s)")
        % {"name": one.name, "value": number(one.row.value, 2), "n": f"{one.row.n:,}"}
        for one in stops
    ]
    return joined_names(said)


def joined_names(names: Sequence[str]) -> str:
    """Names as a sentence lists them: "A, B and C"."""
    *first, last = names
    return _("%(first)s and %(last)s") % {"first": _(", ").join(first), "last": last} if first else last


FULL_STOP: Final[Mapping[Lang, str]] = {"en": ".", "zh-Hant": "。", "zh-Hans": "。"}


def along_journey(inquiry: Inquiry, ids: Sequence[str]) -> list[ScoredTouchpoint]:
    """The touchpoints of a journey that have a score, in its order."""
    known, apart = scores(inquiry), sides(inquiry)
    return [scored_touchpoint(inquiry, known[one], apart, most=1) for one in ids if one in known]


def scored_touchpoint(inquiry: Inquiry, row: Any, apart: Mapping[str, Side], most: int = 2) -> ScoredTouchpoint:
    """One touchpoint as it is listed."""
    quotes = comments.quotes_about(inquiry, row.construct, most) if inquiry.may_quote() else ()
    many = comments.counts_by_touchpoint(inquiry).get(row.construct, 0) if inquiry.may_quote() else 0
    return ScoredTouchpoint(
        row.construct,
        label(row.construct, inquiry.lang),
        row,
        evidence(inquiry, row),
        apart.get(row.construct, "level"),
        quotes,
        many,
        inquiry.address("journey/") + f"#{row.construct}",
        inquiry.address("words/", touchpoint=row.construct),
    )


def evidence(inquiry: Inquiry, row: Result, digits: int = 2) -> str:
    """What stands behind a figure: its interval and its n, and the figure with survey weights or the one without; why
    there is none.
    """
    if row.refused is not None:
        return refusal_words.what(row.refused, inquiry.lang)
    said = (
        [interval_words((row.low, row.high), row.conf, inquiry.lang, digits)]
        if row.low is not None and row.high is not None
        else []
    )
    n = count_of_low_base(row) if least_sizes.is_pale(row) else answers(row.n, inquiry.lang)
    return " · ".join(part for part in (*said, n, weighted_words(inquiry, row, digits)) if part)


def weighted_words(inquiry: Inquiry, row: Any, digits: int) -> str:
    """The figure with survey weights, where it is not written as the plain one; or why there is none, though weights
    were given.

    Of a row that leads with weights, the plain figure.
    """
    if hint := next((name for name in weights.HINTS if name in row.warnings), None):
        return label(hint, inquiry.lang)
    if (
        row.value is None
        or row.weighted_value is None
        or number(row.weighted_value, digits) == number(row.value, digits)
    ):
        return ""
    if WEIGHTED_MARK in row.warnings:
        return _("with survey weights; unweighted %(value)s") % {"value": number(row.weighted_value, digits)}
    return _("weighted %(value)s") % {"value": number(row.weighted_value, digits)}


def count_of_low_base(row: Result) -> str:
    """How many answers there are of those that a firm figure needs."""
    return _("%(n)s of %(needed)s") % {"n": row.n, "needed": least_sizes.LOW_BASE}


def sides(inquiry: Inquiry) -> dict[str, Side]:
    """Which touchpoints are surely rated below or above the whole, of those that have answers enough on its scale. All
    of them are one family of tests (`extremes.apart`), so the chance that any has a colour wrongly is at most five in a
    hundred, however many there are.
    """
    whole = overall(inquiry)
    rows = {
        name: row
        for name, row in scores(inquiry).items()
        if whole is not None and least_sizes.is_firm(row) and least_sizes.is_firm(whole) and is_beside(row, whole)
    }
    tested = extremes.apart([(row, whole) for row in rows.values()])
    return {
        name: "below" if below[0, 1] else "above" if below[1, 0] else "level"
        for name, below in zip(rows, tested, strict=True)
    }


def is_beside(row: Any, whole: Any) -> bool:
    """Whether both were asked on one scale, so that one says something of the other."""
    return bool(row.scale == whole.scale)


def whole_beside(inquiry: Inquiry, rows: Sequence[Any]) -> Any:
    """The judgement of the whole where it can be marked on the scale of these rows; None where they were asked on
    others.
    """
    whole = overall(inquiry)
    return whole if whole is not None and all(is_beside(row, whole) for row in rows) else None


def scale_range(rows: Sequence[Any]) -> tuple[float, float]:
    """The part of the scale that holds all these figures with their intervals, to the half point; never of no length.

    Where all figures are one and the same, it reaches to the half points beside them.
    """
    ends = [end for row in rows for end in (row.low, row.high, row.value) if end is not None]
    if not ends:
        return 1, 5
    low, high = math.floor(min(ends) * 2) / 2, math.ceil(max(ends) * 2) / 2
    return (low, high) if low < high else (low - 0.5, high + 0.5)


def map_scores(rows: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The rows as the journey map takes them."""
    fields = ("value", "low", "high", "n", "conf", "sd", "refused")
    return {name: {field: getattr(row, field) for field in fields} | _scale(row) for name, row in rows.items()}


def _scale(row: Any) -> dict[str, float]:
    return {"scale_low": row.scale[0], "scale_high": row.scale[1]} if row.scale else {}
