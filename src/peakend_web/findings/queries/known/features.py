"""What is known of features: the class that customers give each, what having it adds and lacking it takes, and how much
is to be won at its touchpoint. Where nobody was asked, the class that the authors of the design expect, said as that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend.errors import PeakendError
from peakend.field.kano.classes import TERMS
from peakend.figures import number
from peakend.result.words import answers, interval_words
from peakend.service.schema import Feature, ServiceDocument
from peakend.terms import label
from peakend_web.findings.inquiry import touchpoints
from peakend_web.findings.inquiry.decisive import Weight, decisive
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.inquiry.stops import Line
from peakend_web.findings.words import refusal_words
from peakend_web.store import least_sizes

from . import Known, source_of_weight, sources

ALL: Final = "features:all"
"""What is known of all features together; none is called so."""


def known_of_features(inquiry: Inquiry, document: ServiceDocument) -> dict[str, Known]:
    """What is known of each feature, by its id."""
    with inquiry.naming():
        classes = _classes(inquiry)
        weights = {one.touchpoint: one for one in decisive(inquiry, document)}
        rated = touchpoints.scores(inquiry)
        return {
            ALL: Known(_sentence(document, classes)),
            **{
                feature.id: _known(inquiry, feature, classes.get(feature.id), weights, rated)
                for feature in document.features
            },
        }


def _sentence(document: ServiceDocument, classes: dict[str, Any]) -> str:
    """Of how many features customers have said enough for a class; nothing where there are none."""
    every = [classes.get(feature.id) for feature in document.features]
    if not every:
        return ""
    told = sum(row is not None and row.value is not None and row.category is not None for row in every)
    return ngettext(
        "Customers have said what %(told)s of %(many)s feature means to them.",
        "Customers have said what %(told)s of %(many)s features mean to them.",
        len(every),
    ) % {"told": told, "many": len(every)}


def _classes(inquiry: Inquiry) -> dict[str, Any]:
    """The rows of the method by feature; none where nobody was asked."""
    try:
        return {row.construct: row for row in inquiry.results("kano")}
    except PeakendError:
        return {}


def _known(inquiry: Inquiry, feature: Feature, row: Any, weights: dict[str, Weight], rated: dict[str, Any]) -> Known:
    at = feature.touchpoint or ""
    weight = weights.get(at)
    lines = [*_class_lines(inquiry, feature, row), *_value_lines(inquiry, row)]
    lines += _chance_lines(inquiry, at, weight, rated.get(at)) if at else []
    used = [*([source_of_weight(inquiry, weight)] if weight else []), *sources(inquiry, row, rated.get(at))]
    return Known(lines=lines, sources=used)


def _class_lines(inquiry: Inquiry, feature: Feature, row: Any) -> Iterator[Line]:
    """The class by the answers; else the one that is expected."""
    lang = inquiry.lang
    expected = capfirst(label(f"kano.{feature.kano}", lang)) if feature.kano else ""
    name = _("Kano class, by the answers")
    if row is None:
        asked = _("customers were not asked yet")
        if expected:
            yield Line(_("Kano class, expected by the design"), expected, asked, pale=True)
        else:
            yield Line(name, "–", asked)
        return
    more = [_("the design expected: %(class)s") % {"class": expected}] if expected else []
    if row.value is None or row.category is None:
        why = refusal_words.what(row.refused, lang) if row.refused is not None else answers(row.n, lang)
        yield Line(name, "–", " · ".join([why, *more]))
        return
    said = [answers(row.n, lang) if least_sizes.is_firm(row) else touchpoints.count_of_low_base(row)]
    said += [_("only a tendency so far, not certain")] if row.leaning else []
    said += [_("other rules give another class")] if row.contested else []
    yield Line(name, capfirst(label(TERMS[row.category], lang)), " · ".join([*said, *more]), least_sizes.is_pale(row))


def _value_lines(inquiry: Inquiry, row: Any) -> Iterator[Line]:
    """What the feature is worth: how many are satisfied where it is there, and dissatisfied where it is not."""
    if row is None or row.value is None:
        return
    for name, value, ends in (
        (label("better", inquiry.lang), row.better, row.better_interval),
        (label("worse", inquiry.lang), row.worse, row.worse_interval),
    ):
        if value is not None:
            said = [interval_words(ends, row.conf, inquiry.lang, 2)] if ends else []
            yield Line(
                capfirst(name),
                number(value, 2),
                " · ".join([*said, answers(row.n, inquiry.lang)]),
                least_sizes.is_pale(row),
            )


def _chance_lines(inquiry: Inquiry, touchpoint: str, weight: Weight | None, row: Any) -> Iterator[Line]:
    """How much is to be won where the feature is: what its touchpoint explains of the whole, and how it is rated
    now.
    """
    name = {"name": label(touchpoint, inquiry.lang)}
    if weight is not None:
        ends = interval_words((weight.low, weight.high), weight.conf, inquiry.lang)
        yield Line(
            _("Share of “%(name)s” in what the touchpoints explain of the overall rating") % name,
            f"{number(weight.percent)}%",
            " · ".join([ends, answers(weight.n, inquiry.lang)]),
        )
    if row is not None and row.value is not None:
        yield Line(
            _("Rated now: “%(name)s”") % name,
            number(row.value, 2),
            touchpoints.evidence(inquiry, row),
            least_sizes.is_pale(row),
        )
