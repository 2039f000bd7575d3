"""Registers on pages to read: their tables as tables, whose heads stand again on every page, whose rows are not cut and
whose words can be searched, copied and read aloud; before them the picture, where a view has one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Final

from peakend.draw.font import print_font
from peakend.report.ink import MissingGlyph, missing_glyphs
from peakend.report.pages import Imprint, pdf_options, run, told_at
from peakend.report.register_data import Register, Setting, inputs_of, is_headed
from peakend.report.row_heads import with_row_heads
from peakend.service.drawings.blocks import Block, Named
from peakend.service.drawings.paper import PAPERS, Paper, PaperName
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.table import without_empty
from peakend.service.drawings.views import VIEWS, View, picture_sheets

READ_ON: Final[frozenset[PaperName]] = frozenset({"A4", "A3"})
"""The papers that are read in the hand; on a larger one, for a wall, a register is drawn."""
LARGER: Final = tuple(1 + 0.1 * step for step in range(1, 5))
"""By how much type may be larger than a paper's own, where no more pages are needed."""
HUNG: Final = tuple(1 + 0.1 * step for step in range(1, 17))
"""The same of a sheet that hangs where people work, and is read from farther off."""
SMALLER: Final = 0.94
"""From one size of type to the next smaller one, where a page is saved by it."""
HARDLY_BEGUN: Final = 1 / 3
"""A last page that holds no more than this share of its height is one too many."""


def booklet_of(view: View, subject: Subject, paper: PaperName) -> Booklet | None:
    """The chapters of a view, for a paper that is read in the hand; None where the view is drawn there, or has nothing
    to say yet.
    """
    drawing = VIEWS[view]
    if drawing.chapters is None or paper not in READ_ON:
        return None
    pictures = picture_sheets(view, subject, paper)
    registers: list[Register] = []
    for chapter in drawing.chapters(subject):
        tables = tuple(without_empty(table) for table in chapter.tables if table.rows)
        caption = replace(chapter.caption, address=subject.address)
        own = () if registers else pictures
        registers += [Register(caption, tables, paper, subject.lang, own, drawing.pages, drawing.is_hung)] * bool(
            tables
        )
    title = drawing.caption(subject).title
    return Booklet(title, tuple(map(setting_of, registers))) if registers else None


def setting_of(register: Register) -> Setting:
    """The largest type that needs no more pages than the paper's own; a smaller one, not below the least size of the
    paper, where a last page that is hardly begun is saved by it, or where the register then stands on as few pages as
    it is meant to.
    """
    own = _counted(register, PAPERS[register.paper])
    if own.is_over:
        return next((each for each in _smaller(register) if not each.is_over), own)
    best = _enlarged(own, HUNG if register.is_hung else LARGER)
    if best.pages > 1 and best.filled <= HARDLY_BEGUN:
        return next((each for each in _smaller(register) if each.pages < best.pages), best)
    return best


def _enlarged(own: Setting, sizes: Sequence[float]) -> Setting:
    """The largest of some sizes that needs no more pages, in which no word breaks."""
    best, low, high = own, 0, len(sizes)
    while low < high:
        middle = (low + high) // 2
        trial = Setting(own.register, own.paper.enlarged(sizes[middle]))
        trial = trial if trial.is_too_narrow else _counted(trial.register, trial.paper)
        fits = not trial.is_too_narrow and trial.pages <= own.pages
        best, low, high = (trial, middle + 1, high) if fits else (best, low, middle)
    return best


def _smaller(register: Register) -> Iterator[Setting]:
    own = PAPERS[register.paper]
    by = SMALLER
    while own.body * by > own.least:
        yield _counted(register, replace(own, body=own.body * by))
        by *= SMALLER
    yield _counted(register, replace(own, body=own.least))


def _counted(register: Register, paper: Paper) -> Setting:
    """A register in a size of type, its pages counted."""
    inputs = inputs_of(register.caption.title, [Setting(register, paper)], Imprint(register.lang))
    end = told_at("<end>", _program(), inputs)
    return Setting(register, paper, end["page"], end["down"])


@dataclass(frozen=True)
class Booklet:
    """Registers one after another, each in its own size of type."""

    title: str
    settings: tuple[Setting, ...]

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return sum(each.pages for each in self.settings)

    @property
    def body(self) -> float:
        """The smallest size of running words."""
        return min(each.paper.body for each in self.settings)

    @property
    def is_over(self) -> bool:
        """Whether a register has more pages than it is meant to have."""
        return any(each.is_over for each in self.settings)

    def pdf(self, imprint: Imprint) -> bytes:
        """The pages as PDF (PDF/UA-1, its fonts within)."""
        file = run(_program(), inputs_of(self.title, self.settings, imprint), **pdf_options(imprint))[0]
        tables = (table for each in self.settings for table in each.register.tables)
        return with_row_heads(file, [table.named_by for table in tables if is_headed(table)])

    def pngs(self, imprint: Imprint, *, ppi: float) -> list[bytes]:
        """The pages as PNG, `ppi` pixels an inch."""
        return run(_program(), inputs_of(self.title, self.settings, imprint), format="png", ppi=ppi)

    def missing(self) -> tuple[MissingGlyph, ...]:
        """The characters that the font does not have, each once for the words in which it stands."""
        return tuple(dict.fromkeys(glyph for each in self.settings for glyph in missing_in(each.register)))


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
