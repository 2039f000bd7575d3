"""The kernel along a visit's events: who follows whom, how long it took, and which ways were gone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import narwhals.stable.v2 as nw

from peakend.facts import Facts
from peakend.reduce.parted import in_parts
from peakend.reduce.people import people_of
from peakend.reduce.plans import Frame, collected, columns, days, halved, plain, planned, rows_of
from peakend.reduce.stepped import Stepped
from peakend.reduce.visits import Events, steps
from peakend.sums import Group, Steps


@in_parts("visit")
def follows(events: Facts, by: Sequence[str] = (), *, activity: str = "touchpoint") -> dict[Group, Steps]:
    """Who follows whom: for each group, the steps from one activity to the next within a visit, their times, and the variants.

    The time of a step runs from the instant of the one to the instant of the next. Events at the same instant are ordered by activity,
    so that the order of rows never decides; events without an activity or an instant are passed over. A visit that is seen at two sites
    is a visit at each; the time of a visit is its first day.

    Two bodies, one contract: where data are local they are scanned in numpy; where the engine is remote (PySpark, Ibis) it steps through
    windows itself, and only counts and one visit of each variant come back.
    """
    rows = _steps(events, columns(by), activity)
    remote = rows.implementation.is_pyspark() or rows.implementation.is_ibis()
    return _windowed(rows, by, activity) if remote else _scanned(rows, by, activity)


@planned
def _steps(events: Facts, by: tuple[str, ...], activity: str) -> Frame:
    known = ~nw.col(activity).is_null() & ~nw.col("at_us").is_null()
    return rows_of(events, (*by, activity)).filter(known).select(*columns(by, ("visit", "at_us", activity)))


def _scanned(rows: Frame, by: Sequence[str], activity: str) -> dict[Group, Steps]:
    table = collected(rows)
    visit, visits = people_of(table, by, "visit")
    groups, group = visits.groups(by)
    code, names = table.ranks(activity)
    return dict(zip(groups, steps(Events(group[visit], visit, table.wholes("at_us"), code), len(groups), names), strict=True))


def _windowed(rows: Frame, by: Sequence[str], activity: str) -> dict[Group, Steps]:
    visit, keys = (*plain(by), "visit"), columns(by)
    names = sorted(collected(rows.group_by(activity).agg(nw.len().alias("_count"))).values(activity))
    rows = rows.with_columns(_code(activity, names), *(nw.col(day).min().over(*visit).alias(day) for day in days(by)))
    order_by = ("at_us", "_a")
    rows = rows.with_columns(
        nw.col("at_us").shift(-1).over(*visit, order_by=order_by).alias("_then"),
        nw.col("_a").shift(-1).over(*visit, order_by=order_by).alias("_b"),
        nw.col("_a").cum_count().over(*visit, order_by=order_by).cast(nw.Int64()).alias("_place"),
    )
    edges = halved(rows.filter(~nw.col("_b").is_null()).with_columns((nw.col("_then") - nw.col("at_us")).alias("_waited")), "_waited")
    edges = edges.group_by(*keys, "_a", "_b", "_bin").agg(nw.len().alias("_count"), nw.col("_waited").sum())
    turns = [rows.filter(at).group_by(*keys, "_a").agg(nw.len().alias("_count")) for at in (nw.col("_place") == 1, nw.col("_b").is_null())]
    found = Stepped(names, *(collected(frame) for frame in (edges, *turns, _one_of_each(rows, visit, keys))))
    return found.steps(by)


def _code(activity: str, names: Sequence[str]) -> nw.Expr:
    code = nw.lit(0)
    for rank, name in enumerate(names):
        code = nw.when(nw.col(activity) == name).then(nw.lit(rank)).otherwise(code)
    return code.cast(nw.Int64()).alias("_a")


PRIME: Final = 2**31 - 1


def _one_of_each(rows: Frame, visit: Sequence[str], keys: Sequence[str]) -> Frame:
    """The rows of one visit of each variant, with how many visits went that way.

    Variants are told apart by their length and two sums of numbers modulo a prime that depend on activity and place: whole numbers, so
    that every engine agrees, and 62 bits of them, so that two variants do not meet.
    """
    for mark, (a, b, c) in {"_h": (1_103_515, 12_345, 48_271), "_g": (69_069, 362_437, 16_807)}.items():
        mixed = (nw.col("_a") * a + nw.col("_place") * b + c) % PRIME
        for _ in range(3):
            rows = rows.with_columns(mixed.cast(nw.Int64()).alias(mark))
            mixed = (nw.col(mark) * nw.col(mark) + nw.col("_a") * b + nw.col("_place") * c) % PRIME
    whole = [nw.col(mark).sum().over(*visit).cast(nw.Int64()).alias(mark) for mark in ("_h", "_g")]
    rows = rows.with_columns(
        *whole, nw.col("_place").max().over(*visit).alias("_length"), nw.when(nw.col("_place") == 1).then(nw.lit(1)).alias("_times")
    )
    way = (*keys, "_h", "_g", "_length")
    rows = rows.with_columns(nw.col("visit").min().over(*way).alias("_one"), nw.col("_times").sum().over(*way).alias("_times"))
    return rows.filter(nw.col("visit") == nw.col("_one")).select(*keys, "_h", "_g", "_place", "_a", "_times")
