"""The journey map as SVG: for a wall, for a page, for a phone; planned, or carrying live scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal

from peakend.errors import DocumentError
from peakend.service.drawings.blueprint import draw_blueprint
from peakend.service.drawings.curve import scores_of
from peakend.service.drawings.figure_rows import FigureRow
from peakend.service.drawings.map_content import JourneyMap
from peakend.service.drawings.page import draw_page
from peakend.service.drawings.pen import Pen, Theme
from peakend.service.drawings.phone import draw_phone
from peakend.service.drawings.poster import draw_poster
from peakend.service.drawings.subject import day_of
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang

Layout = Literal["wall", "wide", "page", "column"]

_LAYOUTS: Final = MappingProxyType(
    {"wall": draw_poster, "wide": draw_blueprint, "page": draw_page, "column": draw_phone}
)


def draw_map(
    service: ServiceDocument,
    journey: str | None = None,
    *,
    lang: Lang = "en",
    scores: Mapping[str, object] | None = None,
    rows: Sequence[FigureRow] = (),
    theme: Theme = "light",
    layout: Layout = "wide",
    dated: str | None = None,
    style: bool = True,
) -> str:
    """The map of a journey (the first, where none is named) as an SVG text.

    `scores` gives touchpoints, by id, a `Score` or anything with its fields (value, low, high, n, scale_low,
    scale_high, refused). The measured curve goes through them, and the planned one lies below it on its own scale.
    `rows` are figures that stand under the map of a page, such as how long people waited.
    `layout`: `wall` is the poster for A1, `wide` the blueprint with every lane, `page` the journey at one glance,
    `column` runs down a phone. `dated` stands in the corner instead of the document's own date, a day as the reader
    writes days. `style` False leaves the style sheet out, for pages whose content policy forbids it there (see
    `pen.style_sheet`). Raises DocumentError `document.no_journey` where there is nothing to draw.
    """
    found = service.journey(journey)
    if found is None or not found.touchpoints:
        known = ", ".join(each.id for each in service.journeys if each.touchpoints) or "—"
        raise DocumentError("document.no_journey", name=journey or service.service, known=known)
    picture = JourneyMap(service, found, lang, scores_of(scores), day_of(service, dated, lang), rows)
    pen = Pen(lang, theme)
    width, height = _LAYOUTS[layout](picture, pen)
    return pen.finish(
        width, height, picture.title, picture.description, id=f"map-{service.service}-{found.id}-{layout}", style=style
    )
