"""Units that were changed beside units that were not: the difference of their differences, and how sure it is.

Everything starts from each unit's own change (its mean after less its mean before), for units, not answers, were
treated. With several units on both sides Welch's t on these changes is the cluster-robust test with Satterthwaite's
degrees of freedom (Bell & McCaffrey 2002; Donald & Lang 2007) and keeps its size with few clusters. With one treated
unit no standard error is valid: the rank of its change among those of all units, each taken as if it had been treated,
gives the p. Checked against: R 4.2.2 with sandwich 3.0-2.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
from numpy.typing import NDArray

from peakend import intervals as iv
from peakend.maths import regression as rg

MOST_ENUMERATED: Final = 20_000
"""Up to so many ways to have chosen the treated units all are tried; beyond, so many are drawn."""
SEED: Final = 1938


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One unit in one period."""

    unit: str
    treated: bool
    after: bool
    value: float
    period: str = ""
    at: float | None = None
    """Where the period stands in time; None where that is not known."""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """n, mean and standard deviation of one of the four cells; one observation has no deviation."""

    mean: float
    sd: float | None
    n: int


Cells = Mapping[tuple[bool, bool], Cell]
"""By (treated, after)."""


def cells(seen: Sequence[Observation]) -> dict[tuple[bool, bool], Cell]:
    """The four cells; one without observations is left out."""
    found = {}
    for key in ((True, False), (True, True), (False, False), (False, True)):
        values = np.array([one.value for one in seen if (one.treated, one.after) == key])
        if len(values):
            found[key] = Cell(
                mean=float(values.mean()), sd=float(values.std(ddof=1)) if len(values) > 1 else None, n=len(values)
            )
    return found


def difference(found: Cells) -> float:
    """(treated after − before) − (others after − before)."""
    return found[True, True].mean - found[True, False].mean - (found[False, True].mean - found[False, False].mean)


def cell_errors(found: Cells) -> dict[str, float | None]:
    """The standard errors that take every observation for independent: of four cells each with its own spread, and
    pooled (OLS). None where a spread that it needs is of one observation.
    """
    parts = list(found.values())
    squares = [part.sd**2 for part in parts if part.sd is not None]
    df = sum(part.n - 1 for part in parts)
    pooled = sum((part.n - 1) * part.sd**2 for part in parts if part.sd is not None) / df if df > 0 else None
    return {
        "cells": math.sqrt(sum(one / part.n for one, part in zip(squares, parts, strict=True)))
        if len(squares) == len(parts)
        else None,
        "pooled": None if pooled is None else math.sqrt(pooled * sum(1 / part.n for part in parts)),
    }


def cluster_error(seen: Sequence[Observation]) -> float | None:
    """Standard error of the 2×2 regression on all observations, clustered by unit (HC1); None with one unit."""
    if len({one.unit for one in seen}) < 2:
        return None
    x = np.array([[1.0, one.treated, one.after, one.treated and one.after] for one in seen])
    fit = rg.least_squares(x, [one.value for one in seen])
    return float(rg.cluster_errors(fit, [one.unit for one in seen])[3]) if fit.df > 0 else None


def within(seen: Sequence[Observation]) -> float | None:
    """Standard error clustered by unit where every unit and every period has its own level (two-way fixed effects,
    HC1).

    With one treated unit it is far too small and is there only to be seen beside the placebo's p. None where nothing is
    left to estimate.
    """
    units, times = sorted({one.unit for one in seen}), sorted({one.period for one in seen})
    x = np.zeros((len(seen), len(units) + len(times)))
    for at, one in enumerate(seen):
        x[at, units.index(one.unit)] = 1
        if place := times.index(one.period):
            x[at, len(units) + place - 1] = 1
        x[at, -1] = one.treated and one.after
    if len(seen) <= x.shape[1] or np.linalg.matrix_rank(x) < x.shape[1]:
        return None
    fit = rg.least_squares(x, [one.value for one in seen])
    return float(rg.cluster_errors(fit, [one.unit for one in seen])[-1])


