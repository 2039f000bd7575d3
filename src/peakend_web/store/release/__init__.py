"""The answers as those see them who may not see each one: released in batches, so that nothing that is counted tells of
fewer people than the least cell, neither by itself nor less another figure nor less the same figure of yesterday.

An answer waits until it can be released together with others. Of each question, a batch holds of every value of every
column of people, in every month, either nobody or a least cell of people; and where all who share one value share one
of another column too, either nobody else does or a least cell of others. So every figure of one column and any months
is a sum over blocks of that size, and figures move by blocks. What no company comes for while its month lasts is
counted without its month; three months later without the values that are rare, and in the end without any. So whoever
is in a small group is in every total, and in no small figure.

What holds for one column does not hold for two: whoever reads these answers narrows them by one column of people at a
time (`require_one`). Days are months here. What was decided of a row stays so: the state of a service lies under
`$PEAKEND_DATA/released/` and, for a folder that is lost, in the database (`Release`). A column that comes later is told
of those who are released by then as far as enough of them share its values (`widening`); one that a document names no
more goes on telling people apart here. For another least cell all rows form one batch. Rows that are revised, taken
back or forgotten after their release change at once: the state moves with every row that goes as with every row that
comes, and so does the mark by which readers know what they have read.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings
from django.db import DatabaseError

from peakend.facts import ANSWERS, TABLES, TableName
from peakend.facts.sql import quoted_name, quoted_text
from peakend_web.store import columnar, months
from peakend_web.store.columnar import Manifest, files
from peakend_web.store.columns import OF_QUESTIONS

from . import backup
from .batches import Atoms, Decision, Whole, decide
from .widening import hidden_values

log = logging.getLogger(__name__)

GRACE_S: Final = 120
QUESTION: Final[dict[TableName, tuple[str, ...]]] = {
    "answers": tuple(column.name for column in ANSWERS if column.name in OF_QUESTIONS),
    "events": (),
}
"""What tells which question a row answers: all by which answers may be narrowed that is not of people, for each of
those is counted by itself.
"""
PERSON: Final[dict[TableName, str]] = {"answers": "coalesce(customer, response)", "events": "coalesce(visit, customer)"}
DATE: Final = "(DATE '1970-01-01' + day::INTEGER)"
MONTH: Final = f"(year({DATE}) * 12 + month({DATE}))"
FIRST_OF_MONTH: Final = f"(date_trunc('month', {DATE})::DATE - DATE '1970-01-01')::BIGINT"

EXACT_DAY: Final = "_exact_day"
"""The column of the day of a row that is told with its month, for what hangs together by day."""


class State(msgspec.Struct, frozen=True):
    """What was decided so far: of rows up to `high_id`, those in `file` are not as they came.

    `watermark` and `removed` are the numbers up to which rows that came and rows that went were seen.
    """

    identity: str
    watermark: int
    month: int
    columns: tuple[str, ...]
    cell: int
    high_id: int
    file: str
    removed: int = -1


@dataclass(frozen=True)
class ReleasedRows:
    """The rows that are released, as a DuckDB query, and a mark that changes with them."""

    query: str
    version: str


@dataclass(frozen=True)
class Ask:
    """Whose rows are meant: of which service and table, told apart by which columns of people, in cells of at least how
    many.
    """

    workspace: int
    service: int
    table: TableName
    columns: tuple[str, ...]
    cell: int


def current_release(ask: Ask, manifest: Manifest) -> ReleasedRows:
    """What is released of a service; first decides of what is new. Where that cannot be written, what was released
    before stays.
    """
    ask, state = _with_columns_so_far(_with_known_columns(ask, manifest), _state(ask))
    if not _is_current(state, ask, manifest):
        with files.lock(_folder(ask)):
            ask, state = _with_columns_so_far(ask, _newer_state(_state(ask), ask))
            if not _is_current(state, ask, manifest):
                state = _advance_or_keep(ask, manifest, state)
    assert state is not None  # noqa: S101 — it was made where there was none
    return ReleasedRows(_query(ask, manifest, state), state.file)


def _with_known_columns(ask: Ask, manifest: Manifest) -> Ask:
    """Without columns that no fact brought yet."""
    known = _known_columns(ask, manifest)
    columns = tuple(name for name in ask.columns if name in known)
    return Ask(ask.workspace, ask.service, ask.table, columns, ask.cell)


def _with_columns_so_far(ask: Ask, state: State | None) -> tuple[Ask, State | None]:
    """Also by the columns by which people were told apart before, which come first."""
    before = state.columns if state else ()
    columns = (*before, *(name for name in ask.columns if name not in before))
    return Ask(ask.workspace, ask.service, ask.table, columns, ask.cell), state


def _folder(ask: Ask) -> Path:
    return Path(settings.PEAKEND_DATA) / "released" / str(ask.workspace)


def _is_current(state: State | None, ask: Ask, manifest: Manifest) -> bool:
    if state is None or _must_restart(state, ask, manifest):
        return False
    copied = manifest.tables[ask.table]
    seen = (state.watermark, state.removed, state.month, state.columns)
    return seen == (copied.watermark, copied.removed, months.this_month(), ask.columns)


def _must_restart(state: State, ask: Ask, manifest: Manifest) -> bool:
    """Whether what was decided does not hold any more: for another cell, another database."""
    return (state.identity, state.cell) != (manifest.identity, ask.cell)


# --- one step forward -------------------------------------------------------------------------------------------------


def _advance_or_keep(ask: Ask, manifest: Manifest, state: State | None) -> State:
    try:
        return _advance(ask, manifest, state)
    except (OSError, DatabaseError) as error:
        if state is None or _must_restart(state, ask, manifest):
            raise
        log.error("what is new could not be released: %s", error)  # noqa: TRY400 — one line: it is the disk's fault
        return state


def _advance(ask: Ask, manifest: Manifest, state: State | None) -> State:
    """Decide of the rows that are new or waited. A failed write leaves what was there."""
    folder, month = _folder(ask), months.this_month()
    before = (
        None if state is None or _must_restart(state, ask, manifest) or not (folder / state.file).exists() else state
    )
    if before is not None and before.columns != ask.columns:
        before = _widened(ask, manifest, before)
    rows = _rows(ask, manifest)
    pending = _undecided_rows(ask, rows, folder, before)
    atoms = _atoms(ask, pending)
    decided = decide(atoms, ask.cell, month)
    marked = _exceptions(ask, pending, atoms, decided)
    if before is not None:
        old = pq.read_table(folder / before.file)
        marked = pa.concat_tables([old.filter(pc.invert(old["held"])), marked])
    high = (
        columnar.engine()
        .execute(f"SELECT coalesce(max(id), 0) FROM ({rows}) WHERE service = {ask.service:d}")  # noqa: S608 — our own names
        .fetchall()[0][0]
    )
    file = files.put(folder, f"{ask.service}-{ask.table}", marked)
    high = max(int(high), before.high_id if before else 0)
    copied = manifest.tables[ask.table]
    made = State(manifest.identity, copied.watermark, month, ask.columns, ask.cell, high, file, copied.removed)
    _save(ask, made)
    return made


def _widened(ask: Ask, manifest: Manifest, before: State) -> State:
    """What was decided, with the columns that came since."""
    folder, known = _folder(ask), len(before.columns)
    earlier = Ask(ask.workspace, ask.service, ask.table, before.columns, ask.cell)
    released = _query(earlier, manifest, before)
    month = f"CASE WHEN day IS NULL THEN NULL ELSE {MONTH} END"
    there = f"SELECT {_chosen(ask, month)} FROM ({released})"  # noqa: S608 — our own names
    atoms = _atoms(ask, there)
    masks, none = hidden_values(atoms, known, ask.cell), np.zeros(len(atoms.people), bool)
    new = _exceptions(ask, there, atoms, Decision(none, none, masks))
    every = pa.concat_tables([pq.read_table(folder / before.file), new])
    joined = every.group_by("id").aggregate([("held", "max"), ("undated", "max"), ("masks", "sum")])
    file = files.put(folder, f"{ask.service}-{ask.table}", joined.rename_columns(every.column_names))
    return msgspec.structs.replace(before, columns=ask.columns, file=file)


def _chosen(ask: Ask, month: str) -> str:
    """What is asked of each row: its question, its person and its month."""
    question = ", ".join(f"coalesce({name}, '')" for name in QUESTION[ask.table])
    named = f"concat_ws(chr(31), {question})" if question else "''"
    return ", ".join(
        ["id", *map(quoted_name, ask.columns), f"{named} AS _q", f"{PERSON[ask.table]} AS _who", f"{month} AS _m"]
    )


def _undecided_rows(ask: Ask, rows: str, folder: Path, before: State | None) -> str:
    """The rows to decide of."""
    wanted = f"SELECT {_chosen(ask, MONTH)} FROM ({rows}) WHERE service = {ask.service:d}{_of_people(ask)}"  # noqa: S608 — our own names
    if before is None:
        return wanted
    held = f"SELECT id FROM read_parquet({quoted_text(str(folder / before.file))}) WHERE held"  # noqa: S608 — our own names
    return f"{wanted} AND (id > {before.high_id:d} OR id IN ({held}))"


def _of_people(ask: Ask) -> str:
    """Steps of records are nobody's answers: they make no company, and are not released."""
    return " AND record IS NULL" if ask.table == "events" else ""


