"""Registers on pages to read: their tables as tables, whose heads stand again on every page, whose rows are not cut and
whose words can be searched, copied and read aloud; before them the picture, where a view has one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Final

from peakend.draw.font import print_font
from peakend.report.ink import MissingGlyph, missing_glyphs
from peakend.report.pages import Imprint, pdf_options, run
from peakend.report.register_data import Register, inputs_of, is_too_narrow
from peakend.service.drawings.blocks import Block, Named
from peakend.service.drawings.paper import PAPERS, Paper, PaperName
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.table import without_empty
from peakend.service.drawings.views import VIEWS, View, picture_sheets

READ_ON: Final[frozenset[PaperName]] = frozenset({"A4", "A3"})
"""The papers that are read in the hand; on a larger one, for a wall, a register is drawn."""
LARGER: Final = (1.4, 1.3, 1.2, 1.1)
"""By how much type may be larger than a paper's own, where no more pages are needed."""
SMALLER: Final = 0.94
"""From one size of type to the next smaller one, where the pages of a register are numbered."""
COUNTED_AT: Final = 2
"""Pixels an inch of pages that are only counted."""


def register_of(view: View, subject: Subject, paper: PaperName) -> Register | None:
    """The register of a view, for a paper that is read in the hand; None where the view is drawn there, or has nothing
    to say yet.
    """
    drawing = VIEWS[view]
    if drawing.tables is None or paper not in READ_ON:
        return None
    tables = tuple(without_empty(table) for table in drawing.tables(subject) if table.rows)
    if not tables:
        return None
    caption = replace(drawing.caption(subject), address=subject.address)
    pictures = picture_sheets(view, subject, paper)
    return Register(caption, tables, paper, subject.lang, pictures, drawing.pages)


@dataclass(frozen=True)
class Setting:
    """A register in the size of type in which it is printed."""

    register: Register
    paper: Paper
    pages: int
    """How many pages it has, those of its pictures among them."""

    @classmethod
    def of(cls, register: Register) -> Setting:
        """The largest type that needs no more pages than the paper's own; where the register is meant to stand on
        fewer, the largest in which it does, if the least size of the paper allows one.
        """
        own = cls._at(register, PAPERS[register.paper])
        if register.meant is not None and own.pages > register.meant:
            return next((each for each in cls._smaller(register) if each.pages <= register.meant), own)
        larger = (own.paper.enlarged(by) for by in LARGER)
        tried = (cls._at(register, paper) for paper in larger if not is_too_narrow(register, paper))
        return next((each for each in tried if each.pages <= own.pages), own)

    @classmethod
    def _smaller(cls, register: Register) -> Iterator[Setting]:
        own = PAPERS[register.paper]
        by = SMALLER
        while own.body * by > own.least:
            yield cls._at(register, replace(own, body=own.body * by))
            by *= SMALLER
        yield cls._at(register, replace(own, body=own.least))

    @classmethod
    def _at(cls, register: Register, paper: Paper) -> Setting:
        inputs = inputs_of(register, paper, Imprint(register.lang))
        return cls(register, paper, len(run(_program(), inputs, format="png", ppi=COUNTED_AT)))

    def pdf(self, imprint: Imprint) -> bytes:
        """The pages as PDF (PDF/UA-1, its fonts within)."""
        return run(_program(), inputs_of(self.register, self.paper, imprint), **pdf_options(imprint))[0]

    def pngs(self, imprint: Imprint, *, ppi: float) -> list[bytes]:
        """The pages as PNG, `ppi` pixels an inch."""
        return run(_program(), inputs_of(self.register, self.paper, imprint), format="png", ppi=ppi)


@cache
def _program() -> bytes:
    return files("peakend.report").joinpath("register.typ").read_bytes()


def missing_in(register: Register) -> tuple[MissingGlyph, ...]:
    """The characters of a register that the font does not have, each once for the words in which it stands."""
    font = print_font()
    told = [register.caption.title, register.caption.sentence, *_told(register)]
    inside = (MissingGlyph(char, "", "", words) for words in told for char in font.left_out(words))
    drawn = (glyph for sheet in register.pictures for glyph in missing_glyphs(sheet))
    return tuple(dict.fromkeys((*drawn, *inside)))


def _told(register: Register) -> Iterator[str]:
    for table in register.tables:
        yield from (table.heading, *(column.head for column in table.columns))
        for row in table.rows:
            yield row.group
            yield from (words for cell in row.cells for block in cell for words in _words(block))


def _words(block: Block) -> Iterator[str]:
    match block:
        case Named(name, blocks):
            yield name
            yield from (words for inner in blocks for words in _words(inner))
        case _:
            yield block.told
