"""What hangs together: counts of rows that come in clusters, as the waits of one day do, and how much less they tell
than rows that know nothing of one another.

The variance of a ratio Σtops/Σbases over G clusters is the jackknife's, of the deviations e = top − ratio·base with the
leverage h = base/Σbases: (G − 1)/G·Σ(e/(1 − h))²; with clusters of one size it is that of R's survey package. The
design effect (Kish 1965) is how many times as large it is as that of rows alone. An interval of a share or a count is
then that of so many times fewer rows, with Student's t on G − 1 degrees of freedom for the normal quantile (Korn &
Graubard 1998; Wilson's form: Franco, Little, Louis & Slud 2019). It is never taken below 1: that rows of one cluster
are less alike than others is chance, or no reason to be surer. Checked against: R 4.2.2 with survey 4.1-1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from peakend.intervals.quantiles import Interval, clip, t_quantile, z_quantile
from peakend.intervals.shares import wilson


@dataclass(frozen=True)
class Clustering:
    """How rows hang together: in so many `clusters`, and the design `effect`, at least 1."""

    clusters: int
    effect: float

    def divisor(self, conf: float) -> float:
        """By what counts are divided before an interval of rows alone is taken: effect·(t/z)²."""
        return self.effect * (t_quantile(self.clusters - 1, conf) / z_quantile(conf)) ** 2

    def wider(self, conf: float) -> float:
        """How many times as wide an interval is that adds and takes away z errors: the root of `divisor`."""
        return math.sqrt(self.divisor(conf))


def clustering(tops: ArrayLike, bases: ArrayLike, alone: float) -> Clustering | None:
    """How the rows of a ratio Σtops/Σbases hang together, by cluster; `alone` is the variance of Σtops if each row
    stood alone, and where it is 0 nothing tells: the effect is then 1. None with fewer than two clusters that have a
    base.
    """
    top, base = np.asarray(tops, dtype=float), np.asarray(bases, dtype=float)
    some, whole = (top > 0) | (base > 0), float(base.sum())
    top, base = top[some], base[some]
    if (base > 0).sum() < 2:
        return None
    away = (top - top.sum() / whole * base) / (1 - base / whole)
    variance = (len(base) - 1) / len(base) * float((away**2).sum())
    return Clustering(len(base), max(1.0, variance / alone) if alone > 0 else 1.0)


def clustered_share(kept: ArrayLike, of: ArrayLike, conf: float = 0.95) -> Interval | None:
    """Wilson's interval of a share Σkept/Σof whose rows hang together by cluster; None with fewer than two clusters.

    Where all were kept, or none, nothing tells how rows hang together, and each cluster is taken for one row.
    """
    sizes, x = np.asarray(of, dtype=float), float(np.sum(kept))
    n = float(sizes.sum())
    held = clustering(kept, of, x * (n - x) / n) if n else None
    if held is None:
        return None
    held = replace(held, effect=max(1.0, float((sizes**2).sum()) / n)) if x in (0, n) else held
    return wilson(x / held.divisor(conf), n / held.divisor(conf), conf)


def clustered_mean(
    held: Clustering, mean: float, variance: float, conf: float = 0.95, ends: Interval = (-math.inf, math.inf)
) -> Interval | None:
    """Student's interval of a mean whose rows hang together so, clipped to the `ends` of the scale; `variance` is that
    of the mean if each row stood alone. None where rows do not differ.
    """
    if variance <= 0:
        return None
    half = t_quantile(held.clusters - 1, conf) * math.sqrt(held.effect * variance)
    return clip(mean - half, mean + half, *ends)
