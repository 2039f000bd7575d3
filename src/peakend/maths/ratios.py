"""A ratio of two means with its interval: Fieller's, by the delta method, and on the log scale.

A ratio needs a true zero in both: seven-point scores give other ratios when they are coded 0–6, so scores come here on
0–100 (`on_hundred`). Checked against the paired t test as a second route, and by hand, in `tests/maths/test_ratios.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peakend import intervals as iv

FLOOR: Final = 1.0
"""The least expectation, on 0–100, that anything is divided by."""
Set = Literal["between", "outside", "everything"]
_NOISE: Final = 1e-15


@dataclass(frozen=True, kw_only=True)
class Means:
    """Two means and the (co)variances of these means: squared standard errors; `df` of the t that bounds their
    ratio.
    """

    top: float
    bottom: float
    top_variance: float
    bottom_variance: float
    covariance: float = 0.0
    df: float = math.inf

    @property
    def ratio(self) -> float:
        """top / bottom."""
        return self.top / self.bottom


@dataclass(frozen=True, kw_only=True)
class Fieller:
    """The set of ratios that the data do not refute. `g` = t²·Var(bottom)/bottom²: from 1 on the set has no ends."""

    low: float | None
    high: float | None
    g: float
    set: Set


def on_hundred(values: ArrayLike, scale: tuple[float, float]) -> NDArray[np.float64]:
    """Scores on 0–100: the lowest point of the scale is 0."""
    return np.asarray(100 * (np.asarray(values, dtype=float) - scale[0]) / (scale[1] - scale[0]), dtype=np.float64)


def paired_means(top: ArrayLike, bottom: ArrayLike, counts: ArrayLike) -> Means:
    """From a tally of pairs: the means of both sides over the same n people, with their covariance; at least two
    people.
    """
    x, y, c = (np.asarray(part, dtype=float) for part in (top, bottom, counts))
    n = float(c.sum())
    mx, my = float((c * x).sum() / n), float((c * y).sum() / n)
    vx, vy, cov = (
        float((c * product).sum() / (n - 1) / n) for product in ((x - mx) ** 2, (y - my) ** 2, (x - mx) * (y - my))
    )
    return Means(top=mx, bottom=my, top_variance=vx, bottom_variance=vy, covariance=cov, df=n - 1)


def weighted_means(
    top: ArrayLike, bottom: ArrayLike, counts: ArrayLike, weight: ArrayLike, weight2: ArrayLike
) -> Means | None:
    """As `paired_means`, with survey weights: Σw and Σw² of each pair's people; None where all weights are 0 or fewer
    than two answered.

    Variances are linearised, n/(n − 1)·Σ[w(x − m)]²/(Σw)², so that the ratio's delta error is that of survey::svyratio.
    """
    x, y, c, w, w2 = (np.asarray(part, dtype=float) for part in (top, bottom, counts, weight, weight2))
    n, total = float(c.sum()), float(w.sum())
    if n < 2 or total <= 0:
        return None
    mx, my = float((w * x).sum() / total), float((w * y).sum() / total)
    spread = n / (n - 1) / total**2
    vx, vy, cov = (
        float(spread * (w2 * product).sum()) for product in ((x - mx) ** 2, (y - my) ** 2, (x - mx) * (y - my))
    )
    return Means(top=mx, bottom=my, top_variance=vx, bottom_variance=vy, covariance=cov, df=n - 1)


def fieller(means: Means, conf: float = 0.95) -> Fieller:
    """Fieller's (1954) set of ratios r with (top − r·bottom)² ≤ t²·Var(top − r·bottom).

    An interval where g < 1. From g = 1 on the bottom may be zero and the set is unbounded: all that is `outside` two
    ends, or everything; low and high are then None. Within 1.5 points of nominal for n ≥ 30.
    """
    t2 = _quantile(means, conf) ** 2
    a = means.bottom**2 - t2 * means.bottom_variance
    b = means.top * means.bottom - t2 * means.covariance
    c = means.top**2 - t2 * means.top_variance
    g = t2 * means.bottom_variance / means.bottom**2 if means.bottom else math.inf
    spread = b * b - a * c
    if g >= 1 or a <= 0:
        return Fieller(low=None, high=None, g=g, set="outside" if spread > 0 else "everything")
    half = math.sqrt(max(0.0, spread))
    return Fieller(low=(b - half) / a, high=(b + half) / a, g=g, set="between")


def delta(means: Means) -> float:
    """The standard error of the ratio by the delta method: r·√(Var(top)/top² + Var(bottom)/bottom² −
    2·Cov/(top·bottom)).
    """
    r = means.ratio
    return math.sqrt(max(0.0, means.top_variance + r * r * means.bottom_variance - 2 * r * means.covariance)) / abs(
        means.bottom
    )


def log_interval(means: Means, conf: float = 0.95) -> iv.Interval | None:
    """r·exp(± q·se/r): the delta method on the log scale, whose ends stay positive; None where a mean is not, or
    without spread.
    """
    if means.top <= 0 or means.bottom <= 0 or (se := delta(means)) <= _NOISE:
        return None
    factor = math.exp(_quantile(means, conf) * se / means.ratio)
    return means.ratio / factor, means.ratio * factor


def _quantile(means: Means, conf: float) -> float:
    return iv.z_quantile(conf) if math.isinf(means.df) else iv.t_quantile(means.df, conf)
