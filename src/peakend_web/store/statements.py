"""How rows of facts are put into the database: many in one statement, by the driver's own cursor.

Every call into the database gives up the interpreter, and may wait for it where pages are being computed: a call for
each row would make a group of deliveries as slow as it is large.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import psycopg
from django.db import connection

from peakend.facts.sql import quoted_name
from peakend_web.models import Answer, Event, Response

from .rows import IDENTITY, AnswerRow, EventRow

if TYPE_CHECKING:
    from django.db.models import Model

Values = tuple[Any, ...]
MARKS: Final = 30_000


@dataclass(frozen=True, slots=True)
class Shape:
    """A fact table: its model, and the row in which its facts are handed on."""

    model: type[Answer | Event]
    row: type[AnswerRow | EventRow]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns in the order of a row's values."""
        return self.row.__struct_fields__


ANSWERS: Final = Shape(Answer, AnswerRow)
EVENTS: Final = Shape(Event, EventRow)
SHAPES: Final = {"answers": ANSWERS, "events": EVENTS}
RESPONSE_COLUMNS: Final = (
    "workspace_id",
    "survey_id",
    "response",
    "place_id",
    "language",
    "started_us",
    "moved_us",
    "completed_us",
    "receipt",
    "aside",
    "reasons",
)
KEY_COLUMNS: Final = ("workspace_id", "key", "fingerprint", "reply", "made_us")
REMOVAL_COLUMNS: Final = ("workspace_id", "table", "fact", "seq")
RESPONSE_KEY: Final = slice(RESPONSE_COLUMNS.index("survey_id"), RESPONSE_COLUMNS.index("response") + 1)
WHOLE_ROW: Final = slice(0, 2)
"""The number of a fact, by which rows of one statement are told apart: none comes twice."""


def driver_cursor() -> Any:
    """The driver's own cursor, for many small statements: Django's, around it, would cost more than they do.

    With PostgreSQL it also sends values beside the statement rather than in it.
    """
    connection.ensure_connection()
    return connection.connection.cursor() if connection.vendor == "sqlite" else psycopg.Cursor(connection.connection)


def in_one_go() -> AbstractContextManager[Any]:
    """Within it PostgreSQL is sent statement after statement, and waited for only where an answer is read or at the
    end.
    """
    return nullcontext() if connection.vendor == "sqlite" else connection.connection.pipeline()


@cache
def with_driver_marks(sql: str) -> str:
    """A statement with the marks of the driver that `driver_cursor` speaks to."""
    return sql.replace("%s", "?") if connection.vendor == "sqlite" else sql


def insert(cursor: Any, sql: str, rows: Sequence[Values], key: slice) -> None:
    """Run an insert for many rows in few statements.

    SQLite takes as many rows in a statement as there are marks for, in pieces of a power of two, so that few statements
    are ever prepared. PostgreSQL takes them all, as one JSON text, but changes a row only once in a statement.
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


def _rounds(rows: Sequence[Values], key: slice) -> list[list[Values]]:
    """The rows in lists in which no key comes twice, each key's rows in their order."""
    rounds: list[list[Values]] = []
    times: dict[Values, int] = {}
    for row in rows:
        at = times[row[key]] = times.get(row[key], -1) + 1
        if at == len(rounds):
            rounds.append([])
        rounds[at].append(row)
    return rounds


@cache
def plain_insert(model: type[Model], columns: tuple[str, ...]) -> str:
    """An insert of one row for SQLite, to be multiplied; for PostgreSQL of many rows, each an array of JSON."""
    into = f"INSERT INTO {table_name(model)} ({', '.join(map(quoted_name, columns))})"
    if connection.vendor == "sqlite":
        return f"{into} VALUES ({', '.join('?' * len(columns))})"
    kinds = {field.column: field.db_type(connection) for field in model._meta.fields}
    values = ", ".join(f"(row->>{at})::{kinds[column]}" for at, column in enumerate(columns))
    return f"{into} SELECT {values} FROM jsonb_array_elements(%s::jsonb) AS row"  # noqa: S608 — our own names


@cache
def select_stored(shape: Shape) -> str:
    """What is there under identities, which are given as one JSON text: the id, the two numbers and the columns of each
    row.
    """
    own = ", ".join(f"fact.{quoted_name(column)}" for column in ("id", "seq", "first_seq", *shape.columns))
    if connection.vendor == "sqlite":
        wanted = [f"json_extract(wanted.value, '$[{at}]')" for at in range(len(IDENTITY))]
        source = "json_each(?) AS wanted CROSS JOIN"  # in this order: SQLite would else be free to walk the whole table
    else:
        kinds = {field.column: field.db_type(connection) for field in shape.model._meta.fields}
        wanted = [f"(wanted->>{at})::{kinds[column]}" for at, column in enumerate(IDENTITY)]
        source = "jsonb_array_elements(%s::jsonb) AS wanted JOIN"
    found = " AND ".join(
        f"fact.{quoted_name(column)} = {value}" for column, value in zip(IDENTITY, wanted, strict=True)
    )
    return f"SELECT {own} FROM {source} {table_name(shape.model)} AS fact ON {found}"  # noqa: S608 — our own names


@cache
def select_numbers() -> str:
    """A query of the numbers in one JSON text."""
    return (
        "SELECT value FROM json_each(%s)"
        if connection.vendor == "sqlite"
        else "SELECT value::bigint FROM jsonb_array_elements_text(%s::jsonb)"
    )


@cache
def select_texts() -> str:
    """A query of the texts in one JSON text."""
    return (
        "SELECT value FROM json_each(%s)"
        if connection.vendor == "sqlite"
        else "SELECT value FROM jsonb_array_elements_text(%s::jsonb)"
    )


@cache
def insert_facts(shape: Shape) -> str:
    """Add rows, numbered."""
    return plain_insert(shape.model, ("seq", "first_seq", *shape.columns))


@cache
def upsert_facts(shape: Shape) -> str:
    """Put numbered rows in the place of those of the same identity; the file that brought one, and its first number,
    stay.
    """
    kept = {*IDENTITY, "imported_id"}
    changes = ", ".join(
        f"{quoted_name(column)} = excluded.{quoted_name(column)}"
        for column in ("seq", *shape.columns)
        if column not in kept
    )
    return f"{insert_facts(shape)} ON CONFLICT ({', '.join(map(quoted_name, IDENTITY))}) DO UPDATE SET {changes}"


@cache
def upsert_responses() -> str:
    """Add a questionnaire, or say how far it has come."""
    return (
        f"{plain_insert(Response, RESPONSE_COLUMNS)} "
        "ON CONFLICT (survey_id, response) DO UPDATE SET "
        "language = excluded.language, "
        "moved_us = excluded.moved_us, "
        f"completed_us = COALESCE({table_name(Response)}.completed_us, excluded.completed_us), "
        "aside = excluded.aside, "
        "reasons = excluded.reasons, "
        f"receipt = COALESCE({table_name(Response)}.receipt, excluded.receipt)"
    )


def table_name(model: type[Model]) -> str:
    """The name of a model's table, as a statement has it."""
    return quoted_name(model._meta.db_table)
