"""Tables for eyes: columns that stand under each other although a Chinese character is two wide."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Sequence
from typing import Any, Final, Protocol

from peakend.result import Table, figure, number
from peakend.terms import Lang

GAP: Final = "  "
EMPTY: Final = "–"


def say(text: str = "") -> None:
    """One line, or several, to the person."""
    sys.stdout.write(f"{text}\n")


def say_json(data: Any) -> None:
    """Data to the program that reads."""
    say(json.dumps(data, ensure_ascii=False, indent=2))


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1 for char in text)


def grid(labels: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows under their labels: numbers to the right, with as many decimals as their column needs; texts to the left."""
    columns = [_written([row[i] for row in rows]) for i in range(len(labels))]
    right = [all(isinstance(row[i], int | float) or row[i] is None for row in rows) for i in range(len(labels))]
    widths = [max(width(label), *(width(cell) for cell in column), 0) for label, column in zip(labels, columns, strict=True)]
    lines = [labels, ["─" * each for each in widths], *zip(*columns, strict=True)]
    return "\n".join(_line(cells, widths, right) for cells in lines)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = [" " * (w - width(c)) + c if r else c + " " * (w - width(c)) for c, w, r in zip(cells, widths, right, strict=True)]
    return GAP.join(padded).rstrip()


def _written(values: Sequence[Any]) -> list[str]:
    numbers = [value for value in values if isinstance(value, float)]
    digits = _digits(numbers)
    return [_cell(value, digits) for value in values]


def _digits(numbers: Sequence[float]) -> int:
    largest = max((abs(value) for value in numbers), default=0.0)
    return 0 if all(value == int(value) for value in numbers) and largest > 10 else 1 if largest > 10 else 2 if largest > 1 else 3


def _cell(value: Any, digits: int) -> str:
    match value:
        case None:
            return EMPTY
        case bool():
            return "✓" if value else ""
        case int():
            return number(value, 0)
        case float():
            return figure(value, digits)
        case list() | dict():
            return json.dumps(value, ensure_ascii=False)
    return str(value)


class Naming(Protocol):
    """What gives headings and ids their names."""

    def heading(self, column: str, otherwise: str) -> str:
        """The heading of a column."""

    def of(self, column: str, value: Any) -> Any:
        """A value as it is shown."""


def shown(table: Table, names: Naming) -> str:
    """A table of results without the columns in which nothing stands, its ids given their names."""
    kept = [i for i, name in enumerate(table.columns) if not _nothing(name, [row[i] for row in table.rows])]
    rows = [[names.of(table.columns[i], row[i]) for i in kept] for row in table.rows]
    return grid([names.heading(table.columns[i], table.labels[i]) for i in kept], rows)


def _nothing(name: str, values: Sequence[Any]) -> bool:
    """A column without any value, or a count of what could not be used that is zero throughout."""
    unused = name in {"missing", "invalid", "not_applicable", "not_shown"}
    return all(value is None or (unused and value == 0) for value in values)


def join(lang: Lang, *parts: str) -> str:
    """Short remarks on one line."""
    return (" · " if lang == "en" else "　·　").join(part for part in parts if part)
