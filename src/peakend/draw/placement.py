"""Where the names on a plane go: beside their mark, wherever nothing else stands."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

Box = tuple[float, float, float, float]
PLACES: Final = ("right", "left", "above", "below", "upright", "upleft", "downright", "downleft")
_LETTER: Final = 6.4  # points that a Latin letter of 12 points is wide, on average
_LINE: Final = 15.0


def breadth(text: str) -> int:
    """How many Latin letters wide a text is; a Han character is two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def name_places(
    names: Sequence[str], at: Sequence[tuple[float, float]], size: tuple[float, float]
) -> list[tuple[str, str]]:
    """For each name, given where its mark is in points, what is written and at which side: the whole name where that is
    free of marks and of other names, else a number, counted from 1 in the order of the names, which a list beside the
    picture explains.

    The name that has the fewest sides left is placed first; so one in a crowd is not shut in by those that could stand
    anywhere. Where a number finds no free side, the longest name gives up its place for a number too.
    """
    marks: list[Box] = [(px - 6, py - 6, px + 6, py + 6) for px, py in at]
    attempts: list[tuple[int, dict[int, tuple[str, str]]]] = []
    whole = set(range(len(names)))
    while not attempts or (attempts[-1][0] and whole):
        taken = list(marks)
        places = _free_sides({row: names[row] for row in sorted(whole)}, at, size, taken)
        numbers = {
            row: str(number) for number, row in enumerate((row for row in range(len(names)) if row not in places), 1)
        }
        beside = _free_sides(numbers, at, size, taken)
        shut_out = {row: (number, PLACES[0]) for row, number in numbers.items() if row not in beside}
        attempts.append((len(shut_out), places | beside | shut_out))
        whole = {*places} - {max(places, key=lambda row: breadth(names[row]), default=0)}
    best = min(attempts, key=lambda attempt: attempt[0])[1]
    return [best[row] for row in range(len(names))]


def _free_sides(
    written: Mapping[int, str], at: Sequence[tuple[float, float]], size: tuple[float, float], marks: list[Box]
) -> dict[int, tuple[str, str]]:
    """What finds a free side, by row; the room that it takes is added to `marks`."""
    places: dict[int, tuple[str, str]] = {}
    left = {row: _choices(text, at[row], size, marks) for row, text in written.items()}
    while left:
        row = min(left, key=lambda one: len(left[one]))
        choices = left.pop(row)
        if choices:
            side, box = next(iter(choices.items()))
            places[row] = (written[row], side)
            marks.append(box)
            left = {
                other: {at_: box_ for at_, box_ in boxes.items() if _free(box_, [box])} for other, boxes in left.items()
            }
    return places


def list_lines(entries: Sequence[str], most: int) -> list[str]:
    """Entries one after the other in lines of at most so many Latin letters; an entry longer than that has a line of
    its own.
    """
    lines: list[str] = []
    for entry in entries:
        if lines and breadth(lines[-1]) + breadth(entry) + 3 <= most:
            lines[-1] += f" \u00b7 {entry}"
        else:
            lines.append(entry)
    return lines


def over_columns(names: Sequence[str]) -> dict[str, Any]:
    """The names of a table's columns: on two lines where they would not fit beside one another, on a phone on as many
    as they have words; a name of Han characters on two.
    """
    long = [name for name in names if breadth(name) > 5]
    words = {name: name.split() if " " in name else [part for part in (name[:2], name[2:]) if part] for name in long}
    halves = (
        {name: two_lines(name) for name in long}
        if len(names) * (max(map(breadth, names), default=0) + 2) > BESIDE
        else {}
    )
    narrow, wide = (json.dumps(lines, ensure_ascii=False) for lines in (words, halves))
    deep, two = (8 + 13 * (max(map(len, lines.values()), default=1) - 1) for lines in (words, halves))
    return {
        "labelExpr": f"(narrow ? {narrow} : {wide})[datum.label] || datum.label",
        "labelPadding": {"expr": f"narrow ? {deep} : {two}"},
    }


def two_lines(name: str) -> list[str]:
    """A name on two lines of about the same length."""
    cuts = [at for at, letter in enumerate(name) if letter == " "] or [len(name) // 2]
    cut = min(cuts, key=lambda at: abs(breadth(name[:at]) - breadth(name) / 2))
    return [name[:cut].rstrip(), name[cut:].lstrip()]


BESIDE: Final = 80
"""So many letters stand beside one another over the columns of a table."""


def _choices(name: str, at: tuple[float, float], size: tuple[float, float], taken: Sequence[Box]) -> dict[str, Box]:
    return {
        side: box
        for side, box in _boxes(*at, _LETTER * breadth(name)).items()
        if _inside(box, size) and _free(box, taken)
    }


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
    return not any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in taken
    )