# --- changes of units -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Each unit's mean after less its mean before, on both sides; `left_out` are units seen only before or only
    after.
    """

    treated: dict[str, float]
    others: dict[str, float]
    left_out: tuple[str, ...]


def changes(seen: Sequence[Observation]) -> Changes:
    """The change of every unit that was seen both before and after."""
    sides: tuple[dict[str, float], dict[str, float]] = ({}, {})
    left_out = []
    for unit in dict.fromkeys(one.unit for one in seen):
        own = [one for one in seen if one.unit == unit]
        old, new = ([one.value for one in own if one.after == after] for after in (False, True))
        if old and new:
            sides[own[0].treated][unit] = float(np.mean(new) - np.mean(old))
        else:
            left_out.append(unit)
    return Changes(treated=sides[True], others=sides[False], left_out=tuple(left_out))


def change_errors(found: Changes) -> dict[str, float | None]:
    """Standard errors of the difference of mean changes: `change_hc1` as sandwich's HC1, `change_ols` with one spread,
    `welch`.
    """
    one, two = (np.array(list(side.values())) for side in (found.treated, found.others))
    n, squares = len(one) + len(two), [float(((x - x.mean()) ** 2).sum()) for x in (one, two)]
    if n <= 2 or min(len(one), len(two)) < 2:
        return {"change_hc1": None, "change_ols": None, "welch": None}
    return {
        "change_hc1": math.sqrt(n / (n - 2) * (squares[0] / len(one) ** 2 + squares[1] / len(two) ** 2)),
        "change_ols": math.sqrt(sum(squares) / (n - 2) * (1 / len(one) + 1 / len(two))),
        "welch": math.sqrt(squares[0] / (len(one) - 1) / len(one) + squares[1] / (len(two) - 1) / len(two)),
    }


def vary(found: Changes) -> bool:
    """Whether anything varies that a test could judge the difference by: the changes within a side; with one treated
    unit those of all.
    """
    one, others = (list(side.values()) for side in (found.treated, found.others))
    sides = [one, others] if min(len(one), len(others)) > 1 else [[*one, *others]]
    return any(max(side) - min(side) > 1e-12 for side in sides)


def compare_changes(found: Changes, conf: float) -> iv.Comparison:
    """The difference of mean changes by Welch's t; without an interval where a side has one unit."""
    one, two = (iv.tally_mean(list(side.values()), np.ones(len(side))) for side in (found.treated, found.others))
    return iv.welch(one, two, conf)


@dataclass(frozen=True, kw_only=True)
class Placebo:
    """The share of ways to have chosen the treated units that show at least so large a difference, the actual one among
    them.

    `ways` is how many were tried, `smallest` the least p that could have come out: 1/ways.
    """

    p: float
    ways: int
    smallest: float


def placebo(found: Changes) -> Placebo:
    """Permutation of which units were treated, two-sided: by |difference| with one treated unit, else by |Welch's t|.

    The latter keeps its size where spreads differ. All ways up to 20,000, else 19,999 drawn and the actual one.
    """
    values = np.array([*found.treated.values(), *found.others.values()])
    statistics = _distances(values - values.mean(), _choices(len(values), len(found.treated)))
    least = statistics[0] - 1e-9 * max(1.0, abs(statistics[0])) if math.isfinite(statistics[0]) else math.inf
    return Placebo(p=float((statistics >= least).mean()), ways=len(statistics), smallest=1 / len(statistics))


def _choices(n: int, k: int) -> NDArray[np.bool_]:
    """Ways to choose k of n, one a row, the actual one (the first k) first."""
    if math.comb(n, k) <= MOST_ENUMERATED:
        chosen = np.array(list(combinations(range(n), k)))
    else:
        order = np.random.default_rng(SEED).random((MOST_ENUMERATED, n)).argsort(axis=1)
        chosen = np.vstack([np.arange(k), order[1:, :k]])
    inside = np.zeros((len(chosen), n), dtype=bool)
    np.put_along_axis(inside, chosen, values=True, axis=1)
    return inside


def _distances(values: iv.Array, inside: NDArray[np.bool_]) -> iv.Array:
    """|difference of means| of each way, over its standard error where both sides have two units or more."""
    k, n = int(inside[0].sum()), len(values)
    one, squares = inside @ values, inside @ values**2
    two, others = values.sum() - one, (values**2).sum() - squares
    apart = np.abs(one / k - two / (n - k))
    if min(k, n - k) < 2:
        return np.asarray(apart, dtype=np.float64)
    variance = np.maximum(squares - one**2 / k, 0) / (k - 1) / k + np.maximum(others - two**2 / (n - k), 0) / (
        n - k - 1
    ) / (n - k)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(
            np.where(variance > 1e-24, apart / np.sqrt(variance), np.where(apart > 1e-12, math.inf, 0.0)),
            dtype=np.float64,
        )


