"""An interrupted series: level and slope before a change, and how both differ after it.

y = b0 + b1·T + b2·D + b3·P, with T = 1, 2, …, D = 1 from the first period after the change (T0), and P = (T − T0)·D. P
is 0 at T0, so that b2 is the change of level at T0 itself. The counterfactual is the same line without D and P. Counts
take the same terms on a log scale.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.maths import regression as rg

Kind = Literal["values", "counts"]
Hac = Literal["fixed", "automatic"]
FEWEST_PERIODS: Final = 5
"""Fewer periods on a side say nothing."""
SLOPES: Final = 8
"""Fewer periods on a side carry no slope of their own."""


@dataclass(frozen=True, kw_only=True)
class Period:
    """One period of a series: its name, its place in time (gaps leave places out), what was seen, and of how much
    (visitors, answers).
    """

    name: str
    at: float
    value: float
    exposure: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Term:
    """One coefficient: a difference in the series' own unit, or a rate ratio where the series counts."""

    value: float
    low: float
    high: float
    se: float
    p: float


@dataclass(frozen=True, kw_only=True)
class InterruptedSeries:
    """The fitted series: its terms (`trend`, `level`, and `slope` where there is one), line and counterfactual, one
    number a period.

    `dispersion` is Pearson's of counts, None of values; `lag` that of the standard errors, None of counts.
    `durbin_watson` and `remembers` (p of Breusch and Godfrey up to a season) say whether neighbours are alike.
    """

    terms: dict[str, Term]
    fitted: tuple[float, ...]
    counterfactual: tuple[float, ...]
    before: int
    after: int
    dispersion: float | None
    lag: int | None
    durbin_watson: float | None
    remembers: float | None


def design(
    places: Sequence[float], start: float, *, slope: bool, harmonics: int = 0, season: int = 12
) -> tuple[tuple[str, ...], iv.Array]:
    """Names and columns: one, T, level, slope where asked, then sine and cosine of so many harmonics of the season."""
    at = np.asarray(places, dtype=float)
    after = (at >= start).astype(float)
    turns = [turn(2 * math.pi * k * at / season) for k in range(1, harmonics + 1) for turn in (np.sin, np.cos)]
    columns = [np.ones(len(at)), at, after, *([(at - start) * after] if slope else []), *turns]
    return ("intercept", "trend", "level", *(["slope"] if slope else [])), np.column_stack(columns)


def fit(
    series: Sequence[Period],
    start: float,
    *,
    kind: Kind = "values",
    slope: bool | None = None,
    harmonics: int = 0,
    season: int = 12,
    lag: int | None = None,
    hac: Hac = "fixed",
    small: bool = True,
    conf: float = 0.95,
) -> InterruptedSeries:
    """Fit a series whose change comes at the place `start`.

    Values: least squares, Newey–West standard errors (`lag`, by default ⌊4(n/100)^(2/9)⌋; `small` sample factor), p
    from t with n − k df. `hac` automatic, where no lag is named: scores prewhitened by a VAR(1), lag chosen from them
    (1994), no sample factor, as R's default. Counts: Poisson with log(exposure), standard errors times √dispersion
    where that is above 1 (quasi-Poisson), p from z. Raises MethodError `series.too_short` with fewer than five periods
    on a side, `series.no_fit` where nothing can be fitted, `series.no_automatic` where the scores have no memory that
    fades.
    """
    places = [one.at for one in series]
    before, after = sum(at < start for at in places), sum(at >= start for at in places)
    if min(before, after) < FEWEST_PERIODS:
        raise MethodError("series.too_short", before=before, after=after, fewest=FEWEST_PERIODS)
    tilt = min(before, after) >= SLOPES if slope is None else slope
    names, x = design(places, start, slope=tilt, harmonics=harmonics, season=season)
    y, exposure = np.array([one.value for one in series]), np.array([one.exposure for one in series])
    found = _fit(x, y, exposure, kind)
    without = x.copy()
    without[:, 2 : 4 if tilt else 3] = 0
    lines = [rows @ found.coefficients for rows in (x, without)]
    line, otherwise = lines if kind == "values" else [np.exp(part) * exposure for part in lines]
    errors, reach = _errors(
        found, kind, "fixed" if lag is not None else hac, rg.usual_lag(len(y)) if lag is None else lag, small=small
    )
    order = min(season, max(1, len(y) // 4))
    tested = rg.breusch_godfrey(found, order) if kind == "values" else None
    return InterruptedSeries(
        terms=_terms(names, found, errors, conf, kind), fitted=tuple(line.tolist()),
        counterfactual=tuple(otherwise.tolist()), before=before,
        after=after, dispersion=found.dispersion if kind == "counts" else None, lag=reach,
        durbin_watson=rg.durbin_watson(found),
        remembers=tested.p if tested else None,
    )  # fmt: skip


def _fit(x: iv.Array, y: iv.Array, exposure: iv.Array, kind: Kind) -> rg.Fit:
    if x.shape[0] <= x.shape[1]:
        raise MethodError("series.no_fit", periods=x.shape[0], terms=x.shape[1])
    if kind == "counts" and ((y < 0).any() or (exposure <= 0).any()):
        raise MethodError("series.counts", row=int(np.flatnonzero((y < 0) | (exposure <= 0))[0]) + 1)
    if kind == "counts" and not all(y[x[:, 2] == side].sum() > 0 for side in (0, 1)):
        raise MethodError("series.no_fit", periods=x.shape[0], terms=x.shape[1])
    try:
        return rg.least_squares(x, y) if kind == "values" else rg.poisson(x, y, exposure)
    except np.linalg.LinAlgError as error:
        raise MethodError("series.no_fit", periods=x.shape[0], terms=x.shape[1]) from error


def _errors(found: rg.Fit, kind: Kind, hac: Hac, lag: int, *, small: bool) -> tuple[iv.Array, int | None]:
    """Standard errors, and the lag that they remember (None of counts)."""
    if kind == "counts":
        return np.sqrt(np.diag(found.bread) * max(1.0, found.dispersion)), None
    if hac == "fixed":
        return rg.newey_west(found, lag, small=small), lag
    try:
        return rg.newey_west_automatic(found)
    except np.linalg.LinAlgError as error:
        raise MethodError("series.no_automatic", periods=found.rows.shape[0]) from error


def _terms(names: Sequence[str], found: rg.Fit, se: iv.Array, conf: float, kind: Kind) -> dict[str, Term]:
    reach = iv.z_quantile(conf) if kind == "counts" else iv.t_quantile(found.df, conf)
    terms = {}
    for name, value, error in zip(names, found.coefficients.tolist(), se.tolist(), strict=False):
        p = 1.0 if not error else iv.z_p(value / error) if kind == "counts" else iv.t_p(value / error, found.df)
        ends = (value, value - reach * error, value + reach * error)
        shown = ends if kind == "values" else tuple(math.exp(end) for end in ends)
        terms[name] = Term(value=shown[0], low=shown[1], high=shown[2], se=error, p=p)
    return terms
