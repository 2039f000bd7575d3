"""The features of a visit's moments, in numpy, for all visits at once: its peak, its end and the like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from peakend.reduce.visit_order import firsts, order_along_visits
from peakend.sums import Floats, Wholes

FEATURES: Final = (
    "n",
    "sum",
    "mean",
    "peak",
    "trough",
    "extreme",
    "start",
    "end",
    "sd",
    "slope",
    "peak_end",
    "extreme_end",
    "remembered",
)


@dataclass(frozen=True)
class TimedRatings:
    """Timed ratings as columns: which visit, when, which item (by rank of its name), the rating, and the middle of its
    scale.
    """

    visit: Wholes
    at: Wholes
    item: Wholes
    value: Floats
    middle: Floats


def features(moments: TimedRatings, visits: int) -> Floats:
    """`FEATURES` but the last, for visits 0 … visits − 1, shape (visits, 12); NaN where a visit has no moments or too
    few.
    """
    found = np.full((visits, len(FEATURES) - 1), np.nan)
    if len(moments.value):
        order = _order(moments)
        visit, x, middle = moments.visit[order], moments.value[order], moments.middle[order]
        first = firsts(visit)
        found[visit[first]] = np.column_stack(_features(x, middle, first))
    return found


def moment_features(value: Floats, middle: Floats, first: Wholes) -> Floats:
    """`FEATURES` but the last of moments that stand in order already; a visit begins at each of `first`."""
    return np.column_stack(_features(value, middle, first)) if len(value) else np.empty((0, len(FEATURES) - 1))


def _order(moments: TimedRatings) -> Wholes:
    """The order by visit, instant and item; by value too where an item stands twice at one instant."""
    order = order_along_visits(moments.visit, moments.at, moments.item)
    order = np.arange(len(moments.at)) if order is None else order
    keys = (moments.visit, moments.at, moments.item)
    twice = np.all([np.diff(key[order]) == 0 for key in keys], axis=0).any()
    return np.lexsort((moments.value, *reversed(keys))).astype(np.int64) if twice else order


def _features(x: Floats, middle: Floats, first: Wholes) -> list[Floats]:
    n = np.diff(np.append(first, len(x)))
    total, peak, trough = (reduce.reduceat(x, first) for reduce in (np.add, np.maximum, np.minimum))
    start, end, mean = x[first], x[first + n - 1], total / n
    extreme = _extreme(x, middle, first, n)
    sd, slope = _spread(x, mean, first, n), _slope(x, first, n)
    return [
        n.astype(np.float64),
        total,
        mean,
        peak,
        trough,
        extreme,
        start,
        end,
        sd,
        slope,
        (peak + end) / 2,
        (extreme + end) / 2,
    ]


def _extreme(x: Floats, middle: Floats, first: Wholes, n: Wholes) -> Floats:
    """The rating farthest from the middle of its scale, the later of equals; NaN where a rating has no scale."""
    far = np.abs(x - middle)
    farthest = np.maximum.reduceat(far, first)
    here = np.where(far == np.repeat(farthest, n), np.arange(len(x)), -1)
    return np.where(np.isnan(farthest), np.nan, x[np.maximum.reduceat(here, first)])


def _spread(x: Floats, mean: Floats, first: Wholes, n: Wholes) -> Floats:
    squares = np.add.reduceat((x - np.repeat(mean, n)) ** 2, first)
    return np.asarray(np.sqrt(np.divide(squares, n - 1, out=np.full(len(n), np.nan), where=n > 1)), dtype=np.float64)


def _slope(x: Floats, first: Wholes, n: Wholes) -> Floats:
    """Least squares on the index 0, 1, …: Σ(i − ī)x / Σ(i − ī)², the latter n(n² − 1)/12."""
    index = np.arange(len(x)) - np.repeat(first, n) - np.repeat((n - 1) / 2, n)
    along = np.add.reduceat(index * x, first)
    return np.asarray(
        np.divide(12.0 * along, n * (n**2 - 1.0), out=np.full(len(n), np.nan), where=n > 1), dtype=np.float64
    )
