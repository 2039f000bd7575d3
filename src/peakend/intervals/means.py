"""One mean from a tally, with its interval; weighted means."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from peakend.intervals.quantiles import Comparison, Interval, WeightedMean, clip, t_p, t_quantile


def tally_mean(values: ArrayLike, counts: ArrayLike) -> tuple[int, float, float]:
    """n, mean and sample variance (n − 1) of a tally: `counts[i]` answers of `values[i]`. Variance is 0 for n < 2; n =
    0 gives zeros.
    """
    v, c = np.asarray(values, dtype=float), np.asarray(counts, dtype=float)
    n = float(c.sum())
    if n == 0:
        return 0, 0.0, 0.0
    mean = float((v * c).sum() / n)
    return int(n), mean, float((c * (v - mean) ** 2).sum() / (n - 1)) if n > 1 else 0.0


def mean_t(
    n: float, mean: float, variance: float, conf: float = 0.95, ends: Interval = (-math.inf, math.inf)
) -> Interval | None:
    """Student's (1908) interval of a mean from n, mean and sample variance, clipped to the `ends` of the scale.

    None where n < 2 or all answers are the same: there is then no spread to judge by. Within 1.5 points of nominal for
    n ≥ 30; where five in six give the same end of the scale it covers 86% for n = 30 and 92% for n = 100, and keeps its
    promise from n = 300.
    """
    if n < 2 or variance <= 0:
        return None
    half = t_quantile(n - 1, conf) * math.sqrt(variance / n)
    return clip(mean - half, mean + half, *ends)


def t_test(n: float, mean: float, variance: float, conf: float = 0.95) -> Comparison:
    """One mean (or the mean of paired differences) against zero, with its interval."""
    ends = mean_t(n, mean, variance, conf)
    if ends is None:
        return Comparison(value=mean, low=None, high=None, statistic=None, p=None)
    t = mean / math.sqrt(variance / n)
    return Comparison(value=mean, low=ends[0], high=ends[1], statistic=t, p=t_p(t, n - 1), df=n - 1)


def kish(weight: float, weight2: float) -> float:
    """Kish's (1965) effective number of answers: (Σw)²/Σw²; 0 where all weights are 0."""
    return weight * weight / weight2 if weight2 > 0 else 0.0


def weighted_mean(values: ArrayLike, n: int, weight: ArrayLike, weight2: ArrayLike) -> WeightedMean | None:
    """The weighted mean of a tally: Σw and Σw² by value, `n` answers in all. None for n < 2 or where all weights are 0.

    Linearised: SE² = n/(n−1)·Σ[w(x−m)]²/(Σw)², as survey::svymean. `base` = 1 + σ²/SE² (Korn & Graubard 1998): with
    equal weights it is n, so any interval of counts taken at `base` becomes the unweighted one; without spread it is
    Kish's number.
    """
    v, w, w2 = (np.asarray(x, dtype=float) for x in (values, weight, weight2))
    total = float(w.sum())
    if n < 2 or total <= 0:
        return None
    mean = float((v * w).sum() / total)
    away = (v - mean) ** 2
    variance, se2 = float((w * away).sum() / total), n / (n - 1) * float((w2 * away).sum()) / total**2
    n_eff = kish(total, float(w2.sum()))
    return WeightedMean(
        mean=mean, variance=variance, se=math.sqrt(se2), n_eff=n_eff, base=1 + variance / se2 if se2 > 0 else n_eff
    )
