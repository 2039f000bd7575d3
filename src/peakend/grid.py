"""Small tables for eyes and for frames: columns that stand under each other although a Chinese character is two wide,
HTML, CSV and Arrow.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from typing import Any, Final

import pyarrow as pa

from peakend import spreadsheet
from peakend.errors import FormatError
from peakend.figures import figure, number

GAP: Final = "  "
EMPTY: Final = "–"


@dataclass(frozen=True, repr=False)
class Table:
    """A small table for eyes: column ids, their labels in one language, and plain values.

    `polars.DataFrame(table)`, `pyarrow.table(table)` and whatever else reads Arrow takes it as it is; `to_frame` is for
    pandas.
    """

    columns: tuple[str, ...]
    labels: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def as_csv(self, *, mark: bool = False) -> str:
        """The table as RFC 4180 text with the column ids as header; no cell is a formula, and with `mark` Excel knows
        it to be UTF-8.
        """
        return spreadsheet.as_csv(self.columns, self.rows, mark=mark)

    def to_arrow(self) -> pa.Table:
        """The table with its column ids as a table of Arrow."""
        return pa.table({name: _arrow([row[at] for row in self.rows]) for at, name in enumerate(self.columns)})

    def to_frame(self) -> Any:
        """The table with its column ids as a frame of pandas. Raises FormatError `frame.no_pandas` where pandas is not
        installed.
        """
        if find_spec("pandas") is None:
            raise FormatError("frame.no_pandas")
        return self.to_arrow().to_pandas()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def __str__(self) -> str:
        return grid(self.labels, self.rows)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        right = _numeric(self.rows, len(self.labels))
        heads = "".join(
            f'<th style="text-align:{side}">{escape(name)}</th>'
            for name, side in zip(self.labels, _sides(right), strict=True)
        )
        cells = list(zip(*(_texts([row[at] for row in self.rows]) for at in range(len(self.labels))), strict=True))
        body = "".join(
            "<tr>"
            + "".join(
                f'<td style="text-align:{side}">{escape(cell)}</td>'
                for cell, side in zip(row, _sides(right), strict=True)
            )
            + "</tr>"
            for row in cells
        )
        return f"<table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _arrow(values: list[Any]) -> pa.Array:
    """A column; what Arrow has no type for (a mixed one) as JSON."""
    try:
        return pa.array(values)
    except (pa.ArrowException, TypeError, ValueError):
        return pa.array(
            [None if value is None else json.dumps(value, ensure_ascii=False, default=str) for value in values],
            pa.string(),
        )


def _sides(right: Sequence[bool]) -> list[str]:
    return ["right" if each else "left" for each in right]


def _numeric(rows: Sequence[Sequence[Any]], columns: int) -> list[bool]:
    return [all(isinstance(row[at], int | float) or row[at] is None for row in rows) for at in range(columns)]


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1
        for char in text
    )


def grid(labels: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows under their labels: numbers to the right, with as many decimals as their column needs; texts to the left."""
    columns = [_texts([row[i] for row in rows]) for i in range(len(labels))]
    right = _numeric(rows, len(labels))
    widths = [
        max(width(label), *(width(cell) for cell in column), 0) for label, column in zip(labels, columns, strict=True)
    ]
    lines = [labels, ["─" * each for each in widths], *zip(*columns, strict=True)]
    return "\n".join(_line(cells, widths, right) for cells in lines)


def _line(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    padded = [
        " " * (w - width(c)) + c if r else c + " " * (w - width(c))
        for c, w, r in zip(cells, widths, right, strict=True)
    ]
    return GAP.join(padded).rstrip()


def _texts(values: Sequence[Any]) -> list[str]:
    numbers = [value for value in values if isinstance(value, float)]
    digits = _digits(numbers)
    return [_cell(value, digits) for value in values]


def _digits(numbers: Sequence[float]) -> int:
    largest = max((abs(value) for value in numbers), default=0.0)
    return (
        0
        if all(value == int(value) for value in numbers) and largest > 10
        else 1
        if largest > 10
        else 2
        if largest > 1
        else 3
    )


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
