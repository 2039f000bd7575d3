"""What a view of a document is drawn on: one sheet after another of a paper, each with its title and, in the corner,
its date and source.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import segno

from peakend.service.drawings.paper import Paper
from peakend.service.drawings.pen import Pen, Theme
from peakend.service.drawings.typeset import SCREEN, Measure, even, printed, wrap
from peakend.terms import Lang

CORNER: Final = 1.45
"""From one line of the corner to the next, in sizes of type."""
CODE: Final = 2.4
"""How large the code for cameras is, in sizes of the title."""
LARGER: Final = tuple(1 + 0.1 * step for step in range(1, 17))
"""By how much type may be larger than a paper's own, where a sheet has room."""


def measure_on(paper: Paper, lang: Lang) -> Measure:
    """How words are measured: on paper by the font that is printed, on a screen by what most readers have."""
    return printed(lang) if paper.height else SCREEN


@dataclass(frozen=True)
class Caption:
    """What stands on every sheet of a view: its title, the sentence that says what is true, and in the corner date,
    state, n and source; `description` is the whole in words, for those who cannot see it.
    """

    title: str
    sentence: str
    corner: tuple[str, ...]
    description: str
    address: str = ""
    """Where the view is kept up to date; on the first sheet as a code for cameras."""
    is_around: bool = False
    """Whether title and sentence stand around the drawing already, on a page that shows it."""


class NoRoom(Exception):
    """A trial needs more room than it may have."""


@dataclass
class Sheet:
    """One sheet of a paper: its pen, what stands on it besides, and how far down it is drawn."""

    pen: Pen
    paper: Paper
    caption: Caption
    y: float = 0


