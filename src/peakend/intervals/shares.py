"""Intervals and the exact test of one share, and simultaneous ones of all shares of a multinomial."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from peakend.intervals.quantiles import Array, Interval, clip, z_quantile


def wilson(x: float, n: float, conf: float = 0.95) -> Interval | None:
    """Wilson's (1927) score interval of a share x/n; None where n is 0. Never leaves 0…1, and is exactly 0 or 1 at the
    ends.

    Within 1.5 points of nominal for n ≥ 30, averaged over true shares nearby; at one fixed share coverage swings with
    the grain of counts (93.6 to 97.3 for n = 30 … 100), as that of any interval of a count does.
    """
    if n <= 0:
        return None
    z2 = z_quantile(conf) ** 2
    half = math.sqrt(z2 * (x * (n - x) / n + z2 / 4))
    low, high = (x + z2 / 2 - half) / (n + z2), (x + z2 / 2 + half) / (n + z2)
    return (0.0 if x <= 0 else max(0.0, low), 1.0 if x >= n else min(1.0, high))


def wilson_corrected(x: float, n: float, conf: float = 0.95) -> Interval | None:
    """Wilson's interval with continuity correction (Newcombe 1998a, method 4): wide on purpose, covers at least
    nominally on the whole.
    """
    if n <= 0:
        return None
    z, p = z_quantile(conf), x / n
    middle, span = 2 * x + z * z, 2 * (n + z * z)
    below = z * math.sqrt(max(0.0, z * z - 2 - 1 / n + 4 * p * (n * (1 - p) + 1)))
    above = z * math.sqrt(max(0.0, z * z + 2 - 1 / n + 4 * p * (n * (1 - p) - 1)))
    return (
        0.0 if x <= 0 else max(0.0, (middle - 1 - below) / span),
        1.0 if x >= n else min(1.0, (middle + 1 + above) / span),
    )


def clopper_pearson(x: float, n: float, conf: float = 0.95) -> Interval | None:
    """The exact interval (Clopper & Pearson 1934): never covers less than nominal, usually more."""
    if n <= 0:
        return None
    tail = (1 - conf) / 2
    low = 0.0 if x <= 0 else float(special.betaincinv(x, n - x + 1, tail))
    high = 1.0 if x >= n else float(special.betaincinv(x + 1, n - x, 1 - tail))
    return (low, high)


def agresti_coull(x: float, n: float, conf: float = 0.95) -> Interval | None:
    """The adjusted Wald interval of a share (Agresti & Coull 1998), clipped to 0…1: covers too much near the ends."""
    if n <= 0:
        return None
    z = z_quantile(conf)
    p = (x + z * z / 2) / (n + z * z)
    half = z * math.sqrt(p * (1 - p) / (n + z * z))
    return clip(p - half, p + half, 0.0, 1.0)


def binomial_test(x: int, n: int, share: float = 0.5) -> float:
    """Exact two-sided p of x in n against a share: all outcomes no likelier than the one seen (as R's binom.test)."""
    if n == 0:
        return 1.0
    k = np.arange(n + 1)
    logs = (
        special.gammaln(n + 1)
        - special.gammaln(k + 1)
        - special.gammaln(n - k + 1)
        + special.xlogy(k, share)
        + special.xlog1py(n - k, -share)
    )
    return min(1.0, float(np.exp(logs[logs <= logs[x] + 1e-7]).sum()))


def sison_glaz(counts: ArrayLike, conf: float = 0.95) -> tuple[Interval, ...] | None:
    """Simultaneous intervals of all shares of a multinomial (Sison & Glaz 1995), clipped to 0…1; None where nothing was
    counted.

    Within 1.5 points of nominal from n = 500; covers up to 2 points too little for n = 200 and 4 for n = 50 with rare
    categories. Where all answers fell in one category it would have no width; exact intervals at the Bonferroni level
    stand in for it.
    """
    x = np.asarray(counts, dtype=float)
    n = float(x.sum())
    if n <= 0:
        return None
    if x.max() == n:
        return tuple(end for c in x.tolist() if (end := clopper_pearson(c, n, 1 - (1 - conf) / len(x))))
    reach = _reach(x, conf) - 1
    inside, outside = _all_within(x, reach + 1), _all_within(x, reach)
    extra = (conf - outside) / (inside - outside) if inside > outside else 1.0
    return tuple(clip((c - reach) / n, (c + reach + 2 * extra) / n, 0.0, 1.0) for c in x.tolist())


def _reach(x: Array, conf: float) -> int:
    """The smallest whole number c such that all counts stay within ±c of what was seen with probability `conf`."""
    low, high = 0, int(x.sum())
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _all_within(x, middle) >= conf else (middle, high)
    return high


def _all_within(x: Array, reach: int) -> float:
    """P(every count within ±reach): truncated Poissons, their sum held to n by an Edgeworth density."""
    if reach <= 0:
        return 0.0
    n = float(x.sum())
    mass, mean, var, third, fourth = np.array([_poisson_within(rate, reach) for rate in x.tolist()]).T
    spread = var.sum()
    if spread <= 0:
        return 1.0
    skew, excess = third.sum() / spread**1.5, (fourth - 3 * var**2).sum() / spread**2
    density = _edgeworth((n - mean.sum()) / math.sqrt(spread), skew, excess) / math.sqrt(spread)
    poisson_n = math.exp(n * math.log(n) - n - math.lgamma(n + 1))
    return float(np.prod(mass) * density / poisson_n)


def _poisson_within(rate: float, reach: int) -> tuple[float, float, float, float, float]:
    """Probability, mean and central moments 2–4 of a Poisson kept within ±reach of its rate."""
    k = np.arange(max(0.0, rate - reach), rate + reach + 1)
    pmf = np.exp(special.xlogy(k, rate) - rate - special.gammaln(k + 1))
    mass = float(pmf.sum())
    mean = float((k * pmf).sum() / mass)
    second, third, fourth = (float(((k - mean) ** power * pmf).sum() / mass) for power in (2, 3, 4))
    return mass, mean, second, third, fourth


def _edgeworth(z: float, skew: float, excess: float) -> float:
    terms = (
        1
        + skew / 6 * (z**3 - 3 * z)
        + excess / 24 * (z**4 - 6 * z**2 + 3)
        + skew**2 / 72 * (z**6 - 15 * z**4 + 45 * z**2 - 15)
    )
    return math.exp(-z * z / 2) / math.sqrt(2 * math.pi) * terms
