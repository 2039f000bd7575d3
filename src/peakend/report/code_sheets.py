"""Codes to hang up: a survey's code as a poster, a tent for the table, stickers to cut or a strip of a receipt, with
words that a customer understands at a glance, in every language of the service, and the address for who cannot scan.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from math import ceil
from types import MappingProxyType
from typing import Any, Final, Literal

import segno

from peakend.draw.font import print_font
from peakend.draw.palette import LIGHT
from peakend.errors import PeakendError
from peakend.report.ink import BOLD, SVG, face_of
from peakend.report.pages import PIXELS_AN_INCH, Imprint, pdf_options, place_of, run
from peakend.service.drawings.typeset import with_thin_spaces
from peakend.terms import Lang

SheetForm = Literal["poster", "tent", "stickers", "receipt"]
RIM: Final = 4
"""The white that a code needs around it, in its modules."""
MOST_CODES: Final = 1_200
"""How many codes are set at once: fifty sheets of stickers."""
MOST_PAGES: Final = 200


@dataclass(frozen=True)
class Format:
    """A form of sheet: how many codes stand on a page, how wide a code is in millimetres with its rim, and from how
    far, in centimetres, it is read: about ten times its own width.
    """

    codes: int
    side: float

    @property
    def read_from(self) -> int:
        """From how many centimetres a phone reads it."""
        return round(self.side / 10) * 10


FORMATS: Final[Mapping[SheetForm, Format]] = MappingProxyType(
    {
        "poster": Format(codes=1, side=100),
        "tent": Format(codes=1, side=88),
        "stickers": Format(codes=24, side=31),
        "receipt": Format(codes=1, side=40),
    }
)


@dataclass(frozen=True)
class SheetWords:
    """What is said on a sheet in one language: the question, how long it takes, what becomes of the answers, and what
    to do.
    """

    lang: Lang
    headline: str
    time: str
    terms: str
    how: str


@dataclass(frozen=True)
class PrintedCode:
    """One code: the link in it, and the name of the place where it hangs."""

    link: str
    place: str

    @property
    def host(self) -> str:
        """The first line of the address that is typed."""
        return self.link.partition("://")[2].partition("/")[0]

    @property
    def path(self) -> str:
        """Its second line."""
        return self.link.partition("://")[2].removeprefix(self.host)


@dataclass(frozen=True)
class CodeSheets:
    """Codes in one form, with the words on them, and the house that asks: its name, its colour and its logo, a PNG
    in base64; ours where these are empty.
    """

    form: SheetForm
    title: str
    house: str
    words: tuple[SheetWords, ...]
    codes: tuple[PrintedCode, ...]
    colour: str = ""
    logo: str = ""

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return ceil(len(self.codes) / FORMATS[self.form].codes)


def code_sheets_pdf(sheets: CodeSheets, imprint: Imprint) -> bytes:
    """The pages as a PDF (PDF/UA-1, its fonts within). Raises PeakendError `report.large` where there are more than
    anybody prints, `report.not_set` where the program that sets pages refuses.
    """
    return _set(sheets, sheets.codes, imprint, **pdf_options(imprint))


def code_sheets_png(sheets: CodeSheets, imprint: Imprint, *, ppi: float = PIXELS_AN_INCH) -> bytes:
    """The first page as a picture. Raises as `code_sheets_pdf` does."""
    first = sheets.codes[: FORMATS[sheets.form].codes]
    return _set(sheets, first, imprint, format="png", ppi=ppi)


def _set(sheets: CodeSheets, codes: Sequence[PrintedCode], imprint: Imprint, **options: Any) -> bytes:
    if len(codes) > MOST_CODES or sheets.pages > MOST_PAGES:
        raise PeakendError("report.large", sheets=sheets.pages, most=MOST_PAGES)
    program = files("peakend.report").joinpath("code_sheets.typ").read_bytes()
    given = json.dumps(_data(sheets, codes, imprint), ensure_ascii=False, separators=(",", ":"))
    return run(program, {"sheets": given}, **options)[0]


def _data(sheets: CodeSheets, codes: Sequence[PrintedCode], imprint: Imprint) -> dict[str, Any]:
    """What the program is given: every word with its face, every code as a drawing."""
    (lang, region), day = place_of(imprint.lang), imprint.dated
    return {
        "form": sheets.form, "side": FORMATS[sheets.form].side, "title": sheets.title, "bold": BOLD,
        "lang": lang, "region": region, "day": [day.year, day.month, day.day],
        "tones": {"ink": LIGHT["ink"], "quiet": LIGHT["quiet"], "accent": sheets.colour or LIGHT["accent"]},
        "logo": _picture(sheets.logo) if sheets.logo else "",
        "house": _faced(sheets.house, imprint.lang),
        "words": [_spoken(each) for each in sheets.words],
        "codes": [_code(each, imprint.lang) for each in codes],
    }  # fmt: skip


def _picture(png: str) -> str:
    """A picture within a drawing, which is how it comes to the program as words."""
    wide, high = (int.from_bytes(base64.b64decode(png[:32])[at : at + 4]) for at in (16, 20))
    return (
        f'<svg xmlns="{SVG}" viewBox="0 0 {wide} {high}">'
        f'<image href="data:image/png;base64,{png}" width="{wide}" height="{high}"/></svg>'
    )


def _spoken(words: SheetWords) -> dict[str, Any]:
    lang, region = place_of(words.lang)
    said = {name: _faced(getattr(words, name), words.lang) for name in ("headline", "time", "terms", "how")}
    return {"lang": lang, "region": region, **said}


def _faced(words: str, lang: Lang) -> dict[str, str]:
    return {"text": print_font().drawn(with_thin_spaces(words)), "font": face_of(words, lang)}


def _code(code: PrintedCode, lang: Lang) -> dict[str, Any]:
    return {
        "svg": code_svg(code.link),
        "told": code.link,
        "host": _faced(code.host, "en"),
        "path": _faced(code.path, "en"),
        "place": _faced(code.place, lang),
    }


def code_svg(link: str) -> str:
    """A code for cameras with the white that it needs, a unit a module, in the strongest correction (at least M) that
    makes it no denser.
    """
    modules = segno.make(link, error="m", micro=False).matrix
    side = len(modules) + 2 * RIM
    dark = "".join(
        f"M{column + RIM},{row + RIM}h1v1h-1z"
        for row, line in enumerate(modules)
        for column, module in enumerate(line)
        if module
    )
    return (
        f'<svg xmlns="{SVG}" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path d="{dark}" fill="{LIGHT["code"]}"/></svg>'
    )
