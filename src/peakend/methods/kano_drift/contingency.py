"""Tests on tables of counts: whether waves differ, whether a share rises or falls, whether the same people moved.

Checked against: the printed results of R 4.2.2 (prop.trend.test), by hand.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from peakend import intervals as iv

SPARSE = 5.0
"""Below so many expected in a cell χ² is an approximation that one should not lean on."""


def homogeneity(table: ArrayLike) -> iv.Test | None:
    """Pearson's (1900) χ² that the rows have the same shares; empty rows and columns are left out. None where fewer
    than two of either are left.
    """
    seen = _full(table)
    if min(seen.shape) < 2:
        return None
    expected = _expectation(seen)
    statistic, df = float(((seen - expected) ** 2 / expected).sum()), (seen.shape[0] - 1) * (seen.shape[1] - 1)
    return iv.Test(statistic=statistic, p=iv.chi2_p(statistic, df), df=df)


def least_expected(table: ArrayLike) -> float:
    """The smallest count that `homogeneity` expects in a cell; infinite where there is nothing to expect."""
    seen = _full(table)
    return float(_expectation(seen).min()) if seen.size else math.inf


def _full(table: ArrayLike) -> iv.Array:
    seen = np.asarray(table, dtype=float)
    return np.asarray(seen[seen.sum(axis=1) > 0][:, seen.sum(axis=0) > 0], dtype=np.float64)


def _expectation(seen: iv.Array) -> iv.Array:
    return np.asarray(np.outer(seen.sum(axis=1), seen.sum(axis=0)) / seen.sum(), dtype=np.float64)


def trend(x: Sequence[float], n: Sequence[float], scores: Sequence[float] | None = None) -> iv.Comparison | None:
    """The Cochran–Armitage test that the shares x/n rise or fall with the `scores` (0, 1, 2, …): Cochran 1954, Armitage
    1955.

    `value` is the slope of the share for one score, `statistic` z (its square is prop.trend.test's χ² with one df).
    None without spread.
    """
    yes, all_ = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    s = np.arange(len(yes), dtype=float) if scores is None else np.asarray(scores, dtype=float)
    total = float(all_.sum())
    pooled = float(yes.sum()) / total if total else 0.0
    spread = float((all_ * s**2).sum() - (all_ * s).sum() ** 2 / total) if total else 0.0
    if not 0 < pooled < 1 or spread <= 0:
        return None
    moved = float((s * (yes - all_ * pooled)).sum())
    return iv.z_test(moved / spread, math.sqrt(pooled * (1 - pooled) / spread))


def repeated_trend(held: ArrayLike, count: ArrayLike) -> iv.Comparison | None:
    """The same of people who answered at every time: row i says who held (0 or 1) when, and stands for `count[i]` of
    them.

    Each one's own slope over the times, and z of their mean: what Cochran–Armitage becomes where the answers are not
    independent.
    """
    y, c = np.asarray(held, dtype=float), np.asarray(count, dtype=float)
    if y.size == 0 or y.shape[1] < 2 or c.sum() < 2:
        return None
    s = np.arange(y.shape[1]) - (y.shape[1] - 1) / 2
    n, mean, variance = iv.tally_mean(y @ s / (s @ s), c)
    return iv.z_test(mean, math.sqrt(variance / n)) if variance > 0 else None


def stuart_maxwell(table: ArrayLike) -> iv.Test | None:
    """Whether the same people's answers have the same shares before (rows) and after (columns): Stuart 1955, Maxwell
    1970.

    χ² = d′S⁻¹d over all categories but one, S the covariance of the differences d of the margins; McNemar's χ² where
    there are two. Categories that nobody entered or left are left out. None where nobody moved.
    """
    seen = np.asarray(table, dtype=float)
    seen = seen - np.diag(np.diag(seen))
    used = (seen.sum(axis=0) + seen.sum(axis=1)) > 0
    seen = seen[used][:, used]
    if seen.sum() == 0:
        return None
    before, after = seen.sum(axis=1), seen.sum(axis=0)
    d, s = (before - after)[:-1], (np.diag(before + after) - seen - seen.T)[:-1, :-1]
    rank = int(np.linalg.matrix_rank(s))
    statistic = float(d @ np.linalg.pinv(s, hermitian=True) @ d)
    return iv.Test(statistic=statistic, p=iv.chi2_p(statistic, rank), df=rank)