# --- wild cluster bootstrap -------------------------------------------------------------------------------------------

WEBB: Final = 8
"""Fewer units than this have too few signs (2^(G − 1) that differ): Webb's six weights instead."""
DRAWS: Final = 9_999


@dataclass(frozen=True, kw_only=True)
class Wild:
    """p of a wild cluster bootstrap, and how many were made: `enumerated` all signs, the actual one among them, else
    drawn and the actual one.
    """

    p: float
    ways: int
    weights: str
    enumerated: bool


def wild(found: Changes) -> Wild | None:
    """Wild cluster bootstrap-t with the null imposed (Cameron, Gelbach & Miller 2008) on the units' changes, each a
    cluster; None below two a side.

    y* = ȳ + w·(y − ȳ), w one draw a unit; |t| with the cluster-robust error of the difference (CR1), two-sided.
    Rademacher's signs, all 2^G up to 20,000, else 9,999 drawn; below eight units Webb's six points (±√½, ±1, ±√1½),
    drawn. A p only: no interval is inverted from it. With few treated units among many it finds too little (MacKinnon &
    Webb 2018), with eight units or fewer in all a little too much (simulated).
    """
    one, two = np.array(list(found.treated.values())), np.array(list(found.others.values()))
    if min(len(one), len(two)) < 2:
        return None
    values, k = np.concatenate([one, two]), len(one)
    n = len(values)
    weights = _wild_weights(n)
    made = _robust_t(weights * (values - values.mean()), k)
    least = made[0] - 1e-9 * max(1.0, made[0]) if math.isfinite(made[0]) else math.inf
    kind = "webb" if n < WEBB else "rademacher"
    return Wild(
        p=float((made >= least).mean()), ways=len(made), weights=kind, enumerated=n >= WEBB and 2**n <= MOST_ENUMERATED
    )


def _wild_weights(n: int) -> iv.Array:
    """Weights of n units, one draw a row, the actual one (all 1) first."""
    if n >= WEBB and 2**n <= MOST_ENUMERATED:
        return np.asarray(1.0 - 2.0 * ((np.arange(2**n)[:, None] >> np.arange(n)) & 1), dtype=np.float64)
    points = np.sqrt([0.5, 1.0, 1.5]) if n < WEBB else np.ones(1)
    drawn = np.random.default_rng(SEED).choice(np.concatenate([points, -points]), size=(DRAWS, n))
    return np.asarray(np.vstack([np.ones(n), drawn]), dtype=np.float64)


def _robust_t(rows: iv.Array, k: int) -> iv.Array:
    """|t| of the difference of means of the first k and the others in each row, over its HC1 error (CR1 of clusters of
    one).
    """
    one, two = rows[:, :k], rows[:, k:]
    n = rows.shape[1]
    apart = np.abs(one.mean(axis=1) - two.mean(axis=1))
    variance = n / (n - 2) * (one.var(axis=1) / k + two.var(axis=1) / (n - k))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(
            np.where(variance > 1e-24, apart / np.sqrt(variance), np.where(apart > 1e-12, math.inf, 0.0)),
            dtype=np.float64,
        )


# --- did they move together before? -----------------------------------------------------------------------------------


def trend_check(seen: Sequence[Observation]) -> tuple[float, float] | None:
    """The difference of the units' slopes before the change, in value a period, and its p: Welch's, or the placebo's
    with one treated unit.

    None with fewer than two periods before, where their order is not known, or where fewer than two units of a
    comparison have a slope.
    """
    known = {one.period: one.at for one in seen if not one.after}
    times = {name: at for name, at in known.items() if at is not None}
    if len(times) < len(known):
        return None
    slopes: tuple[dict[str, float], dict[str, float]] = ({}, {})
    for unit in dict.fromkeys(one.unit for one in seen):
        own = [one for one in seen if one.unit == unit and not one.after]
        at = np.array([times[one.period] for one in own], dtype=float)
        if len(set(at.tolist())) > 1:
            away = at - at.mean()
            slopes[own[0].treated][unit] = float(away @ np.array([one.value for one in own]) / (away @ away))
    found = Changes(treated=slopes[True], others=slopes[False], left_out=())
    if len(times) < 2 or not found.treated or len(found.others) < 2:
        return None
    apart = float(np.mean(list(found.treated.values())) - np.mean(list(found.others.values())))
    p = compare_changes(found, 0.95).p if len(found.treated) > 1 else placebo(found).p
    return None if p is None else (apart, p)
