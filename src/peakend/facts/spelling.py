"""Ids and names of a source in their one plain form: `A1`, `A1 ` and `Ａ１` are one site, not three groups; a blank one
is none.

What holds plain signs alone is left as it is, at the price of one look. Of the rest every different value is spelled
once, by `peakend.ids`: in what lies in memory at the door, elsewhere by the engine that holds the rows, which is lent
the values and their forms as a small table.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from string import whitespace
from typing import Any, Final

import narwhals.stable.v2 as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from peakend.facts.shape import KINDS
from peakend.facts.sql import quoted_name, quoted_text
from peakend.ids import plain_id

AS_THEY_ARE: Final = frozenset({"text", "source", "source_key"})
"""Columns of words, and of keys that another system compares."""
DOUBTFUL: Final = "[^!-~]"
"""What no value in which only plain signs stand has: blanks, and anything that is not ASCII."""
SPELLING: Final = "_said"
PLACE: Final = "_place"
"""Columns of what we ask and lend."""
FORM: Final = "_form"


def holds_ids(name: str) -> bool:
    """Whether a column of this name is one of ids or names: those of our own that hold them, and all that a source
    brings beside ours.
    """
    return name.lower() not in AS_THEY_ARE and KINDS.get(name.lower(), "text") == "text"


# --- in memory --------------------------------------------------------------------------------------------------------


def fold_rows(rows: pa.Table) -> pa.Table:
    """The rows with every id and name in its plain form; a blank one is null."""
    for at, name in enumerate(rows.column_names):
        if holds_ids(name) and (changed := _folded(rows.column(at))) is not None:
            rows = rows.set_column(at, name, changed)
    return rows


def _folded(column: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """The column in plain form; None where it is, or holds no text."""
    if pa.types.is_dictionary(column.type):
        if not _is_text(column.type.value_type):
            return None
        coded = column.unify_dictionaries().combine_chunks()
    elif not _is_text(column.type) or not _is_doubtful(column):
        return None
    else:
        coded = column.combine_chunks().dictionary_encode()
    values = coded.dictionary.cast(pa.large_string())
    trimmed = pc.utf8_trim_whitespace(values)
    strange = pc.match_substring_regex(trimmed, DOUBTFUL)
    forms = pa.array(map(plain_id, trimmed.filter(strange).to_pylist()), pa.large_string())
    spelled = pc.replace_with_mask(trimmed, strange, forms)
    spelled = pc.if_else(pc.equal(spelled, ""), None, spelled)
    return None if spelled.equals(values) else pa.chunked_array([spelled.take(coded.indices)])


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))


def _is_doubtful(column: pa.ChunkedArray) -> bool:
    """Whether anything but plain signs stands in it, or a text of none: told by its bytes."""
    if pa.types.is_string_view(column.type):
        column = column.cast(pa.large_string())
    return bool(pc.any(pc.equal(pc.binary_length(column), 0)).as_py()) or any(
        len(signs) and (signs.min() < ord("!") or signs.max() > ord("~")) for signs in map(_signs, column.chunks)
    )


def _signs(texts: pa.Array) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The bytes of all texts of an array, one after the other."""
    _, places, signs = texts.buffers()
    if not len(texts) or signs is None:
        return np.empty(0, np.uint8)
    ends = np.frombuffer(places, np.int64 if pa.types.is_large_string(texts.type) else np.int32)
    return np.frombuffer(signs, np.uint8)[ends[texts.offset] : ends[texts.offset + len(texts)]]


# --- in an engine -----------------------------------------------------------------------------------------------------


