"""Sheets on real pages: each drawing fills a page of exactly its paper's size, its words stay words, and the same
sheets give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any, Final

import typst

from peakend.draw.font import font_folder
from peakend.errors import PeakendError
from peakend.report.ink import SVG, prepare, read, svg_text, whiten
from peakend.service.drawings.paper import PAPERS, POINTS_A_MILLIMETRE, PaperName
from peakend.terms import Lang

MOST_SHEETS: Final = 200
MOST_LETTERS: Final = 16_000_000
"""How many sheets, and how many letters of drawing in all, are set at once."""
LONGEST_DESCRIPTION: Final = 4000
PIXELS_AN_INCH: Final = 144
MOST_PIXELS: Final = 60_000_000
_PLACES: Final[dict[Lang, tuple[str, str]]] = {"en": ("en", ""), "zh-Hant": ("zh", "TW"), "zh-Hans": ("zh", "CN")}
_PAGES: Final = """
#let given = sys.inputs
#set document(title: given.title, description: given.description, date: datetime(
  year: int(given.year), month: int(given.month), day: int(given.day)))
#set text(lang: given.lang, region: if given.region == "" { none } else { given.region })
#set page(margin: 0pt, width: float(given.width) * 1mm, height: float(given.height) * 1mm)
#for at in range(int(given.sheets)) {
  if at > 0 { pagebreak() }
  image(bytes(given.at("sheet" + str(at))), format: "svg", width: 100%, height: 100%,
    alt: if at == 0 { given.description } else { given.title + " " + str(at + 1) + "/" + given.sheets })
}
"""
"""The program that sets the pages. What is set is handed to it as data: no word of it is ever read as a program."""


@dataclass(frozen=True)
class Imprint:
    """What a file says of itself beside the title and the description of its drawings: its language, and its day, which
    is no clock's, so that the same sheets give the same bytes.
    """

    lang: Lang
    dated: date = date(2000, 1, 1)


def pdf_of(sheets: Sequence[str], imprint: Imprint, *, paper: PaperName | None = None) -> bytes:
    """Drawings as a PDF, one a page (PDF/UA-1, its fonts within). On a `paper` pages have exactly its size, else that
    of their first drawing, a pixel a point.

    Raises PeakendError `report.large` where it is more than anybody prints, `report.not_set` where the program that
    sets pages refuses.
    """
    width, height = size_of(sheets[0], paper)
    inputs = _checked(sheets, imprint, white=True) | {"width": f"{width:.3f}", "height": f"{height:.3f}"}
    return run(_PAGES.encode(), inputs, **pdf_options(imprint))[0]


def png_of(sheet: str, imprint: Imprint, *, paper: PaperName | None = None, ppi: float = PIXELS_AN_INCH) -> bytes:
    """A drawing as PNG, `ppi` pixels an inch; fewer where it would have more pixels than a machine holds. Raises as
    `pdf_of` does.
    """
    width, height = size_of(sheet, paper)
    inputs = _checked([sheet], imprint) | {"width": f"{width:.3f}", "height": f"{height:.3f}"}
    most = (MOST_PIXELS / (width * height)) ** 0.5 * 25.4
    return run(_PAGES.encode(), inputs, format="png", ppi=min(ppi, most))[0]


def size_of(sheet: str, paper: PaperName | None) -> tuple[float, float]:
    """How wide and how high a page is, in millimetres."""
    known = PAPERS[paper] if paper else None
    if known and known.height:
        return known.width / POINTS_A_MILLIMETRE, known.height / POINTS_A_MILLIMETRE
    root = read(sheet)
    return float(root.get("width", "1")) / POINTS_A_MILLIMETRE, float(root.get("height", "1")) / POINTS_A_MILLIMETRE


def _checked(sheets: Sequence[str], imprint: Imprint, *, white: bool = False) -> dict[str, str]:
    if len(sheets) > MOST_SHEETS or sum(map(len, sheets)) > MOST_LETTERS:
        raise PeakendError("report.large", sheets=len(sheets), most=MOST_SHEETS)
    lang, region = place_of(imprint.lang)
    day = imprint.dated
    roots = [read(sheet) for sheet in sheets]
    for root in roots if white else ():
        whiten(root)
    title, description = (roots[0].findtext(f"{{{SVG}}}{name}") or "" for name in ("title", "desc"))
    return {
        "title": title,
        "description": description[:LONGEST_DESCRIPTION],
        "lang": lang,
        "region": region,
        "year": str(day.year),
        "month": str(day.month),
        "day": str(day.day),
        "sheets": str(len(sheets)),
        **{f"sheet{at}": svg_text(prepare(root, imprint.lang)) for at, root in enumerate(roots)},
    }


@cache
def _fonts() -> typst.Fonts:
    """The one font package; no font of the machine, which another machine would not have."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(font_folder())])


def place_of(lang: Lang) -> tuple[str, str]:
    """A language and a region, by which words are set and read aloud."""
    return _PLACES[lang]


def pdf_options(imprint: Imprint) -> dict[str, Any]:
    """A PDF that is accepted as PDF/UA-1, made at noon of its day."""
    noon = datetime.combine(imprint.dated, time(12), UTC)
    return {"format": "pdf", "pdf_standards": ["ua-1"], "timestamp": noon}


def run(program: bytes, inputs: dict[str, str], **options: Any) -> list[bytes]:
    """What a program that sets pages makes of its inputs: a file, or as pictures one a page. Raises PeakendError
    `report.not_set` where it is refused.
    """
    with _compiler(program, inputs) as compiler:
        made: bytes | list[bytes] | None = compiler.compile(**options)
    return [made] if isinstance(made, bytes) else made or []


def told_at(label: str, program: bytes, inputs: dict[str, str]) -> Any:
    """What a program says of its pages at a label, once they are set. Raises as `run` does."""
    with _compiler(program, inputs) as compiler:
        return json.loads(compiler.query(label, field="value", one=True))


@contextmanager
def _compiler(program: bytes, inputs: dict[str, str]) -> Iterator[typst.Compiler]:
    try:
        yield typst.Compiler(program, font_paths=_fonts(), sys_inputs=inputs)
    except typst.TypstError as error:
        raise PeakendError("report.not_set", reason=error.message) from None
