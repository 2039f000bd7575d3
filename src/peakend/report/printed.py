"""A view on paper: on pages to read the tables of a register, on any other the drawing."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from peakend.report.ink import MissingGlyph, missing_glyphs
from peakend.report.pages import PIXELS_AN_INCH, Imprint, pdf_of, png_of
from peakend.report.registers import Booklet, booklet_of
from peakend.report.tiles import tiles_of
from peakend.service.drawings.paper import PaperName
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.views import View, view_sheets


@dataclass(frozen=True)
class PrintedView:
    """A view of a subject on a paper. What it takes long to set is set once."""

    view: View
    subject: Subject
    paper: PaperName
    imprint: Imprint
    _drawn: dict[float, list[bytes]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """Pages as pictures, by their pixels an inch: all are made where one is asked for."""

    @cached_property
    def booklet(self) -> Booklet | None:
        """Tables and cards, where these are pages to read."""
        return booklet_of(self.view, self.subject, self.paper)

    @cached_property
    def sheets(self) -> tuple[str, ...]:
        """The drawing, a sheet each: what it is as SVG, and on every paper that is no page to read."""
        return view_sheets(self.view, self.subject, self.paper)

    @property
    def pages(self) -> int:
        """How many pages it has."""
        return self.booklet.pages if self.booklet else len(self.sheets)

    def pdf(self) -> bytes:
        """All pages as PDF (PDF/UA-1, its fonts within). Raises as `pdf_of` does."""
        booklet = self.booklet
        return booklet.pdf(self.imprint) if booklet else pdf_of(self.sheets, self.imprint, paper=self.paper)

    def tiles(self) -> bytes:
        """The drawing in pieces of A4, as PDF."""
        pieces = [piece for sheet in self.sheets for piece in tiles_of(sheet, self.paper)]
        return pdf_of(pieces, self.imprint, paper="A4")

    def png(self, page: int, *, ppi: float = PIXELS_AN_INCH) -> bytes:
        """One page, from 1 on, as PNG; the last where there are fewer."""
        at, booklet = min(page, self.pages), self.booklet
        if booklet:
            if ppi not in self._drawn:
                self._drawn[ppi] = booklet.pngs(self.imprint, ppi=ppi)
            return self._drawn[ppi][at - 1]
        return png_of(self.sheets[at - 1], self.imprint, paper=self.paper, ppi=ppi)

    def missing(self) -> tuple[MissingGlyph, ...]:
        """The characters that the font does not have, each once for the place where it stands."""
        if self.booklet:
            return self.booklet.missing()
        return tuple(dict.fromkeys(glyph for sheet in self.sheets for glyph in missing_glyphs(sheet)))
