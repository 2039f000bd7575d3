"""A service's journeys at one glance, above the pages that edit them: a sentence, and the map as it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from peakend.service.drawings.journey_map import Layout, draw_map
from peakend.service.drawings.lanes import LaneSet
from peakend.service.drawings.views import View, draw_view
from peakend.service.journeys import Journey
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
    def thoughts(self) -> SafeString:
        """What customers do, think, expect and fear at each touchpoint."""
        return self._with_lanes("story")

    @property
    def work(self) -> SafeString:
        """Who does what at each touchpoint, before and behind the lines."""
        return self._with_lanes("blueprint")

    def _with_lanes(self, lanes: LaneSet) -> SafeString:
        if not self.journey.touchpoints:
            return SafeString()
        view: View = "blueprint" if lanes == "blueprint" else "map"
        (drawn,) = draw_view(
            view, self.service, self.journey.id, lang=self.lang, theme="auto", lanes=lanes, style=False, headed=False
        )
        return mark_safe(drawn)  # noqa: S308 — the drawing escapes every word that it writes

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


def sketches(service: ServiceDocument, lang: Lang, scores: Mapping[str, object] | None = None) -> Sequence[Sketch]:
    """The journeys of a service, each at one glance; with `scores`, by touchpoint, where they are shown."""
    return [Sketch(service, journey, lang, scores) for journey in service.journeys]
