"""The columnar copy: the facts of a workspace as Parquet, for analysis; always a copy of the truth, never the only one.

Under `$PEAKEND_DATA/copy/<workspace>/` lie segments, each a sorted Parquet file that is never changed, and `manifest.json`, which names
the segments that count and the number (`seq`) up to which they hold everything. A refresh asks the truth for what is newer, writes it as
a segment, and puts a new manifest in the place of the old by a rename: whatever is interrupted, a manifest that is there names files that
are whole. A fact that was revised or removed leaves a tombstone (its id, and the number at which its older rows died); only segments that
hold such rows are read through the tombstones, until they are merged.

A copy that was made of another database, is ahead of this one (a restored backup), or has a file that is not as it was written, is rebuilt
by itself.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction

from peakend_web import delta, ingest, parquet
from peakend_web.delta import TABLES, TableName
from peakend_web.parquet import Entry
from peakend_web.unreadable import NAMED, Fault

FORMAT: Final = 4
TAIL: Final = 16_384
MERGE: Final = ((131_072, 8), (1_048_576, 8))
ORDER: Final[dict[TableName, tuple[str, ...]]] = {"answers": ("construct", "role", "visit", "at_us"), "events": ("visit", "at_us", "kind")}
HELD_S: Final = 30
PATIENCE_S: Final = 2.0


class Segment(msgspec.Struct, frozen=True):
    """One Parquet file: its rows, the ids and the highest number among them, how many of them may be dead, and a mark of which."""

    file: str
    rows: int
    low_id: int
    high_id: int
    high_seq: int
    dead: int = 0
    mark: str = ""


class Copied(msgspec.Struct, frozen=True):
    """One fact table: everything up to `watermark` is in the segments, every removal up to `removed` in the tombstones.

    `own` are the columns that facts brought beside the standard ones, `faults` what of them could not be read.
    """

    watermark: int = 0
    removed: int = 0
    segments: tuple[Segment, ...] = ()
    tombstones: str | None = None
    own: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()

    @property
    def rows(self) -> int:
        """Rows in the files, the dead among them."""
        return sum(segment.rows for segment in self.segments)


class Manifest(msgspec.Struct, frozen=True):
    """What the copy of one workspace consists of. `clock` is the newest number of the whole database when it was made.

    `files` holds each file as it was put in place, and `check` is the digest of the manifest itself without it.
    """

    format: int
    identity: str
    clock: int
    made_us: int
    tables: dict[str, Copied]
    files: dict[str, Entry] = {}
    check: str = ""


@dataclass(frozen=True, slots=True)
class Difference:
    """A day on which the copy and the truth disagree: rows, values, Σ value, Σ weight, Σ seq of each."""

    table: str
    day: int
    truth: tuple[float, ...]
    copy: tuple[float, ...]


def refresh(workspace: int) -> Manifest:
    """Bring the copy up to the truth and return its manifest; costs one small query where nothing is new.

    Where another process is at it and takes long, what is there is returned as it is: its `clock` tells how old it is.
    """
    now, identity = delta.clock()
    manifest = _load(workspace)
    if manifest and _is_current(manifest, identity, now):
        return manifest
    with parquet.lock(_folder(workspace), PATIENCE_S if manifest and manifest.identity == identity else None) as held:
        if not held and manifest:
            return manifest
        now, identity = delta.clock()
        manifest = _load(workspace)
        if manifest is None or manifest.identity != identity or manifest.clock > now:
            manifest = Manifest(FORMAT, identity, 0, 0, {table: Copied() for table in TABLES})
        return manifest if _is_current(manifest, identity, now) and manifest.clock else _as_far_as_may_be(workspace, manifest, now)


def own_columns(workspace: int) -> frozenset[str]:
    """The columns that facts have brought beside the standard ones, as far as they were copied; costs no query."""
    manifest = _load(workspace)
    return frozenset(name for copied in manifest.tables.values() for name in copied.own) if manifest else frozenset()


def faults(workspace: int) -> tuple[Fault, ...]:
    """Rows of which something could not be read, as far as they were copied; costs no query."""
    manifest = _load(workspace)
    return tuple(each for copied in manifest.tables.values() for each in copied.faults) if manifest else ()


def rebuild(workspace: int) -> Manifest:
    """Make the copy anew from the truth; the old one serves until the new one is whole."""
    with parquet.lock(_folder(workspace)):
        now, identity = delta.clock()
        return _advance(workspace, Manifest(FORMAT, identity, 0, 0, {table: Copied() for table in TABLES}), now)


def verify(workspace: int) -> list[Difference]:
    """Prove that copy and truth add up to the same, day by day; empty where they do. Where answers keep coming, it is proved under the lock."""
    for _ in range(3):
        before = refresh(workspace).clock
        found = _differences(workspace)
        if delta.clock()[0] == before:
            return found
    with transaction.atomic():
        ingest.take_numbers(0)
        refresh(workspace)
        return _differences(workspace)


def tidy(workspace: int) -> None:
    """Merge small segments into larger, sorted ones and drop the dead."""
    with parquet.lock(_folder(workspace)):
        manifest = _load(workspace)
        if manifest is None:
            return
        tables = {name: _tidied(workspace, name, manifest.tables[name]) for name in TABLES}
        if tables != manifest.tables:
            _save(workspace, msgspec.structs.replace(manifest, tables=tables))
        _sweep(workspace)


def scrub(workspace: int) -> None:
    """Have no file that counts hold a row that is dead: what was withdrawn is not in the copy's bytes any more once readers let go of the old."""
    with parquet.lock(_folder(workspace)):
        manifest = _load(workspace)
        if manifest is None:
            return
        tables = {name: _scrubbed(workspace, name, manifest.tables[name]) for name in TABLES}
        if tables != manifest.tables:
            _save(workspace, msgspec.structs.replace(manifest, tables=tables))


