"""`peakend service draw`: a view of the document as SVG, PNG or PDF, for a page or for paper."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, get_args

from peakend.commands.arguments import Arguments, document_named, source, writable
from peakend.commands.output import say, say_json
from peakend.errors import PeakendError
from peakend.methods.csat import csat
from peakend.report.ink import MissingGlyph, missing_glyphs
from peakend.report.pages import Imprint, pdf_of, png_of
from peakend.report.tiles import tiles_of
from peakend.service.drawings.journey_map import Layout, draw_map
from peakend.service.drawings.lanes import LANE_SETS
from peakend.service.drawings.paper import PaperName
from peakend.service.drawings.views import VIEWS, View, draw_view
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label

_LAYOUT_OF: Final[Mapping[str | None, Layout]] = {"map": "page", "blueprint": "wide"}
"""In which layout the views are drawn that have several."""
_PAPERS: Final = ("page", "A4", "A3", "A1")


def draw(parser: Arguments, words: list[str], lang: Lang) -> int:
    """Draw a view of a document into files."""
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
    given = parser.parse_args(words)
    _refuse_both(given, parser.prog)
    target = writable(given.out, tuple(_FORMS))
    service = document_named(given.file)
    paper, sheets = _sheets(given, service, lang)
    imprint = Imprint(lang, service.dated) if service.dated else Imprint(lang)
    files = _FORMS[target.suffix.lower()](target, sheets, imprint, paper)
    for glyph in dict.fromkeys(glyph for sheet in sheets for glyph in missing_glyphs(sheet)):
        sys.stderr.write(_left_out(glyph, service, lang) + "\n")
    if given.json:
        say_json({"view": _view(given), "sheets": len(sheets), "files": [str(file) for file in files]})
    else:
        say("\n".join(label("cli.written", lang).format(file=file) for file in files))
    return 0


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


def _sheets(given: Namespace, service: ServiceDocument, lang: Lang) -> tuple[PaperName | None, tuple[str, ...]]:
    """On which paper, and the pictures of a view, one a sheet."""
    scores = _scores(given) if given.scores else None
    if given.paper == "page" and given.lanes is None and given.view in {None, *_LAYOUT_OF}:
        layout = given.layout or _LAYOUT_OF.get(given.view, "wide")
        return None, (draw_map(service, given.journey, lang=lang, scores=scores, theme=given.theme, layout=layout),)
    sheets = draw_view(
        _view(given), service, given.journey, lang=lang, scores=scores, theme=given.theme, paper=given.paper,
        lanes=given.lanes,
    )  # fmt: skip
    if given.tiles and given.paper not in {"page", "A4"}:
        return "A4", tuple(tile for sheet in sheets for tile in tiles_of(sheet, given.paper))
    return None if given.paper == "page" else given.paper, sheets


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


Writer = Callable[[Path, Sequence[str], Imprint, PaperName | None], list[Path]]


def _write_svg(target: Path, sheets: Sequence[str], imprint: Imprint, paper: PaperName | None) -> list[Path]:
    del imprint, paper  # a drawing says both itself
    return written(target, [sheet.encode() for sheet in sheets])


def _write_png(target: Path, sheets: Sequence[str], imprint: Imprint, paper: PaperName | None) -> list[Path]:
    return written(target, [png_of(sheet, imprint, paper=paper) for sheet in sheets])


def _write_pdf(target: Path, sheets: Sequence[str], imprint: Imprint, paper: PaperName | None) -> list[Path]:
    return written(target, [pdf_of(sheets, imprint, paper=paper)])


def written(target: Path, contents: Sequence[bytes]) -> list[Path]:
    """The files that hold the sheets: the one that was named, or, of several, one after another by number."""
    many = len(contents) > 1
    files = [target.with_stem(f"{target.stem}-{at}") if many else target for at in range(1, len(contents) + 1)]
    for file, content in zip(files, contents, strict=True):
        try:
            file.write_bytes(content)
        except OSError as error:
            raise PeakendError("cli.not_written", file=str(file), reason=error.strerror or str(error)) from None
    return files


_FORMS: Final[Mapping[str, Writer]] = {".svg": _write_svg, ".png": _write_png, ".pdf": _write_pdf}
