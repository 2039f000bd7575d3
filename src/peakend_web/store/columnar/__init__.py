"""The columnar copy: the facts of a workspace as Parquet, for analysis; always a copy of the truth, never the only one.

Under `$PEAKEND_DATA/copy/<workspace>/` lie chunks, each a sorted Parquet file that is never changed, and
`manifest.json`, which names the chunks that count and the number (`seq`) up to which they hold everything. A refresh
asks the truth for what is newer, writes it as a chunk, and puts a new manifest in the place of the old by a rename:
whatever is interrupted, a manifest that is there names files that are whole. A fact that was revised or removed leaves
a tombstone (its id, and the number at which its older rows died); only chunks that hold such rows are read through
the tombstones, until they are merged.

A copy that was made of another database, is ahead of this one (a restored backup), or has a file that is not as it was
written, is rebuilt by itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from peakend.facts import TABLES, TableName
from peakend_web.store import changes, deliveries
from peakend_web.store.row_faults import MOST_NAMED, Fault

from . import files
from .chunks import bury, count_dead, half_dead, mergeable, scrub_table, tidy_table, with_short_tail, write
from .manifest import FORMAT, Manifest, TableCopy, folder_of, load, remember, save, sweep
from .proof import Difference, differences
from .reading import chunk_queries, engine, source

__all__ = [
    "Difference", "Manifest", "chunk_queries", "engine", "faults", "is_sound", "needs_tidying", "own_columns",
    "rebuild", "refresh", "scrub", "source", "tidy", "tidy_later", "verify",
]  # fmt: skip

PATIENCE_S: Final = 2.0


def refresh(workspace: int) -> Manifest:
    """Bring the copy up to the truth and return its manifest; costs one small query where nothing is new.

    Where another process is at it and takes long, what is there is returned as it is: its `clock` tells how old it is.
    """
    now, identity = changes.clock()
    manifest = load(workspace)
    if manifest and _is_current(manifest, identity, now):
        return manifest
    with files.lock(folder_of(workspace), PATIENCE_S if manifest and manifest.identity == identity else None) as held:
        if not held and manifest:
            return manifest
        now, identity = changes.clock()
        manifest = load(workspace)
        if manifest is None or manifest.identity != identity or manifest.clock > now:
            manifest = Manifest(FORMAT, identity, 0, 0, {table: TableCopy() for table in TABLES})
        return (
            manifest
            if _is_current(manifest, identity, now) and manifest.clock
            else _as_far_as_may_be(workspace, manifest, now)
        )


def own_columns(workspace: int) -> frozenset[str]:
    """The columns that facts have brought beside the standard ones, as far as they were copied; costs no query."""
    manifest = load(workspace)
    return frozenset(name for copied in manifest.tables.values() for name in copied.own) if manifest else frozenset()


def faults(workspace: int) -> tuple[Fault, ...]:
    """Rows of which something could not be read, as far as they were copied; costs no query."""
    manifest = load(workspace)
    return tuple(each for copied in manifest.tables.values() for each in copied.faults) if manifest else ()


def rebuild(workspace: int) -> Manifest:
    """Make the copy anew from the truth; the old one serves until the new one is whole."""
    with files.lock(folder_of(workspace)):
        now, identity = changes.clock()
        return _advance(workspace, Manifest(FORMAT, identity, 0, 0, {table: TableCopy() for table in TABLES}), now)


def verify(workspace: int) -> list[Difference]:
    """Prove that copy and truth add up to the same, day by day; empty where they do. Where answers keep coming, it is
    proved under the lock.
    """
    for _ in range(3):
        before = refresh(workspace).clock
        found = differences(workspace)
        if changes.clock()[0] == before:
            return found
    with transaction.atomic():
        deliveries.take_numbers(0)
        refresh(workspace)
        return differences(workspace)


def tidy(workspace: int) -> None:
    """Merge small chunks into larger, sorted ones and drop the dead."""
    with files.lock(folder_of(workspace)):
        if _change(workspace, tidy_table):
            sweep(workspace)


def scrub(workspace: int) -> None:
    """Have no file that counts hold a row that is dead: what was withdrawn is not in the copy's bytes any more once
    readers let go of the old.
    """
    with files.lock(folder_of(workspace)):
        _change(workspace, scrub_table)


def _change(workspace: int, change: Callable[[Path, TableName, TableCopy], TableCopy]) -> bool:
    """Change each table of the copy, where there is one, and save what differs; whether there is a copy. Under the
    copy's lock.
    """
    manifest = load(workspace)
    if manifest is None:
        return False
    tables = {name: change(folder_of(workspace), name, manifest.tables[name]) for name in TABLES}
    if tables != manifest.tables:
        save(workspace, msgspec.structs.replace(manifest, tables=tables))
    return True


def is_sound(workspace: int) -> bool:
    """Whether every file of the copy, read from its first byte to its last, holds what was put into it."""
    manifest = load(workspace)
    return manifest is None or all(
        files.is_sound(folder_of(workspace) / name, stored, wholly=True) for name, stored in manifest.files.items()
    )


def needs_tidying(manifest: Manifest) -> bool:
    """Whether `tidy` would find something to do."""
    return any(mergeable(copied.chunks) or half_dead(copied) for copied in manifest.tables.values())


_tidying: set[int] = set()


def tidy_later(workspace: int) -> None:
    """Merge behind the reader's back, one thread for a workspace at a time."""
    if workspace in _tidying:
        return
    _tidying.add(workspace)

    def work() -> None:
        try:
            tidy(workspace)
        finally:
            _tidying.discard(workspace)

    threading.Thread(target=work, name=f"peakend-tidy-{workspace}", daemon=True).start()


