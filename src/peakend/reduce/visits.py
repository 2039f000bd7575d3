"""What is computed along the order of a visit, in numpy: the features of its moments, and its steps.

Rows come in any order; they are put into the order of visit, instant and name, so that neither the order of rows nor
the engine decides anything. Everything is done for all visits at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from peakend.sums import Floats, Steps, Ways, Wholes

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
BINS: Final = 64
NEVER: Final = np.iinfo(np.int64).max


# --- the features of moments ------------------------------------------------------------------------------------------


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
        order = _told_apart(moments)
        visit, x, middle = moments.visit[order], moments.value[order], moments.middle[order]
        first = _firsts(visit)
        found[visit[first]] = np.column_stack(_features(x, middle, first))
    return found


def moment_features(value: Floats, middle: Floats, first: Wholes) -> Floats:
    """`FEATURES` but the last of moments that stand in order already; a visit begins at each of `first`."""
    return np.column_stack(_features(value, middle, first)) if len(value) else np.empty((0, len(FEATURES) - 1))


def _told_apart(moments: TimedRatings) -> Wholes:
    """The order by visit, instant and item; by value too where an item stands twice at one instant."""
    order = in_order(moments.visit, moments.at, moments.item)
    order = np.arange(len(moments.at)) if order is None else order
    keys = (moments.visit, moments.at, moments.item)
    twice = np.all([np.diff(key[order]) == 0 for key in keys], axis=0).any()
    return np.lexsort((moments.value, *reversed(keys))).astype(np.int64) if twice else order


def _firsts(key: NDArray[Any]) -> Wholes:
    """Where each run of equal keys begins."""
    return np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1]))).astype(np.int64)


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


# --- steps ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Events:
    """Events as columns: which group, which visit, when, which activity (by rank of its name), and their order of
    delivery where it is known.
    """

    group: Wholes
    visit: Wholes
    at: Wholes
    activity: Wholes
    delivery: Floats | None = None

    def take(self, order: Wholes) -> Events:
        """The events in this order."""
        group, visit, at, activity = (part[order] for part in (self.group, self.visit, self.at, self.activity))
        return Events(group, visit, at, activity, None if self.delivery is None else self.delivery[order])

    def ties(self) -> NDArray[np.bool_]:
        """Whether an event's neighbour in its visit is another activity at the same instant."""
        pairs = (np.diff(self.visit) == 0) & (np.diff(self.at) == 0) & (np.diff(self.activity) != 0)
        return np.asarray(np.append(False, pairs) | np.append(pairs, False), dtype=bool)


def steps(events: Events, groups: int, names: Sequence[str]) -> list[Steps]:
    """The steps of each group, of all visits at once. `names[i]` is the activity of rank i.

    Events at one instant stand in the order of delivery where it is known, else in that of their names.
    """
    if not len(events.at):
        return [Steps({}, {}, {}, {}, {}, {}) for _ in range(groups)]
    order = in_order(events.visit, events.at, events.activity)
    events = events if order is None else events.take(order)
    tied = events.ties()
    if events.delivery is not None and tied.any():
        events = events.take(np.lexsort((events.delivery, events.at, events.visit)).astype(np.int64))
        tied = events.ties()
    ties = np.bincount(events.group[tied], minlength=groups)
    first = _firsts(events.visit)
    last = np.append(first[1:], len(events.at)) - 1
    of = events.group[first]
    edges, ways = _edges(events, first, groups, len(names)), _ways(events, first, last, groups, names)
    return [
        Steps(
            **_named_edges(edges[g], names),
            starts=_named(events.activity[first[of == g]], names),
            ends=_named(events.activity[last[of == g]], names),
            variants=ways[g],
            tied=int(ties[g]),
        )
        for g in range(groups)
    ]


def in_order(visit: Wholes, at: Wholes, activity: Wholes) -> Wholes | None:
    """The order by (visit, at, activity); None where it is so already.

    Keys are packed into 64 bits where they fit: sorting values is much faster than sorting rows.
    """
    span, width = int(at.max()) - int(at.min()), int(activity.max()).bit_length()
    rows, many = np.arange(len(at)), (len(at) - 1).bit_length()
    if span.bit_length() + width > 62 or int(visit.max()).bit_length() + many > 62:
        return np.lexsort((activity, at, visit)).astype(np.int64)
    time = at - at.min()
    when = time << width | activity
    later, grouped = when[1:] >= when[:-1], visit[1:] - visit[:-1]
    if ((grouped > 0) | ((grouped == 0) & later)).all():
        return None
    begun = np.full(int(visit.max()) + 1, NEVER)
    np.minimum.at(begun, visit, when)
    since = when - begun[visit]
    bits = int(since.max()).bit_length()
    if int(visit.max()).bit_length() + bits < BINS:
        return _sorting(visit << bits | since)
    by_time = rows if later.all() else _sorting(when)
    packed = np.sort(visit[by_time] << many | rows)
    return np.asarray(by_time[packed & ((1 << many) - 1)], dtype=np.int64)


