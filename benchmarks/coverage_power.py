"""How often tests find what is there: the share of simulated surveys in which a test of 5% saw a true effect, against
its power by formula.

The formula is another route than the test's: an exact sum where there is one, else the non-central distribution that
the test has in large samples, with the covariance of the population. Tests of shares, means, pairs, waves and series
are in `coverage_verify`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import special

from benchmarks.coverage_kano import FOUR, each, exact, fong
from benchmarks.coverage_memory import three
from benchmarks.covering import Case, Floats, Hits
from peakend import intervals as iv
from peakend.maths import control_limits as cl
from peakend.methods.impact import contrast as ct
from peakend.methods.kano_drift import contingency as cg
from peakend.methods.peak_end import memory

LEVEL = 0.05
LEADER = (0.42, 0.28, 0.15, 0.15, 0.0, 0.0)
"""Shares of A, O, M, I, R, Q where one class leads."""
WAVES = np.array([FOUR, (0.33, 0.26, 0.22, 0.19), (0.37, 0.27, 0.19, 0.17)])
"""Shares of M, O, A, I, wave by wave."""
Wholes = NDArray[np.int64]


def power_cases() -> Iterable[Case]:
    """Every test that has no line of its own elsewhere."""
    yield from lead_cases()
    yield from drift_cases()
    yield from other_cases()


# --- Kano -------------------------------------------------------------------------------------------------------------


def lead_cases() -> Iterable[Case]:
    """The class that leads, by the exact test and by Fong's bound."""
    for n in (50, 100, 400):
        truth, most = "42 of 100 against 28", 8000
        yield Case(
            method="power, Kano lead: exact binomial",
            n=str(n),
            truth=truth,
            hits=lead_hits(n, exact),
            conf=lead_power(n),
            most=most,
            claimed=n >= 100,
        )
        hits, power = lead_hits(n, fong), fong_power(n)
        yield Case(
            method="power, Kano lead: Fong", n=str(n), truth=truth, hits=hits, conf=power, most=most, claimed=n >= 100
        )


def lead_hits(n: int, found: Callable[[list[int]], bool]) -> Hits:
    return lambda rng, trials: each(rng.multinomial(n, LEADER, trials), lambda six: found(list(six)))


def lead_power(n: int) -> float:
    """Exact: how many said either of the two, and of these how many the first; the two most frequent are almost surely
    these.
    """
    either, first = LEADER[0] + LEADER[1], LEADER[0] / (LEADER[0] + LEADER[1])
    m = np.arange(n + 1)
    return float(
        sum(
            chance * _lead_given(int(k), first)
            for k, chance in zip(m, binomial(m, n, either), strict=True)
            if chance > 1e-9
        )
    )


def _lead_given(m: int, first: float) -> float:
    a = np.arange(m + 1)
    seen = 2 * special.bdtr(np.minimum(a, m - a), m, 0.5) < LEVEL
    return float(binomial(a, m, first)[seen].sum())


def fong_power(n: int) -> float:
    """Normal: the difference of the two shares against 1.65 of Fong's standard errors."""
    a, b = LEADER[:2]
    bound = 1.65 * math.sqrt((a + b) * n * (2 - a - b) / 2)
    sd = math.sqrt(n * (a + b - (a - b) ** 2))
    return float(special.ndtr((n * (a - b) - bound) / sd) + special.ndtr((-n * (a - b) - bound) / sd))


def binomial(k: Wholes, n: int, p: float) -> Floats:
    """The chance of k of n."""
    return np.asarray(
        np.exp(
            special.gammaln(n + 1)
            - special.gammaln(k + 1)
            - special.gammaln(n - k + 1)
            + k * np.log(p)
            + (n - k) * np.log1p(-p)
        )
    )


def drift_cases() -> Iterable[Case]:
    """Three waves on the way from attractive to must-be; two waves of the same people."""
    for n in (120, 300):
        for name, power in (("homogeneity", homogeneity_power(n)), ("trend", trend_power(n))):
            yield Case(
                method=f"power, Kano drift: {name}",
                n=f"3 × {n}",
                truth="M 30, 33, 37 of 100",
                hits=drift_hits(n, name),
                conf=power,
                most=6000,
                claimed=n >= 300,
            )
    for n in (100, 200):
        hits, power = moved_hits(n), moved_power(n)
        yield Case(
            method="power, Kano drift of the same: stuart_maxwell",
            n=str(n),
            truth="8 of 100 from A to M",
            hits=hits,
            conf=power,
            most=6000,
        )


def drift_hits(n: int, test: str) -> Hits:
    def found(waves: Wholes) -> bool:
        told = (
            cg.homogeneity(waves)
            if test == "homogeneity"
            else cg.trend([float(w[0] + w[1]) for w in waves], [float(w.sum()) for w in waves])
        )
        return told is not None and told.p is not None and told.p < LEVEL

    return lambda rng, trials: float(
        sum(found(np.array([rng.multinomial(n, wave) for wave in WAVES])) for _ in range(trials))
    )


def homogeneity_power(n: int) -> float:
    """Non-central χ² with n Σ (p − p̄)²/p̄."""
    middle = WAVES.mean(axis=0)
    return beyond(float(n * ((WAVES - middle) ** 2 / middle).sum()), 6)


