"""A service's journeys at one glance, above the pages that edit them: a sentence, and the map as it is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from peakend.service.drawings.journey_map import Layout, draw_map
from peakend.service.schema import ServiceDocument
from peakend.service.summary import summary
from peakend.terms import Lang


@dataclass(frozen=True)
class Sketch:
    """A journey: its title, its sentence, and its map across a page and down a phone; no map where there is nothing to
    draw.
    """

    title: str
    sentence: str
    page: SafeString
    column: SafeString


def sketches(service: ServiceDocument, lang: Lang) -> Sequence[Sketch]:
    """The journeys of a service, each at one glance."""
    return [
        Sketch(
            journey.title[lang],
            summary(journey, lang),
            _drawing(service, journey.id, lang, "page") if journey.touchpoints else SafeString(),
            _drawing(service, journey.id, lang, "column") if journey.touchpoints else SafeString(),
        )
        for journey in service.journeys
    ]


def _drawing(service: ServiceDocument, journey: str, lang: Lang, layout: Layout) -> SafeString:
    # The drawing escapes every word that it writes.
    return mark_safe(draw_map(service, journey, lang=lang, theme="auto", layout=layout, style=False))  # noqa: S308
