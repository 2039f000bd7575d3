"""How long events lasted: their times tallied, the fate of each, and whether a promise was kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import narwhals.stable.v2 as nw

from peakend.facts import Facts
from peakend.instants import MINUTE, SECOND
from peakend.reduce.plans import (
    Frame,
    collect,
    columns,
    counts_of,
    group_sums,
    halve,
    plan_once,
    rows_of,
    square,
    takes_turn,
)
from peakend.sums import Counts

BITS: Final = 7
"""A time is tallied to its first eight binary digits: within 0.4%, so that quantiles come from a tally and no engine is
asked for one.
"""
COARSE: Final = 1
"""The same where times are told by day, so that the counts of many days stay few: within a quarter."""
BINS: Final = ("_bin", "_left")
"""How a time is told in the tally: how often it was halved, and what is left of it."""


@takes_turn
def durations(
    events: Facts,
    by: Sequence[str] = (),
    *,
    keys: Sequence[str] = ("kind",),
    beside: Facts | None = None,
    limit: float | None = None,
    times: bool = True,
    digits: int = BITS,
) -> Counts:
    """Count events that have an end by (by…, keys…, fate, kept, seconds); `weight` and `weight2` are Σ and Σ² of their
    exact seconds.

    `seconds` is how long they lasted, to `digits` + 1 binary digits; `kept` is 1 where that was within the minutes that
    their value promised, 0 where it was longer, null where they have no value; with `limit` all are held against so
    many minutes instead. `fate` is "ended".

    With `beside`, all events among which these were chosen, those without an end are counted too, by what came next in
    their visit: nothing ("open": they had lasted until the last instant that is known), its end (a `leave`; "left":
    until then), or something else ("lost": nobody wrote their end down, and `seconds` is 0). `kept` is then 0 where
    they had lasted longer than was promised, else null; and 2 where an event ended in time, and so late that one that
    was not would still be open. Without `times` there is no key `seconds`: so the counts of many days stay few.
    """
    asked = _Asked(columns(by), tuple(keys), limit, BINS if times else (), digits)
    last = _last_instant(beside) if beside else None
    ended = _tallied(_times(events, asked, last), by, asked)
    if beside is None or last is None:
        return ended
    still = _tallied(_open_times(events, beside, asked, last), by, asked)
    return ended if asked.told and not len(still) else ended + still


class _Asked(NamedTuple):
    """By which columns events are counted, against which limit, and how times are told."""

    by: tuple[str, ...]
    keys: tuple[str, ...]
    limit: float | None
    told: tuple[str, ...]
    digits: int

    @property
    def names(self) -> tuple[str, ...]:
        """What stands beside the groups."""
        return (*self.keys, "fate", "kept", *self.told)


def _tallied(plan: Frame, by: Sequence[str], asked: _Asked) -> Counts:
    found = counts_of(plan, by, asked.names)
    if not asked.told:
        return found
    cells = [(*cell[:-2], _seconds(int(cell[-1]), int(cell[-2]))) for cell in found.cells]
    names = (*by, *asked.keys, "fate", "kept", "seconds")
    return Counts.gather(names, cells, found.count, found.weight, found.weight2)


@plan_once
def _times(events: Facts, asked: _Asked, last: int | None) -> Frame:
    by, keys, limit, told, digits = asked
    known = ~nw.col("at_us").is_null() & ~nw.col("until_us").is_null()
    rows = rows_of(events, (*by, *keys)).filter(known)
    rows = rows.with_columns(
        (nw.col("until_us") - nw.col("at_us")).alias("_waited"),
        nw.lit("ended").alias("fate"),
        _promised(limit).alias("_promised"),
    )
    late = nw.lit(value=False) if last is None else nw.col("at_us") + nw.col("_promised") > last
    in_time = nw.col("_waited") <= nw.col("_promised")
    kept = (
        nw.when(in_time & late)
        .then(nw.lit(2))
        .when(in_time)
        .then(nw.lit(1))
        .when(~nw.col("_promised").is_null())
        .then(nw.lit(0))
    )
    rows = rows.with_columns((nw.col("_waited") / float(SECOND)).alias("weight"), kept.alias("kept"))
    rows = rows.select(*columns(by, keys, ("fate", "kept", "_waited", "weight")), square("weight"))
    rows = halve(rows, "_waited", digits=digits) if told else rows
    return group_sums(rows, by, asked.names)


def _open_times(events: Facts, beside: Facts, asked: _Asked, last: int) -> Frame:
    (by, keys, limit, told, digits), leaves = asked, nw.col("kind") == "leave"
    after = beside.frame.select(
        nw.col("visit").alias("_of"),
        nw.when(leaves).then(nw.col("at_us")).alias("_gone"),
        nw.when(~leaves).then(nw.col("at_us")).alias("_next"),
    )
    after = after.group_by("_of").agg(nw.col("_gone").max(), nw.col("_next").max())
    rows = rows_of(events, (*by, *keys)).filter(~nw.col("at_us").is_null() & nw.col("until_us").is_null())
    rows = rows.join(after, left_on="visit", right_on="_of", how="left")
    at, lost, left = nw.col("at_us"), nw.col("_next") > nw.col("at_us"), nw.col("_gone") >= nw.col("at_us")
    fate = nw.when(lost).then(nw.lit("lost")).when(left).then(nw.lit("left")).otherwise(nw.lit("open")).alias("fate")
    waited = (
        nw.when(lost)
        .then(nw.lit(0))
        .when(left)
        .then(nw.col("_gone") - at)
        .otherwise(nw.lit(last) - at)
        .cast(nw.Int64())
        .alias("_waited")
    )
    rows = rows.with_columns(fate, waited, _promised(limit).alias("_promised"))
    kept = nw.when(nw.col("_waited") > nw.col("_promised")).then(nw.lit(0)).alias("kept")
    names = columns(by, keys, ("fate", "kept", "_waited"))
    # Counted once before the times are halved: an engine that puts one expression into the other would plan for
    # minutes.
    rows = rows.with_columns(kept).group_by(*names).agg(nw.len().alias("_count"))
    seconds = nw.col("_waited") / float(SECOND)
    rows = rows.with_columns(
        (seconds * nw.col("_count")).alias("weight"), (seconds * seconds * nw.col("_count")).alias("_squared")
    )
    names = columns(by, asked.names)
    rows = halve(rows, "_waited", digits=digits) if told else rows
    return rows.group_by(*names).agg(*(nw.col(name).sum() for name in ("_count", "weight", "_squared")))


def _promised(limit: float | None) -> nw.Expr:
    """The microseconds that the value of an event promised in minutes; those of the limit where there is one."""
    return nw.col("value") * float(MINUTE) if limit is None else nw.lit(limit * MINUTE)


def _last_instant(events: Facts) -> int | None:
    """The last instant at which anything is known to have begun or ended."""
    table = collect(events.frame.select(nw.col("at_us").max(), nw.col("until_us").max()))
    return max((at for name in ("at_us", "until_us") for at in table.values(name) if at is not None), default=None)


def _seconds(left: int, bin: int) -> float:
    return float((left + 0.5 if bin else left) * 2.0**bin / SECOND)
