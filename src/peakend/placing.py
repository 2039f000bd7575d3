"""Where the names on a plane go: right, left, above or below their mark, wherever nothing else stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

Box = tuple[float, float, float, float]
PLACES: Final = ("right", "left", "above", "below")
_LETTER: Final = 6.6  # points that a Latin letter of 12 points is wide, on average


def breadth(text: str) -> int:
    """How many Latin letters wide a text is; a Han character is two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def free_places(names: Sequence[str], at: Sequence[tuple[float, float]], width: float) -> list[str]:
    """For each name, given where its mark is in points, the first side that is free of marks and of names placed before; "" where none is."""
    taken: list[Box] = [(px - 6, py - 6, px + 6, py + 6) for px, py in at]
    places: list[str] = []
    for name, (px, py) in zip(names, at, strict=True):
        boxes = _boxes(px, py, _LETTER * breadth(name))
        where = next((side for side, box in boxes.items() if _inside(box, width) and not any(_overlap(box, other) for other in taken)), "")
        taken += [boxes[where]] if where else []
        places.append(where)
    return places


def _boxes(px: float, py: float, length: float) -> dict[str, Box]:
    return {
        "right": (px + 8, py - 8, px + 8 + length, py + 8),
        "left": (px - 8 - length, py - 8, px - 8, py + 8),
        "above": (px - length / 2, py - 24, px + length / 2, py - 8),
        "below": (px - length / 2, py + 8, px + length / 2, py + 24),
    }


def _inside(box: Box, width: float) -> bool:
    return box[0] >= 0 and box[2] <= width


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
