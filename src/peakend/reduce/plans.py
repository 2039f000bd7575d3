"""What the kernels share: how a question becomes a plan of the engine, and how its small table comes back.

Everything here keeps to the part of Narwhals that every engine computes alike: conditions become columns first, and
only bare columns are aggregated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

import narwhals.stable.v2 as nw
import numpy as np

from peakend.facts import PART, Facts
from peakend.reduce.engine_table import GRAINS, EngineTable
from peakend.sums import Counts

Frame = nw.LazyFrame[Any]
P = ParamSpec("P")
T = TypeVar("T")


def takes_turn(kernel: Callable[Concatenate[Facts, P], T]) -> Callable[Concatenate[Facts, P], T]:
    """The kernel, asking the engine only when no other thread asks the same connection."""

    @wraps(kernel)
    def run(facts: Facts, *asked: P.args, **options: P.kwargs) -> T:
        with facts.turn:
            return kernel(facts, *asked, **options)

    return cast("Callable[Concatenate[Facts, P], T]", run)


def plan_once(build: Callable[Concatenate[Facts, P], Frame]) -> Callable[Concatenate[Facts, P], Frame]:
    """Build the plan of a question once: asked again of the same facts, with the same words, it only runs.

    What it is asked with must be told apart by its `repr`: texts, numbers and tuples of them.
    """

    @wraps(build)
    def plan(facts: Facts, *asked: P.args, **options: P.kwargs) -> Frame:
        return facts.plan_of((build.__qualname__, asked, options), lambda: build(facts, *asked, **options))

    return cast("Callable[Concatenate[Facts, P], Frame]", plan)


def rows_of(facts: Facts, names: Sequence[str]) -> Frame:
    """The rows, where they have all these columns."""
    for name in names:
        if name not in GRAINS and name != PART:
            facts.need(name)
    return facts.counting_rows


def columns(*names: Sequence[str]) -> tuple[str, ...]:
    """The columns that an engine must bring for these names: it knows the integer day alone, of which the grains are
    made afterwards.
    """
    return tuple(dict.fromkeys("day" if name in GRAINS else name for part in names for name in part))


def without_grains(by: Sequence[str]) -> tuple[str, ...]:
    """The names that are not grains of time."""
    return tuple(name for name in by if name not in GRAINS)


def days(by: Sequence[str]) -> tuple[str, ...]:
    """The column of the day, where a grain of time is asked for."""
    return ("day",) if len(without_grains(by)) < len(by) else ()


def is_answered() -> nw.Expr:
    """Whether a row holds a value."""
    return (nw.col("state") == "answered") & ~nw.col("value").is_null()


def square(name: str) -> nw.Expr:
    """The column's square."""
    return (nw.col(name) * nw.col(name)).alias("_squared")


def all_of(conditions: Sequence[nw.Expr]) -> nw.Expr:
    """All conditions as one."""
    joined = conditions[0]
    for condition in conditions[1:]:
        joined = joined & condition
    return joined


def collect(frame: Frame) -> EngineTable:
    """Run the plan."""
    return EngineTable(frame.collect(backend="pyarrow").to_native())


def group_sums(frame: Frame, by: Sequence[str], names: Sequence[str]) -> Frame:
    """Rows, Σ weight and Σ _squared by these columns."""
    return frame.group_by(*columns(by, names)).agg(
        nw.len().alias("_count"), nw.col("weight").sum(), nw.col("_squared").sum()
    )


def counts_of(plan: Frame, by: Sequence[str], names: Sequence[str]) -> Counts:
    """What `group_sums` found; days that share a period are added up."""
    table = collect(plan)
    cells, which = table.groups((*by, *names))
    count, weight, squares = (
        np.bincount(which, weights=np.nan_to_num(table.numbers(name)), minlength=len(cells))
        for name in ("_count", "weight", "_squared")
    )
    return Counts(
        (*by, *names), tuple(cells), count.astype(np.int64), weight.astype(np.float64), squares.astype(np.float64)
    )


def halve(rows: Frame, name: str, *, digits: int = 0) -> Frame:
    """How often a whole number can be halved and keep so many binary digits, `_bin`, and what is `_left` of it; without
    digits, ⌊log2⌋.

    By halving, for logarithms of engines differ at the powers of two.
    """
    rows = rows.with_columns(nw.col(name).alias("_left"), nw.lit(0).cast(nw.Int64()).alias("_bin"))
    for bits in (32, 16, 8, 4, 2, 1):
        large = nw.col("_left") >= 2 ** (bits + digits)
        left = (
            nw.when(large).then(nw.col("_left") // 2**bits).otherwise(nw.col("_left")).cast(nw.Int64()).alias("_left")
        )
        rows = rows.with_columns(
            left, nw.when(large).then(nw.col("_bin") + bits).otherwise(nw.col("_bin")).alias("_bin")
        )
    return rows
