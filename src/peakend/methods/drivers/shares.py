"""The shares of drivers and everything beside them, from pairs of answers or from whole rows with who was there.

`pairwise` takes the pairwise-complete covariance. `shares_with_visits` fits y = a + Σ v_j(α_j + β_j(x_j − x̄_j)) over
everybody who judged the whole: v_j is 1 for those who met driver j and 0 for others, whose answer nobody makes
up. v_j and v_j(x_j − x̄_j) enter the orders together as one, so a share counts having been there as well as how it was;
where everybody was there v_j is left out. Checked against: R 4.2.2 (lm, relaimpo 2.2-7 with groups).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from peakend.maths import shapley
from peakend.maths.ranks import spearman
from peakend.sums import Floats, Sums, Wholes, products

from . import bounds as share_bounds

MOST_COMPARED: Final = 12
"""Up to so many drivers dominance is told."""
LARGE_INFLATION: Final = 10.0
SEED: Final = 1987

Rows = tuple[Floats, Wholes]
"""Distinct rows of answers, the outcome last, NaN where there is none, and how many gave each."""


@dataclass(frozen=True, kw_only=True)
class Shares:
    """What was found, an array of p for each column; `subsets` is R² on every subset of drivers where all were
    counted.
    """

    share: Floats
    columns: Mapping[str, Floats | None]
    subsets: Floats | None
    repaired: bool = False
    r: Floats | None = None

    def over_others(self, names: Sequence[str]) -> dict[str, Mapping[str, str]]:
        """The strongest level at which each driver dominates each other one; only where all subsets can be compared in
        reasonable time.
        """
        if self.subsets is None or len(names) > MOST_COMPARED:
            return {}
        found: dict[str, dict[str, str]] = {name: {} for name in names}
        for i, j in permutations(range(len(names)), 2):
            if (level := shapley.dominates(self.subsets, i, j)) != "none":
                found[names[i]][names[j]] = level
        return {name: MappingProxyType(over) for name, over in found.items()}

    def together(self, names: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Drivers that inflate one another, as one: near-duplicates halve each other's shares, and only their sum can
        be told.
        """
        groups = [] if self.r is None else shapley.groups_of(self.r, LARGE_INFLATION)
        if self.r is None or len(groups) == len(names) or len(groups) > share_bounds.EXACT:
            return {}
        shares = shapley.shares_together(self.r, groups)
        percent = 100 * shares / shares.sum()
        return {
            names[i]: {"together": tuple(names[j] for j in group), "together_percent": float(part)}
            for group, part in zip(groups, percent, strict=True)
            if len(group) > 1
            for i in group
        }


def pairwise(sums: Sums, conf: float, room: Floats) -> Shares:
    """From the sums of pairs of answers, the outcome last; `room` is what a share is multiplied by to say what
    improving it is worth.
    """
    r, bad = shapley.repair(shapley.correlation(sums.covariance()))
    share, off, subsets = _lmg(r, ())
    beta = shapley.betas(r)
    own = {
        "monte_carlo": off, "johnson": shapley.johnson(r),
        "first": shapley.first(r), "last": shapley.last(r),
        "pratt": beta * r[:-1, -1],
        "car": shapley.car(r), "betasq": beta**2, "beta": beta, "vif": shapley.inflation(r),
        "r": (r if sums.squares is None else sums.correlations())[:-1, -1],
    }  # fmt: skip
    bounds = share_bounds.uncertain(sums, share, conf, room=room)
    return Shares(share=share, columns=own | bounds, subsets=subsets, repaired=bool(bad), r=r)


def shares_with_visits(rows: Rows, buckets: int, conf: float, room: Floats) -> Shares:
    """From whole rows: everybody who judged the whole, with who was where."""
    table, sizes = design(*rows)
    sums = sums_by_bucket(table, rows[1], buckets)
    r, _ = shapley.repair(
        shapley.correlation(sums.covariance())
    )  # who was where can follow from the rest: singular, not contradictory
    share, off, subsets = _lmg(r, sizes)
    ends = np.cumsum(sizes)
    parts = [list(range(end - size, end)) for end, size in zip(ends.tolist(), sizes, strict=True)]
    every, beta, spread = list(range(r.shape[-1] - 1)), shapley.betas(r), np.sqrt(np.diagonal(sums.covariance()))
    whole = _r2(r, every)
    own = {
        "monte_carlo": off,
        "first": np.array([_r2(r, part) for part in parts]),
        "last": np.array([whole - _r2(r, [i for i in every if i not in part]) for part in parts]),
        "beta": beta[ends - 1],
        "vif": np.array([shapley.generalised_vif(r[:-1, :-1], part) for part in parts]),
        "r": products(
            rows[0], rows[1].astype(np.float64), np.zeros(len(rows[0]), np.int64), squares=True
        ).correlations()[:-1, -1],
        "visit_effect": np.array(
            [beta[part[0]] * spread[-1] / spread[part[0]] if len(part) > 1 else np.nan for part in parts]
        ),
    }
    bounds = share_bounds.uncertain(sums, share, conf, sizes, room)
    return Shares(share=share, columns=own | bounds, subsets=subsets)


