"""The picture of a view, and the sentence that says what is true in it: both the drawing's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.safestring import SafeString, mark_safe

from peakend.errors import DocumentError
from peakend.service.drawings.curve import scores_of
from peakend.service.drawings.paper import PaperName
from peakend.service.drawings.subject import Kept, Subject
from peakend.service.drawings.views import VIEWS, View, draw_view
from peakend.service.schema import ServiceDocument
from peakend_web.design.reading import Reading


@dataclass(frozen=True)
class Picture:
    """A drawing for a desk and one for a phone, and what is true in it, which the page says above them."""

    view: View
    sentence: str
    wide: SafeString
    narrow: SafeString


SCORED: Final[frozenset[View]] = frozenset({"ring", "moments"})
"""The views that say where customers are listened to: by a survey, or by answers that came another way."""
KeptOf = Callable[[ServiceDocument], Mapping[str, Kept]]
"""How often the standards and promises of a document were kept."""


def pictures(views: list[View], reading: Reading, kept_of: KeptOf) -> dict[View, Picture]:
    """The pictures of these views; none where there is no journey yet, or a draft cannot be read whole."""
    try:
        kept = kept_of(reading.service) if "standards" in views else {}
        return {view: _picture(view, reading.service, reading, kept) for view in views}
    except DocumentError:
        return {}


def _picture(view: View, service: ServiceDocument, reading: Reading, kept: Mapping[str, Kept]) -> Picture:
    papers: tuple[PaperName, ...] = ("page", "phone")
    drawn = (
        draw_view(
            view,
            service,
            lang=reading.lang,
            scores=reading.scores,
            kept=kept,
            theme="auto",
            paper=paper,
            style=False,
            headed=False,
        )
        for paper in papers
    )
    wide, narrow = map("".join, drawn)
    # The pen escapes every word.
    return Picture(view, _sentence(view, service, reading, kept), mark_safe(wide), mark_safe(narrow))  # noqa: S308


def _sentence(view: View, service: ServiceDocument, reading: Reading, kept: Mapping[str, Kept]) -> str:
    journey, scores = service.journey(), scores_of(reading.scores)
    return VIEWS[view].caption(Subject(service, journey, reading.lang, scores, kept=kept)).sentence if journey else ""
