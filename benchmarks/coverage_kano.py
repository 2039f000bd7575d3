"""Coverage of Kano's better and worse and of the shares of its classes, and the size of the tests that name a class, a
drift, an asymmetry.

The size of a test is shown as coverage: the share of surveys in which, nothing being there, the test found nothing at
5%.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.random import Generator

from benchmarks.covering import Case, Hits, covers
from peakend import intervals as iv
from peakend.field.kano import classes as kano_classes
from peakend.field.kano import tables as kano_tables
from peakend.methods.impact import contrast as ct
from peakend.methods.kano_drift import contingency as cg
from peakend.methods.kano_drift import movement as dr

SIX = (0.15, 0.25, 0.30, 0.22, 0.05, 0.03)
"""A, O, M, I, R, Q."""
TWINS = (0.40, 0.40, 0.10, 0.10, 0.0, 0.0)
FOUR = (0.30, 0.25, 0.25, 0.20)
"""M, O, A, I, the same in every wave."""
Found = Callable[[Sequence[int]], bool]


def kano_cases() -> Iterable[Case]:
    """Better, worse and the six shares; the lead of one class over its twin."""
    for n in (60, 104, 400):
        for side, name in enumerate(("better", "worse")):
            yield Case(method=f"Kano {name}: wilson", n=str(n), truth="mixed classes", hits=coefficient_hits(n, side))
    for n in (104, 400):
        yield Case(
            method="Kano shares together: sison_glaz",
            n=str(n),
            truth="mixed classes",
            hits=share_hits(n),
            claimed=n >= 400,
            most=2000,
        )
    for n in (50, 100, 400):
        yield Case(
            method="Kano lead, size: exact binomial",
            n=str(n),
            truth="two equal classes",
            hits=nothing_hits(n, exact),
            claimed=False,
        )
        yield Case(
            method="Kano lead, size: Fong",
            n=str(n),
            truth="two equal classes",
            hits=nothing_hits(n, fong),
            claimed=False,
        )


def coefficient_hits(n: int, side: int) -> Hits:
    """The interval of better (0) or of worse (1)."""
    truth = (kano_classes.coefficients(dict(zip(kano_tables.CLASSES, SIX, strict=True))) or (0.0, 0.0))[side]

    def holds(six: Sequence[int]) -> bool:
        ends = kano_classes.coefficient_intervals(dict(zip(kano_tables.CLASSES, six, strict=True)))
        return ends is not None and covers(ends[side], truth)

    return lambda rng, trials: each(rng.multinomial(n, SIX, trials), holds)


def share_hits(n: int) -> Hits:
    """All six intervals must hold."""

    def hold(six: Sequence[int]) -> bool:
        return all(covers(ends, share) for ends, share in zip(iv.sison_glaz(six) or (), SIX, strict=True))

    return lambda rng, trials: each(rng.multinomial(n, SIX, trials), hold)


def nothing_hits(n: int, found: Found) -> Hits:
    """How often no lead is found of two classes that are equally common."""
    return lambda rng, trials: each(rng.multinomial(n, TWINS, trials), lambda six: not found(six))


def exact(six: Sequence[int]) -> bool:
    """Whether the exact test finds a lead."""
    return kano_classes.lead_p(dict(zip(kano_tables.CLASSES, six, strict=True))) < 0.05


def fong(six: Sequence[int]) -> bool:
    """Whether Fong's bound finds a lead."""
    return kano_classes.fong(dict(zip(kano_tables.CLASSES, six, strict=True))).clear


def each(draws: np.ndarray[tuple[int, ...], np.dtype[np.int64]], holds: Found) -> float:
    """Hits among outcomes, each distinct outcome computed once."""
    outcomes, times = np.unique(draws, axis=0, return_counts=True)
    return float(sum(int(t) for outcome, t in zip(outcomes.tolist(), times, strict=True) if holds(outcome)))


# --- drift ------------------------------------------------------------------------------------------------------------