def is_sound(workspace: int) -> bool:
    """Whether every file of the copy, read from its first byte to its last, holds what was put into it."""
    manifest = _load(workspace)
    return manifest is None or all(parquet.is_sound(_folder(workspace) / name, entry, wholly=True) for name, entry in manifest.files.items())


def needs_tidying(manifest: Manifest) -> bool:
    """Whether `tidy` would find something to do."""
    return any(_mergeable(copied.segments) or _half_dead(copied) for copied in manifest.tables.values())


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


def source(workspace: int, manifest: Manifest, table: TableName) -> str:
    """The live rows of a table as a DuckDB query."""
    copied = manifest.tables[table]
    return _query(_folder(workspace), copied.segments, copied.tombstones)


def pieces(workspace: int, manifest: Manifest, table: TableName) -> dict[str, str]:
    """The live rows of each segment as a DuckDB query, by a key that changes whenever they do; the last is the one that grows."""
    copied, folder = manifest.tables[table], _folder(workspace)
    return {f"{each.file}{each.mark}": _query(folder, [each], copied.tombstones) for each in copied.segments}


_engines: dict[int, duckdb.DuckDBPyConnection] = {}
_engine_lock = threading.Lock()


def engine() -> duckdb.DuckDBPyConnection:
    """A DuckDB cursor of this process, for one thread's use."""
    pid = os.getpid()
    with _engine_lock:
        if pid not in _engines:
            limit = os.environ.get("PEAKEND_MEMORY", "1GB")
            spill = str(Path(settings.PEAKEND_DATA) / "copy" / "spill")
            asked: dict[str, str | bool | int | float | list[str]] = {"memory_limit": limit, "threads": os.cpu_count() or 1, "temp_directory": spill}
            _engines[pid] = duckdb.connect(":memory:", config=asked)
            _engines[pid].execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        return _engines[pid].cursor()


# --- one step forward ------------------------------------------------------------------------------------------------------------------


def _is_current(manifest: Manifest, identity: str, now: int) -> bool:
    return manifest.identity == identity and manifest.clock == now


def _as_far_as_may_be(workspace: int, manifest: Manifest, now: int) -> Manifest:
    """One step forward; where the disk is full or lets nobody write, what was copied before: it is true of then, and its clock tells when."""
    try:
        return _advance(workspace, manifest, now)
    except OSError:
        if not manifest.clock:
            raise
        return manifest


