"""The journey: its map with live scores, and every touchpoint with its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from peakend.service.coverage import surveys_of_customers
from peakend.service.drawings.journey_map import Layout, draw_map
from peakend.service.drawings.pen import Theme
from peakend.service.journeys import Journey
from peakend.service.summary import summary
from peakend.terms import Lang, label
from peakend_web.base.guard import InService
from peakend_web.base.refusals import Missing
from peakend_web.design.queries import asked_in_draft
from peakend_web.findings.inquiry import touchpoints
from peakend_web.findings.inquiry.request import Inquiry
from peakend_web.findings.inquiry.spans import days_of, span_of
from peakend_web.findings.inquiry.stops import figure_rows, happenings_of, stops_of, unasked, unmeasured
from peakend_web.store import least_sizes


def journey(request: HttpRequest, here: InService) -> HttpResponse:
    """The page of a journey."""
    inquiry = Inquiry.of(request, here)
    found = _journey(inquiry)
    with inquiry.naming():
        return render(
            request,
            "peakend_web/findings/journey.html",
            {"page": _page(inquiry, found), **inquiry.page_context(span_of(inquiry, days_of(inquiry)))},
        )


def picture(request: HttpRequest, here: InService) -> HttpResponse:
    """The map as a file: the poster, or (`shape`) the blueprint with every lane, or the one for a phone."""
    inquiry = Inquiry.of(request, here)
    layout = SHAPES.get(inquiry.selection.wishes.get("shape", ""), "wall")
    theme: Theme = "dark" if inquiry.selection.wishes.get("light") == "dark" else "light"
    svg = _map(inquiry, _journey(inquiry), layout, theme=theme, style=True)
    return HttpResponse(svg, content_type="image/svg+xml")


SHAPES: Final[Mapping[str, Layout]] = {"narrow": "column", "wide": "wide"}


def _journey(inquiry: Inquiry) -> Journey:
    found = inquiry.document.journey(inquiry.selection.wishes.get("journey"))
    if found is None:
        raise Missing("web.missing")
    return found


def _map(inquiry: Inquiry, found: Journey, layout: Layout, **drawn: Any) -> SafeString:
    scores = touchpoints.map_scores(touchpoints.scores(inquiry))
    options = {"theme": "auto", "style": False, **drawn}
    return mark_safe(  # noqa: S308
        draw_map(inquiry.document, found.id, lang=inquiry.lang, scores=scores, layout=layout, **options)
    )


def _page(inquiry: Inquiry, found: Journey) -> dict[str, Any]:
    known = happenings_of(inquiry, found)
    stops = stops_of(inquiry, found, known)
    scored = [stop.scored for stop in stops if stop.scored]
    rows = [one.row for one in scored]
    whole = touchpoints.whole_beside(inquiry, rows)
    return {
        "title": found.title[inquiry.lang],
        "sentence": _sentence(scored, inquiry.lang) or summary(found, inquiry.lang),
        "journeys": [_link(inquiry, one, one.id == found.id) for one in inquiry.document.journeys],
        "map": _map(inquiry, found, "page", rows=figure_rows(known)),
        "column": _map(inquiry, found, "column"),
        "stops": stops,
        "unmeasured": unmeasured(inquiry, known.pledges),
        "unasked": _unasked(inquiry, found),
        "until": inquiry.newest_words(),
        "scale": touchpoints.scale_range([*rows, *([whole] if whole else [])]),
        "mean": whole and whole.value,
        "whole": label(whole.construct, inquiry.lang) if whole else "",
        "files": [
            {"name": _("Poster, A1 (SVG)"), "href": inquiry.address("journey.svg")},
            {"name": _("Blueprint (SVG)"), "href": inquiry.address("journey.svg", shape="wide")},
            {"name": "CSV", "href": inquiry.address("methods/csat.csv", measure="mean")},
        ],
    }


def _unasked(inquiry: Inquiry, found: Journey) -> dict[str, Any]:
    """The touchpoints that nobody asks about; for whoever may change that, which of them the draft asks about already,
    and where it stands.
    """
    here = inquiry.here
    asked = asked_in_draft(here, here.service)
    return {
        "touchpoints": [{**one, "in_draft": one["id"] in asked} for one in unasked(inquiry, found)],
        "may_ask": here.may("edit_service") and bool(surveys_of_customers(inquiry.document)),
        "draft": reverse("design", args=[here.workspace.slug, here.service.slug]),
    }


def _sentence(stops: Sequence[touchpoints.ScoredTouchpoint], lang: Lang) -> str:
    """Which touchpoints stand out, with their numbers; where none does, that none does. Nothing where fewer than two
    have answers enough.
    """
    if sum(least_sizes.is_firm(stop.row) for stop in stops) < 2:
        return ""
    rows = [stop.row for stop in stops]
    found = touchpoints.extremes_of(rows)
    high, low = (
        touchpoints.names_with_means([stops[at] for at in group]) if group else ""
        for group in (found.highest, found.lowest)
    )
    if not high and not low:
        return touchpoints.level_sentence(rows, lang)
    if high and low:
        said = _("It is clearly best at %(high)s, and clearly worst at %(low)s") % {"high": high, "low": low}
    elif low:
        said = _("It is clearly worst at %(low)s; no touchpoint is clearly the best") % {"low": low}
    else:
        said = _("It is clearly best at %(high)s; no touchpoint is clearly the worst") % {"high": high}
    return f"{said}{touchpoints.means_words(rows)}{touchpoints.FULL_STOP[lang]}"


def _link(inquiry: Inquiry, one: Journey, is_here: bool) -> dict[str, Any]:  # noqa: FBT001
    rows = [touchpoints.scores(inquiry).get(touchpoint.id) for touchpoint in one.touchpoints]
    places = [at for at, row in enumerate(rows) if row is not None and row.value is not None]
    found = touchpoints.extremes_of([rows[at] for at in places])
    return {
        "name": one.title[inquiry.lang],
        "href": inquiry.address("journey/", journey=one.id),
        "here": is_here,
        "values": [_height(row) for row in rows],
        "low": [places[at] for at in found.lowest],
        "high": [places[at] for at in found.highest],
    }


def _height(row: Any) -> float | None:
    """Where a touchpoint stands on its own scale, from 0 to 1: scales may differ along a journey."""
    if row is None or row.value is None or row.scale is None:
        return None
    low, high = row.scale
    return float((row.value - low) / (high - low))
