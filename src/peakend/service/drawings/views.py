"""The views of a document as pictures, by name: each draws the same parts in another way, and stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, Literal

from peakend.errors import DocumentError
from peakend.service.drawings import (
    failures,
    iceberg,
    moments,
    personas,
    posts,
    ring,
    senses,
    stakeholders,
    standards,
    strategy,
)
from peakend.service.drawings.canvas import Canvas
from peakend.service.drawings.curve import scores_of
from peakend.service.drawings.journey_sheets import BLUEPRINT, MAP
from peakend.service.drawings.lanes import LaneSet
from peakend.service.drawings.paper import PAPERS, PaperName
from peakend.service.drawings.pen import Theme
from peakend.service.drawings.subject import Kept, Subject, ViewDrawing, day_of
from peakend.service.journeys import Journey
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang

View = Literal[
    "map", "blueprint",
    "ring", "moments", "personas", "iceberg", "stakeholders", "senses", "standards", "failures", "strategy", "posts",
]  # fmt: skip


VIEWS: Final[Mapping[View, ViewDrawing]] = MappingProxyType(
    {
        "map": MAP,
        "blueprint": BLUEPRINT,
        "ring": ViewDrawing(ring.caption, ring.draw),
        "iceberg": ViewDrawing.of_tables(
            iceberg.caption, iceberg.draw, iceberg.tables, iceberg.draw_picture, iceberg.PAGES
        ),
        "personas": ViewDrawing.of_tables(personas.caption, personas.draw, personas.tables),
        "stakeholders": ViewDrawing.of_tables(
            stakeholders.caption, stakeholders.draw, stakeholders.tables, stakeholders.draw_picture
        ),
        "moments": ViewDrawing.of_tables(moments.caption, moments.draw, moments.tables),
        "senses": ViewDrawing.of_tables(senses.caption, senses.draw, senses.tables),
        "standards": ViewDrawing.of_tables(standards.caption, standards.draw, standards.tables),
        "failures": ViewDrawing.of_tables(failures.caption, failures.draw, failures.tables),
        "strategy": ViewDrawing.of_tables(strategy.caption, strategy.draw, strategy.tables),
        "posts": ViewDrawing(posts.caption, posts.draw, posts.chapters, is_hung=True),
    }
)
"""Every view on sheets; map and blueprint have layouts of their own besides (`journey_map`)."""


OF_SERVICE: Final[frozenset[View]] = frozenset({"personas", "iceberg", "failures", "strategy"})
"""The views that are the same for every journey."""


def draw_view(
    view: View,
    service: ServiceDocument,
    journey: str | None = None,
    *,
    lang: Lang = "en",
    scores: Mapping[str, object] | None = None,
    kept: Mapping[str, Kept] | None = None,
    theme: Theme = "light",
    paper: PaperName = "page",
    dated: str | None = None,
    edition: str = "",
    address: str = "",
    lanes: LaneSet | None = None,
    sheets: int | None = None,
    style: bool = True,
    headed: bool = True,
) -> tuple[str, ...]:
    """A view of a service as SVG texts, one a sheet.

    `scores` gives touchpoints, by id, a `Score` or anything with its fields, `kept` standards and promises how often
    they were kept. On `page` and `phone` there is one sheet, as high as it needs. `style` False leaves the style sheet
    out, for pages whose content policy forbids it there. A document that has nothing for a view yet is drawn as the
    sentence that says how to begin. Raises DocumentError `document.no_journey` where the journey that is named is
    missing. `edition` stands in the corner beside the date, `address` on the first sheet as a code for cameras. `lanes`
    are those of the map and the blueprint, `sheets` on how many of them the type may spread. `headed` False leaves
    title and sentence to the page around the picture: where nothing else is drawn, there is no sheet.
    """
    subject = subject_of(
        service, journey, lang=lang, scores=scores, kept=kept, dated=dated, edition=edition, address=address,
        lanes=lanes, sheets=sheets,
    )  # fmt: skip
    canvas = sheets_of(view, subject, theme=theme, paper=paper, headed=headed)
    return canvas.finish(_name(view, subject), style=style)


def subject_of(
    service: ServiceDocument,
    journey: str | None = None,
    *,
    lang: Lang = "en",
    scores: Mapping[str, object] | None = None,
    kept: Mapping[str, Kept] | None = None,
    dated: str | None = None,
    edition: str = "",
    address: str = "",
    lanes: LaneSet | None = None,
    sheets: int | None = None,
) -> Subject:
    """What a view is of. Raises as `draw_view` does."""
    found = _journey(service, journey)
    return Subject(
        service,
        found,
        lang,
        scores_of(scores),
        day_of(service, dated, lang),
        kept or {},
        edition,
        address,
        lanes,
        sheets,
    )


def sheets_of(
    view: View, subject: Subject, *, theme: Theme = "light", paper: PaperName = "page", headed: bool = True
) -> Canvas:
    """The sheets of a view, before they are written as SVG."""
    drawing = VIEWS[view]
    caption = replace(drawing.caption(subject), address=subject.address, is_around=not headed)
    canvas = Canvas(PAPERS[paper], subject.lang, theme, caption)
    drawing.draw(subject, canvas)
    return canvas


def view_sheets(view: View, subject: Subject, paper: PaperName) -> tuple[str, ...]:
    """The sheets of a view for print, as SVG texts."""
    return sheets_of(view, subject, paper=paper).finish(_name(view, subject), style=True)


def picture_sheets(view: View, subject: Subject, paper: PaperName) -> tuple[str, ...]:
    """The picture of a view whose tables stand on pages of their own; nothing where it has none."""
    drawing = VIEWS[view]
    if drawing.picture is None:
        return ()
    canvas = Canvas(PAPERS[paper], subject.lang, "light", replace(drawing.caption(subject), address=subject.address))
    drawing.picture(subject, canvas)
    return canvas.finish(_name(view, subject), style=False)


def _name(view: View, subject: Subject) -> str:
    return f"{view}-{subject.service.service}-{subject.journey.id}"


def _journey(service: ServiceDocument, name: str | None) -> Journey:
    """The journey with this id, the first where none is named; one without stages where there is none at all."""
    found = service.journey(name)
    if found is not None:
        return found
    if name is None:
        return Journey(id=service.service, title=service.title)
    known = ", ".join(each.id for each in service.journeys) or "—"
    raise DocumentError("document.no_journey", name=name, known=known)
