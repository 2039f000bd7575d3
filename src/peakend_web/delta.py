"""What is new in the truth, as Arrow: the facts of a workspace above a watermark, in the layout of the columnar copy.

Many rows come through ADBC, which is five times as fast as rows of Python objects; few rows, and rows that only the caller's open
transaction can see, come through Django's own connection. Each reading is one statement and so sees one state of the database: since
numbers follow the order of commits, everything at or below the highest number it returns has been seen.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Final, Literal
from urllib.parse import quote, urlencode

import adbc_driver_postgresql
import adbc_driver_sqlite
import pyarrow as pa
from adbc_driver_manager import AdbcConnection, AdbcDatabase, AdbcStatement
from django.db import connection

from peakend_web.models.collection import Answer, Event, FactClock, Removal

TableName = Literal["answers", "events"]
TABLES: Final[tuple[TableName, ...]] = ("answers", "events")
MODELS: Final = {"answers": Answer, "events": Event}

CHUNK: Final = 1_000_000
MANY: Final = 1_000
BATCH: Final = "65536"
NO_DAY: Final = -(2**31)

_NUMBERS: Final = {"id": pa.int64(), "seq": pa.int64(), "first_seq": pa.int64(), "service": pa.int64(), "at_us": pa.int64(), "day": pa.int64(),
                   "until_us": pa.int64(), "value": pa.float64(), "low": pa.float64(), "high": pa.float64(), "weight": pa.float64()}  # fmt: skip
KEPT: Final[dict[TableName, tuple[str, ...]]] = {
    "answers": (
        "id", "seq", "first_seq", "service", "response", "respondent_kind", "customer", "visit", "at_us", "day", "site", "channel", "segments",
        "survey", "wave", "item", "construct", "role", "touchpoint", "state", "value", "low", "high", "text", "weight", "source", "source_key",
    ),
    "events": (
        "id", "seq", "first_seq", "service", "visit", "customer", "at_us", "until_us", "day", "site", "channel", "segments", "touchpoint", "kind",
        "indicator", "value", "source", "source_key",
    ),
}  # fmt: skip


def clock() -> tuple[int, str]:
    """The number of the newest committed fact, and the identity of this database; 0 and "" where there has been none."""
    row = FactClock.objects.order_by("id").values_list("value", "identity").first()
    return (row[0], str(row[1])) if row else (0, "")


def facts_since(table: TableName, workspace: int, after: int, upto: int) -> Iterator[pa.Table]:
    """The facts numbered above `after`, in tables of at most a million rows. `upto` only says how many there may be."""
    columns = KEPT[table]
    sql = f"SELECT {_select(table)} FROM {_quoted(MODELS[table]._meta.db_table)} WHERE workspace_id = {workspace:d} AND seq > {after:d}"  # noqa: S608
    batches = _by_adbc(sql, columns) if upto - after > MANY and _can_adbc() else _by_django(sql, columns)
    for batch in batches:
        if batch.num_rows:
            yield _as_facts(batch)


def removed_since(table: TableName, workspace: int, after: int) -> list[tuple[int, int]]:
    """The facts that are gone since: (id, number of the removal)."""
    name = MODELS[table]._meta.model_name
    return list(Removal.objects.filter(workspace=workspace, table=name, seq__gt=after).values_list("fact", "seq"))


def sums_by_day(table: TableName, workspace: int) -> dict[int, tuple[float, ...]]:
    """What the truth adds up to, by day: rows, values, Σ value, Σ weight, Σ seq. For comparison with the copy."""
    weight = "weight" if table == "answers" else "1.0"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COALESCE(day, {NO_DAY}), COUNT(*), COUNT(value), COALESCE(SUM(value), 0), SUM({weight}), SUM(seq) "  # noqa: S608
            f"FROM {_quoted(MODELS[table]._meta.db_table)} WHERE workspace_id = %s GROUP BY 1",
            [workspace],
        )
        return {int(row[0]): tuple(float(each) for each in row[1:]) for row in cursor.fetchall()}


@cache
def standard(table: TableName) -> frozenset[str]:
    """The columns that every segment has; whatever else it has was brought by the facts."""
    return frozenset(KEPT[table])


def empty(table: TableName) -> pa.Table:
    """No facts, in the layout of the copy."""
    return _as_facts(_schema(KEPT[table]).empty_table())


# --- two ways to read ------------------------------------------------------------------------------------------------------------------


def _by_django(sql: str, columns: tuple[str, ...]) -> Iterator[pa.Table]:
    schema = _schema(columns)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(CHUNK // 8):
            arrays = [pa.array(column, field.type) for column, field in zip(zip(*rows, strict=True), schema, strict=True)]
            yield pa.table(arrays, schema=schema)


def _by_adbc(sql: str, columns: tuple[str, ...]) -> Iterator[pa.Table]:
    """Through ADBC. Its SQLite driver takes a column's type from the first rows, which may be all null: a first row of ours, dropped
    again, tells it.
    """
    schema = _schema(columns)
    sqlite = connection.vendor == "sqlite"
    if sqlite:
        sql = f"SELECT {_example(columns)} UNION ALL SELECT * FROM ({sql})"  # noqa: S608
    gathered: list[pa.Table] = []
    first = sqlite
    for batch in _stream(sql, {"adbc.sqlite.query.batch_rows": BATCH} if sqlite else {}):
        table = pa.Table.from_batches([batch])
        gathered.append((table.slice(1) if first else table).cast(schema))
        first = False
        if sum(each.num_rows for each in gathered) >= CHUNK:
            yield pa.concat_tables(gathered)
            gathered = []
    if gathered:
        yield pa.concat_tables(gathered)


def _stream(sql: str, options: dict[str, str]) -> Iterator[pa.RecordBatch]:
    """The batches of a query. By the driver's plain interface: the one for people would load every dataframe library there is."""
    with _database() as database, AdbcConnection(database) as adbc, AdbcStatement(adbc) as statement:
        if options:
            statement.set_options(**options)
        statement.set_sql_query(sql)
        handle, _rows = statement.execute_query()
        yield from pa.RecordBatchReader.from_stream(handle)


