"""What stands in a cell of a table or on a card: words, words beside their name, and small drawings. Each says in which
lines it stands in a column, so that a table can keep a row whole, or part it where no sheet holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from peakend.service.drawings.paper import Paper
from peakend.service.drawings.pen import Pen, Tone
from peakend.service.drawings.typeset import wrap

LEADING: Final = 1.45
"""From one line to the next, in sizes of type."""
BASELINE: Final = 1.05
"""From the upper edge of a line down to its letters' feet."""
DASH: Final = "–"


@dataclass(frozen=True)
class Line:
    """One line of a cell: how high it is, and how it is drawn with its left upper corner at a place."""

    height: float
    draw: Callable[[Pen, float, float], None]


class Block(Protocol):
    """Anything that stands in a cell."""

    def lines(self, paper: Paper, room: float) -> list[Line]:
        """Its lines in a column so wide."""
        ...

    @property
    def told(self) -> str:
        """What it says, for those who cannot see it."""
        ...


@dataclass(frozen=True)
class Words:
    """A paragraph: a quieter word first that says what follows, then the words. `size` is in sizes of running words;
    smaller ones are never below the least size of the paper. `heads`: whether it is the heading of a card.
    """

    text: str
    lead: str = ""
    bold: bool = False
    tone: Tone = "ink"
    size: float = 1
    heads: bool = False

    def lines(self, paper: Paper, room: float) -> list[Line]:
        """Its lines in a column so wide."""
        size = max(paper.least, paper.body * self.size)
        rows = wrap(self.told, size, room, bold=self.bold)
        leads = [min(len(self.lead), len(rows[0])), *[0] * (len(rows) - 1)] if rows else []
        return [self._line(row, lead, size) for row, lead in zip(rows, leads, strict=True)]

    def _line(self, row: str, lead: int, size: float) -> Line:
        def draw(pen: Pen, x: float, y: float) -> None:
            pen.text(x, y + BASELINE * size, row, size, tone=self.tone, bold=self.bold, lead=lead)

        return Line(LEADING * size, draw)

    @property
    def told(self) -> str:
        """What it says."""
        return f"{self.lead} {self.text}" if self.lead else self.text


@dataclass(frozen=True)
class Named:
    """Blocks beside their name, which hangs in a narrow column of its own; where there are none, a dash says that
    nothing is written there yet. `wide`: the width of that column, in sizes of type.
    """

    name: str
    blocks: Sequence[Block]
    wide: float = 6

    def lines(self, paper: Paper, room: float) -> list[Line]:
        """Its lines in a column so wide."""
        inset = self.wide * paper.body
        names = Words(self.name, tone="quiet").lines(paper, inset - 0.8 * paper.body)
        held: Sequence[Block] = self.blocks or (Words(DASH, tone="faint"),)
        rows = [line for block in held for line in block.lines(paper, room - inset)]
        empty = Line(LEADING * paper.body, _nothing)
        count = max(len(names), len(rows))
        pairs = zip(names + [empty] * (count - len(names)), rows + [empty] * (count - len(rows)), strict=True)
        return [_beside(name, row, inset) for name, row in pairs]

    @property
    def told(self) -> str:
        """What it says; nothing where nothing is written."""
        return " ".join([self.name, *(block.told for block in self.blocks)]) if self.blocks else ""


def _nothing(_pen: Pen, _x: float, _y: float) -> None:
    """Draw nothing."""


def _beside(name: Line, row: Line, inset: float) -> Line:
    # Both stand on one line, also where the words are larger than their name.
    larger = name.height < row.height < 1.9 * name.height
    lower = (row.height - name.height) * BASELINE / LEADING if larger else 0.0

    def draw(pen: Pen, x: float, y: float) -> None:
        name.draw(pen, x, y + lower)
        row.draw(pen, x + inset, y)

    return Line(max(name.height, row.height), draw)


@dataclass(frozen=True)
class Space:
    """Air, in sizes of type."""

    high: float = 0.5

    def lines(self, paper: Paper, room: float) -> list[Line]:  # noqa: ARG002 — as every block
        """One empty line."""
        return [Line(self.high * paper.body, _nothing)]

    @property
    def told(self) -> str:
        """Nothing."""
        return ""


@dataclass(frozen=True)
class Drawing:
    """A small drawing with what it says in words. `high` is in sizes of type; `draw` is given the pen, the left upper
    corner, the room and the paper.
    """

    high: float
    draw: Callable[[Pen, float, float, float, Paper], None]
    told: str = ""

    def lines(self, paper: Paper, room: float) -> list[Line]:
        """One line, as high as it is."""
        return [Line(self.high * paper.body, lambda pen, x, y: self.draw(pen, x, y, room, paper))]
