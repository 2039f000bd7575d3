"""What the marks of a picture mean: each mark beside its words, one after another, in as many lines as they need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from peakend.service.drawings.pen import Pen
from peakend.service.drawings.typeset import width

LEADING: Final = 1.7
MARK: Final = 1.7
"""How much room a mark has, in sizes of type."""
APART: Final = 2


@dataclass(frozen=True)
class Sign:
    """A mark, drawn around a point in a size, and its words."""

    words: str
    draw: Callable[[Pen, float, float, float], None]


def signs_height(signs: Sequence[Sign], size: float, room: float) -> float:
    """How high the lines are."""
    return LEADING * size * len(_rows(signs, size, room))


def draw_signs(pen: Pen, signs: Sequence[Sign], corner: tuple[float, float], size: float, room: float) -> None:
    """Draw the lines, their left upper corner at a place."""
    left, y = corner
    for row in _rows(signs, size, room):
        x = left
        for sign in row:
            sign.draw(pen, x + 0.6 * size, y + 0.75 * size, size)
            pen.text(x + MARK * size, y + 1.1 * size, sign.words, size, tone="quiet")
            x += _wide(sign, size)
        y += LEADING * size


def _wide(sign: Sign, size: float) -> float:
    return width(sign.words, size) + (MARK + APART) * size


def _rows(signs: Sequence[Sign], size: float, room: float) -> list[list[Sign]]:
    rows: list[list[Sign]] = []
    used = room
    for sign in signs:
        wide = _wide(sign, size)
        if used + wide - APART * size > room:
            rows.append([])
            used = 0
        rows[-1].append(sign)
        used += wide
    return rows
