"""How much of R² belongs to each driver, from a covariance matrix: the decompositions of the field, in numpy.

Every function takes a covariance (or correlation) matrix of the drivers and, last, the outcome: shape (…, p + 1, p + 1). Leading axes are
replicates, computed together. LMG (Lindeman, Merenda & Gold 1980) equals the Shapley value of R² and general dominance (Budescu 1993).
"""

from __future__ import annotations

from math import factorial
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SMALLEST: Final = 1e-8
"""The least eigenvalue that a correlation matrix is left with."""


def correlation(covariance: Floats) -> Floats:
    """The correlation matrix of a covariance matrix, shape kept."""
    sd = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    return np.asarray(covariance / sd[..., :, None] / sd[..., None, :], dtype=np.float64)


def repaired(r: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The nearest usable correlation matrix, and whether it had to be repaired.

    Pairwise-complete correlations need not be positive definite: eigenvalues below `SMALLEST` are raised to it and the diagonal is set
    back to one (the spectral method of Rebonato & Jäckel 1999).
    """
    values, vectors = np.linalg.eigh(r)
    bad = values[..., 0] < SMALLEST
    if not np.any(bad):
        return r, bad
    raised = (vectors * np.maximum(values, SMALLEST)[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    return np.where(bad[..., None, None], correlation(raised), r), bad


def explained(r: Floats) -> Floats:
    """R² of the outcome on every subset of the drivers: shape (…, 2^p), bit i of the index standing for driver i.

    One pass over the drivers: each either stays out (the matrix without it) or comes in (its Schur complement), so the level i holds 2^i
    matrices of size p − i + 1, one contiguous vector a matrix entry. About 7·2^p multiply-adds in all.
    """
    p, lead = r.shape[-1] - 1, r.shape[:-2]
    flat = r.reshape(-1, p + 1, p + 1)
    level = {(i, j): np.ascontiguousarray(flat[:, i, j]) for i in range(p + 1) for j in range(i, p + 1)}
    for k in range(p):
        level = _next(level, k, p)
    rest = level[p, p].reshape(-1, flat.shape[0]).T.reshape(*lead, -1)
    return np.asarray(1 - rest / r[..., -1, -1][..., None], dtype=np.float64)


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


def last(subsets: Floats) -> Floats:
    """What each driver adds when all others are in already."""
    p = subsets.shape[-1].bit_length() - 1
    full = (1 << p) - 1
    return np.stack([subsets[..., full] - subsets[..., full ^ (1 << i)] for i in range(p)], axis=-1)


def betas(r: Floats) -> Floats:
    """Standardised regression coefficients."""
    return np.asarray(np.linalg.solve(r[..., :-1, :-1], r[..., :-1, -1][..., None])[..., 0], dtype=np.float64)


def johnson(r: Floats) -> Floats:
    """Relative weights (Johnson 2000), which are Genizi's (1993): shares through the nearest orthogonal drivers; not equal to LMG."""
    values, vectors = np.linalg.eigh(r[..., :-1, :-1])
    root = (vectors * np.sqrt(np.maximum(values, 0))[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    beta = np.linalg.solve(root, r[..., :-1, -1][..., None])[..., 0]
    return np.asarray((root**2 @ (beta**2)[..., None])[..., 0], dtype=np.float64)


def car(r: Floats) -> Floats:
    """Squared correlation-adjusted (CAR) scores: what each driver made orthogonal to the others explains (Zuber & Strimmer 2011)."""
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
    """The strongest level at which driver i dominates j (Azen & Budescu 2003): "complete", "conditional", "general" or "none"."""
    p = subsets.shape[-1].bit_length() - 1
    every = np.arange(1 << p)
    neither = every[(every >> i & 1 == 0) & (every >> j & 1 == 0)]
    if np.all(subsets[neither | 1 << i] > subsets[neither | 1 << j]):
        return "complete"
    table = conditional(subsets)
    if np.all(table[i] > table[j]):
        return "conditional"
    return "general" if table[i].mean() > table[j].mean() else "none"
