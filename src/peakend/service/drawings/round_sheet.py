"""A sheet with a round picture: in its middle, with words at both sides or alone, and what its marks mean below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from peakend.service.drawings.beside import Label, Round, depth
from peakend.service.drawings.canvas import Canvas, Sheet
from peakend.service.drawings.paper import Paper
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.signs import Sign, draw_signs, signs_height

SHARE: Final = 0.5
"""How much of the width a picture takes that has words beside it."""
LEADER: Final = 3.9
"""What lies between the picture and the words, in sizes of their type."""
MOST_LINES: Final = (4, 3, 2, 1)
"""How many lines a label has, the most that have room."""


@dataclass(frozen=True)
class RoundSheet:
    """How a sheet is divided: the picture with its `diameter` and the `air` above and below it, in sizes of the body;
    and `foot`, the height that what its marks mean takes.
    """

    canvas: Canvas
    sheet: Sheet
    signs: Sequence[Sign]
    foot: float
    diameter: float
    air: float

    @property
    def paper(self) -> Paper:
        """What it is a sheet of."""
        return self.canvas.paper

    @property
    def room(self) -> float:
        """How much height is left above the foot."""
        return self.canvas.bottom - self.foot - self.sheet.y

    def beside(self, size: float) -> float:
        """How wide the words at each side may be."""
        return (self.paper.room - self.diameter) / 2 - LEADER * size

    def fitting(self, make: Callable[[int], Sequence[Label]]) -> Sequence[Label]:
        """The labels with as many lines as have room; none where not even those of one line have."""
        tried = (make(most) for most in MOST_LINES)
        return next((labels for labels in tried if depth(labels) <= self.room), ())

    def around(self, labels: Sequence[Label], size: float, *, close: bool = False, hugging: bool = False) -> Round:
        """Where the picture stands, and its words: over the whole height, or `close` to the picture."""
        high = max(self.diameter + self.air * self.paper.body, depth(labels))
        whole = high if self.paper.height is None else self.room
        middle, half = self.sheet.y + whole / 2, (min(high, whole) if close else whole) / 2
        radius = self.diameter / 2 - size
        return Round(self.paper.width / 2, middle, radius, middle - half, middle + half, hugging=hugging)

    def finish(self, around: Round) -> None:
        """Draw what the marks mean below the picture: at the foot of the sheet, or right below where it has no end."""
        bottom = around.bottom if self.paper.height is None else self.sheet.y + self.room
        corner = (self.paper.margin, bottom + self.paper.small)
        draw_signs(self.sheet.pen, self.signs, corner, self.paper.small, self.paper.room)
        self.sheet.y = bottom + self.foot


def with_words(canvas: Canvas, signs: Sequence[Sign], *, air: float, below: float) -> RoundSheet:
    """A new sheet whose picture has words beside it; `below` what its marks mean is air of so many sizes of type."""
    paper, sheet = canvas.paper, canvas.new_sheet()
    foot = signs_height(signs, paper.small, paper.room) + below * paper.small
    diameter = min(SHARE * paper.room, canvas.bottom - foot - sheet.y - air * paper.body)
    return RoundSheet(canvas, sheet, signs, foot, diameter, air)


def draw_alone(
    canvas: Canvas, signs: Sequence[Sign], draw: Callable[[Pen, Round], None], *, edge: float, gap: float
) -> None:
    """Draw a picture over the whole width, on the last sheet or a first, and below it what its marks mean. `edge` is
    the room of its numbers around it, `gap` that below it, in sizes of the least type.
    """
    paper, size = canvas.paper, canvas.paper.least
    sheet = canvas.sheets[-1] if canvas.sheets else canvas.new_sheet()
    foot = signs_height(signs, size, paper.room) + 2 * size
    diameter = min(paper.room, canvas.bottom - foot - sheet.y)
    bottom = sheet.y + diameter
    draw(sheet.pen, Round(paper.width / 2, sheet.y + diameter / 2, diameter / 2 - edge * size, sheet.y, bottom))
    draw_signs(sheet.pen, signs, (paper.margin, bottom + gap * size), size, paper.room)
    sheet.y = bottom + foot + paper.body
