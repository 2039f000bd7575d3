"""The files of a columnar copy, and of what is released of it: put on the disk whole, and known again by size, time
and digest.

A file is never changed once it is in its place. So one that has another size is damaged; one that was touched since is
read and compared with its digest; and what nobody touched is believed until the next look at all of them (`is_sound`
with `wholly`).
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

ROWS_TOGETHER = 122_880


class StoredFile(msgspec.Struct, frozen=True):
    """A file as it was put in place."""

    size: int
    mtime_ns: int
    digest: str


def put(folder: Path, stem: str, rows: pa.Table) -> str:
    """Write rows into a file of their own; its name."""
    name = f"{stem}-{uuid.uuid4().hex}.parquet"
    pq.write_table(rows, folder / f"{name}.part", compression="zstd", row_group_size=ROWS_TOGETHER)
    keep(folder / f"{name}.part", folder / name)
    return name


def keep(temporary: Path, final: Path) -> None:
    """Onto the disk first, then under its name."""
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.rename(final)


def sync_folder(folder: Path) -> None:
    """Have the names of a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stored_file(path: Path) -> StoredFile:
    """A file as it is now."""
    found = path.stat()
    return StoredFile(found.st_size, found.st_mtime_ns, _digest(path))


_comparisons: dict[tuple[Path, int, int], bool] = {}
"""Files that were touched and compared since, by their time and size: whether they hold what they should."""


def is_sound(path: Path, stored: StoredFile, *, wholly: bool = False) -> bool:
    """Whether a file holds what was put into it; `wholly` reads it even where nothing points to a change."""
    try:
        found = path.stat()
        if found.st_size != stored.size:
            return False
        if wholly:
            return _digest(path) == stored.digest
        if found.st_mtime_ns == stored.mtime_ns:
            return True
        key = (path, found.st_mtime_ns, found.st_size)
        if key not in _comparisons:
            _comparisons[key] = _digest(path) == stored.digest
        return _comparisons[key]
    except OSError:
        return False


@contextmanager
def lock(folder: Path, patience: float | None = None) -> Iterator[bool]:
    """One process and thread at a time changes a copy; False where that takes longer than `patience`."""
    # By the system's own call, not by the package `filelock`, which asks it again and again: who waits here is woken at
    # once when the other ends.
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as file:
        held = _acquire(file, patience)
        try:
            yield held
        finally:
            if held:
                fcntl.flock(file, fcntl.LOCK_UN)


def _acquire(file: Any, patience: float | None) -> bool:
    if patience is None:
        fcntl.flock(file, fcntl.LOCK_EX)
        return True
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        else:
            return True


def checksum(content: bytes) -> str:
    """A digest that tells a change by accident."""
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
