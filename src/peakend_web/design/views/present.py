"""A journey as it is presented to people in a room: one slide a page, each with an address of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from peakend.service.document import of_data
from peakend.service.drawings.lanes import LANE_SETS, LaneSet
from peakend.service.journeys import Journey
from peakend.service.presenting import LaneSlide, Overview, PostSlide, sets_with_words, slides
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.base.refusals import Missing
from peakend_web.base.whole_numbers import whole_number
from peakend_web.design.forms.printing import LANE_SET_NAMES
from peakend_web.design.queries import document_at, document_in_force

from .drafts import open_draft_of
from .sketch import Sketch

TEMPLATES: Final = {Overview: "overview", LaneSlide: "lane", PostSlide: "post"}


def present(request: HttpRequest, here: InService) -> HttpResponse:
    """One slide of a journey; of the draft for whoever makes it, else of the version in force."""
    draft = open_draft_of(here)
    working = document_at(draft) if draft else document_in_force(here.service)
    if working is None or not working.data.get("journeys"):
        return render(request, "peakend_web/design/present.html", {})
    service, lang = of_data(working.data), reader_language()
    journey = service.journey(request.GET.get("journey") or None)
    if journey is None:
        raise Missing("web.missing")
    lanes = _lanes(request)
    found = slides(service, journey, lang, lanes)
    at = min(max(whole_number(request.GET.get("slide", "")), 1), len(found))
    shown = {"slide": found[at - 1], "sketch": Sketch(service, journey, lang), "at": at, "last": len(found)}
    piece = f"peakend_web/design/parts/slide_{TEMPLATES[type(found[at - 1])]}.html"
    filled = sets_with_words(service, journey, lang)
    ways = _ways(journey, lanes, at, len(found), filled)
    return render(request, "peakend_web/design/present.html", {"piece": piece, **shown, **ways})


def _lanes(request: HttpRequest) -> LaneSet:
    wanted = request.GET.get("lanes", "story")
    return cast(LaneSet, wanted) if wanted in LANE_SETS else "story"


def _ways(journey: Journey, lanes: LaneSet, at: int, last: int, filled: Sequence[LaneSet]) -> dict[str, Any]:
    """Where one goes on from a slide: back, on, and to the first of other lanes in which anything is said."""

    def address(number: int, shown: str = lanes) -> str:
        return "?" + urlencode({"journey": journey.id, "lanes": shown, "slide": number})

    return {
        "previous": address(at - 1) if at > 1 else "",
        "next": address(at + 1) if at < last else "",
        "sets": [
            (name, address(1, key), key == lanes) for key, name in LANE_SET_NAMES.items() if key in {*filled, lanes}
        ],
    }
