"""From pieces to a fact table: each piece is one column's answers, with what is the same for all of them said once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from peakend.facts import SQL, STATES, TABLES, TableName
from peakend.formats.cells import Real, Whole

from .times import NEVER


@dataclass(frozen=True)
class Piece:
    """Rows of facts that come from one column of the file.

    `rows` are the file's rows (from 0), one a fact; `state` one for each of them, in the order of `STATES`; `value` NaN
    where there is none; `at` and `day` where the piece has its own time. `same`: the columns that are alike in all of
    it; `key` names it within a respondent.
    """

    rows: Whole
    key: str
    same: Mapping[str, str | float | None]
    state: Any = None
    value: Real | None = None
    text: pa.Array | None = None
    at: Whole | None = None
    day: Whole | None = None
    later: int = 0
    """Microseconds to add to the respondent's time, so that moments keep their order."""


@dataclass(frozen=True)
class People:
    """What holds for a respondent in every fact: text columns by name, numbers, the instant and the local day."""

    texts: Mapping[str, pa.Array]
    weight: Real
    at: Whole
    day: Whole
    segments: tuple[str, ...] = field(default=())


_TYPES: Final = {"VARCHAR": pa.string(), "DOUBLE": pa.float64(), "BIGINT": pa.int64()}


def table(name: TableName, pieces: Sequence[Piece], people: People) -> pa.Table:
    """The pieces one after another, as a table with the standard columns and the segments."""
    rows = np.concatenate([piece.rows for piece in pieces]) if pieces else np.empty(0, dtype=np.int64)
    sizes = np.array([len(piece.rows) for piece in pieces], dtype=np.int64)
    made = _own(pieces, sizes, people, rows)
    made |= {column: _spread(texts, rows) for column, texts in people.texts.items()}
    made["source_key"] = _keys(people.texts["response" if name == "answers" else "visit"], rows, pieces, sizes)
    made["weight"] = pa.array(people.weight[rows])
    columns = {
        c.name: made[c.name] if c.name in made else _same(c.name, SQL[c.kind], pieces, sizes) for c in TABLES[name]
    }
    return pa.table(columns | {segment: made[segment] for segment in people.segments})


def _own(pieces: Sequence[Piece], sizes: Whole, people: People, rows: Whole) -> dict[str, Any]:
    """The columns that differ from fact to fact: state, value, text, time."""
    later = np.repeat(np.array([piece.later for piece in pieces], dtype=np.int64), sizes)
    at = people.at[rows]
    at = np.where(at == NEVER, NEVER, at + later)
    mine = np.concatenate([np.full(len(p.rows), NEVER) if p.at is None else p.at for p in pieces]) if pieces else at
    timed = np.repeat(np.array([piece.at is not None for piece in pieces], dtype=bool), sizes)
    untimed = np.repeat(np.array([piece.same.get("at_us", 0) is None for piece in pieces], dtype=bool), sizes)
    at = np.where(timed, mine, np.where(untimed, NEVER, at))
    day = np.concatenate([people.day[p.rows] if p.day is None else p.day for p in pieces]) if pieces else at
    states = [np.zeros(len(p.rows), dtype=np.int8) if p.state is None else p.state for p in pieces]
    value = (
        np.concatenate([np.full(len(p.rows), _value(p)) if p.value is None else p.value for p in pieces])
        if pieces
        else np.empty(0)
    )
    state = np.concatenate(states) if pieces else np.empty(0, dtype=np.int8)
    return {
        "at_us": pa.array(at, mask=at == NEVER),
        "day": pa.array(day, mask=day == NEVER),
        "state": pa.DictionaryArray.from_arrays(pa.array(state), pa.array(STATES)),
        "value": pa.array(value, mask=np.isnan(value)),
        "text": _texts(pieces),
    }


def _value(piece: Piece) -> float:
    value = piece.same.get("value")
    return np.nan if value is None else float(value)


def _texts(pieces: Sequence[Piece]) -> pa.ChunkedArray:
    """The words: a piece's own for each row, or the same for all of it."""
    return pa.chunked_array(
        [
            pa.repeat(pa.scalar(p.same.get("text"), pa.string()), len(p.rows)) if p.text is None else p.text
            for p in pieces
        ],
        pa.string(),
    )


def _spread(texts: pa.Array, rows: Whole) -> pa.Array:
    """A respondent's text at every fact of theirs."""
    each = texts.dictionary_encode() if not isinstance(texts, pa.DictionaryArray) else texts
    return each.take(pa.array(rows))


def _same(name: str, sql: str, pieces: Sequence[Piece], sizes: Whole) -> Any:
    """A column that is alike in each whole piece."""
    values = [piece.same.get(name) for piece in pieces]
    kind = _TYPES[sql]
    different = list(dict.fromkeys(value for value in values if value is not None))
    at = np.repeat(
        np.array([-1 if value is None else different.index(value) for value in values], dtype=np.int32), sizes
    )
    found = pa.DictionaryArray.from_arrays(pa.array(at, mask=at < 0), pa.array(different, kind))
    return found if kind == pa.string() else found.cast(kind)


def _keys(ids: pa.Array, rows: Whole, pieces: Sequence[Piece], sizes: Whole) -> pa.Array:
    """Respondent and column: unique in the file, and the same when the file comes again."""
    names = pa.array([piece.key for piece in pieces], pa.string()).take(
        pa.array(np.repeat(np.arange(len(pieces)), sizes))
    )
    return pc.binary_join_element_wise(ids.cast(pa.string()).take(pa.array(rows)), names, ":")
