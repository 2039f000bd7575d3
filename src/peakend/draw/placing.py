"""Where the names on a plane go: beside their mark, wherever nothing else stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

Box = tuple[float, float, float, float]
PLACES: Final = ("right", "left", "above", "below", "upright", "upleft", "downright", "downleft")
_LETTER: Final = 6.4  # points that a Latin letter of 12 points is wide, on average
_LINE: Final = 15.0


def breadth(text: str) -> int:
    """How many Latin letters wide a text is; a Han character is two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def shortened(name: str, most: int = 16) -> str:
    """The beginning of a name, where the whole does not fit."""
    if breadth(name) <= most:
        return name
    kept = name
    while breadth(kept) > most - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def placed_names(names: Sequence[str], at: Sequence[tuple[float, float]], size: tuple[float, float]) -> list[tuple[str, str]]:
    """For each name, given where its mark is in points, what is written and at which side: the whole name where that is free of marks and
    of other names, else its beginning where that is, else nothing.

    The name that has the fewest sides left is placed first; so one in a crowd is not shut in by those that could stand anywhere.
    """
    marks: list[Box] = [(px - 6, py - 6, px + 6, py + 6) for px, py in at]
    places = [("", "")] * len(names)
    for written in (list(names), [shortened(name) for name in names]):
        left = {row: _choices(written[row], at[row], size, marks) for row in range(len(names)) if not places[row][0]}
        while left:
            row = min(left, key=lambda one: len(left[one]))
            choices = left.pop(row)
            if choices:
                side, box = next(iter(choices.items()))
                places[row] = (written[row], side)
                marks.append(box)
                left = {other: {at_: box_ for at_, box_ in boxes.items() if _free(box_, [box])} for other, boxes in left.items()}
    return places


def _choices(name: str, at: tuple[float, float], size: tuple[float, float], taken: Sequence[Box]) -> dict[str, Box]:
    return {side: box for side, box in _boxes(*at, _LETTER * breadth(name)).items() if _inside(box, size) and _free(box, taken)}


def _boxes(px: float, py: float, length: float) -> Mapping[str, Box]:
    half, near, far = _LINE / 2, 8.0, 5.0
    return {
        "right": (px + near, py - half, px + near + length, py + half),
        "left": (px - near - length, py - half, px - near, py + half),
        "above": (px - length / 2, py - near - _LINE, px + length / 2, py - near),
        "below": (px - length / 2, py + near, px + length / 2, py + near + _LINE),
        "upright": (px + far, py - far - _LINE, px + far + length, py - far),
        "upleft": (px - far - length, py - far - _LINE, px - far, py - far),
        "downright": (px + far, py + far, px + far + length, py + far + _LINE),
        "downleft": (px - far - length, py + far, px - far, py + far + _LINE),
    }


def _inside(box: Box, size: tuple[float, float]) -> bool:
    return box[0] >= 0 and box[1] >= 0 and box[2] <= size[0] and box[3] <= size[1]


def _free(box: Box, taken: Sequence[Box]) -> bool:
    return not any(box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in taken)