def design(values: Floats, count: Wholes) -> tuple[Floats, tuple[int, ...]]:
    """The columns v_j (unless everybody was there) and v_j(x_j − x̄_j) of each driver, then the outcome; and how many
    columns each driver has.
    """
    columns, sizes = [], []
    for x in values[:, :-1].T:
        there = ~np.isnan(x)
        away = np.where(there, x - np.average(x[there], weights=count[there]), 0.0)
        columns += [away] if there.all() else [there.astype(np.float64), away]
        sizes.append(1 if there.all() else 2)
    return np.column_stack([*columns, values[:, -1]]), tuple(sizes)


def sums_by_bucket(values: Floats, count: Wholes, buckets: int) -> Sums:
    """The sums of rows, each dealt as often as it was counted, by chance (seeded) into so many buckets, to be
    resampled.
    """
    row = np.repeat(np.arange(len(values)), count)
    bucket = np.random.default_rng(SEED).permutation(np.arange(len(row)) % buckets)
    place = np.argsort(bucket, kind="stable")
    return products(values[row[place]], np.ones(len(row)), bucket[place])


def answered_together(sums: Sums, usable: Sequence[int], fewest: int) -> tuple[list[int], dict[int, tuple[int, int]]]:
    """The drivers that were answered together, pair by pair; of two that were not, the one with fewer answers is left
    out.

    Of each of these, the other of the pair and how many answered both.
    """
    n, kept, apart = sums.n.sum(axis=0), list(usable), {}
    while len(kept) > 1:
        both = n[np.ix_(kept, kept)]
        i, j = np.unravel_index(int(np.argmin(both)), both.shape)
        if both[i, j] >= fewest:
            break
        fewer, other = sorted((kept[int(i)], kept[int(j)]), key=lambda at: (n[at, -1], at))
        apart[fewer] = other, int(both[i, j])
        kept.remove(fewer)
    return kept, apart


def improvable(sums: Sums, scales: Sequence[tuple[float, float]]) -> tuple[dict[str, Floats], Floats]:
    """How many meet each driver, its mean, and how far that is from the top of its scale; and by what its share is
    multiplied to say what improving it is worth: use × room, the room on the longest scale of any driver.
    """
    n = sums.count()
    rate, mean = (
        sums.n.sum(axis=0)[:-1, -1] / n[-1],
        sums.mean()[:-1],
    )  # of those who judged the whole: others may have rated it too
    low, top = np.array(scales).T
    headroom = top - mean
    return {"visit_rate": rate, "mean": mean, "headroom": headroom}, rate * headroom * np.fmax.reduce(
        top - low, initial=0.0
    ) / (top - low)


def rank_correlations(rows: Rows) -> Floats:
    """Spearman's correlation of each driver with the outcome, over those who answered both; NaN where one is always the
    same.
    """
    values, count = rows
    found = [spearman(x, values[:, -1], count) for x in values[:, :-1].T]
    return np.array([np.nan if rho is None else rho for rho in found])


def _lmg(r: Floats, sizes: Sequence[int]) -> tuple[Floats, Floats | None, Floats | None]:
    """The shares; where orders were sampled, how far they may be off, else R² on every subset."""
    if (len(sizes) or r.shape[-1] - 1) > share_bounds.EXACT:
        return *shapley.lmg_of_sample(r, sizes=sizes), None
    subsets = shapley.r2_of_subsets(r, sizes)
    return shapley.lmg(subsets), None, subsets


def _r2(r: Floats, columns: Sequence[int]) -> float:
    """R² of the outcome on these columns."""
    if not columns:
        return 0.0
    toward = r[list(columns), -1]
    return float(toward @ np.linalg.solve(r[np.ix_(columns, columns)], toward))
