"""How much of R² belongs to each driver, from a covariance matrix: the decompositions of the field, in numpy.

Every function takes a covariance (or correlation) matrix of the drivers and, last, the outcome: shape (…, p + 1, p +
1). Leading axes are replicates, computed together. LMG (Lindeman, Merenda & Gold 1980) equals the Shapley value of R²
and general dominance (Budescu 1993).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from peakend.sums import Floats

SMALLEST: Final = 1e-8
"""The least eigenvalue that a correlation matrix is left with."""
TURNS: Final = 200
"""Alternating projections at most, on the way to the nearest correlation matrix."""


def correlation(covariance: Floats) -> Floats:
    """The correlation matrix of a covariance matrix, shape kept."""
    sd = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    return np.asarray(covariance / sd[..., :, None] / sd[..., None, :], dtype=np.float64)


def repair(r: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The nearest usable correlation matrix, and whether it had to be repaired.

    Pairwise-complete correlations need not be positive definite. Where the least eigenvalue lies below `SMALLEST`
    Higham's (2002) alternating projections find the nearest correlation matrix, whose eigenvalues are then kept above
    `SMALLEST`.
    """
    bad = np.linalg.eigvalsh(r)[..., 0] < SMALLEST
    if not np.any(bad):
        return r, bad
    kept, wrong = r.reshape(-1, *r.shape[-2:]).copy(), np.atleast_1d(bad).ravel()
    kept[wrong] = _nearest(kept[wrong])
    return kept.reshape(r.shape), bad


def _nearest(r: Floats) -> Floats:
    unit, correction = np.eye(r.shape[-1], dtype=bool), np.zeros_like(r)
    found = r
    for _ in range(TURNS):
        moved = found - correction
        raised = _raise_eigenvalues(moved, 0.0)
        correction, before = raised - moved, found
        found = np.where(unit, 1.0, raised)
        if np.abs(found - before).max() < 1e-9:
            break
    return correlation(_raise_eigenvalues(found, 10 * SMALLEST))


def _raise_eigenvalues(r: Floats, least: float) -> Floats:
    values, vectors = np.linalg.eigh(r)
    return np.asarray(
        (vectors * np.maximum(values, least)[..., None, :]) @ np.swapaxes(vectors, -1, -2), dtype=np.float64
    )


def r2_of_subsets(r: Floats, sizes: Sequence[int] = ()) -> Floats:
    """R² of the outcome on every subset of the drivers: shape (…, 2^p), bit i of the index standing for driver i.

    One pass over the drivers: each either stays out (the matrix without it) or comes in (its Schur complement), so the
    level i holds 2^i matrices of size p − i + 1, one contiguous vector a matrix entry. About 7·2^p multiply-adds in
    all. With `sizes` drivers that stand together in the matrix come in together, so many at a time: bit i then stands
    for group i.
    """
    p, lead = r.shape[-1] - 1, r.shape[:-2]
    flat = r.reshape(-1, p + 1, p + 1)
    level = {(i, j): np.ascontiguousarray(flat[:, i, j]) for i in range(p + 1) for j in range(i, p + 1)}
    k = 0
    for size in sizes or (1,) * p:
        level = _next(level, k, p) if size == 1 else _next_together(level, k, size)
        k += size
    rest = level[p, p].reshape(-1, flat.shape[0]).T.reshape(*lead, -1)
    return np.asarray(1 - rest / r[..., -1, -1][..., None], dtype=np.float64)


def _next_together(level: dict[tuple[int, int], Floats], k: int, size: int) -> dict[tuple[int, int], Floats]:
    swept = level
    for m in range(k, k + size):
        swept = {(i, j): cell - swept[m, i] * swept[m, j] / swept[m, m] for (i, j), cell in swept.items() if i > m}
    return {cell: np.concatenate([level[cell], swept[cell]]) for cell in swept}


