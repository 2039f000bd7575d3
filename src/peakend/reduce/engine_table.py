"""The small table that an engine gave back, as numpy arrays: numbers, codes of texts, and the groups that its rows fall
into.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from peakend.instants import date_of
from peakend.sums import Floats, Group, Wholes, in_order, order

GRAINS: Final[Mapping[str, Callable[[dt.date], str]]] = {
    "day": lambda date: date.isoformat(),
    "week": lambda date: "{}-W{:02d}".format(*date.isocalendar()[:2]),
    "month": lambda date: f"{date.year:04d}-{date.month:02d}",
    "quarter": lambda date: f"{date.year:04d}-Q{(date.month + 2) // 3}",
    "year": lambda date: f"{date.year:04d}",
}


class EngineTable:
    """Columns of one table. A grain of time (day, week, …) may be asked for wherever the table has the integer day."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    @classmethod
    def of(cls, columns: Mapping[str, Sequence[Any]]) -> EngineTable:
        """A table of Python values."""
        return cls(pa.table(dict(columns)))

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def values(self, name: str) -> list[Any]:
        """The column as Python values."""
        if name not in GRAINS:
            values: list[Any] = self.table.column(name).to_pylist()
            return values
        labels = {day: _label(name, day) for day in pc.unique(self.table.column("day")).to_pylist()}
        return [labels[day] for day in self.table.column("day").to_pylist()]

    def numbers(self, name: str) -> Floats:
        """The column as floats, NaN for null."""
        return np.asarray(self.table.column(name).cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)

    def wholes(self, name: str, null: int = 0) -> Wholes:
        """The column as integers."""
        return np.asarray(self.table.column(name).cast(pa.int64()).fill_null(null).to_numpy(), dtype=np.int64)

    def equal(self, name: str, value: str) -> NDArray[np.bool_]:
        """Whether the column has this value."""
        same = pc.fill_null(pc.equal(self.table.column(name), value), fill_value=False)
        return np.asarray(
            same.to_numpy(zero_copy_only=False) if isinstance(same, pa.Array) else same.to_numpy(), dtype=bool
        )

    def codes(self, name: str) -> tuple[Wholes, list[Any]]:
        """A code for each row and the distinct values that the codes stand for, in the order of their first
        appearance.
        """
        codes, values = self.arrow_codes("day" if name in GRAINS else name)
        return codes, [_label(name, day) for day in values.to_pylist()] if name in GRAINS else values.to_pylist()

    def arrow_codes(self, name: str) -> tuple[Wholes, Any]:
        """As `codes`, the distinct values in Arrow: there can be as many as rows, and mostly they are only counted."""
        column = self.table.column(name).combine_chunks()
        column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
        column = column.cast(pa.string()) if pa.types.is_null(column.type) else column
        runs = _runs(column)
        if len(runs) * 2 > len(column):
            return _encoded(column)
        codes, values = _encoded(column.take(pa.array(runs)))
        return np.repeat(codes, np.diff(np.append(runs, len(column)))), values

    def ranks(self, name: str) -> tuple[Wholes, list[Any]]:
        """As `codes`, with the values distinct and sorted, nulls first: codes compare as the values do."""
        codes, values = self.codes(name)
        ordered = sorted(set(values), key=lambda value: order((value,)))
        place = {value: at for at, value in enumerate(ordered)}
        return np.array([place[value] for value in values], dtype=np.int64)[codes], ordered

    def groups(self, by: Sequence[str]) -> tuple[list[Group], Wholes]:
        """The distinct groups in order, and for each row which of them it is in."""
        at = np.zeros(len(self), dtype=np.int64)
        if not by:
            return [()] if len(self) else [], at
        parts = [self.ranks(name) for name in by]
        for codes, values in parts:
            at = at * max(len(values), 1) + codes
        found, first, inverse = np.unique(at, return_index=True, return_inverse=True)
        groups = [tuple(values[codes[row]] for codes, values in parts) for row in first[: len(found)]]
        ordered = in_order(groups)
        place = {group: at for at, group in enumerate(ordered)}
        return ordered, np.array([place[group] for group in groups], dtype=np.int64)[inverse]


def _runs(column: Any) -> Wholes:
    """Where the runs of equal values begin. Facts lie sorted, and a run is encoded once."""
    if len(column) < 2:
        return np.arange(len(column), dtype=np.int64)
    changed = pc.fill_null(pc.not_equal(column.slice(1), column.slice(0, len(column) - 1)), fill_value=True)
    return np.append(0, np.flatnonzero(changed.to_numpy(zero_copy_only=False)) + 1).astype(np.int64)


def _encoded(column: Any) -> tuple[Wholes, Any]:
    encoded = column.dictionary_encode("encode")
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary


def _label(grain: str, day: int | None) -> str | None:
    return None if day is None else GRAINS[grain](date_of(day))
