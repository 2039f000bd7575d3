"""The steps of visits, in numpy, for all visits at once: from which activity to which, how long, and which ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from peakend.reduce.visit_order import firsts, order_along_visits
from peakend.sums import Floats, Steps, Ways, Wholes

BINS: Final = 64
"""Times are tallied by their ⌊log2⌋ in microseconds: so many bits an integer has."""


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
    order = order_along_visits(events.visit, events.at, events.activity)
    events = events if order is None else events.take(order)
    tied = events.ties()
    if events.delivery is not None and tied.any():
        events = events.take(np.lexsort((events.delivery, events.at, events.visit)).astype(np.int64))
        tied = events.ties()
    ties = np.bincount(events.group[tied], minlength=groups)
    first = firsts(events.visit)
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
