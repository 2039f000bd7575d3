"""Intervals of a net promoter score."""

from __future__ import annotations

import math
from collections.abc import Callable

from peakend.intervals.means import mean_t
from peakend.intervals.quantiles import Interval, clip, z_quantile


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
    return clip(promoters - detractors - half, promoters - detractors + half, -1.0, 1.0)


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
    return clip(min(p - d - half, score), max(p - d + half, score), -1.0, 1.0)


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
