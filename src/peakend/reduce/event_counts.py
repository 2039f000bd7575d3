"""How many events of each kind happened, and the sums of their amounts."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw

from peakend.facts import Facts
from peakend.reduce.plans import Frame, columns, counts_of, group_sums, plan_once, rows_of, square, takes_turn
from peakend.sums import Counts


@takes_turn
def event_counts(events: Facts, by: Sequence[str] = (), *, keys: Sequence[str] = ("kind",)) -> Counts:
    """Count events by (by…, keys…); `weight` and `weight2` are Σ and Σ² of their values, 1 where an event has none."""
    return counts_of(_amounts(events, columns(by), tuple(keys)), by, tuple(keys))


@plan_once
def _amounts(events: Facts, by: tuple[str, ...], keys: tuple[str, ...]) -> Frame:
    amount = nw.when(nw.col("value").is_null()).then(nw.lit(1.0)).otherwise(nw.col("value")).alias("weight")
    rows = rows_of(events, (*by, *keys)).select(*columns(by, keys), amount)
    return group_sums(rows.with_columns(square("weight")), by, keys)
