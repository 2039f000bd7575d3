"""Frames as they are given: what becomes a table of Arrow before an engine sees it, column by column.

A column of one's own is a text in the facts, so one that no engine knows (mixed, complex, sparse) is written as text; a
standard column that is not what it must be is refused with its row. Columns that share a name, or differ in capitals
alone, cannot be told apart by an engine: they stay out, and whoever asks for one is told so.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, SupportsFloat

import pyarrow as pa

from peakend.errors import FactsError
from peakend.facts.shape import INSTANTS, KINDS, TABLES, TableName

_FAILURES: Final = (pa.ArrowException, TypeError, ValueError, OverflowError)


@dataclass(frozen=True)
class Header:
    """The names of a frame's columns: at which places those stand that are taken, and which names several
    columns have.
    """

    places: tuple[int, ...]
    names: tuple[str, ...]
    doubled: tuple[str, ...]


def header(given: Iterable[Any], table: TableName, names: Mapping[str, str]) -> Header:
    """The columns that are taken, by the names that `names` gives them.

    Raises FactsError `facts.column_twice` where a standard column cannot be told from another, and
    `facts.column_unknown` for a name to be changed that is not there.
    """
    found = [str(name) for name in given]
    if missing := [name for name in names if name not in found]:
        raise FactsError("facts.column_unknown", column=missing[0], found=", ".join(found) or "–")
    found = [names.get(name, name) for name in found]
    alike = defaultdict(list)
    for place, name in enumerate(found):
        alike[name.lower()].append(place)
    standard = {column.name for column in TABLES[table]} | set(INSTANTS)
    taken = sorted(place for lower, places in alike.items() for place in _told(lower, places, found, lower in standard))
    doubled = tuple(dict.fromkeys(name for place, name in enumerate(found) if place not in taken))
    return Header(tuple(taken), tuple(found[place] for place in taken), doubled)


def _told(lower: str, places: Sequence[int], names: Sequence[str], standard: bool) -> Sequence[int]:  # noqa: FBT001
    """Of columns whose names are alike, the one that is meant; none where that cannot be told."""
    if len(places) == 1:
        return places
    exact = [place for place in places if names[place] == lower]
    if standard and len(exact) != 1:
        raise twice(lower, [names[place] for place in places])
    return exact if standard else ()


def twice(column: str, names: Sequence[str]) -> FactsError:
    """The refusal of a name that several columns have."""
    return FactsError("facts.column_twice", column=column, found=", ".join(names), count=len(names))


def of_rows(rows: Sequence[Any], names: Mapping[str, str], table: TableName) -> tuple[pa.Table, Header]:
    """A list of dictionaries as a table. Raises FactsError `facts.source` for a list of anything else."""
    strange = next((row for row in rows if not isinstance(row, Mapping)), None)
    if strange is not None:
        raise FactsError("facts.source", found=f"{type(rows).__name__} of {type(strange).__name__}")
    given = dict.fromkeys(name for row in rows for name in row)
    top = header(given, table, names)
    chosen = [list(given)[place] for place in top.places]
    return _table([[row.get(name) for row in rows] for name in chosen], top), top


def of_pandas(frame: Any, names: Mapping[str, str], table: TableName) -> tuple[pa.Table, Header]:
    """A frame of pandas as a table, its index left out. Raises FactsError `facts.source` for what is no frame."""
    if getattr(frame, "ndim", 0) != 2:
        raise FactsError("facts.source", found=f"pandas.{type(frame).__name__}")
    top = header(frame.columns, table, names)
    return _table([frame.iloc[:, place] for place in top.places], top), top


def of_arrow(source: Any, names: Mapping[str, str], table: TableName) -> tuple[pa.Table, Header]:
    """A table of Arrow, by the names that are taken. Raises FactsError `facts.source` for a column or an array."""
    if not hasattr(source, "column_names") and not hasattr(source, "schema"):
        raise FactsError("facts.source", found=f"pyarrow.{type(source).__name__}")
    whole = source if isinstance(source, pa.Table) else pa.table(source)
    top = header(whole.column_names, table, names)
    return pa.Table.from_arrays([whole.column(place) for place in top.places], names=list(top.names)), top


def _table(columns: Sequence[Any], top: Header) -> pa.Table:
    return pa.table(
        [_column(name, values) for name, values in zip(top.names, columns, strict=True)], names=list(top.names)
    )


def _column(name: str, values: Any) -> Any:
    try:
        return pa.array(values, from_pandas=True)
    except _FAILURES:
        pass
    given = list(values)
    if KINDS.get(name.lower(), "text") == "text":
        return pa.array([None if absent(value) else str(value) for value in given], pa.string())
    return pa.array([_number(name, value, row) for row, value in enumerate(given, 1)], pa.float64())


def _number(name: str, value: Any, row: int) -> float | None:
    """A cell of a standard column of numbers. Raises FactsError `facts.cell` with its row, counted from 1, for what is
    none.
    """
    if absent(value):
        return None
    if isinstance(value, bool) or not isinstance(value, SupportsFloat):
        raise FactsError("facts.cell", column=name, row=row, found=value)
    return float(value)


def absent(value: Any) -> bool:
    """Whether a value of Python stands for nothing: None, NaN, NaT, NA."""
    return (
        value is None
        or type(value).__name__ in {"NAType", "NaTType"}
        or (isinstance(value, float) and math.isnan(value))
    )
