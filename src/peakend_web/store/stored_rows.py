"""What stands in the two tables under the identities that are delivered, asked for under the lock of all who write.

Rows that do not count stand in nobody's way: those of an import that is not done, which may yet be cancelled, and those
that were taken back and wait to be erased. To whoever delivers they are not there, and what is delivered takes their
place.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from peakend_web.models import Answer, Event, Import, Removal, Response, TakeBack

from .statements import (
    RESPONSE_COLUMNS,
    RESPONSE_KEY,
    Row,
    Shape,
    quoted_name,
    select_numbers,
    select_stored,
    table_name,
    with_driver_marks,
)


@dataclass(frozen=True, slots=True)
class StoredRows:
    """Rows that count, with their two numbers before them; and the ids of those that do not, by their identity."""

    rows: Sequence[Row] = ()
    giving_way: dict[Row, int] | None = None


def find_rows(cursor: Any, shape: Shape, rows: Sequence[Row]) -> StoredRows:
    """What is there under the identities of these rows. The rows of an import, which is a group of its own, see its
    earlier rows.
    """
    wanted = list(dict.fromkeys(map(shape.identity, rows)))
    if not wanted:
        return StoredRows()
    cursor.execute(select_stored(shape), [json.dumps(wanted)])
    found = cursor.fetchall()
    away = _uncounted_ids(cursor, shape, found, rows[0][shape.at("imported_id")] or 0) if found else set()
    return StoredRows(
        [row[1:] for row in found if row[0] not in away],
        {shape.identity(row[3:]): row[0] for row in found if row[0] in away},
    )


def give_way(cursor: Any, shape: Shape, there: StoredRows, taken: Sequence[Row]) -> None:
    """Erase the rows that do not count and whose place is taken."""
    away = there.giving_way or {}
    ids = [(away[key],) for key in map(shape.identity, taken) if key in away]
    delete = f"DELETE FROM {table_name(shape.model)} WHERE id = %s"  # noqa: S608 — our own names
    cursor.executemany(with_driver_marks(delete), ids)


def _uncounted_ids(cursor: Any, shape: Shape, found: Sequence[Row], own: int) -> set[int]:
    """The ids of those that do not count, in the workspaces that have any such rows."""
    place = 3 + shape.at("workspace_id")
    away: set[int] = set()
    for workspace in {row[place] for row in found}:
        cursor.execute(with_driver_marks(_select_any_uncounted()), [workspace, workspace])
        if cursor.fetchone() is not None:
            ids = json.dumps([row[0] for row in found if row[place] == workspace])
            cursor.execute(with_driver_marks(_select_uncounted(shape.model)), [ids, workspace, own])
            away.update(row[0] for row in cursor.fetchall())
    return away


@cache
def _select_any_uncounted() -> str:
    imports = f"SELECT 1 FROM {table_name(Import)} WHERE workspace_id = %s AND counted_seq IS NULL AND (status = 'running' OR written > 0)"  # noqa: S608
    return f"{imports} UNION ALL SELECT 1 FROM {table_name(TakeBack)} WHERE workspace_id = %s AND erased_at IS NULL LIMIT 1"  # noqa: S608


@cache
def _select_uncounted(model: type[Answer | Event]) -> str:
    own, removal = table_name(model), table_name(Removal)
    imports = f"SELECT id FROM {table_name(Import)} WHERE workspace_id = %s AND counted_seq IS NULL AND id <> %s"  # noqa: S608
    gone = f"SELECT 1 FROM {removal} WHERE {removal}.{quoted_name('table')} = '{model._meta.model_name}' AND {removal}.fact = {own}.id"  # noqa: S608
    return f"SELECT id FROM {own} WHERE id IN ({select_numbers()}) AND (imported_id IN ({imports}) OR EXISTS ({gone}))"  # noqa: S608


class FinishedResponses:
    """Which questionnaires are finished, those of the group that is being written among them."""

    def __init__(self, cursor: Any) -> None:
        self._cursor = cursor
        self._here: set[Row] = set()

    def has(self, response: Row) -> bool:
        """Whether this one is. It is asked for only where an answer would change, which is seldom."""
        key = response[RESPONSE_KEY]
        if key in self._here:
            return True
        self._cursor.execute(with_driver_marks(_select_completed()), list(key))
        return self._cursor.fetchone() is not None

    def note(self, response: Row | None) -> None:
        """One that is about to be written."""
        if response and response[RESPONSE_COLUMNS.index("completed_us")]:
            self._here.add(response[RESPONSE_KEY])


@cache
def _select_completed() -> str:
    return f"SELECT 1 FROM {table_name(Response)} WHERE survey_id = %s AND response = %s AND completed_us IS NOT NULL"  # noqa: S608
