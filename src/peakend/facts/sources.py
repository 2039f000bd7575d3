"""A source as it is given, read once: a file, a frame of any engine, or rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import Any, Final

import narwhals.stable.v2 as nw
import pyarrow as pa

from peakend.errors import FactsError
from peakend.facts.arrow_tables import header, of_arrow, of_pandas, of_rows
from peakend.facts.files import engine, read_file, readable
from peakend.facts.shape import ORDER, REQUIRED, TableName
from peakend.facts.sql import quoted_name
from peakend.facts.standard import lazy

LENT: Final = RLock()
"""The turn of every relation that was lent to us: which connection is behind it cannot be told, and two may
share one.
"""


def turn_of(native: Any, keep: object) -> AbstractContextManager[Any]:
    """Our own connections take turns each for itself, lent ones all together; other engines serve many threads
    at once.
    """
    if keep is not None:
        return RLock()
    return LENT if type(native).__module__.partition(".")[0].strip("_") in {"duckdb", "ibis"} else nullcontext()


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it was read: rows in memory, or a frame in its engine with what must live as long as it; and the
    names that several columns have.
    """

    rows: pa.Table | None = None
    native: Any = None
    keep: object = None
    doubled: tuple[str, ...] = ()

    @property
    def names(self) -> Sequence[str]:
        """The columns."""
        if self.rows is not None:
            return list(self.rows.column_names)
        with turn_of(self.native, self.keep):
            return lazy(self.native).collect_schema().names()


def read_source(source: Any, table: TableName, names: Mapping[str, str]) -> Source:
    """The source, read once."""
    if isinstance(source, str | Path):
        native, keep, doubled = read_file(Path(source), table, names)
        return Source(None, native, keep, doubled)
    if isinstance(source, nw.DataFrame | nw.LazyFrame):
        source = source.to_native()
    module = type(source).__module__.partition(".")[0]
    if isinstance(source, list | tuple):
        rows, top = of_rows(source, names, table)
    elif module == "pandas":
        rows, top = of_pandas(source, names, table)
    elif module == "pyarrow":
        rows, top = of_arrow(source, names, table)
    else:
        return Source(None, _with_names(source, table, names))
    if not rows.column_names:
        raise FactsError("facts.column_missing", column=REQUIRED[table][0], found="–")
    return Source(rows, doubled=top.doubled)


def in_engine(rows: pa.Table) -> tuple[Any, object]:
    """Rows in memory as a relation of an engine that computes right, and the connection behind it."""
    connection = engine()
    return readable(connection.from_arrow(rows)), connection


def _with_names(source: Any, table: TableName, names: Mapping[str, str]) -> Any:
    """A frame that stays in its engine, by the names that are wanted, in types that every engine knows."""
    lent = type(source).__module__.partition(".")[0].strip("_") == "duckdb"
    if not names:
        return readable(source) if lent else source
    frame = lazy(source)
    header(frame.collect_schema().names(), table, names)
    renamed = nw.to_native(frame.rename(dict(names)))
    return readable(renamed) if lent else renamed


def with_order(frame: nw.LazyFrame[Any], source: Any) -> nw.LazyFrame[Any]:
    """The rows with the place of each in the order of delivery: what a numeric column `order` says, else their own
    where the source has one.

    Raises FactsError `facts.type` for an order that is not made of numbers.
    """
    schema = frame.collect_schema()
    if "order" in schema:
        if not schema["order"].is_numeric():
            raise FactsError("facts.type", column="order", found=str(schema["order"]), wanted="number")
        return frame.with_columns(nw.col("order").cast(nw.Float64()).alias(ORDER))
    source = source.to_native() if isinstance(source, nw.DataFrame) else source
    module = type(source).__module__.partition(".")[0]
    native: Any = nw.to_native(frame)
    if module == "polars" and type(source).__name__ == "DataFrame":
        return lazy(native.with_row_index(ORDER))
    if isinstance(source, str | Path | list) or module in {"pandas", "pyarrow"}:
        return lazy(native.project(f"*, row_number() over () as {quoted_name(ORDER)}"))
    return frame
