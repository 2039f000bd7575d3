"""The picture of a view, and the sentence that says what is true in it: both the drawing's own."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from peakend.errors import DocumentError
from peakend.service.drawings.paper import PaperName
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.views import VIEWS, View, draw_view
from peakend.service.schema import ServiceDocument
from peakend_web.design.reading import Reading


@dataclass(frozen=True)
class Picture:
    """A drawing for a desk and one for a phone, and what is true in it."""

    view: View
    sentence: str
    wide: SafeString
    narrow: SafeString


def pictures(views: list[View], reading: Reading) -> dict[View, Picture]:
    """The pictures of these views; none where there is no journey yet, or a draft cannot be read whole."""
    try:
        return {view: _picture(view, reading.service, reading) for view in views}
    except DocumentError:
        return {}


def _picture(view: View, service: ServiceDocument, reading: Reading) -> Picture:
    wide, narrow = (_svg(view, service, reading, paper) for paper in ("page", "phone"))
    return Picture(view, _sentence(view, service, reading), wide, narrow)


def _sentence(view: View, service: ServiceDocument, reading: Reading) -> str:
    journey = service.journey()
    return VIEWS[view].caption(Subject(service, journey, reading.lang)).sentence if journey else ""


def _svg(view: View, service: ServiceDocument, reading: Reading, paper: PaperName) -> SafeString:
    sheets = draw_view(view, service, lang=reading.lang, theme="auto", paper=paper, style=False)
    return mark_safe("".join(sheets))  # noqa: S308 — the pen escapes every word
