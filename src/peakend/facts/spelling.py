"""Ids and names of a source in their one plain form: `A1`, `A1 ` and `Ａ１` are one site, not three groups.

The engine finds the values that could be spelled in several ways; what their plain form is, is said once, by `peakend.plain`.
"""

from __future__ import annotations

from collections.abc import Sequence
from string import whitespace
from typing import Any, Final

import narwhals.stable.v2 as nw

from peakend.errors import FactsError
from peakend.facts.files import quoted
from peakend.facts.shape import KINDS
from peakend.plain import plain

AS_THEY_ARE: Final = frozenset({"text", "source", "source_key"})
"""Columns of words, and of keys that another system compares."""
DOUBTFUL: Final = "[^!-~]"
"""What no value in which only plain signs stand has: blanks, and anything that is not ASCII."""
MOST: Final = 500
"""So many values of a column are spelled anew; of more, a column of our own is refused, and another one is taken for words."""


def respelled(frame: nw.LazyFrame[Any], brought: Sequence[str]) -> nw.LazyFrame[Any]:
    """The rows with every id and name in its plain form; a blank one is null.

    Raises FactsError `facts.spellings` where more than `MOST` values of one standard column are not in it.
    """
    schema = frame.collect_schema()
    names = [name for name in brought if schema.get(name) == nw.String and name not in AS_THEY_ARE]
    changed = [column for name in _doubtful(frame, names) if (column := _column(frame, name)) is not None]
    return frame.with_columns(*changed) if changed else frame


def _doubtful(frame: nw.LazyFrame[Any], names: Sequence[str]) -> list[str]:
    """The columns that hold something doubtful: one look at all rows, in DuckDB by what it does fastest."""
    if not names:
        return []
    native: Any = nw.to_native(frame)
    if "duckdb" in type(native).__module__:
        held = "bool_or(strlen({0}) <> length({0}) or contains({0}, ' ') or contains({0}, chr(9)))"
        row = native.aggregate(", ".join(held.format(quoted(name)) for name in names)).fetchall()[0]
        return [name for name, found in zip(names, row, strict=True) if found]
    flags = [nw.when(nw.col(name).str.contains(DOUBTFUL)).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64()).alias(name) for name in names]
    sums = frame.select(*flags).select(*(nw.col(name).sum() for name in names)).collect().to_dict(as_series=False)
    return [name for name in names if sums[name][0]]


def _column(frame: nw.LazyFrame[Any], name: str) -> nw.Expr | None:
    """The column with its values in their plain form; None where they are. What has only blanks around it, the engine trims by itself."""
    values = frame.select(name).unique().filter(nw.col(name).str.contains(DOUBTFUL) | (nw.col(name) == ""))
    found = values.collect().to_dict(as_series=False)[name]
    if all(plain(value) == value for value in found):
        return None
    inner = sorted({stripped for value in found for stripped in (value.strip(), value.strip(whitespace))})  # engines trim one way or the other
    forms = {value: form for value in inner if (form := plain(value)) != value}
    if len(forms) > MOST:
        if name not in KINDS:
            return None
        value, form = next(iter(forms.items()))
        raise FactsError("facts.spellings", column=name, found=value, plain=form, count=f"{len(forms):,}", most=MOST)
    trimmed = nw.col(name).str.strip_chars()
    spelled = [nw.when(trimmed == value).then(nw.lit(form)) for value, form in forms.items()]
    one = nw.coalesce(*spelled, trimmed) if spelled else trimmed
    return nw.when(one != "").then(one).alias(name)
