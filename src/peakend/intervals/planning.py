"""Families of tests, the interval of a reliability, and how many answers a difference needs."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import special

from peakend.intervals.quantiles import Array, Interval, f_quantile, t_quantile, z_quantile


def holm(p: Sequence[float]) -> tuple[float, ...]:
    """Holm's (1979) adjusted p values: for confirming, holds the chance of any false finding. In the given order."""
    order, m = np.argsort(p, kind="stable"), len(p)
    raised = np.maximum.accumulate(np.asarray(p, dtype=float)[order] * (m - np.arange(m)))
    return _in_given_order(np.minimum(1.0, raised), order)


def benjamini_hochberg(p: Sequence[float]) -> tuple[float, ...]:
    """Benjamini & Hochberg's (1995) adjusted p values: for screening, holds the share of false findings. In the given
    order.
    """
    order, m = np.argsort(p, kind="stable")[::-1], len(p)
    lowered = np.minimum.accumulate(np.asarray(p, dtype=float)[order] * m / (m - np.arange(m)))
    return _in_given_order(np.minimum(1.0, lowered), order)


def _in_given_order(values: Array, order: NDArray[np.intp]) -> tuple[float, ...]:
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
