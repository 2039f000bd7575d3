"""Control limits (Shewhart 1931) and the rules that make a point a signal; for the control charts and the service
quality indicator.

Every chart is a centre and a standard deviation for each point, and is judged on z = (x − centre)/σ, so that points of
unequal size are judged alike. Centre, σ and σ_z come from the baseline (phase I) alone; what follows it (phase II) is
judged by limits that stay frozen. The spread of z is Laney's σ_z (2002): the mean moving range of z over 1.128; 1 where
the chart's own variance is the whole of it. Checked against: qcc 2.7 and qicharts2 0.8.1 (R) on NIST, Montgomery and
SAS data; Champ & Woodall 1987 for the run rules.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from peakend import intervals as iv
from peakend.sums import Floats

Kind = Literal["u", "c", "p", "xmr", "u_prime", "p_prime"]
D2: Final = 1.128
"""Mean range of two standard normal values as the tables print it; exactly 2/√π = 1.128379…, which `d2` may be
set to.
"""
D4: Final = 3.267
"""The upper limit of moving ranges is so many times their mean, 1 + 3·d3/d2, as the tables print it."""
RULES: Final = (1, 2, 3, 4)
DEFAULT_RULES: Final = (1, 4)
"""The rules that are asked where nobody says which."""
RUN: Final = 8
"""Points in a row on one side that make a run; 7 and 9 are in use too."""
REACH: Final = 3.0


@dataclass(frozen=True)
class Limits:
    """A chart, one element a point: the figure, the centre, σ, the limits (centre ± 3σ within what is possible), and z.

    `sigma_z` is the spread of z over the baseline, `mr_bar` the mean moving range of an XmR chart; None where a chart
    has none.
    """

    value: Floats
    center: Floats
    sigma: Floats
    low: Floats
    high: Floats
    baseline: int
    sigma_z: float | None = None
    mr_bar: float | None = None

    @property
    def mr_high(self) -> float | None:
        """The limit of the moving ranges of an XmR chart."""
        return None if self.mr_bar is None else D4 * self.mr_bar

    @property
    def z(self) -> Floats:
        """How many σ each point lies from its centre; 0 where nothing varies."""
        off = self.value - self.center
        return np.asarray(
            np.divide(off, self.sigma, out=np.where(off == 0, 0.0, np.copysign(np.inf, off)), where=self.sigma > 0),
            dtype=np.float64,
        )


def limits(
    kind: Kind, x: ArrayLike, size: ArrayLike | None = None, *, baseline: int | None = None, d2: float = D2
) -> Limits:
    """The chart of these points in order of time: counts `x` of what `size` holds (u, p), counts alone (c), or figures
    (xmr).

    The centre of u and p is Σx/Σsize, never the mean of the ratios. u: σ² = ū/size; c: σ² = c̄; p: σ² = p̄(1 −
    p̄)/size; xmr: σ = mean moving range/d2. The primed ones multiply σ by σ_z, but never make it narrower.
    """
    values = np.asarray(x, dtype=np.float64)
    held = len(values) if baseline is None else baseline
    sizes = np.ones(len(values)) if size is None else np.asarray(size, dtype=np.float64)
    if kind == "xmr":
        return _moving_range_chart(values, held, d2)
    center = float(values[:held].sum() / sizes[:held].sum())
    is_share = kind.startswith("p")
    variance = center * max(1 - center, 0.0) if is_share else center
    found = limits_of(
        values / sizes,
        np.full(len(values), center),
        np.sqrt(variance / sizes),
        held,
        most=1.0 if is_share else math.inf,
        d2=d2,
    )
    return with_laney(found, most=1.0 if is_share else math.inf) if kind.endswith("_prime") else found


def _moving_range_chart(x: Floats, baseline: int, d2: float) -> Limits:
    """The XmR chart: x̄ ± 3·mR̄/d2."""
    mr_bar = float(np.abs(np.diff(x[:baseline])).mean())
    center, sigma = np.full(len(x), x[:baseline].mean()), np.full(len(x), mr_bar / d2)
    return Limits(x, center, sigma, center - REACH * sigma, center + REACH * sigma, baseline, mr_bar=mr_bar)


def limits_of(
    value: Floats,
    center: Floats,
    sigma: Floats,
    baseline: int,
    *,
    least: float = 0.0,
    most: float = math.inf,
    d2: float = D2,
) -> Limits:
    """The chart with these centres and σ, its limits kept between `least` and `most`, and σ_z measured over the
    baseline.
    """
    low, high = np.maximum(center - REACH * sigma, least), np.minimum(center + REACH * sigma, most)
    plain = Limits(value, center, sigma, low, high, baseline)
    z = plain.z[:baseline]
    sigma_z = float(np.abs(np.diff(z)).mean() / d2) if len(z) > 1 and np.isfinite(z).all() else None
    return Limits(value, center, sigma, low, high, baseline, sigma_z=sigma_z)


def with_laney(chart: Limits, *, least: float = 0.0, most: float = math.inf) -> Limits:
    """The chart with σ·σ_z (Laney 2002). A σ_z below 1 is left out: it would promise more than counts can keep."""
    sigma = chart.sigma * max(chart.sigma_z or 1.0, 1.0)
    low, high = np.maximum(chart.center - REACH * sigma, least), np.minimum(chart.center + REACH * sigma, most)
    return Limits(chart.value, chart.center, sigma, low, high, chart.baseline, sigma_z=chart.sigma_z)


def demerits(counts: ArrayLike, weights: ArrayLike, size: ArrayLike, *, baseline: int | None = None) -> Limits:
    """The chart of weighted failures: `counts` of shape (points, indicators), `weights` the same or one row, `size`
    served at each point.

    Centre Σ w·ū, σ² = Σ w²·ū/size with ū = Σc/Σsize of each indicator over the baseline: a weighted sum of Poisson
    counts is not Poisson, and a u-chart of the points would be far too narrow. Independent indicators are assumed;
    `with_laney` where they come together.
    """
    c, n = np.asarray(counts, dtype=np.float64), np.asarray(size, dtype=np.float64)
    w = np.broadcast_to(np.asarray(weights, dtype=np.float64), c.shape)
    held = len(c) if baseline is None else baseline
    rate = c[:held].sum(axis=0) / n[:held].sum()
    return limits_of((w * c).sum(axis=1) / n, w @ rate, np.sqrt((w**2) @ rate / n), held)


# --- rules ------------------------------------------------------------------------------------------------------------


def broken_rules(z: ArrayLike, rules: Sequence[int] = RULES, run: int = RUN) -> tuple[tuple[int, ...], ...]:
    """The rules (Western Electric 1956) that each point breaks. The signal stands on the last point of its pattern,
    which lies in it itself.

    1: beyond 3σ. 2: two of three beyond 2σ on one side. 3: four of five beyond 1σ on one side. 4: `run` in a row on one
    side. With known limits a process in control signals every 370 points on rule 1 alone, every 92 on all four.
    """
    points = np.asarray(z, dtype=np.float64)
    found = {
        rule: _either(points, *_ZONES[rule]) if rule in _ZONES else _either(points, 0.0, run, run) for rule in rules
    }
    return tuple(tuple(rule for rule in sorted(found) if found[rule][at]) for at in range(len(points)))


_NOISE: Final = 1e-9
_ZONES: Final = {1: (3.0, 1, 1), 2: (2.0, 2, 3), 3: (1.0, 4, 5)}
"""Beyond how many σ, how many points, of how many."""


def _either(z: Floats, beyond: float, wanted: int, of: int) -> NDArray[np.bool_]:
    beyond += _NOISE  # a point on the line, to within rounding, is not beyond it
    return _one_side(z > beyond, wanted, of) | _one_side(-z > beyond, wanted, of)


def _one_side(there: NDArray[np.bool_], wanted: int, of: int) -> NDArray[np.bool_]:
    seen = np.cumsum(np.concatenate(([0], there)))
    among = seen[1:] - seen[np.maximum(np.arange(1, len(there) + 1) - of, 0)]
    return np.asarray(there & (among >= wanted), dtype=bool)


# --- intervals of the level -------------------------------------------------------------------------------------------


def rate_interval(count: float, size: float, conf: float = 0.95, spread: float = 1.0) -> iv.Interval:
    """A rate count/size of Poisson counts: the score interval, widened by `spread` (σ_z) where counts vary more than
    Poisson's.

    (x + z²/2 ± z√(x + z²/4))/size with z times spread. Within 1.5 points of nominal from 50 counts on; up to 2 above it
    at ten.
    """
    z2 = (iv.z_quantile(conf) * spread) ** 2
    middle, half = count + z2 / 2, math.sqrt(z2 * (count + z2 / 4))
    return max(middle - half, 0.0) / size, (middle + half) / size


def weighted_rate_interval(
    points: float, variance: float, size: float, *, heaviest: float, conf: float = 0.95, spread: float = 1.0
) -> iv.Interval:
    """A rate of weighted counts, Σwc/size with variance Σw²c: the score interval at the number of equal counts that
    varies as much.

    Within 1.5 points of nominal from some 300 counts on; with few failures of unequal weight it covers too little (94%
    at 50, 85% at ten).
    """
    weight = variance / points if points else heaviest
    low, high = rate_interval(points / weight, size, conf, spread)
    return weight * low, weight * high


def level_interval(chart: Limits, conf: float = 0.95) -> iv.Interval | None:
    """The centre of an XmR chart: mean ± t·s/√k over the baseline; None where nothing varies."""
    x = chart.value[: chart.baseline]
    return iv.mean_t(len(x), float(x.mean()), float(x.var(ddof=1)), conf)