def drift_cases() -> Iterable[Case]:
    """Three waves without a drift; two waves of the same people who change their minds in no direction."""
    for n in (40, 120, 400):
        for name in ("homogeneity", "trend"):
            yield Case(
                method=f"Kano drift, size: {name}",
                n=f"3 × {n}",
                truth="nothing moved",
                hits=still_hits(n, name),
                most=8000,
            )
    for n in (60, 200):
        for name in ("stuart_maxwell", "repeated_trend"):
            claimed = n >= 200 or name == "repeated_trend"
            yield Case(
                method=f"Kano drift of the same, size: {name}", n=str(n), truth="a third changed their minds",
                hits=restless_hits(n, name), claimed=claimed,
                most=6000,
            )  # fmt: skip
    for n in (100, 300):
        yield Case(
            method="Kano drift of the same: bootstrap",
            n=str(n),
            truth="15 of 100 moved",
            hits=moved_hits(n),
            claimed=n >= 300,
            most=1000,
        )


def still_hits(n: int, test: str) -> Hits:
    """Every wave is drawn from the same shares."""

    def silent(waves: Sequence[Sequence[int]]) -> bool:
        found = (
            cg.homogeneity(waves)
            if test == "homogeneity"
            else cg.trend([m + o for m, o, _, _ in waves], [sum(w) for w in waves])
        )
        return found is None or found.p is None or found.p >= 0.05

    return lambda rng, trials: float(sum(silent(waves) for waves in rng.multinomial(n, FOUR, (trials, 3)).tolist()))


def restless_hits(n: int, test: str) -> Hits:
    """Two thirds say again what they said; the others say anything, by the same shares as before."""
    joint = np.diag(FOUR) * 2 / 3 + np.outer(FOUR, FOUR) / 3

    def silent(table: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> bool:
        missed = np.array([[int(a < 2), int(b < 2)] for a in range(4) for b in range(4)])
        found = cg.stuart_maxwell(table) if test == "stuart_maxwell" else cg.repeated_trend(missed, table.ravel())
        return found is None or found.p is None or found.p >= 0.05

    return lambda rng, trials: float(
        sum(silent(table.reshape(4, 4)) for table in rng.multinomial(n, joint.ravel(), trials))
    )


def moved_hits(n: int) -> Hits:
    """A share of 0.15 of all goes from attractive to must-be."""
    joint = np.zeros((6, 6))
    joint[0, 0], joint[1, 1], joint[2, 2], joint[3, 3], joint[0, 2] = 0.2, 0.25, 0.15, 0.25, 0.15
    rows = [(a, b) for a in range(6) for b in range(6)]

    def ends(counts: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> iv.Interval | None:
        panel = dr.Panel(("1", "2"), np.array(rows), counts)
        found = dr.same_people_fields(panel, ("1", "2"), 0.95)
        return None if found is None else (found["low"], found["high"])

    return lambda rng, trials: float(
        sum(covers(ends(counts), 0.15) for counts in rng.multinomial(n, joint.ravel(), trials))
    )


# --- impact asymmetry -------------------------------------------------------------------------------------------------


def impact_cases() -> Iterable[Case]:
    """Wald's test of r + p = 0 with HC3 errors where penalty and reward are equal, and the interval of their range."""
    for n in (80, 200, 600):
        for spread, name in ((0.0, "equal spread"), (0.6, "bad experiences spread more")):
            for what in ("wald", "riocs"):
                method = "Impact, size: wald HC3" if what == "wald" else "Impact, range: HC3 t"
                yield Case(
                    method=method, n=str(n), truth=name, hits=impact_hits(n, spread, what), most=3000, claimed=n >= 200
                )


def impact_hits(n: int, spread: float, what: str) -> Hits:
    """Two touchpoints; the first costs and earns 0.5."""

    def hits(rng: Generator, trials: int) -> float:
        found = 0
        for _ in range(trials):
            x = rng.integers(1, 6, (n, 2)).astype(float)
            low, high = x[:, 0] <= 2, x[:, 0] == 5
            y = 3 - 0.5 * low + 0.5 * high + rng.normal(0, 1, n) * (1 + spread * low)
            model = ct.contrasts(x, y, np.ones(n), [ct.Bands(2, 5)] * 2, 1)
            p, r, covariance = model.found[0].both or (0.0, 0.0, ((1.0, 0.0), (0.0, 1.0)))
            told = ct.asymmetry(p, r, covariance, model.df)
            found += (told.wald.p or 0.0) >= 0.05 if what == "wald" else covers(told.riocs.ends, 1.0)
        return float(found)

    return hits
