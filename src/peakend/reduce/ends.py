"""The kernel along a visit's moments: their features, peak and end among them, summed over visits."""

from __future__ import annotations

from collections.abc import Sequence

import narwhals.stable.v2 as nw
import numpy as np

from peakend.facts import Facts
from peakend.reduce.engine_table import EngineTable
from peakend.reduce.features import FEATURES, TimedRatings, features
from peakend.reduce.parts import in_parts
from peakend.reduce.plans import Frame, collect, columns, is_answered, plan_once, rows_of
from peakend.reduce.power_sums import power_sums
from peakend.reduce.units import units_of
from peakend.reduce.visit_order import NEVER
from peakend.sums import Floats, Moments, Wholes


@in_parts("passage")
def ends(facts: Facts, by: Sequence[str] = ()) -> Moments:
    """Features of each visit's moments, and their cross-products over visits; the columns are named `FEATURES`.

    The moments are the answered scores that name a touchpoint, in order of time and, at the same instant, of item; the
    visit is the visit, or the response where there is none. peak = max, trough = min, extreme = the value farthest from
    the middle of the scale (of two equally far the later), end = last, slope = least squares on the index, peak_end =
    (peak + end)/2; remembered = the mean of the visit's `remembered` scores. The time of a visit is its first day.
    Kahneman, Fredrickson, Schreiber & Redelmeier 1993.
    """
    table = collect(_moments(facts, tuple(by)))
    which, visits = units_of(table, by, "_visit")
    return power_sums(
        (tuple((name,) for name in FEATURES), visits, _features(table, which, len(visits))), by, 1, power=0
    )


@plan_once
def _moments(facts: Facts, by: tuple[str, ...]) -> Frame:
    middle = ((nw.col("low") + nw.col("high")) / 2.0).alias("_middle")
    return moments_of_visits(facts, by).select(*columns(by, ("at_us", "item", "value", "_visit", "_memory")), middle)


def moments_of_visits(facts: Facts, by: Sequence[str]) -> Frame:
    """The moments of visits, and what was said of the visits afterwards."""
    moment, memory = (nw.col("role") == "score") & ~nw.col("touchpoint").is_null(), nw.col("role") == "remembered"
    visit = nw.when(nw.col("visit").is_null()).then(nw.col("response")).otherwise(nw.col("visit")).alias("_visit")
    rows = rows_of(facts, by).filter(is_answered() & (moment | memory))
    return rows.with_columns(visit, nw.when(memory).then(nw.lit(1)).otherwise(nw.lit(0)).alias("_memory"))


def _features(table: EngineTable, which: Wholes, visits: int) -> Floats:
    value, memory = table.numbers("value"), table.wholes("_memory") == 1
    parts = (which, table.wholes("at_us", null=-NEVER), table.ranks("item")[0], value, table.numbers("_middle"))
    n, total = (
        np.bincount(which[memory], weights=w, minlength=visits).astype(np.float64) for w in (None, value[memory])
    )
    remembered = np.divide(total, n, out=np.full(visits, np.nan), where=n > 0)
    return np.column_stack([features(TimedRatings(*(part[~memory] for part in parts)), visits), remembered])