def _sorting(keys: Wholes) -> Wholes:
    """The order of keys. Facts lie in sorted runs, one for each construct, and a stable sort merges what is sorted: a
    sixth of the time.
    """
    return np.argsort(keys, kind="stable")


@dataclass(frozen=True)
class _Edges:
    code: Wholes
    count: Wholes
    waited: list[int]
    spread: Wholes


def _edges(events: Events, first: Wholes, groups: int, size: int) -> list[_Edges]:
    """The edges of each group: code a·size + b, how often, Σ of time, and the tally of ⌊log2⌋ of it."""
    inner = np.ones(len(events.at), dtype=bool)
    inner[first] = False
    then = np.flatnonzero(inner)
    waited = events.at[then] - events.at[then - 1]
    edge = (events.group[then] * size + events.activity[then - 1]) * size + events.activity[then]
    if groups * size * size * BINS > 8 * len(then) + 1_000_000:
        codes, edge = np.unique(edge, return_inverse=True)
    else:
        codes = np.arange(groups * size * size)
    count = np.bincount(edge, minlength=len(codes))
    spread = np.bincount(edge * BINS + _log2(waited), minlength=len(codes) * BINS).reshape(-1, BINS)
    total = _exact_sums(edge, waited, len(codes))
    owner, code = np.divmod(codes, size * size)
    picks = [np.flatnonzero((owner == g) & (count > 0)) for g in range(groups)]
    return [_Edges(code[pick], count[pick], [total[i] for i in pick], spread[pick]) for pick in picks]


def _log2(waited: Wholes) -> Wholes:
    """⌊log2⌋ of microseconds, 0 for none: the exponent that a float carries in its upper bits."""
    return np.asarray(np.maximum((waited.astype(np.float64).view(np.int64) >> 52) - 1023, 0), dtype=np.int64)


def _exact_sums(which: Wholes, waited: Wholes, size: int) -> list[int]:
    """Σ of integers by code, without rounding: floats add exactly up to 2⁵³, so the two halves of each number are added
    apart.
    """
    high, low = (np.bincount(which, weights=part, minlength=size) for part in (waited >> 24, waited & 0xFFFFFF))
    return [(int(h) << 24) + int(part) for h, part in zip(high, low, strict=True)]


def _ways(events: Events, first: Wholes, last: Wholes, groups: int, names: Sequence[str]) -> list[Ways]:
    """The ways of each group. Visits are told apart by a 64-bit hash of (activity, place), and one of each kind is kept
    to name it.
    """
    length = last - first + 1
    place = np.arange(len(events.at)) - np.repeat(first, length)
    with np.errstate(over="ignore"):
        hashed = np.add.reduceat(
            _mix(events.activity.astype(np.uint64) << np.uint64(32) | place.astype(np.uint64)), first
        )
        hashed += _mix(~events.group[first].astype(np.uint64))
    _, one, count = np.unique(hashed, return_index=True, return_counts=True)
    found = []
    for g in range(groups):
        own = events.group[first[one]] == g
        visits, sizes = one[own], length[one[own]]
        begin = np.cumsum(sizes) - sizes
        codes = events.activity[np.repeat(first[visits] - begin, sizes) + np.arange(int(sizes.sum()))]
        found.append(Ways(names, codes, begin, count[own]))
    return found


def _mix(x: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of SplitMix64 (Steele, Lea & Flood 2014): every bit of the input moves every bit of the output."""
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _named_edges(edges: _Edges, names: Sequence[str]) -> dict[str, Any]:
    keys = [(names[code // len(names)], names[code % len(names)]) for code in edges.code.tolist()]
    return {
        "edges": dict(zip(keys, edges.count.tolist(), strict=True)),
        "waited": dict(zip(keys, edges.waited, strict=True)),
        "spread": dict(zip(keys, map(tuple, edges.spread.tolist()), strict=True)),
    }


def _named(activity: Wholes, names: Sequence[str]) -> dict[str, int]:
    return {names[code]: count for code, count in enumerate(np.bincount(activity).tolist()) if count}
