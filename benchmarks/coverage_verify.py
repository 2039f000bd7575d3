"""How often the tests of an improvement cry wolf, how often they find what is there, and what the intervals beside them
cover.

For a test the "truth" is that nothing changed, and the share counted is that of surveys in which the test kept silent:
95 means that it cries wolf five times in a hundred. For a plan it is the share of surveys that found what was there,
against the power that was planned.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import special

from benchmarks.covering import Case, Hits, counted, covers
from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.maths.ranks import hodges_lehmann
from peakend.methods import agreement
from peakend.methods.did import panels
from peakend.methods.power import sample_sizes
from peakend.methods.sequential import looks
from peakend.methods.series import segmented_regression as sg

FIVE = range(1, 6)
RATINGS = {
    "even 1–5": (0.2, 0.2, 0.2, 0.2, 0.2),
    "good 1–5": (0.04, 0.06, 0.15, 0.4, 0.35),
    "skewed 1–5": (0.02, 0.01, 0.02, 0.1, 0.85),
}
Draw = Callable[[Generator], bool]


def each(draw: Draw) -> Hits:
    """So many surveys, one after another."""
    return lambda rng, trials: float(sum(draw(rng) for _ in range(trials)))


def verify_cases() -> Iterable[Case]:
    """All of them."""
    for family in (_ranks, _series, _units, _looks, _plans, _kappas, _kappa_tests):
        yield from family()


# --- two waves --------------------------------------------------------------------------------------------------------


def _ranks() -> Iterable[Case]:
    for n in (30, 100):
        for name, world in RATINGS.items():
            skewed = "skewed" in name
            yield Case(
                method="no change: mann_whitney",
                n=f"{n}, {n}",
                truth=name,
                hits=_silent(n, world),
                claimed=not (skewed and n < 100),
                most=8000,
            )
    for n in (15, 50):
        yield Case(
            method="shift: hodges_lehmann",
            n=f"{n}, {n}",
            truth="normal, shift 0.5",
            hits=each(lambda rng, n=n: _shifted(rng, n)),
            most=4000,
        )  # type: ignore[misc]
    ordinal = each(lambda rng: _shifted_ratings(rng, 50, RATINGS["good 1–5"]))
    yield Case(
        method="shift: hodges_lehmann", n="50, 50", truth="good 1–5, no shift", hits=ordinal, claimed=False, most=4000
    )


def _silent(n: int, world: Sequence[float]) -> Hits:
    def hits(rng: Generator, trials: int) -> float:
        draws = np.column_stack([rng.multinomial(n, world, trials) for _ in range(2)])
        return counted(
            draws, lambda *x: (0.0, 0.0) if (t := iv.mann_whitney(x[:5], x[5:])) is None or t.p >= 0.05 else None, 0.0
        )

    return hits


def _shifted(rng: Generator, n: int) -> bool:
    x, y = rng.normal(0.5, 1, n), rng.normal(0, 1, n)
    values = np.concatenate([x, y])
    found = hodges_lehmann(values, np.repeat([1, 0], n), np.repeat([0, 1], n))
    return found is not None and covers(found[1:], 0.5)


def _shifted_ratings(rng: Generator, n: int, world: Sequence[float]) -> bool:
    found = hodges_lehmann(FIVE, rng.multinomial(n, world), rng.multinomial(n, world))
    return found is not None and covers(found[1:], 0.0)


# --- series and units -------------------------------------------------------------------------------------------------


def _series() -> Iterable[Case]:
    """Short series: standard errors that remember neighbours come out too small, which `few_periods` warns of; none is
    claimed.
    """
    for n in (24, 59, 120):
        for memory in (0.0, 0.3):
            truth = f"level unchanged, neighbours correlate {memory:g}"
            hits = each(lambda rng, n=n, memory=memory: _level_kept(rng, n, memory))  # type: ignore[misc]
            yield Case(method="no change: newey_west", n=str(n), truth=truth, hits=hits, claimed=False, most=2000)
            chosen = each(lambda rng, n=n, memory=memory: _level_kept(rng, n, memory, "automatic"))  # type: ignore[misc]
            yield Case(
                method="no change: newey_west_automatic", n=str(n), truth=truth, hits=chosen, claimed=False, most=2000
            )
    for scatter in (1.0, 3.0):
        hits = each(lambda rng, scatter=scatter: _rate_kept(rng, 59, scatter))  # type: ignore[misc]
        yield Case(
            method="no change: quasi_poisson",
            n="59",
            truth=f"rate unchanged, dispersion {scatter:g}",
            hits=hits,
            claimed=True,
            most=2000,
        )
    for scatter, lift in ((1.0, 1.1), (3.0, 1.2)):
        hits = each(lambda rng, scatter=scatter, lift=lift: not _rate_kept(rng, 59, scatter, lift))  # type: ignore[misc]
        truth, power = f"rate × {lift:g}, dispersion {scatter:g}", _rate_power(59, scatter, lift)
        yield Case(
            method="power, level change: quasi_poisson",
            n="59",
            truth=truth,
            hits=hits,
            conf=power,
            claimed=False,
            most=20_000,
        )
    for n in (24, 59):
        hits = each(lambda rng, n=n: not _level_kept(rng, n, 0.0, rise=1.5))  # type: ignore[misc]
        power = _level_power(n, 1.5)
        yield Case(
            method="power, level change: newey_west",
            n=str(n),
            truth="up by 1.5 sd",
            hits=hits,
            conf=power,
            claimed=False,
            most=2000,
        )


def _level_power(n: int, rise: float) -> float:
    """Of least squares with neighbours that know nothing of each other: noncentral t of the design that is fitted."""
    _, x = sg.design(range(1, n + 1), n // 2 + 1, slope=True)
    df, ncp = n - x.shape[1], rise / math.sqrt(float(np.linalg.inv(x.T @ x)[2, 2]))
    bound = iv.t_quantile(df)
    return 1 - float(special.nctdtr(df, ncp, bound)) + float(special.nctdtr(df, ncp, -bound))


RATE = 200.0
"""Events a period before the change."""


def _rate_power(n: int, scatter: float, lift: float) -> float:
    """Of Wald's z with the dispersion known: the information of the true means, in the design that is fitted."""
    _, x = sg.design(range(1, n + 1), n // 2 + 1, slope=True)
    means = RATE * np.where(np.arange(1, n + 1) > n // 2, lift, 1.0)
    away, bound = (
        math.log(lift) / math.sqrt(scatter * float(np.linalg.inv((x.T * means) @ x)[2, 2])),
        iv.z_quantile(0.95),
    )
    return float(special.ndtr(away - bound) + special.ndtr(-away - bound))


def _level_kept(rng: Generator, n: int, memory: float, hac: sg.Hac = "fixed", rise: float = 0.0) -> bool:
    noise = rng.normal(size=n) + rise * (np.arange(1, n + 1) > n // 2)
    for at in range(1, n):
        noise[at] += memory * noise[at - 1]
    series = [sg.Period(name=str(at), at=at, value=20 + 0.1 * at + float(e)) for at, e in enumerate(noise, 1)]
    try:
        level = sg.fit(series, n // 2 + 1, hac=hac).terms["level"]
    except MethodError:  # refused: no interval is no hit
        return False
    return level.low <= 0 <= level.high


def _rate_kept(rng: Generator, n: int, scatter: float, lift: float = 1.0) -> bool:
    true = RATE * np.where(np.arange(1, n + 1) > n // 2, lift, 1.0)
    means = true if scatter == 1 else rng.gamma(true / (scatter - 1), scatter - 1)
    series = [
        sg.Period(name=str(at), at=at, value=float(y), exposure=1000) for at, y in enumerate(rng.poisson(means), 1)
    ]
    level = sg.fit(series, n // 2 + 1, kind="counts").terms["level"]
    return level.low <= 1 <= level.high


def _units() -> Iterable[Case]:
    for treated, others, unlike in ((4, 4, 1.0), (6, 20, 1.0), (6, 20, 2.0), (20, 20, 1.0)):
        hits = each(
            lambda rng, a=treated, b=others, s=unlike: covers(
                panels.compare_changes(_changes(rng, a, b, s), 0.95).ends, 0.0
            )
        )  # type: ignore[misc]
        truth = f"no effect, spread of the treated × {unlike:g}"
        yield Case(
            method="difference in differences: welch", n=f"{treated}, {others}", truth=truth, hits=hits, most=6000
        )
    for treated, others in ((1, 19), (1, 39), (4, 4), (6, 6)):
        hits = each(lambda rng, a=treated, b=others: panels.placebo(_changes(rng, a, b, 1.0)).p > 0.05)  # type: ignore[misc]
        claimed = (treated, others) != (4, 4)  # 35 ways that differ: no p of just .05 can come out
        truth = "no effect"
        yield Case(
            method="difference in differences: placebo",
            n=f"{treated}, {others}",
            truth=truth,
            hits=hits,
            claimed=claimed,
            most=6000,
        )
    for treated, others in ((2, 3), (3, 5), (2, 10), (4, 4), (5, 7), (6, 6)):
        hits = each(lambda rng, a=treated, b=others: not _wild_finds(_changes(rng, a, b, 1.0)))  # type: ignore[misc]
        kept = min(treated, others) >= 5
        name = "difference in differences: wild"
        yield Case(
            method=name,
            n=f"{treated}, {others}",
            truth="no effect",
            hits=hits,
            claimed=kept,
            most=5000 if kept else 1500,
        )
    for treated, others, effect in ((4, 4, 2.5), (6, 6, 2.0)):
        yield from _unit_powers(treated, others, effect)


def _unit_powers(treated: int, others: int, effect: float) -> Iterable[Case]:
    """Beside the power of Student's t with one spread (noncentral t)."""
    df, ncp = treated + others - 2, effect / math.sqrt(1 / treated + 1 / others)
    reach = iv.t_quantile(df, 0.95)
    nominal = float(1 - special.nctdtr(df, ncp, reach) + special.nctdtr(df, ncp, -reach))
    finders: dict[str, tuple[Callable[[panels.Changes], bool], int]] = {
        "welch": (lambda found: not covers(panels.compare_changes(found, 0.95).ends, 0.0), 4000),
        "placebo": (lambda found: panels.placebo(found).p <= 0.05, 3000),
        "wild": (_wild_finds, 1500),
    }
    for name, (finds, most) in finders.items():
        hits = each(lambda rng, finds=finds: finds(_changes(rng, treated, others, 1.0, effect)))  # type: ignore[misc]
        title, truth = f"difference in differences, power: {name}", f"effect of {effect:g} sd"
        yield Case(
            method=title, n=f"{treated}, {others}", truth=truth, conf=nominal, hits=hits, claimed=False, most=most
        )


def _wild_finds(found: panels.Changes) -> bool:
    drawn = panels.wild(found)
    return drawn is not None and drawn.p <= 0.05


def _changes(rng: Generator, treated: int, others: int, unlike: float, effect: float = 0.0) -> panels.Changes:
    one, two = rng.normal(effect, unlike, treated), rng.normal(0, 1, others)
    return panels.Changes(
        treated={f"t{i}": float(x) for i, x in enumerate(one)},
        others={f"o{i}": float(x) for i, x in enumerate(two)},
        left_out=(),
    )


# --- looks, plans, coders ---------------------------------------------------------------------------------------------


def _looks() -> Iterable[Case]:
    shares = (0.2, 0.4, 0.6, 0.8, 1.0)
    plans: tuple[looks.Spending, ...] = ("obrien_fleming", "pocock")
    for spending in plans:
        bounds = np.array(looks.boundaries(shares, spending))
        yield Case(method=f"five looks: {spending}", n="5", truth="no difference", hits=_walk(np.array(shares), bounds))
    yield Case(
        method="five looks: 1.96 each time",
        n="5",
        truth="no difference",
        hits=_walk(np.array(shares), np.full(5, 1.96)),
        claimed=False,
    )
    for spending, drift in (("obrien_fleming", 3.2834), ("pocock", 3.5613)):
        bounds = np.array(looks.boundaries(shares, spending))  # type: ignore[arg-type]
        truth = "planned for 90 of 100 (Jennison & Turnbull 2000)"
        yield Case(
            method=f"power, five looks: {spending}",
            n="5",
            truth=truth,
            conf=0.9,
            hits=_passed(np.array(shares), bounds, drift),
        )
    yield Case(
        method="a hundred looks: always valid", n="100", truth="no difference, τ = 0.2", hits=_always, claimed=False
    )


def _walk(shares: NDArray[np.float64], bounds: NDArray[np.float64]) -> Hits:
    """Runs that pass no boundary at any look."""

    def hits(rng: Generator, trials: int) -> float:
        steps = rng.normal(size=(trials, len(shares))) * np.sqrt(np.diff(shares, prepend=0.0))
        return float((np.abs(steps.cumsum(axis=1) / np.sqrt(shares)) < bounds).all(axis=1).sum())

    return hits


def _passed(shares: NDArray[np.float64], bounds: NDArray[np.float64], drift: float) -> Hits:
    """Runs that pass a boundary where the last z would be `drift` on average: (1.960 + 1.282)·√(what looking costs,
    1.026 or 1.207).
    """

    def hits(rng: Generator, trials: int) -> float:
        steps = rng.normal(size=(trials, len(shares))) * np.sqrt(np.diff(shares, prepend=0.0)) + drift * np.diff(
            shares, prepend=0.0
        )
        return float((np.abs(steps.cumsum(axis=1) / np.sqrt(shares)) >= bounds).any(axis=1).sum())

    return hits


def _always(rng: Generator, trials: int) -> float:
    """Runs whose always-valid interval held the truth at each of a hundred looks, ten answers apart."""
    n = np.arange(10, 1001, 10.0)
    half = np.array([looks.mixture(0.0, 1 / size, 0.04).high for size in n])
    sums = (rng.normal(size=(trials, len(n))) * math.sqrt(10)).cumsum(axis=1)
    return float((np.abs(sums / n) <= half).all(axis=1).sum())


def _plans() -> Iterable[Case]:
    for one, two, power in ((0.5, 0.65, 0.8), (0.3, 0.4, 0.9)):
        n = math.ceil(iv.answers_for_shares(one, two, power))
        yield Case(
            method="planned power: shares",
            n=f"{n}, {n}",
            truth=f"{one:g}, {two:g}",
            conf=power,
            hits=_found_shares(n, one, two),
        )
    n = math.ceil(sample_sizes.answers_for_means(0.5, 1.0, 0.8))
    yield Case(
        method="planned power: means",
        n=f"{n}, {n}",
        truth="0.5 sd apart",
        conf=0.8,
        hits=each(lambda rng: _found_means(rng, n)),
        most=8000,
    )
    m = math.ceil(sample_sizes.answers_for_pairs(0.3, 1.0, 0.8))
    yield Case(
        method="planned power: pairs",
        n=str(m),
        truth="0.3 sd apart",
        conf=0.8,
        hits=each(lambda rng: _found_pairs(rng, m)),
        most=8000,
    )


def _found_shares(n: int, one: float, two: float) -> Hits:
    def found(x: int, y: int) -> iv.Interval | None:
        test = iv.shares_test([x, y], [n, n])
        return (0.0, 0.0) if test is not None and test.p < 0.05 else None

    return lambda rng, trials: counted(np.column_stack([rng.binomial(n, p, trials) for p in (one, two)]), found, 0.0)


def _found_means(rng: Generator, n: int) -> bool:
    x, y = rng.normal(0.5, 1, n), rng.normal(0, 1, n)
    p = iv.welch((n, float(x.mean()), float(x.var(ddof=1))), (n, float(y.mean()), float(y.var(ddof=1)))).p
    return p is not None and p < 0.05


def _found_pairs(rng: Generator, n: int) -> bool:
    x = rng.normal(0.3, 1, n)
    p = iv.t_test(n, float(x.mean()), float(x.var(ddof=1))).p
    return p is not None and p < 0.05


COHEN = np.array([[0.44, 0.07, 0.09], [0.05, 0.2, 0.05], [0.01, 0.03, 0.06]])
"""Cohen 1968."""


def _kappas() -> Iterable[Case]:
    for n in (50, 100, 200, 500):
        for weighting in ("none", "quadratic"):
            weights = 1 - agreement.disagreement_of(3, weighting) / (1 if weighting == "none" else 4)
            truth = agreement.kappa(COHEN, weights, 1).value
            hits = each(lambda rng, n=n, weighting=weighting, truth=truth: _kappa(rng, n, weighting, truth))  # type: ignore[misc]
            yield Case(
                method=f"κ: {weighting}",
                n=str(n),
                truth=f"Cohen 1968, κ {truth:.3f}",
                hits=hits,
                claimed=n >= (100 if weighting == "none" else 500),
                most=4000,
            )


def _kappa_tests() -> Iterable[Case]:
    """z of κ against chance alone, where that is all there is, and where two coders agree a little (power by the normal
    approximation).
    """
    alone = np.outer([0.6, 0.3, 0.1], [0.5, 0.3, 0.2])
    little = 0.8 * alone + 0.2 * np.diag([0.55, 0.3, 0.15])
    for n in (50, 200):
        yield Case(
            method="κ, by chance alone: z",
            n=str(n),
            truth="κ 0",
            hits=each(lambda rng, n=n: not _agreed(rng, n, alone)),
            most=8000,
        )  # type: ignore[misc]
    for n in (50, 100):
        found = agreement.kappa(little, np.eye(3), n)
        power = float(special.ndtr((found.value - iv.z_quantile(0.95) * found.null) / found.se))
        hits = each(lambda rng, n=n: _agreed(rng, n, little))  # type: ignore[misc]
        yield Case(
            method="power, κ: z",
            n=str(n),
            truth=f"κ {found.value:.2f}",
            hits=hits,
            conf=power,
            claimed=False,
            most=8000,
        )


def _agreed(rng: Generator, n: int, shares: NDArray[np.float64]) -> bool:
    p = agreement.from_counts(rng.multinomial(n, shares.ravel()).reshape(3, 3).tolist()).p
    return p is not None and p < 0.05


def _kappa(rng: Generator, n: int, weighting: agreement.Weighting, truth: float) -> bool:
    row = agreement.from_counts(rng.multinomial(n, COHEN.ravel()).reshape(3, 3).tolist(), weighting=weighting)
    return row.low is not None and row.high is not None and covers((row.low, row.high), truth)
