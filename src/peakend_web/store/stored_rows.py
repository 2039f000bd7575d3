"""What stands in the two tables under the identities that are delivered, asked for under the lock of all who write.

Rows that do not count stand in nobody's way: those of an import that is not done, which may yet be cancelled, and those
that were taken back and wait to be erased. To whoever delivers they are not there, and what is delivered takes their
place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import msgspec

from peakend.facts.sql import quoted_name
from peakend_web.models import Answer, Event, Import, Removal, TakeBack

from .rows import Identity, Row
from .statements import (
    Shape,
    select_numbers,
    select_stored,
    table_name,
    with_driver_marks,
)


class StoredRow(msgspec.Struct, frozen=True, gc=False):
    """A row as it stands, with its id and its two numbers."""

    id: int
    seq: int
    first_seq: int
    row: Row


@dataclass(frozen=True, slots=True)
class StoredRows:
    """Rows that count; and the ids of those that do not, by their identity."""

    rows: Sequence[StoredRow] = ()
    giving_way: Mapping[Identity, int] = field(default_factory=dict)


def find_rows(cursor: Any, shape: Shape, rows: Sequence[Row]) -> StoredRows:
    """What is there under the identities of these rows. The rows of an import, which is a group of its own, see its
    earlier rows.
    """
    wanted = list(dict.fromkeys(row.identity for row in rows))
    if not wanted:
        return StoredRows()
    cursor.execute(select_stored(shape), [json.dumps(wanted)])
    found = [StoredRow(id_, seq, first, shape.row(*values)) for id_, seq, first, *values in cursor.fetchall()]
    away = _uncounted_ids(cursor, shape, found, rows[0].imported_id or 0) if found else set()
    return StoredRows(
        [each for each in found if each.id not in away],
        {each.row.identity: each.id for each in found if each.id in away},
    )


def give_way(cursor: Any, shape: Shape, there: StoredRows, taken: Iterable[Identity]) -> None:
    """Erase the rows that do not count and whose place is taken."""
    ids = [(there.giving_way[key],) for key in taken if key in there.giving_way]
    delete = f"DELETE FROM {table_name(shape.model)} WHERE id = %s"  # noqa: S608 — our own names
    cursor.executemany(with_driver_marks(delete), ids)


def _uncounted_ids(cursor: Any, shape: Shape, found: Sequence[StoredRow], own: int) -> set[int]:
    """The ids of those that do not count, in the workspaces that have any such rows."""
    away: set[int] = set()
    for workspace in {each.row.workspace_id for each in found}:
        cursor.execute(with_driver_marks(_select_any_uncounted()), [workspace, workspace])
        if cursor.fetchone() is not None:
            ids = json.dumps([each.id for each in found if each.row.workspace_id == workspace])
            cursor.execute(with_driver_marks(_select_uncounted(shape.model)), [ids, workspace, own])
            away.update(row[0] for row in cursor.fetchall())
    return away


@cache
def _select_any_uncounted() -> str:
    return (
        f"SELECT 1 FROM {table_name(Import)} "  # noqa: S608 — our own names
        "WHERE workspace_id = %s AND counted_seq IS NULL AND (status = 'running' OR written > 0) "
        "UNION ALL "
        f"SELECT 1 FROM {table_name(TakeBack)} "
        "WHERE workspace_id = %s AND erased_at IS NULL "
        "LIMIT 1"
    )


@cache
def _select_uncounted(model: type[Answer | Event]) -> str:
    own, removal = table_name(model), table_name(Removal)
    imports = f"SELECT id FROM {table_name(Import)} WHERE workspace_id = %s AND counted_seq IS NULL AND id <> %s"  # noqa: S608 — our own names
    of_it = f"{removal}.{quoted_name('table')} = '{model._meta.model_name}' AND {removal}.fact = {own}.id"
    return (
        f"SELECT id FROM {own} "  # noqa: S608 — our own names
        f"WHERE id IN ({select_numbers()}) "
        f"AND (imported_id IN ({imports}) OR EXISTS (SELECT 1 FROM {removal} WHERE {of_it}))"
    )
