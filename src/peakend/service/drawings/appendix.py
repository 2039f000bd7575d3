"""What was cut in a cell, in full, under its number: in columns below the bands or on sheets of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from peakend.service.drawings.cells import Setter
from peakend.service.drawings.paper import Paper
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.typeset import wrap
from peakend.terms import Lang, label

COLUMN: Final = 30.0
GUTTER: Final = 2.4
"""In em."""
LEADING: Final = 1.42
HEADING: Final = 2.2
ROUNDING: Final = 1e-6
ENDLESS: Final = 1e6
"""How high a page is that is as high as it needs."""


@dataclass(frozen=True)
class AppendixLine:
    """One line of the appendix; a bold one says where the words below it belong."""

    words: str
    bold: bool = False


@dataclass(frozen=True)
class Appendix:
    """The lines of an appendix, and the columns that they stand in."""

    title: str
    lines: tuple[AppendixLine, ...]
    left: float
    room: float
    size: float
    columns: int

    @classmethod
    def of(cls, setter: Setter, paper: Paper, lang: Lang) -> Appendix:
        """The appendix of what a setter had to cut."""
        size, measure = setter.size, setter.measure
        columns = max(1, round((paper.room / size + GUTTER) / (COLUMN + GUTTER)))
        room = (paper.room - (columns - 1) * GUTTER * size) / columns
        lines: list[AppendixLine] = []
        for entry in setter.cut:
            heads = wrap(f"{entry.number}  {entry.place}", size, room, bold=True, measure=measure)
            lines += (AppendixLine(words, bold=True) for words in heads)
            lines += (AppendixLine(words) for words in wrap(entry.words, size, room, measure=measure))
        title = label("map.cut", lang)
        return cls(title, tuple(lines), paper.margin, room, size, columns)

    @property
    def leading(self) -> float:
        """From one line to the next."""
        return LEADING * self.size

    def height_within(self, room: float) -> float | None:
        """How high it is, where it fits a room of this height."""
        rows = self.rows_within(room)
        return None if rows is None else HEADING * self.size + rows * self.leading

    def rows_within(self, room: float) -> int | None:
        """How many lines its columns have, of about the same length, in a room of this height."""
        most = int((min(room, ENDLESS) - HEADING * self.size) / self.leading + ROUNDING)
        return next((rows for rows in self._even(most) if len(list(self._parts(rows))) <= self.columns), None)

    def _even(self, most: int) -> range:
        return range(max(2, -(-len(self.lines) // self.columns)), most + 1)

    def sheets(self, room: float) -> int:
        """How many sheets of its own it fills."""
        rows = max(2, int((room - HEADING * self.size) / self.leading))
        return -(-len(list(self._parts(rows))) // self.columns)

    def _parts(self, rows: int) -> Iterator[tuple[AppendixLine, ...]]:
        """Its columns; none ends with a heading."""
        left = self.lines
        while left:
            cut = min(rows, len(left))
            while 1 < cut < len(left) and left[cut - 1].bold:
                cut -= 1
            yield left[:cut]
            left = left[cut:]

    def pages(self, room: float) -> list[list[tuple[AppendixLine, ...]]]:
        """The columns of each sheet: one where all of it fits the room."""
        rows = self.rows_within(room) or max(2, int((room - HEADING * self.size) / self.leading))
        parts = list(self._parts(rows))
        return [parts[at : at + self.columns] for at in range(0, len(parts), self.columns)]

    def draw(self, pen: Pen, y: float, columns: list[tuple[AppendixLine, ...]]) -> float:
        """Draw some columns below y; returns where they end."""
        pen.text(self.left, y + 1.2 * self.size, self.title, self.size, bold=True)
        top = y + HEADING * self.size
        step = self.room + GUTTER * self.size
        for at, lines in enumerate(columns):
            for row, line in enumerate(lines):
                x, base = self.left + at * step, top + row * self.leading + 0.9 * self.size
                pen.text(x, base, line.words, self.size, bold=line.bold)
        return top + max(map(len, columns), default=0) * self.leading