def _advance(workspace: int, manifest: Manifest, now: int) -> Manifest:
    tables = {name: _advanced(workspace, name, manifest.tables[name], now) for name in TABLES}
    moved = msgspec.structs.replace(manifest, clock=now, made_us=time.time_ns() // 1000, tables=tables)
    if tables == manifest.tables:
        # Nothing of this workspace: remembered here, not worth a write.
        _loaded[workspace] = (_mark(workspace), moved)
        return moved
    saved = _save(workspace, moved)
    _sweep(workspace)
    return saved


def _advanced(workspace: int, table: TableName, old: Copied, now: int) -> Copied:
    """The table with everything that is new in it."""
    folder = _folder(workspace)
    removals = delta.removed_since(table, workspace, old.removed)
    segments, watermark, dead, own = list(old.segments), old.watermark, removals, set(old.own)
    faults: list[Fault] = []
    if not segments:
        segments.append(_write(folder, table, delta.empty(table)))
    for rows in delta.facts_since(table, workspace, old.watermark, now, own=own, faults=faults):
        dead = dead + _revised(rows, old.watermark)
        watermark = now
        own |= set(rows.column_names) - delta.standard(table)
        segments.append(_write(folder, table, rows))
    if watermark == old.watermark and not dead and old.segments:
        return old
    tombstones = _bury(folder, table, old.tombstones, dead)
    counted = _count_dead(folder, segments, tombstones)
    removed = max([old.removed, *(seq for _, seq in removals)])
    segments = list(_with_short_tail(folder, table, counted, tombstones))
    return Copied(watermark, removed, tuple(segments), tombstones, tuple(sorted(own)), _left(old.faults, dead, faults))


def _left(faults: Sequence[Fault], dead: Sequence[tuple[int, int]], more: Sequence[Fault]) -> tuple[Fault, ...]:
    """The faults of rows that are still as they were, and the new ones; as many as are named."""
    mended = {id_ for id_, _ in dead}
    return (*(each for each in faults if each.id not in mended), *more)[:NAMED]


def _revised(rows: pa.Table, watermark: int) -> list[tuple[int, int]]:
    """Rows that were born before the watermark: the copy holds an older row of theirs."""
    again = rows.filter(pc.less_equal(rows["first_seq"], watermark))
    return list(zip(again["id"].to_pylist(), again["seq"].to_pylist(), strict=True))


def _bury(folder: Path, table: TableName, tombstones: str | None, dead: list[tuple[int, int]]) -> str | None:
    """Add to the tombstones; a new file, for the old manifest still reads the old one."""
    if not dead:
        return tombstones
    new = pa.table({"id": pa.array([id_ for id_, _ in dead], pa.int64()), "seq": pa.array([seq for _, seq in dead], pa.int64())})
    every = pa.concat_tables([pq.read_table(folder / tombstones), new]) if tombstones else new
    return parquet.put(folder, f"{table}-dead", every.group_by("id").aggregate([("seq", "max")]).rename_columns(["id", "seq"]))


def _count_dead(folder: Path, segments: Sequence[Segment], tombstones: str | None) -> tuple[Segment, ...]:
    """For each segment, how many tombstones may be of its rows; none is certain, more is an upper bound."""
    if not tombstones:
        return tuple(segments)
    dead = pq.read_table(folder / tombstones)
    ids, seqs = dead["id"].to_numpy(), dead["seq"].to_numpy()

    def marked(segment: Segment) -> Segment:
        among = np.sort(ids[(ids >= segment.low_id) & (ids <= segment.high_id) & (seqs > segment.high_seq)])
        mark = hashlib.blake2b(among.tobytes(), digest_size=16).hexdigest() if len(among) else ""
        return msgspec.structs.replace(segment, dead=len(among), mark=mark)

    return tuple(map(marked, segments))


def _with_short_tail(folder: Path, table: TableName, segments: tuple[Segment, ...], tombstones: str | None) -> tuple[Segment, ...]:
    """Merge the last segments while they are small together, so that many small refreshes do not leave many small files."""
    rows, at = 0, len(segments)
    while at > 0 and rows + segments[at - 1].rows <= TAIL:
        at -= 1
        rows += segments[at].rows
    return segments if len(segments) - at < 2 else (*segments[:at], _merge(folder, table, segments[at:], tombstones))


# --- merging ---------------------------------------------------------------------------------------------------------------------------


def _tidied(workspace: int, table: TableName, copied: Copied) -> Copied:
    folder, segments = _folder(workspace), copied.segments
    while span := _mergeable(segments):
        start, end = span
        segments = (*segments[:start], _merge(folder, table, segments[start:end], copied.tombstones), *segments[end:])
    merged = msgspec.structs.replace(copied, segments=segments)
    return _scrubbed(workspace, table, merged) if _half_dead(copied) else _without_old_tombstones(merged)


def _scrubbed(workspace: int, table: TableName, copied: Copied) -> Copied:
    """The table with every segment written anew that has dead rows."""
    folder, dead = _folder(workspace), copied.tombstones
    segments = tuple(_merge(folder, table, [each], dead) if each.dead else each for each in copied.segments)
    return _without_old_tombstones(msgspec.structs.replace(copied, segments=segments))


def _without_old_tombstones(copied: Copied) -> Copied:
    segments = copied.segments
    return msgspec.structs.replace(copied, segments=segments, tombstones=copied.tombstones if any(each.dead for each in segments) else None)


def _mergeable(segments: Sequence[Segment]) -> tuple[int, int] | None:
    """The first run of neighbours that are small enough, and enough, to become one."""
    for limit, enough in MERGE:
        start = 0
        for at, segment in enumerate([*segments, None]):
            if segment is not None and segment.rows < limit:
                continue
            if at - start >= enough:
                return start, at
            start = at + 1
    return None


def _half_dead(copied: Copied) -> bool:
    """Whether reading around the dead has become dear."""
    return sum(segment.dead for segment in copied.segments) > max(1_000, copied.rows // 50)


def _merge(folder: Path, table: TableName, segments: Sequence[Segment], tombstones: str | None) -> Segment:
    """One sorted segment of several, without their dead. DuckDB sorts within its memory limit, however large they are."""
    name = f"{table}-{uuid.uuid4().hex}.parquet"
    temporary = folder / f"{name}.part"
    query = f"{_query(folder, segments, tombstones)} ORDER BY {', '.join(ORDER[table])}"
    rows = engine().execute(f"COPY ({query}) TO '{_text(temporary)}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)").fetchall()[0][0]
    parquet.keep(temporary, folder / name)
    filled = [each for each in segments if each.rows]
    return Segment(
        name,
        int(rows),
        min((each.low_id for each in filled), default=0),
        max((each.high_id for each in filled), default=0),
        max((each.high_seq for each in filled), default=0),
    )


def _query(folder: Path, segments: Sequence[Segment], tombstones: str | None) -> str:
    """Segments as one query; only those with dead rows are read through the tombstones."""
    clean = [folder / each.file for each in segments if not (tombstones and each.dead)]
    stained = [folder / each.file for each in segments if tombstones and each.dead]
    parts = [f"SELECT * FROM {_files(clean)}"] if clean else []  # noqa: S608
    if stained:
        dead = _files([folder / str(tombstones)])
        parts.append(f"SELECT * FROM {_files(stained)} f WHERE NOT EXISTS (SELECT 1 FROM {dead} d WHERE d.id = f.id AND d.seq > f.seq)")  # noqa: S608
    return f"SELECT * FROM ({' UNION ALL BY NAME '.join(parts)})"  # noqa: S608


def _files(paths: Sequence[Path]) -> str:
    names = ", ".join(f"'{_text(path)}'" for path in paths)
    return f"read_parquet([{names}], union_by_name = true)"


def _text(path: Path) -> str:
    return str(path).replace("'", "''")


# --- files -----------------------------------------------------------------------------------------------------------------------------


def _folder(workspace: int) -> Path:
    return Path(settings.PEAKEND_DATA) / "copy" / str(workspace)


def _write(folder: Path, table: TableName, rows: pa.Table) -> Segment:
    ids, seqs = rows["id"].to_numpy(), rows["seq"].to_numpy()
    name = parquet.put(folder, table, rows.drop_columns(["first_seq"]).sort_by([(column, "ascending") for column in ORDER[table]]))
    return Segment(name, rows.num_rows, int(ids.min(initial=2**62)), int(ids.max(initial=0)), int(seqs.max(initial=0)))


_loaded: dict[int, tuple[tuple[int, int], Manifest]] = {}


def _mark(workspace: int) -> tuple[int, int]:
    """Changes whenever a manifest is put in place, by whichever process."""
    try:
        found = (_folder(workspace) / "manifest.json").stat()
    except OSError:
        return (0, 0)
    return (found.st_ino, found.st_mtime_ns)


def _load(workspace: int) -> Manifest | None:
    """The manifest in place; None where there is none that can be used, as when a file that it names is gone."""
    mark = _mark(workspace)
    known = _loaded.get(workspace)
    manifest = known[1] if known and known[0] == mark else _read_manifest(workspace)
    if manifest is None or mark == (0, 0) or not all(_is_sound(workspace, manifest, name) for name in _files_of(manifest)):
        return None
    _loaded[workspace] = (mark, manifest)
    return manifest


def _is_sound(workspace: int, manifest: Manifest, name: str) -> bool:
    return name in manifest.files and parquet.is_sound(_folder(workspace) / name, manifest.files[name])


def _read_manifest(workspace: int) -> Manifest | None:
    try:
        manifest = msgspec.json.decode((_folder(workspace) / "manifest.json").read_bytes(), type=Manifest)
    except (OSError, msgspec.DecodeError):
        return None
    return manifest if manifest.format == FORMAT and manifest.check == _check(manifest) else None


def _check(manifest: Manifest) -> str:
    return parquet.checksum(msgspec.json.encode(msgspec.structs.replace(manifest, check="")))


def _files_of(manifest: Manifest) -> set[str]:
    named = [copied.tombstones for copied in manifest.tables.values() if copied.tombstones]
    return {*named, *(segment.file for copied in manifest.tables.values() for segment in copied.segments)}


def _save(workspace: int, manifest: Manifest) -> Manifest:
    folder, known = _folder(workspace), manifest.files
    files = {name: known.get(name) or parquet.entry_of(folder / name) for name in sorted(_files_of(manifest))}
    manifest = msgspec.structs.replace(manifest, files=files)
    manifest = msgspec.structs.replace(manifest, check=_check(manifest))
    temporary = folder / "manifest.json.part"
    with temporary.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=1))
        file.flush()
        os.fsync(file.fileno())
    parquet.sync_folder(folder)
    temporary.rename(folder / "manifest.json")
    parquet.sync_folder(folder)
    _loaded[workspace] = (_mark(workspace), manifest)
    return manifest


