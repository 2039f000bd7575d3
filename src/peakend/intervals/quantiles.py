"""Quantiles and tails of the normal, Student's, F and χ² distributions; and an interval clipped to its scale."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
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
class WeightedMean:
    """A weighted mean: `se` is linearised, `n_eff` is Kish's, `base` the number of equally weighted answers with the
    same `se`.
    """

    mean: float
    variance: float
    se: float
    n_eff: float
    base: float


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


def clip(low: float, high: float, least: float, most: float) -> Interval:
    """An interval within the ends of its scale."""
    return (min(max(low, least), most), max(min(high, most), least))
