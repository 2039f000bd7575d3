"""The tally of events: how many of each kind happened, and how long they lasted. The half of `reduce` that reads the second table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import narwhals.stable.v2 as nw

from peakend.facts import Facts
from peakend.reduce.plans import Frame, columns, counted, grouped, halved, planned, rows_of, squared, takes_turn
from peakend.sums import Counts

BITS: Final = 7
"""A time is tallied to its first eight binary digits: within 0.4%, so that quantiles come from a tally and no engine is asked for one."""


@takes_turn
def happened(events: Facts, by: Sequence[str] = (), *, keys: Sequence[str] = ("kind",)) -> Counts:
    """Count events by (by…, keys…); `weight` and `weight2` are Σ and Σ² of their values, 1 where an event has none."""
    return counted(_amounts(events, columns(by), tuple(keys)), by, tuple(keys))


@planned
def _amounts(events: Facts, by: tuple[str, ...], keys: tuple[str, ...]) -> Frame:
    amount = nw.when(nw.col("value").is_null()).then(nw.lit(1.0)).otherwise(nw.col("value")).alias("weight")
    rows = rows_of(events, (*by, *keys)).select(*columns(by, keys), amount)
    return grouped(rows.with_columns(squared("weight")), by, keys)


@takes_turn
def lasted(events: Facts, by: Sequence[str] = (), *, keys: Sequence[str] = ("kind",)) -> Counts:
    """Count events that have an end by (by…, keys…, kept, seconds); `weight` and `weight2` are Σ and Σ² of their exact seconds.

    `seconds` is how long they lasted, to eight binary digits; `kept` is 1 where that was within the minutes that their value promised, 0
    where it was longer, null where they have no value.
    """
    found = counted(_times(events, columns(by), tuple(keys)), by, (*keys, "kept", "_bin", "_left"))
    cells = [(*cell[:-2], _seconds(int(cell[-1]), int(cell[-2]))) for cell in found.cells]
    return Counts.gather((*by, *keys, "kept", "seconds"), cells, found.count, found.weight, found.weight2)


@planned
def _times(events: Facts, by: tuple[str, ...], keys: tuple[str, ...]) -> Frame:
    known = ~nw.col("at_us").is_null() & ~nw.col("until_us").is_null()
    rows = rows_of(events, (*by, *keys)).filter(known)
    waited = (nw.col("until_us") - nw.col("at_us")).alias("_waited")
    rows = rows.select(*columns(by, keys, ("value",)), waited).with_columns((nw.col("_waited") / 1_000_000.0).alias("weight"))
    within = nw.col("weight") <= nw.col("value") * 60.0
    kept = nw.when(~nw.col("value").is_null() & within).then(nw.lit(1)).when(~nw.col("value").is_null()).then(nw.lit(0)).alias("kept")
    rows = halved(rows.with_columns(kept, squared("weight")), "_waited", digits=BITS)
    return grouped(rows, by, (*keys, "kept", "_bin", "_left"))


def _seconds(left: int, bin: int) -> float:
    return float((left + 0.5 if bin else left) * 2.0**bin / 1e6)
