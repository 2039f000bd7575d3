"""Which of two samples tends to be higher: superiority and the rank-sum test."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from peakend.intervals.quantiles import Array, Test, z_p


def superiority(x: ArrayLike, y: ArrayLike) -> float | None:
    """P(X > Y) + ½P(X = Y) from two tallies on the same ordered values; ½ means no difference. None where one is
    empty.
    """
    a, b = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if a.sum() == 0 or b.sum() == 0:
        return None
    below = np.cumsum(b) - b
    return float((a * (below + b / 2)).sum() / (a.sum() * b.sum()))


def mann_whitney(x: ArrayLike, y: ArrayLike) -> Test | None:
    """Mann–Whitney's U of two tallies on the same ordered values; p two-sided, normal with tie and continuity
    correction.

    `statistic` is U (R's W): the pairs in which x is higher, ties counting half. None where one is empty or all answers
    are the same.
    """
    a, b = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    n1, n2, higher = float(a.sum()), float(b.sum()), superiority(a, b)
    ties, n = a + b, n1 + n2
    if higher is None or ties.max() == n:
        return None
    u, variance = higher * n1 * n2, n1 * n2 / 12 * (n + 1 - float((ties**3 - ties).sum()) / (n * (n - 1)))
    off = abs(u - n1 * n2 / 2)
    return Test(statistic=u, p=min(1.0, z_p((off - 0.5) / math.sqrt(variance)) if off > 0.5 else 1.0))


def mann_whitney_exact(u: int, n1: int, n2: int) -> float:
    """Exact one-sided P(U ≥ u) without ties, by counting arrangements (Gaussian binomial coefficients). For n1·n2 up to
    some thousands.
    """
    ways = np.ones(1)
    for k in range(1, n1 + 1):
        ways = _divide(np.convolve(ways, _one_less(n2 + k)), k)
    return float(ways[u:].sum() / ways.sum())


def _one_less(power: int) -> Array:
    return np.concatenate(([1.0], np.zeros(power - 1), [-1.0]))


def _divide(numbers: Array, k: int) -> Array:
    """Divide a polynomial by 1 − q^k."""
    out = numbers.copy()
    for at in range(k, len(out)):
        out[at] += out[at - k]
    return out[: len(out) - k]
