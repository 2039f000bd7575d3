"""How often standards and promises were kept, where what happened or what was answered can tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from peakend.errors import PeakendError
from peakend.service.drawings.subject import Kept
from peakend.service.journeys import Touchpoint
from peakend.service.measures import FAILURE, Measure, Promise, Standard
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label, vocabulary
from peakend_web.store import least_sizes

from . import happenings
from .happenings import rows_by
from .request import Inquiry


@dataclass(frozen=True)
class MeasuredPledge:
    """A standard or a promise at a touchpoint with the row of the method that says how often it was kept; None where
    that cannot be told from facts.
    """

    touchpoint: Touchpoint
    rule: Standard | Promise
    row: Any

    @property
    def is_promise(self) -> bool:
        """Whether it is told outside."""
        return isinstance(self.rule, Promise)

    @property
    def kept(self) -> Kept | None:
        """The share kept, as drawings take it; None where there is no figure."""
        if self.row is None or self.row.value is None:
            return None
        low, high = (None if end is None else end / 100 for end in (self.row.low, self.row.high))
        return Kept(self.row.value / 100, low, high, self.row.n, getattr(self.row, "days", 0))


def pledges(inquiry: Inquiry, points: Sequence[Touchpoint]) -> list[MeasuredPledge]:
    """The standards and promises of these touchpoints that have a measure, in order."""
    rules: list[tuple[Touchpoint, Promise | Standard]] = [
        (point, rule) for point in points for given in (point.all_promises, point.all_standards) for rule in given
    ]
    return [MeasuredPledge(point, rule, _row_of(inquiry, point, rule.measure)) for point, rule in rules if rule.measure]


def kept_by_rule(inquiry: Inquiry, document: ServiceDocument) -> dict[str, Kept]:
    """How often the standards and promises of a document were kept, by their ids, as drawings take it; none of fewer
    than a firm figure needs, for a drawing has no pale ones.
    """
    every = pledges(inquiry, document.touchpoints)
    return {one.rule.id: one.kept for one in every if one.rule.id and one.kept and least_sizes.is_firm(one.row)}


def _row_of(inquiry: Inquiry, point: Touchpoint, measure: Measure) -> Any:
    """The row that says how often a measure was kept: a time that something lasts, visits in which nothing failed, or a
    score that was given.
    """
    if measure.event and (limits := _limits(measure)) is not None:
        return rows_by(inquiry, "service_level", "touchpoint", kind=measure.event, **limits).get(point.id)
    if measure.score_at_least is None or not (measure.measures or measure.item):
        return None
    return _scored(inquiry, measure)


def _limits(measure: Measure) -> dict[str, float] | None:
    """The one limit that an event is held against, none for failures; None where it has another number of them, or one
    that what is recorded cannot tell.
    """
    limits = measure.limits_in_minutes
    if measure.people_at_most is not None or len(limits) != (measure.event != FAILURE):
        return None
    return limits


def why_no_figure(inquiry: Inquiry, pledge: MeasuredPledge) -> str:
    """Why nothing is told of a standard or promise that has a measure, in plain words."""
    measure, row = pledge.rule.measure, pledge.row
    if row is not None and row.refused is not None:
        return str(row.refused.message(inquiry.lang))
    if measure is None or not (measure.event or measure.measures or measure.item):
        return _("Its measure names nothing that is recorded, such as a timed event, a score or an audit question.")
    if measure.event:
        return happenings.why_not_told(inquiry) or _why_no_events(measure, inquiry.lang)
    return _why_no_score(measure)


def _why_no_events(measure: Measure, lang: Lang) -> str:
    if measure.people_at_most is not None:
        return _("What is recorded says how long people waited, not how many were ahead of them.")
    if _limits(measure) is None:
        return _("It needs exactly one time limit to count how often it was kept.")
    if measure.event == FAILURE:
        return _("No failure was ever recorded at this touchpoint; that does not show that there was none.")
    words = label(f"event.{measure.event}", lang) if f"event.{measure.event}" in vocabulary() else measure.event
    return _("No “%(event)s” is recorded at this touchpoint with its beginning and its end.") % {"event": words}


def _why_no_score(measure: Measure) -> str:
    if measure.score_at_least is None:
        return _("It does not say which score answers must reach.")
    return _("Nobody has answered it yet, or its limit is not a point on the scale that was used.")


def _scored(inquiry: Inquiry, measure: Measure) -> Any:
    """The share of answers that give at least so much: the highest values of the scale, from the limit on."""
    filters, options = inquiry.selection.filters, {"measure": "top_box"}
    if measure.item:
        filters = replace(filters, columns={**filters.columns, "item": (measure.item,)})
    else:
        options["construct"] = measure.measures or ""
    try:
        scale = next((row.scale for row in inquiry.results("csat", filters=filters, **options) if row.scale), None)
        boxes = 0 if scale is None else scale[1] - (measure.score_at_least or 0) + 1
        if boxes < 1 or boxes != int(boxes):
            return None
        rows = inquiry.results("csat", filters=filters, boxes=int(boxes), **options)
    except PeakendError:
        return None
    return next(iter(rows), None) if len(rows) == 1 else None