# --- one step forward -------------------------------------------------------------------------------------------------


def _is_current(manifest: Manifest, identity: str, now: int) -> bool:
    return manifest.identity == identity and manifest.clock == now


def _as_far_as_may_be(workspace: int, manifest: Manifest, now: int) -> Manifest:
    """One step forward; where the disk is full or lets nobody write, what was copied before: it is true of then, and
    its clock tells when.
    """
    try:
        return _advance(workspace, manifest, now)
    except OSError:
        if not manifest.clock:
            raise
        return manifest


def _advance(workspace: int, manifest: Manifest, now: int) -> Manifest:
    tables = {name: _advance_table(workspace, name, manifest.tables[name], now) for name in TABLES}
    moved = msgspec.structs.replace(manifest, clock=now, made_us=time.time_ns() // 1000, tables=tables)
    if tables == manifest.tables:
        remember(workspace, moved)
        return moved
    saved = save(workspace, moved)
    sweep(workspace)
    return saved


def _advance_table(workspace: int, table: TableName, old: TableCopy, now: int) -> TableCopy:
    """The table with everything that is new in it."""
    folder = folder_of(workspace)
    removals = changes.removed_since(table, workspace, old.removed)
    chunks, watermark, dead, own = list(old.chunks), old.watermark, removals, set(old.own)
    faults: list[Fault] = []
    if not chunks:
        chunks.append(write(folder, table, changes.empty(table)))
    for rows in changes.facts_since(table, workspace, old.watermark, now, own=own, faults=faults):
        dead = dead + _revised_rows(rows, old.watermark)
        watermark = now
        own |= set(rows.column_names) - changes.standard(table)
        chunks.append(write(folder, table, rows))
    if watermark == old.watermark and not dead and old.chunks:
        return old
    tombstones = bury(folder, table, old.tombstones, dead)
    counted = count_dead(folder, chunks, tombstones)
    removed = max([old.removed, *(seq for _, seq in removals)])
    chunks = list(with_short_tail(folder, table, counted, tombstones))
    return TableCopy(
        watermark, removed, tuple(chunks), tombstones, tuple(sorted(own)), _remaining_faults(old.faults, dead, faults)
    )


def _remaining_faults(
    faults: Sequence[Fault], dead: Sequence[tuple[int, int]], more: Sequence[Fault]
) -> tuple[Fault, ...]:
    """The faults of rows that are still as they were, and the new ones; as many as are named."""
    mended = {id_ for id_, _ in dead}
    return (*(each for each in faults if each.id not in mended), *more)[:MOST_NAMED]


def _revised_rows(rows: pa.Table, watermark: int) -> list[tuple[int, int]]:
    """Rows that were born before the watermark: the copy holds an older row of theirs."""
    again = rows.filter(pc.less_equal(rows["first_seq"], watermark))
    return list(zip(again["id"].to_pylist(), again["seq"].to_pylist(), strict=True))
