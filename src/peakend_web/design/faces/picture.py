"""The picture of a face, and the sentence that says what is true of it: both the drawing's own."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from peakend.errors import DocumentError
from peakend.service.document import of_data
from peakend.service.drawings.paper import PaperName
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.views import VIEWS, View, draw_view
from peakend.service.schema import ServiceDocument
from peakend_web.design.reading import Reading

from .face import Face


@dataclass(frozen=True)
class Picture:
    """A drawing for a desk, and one for a phone; what it shows in words."""

    view: str
    wide: SafeString
    narrow: SafeString


@dataclass(frozen=True)
class Shown:
    """What a face opens with: its sentence, and its pictures; neither where there is nothing to draw."""

    sentence: str = ""
    pictures: tuple[Picture, ...] = ()


def shown(face: Face, reading: Reading) -> Shown:
    """The sentence and the pictures of a face."""
    views = [view for view in VIEWS if view in face.views]
    try:
        service = of_data(reading.working.data)
        sentence = _sentence(views[0], service, reading) if views else ""
        return Shown(sentence, tuple(_picture(view, service, reading) for view in views))
    except DocumentError:  # no journey yet, or a draft that cannot be read whole
        return Shown()


def _sentence(view: View, service: ServiceDocument, reading: Reading) -> str:
    journey = service.journey()
    return VIEWS[view].caption(Subject(service, journey, reading.lang)).sentence if journey else ""


def _picture(view: View, service: ServiceDocument, reading: Reading) -> Picture:
    return Picture(view, _svg(view, service, reading, "page"), _svg(view, service, reading, "phone"))


def _svg(view: View, service: ServiceDocument, reading: Reading, paper: PaperName) -> SafeString:
    sheets = draw_view(view, service, lang=reading.lang, theme="auto", paper=paper, style=False)
    return mark_safe("".join(sheets))  # noqa: S308 — the pen escapes every word
