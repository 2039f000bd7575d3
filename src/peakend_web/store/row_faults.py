"""Rows that are in the truth and could not be read whole: as they are read nevertheless, and named so that somebody can
mend them.

The intake refuses such rows now; a database may hold some from before. What of a row cannot be read is left out of the
copy (an instant of the year 56,000 is no instant), the rest of the row counts, and nobody else's page notices. Columns
that differ in capitals alone are one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from peakend.facts.shape import may_be_own
from peakend.ids import fold_case
from peakend.instants import FIRST_DAY, FIRST_US, LAST_DAY, LAST_US

BOUNDS: Final = {"at_us": (FIRST_US, LAST_US), "until_us": (FIRST_US, LAST_US), "day": (FIRST_DAY, LAST_DAY)}
"""Columns of times, with the first and the last that are one."""
NUMBERS: Final = ("value", "low", "high", "weight")
LARGEST: Final = sys.float_info.max
MOST_NAMED: Final = 100
"""Rows that are named; of more, these are enough to begin with."""


class Fault(msgspec.Struct, frozen=True):
    """A row, and the column of it that cannot be read."""

    id: int
    source: str
    key: str
    column: str
    found: str


def sql_of(name: str) -> str:
    """A column in a statement to the truth, as it is read."""
    if name in BOUNDS:
        first, last = BOUNDS[name]
        return f"CASE WHEN {name} BETWEEN {first} AND {last} THEN {name} END"
    otherwise = " ELSE 1.0" if name == "weight" else ""
    return f"CASE WHEN {name} BETWEEN -{LARGEST!r} AND {LARGEST!r} THEN {name}{otherwise} END"


def readable(rows: pa.Table, own: Collection[str], faults: list[Fault]) -> pa.Table:
    """The rows as they can be read, each segment in a column of its own; what could not be is added to `faults`.

    `own` are the segments that are known: one that differs from them in capitals alone is that one.
    """
    for name in (*BOUNDS, *NUMBERS):
        if name in rows.column_names:
            rows = _within(rows, name, faults)
    for name, column in _segment_columns(rows, own, faults).items():
        rows = rows.append_column(name, column)
    return rows.drop_columns(["segments"])


def _within(rows: pa.Table, name: str, faults: list[Fault]) -> pa.Table:
    column = rows.column(name)
    if name in BOUNDS:
        first, last = BOUNDS[name]
        outside = pc.or_(pc.less(column, first), pc.greater(column, last))
    else:
        outside = pc.invert(pc.is_finite(column))
    outside = pc.fill_null(outside, False)  # noqa: FBT003 — what stands for null
    if not pc.any(outside).as_py():
        return rows
    faults.extend(_faults(rows.filter(outside), name, (str(value) for value in column.filter(outside).to_pylist())))
    instead = pa.scalar(1.0 if name == "weight" else None, column.type)
    return rows.set_column(rows.column_names.index(name), name, pc.if_else(outside, instead, column))


def _faults(bad: pa.Table, column: str, found: Iterator[str]) -> Iterator[Fault]:
    ids, sources, keys = (bad.slice(0, MOST_NAMED).column(name).to_pylist() for name in ("id", "source", "source_key"))
    for id_, source, key, text in zip(ids, sources, keys, found, strict=False):
        yield Fault(id_, source, key, column, text[:40])


def _segment_columns(rows: pa.Table, own: Collection[str], faults: list[Fault]) -> dict[str, pa.Array]:
    """One text column for each name that occurs. Few combinations repeat over many rows, so each is parsed once."""
    encoded = rows["segments"].combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    parsed: list[dict[str, Any]] = [json.loads(text) for text in encoded.dictionary.to_pylist()]
    spelled = {fold_case(name): name for name in sorted(own)}
    columns: dict[str, list[str | None]] = {}
    for name in sorted({name for each in parsed for name in each}):
        fold, said = fold_case(name), [each.get(name) for each in parsed]
        if not may_be_own(name):
            bad = pa.array([value is not None for value in said]).take(encoded.indices)
            faults.extend(
                _faults(
                    rows.filter(bad),
                    name,
                    (value for each in encoded.indices.to_pylist() if (value := said[each]) is not None),
                )
            )
            continue
        before = columns.setdefault(spelled.setdefault(fold, name), [None] * len(parsed))
        before[:] = [old if old is not None else new for old, new in zip(before, said, strict=True)]
    return {name: pa.array(values, pa.string()).take(encoded.indices) for name, values in columns.items()}
