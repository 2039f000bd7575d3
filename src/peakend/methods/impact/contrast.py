"""What a bad and what a good experience of each touchpoint do to the judgement of the whole: penalties and rewards
(Brandt 1987).

The judgement is regressed on two dummies for each touchpoint, low and high, against the middle of the scale, and on a
third, away, where customers did not use it: whoever was not there has neither a low nor a high experience of it, and
nothing is put in its place. So the coefficients of a touchpoint are of those who met it. Standard errors are HC3
(MacKinnon & White 1985). Everything starts from distinct rows and how many gave each.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from peakend import intervals as iv
from peakend.maths.ratios import Fieller, Means, fieller
from peakend.sums import Floats

Flags = NDArray[np.bool_]
LOWEST: Final = 0.25
"""Without a word of the caller the lowest quarter of a scale is low: 1 and 2 of 1–5."""
HIGHEST: Final = 0.9
"""… and its highest tenth is high: 5 of 1–5, 7 of 1–7, 9 and 10 of 0–10."""
_NOISE: Final = 1e-9


@dataclass(frozen=True)
class Bands:
    """Which answers are a bad and which a good experience: up to `low`, and from `high`."""

    low: float
    high: float


def bands(scale: tuple[float, float], low: float | None = None, high: float | None = None) -> Bands:
    """The bands of a scale, to whole points, where the caller does not say otherwise."""
    width = scale[1] - scale[0]
    edges = math.floor(scale[0] + LOWEST * width + _NOISE), math.ceil(scale[0] + HIGHEST * width - _NOISE)
    return Bands(edges[0] if low is None else low, edges[1] if high is None else high)


# --- regression -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fit:
    """Least squares: coefficients, their HC3 covariance, residual degrees of freedom, R²."""

    beta: Floats
    covariance: Floats
    df: int
    r2: float


def least_squares(x: Floats, y: Floats, count: Floats) -> Fit:
    """y on the columns of x, of full rank; row i stands for `count[i]` equal rows. HC3: each residual divided by 1 −
    its leverage.
    """
    inverse = np.linalg.inv((x * count[:, None]).T @ x)
    beta = inverse @ (x.T @ (count * y))
    leverage, e = np.einsum("ij,jk,ik->i", x, inverse, x), y - x @ beta
    u = np.where(leverage < 1 - _NOISE, e / np.maximum(1 - leverage, _NOISE), 0.0)
    covariance = inverse @ ((x * (count * u**2)[:, None]).T @ x) @ inverse
    n, mean = float(count.sum()), float((count * y).sum() / count.sum())
    total = float((count * (y - mean) ** 2).sum())
    return Fit(beta, covariance, round(n) - x.shape[1], 1 - float((count * e**2).sum()) / total if total > 0 else 0.0)


def independent(x: Floats, count: Floats) -> list[int]:
    """The columns that those before them do not already say."""
    _, r = np.linalg.qr(x * np.sqrt(count)[:, None])
    size = np.sqrt((count[:, None] * x**2).sum(axis=0))
    return [i for i in range(min(r.shape)) if abs(r[i, i]) > _NOISE * size[i]]


# --- penalties and rewards --------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """One touchpoint. `penalty` p and `reward` r are coefficients against the middle, None where too few answers are
    low (or high).

    `n_low`, `n_middle`, `n_high` count the answers in the model, `n_away` those who did not use it, `n_dropped` those
    left out of the model because too few stayed away to be a group. `dependent` says that other columns already told
    all that this one could.
    """

    n_low: int
    n_middle: int
    n_high: int
    n_away: int = 0
    n_dropped: int = 0
    dependent: bool = False
    penalty: float | None = None
    reward: float | None = None
    covariance: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 0.0), (0.0, 0.0))

    @property
    def n(self) -> int:
        """Those who met it."""
        return self.n_low + self.n_middle + self.n_high

    @property
    def both(self) -> tuple[float, float, tuple[tuple[float, float], tuple[float, float]]] | None:
        """p, r and their covariance, where both are known."""
        return None if self.penalty is None or self.reward is None else (self.penalty, self.reward, self.covariance)

    def tests(self, df: int, conf: float) -> tuple[iv.Comparison | None, iv.Comparison | None]:
        """p and r against zero."""
        p, r = (
            None if b is None else against_zero(b, self.covariance[i][i], df, conf)
            for i, b in enumerate((self.penalty, self.reward))
        )
        return p, r

    def in_units(self, low: float, high: float) -> Contrast:
        """The same with p and r in other units."""
        (vp, c), (_, vr) = self.covariance
        p, r = None if self.penalty is None else self.penalty * low, None if self.reward is None else self.reward * high
        return replace(
            self, penalty=p, reward=r, covariance=((vp * low * low, c * low * high), (c * low * high, vr * high * high))
        )


CUTS: Final = (0.2, 0.7)
"""|IA| up to the first is balanced, beyond the second one side is nearly all (Mikulić & Prebežac 2008, remembered)."""
CLASSES: Final = ("impact.frustrator", "impact.dissatisfier", "impact.hybrid", "impact.satisfier", "impact.delighter")
UNKNOWN: Final = "not_classifiable"


def class_of(ia: float) -> str:
    """The class of an impact asymmetry by `CUTS`."""
    near, far = CUTS
    return CLASSES[2 + (ia > near) + (ia > far) - (ia < -near) - (ia < -far)]


@dataclass(frozen=True)
class Asymmetry:
    """What p and r come to together: range of impact r − p, its shares, IA = (r + p)/(r − p), and Wald's test of r + p
    = 0.
    """

    riocs: iv.Comparison
    sgp: float
    dgp: float
    asymmetry: float
    ends: Fieller
    wald: iv.Comparison


def asymmetry(
    p: float, r: float, covariance: Sequence[Sequence[float]], df: float = math.inf, conf: float = 0.95
) -> Asymmetry:
    """RIOCS = r − p, SGP = r/RIOCS, DGP = −p/RIOCS, IA = (r + p)/RIOCS with Fieller's interval; F of r + p = 0 is
    `wald.statistic`².
    """
    (vp, c), (_, vr) = covariance
    ratio = Means(
        top=r + p,
        bottom=r - p,
        top_variance=vr + vp + 2 * c,
        bottom_variance=vr + vp - 2 * c,
        covariance=vr - vp,
        df=df,
    )
    riocs, wald = (
        against_zero(ratio.bottom, ratio.bottom_variance, df, conf),
        against_zero(ratio.top, ratio.top_variance, df, conf),
    )
    sgp, dgp, ia = (part / (r - p) if r != p else math.nan for part in (r, -p, r + p))
    return Asymmetry(riocs, sgp, dgp, ia, fieller(ratio, conf), wald)


def against_zero(value: float, variance: float, df: float, conf: float) -> iv.Comparison:
    """A coefficient (or a sum of some) against zero, by t."""
    if variance <= 0:
        return iv.Comparison(value=value, low=None, high=None, statistic=None, p=None)
    se = math.sqrt(variance)
    half = (iv.z_quantile(conf) if math.isinf(df) else iv.t_quantile(df, conf)) * se
    p = iv.z_p(value / se) if math.isinf(df) else iv.t_p(value / se, df)
    return iv.Comparison(value=value, low=value - half, high=value + half, statistic=value / se, p=p, df=df)


@dataclass(frozen=True)
class Contrasts:
    """The model of one group: a contrast for each touchpoint, `n` rows in it, the residual degrees of freedom
    and R².
    """

    found: tuple[Contrast, ...]
    n: int
    df: int
    r2: float | None


@dataclass(frozen=True)
class _Coded:
    """Rows as dummies, shape (m, p) each, the judgement, and how many stand for a row."""

    low: Flags
    high: Flags
    away: Flags
    y: Floats
    count: Floats

    def of(self, flags: Flags) -> list[int]:
        return [round(n) for n in self.count @ flags]

    def rows(self, kept: Flags) -> _Coded:
        return _Coded(self.low[kept], self.high[kept], self.away[kept], self.y[kept], self.count[kept])


def contrasts(
    values: Floats, y: Floats, count: Floats, on: Sequence[Bands], fewest: int, *, standardised: bool = False
) -> Contrasts:
    """The model of rows `values` (one column a touchpoint, NaN where there is no answer) and their judgements y.

    A dummy with fewer than `fewest` rows joins the middle; a touchpoint without so many in the middle, or in either
    dummy, is left out. Where fewer than `fewest` passed a touchpoint by, their rows are left out. `standardised`
    coefficients are in standard deviations.
    """
    held = ~np.isnan(y)
    lows, highs = np.array([b.low for b in on]), np.array([b.high for b in on])
    values = values[held]
    whole = _Coded(values <= lows, values >= highs, np.isnan(values), y[held], count[held])
    coded, dropped, used = _enough(whole, fewest)
    counts = list(
        zip(
            *(coded.of(flags) for flags in (coded.low, ~(coded.low | coded.high | coded.away), coded.high, coded.away)),
            strict=True,
        )
    )
    bare = [
        Contrast(n_low=a, n_middle=b, n_high=c, n_away=d, n_dropped=e)
        for (a, b, c, d), e in zip(counts, dropped, strict=True)
    ]
    sides = [(j, side) for side in (0, 1) for j in used if (bare[j].n_low, bare[j].n_high)[side] >= fewest]
    columns = [(coded.low, coded.high)[side][:, j] for j, side in sides] + [
        coded.away[:, j] for j in used if bare[j].n_away
    ]
    x = np.column_stack([np.ones(len(coded.y)), *columns]).astype(np.float64)
    kept = independent(x, coded.count)
    n = round(float(coded.count.sum()))
    if not sides or n - len(kept) < max(fewest, 1) or np.ptp(coded.y) == 0:
        return Contrasts(tuple(bare), n, n - len(kept), None)
    fit = least_squares(x[:, kept], coded.y, coded.count)
    place = {side: kept.index(at) for at, side in enumerate(sides, 1) if at in kept}
    whose = {j for side in sides if side not in place for j in side[:1]}
    found = (replace(_contrast_of(one, j, place, fit), dependent=j in whose) for j, one in enumerate(bare))
    unit = _units(coded) if standardised else [(1.0, 1.0)] * len(bare)
    return Contrasts(tuple(one.in_units(*by) for one, by in zip(found, unit, strict=True)), n, fit.df, fit.r2)


def _enough(coded: _Coded, fewest: int) -> tuple[_Coded, list[int], list[int]]:
    """The rows that stay, how many went for the sake of each touchpoint, and the touchpoints that can be in the
    model.
    """
    dropped = [0] * coded.low.shape[1]
    while True:
        middle = coded.of(~(coded.low | coded.high | coded.away))
        both = zip(coded.of(coded.low), coded.of(coded.high), middle, strict=True)
        used = [j for j, (low, high, between) in enumerate(both) if between >= fewest and max(low, high) >= fewest]
        few = [j for j in used if 0 < coded.of(coded.away)[j] < fewest]
        if not few:
            return coded, dropped, used
        dropped[few[0]] += coded.of(coded.away)[few[0]]
        coded = coded.rows(~coded.away[:, few[0]])


def _contrast_of(one: Contrast, j: int, place: Mapping[tuple[int, int], int], fit: Fit) -> Contrast:
    at = [place.get((j, side)) for side in (0, 1)]
    beta = [None if i is None else float(fit.beta[i]) for i in at]
    (vp, c), (_, vr) = [[0.0 if a is None or b is None else float(fit.covariance[a, b]) for b in at] for a in at]
    return replace(one, penalty=beta[0], reward=beta[1], covariance=((vp, c), (c, vr)))


def _units(coded: _Coded) -> list[tuple[float, float]]:
    """What turns each p and r into standard deviations of the judgement for one standard deviation of the dummy."""
    spread = _deviation(coded.y[:, None], coded.count)[0]
    low, high = (_deviation(flags.astype(np.float64), coded.count) / spread for flags in (coded.low, coded.high))
    return list(zip(low.tolist(), high.tolist(), strict=True))


def _deviation(x: Floats, count: Floats) -> Floats:
    n = count.sum()
    away = x - (count @ x) / n
    return np.asarray(np.sqrt(count @ away**2 / (n - 1)), dtype=np.float64)
