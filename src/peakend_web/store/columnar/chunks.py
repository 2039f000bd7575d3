"""The chunks of a copy: written once, sorted; the dead among their rows are counted, and small ones merged into
larger.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from peakend.facts import TableName
from peakend.facts.sql import quoted_text

from . import files
from .manifest import Chunk, TableCopy
from .reading import engine, query

TAIL: Final = 16_384
"""So many rows the last chunks may have together, and are one chunk."""
MERGE: Final = ((131_072, 8), (1_048_576, 8))
"""Chunks of fewer rows are merged when so many of them are neighbours."""
ORDER: Final[dict[TableName, tuple[str, ...]]] = {
    "answers": ("construct", "role", "visit", "at_us"),
    "events": ("visit", "at_us", "kind"),
}


def write(folder: Path, table: TableName, rows: pa.Table) -> Chunk:
    """Rows that are new as a chunk."""
    ids, seqs = rows["id"].to_numpy(), rows["seq"].to_numpy()
    name = files.put(
        folder, table, rows.drop_columns(["first_seq"]).sort_by([(column, "ascending") for column in ORDER[table]])
    )
    return Chunk(name, rows.num_rows, int(ids.min(initial=2**62)), int(ids.max(initial=0)), int(seqs.max(initial=0)))


def bury(folder: Path, table: TableName, tombstones: str | None, dead: list[tuple[int, int]]) -> str | None:
    """Add to the tombstones; a new file, for the old manifest still reads the old one."""
    if not dead:
        return tombstones
    new = pa.table(
        {"id": pa.array([id_ for id_, _ in dead], pa.int64()), "seq": pa.array([seq for _, seq in dead], pa.int64())}
    )
    every = pa.concat_tables([pq.read_table(folder / tombstones), new]) if tombstones else new
    return files.put(
        folder, f"{table}-dead", every.group_by("id").aggregate([("seq", "max")]).rename_columns(["id", "seq"])
    )


def count_dead(folder: Path, chunks: Sequence[Chunk], tombstones: str | None) -> tuple[Chunk, ...]:
    """For each chunk, how many tombstones may be of its rows; none is certain, more is an upper bound."""
    if not tombstones:
        return tuple(chunks)
    dead = pq.read_table(folder / tombstones)
    ids, seqs = dead["id"].to_numpy(), dead["seq"].to_numpy()

    def marked(chunk: Chunk) -> Chunk:
        among = np.sort(ids[(ids >= chunk.low_id) & (ids <= chunk.high_id) & (seqs > chunk.high_seq)])
        mark = hashlib.blake2b(among.tobytes(), digest_size=16).hexdigest() if len(among) else ""
        return msgspec.structs.replace(chunk, dead=len(among), mark=mark)

    return tuple(map(marked, chunks))


def with_short_tail(
    folder: Path, table: TableName, chunks: tuple[Chunk, ...], tombstones: str | None
) -> tuple[Chunk, ...]:
    """Merge the last chunks while they are small together, so that many small refreshes do not leave many small
    files.
    """
    rows, at = 0, len(chunks)
    while at > 0 and rows + chunks[at - 1].rows <= TAIL:
        at -= 1
        rows += chunks[at].rows
    return chunks if len(chunks) - at < 2 else (*chunks[:at], _merge(folder, table, chunks[at:], tombstones))


def tidy_table(folder: Path, table: TableName, copied: TableCopy) -> TableCopy:
    """The table with small chunks merged, and without its dead where they have become many."""
    chunks = copied.chunks
    while span := mergeable(chunks):
        start, end = span
        chunks = (*chunks[:start], _merge(folder, table, chunks[start:end], copied.tombstones), *chunks[end:])
    merged = msgspec.structs.replace(copied, chunks=chunks)
    return scrub_table(folder, table, merged) if half_dead(copied) else _without_old_tombstones(merged)


def scrub_table(folder: Path, table: TableName, copied: TableCopy) -> TableCopy:
    """The table with every chunk written anew that has dead rows."""
    dead = copied.tombstones
    chunks = tuple(_merge(folder, table, [each], dead) if each.dead else each for each in copied.chunks)
    return _without_old_tombstones(msgspec.structs.replace(copied, chunks=chunks))


def _without_old_tombstones(copied: TableCopy) -> TableCopy:
    chunks = copied.chunks
    return msgspec.structs.replace(
        copied, chunks=chunks, tombstones=copied.tombstones if any(each.dead for each in chunks) else None
    )


def mergeable(chunks: Sequence[Chunk]) -> tuple[int, int] | None:
    """The first run of neighbours that are small enough, and enough, to become one."""
    for limit, enough in MERGE:
        start = 0
        for at, chunk in enumerate([*chunks, None]):
            if chunk is not None and chunk.rows < limit:
                continue
            if at - start >= enough:
                return start, at
            start = at + 1
    return None


def half_dead(copied: TableCopy) -> bool:
    """Whether reading around the dead has become dear."""
    return sum(chunk.dead for chunk in copied.chunks) > max(1_000, copied.rows // 50)


def _merge(folder: Path, table: TableName, chunks: Sequence[Chunk], tombstones: str | None) -> Chunk:
    """One sorted chunk of several, without their dead. DuckDB sorts within its memory limit, however large
    they are.
    """
    name = f"{table}-{uuid.uuid4().hex}.parquet"
    temporary = folder / f"{name}.part"
    live = f"{query(folder, table, chunks, tombstones)} ORDER BY {', '.join(ORDER[table])}"
    merge = f"COPY ({live}) TO {quoted_text(str(temporary))} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
    rows = engine().execute(merge).fetchall()[0][0]
    files.keep(temporary, folder / name)
    filled = [each for each in chunks if each.rows]
    return Chunk(
        name,
        int(rows),
        min((each.low_id for each in filled), default=0),
        max((each.high_id for each in filled), default=0),
        max((each.high_seq for each in filled), default=0),
    )
