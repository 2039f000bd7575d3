"""Two shares, two means, many shares: differences with their intervals and tests."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from peakend.intervals.quantiles import (
    Array,
    Comparison,
    Interval,
    Summary,
    Test,
    chi2_p,
    clip,
    t_p,
    t_quantile,
    z_p,
    z_quantile,
)
from peakend.intervals.shares import wilson


def z_test(value: float, se: float, conf: float = 0.95, ends: Interval = (-math.inf, math.inf)) -> Comparison:
    """A difference against zero by its standard error, the interval clipped to `ends`."""
    if se <= 0:
        return Comparison(value=value, low=None, high=None, statistic=None, p=None)
    low, high = clip(value - z_quantile(conf) * se, value + z_quantile(conf) * se, *ends)
    return Comparison(value=value, low=low, high=high, statistic=value / se, p=z_p(value / se))


def welch(one: Summary, two: Summary, conf: float = 0.95) -> Comparison:
    """Difference of two independent means, one − two (Welch 1947), from n, mean and sample variance of each
    (`tally_mean`).
    """
    (n1, mean1, variance1), (n2, mean2, variance2) = one, two
    value = mean1 - mean2
    if min(n1, n2) < 2 or variance1 + variance2 <= 0:
        return Comparison(value=value, low=None, high=None, statistic=None, p=None)
    a, b = variance1 / n1, variance2 / n2
    se, df = math.sqrt(a + b), (a + b) ** 2 / (a * a / (n1 - 1) + b * b / (n2 - 1))
    half = t_quantile(df, conf) * se
    return Comparison(
        value=value, low=value - half, high=value + half, statistic=value / se, p=t_p(value / se, df), df=df
    )


def newcombe(x1: float, n1: float, x2: float, n2: float, conf: float = 0.95) -> Interval | None:
    """Difference of two independent shares x1/n1 − x2/n2 from their Wilson intervals (Newcombe 1998b, method 10).

    Within 1.5 points of nominal where six answers of either kind may be expected on each side; covers too much with
    fewer.
    """
    one, two = wilson(x1, n1, conf), wilson(x2, n2, conf)
    if one is None or two is None:
        return None
    p1, p2 = x1 / n1, x2 / n2
    low = p1 - p2 - math.hypot(p1 - one[0], two[1] - p2)
    high = p1 - p2 + math.hypot(one[1] - p1, p2 - two[0])
    return clip(low, high, -1.0, 1.0)


def agresti_caffo(x1: float, n1: float, x2: float, n2: float, conf: float = 0.95) -> Interval:
    """Difference of two shares with one success and one failure added to each (Agresti & Caffo 2000). Not clipped: may
    pass ±1.
    """
    p1, p2 = (x1 + 1) / (n1 + 2), (x2 + 1) / (n2 + 2)
    half = z_quantile(conf) * math.sqrt(p1 * (1 - p1) / (n1 + 2) + p2 * (1 - p2) / (n2 + 2))
    return (p1 - p2 - half, p1 - p2 + half)


def shares_test(x: ArrayLike, n: ArrayLike, *, corrected: bool = False) -> Test | None:
    """χ² of equal shares in k groups (k − 1 df); `corrected` applies Yates for two groups. None where all or none said
    yes.
    """
    yes, all_ = np.asarray(x, dtype=float), np.asarray(n, dtype=float)
    pooled = float(yes.sum() / all_.sum()) if all_.sum() else 0.0
    if not 0 < pooled < 1:
        return None
    off = np.abs(yes - all_ * pooled)
    yates = min(0.5, float(off.min())) if corrected and len(yes) == 2 else 0.0
    statistic = float(((off - yates) ** 2 / (all_ * pooled * (1 - pooled))).sum())
    return Test(statistic=statistic, p=chi2_p(statistic, len(yes) - 1), df=len(yes) - 1)


def fisher(x1: int, n1: int, x2: int, n2: int) -> float:
    """Fisher's exact two-sided p of two shares: all tables with these margins no likelier than the one seen."""
    total = x1 + x2
    k = np.arange(max(0, total - n2), min(n1, total) + 1)
    logs = _log_choose(n1, k) + _log_choose(n2, total - k) - _log_choose(n1 + n2, np.array(total))
    return min(1.0, float(np.exp(logs[logs <= logs[k == x1] + 1e-7]).sum()))


def _log_choose(n: int, k: NDArray[np.int_]) -> Array:
    return np.asarray(special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1), dtype=float)
