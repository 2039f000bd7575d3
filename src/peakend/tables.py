"""Small tables that are not facts: initiatives to choose among, concepts to screen, two coders' codes, periods of a
series.

They come from the same places as facts do (a CSV or Parquet file, a pandas, Polars or PyArrow table, a DuckDB relation,
or plain dictionaries) and leave as checked rows, so that a method never sees a missing column or a word where a number
belongs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import pyarrow as pa
from pyarrow import csv, parquet

from peakend.errors import FormatError

Kind = Literal["text", "number", "whole"]
Row = Mapping[str, Any]
_REQUIRED: Final = object()
_WRONG: Final[Mapping[Kind, str]] = {"text": "table.not_text", "number": "table.not_number", "whole": "table.not_whole"}


@dataclass(frozen=True)
class Field:
    """A column that is asked for. Without a default it must be there and filled in each row."""

    name: str
    kind: Kind
    default: Any = _REQUIRED


def read_table(source: Any, wanted: Sequence[Field]) -> list[dict[str, Any]]:
    """The rows of a small table, each with the fields wanted.

    Raises FormatError `table.unreadable`, `table.column_missing`, `table.empty`, or `table.not_text`,
    `table.not_number`, `table.not_whole`; rows are counted from 1, the header not counted.
    """
    rows, columns = _rows(source)
    found = tuple(dict.fromkeys((*columns, *(name for row in rows for name in row))))
    for one in wanted:
        if one.default is _REQUIRED and one.name not in found:
            raise FormatError("table.column_missing", column=one.name, found=", ".join(found) or "–")
    if not rows:
        raise FormatError("table.empty", found=", ".join(found) or "–")
    return [{one.name: _value(row.get(one.name), one, at) for one in wanted} for at, row in enumerate(rows, 1)]


def _rows(source: Any) -> tuple[Sequence[Row], Sequence[str]]:
    """The rows, and the columns that the table names."""
    if isinstance(source, str | Path):
        source = _file(Path(source))
    if hasattr(source, "__arrow_c_stream__"):
        table = pa.table(source)
        return table.to_pylist(), table.column_names
    if isinstance(source, Sequence) and not isinstance(source, str) and all(isinstance(row, Mapping) for row in source):
        return source, ()
    raise FormatError("table.unreadable", name=type(source).__name__, reason=type(source).__name__)


def _file(path: Path) -> pa.Table:
    try:
        return parquet.read_table(path) if path.suffix.lower() == ".parquet" else csv.read_csv(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise FormatError("table.unreadable", name=path.name, reason=str(error).splitlines()[0]) from error


def _value(value: Any, wanted: Field, row: int) -> Any:
    empty = value is None or value == "" or (isinstance(value, float) and math.isnan(value))
    if empty and wanted.default is not _REQUIRED:
        return wanted.default
    if wanted.kind == "text" and not empty:
        return str(value)
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not math.isfinite(number) or (wanted.kind == "whole" and number != int(number)):
        raise FormatError(_WRONG[wanted.kind], row=row, column=wanted.name, found="" if empty else value)
    return int(number) if wanted.kind == "whole" else number
