"""By how much one group's answers lie above another's, without believing in distances between the points of a scale.

Beside `intervals.mann_whitney` and `intervals.superiority`, which say whether and how often. Everything takes tallies.
Checked against: R 4.2.2 (wilcox.test on Hollander & Wolfe 1973, kruskal.test), by enumeration.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peakend import intervals as iv

Shift = tuple[float, float, float]
"""An estimate with both ends of its interval."""


def hodges_lehmann(values: ArrayLike, x: ArrayLike, y: ArrayLike, conf: float = 0.95) -> Shift | None:
    """The median of all differences between an answer of x and one of y (Hodges & Lehmann 1963), with its
    distribution-free interval.

    `x[i]` and `y[i]` count the answers of `values[i]`. The interval runs from the k-th smallest difference to the k-th
    largest, k = ⌊n1·n2/2 − z·√(n1·n2·(N + 1)/12) + ½⌋ and at least 1, as wilcox.test's does: on a scale of few points
    it covers more than it says and moves in whole points. None where one is empty.
    """
    v, a, b = (np.asarray(part, dtype=float) for part in (values, x, y))
    n1, n2 = float(a.sum()), float(b.sum())
    if n1 == 0 or n2 == 0:
        return None
    apart, times = (v[:, None] - v[None, :]).ravel(), np.outer(a, b).ravel()
    order = np.argsort(apart, kind="stable")
    apart, upto, pairs = apart[order], np.cumsum(times[order]), n1 * n2
    k = max(1.0, math.floor(pairs / 2 - iv.z_quantile(conf) * math.sqrt(pairs * (n1 + n2 + 1) / 12) + 0.5))
    middle = math.floor((pairs + 1) / 2), math.ceil((pairs + 1) / 2)
    low, high, one, two = apart[
        np.searchsorted(upto, [k - 0.5, pairs + 0.5 - k, middle[0] - 0.5, middle[1] - 0.5])
    ].tolist()
    return (one + two) / 2, low, high


def kruskal_wallis(tallies: Sequence[ArrayLike]) -> iv.Test | None:
    """Kruskal & Wallis' (1952) H of k tallies on the same ordered values, corrected for ties; k − 1 df.

    None where fewer than two hold answers or all answers are the same.
    """
    table = np.array([np.asarray(tally, dtype=float) for tally in tallies if np.asarray(tally).sum() > 0])
    if len(table) < 2:
        return None
    ties, n = table.sum(axis=0), float(table.sum())
    if ties.max() == n:
        return None
    rank = np.cumsum(ties) - (ties - 1) / 2
    size, sums = table.sum(axis=1), (table * rank).sum(axis=1)
    h = 12 / (n * (n + 1)) * float((sums**2 / size).sum()) - 3 * (n + 1)
    h /= 1 - float((ties**3 - ties).sum()) / (n**3 - n)
    return iv.Test(statistic=h, p=iv.chi2_p(h, len(table) - 1), df=len(table) - 1)


def spearman(x: ArrayLike, y: ArrayLike, count: ArrayLike) -> float | None:
    """Spearman's (1904) rank correlation of counted pairs, ties at their mean rank, over the pairs that have both.

    As cor(method = "spearman", use = "complete.obs"). None where one side is always the same.
    """
    a, b, times = (np.asarray(part, dtype=float) for part in (x, y, count))
    both = ~np.isnan(a + b)
    times = times[both]
    ranks = [_midranks(side[both], times) for side in (a, b)]
    if any(rank.size == 0 or np.ptp(rank) == 0 for rank in ranks):
        return None
    away = [rank - np.average(rank, weights=times) for rank in ranks]
    return float(
        (times * away[0] * away[1]).sum()
        / math.sqrt(float((times * away[0] ** 2).sum()) * float((times * away[1] ** 2).sum()))
    )


def _midranks(values: NDArray[np.float64], times: NDArray[np.float64]) -> NDArray[np.float64]:
    """The mean rank of each value, where value i stands for so many answers."""
    found, code = np.unique(values, return_inverse=True)
    ties = np.bincount(code.ravel(), weights=times, minlength=len(found))
    return np.asarray((np.cumsum(ties) - (ties - 1) / 2)[code.ravel()], dtype=np.float64)