def _atoms(ask: Ask, pending: str) -> Atoms:
    names = ["_q", "_m", *map(quoted_name, ask.columns)]
    asked = f"SELECT {', '.join(names)}, count(DISTINCT _who) AS _n FROM ({pending}) GROUP BY ALL"  # noqa: S608 — our own names
    found: pa.Table = columnar.engine().sql(asked).to_arrow_table()
    dated = pc.fill_null(found["_m"], 0).to_numpy().astype(np.int64)
    values = tuple(_codes(found[name]) for name in ask.columns)
    return Atoms(
        found["_n"].to_numpy().astype(np.int64), _codes(found["_q"]), dated, values, found.drop_columns(["_n"])
    )


def _codes(column: pa.ChunkedArray) -> Whole:
    """A number for each value; null is a value too."""
    texts = np.array(["" if each is None else f"={each}" for each in column.to_pylist()], dtype=str)
    return np.unique(texts, return_inverse=True)[1].astype(np.int64)


def _exceptions(ask: Ask, pending: str, atoms: Atoms, decided: Decision) -> pa.Table:
    """The rows that are not released as they came: held, without their month, without some values (a bit a column)."""
    special = decided.held | decided.undated | (decided.masks > 0)
    flags = {"held": decided.held, "undated": decided.undated, "masks": decided.masks}
    keys = atoms.keys
    for name, values in flags.items():
        keys = keys.append_column(f"_{name}", pa.array(values))
    engine = columnar.engine()
    engine.register("_atoms", keys.filter(pa.array(special)))
    same = " AND ".join(
        f"p.{name} IS NOT DISTINCT FROM a.{name}" for name in ["_q", "_m", *map(quoted_name, ask.columns)]
    )
    found = engine.sql(
        "SELECT p.id, a._held AS held, a._undated AS undated, a._masks AS masks "  # noqa: S608 — our own names
        f"FROM ({pending}) p JOIN _atoms a ON {same}"
    )
    table: pa.Table = found.to_arrow_table()
    engine.unregister("_atoms")
    return table.cast(
        pa.schema([("id", pa.int64()), ("held", pa.bool_()), ("undated", pa.bool_()), ("masks", pa.int64())])
    )


