"""What is new in the truth, as Arrow: the facts of a workspace above a watermark, in the layout of the columnar copy.

Each reading is one statement and so sees one state of the database: since numbers follow the order of commits,
everything at or below a number that was read before is there to be seen. Which rows count at a number is said in
`countable`.

From PostgreSQL many rows come through ADBC, five times as fast as rows of Python objects. From SQLite they never do:
ADBC brings a second copy of the SQLite library into the process, and two of them on one file undo each other's locks
(POSIX drops a process's locks on a file when any of its handles is closed), which damages the database while it is
written to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urlencode

import adbc_driver_postgresql
import pyarrow as pa
from adbc_driver_manager import AdbcConnection, AdbcStatement
from django.db import connection

from peakend.facts import TABLES, TableName
from peakend.facts.shape import KINDS
from peakend.facts.sql import quoted_name
from peakend_web.models import Answer, Event, FactClock, Removal

from .countable import ALIAS, Countable, Model, countable_rows
from .row_faults import Fault, readable, sql_of

MODELS: Final[dict[TableName, Model]] = {"answers": Answer, "events": Event}

CHUNK: Final = 1_000_000
MANY: Final = 1_000
FEW: Final = 10_000
NO_DAY: Final = -(2**31)

_OURS: Final = ("id", "seq", "first_seq", "service")
_NUMBERS: Final = {
    **dict.fromkeys(_OURS, pa.int64()),
    **{name: {"whole": pa.int64(), "number": pa.float64()}[kind] for name, kind in KINDS.items() if kind != "text"},
}
COLUMNS: Final[dict[TableName, tuple[str, ...]]] = {
    table: (*_OURS, "segments", *(column.name for column in columns)) for table, columns in TABLES.items()
}
"""What the copy has of each table: the columns of the facts, and ours."""


def clock() -> tuple[int, str]:
    """The number of the newest committed fact, and the identity of this database; 0 and "" where there has
    been none.
    """
    row = FactClock.objects.order_by("id").values_list("value", "identity").first()
    return (row[0], str(row[1])) if row else (0, "")


def facts_since(
    table: TableName,
    workspace: int,
    after: int,
    upto: int,
    *,
    own: Collection[str] = (),
    faults: list[Fault] | None = None,
) -> Iterator[pa.Table]:
    """The facts that count at the number `upto` and did not at `after`, in tables of at most a million rows.

    `own` are the segments that the copy has; to `faults` is added what of the rows could not be read.
    """
    bad = [] if faults is None else faults
    columns, state = COLUMNS[table], countable_rows(workspace, after, upto)
    sql = _select_all(table, state)
    # Another connection does not see what this one has not committed.
    many = upto - after > MANY or state.new_imports
    by_adbc = connection.vendor == "postgresql" and many and not connection.in_atomic_block
    for batch in _by_adbc(sql, columns) if by_adbc else _by_cursor(sql, columns):
        if batch.num_rows:
            yield readable(batch, own, bad)


def removed_since(table: TableName, workspace: int, after: int) -> list[tuple[int, int]]:
    """The facts that are gone since: (id, number of the removal)."""
    name = MODELS[table]._meta.model_name
    return list(Removal.objects.filter(workspace=workspace, table=name, seq__gt=after).values_list("fact", "seq"))


def sums_by_day(table: TableName, workspace: int) -> dict[int, tuple[float, ...]]:
    """What the truth adds up to, by day: rows, values, Σ value, Σ weight, Σ seq. For comparison with the copy."""
    day, value, weight = sql_of("day"), sql_of("value"), sql_of("weight") if table == "answers" else "1.0"
    now, model = clock()[0], MODELS[table]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COALESCE({day}, {NO_DAY}), COUNT(*), COUNT({value}), COALESCE(SUM({value}), 0), "  # noqa: S608 — our own names
            f"SUM({weight}), SUM(seq) "
            f"FROM {quoted_name(model._meta.db_table)} {ALIAS} "
            f"WHERE {countable_rows(workspace, now, now).every(model)} "
            "GROUP BY 1"
        )
        return {int(row[0]): tuple(float(each) for each in row[1:]) for row in cursor.fetchall()}


@cache
def standard(table: TableName) -> frozenset[str]:
    """The columns that every chunk has; whatever else it has was brought by the facts."""
    return frozenset(COLUMNS[table])


def empty(table: TableName) -> pa.Table:
    """No facts, in the layout of the copy."""
    return readable(_schema(COLUMNS[table]).empty_table(), (), [])


# --- two ways to read -------------------------------------------------------------------------------------------------


def _by_cursor(sql: str, columns: tuple[str, ...]) -> Iterator[pa.Table]:
    """Row by row, a few at a time, so that whoever keeps an answer meanwhile does not wait for the interpreter."""
    schema = _schema(columns)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        yield from _in_chunks(_table(rows, schema) for rows in iter(lambda: cursor.fetchmany(FEW), []))


def _table(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True)
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def _by_adbc(sql: str, columns: tuple[str, ...]) -> Iterator[pa.Table]:
    """By the driver's plain interface: the one for people would load every dataframe library there is."""
    schema, settings = _schema(columns), connection.settings_dict
    named = {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
    }
    asked = urlencode({name: value for name, value in named.items() if value}, quote_via=quote)
    address = f"postgresql:///{quote(str(settings['NAME']))}?{asked}"
    with (
        adbc_driver_postgresql.connect(address) as database,
        AdbcConnection(database) as adbc,
        AdbcStatement(adbc) as statement,
    ):
        statement.set_sql_query(sql)
        handle, _rows = statement.execute_query()
        yield from _in_chunks(
            pa.Table.from_batches([batch]).cast(schema) for batch in pa.RecordBatchReader.from_stream(handle)
        )


def _in_chunks(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Small tables as tables of a chunk's size."""
    gathered: list[pa.Table] = []
    for table in tables:
        gathered.append(table)
        if sum(each.num_rows for each in gathered) >= CHUNK:
            yield pa.concat_tables(gathered)
            gathered = []
    if gathered:
        yield pa.concat_tables(gathered)


# --- the layout -------------------------------------------------------------------------------------------------------


def _select_all(table: TableName, state: Countable) -> str:
    """One statement that reads all rows of a state."""
    model = MODELS[table]
    parts = [
        f"SELECT {_select(table, born)} FROM {quoted_name(model._meta.db_table)} {ALIAS} WHERE {condition}"  # noqa: S608 — our own names and numbers
        for condition, born in state.conditions(model)
    ]
    return " UNION ALL ".join(parts)


def _select(table: TableName, born: str) -> str:
    """The columns; `first_seq` is the number at which a row was born for whoever reads, which for an import is the one
    it counts from.
    """
    named = {"service": "service_id", "first_seq": born}
    return ", ".join(f"{named.get(column, quoted_name(column))} AS {quoted_name(column)}" for column in COLUMNS[table])


@cache
def _schema(columns: tuple[str, ...]) -> pa.Schema:
    return pa.schema([(column, _NUMBERS.get(column, pa.string())) for column in columns])
