"""`peakend service draw`: a view of the document as SVG, PNG or PDF, for a page or for paper."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from peakend.commands.arguments import Arguments, document_named, source, writable
from peakend.commands.output import say, say_json, write_sheets
from peakend.errors import PeakendError
from peakend.methods.csat import csat
from peakend.report.ink import MissingGlyph, missing_glyphs
from peakend.report.pages import Imprint, pdf_of, png_of
from peakend.report.printed import PrintedView
from peakend.report.tiles import tiles_of
from peakend.service.drawings.journey_map import Layout, draw_map
from peakend.service.drawings.lanes import LANE_SETS
from peakend.service.drawings.paper import PaperName
from peakend.service.drawings.views import OF_SERVICE, VIEWS, View, draw_view, subject_of
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label

_LAYOUT_OF: Final[Mapping[str | None, Layout]] = {"map": "page", "blueprint": "wide"}
"""In which layout the views are drawn that have several."""
_PAPERS: Final = ("page", "A4", "A3", "A1")


def draw(parser: Arguments, words: list[str], lang: Lang) -> int:
    """Draw a view of a document into files."""
    _take_options(parser, lang)
    given = parser.parse_args(words)
    _refuse_both(given, parser.prog)
    target = writable(given.out, tuple(_FORMS))
    service = document_named(given.file)
    imprint = Imprint(lang, service.dated) if service.dated else Imprint(lang)
    journeys = _journeys(given, service)
    missing: dict[MissingGlyph, None] = {}
    files: list[Path] = []
    count = 0
    for journey in journeys:
        own = target.with_stem(f"{target.stem}-{journey}") if len(journeys) > 1 else target
        pages = _pages(given, service, journey, imprint)
        files += _FORMS[target.suffix.lower()](own, pages)
        missing |= dict.fromkeys(pages.missing())
        count += len(pages.sheets) if target.suffix.lower() == ".svg" else pages.pages
    for glyph in missing:
        sys.stderr.write(_left_out(glyph, service, lang) + "\n")
    if given.json:
        say_json({"view": _view(given), "sheets": count, "files": [str(file) for file in files]})
    else:
        say("\n".join(label("cli.written", lang).format(file=file) for file in files))
    return 0


def _take_options(parser: Arguments, lang: Lang) -> None:
    parser.given.add_argument("file", metavar="FILE", help=label("cli.document", lang))
    add = parser.options.add_argument
    add("--out", metavar="OUT", required=True, help=label("cli.map_out", lang))
    add("--view", choices=tuple(VIEWS), help=label("cli.view", lang))
    add("--lanes", choices=tuple(LANE_SETS), help=label("cli.lanes", lang))
    add("--paper", choices=_PAPERS, default="page", help=label("cli.paper", lang))
    add("--tiles", action="store_true", help=label("cli.tiles", lang))
    add("--journey", metavar="ID", help=label("cli.journey", lang))
    add("--layout", choices=get_args(Layout), help=label("cli.layout", lang))
    add("--theme", choices=("light", "dark"), default="light", help=label("cli.theme", lang))
    add("--scores", metavar="FACTS", help=label("cli.scores", lang))
    add("--json", action="store_true", help=label("cli.json", lang))


def _journeys(given: Namespace, service: ServiceDocument) -> Sequence[str | None]:
    """The journeys that are drawn: the one that was named, else every one, each into files of its own; one file of a
    view that is of the whole service.
    """
    if given.journey or len(service.journeys) < 2 or _view(given) in OF_SERVICE:
        return (given.journey,)
    return [journey.id for journey in service.journeys]


def _refuse_both(given: Namespace, prog: str) -> None:
    """A layout is of a page: it has neither lanes nor a paper, and no other view has one."""
    others = {
        f"--view {given.view}": given.view in VIEWS and given.view not in _LAYOUT_OF,
        "--lanes": given.lanes,
        f"--paper {given.paper}": given.paper != "page",
    }
    for other in (name for name, said in others.items() if said and given.layout):
        raise PeakendError("cli.together", option="--layout", other=other, help=f"{prog} --help")


def _view(given: Namespace) -> View:
    return given.view or ("blueprint" if given.layout in {None, "wide"} else "map")


@dataclass(frozen=True)
class Drawn:
    """Drawings that are not set on pages to read: those of a page on a screen, and the pieces of a poster."""

    sheets: tuple[str, ...]
    imprint: Imprint
    paper: PaperName | None = None

    @property
    def pages(self) -> int:
        """How many there are."""
        return len(self.sheets)

    def pdf(self) -> bytes:
        """All of them as PDF."""
        return pdf_of(self.sheets, self.imprint, paper=self.paper)

    def png(self, page: int) -> bytes:
        """One of them, from 1 on, as PNG."""
        return png_of(self.sheets[page - 1], self.imprint, paper=self.paper)

    def missing(self) -> tuple[MissingGlyph, ...]:
        """The characters that the font does not have."""
        return tuple(dict.fromkeys(glyph for sheet in self.sheets for glyph in missing_glyphs(sheet)))


Pages = Drawn | PrintedView


def _pages(given: Namespace, service: ServiceDocument, journey: str | None, imprint: Imprint) -> Pages:
    """What is drawn of a journey."""
    lang, scores = imprint.lang, _scores(given) if given.scores else None
    if given.paper == "page" and given.lanes is None and given.view in {None, *_LAYOUT_OF}:
        layout = given.layout or _LAYOUT_OF.get(given.view, "wide")
        return Drawn((draw_map(service, journey, lang=lang, scores=scores, theme=given.theme, layout=layout),), imprint)
    tiled = given.tiles and given.paper not in {"page", "A4"}
    if given.paper != "page" and given.theme == "light" and not tiled:
        subject = subject_of(service, journey, lang=lang, scores=scores, lanes=given.lanes)
        return PrintedView(_view(given), subject, given.paper, imprint)
    sheets = draw_view(
        _view(given), service, journey, lang=lang, scores=scores, theme=given.theme, paper=given.paper,
        lanes=given.lanes,
    )  # fmt: skip
    if tiled:
        return Drawn(tuple(tile for sheet in sheets for tile in tiles_of(sheet, given.paper)), imprint, "A4")
    return Drawn(sheets, imprint, None if given.paper == "page" else given.paper)


def _scores(given: Namespace) -> dict[str, Any]:
    """The mean of every touchpoint that is rated, by the touchpoint's id."""
    return {row.construct: row for row in csat(source(given.scores), measure="mean") if row.construct}


def _left_out(glyph: MissingGlyph, service: ServiceDocument, lang: Lang) -> str:
    """Which character the font does not have, and where."""
    place = " · ".join(
        part
        for part in (
            service.title_of(glyph.touchpoint, lang) if glyph.touchpoint else "",
            label(glyph.lane, lang) if glyph.lane else "",
        )
        if part
    )
    return label("print.left_out", lang).format(char=glyph.char, place=place or glyph.words)


Writer = Callable[[Path, Pages], list[Path]]


def _write_svg(target: Path, pages: Pages) -> list[Path]:
    return write_sheets(target, [sheet.encode() for sheet in pages.sheets])


def _write_png(target: Path, pages: Pages) -> list[Path]:
    return write_sheets(target, [pages.png(at) for at in range(1, pages.pages + 1)])


def _write_pdf(target: Path, pages: Pages) -> list[Path]:
    return write_sheets(target, [pages.pdf()])


_FORMS: Final[Mapping[str, Writer]] = {".svg": _write_svg, ".png": _write_png, ".pdf": _write_pdf}
