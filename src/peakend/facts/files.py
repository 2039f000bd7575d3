"""Files and relations as DuckDB reads them: CSV and Parquet, and types that every reader of facts knows."""

from __future__ import annotations

import csv
import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Final

import duckdb

from peakend.errors import FactsError
from peakend.facts.arrow_tables import Header, header
from peakend.facts.shape import INSTANTS, KINDS, SQL, TableName
from peakend.facts.sql import quoted_name
from peakend.spreadsheet import INERT

MEMORY: Final = "2GB"
LONGEST_LINE: Final = 2_000_000
"""Bytes of a line that the engine reads."""
BLOCK: Final = 1_000_000
PARQUET: Final = (".parquet", ".pq")
INSTANT: Final = "TIMESTAMPTZ"
STRANGE: Final = frozenset(
    {"UUID", "BIT", "TIMETZ", "TIME WITH TIME ZONE", "TIME_NS", "VARIANT", "BIGNUM", "VARINT", "GEOMETRY", "JSON"}
)
"""Types of DuckDB that Narwhals does not know, and would be taken for columns in which nothing stands."""


def engine() -> Any:
    """A connection of its own to our DuckDB: memory capped (what does not fit goes to disk), UTC, never the network."""
    with _ONE_AT_A_TIME:
        connection = _database(os.getpid()).cursor()
    connection.execute("SET TimeZone = 'UTC'")
    return connection


@cache
def _database(_process: int) -> Any:
    """The one database in memory that all connections of a process are to: to make one takes longer than a small table
    takes to be read. Nothing is ever stored in it. A process that was forked makes its own: it has the memory of the
    first one, but none of its threads, and must neither use nor close it.
    """
    return duckdb.connect(
        config={
            "memory_limit": MEMORY,
            "temp_directory": str(Path(gettempdir()) / "peakend"),
            "autoinstall_known_extensions": False,
        }
    )


_ONE_AT_A_TIME: Final = threading.Lock()


def read_file(path: Path, table: TableName, names: Mapping[str, str]) -> tuple[Any, object, tuple[str, ...]]:
    """A CSV or Parquet file as a relation, the connection behind it, and the names that several of its columns have.

    Raises FactsError `facts.file_missing`, `facts.file_empty`, `facts.file_encoding`, `facts.file_row`,
    `facts.file_unreadable`, `facts.not_a_number`, `facts.not_an_instant`, and those of `header`.
    """
    if not _exists(path):
        raise FactsError("facts.file_missing", path=str(path)[:200])
    connection = engine()
    try:
        if path.suffix.lower() in PARQUET:
            relation = connection.read_parquet(str(path))
            top = header(relation.columns, table, names)
            return readable(_chosen(relation, top)), connection, top.doubled
        relation = connection.read_csv(str(path), all_varchar=True, header=True, **_dialect(path))
        top = header(_header(path, relation), table, names)
        return _typed(_chosen(relation, top), path, table), connection, top.doubled
    except (duckdb.Error, OSError) as error:
        raise _unreadable(path, str(error)) from None


def _header(path: Path, relation: Any) -> list[str]:
    """The names as the file has them: the engine would number those that stand there twice. What has none keeps the
    engine's.
    """
    first: list[str] = []
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        pieces = iter(lambda: file.readline(BLOCK), "")
        with suppress(csv.Error):
            first = next(csv.reader(pieces, delimiter=_dialect(path)["delimiter"]), [])
    own: list[str] = relation.columns
    return [name.strip() or other for name, other in zip(first, own, strict=True)] if len(first) == len(own) else own


