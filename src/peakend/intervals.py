"""Intervals and tests from counts and sums: the only statistics that the methods share.

Everything takes counts, means and variances, never rows, because that is what the kernels return; a count may be a real
number where an effective number of answers stands in for it. Intervals are two-sided at confidence `conf` and are None
where the data carry none (one answer, no spread): never NaN, and only plain Wald ever has a width of zero. Shares are
in 0…1, NPS in −1…1; the methods put them on their own scales. Simulated coverage of each is in `docs/coverage.md`.
Checked against R 4.2.2 (stats), binom 1.1-1.1, PropCIs 0.3-0, NPS 1.1, MultinomialCI 1.2, psych 2.2.9 in
`tests/test_intervals.py`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

Interval = tuple[float, float]
Summary = tuple[float, float, float]  # n, mean, sample variance
Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """A difference with its interval and test: `statistic` is z, or t with `df`; `p` is two-sided, None where there is
    no spread to test against.
    """

    value: float
    low: float | None
    high: float | None
    statistic: float | None
    p: float | None
    df: float | None = None

    @property
    def ends(self) -> Interval | None:
        """Both ends of the interval, or None."""
        return None if self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True, kw_only=True)
class Test:
    """A test without an interval: its statistic, its degrees of freedom where it has them, and p."""

    __test__ = False  # the name is the word of the field; pytest shall not collect it

    statistic: float
    p: float
    df: float | None = None


@dataclass(frozen=True, kw_only=True)
class Weighted:
    """A weighted mean: `se` is linearised, `n_eff` is Kish's, `base` the number of equally weighted answers with the
    same `se`.
    """

    mean: float
    variance: float
    se: float
    n_eff: float
    base: float


# --- quantiles and tails ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def z_quantile(conf: float = 0.95) -> float:
    """The standard normal quantile of a two-sided interval: 1.96 for 0.95."""
    return float(special.ndtri((1 + conf) / 2))


@lru_cache(maxsize=4096)
def t_quantile(df: float, conf: float = 0.95) -> float:
    """Student's t quantile of a two-sided interval with `df` degrees of freedom (real numbers are allowed)."""
    return float(special.stdtrit(df, (1 + conf) / 2))


def f_quantile(p: float, df1: float, df2: float) -> float:
    """The value that F with (df1, df2) degrees of freedom stays below with probability `p`."""
    return float(special.fdtri(df1, df2, p))


def z_p(z: float) -> float:
    """Two-sided p of a standard normal statistic."""
    return float(2 * special.ndtr(-abs(z)))


def t_p(t: float, df: float) -> float:
    """Two-sided p of a t statistic."""
    return float(2 * special.stdtr(df, -abs(t)))


def chi2_p(statistic: float, df: float) -> float:
    """Upper tail of χ²."""
    return float(special.chdtrc(df, statistic))


# --- one share --------------------------------------------------------------------------------------------------------


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
    return _clipped(p - half, p + half, 0.0, 1.0)


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
    return tuple(_clipped((c - reach) / n, (c + reach + 2 * extra) / n, 0.0, 1.0) for c in x.tolist())


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
    mass, mean, var, third, fourth = np.array([_truncated(rate, reach) for rate in x.tolist()]).T
    spread = var.sum()
    if spread <= 0:
        return 1.0
    skew, excess = third.sum() / spread**1.5, (fourth - 3 * var**2).sum() / spread**2
    density = _edgeworth((n - mean.sum()) / math.sqrt(spread), skew, excess) / math.sqrt(spread)
    poisson_n = math.exp(n * math.log(n) - n - math.lgamma(n + 1))
    return float(np.prod(mass) * density / poisson_n)


def _truncated(rate: float, reach: int) -> tuple[float, float, float, float, float]:
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


# --- one mean, weights ------------------------------------------------------------------------------------------------


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
    return _clipped(mean - half, mean + half, *ends)


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


def weighted_mean(values: ArrayLike, n: int, weight: ArrayLike, weight2: ArrayLike) -> Weighted | None:
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
    return Weighted(
        mean=mean, variance=variance, se=math.sqrt(se2), n_eff=n_eff, base=1 + variance / se2 if se2 > 0 else n_eff
    )


# --- net promoter score -----------------------------------------------------------------------------------------------


def nps_variance(promoters: float, detractors: float) -> float:
    """Variance of one answer coded −1, 0, 1, from the shares: p + d − (p − d)². Not p(1 − p): the two shares are not
    independent.
    """
    return promoters + detractors - (promoters - detractors) ** 2


def nps_wald(promoters: float, detractors: float, n: float, conf: float = 0.95) -> Interval | None:
    """NPS ± z·√(V/n), clipped to −1…1, from shares: for comparison, as the formula has it, without width where all
    answers are alike.

    Covers too little for small n and far from the middle: 88 to 90% for n = 10, 92 to 94% for n = 30; claimed from n =
    1,000.
    """
    if n <= 0:
        return None
    half = z_quantile(conf) * math.sqrt(max(0.0, nps_variance(promoters, detractors)) / n)
    return _clipped(promoters - detractors - half, promoters - detractors + half, -1.0, 1.0)