def fold_frame(frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """The rows with every id and name in its plain form; a blank one is null."""
    schema = frame.collect_schema()
    names = [
        name
        for name, kind in schema.items()
        if holds_ids(name) and isinstance(kind, nw.String | nw.Categorical | nw.Enum)
    ]
    for name, found in _values(frame, _doubtful(frame, names)).items():
        if any(not value or plain_id(value) != value for value in found):
            frame = _spelled(frame, name, found)
    return frame


def _values(frame: nw.LazyFrame[Any], names: Sequence[str]) -> dict[str, list[str]]:
    """Every different value of these columns in which something doubtful stands, asked at once."""
    if not names:
        return {}
    held = nw.col(SPELLING)
    columns = (
        frame.select(nw.lit(at).alias(PLACE), nw.col(name).cast(nw.String()).alias(SPELLING))
        for at, name in enumerate(names)
    )
    asked = nw.concat([column.unique().filter(held.str.contains(DOUBTFUL) | (held == "")) for column in columns])
    rows = asked.collect().to_dict(as_series=False)
    found: dict[str, list[str]] = {name: [] for name in names}
    for at, value in zip(rows[PLACE], rows[SPELLING], strict=True):
        found[names[at]].append(value)
    return found


def _doubtful(frame: nw.LazyFrame[Any], names: Sequence[str]) -> list[str]:
    """The columns that hold something doubtful: one look at all rows, in DuckDB by what it does fastest."""
    if not names:
        return []
    native: Any = nw.to_native(frame)
    if "duckdb" in type(native).__module__:
        row = native.aggregate(", ".join(_held(f"cast({quoted_name(name)} as varchar)") for name in names)).fetchall()[
            0
        ]
        return [name for name, found in zip(names, row, strict=True) if found]
    text = {name: nw.col(name).cast(nw.String()) for name in names}
    flags = [
        nw.when(held.str.contains(DOUBTFUL) | (held == ""))
        .then(nw.lit(1))
        .otherwise(nw.lit(0))
        .cast(nw.Int64())
        .alias(name)
        for name, held in text.items()
    ]
    sums = frame.select(*flags).select(*(nw.col(name).sum() for name in names)).collect().to_dict(as_series=False)
    return [name for name in names if sums[name][0]]


def _held(text: str) -> str:
    """Whether a text of DuckDB holds anything but plain signs, or none."""
    return (
        f"bool_or(strlen({text}) <> length({text}) or {text} = '' or "
        f"{' or '.join(f'contains({text}, chr({sign}))' for sign in (32, 9, 10, 13))})"
    )


def _spelled(frame: nw.LazyFrame[Any], name: str, found: Sequence[str]) -> nw.LazyFrame[Any]:
    """The frame with a column in plain form, in which these doubtful values were found. What has blanks around it the
    engine trims by itself; other forms are looked up in a table of ours.
    """
    trimmed = nw.col(name).cast(nw.String()).str.strip_chars()
    inner = sorted(
        {stripped for value in found for stripped in (value.strip(), value.strip(whitespace))}
    )  # engines trim one way or the other
    forms = {value: form for value in inner if (form := plain_id(value)) != value}
    frame = frame.with_columns(trimmed.alias(name))
    if forms:
        columns = frame.collect_schema().names()
        joined = frame.join(_lent(frame, forms), left_on=name, right_on=SPELLING, how="left")
        frame = joined.with_columns(nw.coalesce(FORM, name).alias(name)).select(*columns)
    return frame.with_columns(nw.when(nw.col(name) != "").then(nw.col(name)).alias(name))


def _lent(frame: nw.LazyFrame[Any], forms: Mapping[str, str]) -> nw.LazyFrame[Any]:
    """The forms of values as a table of the engine that holds a frame."""
    made: nw.LazyFrame[Any] = nw.from_native(
        _native(nw.to_native(frame), {SPELLING: list(forms), FORM: list(forms.values())})
    ).lazy()
    return made


def _native(holder: Any, columns: Mapping[str, Sequence[str]]) -> Any:
    match type(holder).__module__.partition(".")[0].strip("_"):
        case "duckdb":
            # Made by the relation itself: its connection, which it does not tell, is the only one that may join them.
            lists = ", ".join(
                f"unnest([{', '.join(map(quoted_text, values))}]) as {name}" for name, values in columns.items()
            )
            return holder.query("_rows", f"select {lists}")
        case "ibis":
            import ibis  # noqa: PLC0415 - optional dependency

            return ibis.memtable(pa.table(columns))
        case "polars":
            import polars as pl  # noqa: PLC0415 - optional dependency

            return pl.LazyFrame(columns)
        case _:
            return holder.sparkSession.createDataFrame(pa.table(dict(columns)))
