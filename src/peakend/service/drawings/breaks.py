"""Where a journey breaks on paper: as many whole stages side by side as there is room for, the others on bands below.

Lengths are in em, for what is read is words: a column of fourteen em holds fourteen Chinese characters or five English
words, whatever the size of type.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

COLUMN: Final = 14.0
LEAST_COLUMN: Final = 12.0
WIDEST_COLUMN: Final = 26.0
GAP: Final = 1.2
"""Between columns, and once more between stages."""


@dataclass(frozen=True)
class Span:
    """What of a stage stands on one band: its title, which part of it where it is broken ("1/2"), and its stops."""

    title: str
    part: str
    first: int
    count: int

    @property
    def head(self) -> str:
        """The title, with the part."""
        return f"{self.title} ({self.part})" if self.part else self.title


Spans = tuple[Span, ...]
"""The stages of one band."""


def break_stages(stages: Sequence[tuple[str, int]], room: float) -> tuple[Spans, ...]:
    """The bands of stages with so many stops each, in so much room; the columns a little narrower where that saves a
    band.
    """
    wide, narrow = (_bands(stages, room, column) for column in (COLUMN, LEAST_COLUMN))
    return narrow if len(narrow) < len(wide) else wide


def column_em(spans: Spans, room: float) -> float:
    """How wide the columns of a band are: they share its room."""
    columns = sum(span.count for span in spans)
    return min(WIDEST_COLUMN, (room - GAP * (columns + len(spans) - 2)) / columns)


def _bands(stages: Sequence[tuple[str, int]], room: float, column: float) -> tuple[Spans, ...]:
    """As few bands as possible, and of as even a length."""
    parts = tuple(_parts(stages, max(1, int((room + GAP) / (column + GAP)))))
    best: list[tuple[int, int, int]] = [(0, 0, 0)]
    for end in range(1, len(parts) + 1):
        choices = [
            (best[start][0] + 1, best[start][1] + sum(part.count for part in parts[start:end]) ** 2, start)
            for start in range(end)
            if end - start == 1 or column_em(parts[start:end], room) >= column
        ]
        best.append(min(choices))
    bands: list[Spans] = []
    end = len(parts)
    while end:
        start = best[end][2]
        bands.insert(0, parts[start:end])
        end = start
    return tuple(bands)


def _parts(stages: Sequence[tuple[str, int]], most: int) -> Iterator[Span]:
    """The stages, those broken evenly that are longer than a band."""
    first = 0
    for title, count in stages:
        pieces = -(-count // most)
        for piece in range(pieces):
            size = count // pieces + (piece < count % pieces)
            yield Span(title, f"{piece + 1}/{pieces}" if pieces > 1 else "", first, size)
            first += size
