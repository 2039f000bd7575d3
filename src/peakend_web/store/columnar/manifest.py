"""What a copy consists of: the manifest, which names the files that count, and how it is read and put in place."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

import msgspec
from django.conf import settings

from peakend.facts.shape import STANDARD
from peakend_web.store.row_faults import Fault

from . import files
from .files import StoredFile

FORMAT: Final = 6
GRACE_S: Final = 30
"""So long a reader may still be at a file that no manifest names any more."""


class Chunk(msgspec.Struct, frozen=True):
    """One Parquet file: its rows, the ids and the highest number among them, how many of them may be dead, and a mark
    of which.
    """

    file: str
    rows: int
    low_id: int
    high_id: int
    high_seq: int
    dead: int = 0
    mark: str = ""


class TableCopy(msgspec.Struct, frozen=True):
    """One fact table: everything up to `watermark` is in the chunks, every removal up to `removed` in the tombstones.

    `own` are the columns that facts brought beside the standard ones, `faults` what of them could not be read.
    """

    watermark: int = 0
    removed: int = 0
    chunks: tuple[Chunk, ...] = ()
    tombstones: str | None = None
    own: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def rows(self) -> int:
        """Rows in the files, the dead among them."""
        return sum(chunk.rows for chunk in self.chunks)


class Manifest(msgspec.Struct, frozen=True):
    """What the copy of one workspace consists of. `clock` is the newest number of the whole database when it was made.

    `files` holds each file as it was put in place, and `check` is the digest of the manifest itself without it.
    """

    format: int
    identity: str
    clock: int
    made_us: int
    tables: dict[str, TableCopy]
    files: dict[str, StoredFile] = {}
    check: str = ""


def folder_of(workspace: int) -> Path:
    """Where the copy of a workspace lies."""
    return Path(settings.PEAKEND_DATA) / "copy" / str(workspace)


_manifests: dict[int, tuple[tuple[int, int], Manifest]] = {}


def _mark(workspace: int) -> tuple[int, int]:
    """Changes whenever a manifest is put in place, by whichever process."""
    try:
        found = (folder_of(workspace) / "manifest.json").stat()
    except OSError:
        return (0, 0)
    return (found.st_ino, found.st_mtime_ns)


def load(workspace: int) -> Manifest | None:
    """The manifest in place; None where there is none that can be used, as when a file that it names is gone."""
    mark = _mark(workspace)
    known = _manifests.get(workspace)
    manifest = known[1] if known and known[0] == mark else _read_manifest(workspace)
    if (
        manifest is None
        or mark == (0, 0)
        or not all(_is_sound(workspace, manifest, name) for name in _files_of(manifest))
    ):
        return None
    _manifests[workspace] = (mark, manifest)
    return manifest


def _is_sound(workspace: int, manifest: Manifest, name: str) -> bool:
    return name in manifest.files and files.is_sound(folder_of(workspace) / name, manifest.files[name])


def _read_manifest(workspace: int) -> Manifest | None:
    try:
        manifest = msgspec.json.decode((folder_of(workspace) / "manifest.json").read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None
    if manifest.format != FORMAT or manifest.check != _check(manifest):
        return None
    # A column of one's own that has become one of ours since would be read in our sense: such a copy is made anew.
    taken = any(STANDARD.intersection(copied.own) for copied in manifest.tables.values())
    return None if taken else manifest


def _check(manifest: Manifest) -> str:
    return files.checksum(msgspec.json.encode(msgspec.structs.replace(manifest, check="")))


def _files_of(manifest: Manifest) -> set[str]:
    named = [copied.tombstones for copied in manifest.tables.values() if copied.tombstones]
    return {*named, *(chunk.file for copied in manifest.tables.values() for chunk in copied.chunks)}


def remember(workspace: int, manifest: Manifest) -> None:
    """Know here that nothing of the workspace is new: not worth a write."""
    _manifests[workspace] = (_mark(workspace), manifest)


def save(workspace: int, manifest: Manifest) -> Manifest:
    """Put a manifest in place, when all files that it names are on the disk."""
    folder, known = folder_of(workspace), manifest.files
    stored = {name: known.get(name) or files.stored_file(folder / name) for name in sorted(_files_of(manifest))}
    manifest = msgspec.structs.replace(manifest, files=stored)
    manifest = msgspec.structs.replace(manifest, check=_check(manifest))
    temporary = folder / "manifest.json.part"
    with temporary.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
        file.flush()
        os.fsync(file.fileno())
    files.sync_folder(folder)
    temporary.rename(folder / "manifest.json")
    files.sync_folder(folder)
    remember(workspace, manifest)
    return manifest


def sweep(workspace: int) -> None:
    """Remove files that no manifest names any more, after a while in which a reader may still be at them."""
    folder, manifest = folder_of(workspace), load(workspace)
    named = _files_of(manifest) if manifest else set()
    for path in folder.glob("*.parquet*"):
        if path.name not in named and path.stat().st_mtime < time.time() - GRACE_S:
            path.unlink(missing_ok=True)
