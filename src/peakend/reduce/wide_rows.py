"""Wide rows: one a response, with a column for each thing that was asked.

The engine pivots (`when … then`, the greatest of a cell: half the work of an average, and right where no cell holds two
values); numpy multiplies the columns, which is much cheaper than to ask an engine for every product.
"""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw
import numpy as np

from peakend.facts import Facts
from peakend.reduce.engine_table import EngineTable
from peakend.reduce.plans import Frame, all_of, collect, columns, days, is_answered, plan_once, rows_of, without_grains
from peakend.reduce.sides import Name
from peakend.sums import Floats

Item = tuple[str, str | None]
Wide = tuple[tuple[Name, ...], EngineTable, Floats]
"""Names of the wide columns, the table with one row a response, and the values of shape (responses, p), NaN where there
is none.
"""


def wide_rows(facts: Facts, by: Sequence[str], keys: tuple[str, ...], of: str = "response") -> Wide:
    """A column for each combination of `keys` that has a value, the mean of a response's answers there; one row a
    response, or a customer with `of="customer"`.
    """
    asked = _conditioned(facts, keys) or _combined(facts, keys, of)
    table = collect(_pivoted(facts, tuple(by), keys, asked, of))
    values = stacked(table, [f"_{i}" for i in range(len(asked))])
    if int((~np.isnan(values)).sum()) < int(table.wholes("_rows").sum()):  # a cell holds two values
        table = collect(_averaged(facts, tuple(by), keys, asked, of))
        values = _ratio(*(stacked(table, [f"_{letter}{i}" for i in range(len(asked))]) for letter in "sc"))
    there = np.flatnonzero((~np.isnan(values)).any(axis=0)).tolist()
    return tuple(asked[i] for i in there), table, values if len(there) == len(asked) else values[:, there]


def _conditioned(facts: Facts, keys: tuple[str, ...]) -> tuple[Name, ...]:
    """The constructs that the conditions name, where they are the columns: not all of them need be there. Else
    nothing.
    """
    conditions = (
        [dict(pairs) for kind, pairs in facts.conditions.asked if kind == "where"] if keys == ("construct",) else []
    )
    named = next((each["construct"] for each in reversed(conditions) if "construct" in each), ())
    return tuple(
        sorted({(str(name),) for name in (named if isinstance(named, tuple) else (named,)) if name is not None})
    )


def _answers(facts: Facts, by: Sequence[str], keys: Sequence[str], of: str) -> Frame:
    known = [~nw.col(key).is_null() for key in keys]
    if of == "response":
        return rows_of(facts, (*by, *keys)).filter(all_of([is_answered(), *known]))
    return (
        rows_of(facts, (*by, *keys, of))
        .filter(all_of([is_answered(), *known, ~nw.col(of).is_null()]))
        .with_columns(nw.col(of).alias("response"))
    )


def _combined(facts: Facts, keys: tuple[str, ...], of: str) -> tuple[Name, ...]:
    """The combinations that have a value."""
    found = collect(_combinations(facts, keys, of))
    return tuple(sorted(zip(*(found.values(key) for key in keys), strict=True)))


@plan_once
def _combinations(facts: Facts, keys: tuple[str, ...], of: str) -> Frame:
    return _answers(facts, (), keys, of).group_by(*keys).agg(nw.len().alias("_count"))


def _here(keys: Sequence[str], names: Sequence[Name]) -> list[nw.Expr]:
    return [all_of([nw.col(key) == part for key, part in zip(keys, name, strict=True)]) for name in names]


@plan_once
def _pivoted(facts: Facts, by: tuple[str, ...], keys: tuple[str, ...], names: tuple[Name, ...], of: str) -> Frame:
    """One row a response, right where no cell holds two values."""
    cells = [nw.when(at).then(nw.col("value")).alias(f"_{i}") for i, at in enumerate(_here(keys, names))]
    return one_row_each(
        _answers(facts, by, keys, of),
        by,
        cells,
        [nw.len().alias("_rows"), *(nw.col(f"_{i}").max() for i in range(len(names)))],
    )


@plan_once
def _averaged(facts: Facts, by: tuple[str, ...], keys: tuple[str, ...], names: tuple[Name, ...], of: str) -> Frame:
    """One row a response, each cell as the sum and the number of its values."""
    here = _here(keys, names)
    sums = [nw.when(at).then(nw.col("value")).alias(f"_s{i}") for i, at in enumerate(here)]
    counts = [nw.when(at).then(nw.lit(1.0)).alias(f"_c{i}") for i, at in enumerate(here)]
    cells = [nw.col(f"_{letter}{i}").sum() for i in range(len(here)) for letter in "sc"]
    return one_row_each(_answers(facts, by, keys, of), by, [*sums, *counts], cells)


def one_row_each(
    rows: Frame, by: Sequence[str], derived: Sequence[nw.Expr], cells: Sequence[nw.Expr], also: Sequence[str] = ()
) -> Frame:
    """One row a response (and each of `also`): its weight, its first day where a grain is wanted, and the cells made of
    `derived`.
    """
    rows = rows.select(*columns(by, also, ("response", "weight")), *derived)
    return rows.group_by(*columns(without_grains(by), also, ("response",))).agg(
        nw.col("weight").max(), *(nw.col(day).min() for day in days(by)), *cells
    )


def stacked(table: EngineTable, names: Sequence[str]) -> Floats:
    """These columns of the table beside each other."""
    return np.column_stack([table.numbers(name) for name in names]) if names else np.empty((len(table), 0))


def _ratio(sums: Floats, counts: Floats) -> Floats:
    n = np.nan_to_num(counts)
    return np.asarray(np.divide(np.nan_to_num(sums), n, out=np.full(n.shape, np.nan), where=n > 0), dtype=np.float64)