def _can_adbc() -> bool:
    """Whether another connection sees what this one sees."""
    return not connection.in_atomic_block and ":memory:" not in str(connection.settings_dict["NAME"])


def _database() -> AdbcDatabase:
    settings = connection.settings_dict
    if connection.vendor == "sqlite":
        connect, address = adbc_driver_sqlite.connect, f"file:{quote(str(settings['NAME']))}?mode=ro"
    else:
        named = {"host": settings["HOST"], "port": settings["PORT"], "user": settings["USER"], "password": settings["PASSWORD"]}
        asked = urlencode({name: value for name, value in named.items() if value}, quote_via=quote)
        connect, address = adbc_driver_postgresql.connect, f"postgresql:///{quote(str(settings['NAME']))}?{asked}"
    database: AdbcDatabase = connect(address)
    return database


# --- the layout ------------------------------------------------------------------------------------------------------------------------


@cache
def _select(table: TableName) -> str:
    return ", ".join(f"service_id AS {_quoted(column)}" if column == "service" else _quoted(column) for column in KEPT[table])


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)


@cache
def _schema(columns: tuple[str, ...]) -> pa.Schema:
    return pa.schema([(column, _NUMBERS.get(column, pa.string())) for column in columns])


@cache
def _example(columns: tuple[str, ...]) -> str:
    kinds = {pa.int64(): "0", pa.float64(): "0.5", pa.string(): "''"}
    return ", ".join(f"{kinds[_NUMBERS.get(column, pa.string())]} AS {_quoted(column)}" for column in columns)


def _as_facts(rows: pa.Table) -> pa.Table:
    """Give each segment its column."""
    for name, column in _segment_columns(rows["segments"]).items():
        rows = rows.append_column(name, column)
    return rows.drop_columns(["segments"])


def _segment_columns(segments: pa.ChunkedArray) -> dict[str, pa.Array]:
    """One text column for each name that occurs. Few combinations repeat over many rows, so each is parsed once."""
    encoded = segments.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    parsed = [json.loads(text) for text in encoded.dictionary.to_pylist()]
    names = sorted({name for each in parsed for name in each})
    return {name: pa.array([each.get(name) for each in parsed], pa.string()).take(encoded.indices) for name in names}
