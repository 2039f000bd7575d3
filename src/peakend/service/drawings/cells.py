"""The words of one cell on paper: set into its column, and cut where they would stretch the whole lane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from peakend.service.drawings.map_content import Note
from peakend.service.drawings.typeset import Measure, wrap

INSET: Final = 1.15
"""How far a paragraph stands in behind its mark, in em."""
MORE: Final = "… → {number}"
"""What stands at the end of a cell that is cut: the number under which it is printed in full."""


@dataclass(frozen=True)
class Line:
    """One line: its words, of which the first `lead` letters are quieter, and the mark before it."""

    words: str
    lead: int = 0
    mark: str = ""
    inset: float = 0


@dataclass(frozen=True)
class Entry:
    """What is printed in full elsewhere: under which number, where it belongs, and its words."""

    number: int
    place: str
    words: str


@dataclass
class Setter:
    """Sets words in a size of type, at most so many lines a cell, and gathers what it had to cut."""

    size: float
    most: int | None
    measure: Measure
    cut: list[Entry] = field(default_factory=list)

    def cell(self, notes: Sequence[Note], room: float, place: str) -> tuple[Line, ...]:
        """The lines of a cell in a column of so many points."""
        lines: list[Line] = []
        for note in notes:
            inset = INSET * self.size if note.mark else 0.0
            first, *others = wrap(note.words, self.size, room - inset, measure=self.measure)
            lines.append(Line(first, min(len(note.lead), len(first)), note.mark, inset))
            lines += (Line(words, inset=inset) for words in others)
        if self.most is None or len(lines) <= self.most:
            return tuple(lines)
        words = "\n".join(note.words for note in notes)
        return (*lines[: self.most - 1], self._last(lines[self.most - 1], room, place, words))

    def heading(self, words: str, lines: Sequence[str], most: int, room: float, size: float) -> tuple[str, ...]:
        """The lines of a heading, the last cut short where there are too many of them."""
        if len(lines) <= most:
            return tuple(lines)
        # Bold letters are wider on screens, and larger type fits less: as if the column were narrower.
        narrower = room * self.size / size / self.measure.bold
        return (*lines[: most - 1], self._last(Line(lines[most - 1]), narrower, "", words).words)

    def _last(self, line: Line, room: float, place: str, words: str) -> Line:
        number = len(self.cut) + 1
        self.cut.append(Entry(number, place, words))
        end = MORE.format(number=number)
        left = room / self.size - line.inset / self.size - self.measure.of(end)
        kept = line.words
        while kept and self.measure.of(kept) > left:
            kept = kept[:-1]
        kept = kept.rstrip(" ，。、；：,.;:—…（(「『“‘")
        return Line(kept + end, min(line.lead, len(kept)), line.mark, line.inset)
