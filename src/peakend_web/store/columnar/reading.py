"""The live rows of a copy, as DuckDB reads them: its files, and around the dead those that hold some."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb
from django.conf import settings

from peakend.facts import TableName
from peakend.facts.sql import quoted_name, quoted_text

from .manifest import Chunk, Manifest, folder_of

NEWER: Final[Mapping[TableName, tuple[str, ...]]] = {"answers": (), "events": ("record",)}
"""Columns that a chunk of before does not have; in its rows they are null."""

_engines: dict[int, duckdb.DuckDBPyConnection] = {}
_engine_lock = threading.Lock()


def engine() -> duckdb.DuckDBPyConnection:
    """A DuckDB cursor of this process, for one thread's use."""
    pid = os.getpid()
    with _engine_lock:
        if pid not in _engines:
            spill = str(Path(settings.PEAKEND_DATA) / "copy" / "spill")
            asked: dict[str, str | bool | int | float | list[str]] = {
                "memory_limit": settings.PEAKEND_MEMORY,
                "threads": os.cpu_count() or 1,
                "temp_directory": spill,
            }
            _engines[pid] = duckdb.connect(":memory:", config=asked)
            _engines[pid].execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        return _engines[pid].cursor()


def source(workspace: int, manifest: Manifest, table: TableName) -> str:
    """The live rows of a table as a DuckDB query."""
    copied = manifest.tables[table]
    return query(folder_of(workspace), table, copied.chunks, copied.tombstones)


def chunk_queries(workspace: int, manifest: Manifest, table: TableName) -> dict[str, str]:
    """The live rows of each chunk as a DuckDB query, by a key that changes whenever they do; the last is the one that
    grows.
    """
    copied, folder = manifest.tables[table], folder_of(workspace)
    return {f"{each.file}{each.mark}": query(folder, table, [each], copied.tombstones) for each in copied.chunks}


def query(folder: Path, table: TableName, chunks: Sequence[Chunk], tombstones: str | None) -> str:
    """Chunks as one query; only those with dead rows are read through the tombstones."""
    clean = [folder / each.file for each in chunks if not (tombstones and each.dead)]
    stained = [folder / each.file for each in chunks if tombstones and each.dead]
    parts = [f"SELECT * FROM {_files(clean)}"] if clean else []  # noqa: S608 — our own files
    if stained:
        dead = _files([folder / str(tombstones)])
        gone = f"SELECT 1 FROM {dead} d WHERE d.id = f.id AND d.seq > f.seq"  # noqa: S608 — our own files
        parts.append(f"SELECT * FROM {_files(stained)} f WHERE NOT EXISTS ({gone})")  # noqa: S608 — our own files
    if NEWER[table]:
        columns = ", ".join(f"NULL::VARCHAR AS {quoted_name(name)}" for name in NEWER[table])
        parts.append(f"SELECT {columns} WHERE false")
    return f"SELECT * FROM ({' UNION ALL BY NAME '.join(parts)})"  # noqa: S608 — our own files


def _files(paths: Sequence[Path]) -> str:
    names = ", ".join(quoted_text(str(path)) for path in paths)
    return f"read_parquet([{names}], union_by_name = true)"