def trend_power(n: int) -> float:
    """Normal: the covariance of share and wave, against its error where no wave differs, with its spread where
    they do.
    """
    share = WAVES[:, 0] + WAVES[:, 1]
    away = np.array([-1.0, 0.0, 1.0])
    middle, shift = float(share.mean()), float(n * (away @ share))
    null, spread = math.sqrt(n * 2 * middle * (1 - middle)), math.sqrt(n * float(away**2 @ (share * (1 - share))))
    z = iv.z_quantile()
    return float(special.ndtr((shift - z * null) / spread) + special.ndtr((-shift - z * null) / spread))


def moved() -> Floats:
    """The joint shares of two waves: two thirds say the same again, 8 of 100 go from attractive to must-be."""
    joint = np.diag(FOUR) * 2 / 3 + np.outer(FOUR, FOUR) / 3
    joint[2, 2] -= 0.08
    joint[2, 0] += 0.08
    return np.asarray(joint)


def moved_hits(n: int) -> Hits:
    def found(table: Wholes) -> bool:
        told = cg.stuart_maxwell(table.reshape(4, 4))
        return told is not None and told.p < LEVEL

    return lambda rng, trials: float(sum(found(table) for table in rng.multinomial(n, moved().ravel(), trials)))


def moved_power(n: int) -> float:
    """Non-central χ² with n d′V⁻¹d, V as the test has it: of the joint shares."""
    joint = moved()
    rows, columns = joint.sum(axis=1), joint.sum(axis=0)
    away = (rows - columns)[:-1]
    spread = (np.diag(rows + columns) - joint - joint.T)[:-1, :-1]
    return beyond(float(n * away @ np.linalg.solve(spread, away)), 3)


def beyond(centrality: float, df: int) -> float:
    """How much of a non-central χ² lies beyond the 5% point of the central one."""
    return 1 - float(special.chndtr(special.chdtri(df, LEVEL), df, centrality))


# --- the others -------------------------------------------------------------------------------------------------------


def other_cases() -> Iterable[Case]:
    """Asymmetry of impact, dependent correlations, a chart after a shift."""
    for n in (200, 600):
        hits, power = impact_hits(n), impact_power(n)
        yield Case(
            method="power, impact: wald HC3",
            n=str(n),
            truth="costs 0.7, earns 0.3",
            hits=hits,
            conf=power,
            most=3000,
            claimed=n >= 600,
        )
    for n in (60, 200):
        means = (0.6, 0.45)
        hits = correlated_hits(n, means)
        yield Case(
            method="power: Williams",
            n=str(n),
            truth="r 0.6 and 0.45, 0.7 between",
            hits=hits,
            conf=correlated_power(n, means),
            most=6000,
        )
    for shift in (1.0, 2.0, 3.0):
        power = float(special.ndtr(shift - cl.REACH) + special.ndtr(-shift - cl.REACH))
        yield Case(
            method="power, one point beyond 3σ",
            n="200 + 1",
            truth=f"level up by {shift:g}σ",
            hits=shifted_hits(shift),
            conf=power,
            most=6000,
        )


def impact_hits(n: int) -> Hits:
    """Two touchpoints asked 1–5, low at 2, high at 5; the first costs more than it earns."""

    def found(rng: Generator) -> bool:
        x = rng.integers(1, 6, (n, 2)).astype(float)
        y = 3 - 0.7 * (x[:, 0] <= 2) + 0.3 * (x[:, 0] == 5) + rng.standard_normal(n)
        model = ct.contrasts(x, y, np.ones(n), [ct.Bands(2, 5)] * 2, 1)
        p, r, covariance = model.found[0].both or (0.0, 0.0, ((1.0, 0.0), (0.0, 1.0)))
        told = ct.asymmetry(p, r, covariance, model.df).wald.p
        return told is not None and told < LEVEL

    return lambda rng, trials: float(sum(found(rng) for _ in range(trials)))


def impact_power(n: int) -> float:
    """Non-central t: r + p = −0.4 against its standard error, from the covariance of two dummies that hold 2/5 and 1/5
    of all.
    """
    cov = np.array([[0.4 * 0.6, -0.4 * 0.2], [-0.4 * 0.2, 0.2 * 0.8]])
    se = math.sqrt(float(np.linalg.inv(cov).sum()) / n)
    df, bound = n - 5, iv.t_quantile(n - 5)
    return 1 - float(special.nctdtr(df, 0.4 / se, bound)) + float(special.nctdtr(df, 0.4 / se, -bound))


def correlated_hits(n: int, means: tuple[float, float]) -> Hits:
    def found(r: Floats) -> bool:
        told = memory.williams(n, r[0, 1], r[0, 2], r[1, 2])
        return told is not None and told.p < LEVEL

    return lambda rng, trials: float(sum(found(three(rng, n, means)) for _ in range(trials)))


def correlated_power(n: int, means: tuple[float, float], between: float = 0.7) -> float:
    """Normal: the difference of the correlations against the large-sample errors of both and their covariance (Olkin &
    Siotani 1976).
    """
    a, b, c = *means, between
    shared = c * (1 - a * a - b * b) - a * b * (1 - a * a - b * b - c * c) / 2
    se = math.sqrt(((1 - a * a) ** 2 + (1 - b * b) ** 2 - 2 * shared) / n)
    return float(special.ndtr((a - b) / se - iv.z_quantile()))


def shifted_hits(shift: float) -> Hits:
    """The first point after a shift, on limits from 200 points before it."""

    def found(rng: Generator) -> bool:
        x = np.append(rng.standard_normal(200), rng.standard_normal() + shift)
        return bool(abs(cl.limits("xmr", x, baseline=200).z[200]) > cl.REACH)

    return lambda rng, trials: float(sum(found(rng) for _ in range(trials)))