def _sweep(workspace: int) -> None:
    """Remove files that no manifest names any more, after a while in which a reader may still be at them."""
    folder, manifest = _folder(workspace), _load(workspace)
    named = _files_of(manifest) if manifest else set()
    for path in folder.glob("*.parquet*"):
        if path.name not in named and path.stat().st_mtime < time.time() - HELD_S:
            path.unlink(missing_ok=True)


# --- proof -----------------------------------------------------------------------------------------------------------------------------


def _differences(workspace: int) -> list[Difference]:
    manifest = _load(workspace)
    if manifest is None:
        return [Difference(table, day, sums, ()) for table in TABLES for day, sums in delta.sums_by_day(table, workspace).items()]
    return [each for table in TABLES for each in _compare(table, delta.sums_by_day(table, workspace), _sums(workspace, manifest, table))]


def _sums(workspace: int, manifest: Manifest, table: TableName) -> dict[int, tuple[float, ...]]:
    weight = "weight" if table == "answers" else "1.0"
    asked = f"coalesce(day, {delta.NO_DAY}), count(*), count(value), coalesce(sum(value), 0), sum({weight}), sum(seq)"
    found = engine().execute(f"SELECT {asked} FROM ({source(workspace, manifest, table)}) GROUP BY 1").fetchall()  # noqa: S608
    return {int(row[0]): tuple(float(each) for each in row[1:]) for row in found}


def _compare(table: str, truth: dict[int, tuple[float, ...]], copy: dict[int, tuple[float, ...]]) -> Iterator[Difference]:
    """Counts and numbers to the last digit; sums of values and weights to 9 digits, for engines add in different orders and round at each step."""
    for day in sorted(truth.keys() | copy.keys()):
        ours, theirs = truth.get(day, ()), copy.get(day, ())
        if len(ours) != len(theirs) or not np.allclose(ours, theirs, rtol=_TOLERANCES, atol=0):
            yield Difference(table, day, ours, theirs)


_TOLERANCES: Final = (0.0, 0.0, 1e-9, 1e-9, 0.0)
"""Rows, values, Σ value, Σ weight, Σ seq."""
