"""A service's journeys at one glance, above the pages that edit them: a sentence, and the map as it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from peakend.service.drawings.journey_map import Layout, draw_map
from peakend.service.drawings.lanes import LaneSet
from peakend.service.drawings.views import View, draw_view
from peakend.service.journeys import Journey
from peakend.service.presenting import LaneSlide, lane_slides
from peakend.service.schema import ServiceDocument
from peakend.service.summary import summary
from peakend.terms import Lang


@dataclass(frozen=True)
class Sketch:
    """A journey at one glance, planned or with live scores; a drawing is made where a page asks for it."""

    service: ServiceDocument
    journey: Journey
    lang: Lang
    scores: Mapping[str, object] | None = None

    @property
    def title(self) -> str:
        """What the journey is called."""
        return self.journey.title[self.lang]

    @property
    def sentence(self) -> str:
        """What it comes to, in one sentence."""
        return summary(self.journey, self.lang)

    @property
    def page(self) -> SafeString:
        """Its map across a page; nothing where there is nothing to draw."""
        return self._drawn("page")

    @property
    def column(self) -> SafeString:
        """Its map down a phone; nothing where there is nothing to draw."""
        return self._drawn("column")

    @property
    def thoughts(self) -> Lanes:
        """What customers do, think, expect and fear at each touchpoint."""
        return Lanes(self, "map", "story")

    @property
    def work(self) -> Lanes:
        """Who does what at each touchpoint, before and behind the lines."""
        return Lanes(self, "blueprint", "blueprint")

    def _drawn(self, layout: Layout) -> SafeString:
        if not self.journey.touchpoints:
            return SafeString()
        drawn = draw_map(
            self.service,
            self.journey.id,
            lang=self.lang,
            scores=self.scores,
            theme="auto",
            layout=layout,
            style=False,
        )
        return mark_safe(drawn)  # noqa: S308 — the drawing escapes every word that it writes


@dataclass(frozen=True)
class Lanes:
    """Some lanes of a journey, each way made where a page asks for it."""

    sketch: Sketch
    view: View
    lanes: LaneSet

    @property
    def drawing(self) -> SafeString:
        """The lanes across a page; nothing where there is nothing to draw."""
        sketch = self.sketch
        if not sketch.journey.touchpoints:
            return SafeString()
        (drawn,) = draw_view(
            self.view,
            sketch.service,
            sketch.journey.id,
            lang=sketch.lang,
            theme="auto",
            lanes=self.lanes,
            style=False,
            headed=False,
        )
        return mark_safe(drawn)  # noqa: S308 — the drawing escapes every word that it writes

    @property
    def slides(self) -> Sequence[LaneSlide]:
        """The lanes in words, one after the other: a phone is too narrow for them beside each other."""
        return lane_slides(self.sketch.service, self.sketch.journey, self.sketch.lang, self.lanes)


def sketches(service: ServiceDocument, lang: Lang, scores: Mapping[str, object] | None = None) -> Sequence[Sketch]:
    """The journeys of a service, each at one glance; with `scores`, by touchpoint, where they are shown."""
    return [Sketch(service, journey, lang, scores) for journey in service.journeys]
