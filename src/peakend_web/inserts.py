"""How rows of facts are put into the database: many in one statement, by the driver's own cursor.

Every call into the database gives up the interpreter, and may wait for it where pages are being computed: a call for each row would make a
group of deliveries as slow as it is large.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import psycopg
from django.db import connection

from peakend_web.models.collection import Answer, Response

if TYPE_CHECKING:
    from django.db.models import Model

Row = tuple[Any, ...]
MARKS: Final = 30_000

FACT_COLUMNS: Final = (
    "workspace_id", "service_id", "imported_id", "customer", "visit", "at_us", "day", "site", "channel", "segments", "touchpoint", "value",
    "source", "source_key",
)  # fmt: skip
ANSWER_COLUMNS: Final = (
    *FACT_COLUMNS, "revision", "response", "respondent_kind", "survey", "wave", "item", "construct", "role", "state", "low", "high", "text", "weight",
)  # fmt: skip
EVENT_COLUMNS: Final = (*FACT_COLUMNS, "until_us", "kind", "indicator")
RESPONSE_COLUMNS: Final = ("workspace_id", "survey_id", "response", "place_id", "language", "started_us", "moved_us", "completed_us")
KEY_COLUMNS: Final = ("workspace_id", "key", "fingerprint", "reply", "made_us")
REMOVAL_COLUMNS: Final = ("workspace_id", "table", "fact", "seq")
RESPONSE_KEY: Final = slice(RESPONSE_COLUMNS.index("survey_id"), RESPONSE_COLUMNS.index("response") + 1)
# Behind the two numbers of a row. Rows of two workspaces that share source and key go into two rounds, which costs nothing but time.
FACT_KEY: Final = slice(2 + FACT_COLUMNS.index("source"), 2 + FACT_COLUMNS.index("source_key") + 1)


def driver_cursor() -> Any:
    """The driver's own cursor, for many small statements: Django's, around it, would cost more than they do.

    With PostgreSQL it also sends values beside the statement rather than in it.
    """
    connection.ensure_connection()
    return connection.connection.cursor() if connection.vendor == "sqlite" else psycopg.Cursor(connection.connection)


def in_one_go() -> AbstractContextManager[Any]:
    """Within it PostgreSQL is sent statement after statement, and waited for only where an answer is read or at the end."""
    return nullcontext() if connection.vendor == "sqlite" else connection.connection.pipeline()


@cache
def ours(sql: str) -> str:
    """A statement with the marks of the driver that `driver_cursor` speaks to."""
    return sql.replace("%s", "?") if connection.vendor == "sqlite" else sql


def insert(cursor: Any, sql: str, rows: Sequence[Row], key: slice) -> None:
    """Run an insert for many rows in few statements.

    SQLite takes as many rows in a statement as there are marks for, in pieces of a power of two, so that few statements are ever prepared.
    PostgreSQL takes them all, as one JSON text, but changes a row only once in a statement.
    """
    if connection.vendor == "sqlite":
        one, start = f"({', '.join('?' * len(rows[0]))})" if rows else "", 0
        while start < len(rows):
            size = min(MARKS // len(rows[0]), len(rows) - start)
            size = 1 << (size.bit_length() - 1)
            cursor.execute(_times(sql, one, size), list(chain.from_iterable(rows[start : start + size])))
            start += size
        return
    for each in _rounds(rows, key):
        cursor.execute(sql, [json.dumps(each)])


@cache
def _times(sql: str, one: str, size: int) -> str:
    return sql.replace(one, ", ".join([one] * size), 1)


def _rounds(rows: Sequence[Row], key: slice) -> list[list[Row]]:
    """The rows in lists in which no key comes twice, each key's rows in their order."""
    rounds: list[list[Row]] = []
    times: dict[Row, int] = {}
    for row in rows:
        at = times[row[key]] = times.get(row[key], -1) + 1
        if at == len(rounds):
            rounds.append([])
        rounds[at].append(row)
    return rounds


@cache
def plain_insert(model: type[Model], columns: tuple[str, ...]) -> str:
    """An insert of one row for SQLite, to be multiplied; for PostgreSQL of many rows, each an array of JSON."""
    into = f"INSERT INTO {table(model)} ({', '.join(map(quoted, columns))})"
    if connection.vendor == "sqlite":
        return f"{into} VALUES ({', '.join('?' * len(columns))})"
    kinds = {field.column: field.db_type(connection) for field in model._meta.fields}
    values = ", ".join(f"(row->>{at})::{kinds[column]}" for at, column in enumerate(columns))
    return f"{into} SELECT {values} FROM jsonb_array_elements(%s::jsonb) AS row"  # noqa: S608


@cache
def add(model: type[Model], columns: tuple[str, ...]) -> str:
    """Add rows; one whose source and key are there already is passed over."""
    return f"{plain_insert(model, ('seq', 'first_seq', *columns))} ON CONFLICT (workspace_id, source, source_key) DO NOTHING"


@cache
def upsert_answer() -> str:
    """Add an answer, or change it where it says something else and is not older than what is there."""
    own = table(Answer)
    kept = {"workspace_id", "service_id", "imported_id", "source", "source_key", "response"}
    changes = ", ".join(f"{quoted(column)} = excluded.{quoted(column)}" for column in ("seq", *ANSWER_COLUMNS) if column not in kept)
    other = " OR ".join(f"{own}.{quoted(column)} IS DISTINCT FROM excluded.{quoted(column)}" for column in ("value", "state", "text", "segments"))
    return (
        f"{plain_insert(Answer, ('seq', 'first_seq', *ANSWER_COLUMNS))} ON CONFLICT (workspace_id, source, source_key) DO UPDATE SET {changes} "
        f"WHERE excluded.revision >= {own}.revision AND ({other})"
    )


@cache
def upsert_response() -> str:
    """Add a questionnaire, or say how far it has come."""
    return (
        f"{plain_insert(Response, RESPONSE_COLUMNS)} ON CONFLICT (survey_id, response) DO UPDATE SET language = excluded.language, "
        f"moved_us = excluded.moved_us, completed_us = COALESCE({table(Response)}.completed_us, excluded.completed_us)"
    )


def table(model: type[Model]) -> str:
    """The name of a model's table, as a statement has it."""
    return quoted(model._meta.db_table)


def quoted(name: str) -> str:
    """A name as a statement has it."""
    return connection.ops.quote_name(name)