def _next(level: dict[tuple[int, int], Floats], k: int, p: int) -> dict[tuple[int, int], Floats]:
    pivot = 1 / level[k, k]
    following = {}
    for i in range(k + 1, p + 1):
        factor = level[k, i] * pivot
        for j in range(i, p + 1):
            both = np.empty(2 * len(pivot))
            both[: len(pivot)] = level[i, j]
            np.subtract(level[i, j], factor * level[k, j], out=both[len(pivot) :])
            following[i, j] = both
    return following


def lmg(subsets: Floats) -> Floats:
    """Each driver's share of R²: the average over all orders of entering of what it adds. Shape (…, p); sums to R²."""
    p = subsets.shape[-1].bit_length() - 1
    weight = np.array([factorial(s) * factorial(p - s - 1) / factorial(p) for s in range(p)])
    size = _sizes(p - 1)
    shares = []
    for i in range(p):
        without, with_it = _halves(subsets, i)
        shares.append(((with_it - without) * weight[size]).sum(axis=-1))
    return np.stack(shares, axis=-1)


def lmg_of_sample(r: Floats, orders: int = 2000, seed: int = 1_980, sizes: Sequence[int] = ()) -> tuple[Floats, Floats]:
    """LMG of many drivers over a sample of orders, and its Monte-Carlo standard errors; both of shape (…, p).

    In each order what a driver adds is a squared entry of the Cholesky factor; every order is taken backwards too,
    which halves the error (Mitchell et al. 2022). Exact to rounding in its sum, which is R². The same orders for every
    replicate. `sizes` as in `r2_of_subsets`.
    """
    parts = _parts(sizes or (1,) * (r.shape[-1] - 1))
    p, half = len(parts), max(2, orders // 2)
    ways = np.random.default_rng(seed).permuted(np.tile(np.arange(p), (half, 1)), axis=1)
    total, squares = np.zeros((*r.shape[:-2], p)), np.zeros((*r.shape[:-2], p))
    for way in ways:
        pair = np.zeros_like(total)
        for turn in (way, way[::-1]):
            at = np.array([*(i for part in turn for i in parts[part]), r.shape[-1] - 1])
            added = np.linalg.cholesky(r[..., at[:, None], at])[..., -1, :-1] ** 2
            pair[..., turn] += (
                np.add.reduceat(added, np.cumsum([0, *(len(parts[part]) for part in turn[:-1])]), axis=-1) / 2
            )
        total, squares = total + pair, squares + pair**2
    mean = total / half
    return mean / r[..., -1, -1][..., None], np.sqrt(np.maximum(squares / half - mean**2, 0) / (half - 1))


def _parts(sizes: Sequence[int]) -> list[list[int]]:
    """The places of drivers that stand together, group by group."""
    ends = np.cumsum(sizes).tolist()
    return [list(range(end - size, end)) for end, size in zip(ends, sizes, strict=True)]


def groups_of(r: Floats, most: float) -> list[list[int]]:
    """Drivers put together until none is inflated beyond `most`: the worst group and the one it correlates with most,
    again and again.

    A group's inflation is Fox & Monette's (1992) generalised one, det(R_g)·det(R_rest)/det(R), taken to the power
    1/size.
    """
    x = r[:-1, :-1]
    groups = [[i] for i in range(len(x))]
    while len(groups) > 1:
        inflated = [generalised_vif(x, group) for group in groups]
        worst = int(np.argmax(inflated))
        if inflated[worst] <= most:
            break
        near = [
            max(abs(x[i, j]) for i in groups[worst] for j in other) if other is not groups[worst] else -1.0
            for other in groups
        ]
        other = groups[int(np.argmax(near))]
        groups = [group for group in groups if group is not groups[worst] and group is not other] + [
            sorted(groups[worst] + other)
        ]
    return sorted(groups)


def generalised_vif(x: Floats, group: Sequence[int]) -> float:
    """Fox & Monette's (1992) inflation of a group of drivers by the others, to the power 1/size, so that of one driver
    it is the VIF.
    """
    rest = [i for i in range(len(x)) if i not in group]
    logs = [np.linalg.slogdet(x[np.ix_(part, part)])[1] for part in (list(group), rest)]
    return float(np.exp((sum(logs) - np.linalg.slogdet(x)[1]) / len(group)))


def shares_together(r: Floats, groups: Sequence[Sequence[int]]) -> Floats:
    """LMG of whole groups of drivers: the average over all orders of the groups. Shape (groups,)."""
    at = [*(i for group in groups for i in group), r.shape[-1] - 1]
    return lmg(r2_of_subsets(r[np.ix_(at, at)], [len(group) for group in groups]))


def _halves(subsets: Floats, i: int) -> tuple[Floats, Floats]:
    """R² of all subsets without driver i, and of the same with it, each of shape (…, 2^(p−1))."""
    lead, total = subsets.shape[:-1], subsets.shape[-1]
    split = subsets.reshape(*lead, total >> (i + 1), 2, 1 << i)
    return split[..., 0, :].reshape(*lead, total // 2), split[..., 1, :].reshape(*lead, total // 2)


def _sizes(bits: int) -> NDArray[np.int64]:
    """How many bits are set in 0 … 2^bits − 1."""
    size = np.zeros(1, dtype=np.int64)
    for _ in range(bits):
        size = np.concatenate([size, size + 1])
    return size


def first(r: Floats) -> Floats:
    """What each driver explains alone: its squared correlation with the outcome."""
    return np.asarray(r[..., :-1, -1] ** 2, dtype=np.float64)


def last(r: Floats) -> Floats:
    """What each driver adds when all others are in already: β² over the diagonal of the inverse."""
    return np.asarray(betas(r) ** 2 / inflation(r), dtype=np.float64)


def betas(r: Floats) -> Floats:
    """Standardised regression coefficients."""
    return np.asarray(np.linalg.solve(r[..., :-1, :-1], r[..., :-1, -1][..., None])[..., 0], dtype=np.float64)


def johnson(r: Floats) -> Floats:
    """Relative weights (Johnson 2000), which are Genizi's (1993): shares through the nearest orthogonal drivers; not
    equal to LMG.
    """
    values, vectors = np.linalg.eigh(r[..., :-1, :-1])
    root = (vectors * np.sqrt(np.maximum(values, 0))[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    beta = np.linalg.solve(root, r[..., :-1, -1][..., None])[..., 0]
    return np.asarray((root**2 @ (beta**2)[..., None])[..., 0], dtype=np.float64)


def car(r: Floats) -> Floats:
    """Squared correlation-adjusted (CAR) scores: what each driver made orthogonal to the others explains (Zuber &
    Strimmer 2011).
    """
    values, vectors = np.linalg.eigh(r[..., :-1, :-1])
    inverse = (vectors * (1 / np.sqrt(np.maximum(values, SMALLEST)))[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    return np.asarray((inverse @ r[..., :-1, -1][..., None])[..., 0] ** 2, dtype=np.float64)


def inflation(r: Floats) -> Floats:
    """Variance inflation factors of the drivers."""
    return np.asarray(np.diagonal(np.linalg.inv(r[..., :-1, :-1]), axis1=-2, axis2=-1), dtype=np.float64)


def conditional(subsets: Floats) -> Floats:
    """What each driver adds on average to subsets of each size, shape (p, p): driver by number of others already in."""
    p = subsets.shape[-1].bit_length() - 1
    size = _sizes(p - 1)
    added = []
    for i in range(p):
        without, with_it = _halves(subsets, i)
        added.append(np.bincount(size, weights=with_it - without) / np.bincount(size))
    return np.array(added)


def dominates(subsets: Floats, i: int, j: int) -> str:
    """The strongest level at which driver i dominates j (Azen & Budescu 2003): "complete", "conditional", "general" or
    "none".
    """
    p = subsets.shape[-1].bit_length() - 1
    every = np.arange(1 << p)
    neither = every[(every >> i & 1 == 0) & (every >> j & 1 == 0)]
    if np.all(subsets[neither | 1 << i] > subsets[neither | 1 << j]):
        return "complete"
    table = conditional(subsets)
    if np.all(table[i] > table[j]):
        return "conditional"
    return "general" if table[i].mean() > table[j].mean() else "none"