def _exists(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a name that is too long, or holds a null: a text was given in the place of a path
        return False


def _chosen(relation: Any, top: Header) -> Any:
    """The columns that are taken, under their names."""
    if len(relation.columns) <= max(top.places, default=-1):
        return relation
    named = zip(top.places, top.names, strict=True)
    return relation.project(
        ", ".join(f"{quoted_name(relation.columns[at])} as {quoted_name(name)}" for at, name in named)
    )


def _unreadable(path: Path, reason: str) -> FactsError:
    """What is wrong with a file, in words that do not come from the engine."""
    if not path.stat().st_size:
        return FactsError("facts.file_empty", path=path.name)
    if line := _long_line(path):
        return FactsError("facts.file_line", path=path.name, line=line, most=f"{LONGEST_LINE:,}")
    if "not utf-8" in reason.lower():
        return FactsError("facts.file_encoding", path=path.name)
    if row := None if path.suffix.lower() in PARQUET else _uneven(path):
        return FactsError("facts.file_row", path=path.name, row=row)
    return FactsError("facts.file_unreadable", path=path.name, reason=reason.splitlines()[0][:200])


def _long_line(path: Path) -> int | None:
    """The first line that is longer than the engine reads; the file is never held whole."""
    line, length = 1, 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            first, *others = block.split(b"\n")
            if length + len(first) > LONGEST_LINE:
                return line
            line, length = line + len(others), len(others[-1]) if others else length + len(first)
    return None


def _uneven(path: Path) -> int | None:
    """The first row with another number of cells than the header, which is row 1."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file, suppress(csv.Error):
        rows = csv.reader(file, delimiter=_dialect(path)["delimiter"])
        header = next(rows, [])
        return next((at for at, row in enumerate(rows, 2) if row and len(row) != len(header)), None)
    return None


def _dialect(path: Path) -> dict[str, Any]:
    """Quoting as RFC 4180 has it, and the separator that the header has most of. The engine would tell both from a
    sample of the rows, and miss quotes that first appear far down.
    """
    with path.open("rb") as file:
        header = file.readline(1_000_000)
    delimiter = max((",", ";", "\t", "|"), key=lambda each: header.count(each.encode()))
    return {"delimiter": delimiter, "quotechar": '"', "escapechar": '"', "skiprows": 0}


def _typed(relation: Any, path: Path, table: TableName) -> Any:
    """A CSV holds text alone: numbers and instants are cast, and a cell that cannot be is named."""
    types = {name: SQL[kind] for name, kind in KINDS.items() if kind != "text"} | dict.fromkeys(INSTANTS, INSTANT)
    types |= {"order": SQL["number"]} if table == "events" else {}
    wanted = {name: types[name.lower()] for name in relation.columns if name.lower() in types}
    present = list(wanted)
    if present:
        bad = [f'min("{name}") filter (where try_cast("{name}" as {wanted[name]}) is null)' for name in present]
        for name, found in zip(present, relation.aggregate(", ".join(bad)).fetchall()[0], strict=True):
            if found is not None:
                wrong = "facts.not_an_instant" if wanted[name] == INSTANT else "facts.not_a_number"
                raise FactsError(
                    wrong, path=path.name, column=name, found=found, row=_row_of(relation, name, wanted[name])
                )
    casts = [
        f"cast({quoted_name(name)} as {wanted[name]}) as {quoted_name(name)}"
        if name in present
        else _text(quoted_name(name))
        for name in relation.columns
    ]
    return relation.project(", ".join(casts))


def _text(name: str) -> str:
    """A column of text without the apostrophes by which we write a cell that a spreadsheet would run: it is read as it
    was before.
    """
    return (
        f"case when starts_with({name}, '''') and regexp_matches({name}, '{INERT}') then substr({name}, 2) else "
        f"{name} end as {name}"
    )


def _row_of(relation: Any, name: str, wanted: str) -> int:
    """The first row whose cell cannot be read, counted as in a spreadsheet: the header is row 1."""
    numbered = relation.project(f"row_number() over () + 1 as row, {quoted_name(name)} as cell")
    return int(
        numbered.filter(f"cell is not null and try_cast(cell as {wanted}) is null")
        .aggregate("min(row)")
        .fetchall()[0][0]
    )


def readable(relation: Any) -> Any:
    """A relation whose types Narwhals knows: nanoseconds of a zone become microseconds, any other strange type
    a text.
    """
    if not hasattr(relation, "types"):
        return relation
    casts = {}
    for name, kind in zip(relation.columns, map(str, relation.types), strict=True):
        if kind.startswith("TIMESTAMP") and kind.endswith("_NS") and "TZ" in kind:
            casts[name] = "TIMESTAMPTZ"
        elif kind in STRANGE:
            casts[name] = "VARCHAR"
    names = {name: quoted_name(name) for name in relation.columns}
    chosen = [
        f"cast({quoted} as {casts[name]}) as {quoted}" if name in casts else quoted for name, quoted in names.items()
    ]
    return relation.project(", ".join(chosen)) if casts else relation
