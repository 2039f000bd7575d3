"""The journey: its map with live scores, and every touchpoint with its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from peakend.service.draw import Layout, draw_map
from peakend.service.pen import Theme
from peakend.service.schema import Journey
from peakend.terms import Lang, label
from peakend_web.base.guard import InService
from peakend_web.base.refusals import Missing
from peakend_web.findings import moments
from peakend_web.findings.queries import Shown
from peakend_web.findings.spans import days_of, span_of
from peakend_web.store import least_sizes


def journey(request: HttpRequest, here: InService) -> HttpResponse:
    """The page of a journey."""
    shown = Shown.of(request, here)
    found = _found(shown)
    with shown.named():
        return render(
            request,
            "peakend_web/findings/journey.html",
            {"page": _page(shown, found), **shown.common(span_of(shown, days_of(shown)))},
        )


def picture(request: HttpRequest, here: InService) -> HttpResponse:
    """The map as a file: the poster, or (`shape`) the blueprint with every lane, or the one for a phone."""
    shown = Shown.of(request, here)
    layout = SHAPES.get(shown.chosen.wishes.get("shape", ""), "wall")
    theme: Theme = "dark" if shown.chosen.wishes.get("light") == "dark" else "light"
    svg = _map(shown, _found(shown), layout, theme=theme, style=True)
    return HttpResponse(svg, content_type="image/svg+xml")


SHAPES: Final[Mapping[str, Layout]] = {"narrow": "column", "wide": "wide"}


def _found(shown: Shown) -> Journey:
    found = shown.document.journey(shown.chosen.wishes.get("journey"))
    if found is None:
        raise Missing("web.missing")
    return found


def _map(shown: Shown, found: Journey, layout: Layout, *, theme: Theme = "auto", style: bool = False) -> SafeString:
    scores = moments.as_scores(moments.scores(shown))
    return mark_safe(  # noqa: S308
        draw_map(shown.document, found.id, lang=shown.lang, scores=scores, theme=theme, layout=layout, style=style)
    )


def _page(shown: Shown, found: Journey) -> dict[str, Any]:
    ids = [touchpoint.id for touchpoint in found.touchpoints]
    stops = moments.along(shown, ids)
    rows = [stop.row for stop in stops]
    whole = moments.overall(shown)
    return {
        "title": found.title[shown.lang],
        "sentence": _sentence(stops, shown.lang) or found.title[shown.lang],
        "journeys": [_link(shown, one, one.id == found.id) for one in shown.document.journeys],
        "map": _map(shown, found, "page"),
        "column": _map(shown, found, "column"),
        "moments": stops,
        "scale": moments.drawn_scale([*rows, *([whole] if whole else [])]),
        "mean": whole and whole.value,
        "whole": label(whole.construct, shown.lang) if whole else "",
        "files": [
            {"name": _("Poster, A1 (SVG)"), "href": shown.address("journey.svg")},
            {"name": _("Blueprint (SVG)"), "href": shown.address("journey.svg", shape="wide")},
            {"name": "CSV", "href": shown.address("methods/csat.csv", measure="mean")},
        ],
    }


def _sentence(stops: Sequence[moments.Moment], lang: Lang) -> str:
    """Which touchpoints stand out, with their numbers; where none does, that none does. Nothing where fewer than two
    have answers enough.
    """
    if sum(least_sizes.is_firm(stop.row) for stop in stops) < 2:
        return ""
    rows = [stop.row for stop in stops]
    found = moments.standing_out(rows)
    high, low = (
        moments.listed([stops[at] for at in group]) if group else "" for group in (found.highest, found.lowest)
    )
    if not high and not low:
        return moments.level(rows, lang)
    if high and low:
        said = _("It is clearly best at %(high)s, and clearly worst at %(low)s") % {"high": high, "low": low}
    elif low:
        said = _("It is clearly worst at %(low)s; no touchpoint is clearly the best") % {"low": low}
    else:
        said = _("It is clearly best at %(high)s; no touchpoint is clearly the worst") % {"high": high}
    return f"{said}{moments.as_means(rows)}{moments.FULL_STOP[lang]}"


def _link(shown: Shown, one: Journey, is_here: bool) -> dict[str, Any]:  # noqa: FBT001
    rows = [moments.scores(shown).get(touchpoint.id) for touchpoint in one.touchpoints]
    places = [at for at, row in enumerate(rows) if row is not None and row.value is not None]
    found = moments.standing_out([rows[at] for at in places])
    return {
        "name": one.title[shown.lang],
        "href": shown.address("journey/", journey=one.id),
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