def _query(ask: Ask, manifest: Manifest, state: State) -> str:
    folder, rows = _folder(ask), _rows(ask, manifest)
    named = [(1 << at, quoted_name(name)) for at, name in enumerate(ask.columns)]
    masked = [
        f"CASE WHEN (coalesce(x.masks, 0) & {bit}) > 0 THEN NULL ELSE s.{name} END AS {name}" for bit, name in named
    ]
    day = f"CASE WHEN x.undated THEN NULL ELSE {FIRST_OF_MONTH} END AS day"
    exact = f"CASE WHEN x.undated THEN NULL ELSE s.day END AS {EXACT_DAY}"
    return (
        f"SELECT s.* REPLACE ({', '.join([day, *masked])}), {exact} FROM ({rows}) s "  # noqa: S608 — our own names
        f"LEFT JOIN read_parquet({quoted_text(str(folder / state.file))}) x ON x.id = s.id "
        f"WHERE s.service = {ask.service:d} AND s.id <= {state.high_id:d} "
        f"AND NOT coalesce(x.held, false){_of_people(ask)}"
    )


def _rows(ask: Ask, manifest: Manifest) -> str:
    """The rows of the copy, with every column by which people were told apart, also where no row has it any more."""
    rows, known = columnar.source(ask.workspace, manifest, ask.table), _known_columns(ask, manifest)
    gone = [f"NULL::VARCHAR AS {quoted_name(name)}" for name in ask.columns if name not in known]
    return f"SELECT *, {', '.join(gone)} FROM ({rows})" if gone else rows  # noqa: S608 — our own names


def _known_columns(ask: Ask, manifest: Manifest) -> set[str]:
    return {column.name for column in TABLES[ask.table]} | {*manifest.tables[ask.table].own}


# --- files ------------------------------------------------------------------------------------------------------------


def _state(ask: Ask) -> State | None:
    try:
        found = msgspec.json.decode(_path(ask).read_bytes(), type=State)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return found if (_folder(ask) / found.file).exists() else None


def _newer_state(state: State | None, ask: Ask) -> State | None:
    """The later of what the folder and the database hold: a folder that is lost, or older than what was shown, is
    written anew as it was.
    """
    found = backup.find(ask.service, ask.table)
    if found is None:
        return state
    kept = msgspec.json.decode(found[0], type=State)
    if state is not None and (state.identity != kept.identity or _age(state) >= _age(kept)):
        return state
    temporary = _folder(ask) / f"{kept.file}.part"
    temporary.write_bytes(found[1])
    files.keep(temporary, _folder(ask) / kept.file)
    _note(ask, kept)
    return kept


def _age(state: State) -> tuple[int, int, int]:
    return state.watermark, state.removed, state.month


def _save(ask: Ask, state: State) -> None:
    rows = (_folder(ask) / state.file).read_bytes()
    backup.keep(ask.service, ask.table, msgspec.json.encode(state).decode(), rows)
    _note(ask, state)
    for old in _folder(ask).glob(f"{ask.service}-{ask.table}-*.parquet"):
        if old.name != state.file and old.stat().st_mtime < time.time() - GRACE_S:
            old.unlink(missing_ok=True)


def _note(ask: Ask, state: State) -> None:
    path = _path(ask)
    temporary = path.with_suffix(".part")
    temporary.write_bytes(msgspec.json.encode(state))
    files.keep(temporary, path)


def _path(ask: Ask) -> Path:
    return _folder(ask) / f"{ask.service}-{ask.table}.json"
