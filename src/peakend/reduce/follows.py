"""The kernel along a visit's events: who follows whom, how long it took, and which ways were gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import narwhals.stable.v2 as nw
import numpy as np

from peakend.facts import ORDER, Facts
from peakend.reduce.engine_steps import EngineSteps
from peakend.reduce.parts import in_parts
from peakend.reduce.plans import Frame, collect, columns, days, halve, plan_once, rows_of, takes_turn, without_grains
from peakend.reduce.steps import Events, steps
from peakend.reduce.units import units_of
from peakend.reduce.visit_order import NEVER
from peakend.sums import Group, Steps


@in_parts("visit")
def follows(
    events: Facts, by: Sequence[str] = (), *, activity: str = "touchpoint", delivered: bool = False
) -> dict[Group, Steps]:
    """Who follows whom: for each group, the steps from one activity to the next within a visit, their times, and the
    variants.

    The time of a step runs from the instant of the one to the instant of the next. Events at the same instant are
    ordered by activity, so that the order of rows never decides; or, with `delivered`, as they were delivered where the
    facts know it (`Facts.delivery`). These ties are counted, and so are events without an instant, which are passed
    over like those without an activity. A visit that is seen at two sites is a visit at each; the time of a visit is
    its first day.

    Two bodies, one contract: where data are local they are scanned in numpy; where the engine is remote (PySpark, Ibis)
    it steps through windows itself, and only counts and one visit of each variant come back.
    """
    turn = (ORDER,) if delivered and events.delivery is not None else ()
    rows = _steps(events, columns(by), activity, turn)
    remote = rows.implementation.is_pyspark() or rows.implementation.is_ibis()
    return _steps_by_windows(rows, by, activity, turn) if remote else _steps_by_scan(rows, by, activity, turn)


@plan_once
def _steps(events: Facts, by: tuple[str, ...], activity: str, turn: tuple[str, ...]) -> Frame:
    rows = rows_of(events, (*by, activity))
    return (
        (events.rows_by_delivery if turn else rows)
        .filter(~nw.col(activity).is_null())
        .select(*columns(by, ("visit", "at_us", activity), turn))
    )


@takes_turn
def visits_untimed_at(events: Facts, activity: str, step: str) -> tuple[str, ...]:
    """The visits that have an event at this step without an instant: they reached it, nobody knows when."""
    rows = (
        rows_of(events, (activity,))
        .filter((nw.col(activity) == step) & nw.col("at_us").is_null())
        .select("visit")
        .unique()
    )
    return tuple(sorted(str(visit) for visit in collect(rows).values("visit")))


def _steps_by_scan(rows: Frame, by: Sequence[str], activity: str, turn: Sequence[str]) -> dict[Group, Steps]:
    table = collect(rows)
    visit, visits = units_of(table, by, "visit")
    groups, group = visits.groups(by)
    code, names = table.ranks(activity)
    at, of = table.wholes("at_us", null=NEVER), group[visit]
    found, events = at == NEVER, Events(of, visit, at, code, table.numbers(turn[0]) if turn else None)
    untimed = np.bincount(of[found], minlength=len(groups))
    told = steps(events.take(np.flatnonzero(~found)) if found.any() else events, len(groups), names)
    return {name: replace(one, untimed=int(n)) for name, one, n in zip(groups, told, untimed, strict=True)}


def _steps_by_windows(rows: Frame, by: Sequence[str], activity: str, turn: Sequence[str]) -> dict[Group, Steps]:
    visit, keys = (*without_grains(by), "visit"), columns(by)
    names = sorted(collect(rows.group_by(activity).agg(nw.len().alias("_count"))).values(activity))
    rows = rows.with_columns(_code(activity, names), *(nw.col(day).min().over(*visit).alias(day) for day in days(by)))
    # With a column beside: a literal that is selected alone is one row to some engines, however many there are.
    one = nw.lit(1).cast(nw.Int64()).alias("_count")
    untimed = rows.filter(nw.col("at_us").is_null()).with_columns(one).select(*keys, "_count")
    rows = rows.filter(~nw.col("at_us").is_null())
    order_by = ("at_us", *(turn or ("_a",)))
    rows = rows.with_columns(
        nw.col("at_us").shift(1).over(*visit, order_by=order_by).alias("_before"),
        nw.col("_a").shift(1).over(*visit, order_by=order_by).alias("_was"),
        nw.col("at_us").shift(-1).over(*visit, order_by=order_by).alias("_then"),
        nw.col("_a").shift(-1).over(*visit, order_by=order_by).alias("_b"),
        nw.col("_a").cum_count().over(*visit, order_by=order_by).cast(nw.Int64()).alias("_place"),
    )
    edges = halve(
        rows.filter(~nw.col("_b").is_null()).with_columns((nw.col("_then") - nw.col("at_us")).alias("_waited")),
        "_waited",
    )
    edges = edges.group_by(*keys, "_a", "_b", "_bin").agg(nw.len().alias("_count"), nw.col("_waited").sum())
    turns = [
        rows.filter(at).group_by(*keys, "_a").agg(nw.len().alias("_count"))
        for at in (nw.col("_place") == 1, nw.col("_b").is_null())
    ]
    at_once = [
        (nw.col("at_us") == nw.col(time)) & (nw.col("_a") != nw.col(step))
        for time, step in (("_then", "_b"), ("_before", "_was"))
    ]
    tied = rows.filter(at_once[0] | at_once[1]).with_columns(one).select(*keys, "_count")
    counted = [
        frame.group_by(*keys).agg(nw.col("_count").sum()) if keys else frame.select(nw.col("_count").sum())
        for frame in (tied, untimed)
    ]
    return EngineSteps(
        names, *(collect(frame) for frame in (edges, *turns, _one_of_each(rows, visit, keys), *counted))
    ).steps(by)


def _code(activity: str, names: Sequence[str]) -> nw.Expr:
    code = nw.lit(0)
    for rank, name in enumerate(names):
        code = nw.when(nw.col(activity) == name).then(nw.lit(rank)).otherwise(code)
    return code.cast(nw.Int64()).alias("_a")


PRIME: Final = 2**31 - 1


def _one_of_each(rows: Frame, visit: Sequence[str], keys: Sequence[str]) -> Frame:
    """The rows of one visit of each variant, with how many visits went that way.

    Variants are told apart by their length and two sums of numbers modulo a prime that depend on activity and place:
    whole numbers, so that every engine agrees, and 62 bits of them, so that two variants do not meet.
    """
    for mark, (a, b, c) in {"_h": (1_103_515, 12_345, 48_271), "_g": (69_069, 362_437, 16_807)}.items():
        mixed = (nw.col("_a") * a + nw.col("_place") * b + c) % PRIME
        for _ in range(3):
            rows = rows.with_columns(mixed.cast(nw.Int64()).alias(mark))
            mixed = (nw.col(mark) * nw.col(mark) + nw.col("_a") * b + nw.col("_place") * c) % PRIME
    whole = [nw.col(mark).sum().over(*visit).cast(nw.Int64()).alias(mark) for mark in ("_h", "_g")]
    rows = rows.with_columns(
        *whole,
        nw.col("_place").max().over(*visit).alias("_length"),
        nw.when(nw.col("_place") == 1).then(nw.lit(1)).alias("_times"),
    )
    way = (*keys, "_h", "_g", "_length")
    rows = rows.with_columns(
        nw.col("visit").min().over(*way).alias("_one"), nw.col("_times").sum().over(*way).alias("_times")
    )
    return rows.filter(nw.col("visit") == nw.col("_one")).select(*keys, "_h", "_g", "_place", "_a", "_times")