@dataclass
class Canvas:
    """The sheets of one view."""

    paper: Paper
    lang: Lang
    theme: Theme
    caption: Caption
    sheets: list[Sheet] = field(default_factory=list)
    too_narrow: bool = False
    """Whether something stands in a column in which words must break: a smaller type is better."""

    most: int | None = None
    """Of a trial: how many sheets there may be at most."""

    def new_sheet(self) -> Sheet:
        """A further sheet, with its head. Raises NoRoom where a trial needs more sheets than it may have."""
        if self.most is not None and len(self.sheets) >= self.most:
            raise NoRoom
        first, paper = not self.sheets, self.paper
        sheet = Sheet(Pen(self.lang, self.theme, self.measure), paper, self.caption, paper.margin)
        self.sheets.append(sheet)
        if self.caption.is_around:
            return sheet
        size = paper.title if first else paper.heading
        code = CODE * paper.title if first and self.caption.address else 0.0
        room = paper.room - code * 1.2
        for line in even(self.caption.title, size, room, bold=True, measure=self.measure):
            sheet.pen.text(paper.margin, sheet.y + 0.82 * size, line, size, bold=True)
            sheet.y += 1.28 * size
        if first and self.caption.sentence:
            for line in even(self.caption.sentence, paper.heading, room, measure=self.measure):
                sheet.pen.text(paper.margin, sheet.y + 1.15 * paper.heading, line, paper.heading)
                sheet.y += 1.5 * paper.heading
        if code:
            modules = segno.make(self.caption.address, error="m", micro=False).matrix
            sheet.pen.code(paper.width - paper.margin - code, paper.margin, code, modules)
        sheet.y = max(sheet.y, paper.margin + code) + paper.heading
        return sheet

    @property
    def measure(self) -> Measure:
        """How words are measured."""
        return measure_on(self.paper, self.lang)

    def place(self, height: float) -> Sheet:
        """The sheet on which a block of this height has room from its `y` on; a further one where the last is full.

        Who draws the block moves `y` to its end. A block that no sheet holds begins on one of its own.
        """
        if self.most is not None and self.too_narrow:
            raise NoRoom
        sheet = self.sheets[-1] if self.sheets else self.new_sheet()
        return sheet if sheet.y + height <= self.bottom or sheet.y <= self._top else self.new_sheet()

    def fill(self, *ways: Callable[[Canvas], None]) -> None:
        """Draw in the largest type that needs no more sheets than that of the paper, in the first of these ways in
        which it does; in the paper's own type where a sheet is as high as it needs. Where something is drawn already,
        this stands on further sheets, or below it where a sheet has no end.
        """
        begun = len(self.sheets)
        best = self._trial(1, ways[0], None)
        low, high = 0, len(LARGER) if self.paper.height else 0
        while low < high:
            middle = (low + high) // 2
            trials = (self._held(LARGER[middle], draw, len(best.sheets), begun) for draw in ways)
            fitting = next((trial for trial in trials if trial), None)
            low, high, best = (middle + 1, high, fitting) if fitting else (low, middle, best)
        self.paper, self.sheets = self.paper if begun else best.paper, best.sheets

    def holds(self, sheets: int, begun: int = 0) -> bool:
        """Whether all stands on so many sheets, above the corners of those that were not begun before and with no word
        broken.
        """
        low = all(sheet.y <= self.bottom for sheet in self.sheets[begun:])
        return low and len(self.sheets) <= sheets and not self.too_narrow

    def add(self, part: Canvas) -> None:
        """Take over the sheets of a part that has a caption of its own."""
        self.sheets += part.sheets

    def _held(self, larger: float, draw: Callable[[Canvas], None], sheets: int, begun: int) -> Canvas | None:
        """A trial that stands on so many sheets; given up as soon as it does not."""
        try:
            trial = self._trial(larger, draw, sheets)
        except NoRoom:
            return None
        return trial if trial.holds(sheets, begun) else None

    def _trial(self, larger: float, draw: Callable[[Canvas], None], most: int | None) -> Canvas:
        paper = self.paper.enlarged(larger)
        trial = Canvas(paper, self.lang, self.theme, self.caption, list(self.sheets), most=most)
        if self.sheets and self.paper.height:
            trial.new_sheet()
        draw(trial)
        if not trial.sheets:
            trial.new_sheet()
        return trial

    @property
    def bottom(self) -> float:
        """Where the last line of a sheet ends: above its corner."""
        height = self.paper.height
        if height is None:
            return float("inf")
        return (
            height
            - self.paper.margin
            - (len(self._corner(self.paper, self.caption, "9/99")) + 1) * CORNER * self.paper.least
        )

    @property
    def whole(self) -> float:
        """How high the room of a further sheet is."""
        return self.bottom - self._top

    @property
    def _top(self) -> float:
        """Where a further sheet begins that holds nothing but its head."""
        size = self.paper.heading
        lines = len(wrap(self.caption.title, size, self.paper.room, bold=True))
        return self.paper.margin + (1.28 * lines + 1) * size

    def finish(self, name: str, *, style: bool) -> tuple[str, ...]:
        """The sheets as SVG; none where nothing is drawn but what stands around it."""
        if not self.sheets:
            self.new_sheet()
        if self.caption.is_around and not any(sheet.pen.has_words for sheet in self.sheets):
            return ()
        return tuple(self._finished(sheet, at, name, style=style) for at, sheet in enumerate(self.sheets, 1))

    def _corner(self, paper: Paper, caption: Caption, page: str) -> list[str]:
        """The lines of a corner: date, state, n and source, and which of several sheets this is."""
        parts = (*caption.corner, page) if page else caption.corner
        words = ("　" if self.lang != "en" else " · ").join(parts)
        return wrap(words, paper.least, paper.room) if words else []

    def _finished(self, sheet: Sheet, at: int, name: str, *, style: bool) -> str:
        paper, caption, many = sheet.paper, sheet.caption, len(self.sheets)
        corner, leading = self._corner(paper, caption, f"{at}/{many}" if many > 1 else ""), CORNER * paper.least
        height = paper.height or sheet.y + (len(corner) + 1) * leading + paper.margin
        for up, words in enumerate(reversed(corner)):
            y = height - paper.margin - up * leading
            sheet.pen.text(paper.width - paper.margin, y, words, paper.least, tone="quiet", anchor="end")
        id = name if many == 1 else f"{name}-{at}"
        return sheet.pen.finish(paper.width, height, caption.title, caption.description, id=id, style=style)