def nps_adjusted_wald(promoters: float, detractors: float, n: float, conf: float = 0.95) -> Interval | None:
    """Adjusted Wald (Rocks 2016) from shares: three answers added, ¾ each to promoters and detractors; clipped to −1…1.

    Keeps its width where all answers are the same; it is stretched to the score itself where that lies outside (a
    handful of answers). Within 1.5 points of nominal for n ≥ 30 where ten answers may be expected that are not passive;
    covers too much with fewer.
    """
    if n <= 0:
        return None
    score, p, d = promoters - detractors, (promoters * n + 0.75) / (n + 3), (detractors * n + 0.75) / (n + 3)
    half = z_quantile(conf) * math.sqrt(nps_variance(p, d) / (n + 3))
    return _clipped(min(p - d - half, score), max(p - d + half, score), -1.0, 1.0)


def nps_t(promoters: float, detractors: float, n: float, conf: float = 0.95) -> Interval | None:
    """Student's interval of the mean of −1, 0, 1 (variance with n − 1), clipped to −1…1. None for n < 2 or without
    spread.

    Within 1.5 points of nominal for n ≥ 100 where ten answers may be expected that are not passive; too little before.
    """
    if n < 2:
        return None
    return mean_t(n, promoters - detractors, nps_variance(promoters, detractors) * n / (n - 1), conf, (-1.0, 1.0))


NPS_INTERVALS: dict[str, Callable[[float, float, float, float], Interval | None]] = {
    "adjusted_wald": nps_adjusted_wald,
    "wald": nps_wald,
    "t": nps_t,
}


# --- two shares, two means, many shares -------------------------------------------------------------------------------


def z_test(value: float, se: float, conf: float = 0.95, ends: Interval = (-math.inf, math.inf)) -> Comparison:
    """A difference against zero by its standard error, the interval clipped to `ends`."""
    if se <= 0:
        return Comparison(value=value, low=None, high=None, statistic=None, p=None)
    low, high = _clipped(value - z_quantile(conf) * se, value + z_quantile(conf) * se, *ends)
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
    return _clipped(low, high, -1.0, 1.0)


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


# --- order ------------------------------------------------------------------------------------------------------------


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
        ways = _divided(np.convolve(ways, _one_less(n2 + k)), k)
    return float(ways[u:].sum() / ways.sum())


def _one_less(power: int) -> Array:
    return np.concatenate(([1.0], np.zeros(power - 1), [-1.0]))


def _divided(numbers: Array, k: int) -> Array:
    """Divide a polynomial by 1 − q^k."""
    out = numbers.copy()
    for at in range(k, len(out)):
        out[at] += out[at - k]
    return out[: len(out) - k]


# --- families of tests, reliability, planning -------------------------------------------------------------------------


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """Holm's (1979) adjusted p values: for confirming, holds the chance of any false finding. In the given order."""
    order, m = np.argsort(p, kind="stable"), len(p)
    raised = np.maximum.accumulate(np.asarray(p, dtype=float)[order] * (m - np.arange(m)))
    return _placed(np.minimum(1.0, raised), order)


def benjamini_hochberg(p: Sequence[float]) -> tuple[float, ...]:
    """Benjamini & Hochberg's (1995) adjusted p values: for screening, holds the share of false findings. In the given
    order.
    """
    order, m = np.argsort(p, kind="stable")[::-1], len(p)
    lowered = np.minimum.accumulate(np.asarray(p, dtype=float)[order] * m / (m - np.arange(m)))
    return _placed(np.minimum(1.0, lowered), order)


def _placed(values: Array, order: NDArray[np.intp]) -> tuple[float, ...]:
    out = np.empty(len(values))
    out[order] = values
    return tuple(out.tolist())


def feldt(alpha: float, n: int, k: int, conf: float = 0.95) -> Interval | None:
    """Feldt's (1965) interval of Cronbach's α of k items and n respondents: 1 − (1 − α)·F, df n − 1 and (n − 1)(k − 1).

    None for n < 2 or k < 2. A negative α is kept: it is a sign of an item that was not reversed.
    """
    if n < 2 or k < 2:
        return None
    df1, df2, tail = n - 1, (n - 1) * (k - 1), (1 - conf) / 2
    return (1 - (1 - alpha) * f_quantile(1 - tail, df1, df2), 1 - (1 - alpha) * f_quantile(tail, df1, df2))


def power_of_shares(n: float, share1: float, share2: float, alpha: float = 0.05) -> float:
    """Chance to find the difference of two shares with n answers in each group (as R's power.prop.test)."""
    pooled = math.sqrt((share1 + share2) * (1 - (share1 + share2) / 2))
    apart = math.sqrt(share1 * (1 - share1) + share2 * (1 - share2))
    return float(special.ndtr((math.sqrt(n) * abs(share1 - share2) - z_quantile(1 - alpha) * pooled) / apart))


def answers_for_shares(share1: float, share2: float, power: float = 0.8, alpha: float = 0.05) -> float:
    """Answers needed in each group to find the difference of two shares with this power; not rounded."""
    pooled = math.sqrt((share1 + share2) * (1 - (share1 + share2) / 2))
    apart = math.sqrt(share1 * (1 - share1) + share2 * (1 - share2))
    return ((z_quantile(1 - alpha) * pooled + float(special.ndtri(power)) * apart) / (share1 - share2)) ** 2


def power_of_means(n: float, difference: float, sd: float, alpha: float = 0.05) -> float:
    """Chance to find a difference of two means with n answers in each group and common `sd` (as R's power.t.test)."""
    df = 2 * (n - 1)
    return float(1 - special.nctdtr(df, math.sqrt(n / 2) * abs(difference) / sd, t_quantile(df, 1 - alpha)))


def _clipped(low: float, high: float, least: float, most: float) -> Interval:
    return (min(max(low, least), most), max(min(high, most), least))
