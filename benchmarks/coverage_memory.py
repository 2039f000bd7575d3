"""Coverage of what visits and touchpoints tell: ridits, correlations and their difference, Williams' test, shares of
drivers, edits of moments.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache

import numpy as np
from numpy.random import Generator

from benchmarks.covering import Case, Floats, Hits, covers
from peakend.maths import shapley
from peakend.methods import drivers, ridit
from peakend.methods.drivers import shares
from peakend.methods.drivers.decisive import confidence_for_all, decisive_drivers
from peakend.methods.peak_end import memory
from peakend.reduce import Walks

RATED = {
    "alike": ((0.1, 0.2, 0.3, 0.25, 0.15),) * 2,
    "apart": ((0.2, 0.3, 0.25, 0.15, 0.1), (0.05, 0.1, 0.2, 0.35, 0.3)),
}


def memory_cases() -> Iterable[Case]:
    """All of them."""
    for n, m in ((30, 30), (100, 40), (300, 300)):
        for name, worlds in RATED.items():
            yield Case(
                method="mean ridit: placements, logit",
                n=f"{n}, {m}",
                truth=name,
                hits=ridit_hits((n, m), worlds),
                most=4000,
            )
    for n in (50, 200):
        for means in ((0.5, 0.5), (0.6, 0.4)):
            truth = f"r {means[0]:g} and {means[1]:g}, 0.7 between"
            yield Case(
                method="difference of dependent correlations: Zou",
                n=str(n),
                truth=truth,
                hits=correlated_hits(n, means),
                most=4000,
            )
    for n in (50, 200):
        yield Case(
            method="no false alarm: Williams",
            n=str(n),
            truth="r 0.5 and 0.5, 0.7 between",
            hits=alarm_hits(n),
            most=10_000,
        )
    yield from resampled()


def resampled() -> Iterable[Case]:
    """Percentile intervals of resampled visits: slow, and none is claimed."""
    for n in (100, 300):
        yield Case(
            method="share of a driver: bootstrap",
            n=str(n),
            truth="three drivers, correlated",
            hits=share_hits(n),
            most=600,
            claimed=False,
        )
    for n in (100, 300):
        truth = "three touchpoints, met by 7 of 10"
        yield Case(
            method="share of a driver: bootstrap, visits",
            n=str(n),
            truth=truth,
            hits=visit_hits(n),
            most=600,
            claimed=False,
        )
    for n, many in ((100, 4), (300, 4), (300, 6)):
        yield Case(
            method="no false decisive touchpoint: Bonferroni, bootstrap",
            n=str(n),
            truth=f"{many} touchpoints that decide the same, r 0.4 between",
            hits=decisive_hits(n, many),
            most=600,
            claimed=False,
        )
    for n in (60, 200):
        yield Case(
            method="what if the end rose: bootstrap",
            n=str(n),
            truth="peak and end decide",
            hits=edit_hits(n),
            most=600,
            claimed=False,
        )


def decisive_hits(n: int, many: int) -> Hits:
    """Of touchpoints that decide the same none is said to decide more than the rest."""
    names, alike = [*(f"t{at}" for at in range(many)), "whole"], 0.4

    def hits(rng: Generator, trials: int) -> float:
        found = 0
        for _ in range(trials):
            scores = math.sqrt(alike) * rng.standard_normal((n, 1))
            scores = scores + math.sqrt(1 - alike) * rng.standard_normal((n, many))
            whole = scores.mean(axis=1) + 0.6 * rng.standard_normal(n)
            table, conf = np.column_stack([scores, whole]), confidence_for_all(many)
            found += not decisive_drivers(drivers.from_rows(table, names, "whole", fewest=1, conf=conf))
        return float(found)

    return hits


def ridit_hits(n: tuple[int, int], worlds: tuple[tuple[float, ...], tuple[float, ...]]) -> Hits:
    """One group against another as reference."""
    one, two = (np.array(world) for world in worlds)
    truth = float(two @ (np.cumsum(one) - one / 2))

    def hits(rng: Generator, trials: int) -> float:
        draws = zip(
            rng.multinomial(n[0], one, trials).astype(float),
            rng.multinomial(n[1], two, trials).astype(float),
            strict=True,
        )
        return float(sum(covers(ridit.mean_ridit({"a": a, "b": b}, "b", "a")[1], truth) for a, b in draws))

    return hits


def three(rng: Generator, n: int, means: tuple[float, float]) -> Floats:
    """The correlations of y, x1 and x2 in a sample of n from a normal population."""
    r = np.array([[1, means[0], means[1]], [means[0], 1, 0.7], [means[1], 0.7, 1]])
    return np.asarray(np.corrcoef((rng.standard_normal((n, 3)) @ np.linalg.cholesky(r).T).T))


def correlated_hits(n: int, means: tuple[float, float]) -> Hits:
    """The interval of r(y, x1) − r(y, x2)."""

    def hits(rng: Generator, trials: int) -> float:
        found = (three(rng, n, means) for _ in range(trials))
        return float(
            sum(covers(memory.difference_interval(n, r[0, 1], r[0, 2], r[1, 2]), means[0] - means[1]) for r in found)
        )

    return hits


def alarm_hits(n: int) -> Hits:
    """How often Williams' test finds nothing at 5% where there is nothing."""

    def hits(rng: Generator, trials: int) -> float:
        tests = (
            memory.williams(n, r[0, 1], r[0, 2], r[1, 2]) for r in (three(rng, n, (0.5, 0.5)) for _ in range(trials))
        )
        return float(sum(test is not None and test.p >= 0.05 for test in tests))

    return hits


def share_hits(n: int) -> Hits:
    """The percentile interval of the middle one of three shares."""
    r = np.array([[1, 0.3, 0.2, 0.6], [0.3, 1, 0.4, 0.5], [0.2, 0.4, 1, 0.3], [0.6, 0.5, 0.3, 1.0]])
    truth, root = float(shapley.lmg(shapley.r2_of_subsets(r))[1]), np.linalg.cholesky(r)

    def hits(rng: Generator, trials: int) -> float:
        found = 0
        for _ in range(trials):
            rows = {
                row.driver: row
                for row in drivers.from_rows(rng.standard_normal((n, 4)) @ root.T, ["a", "b", "c", "y"], "y")
            }
            low, high = rows["b"].low, rows["b"].high
            found += covers(None if low is None or high is None else (low, high), truth)
        return float(found)

    return hits


def visit_hits(n: int) -> Hits:
    """The same where each touchpoint is met by seven of ten, and having met the second is a gain in itself."""
    names = ("a", "b", "c", "y")

    def hits(rng: Generator, trials: int) -> float:
        found, truth = 0, share_of_visits()
        for _ in range(trials):
            rows = {row.driver: row for row in drivers.from_rows(met_some(rng, n), names, "y", missing="visits")}
            low, high = rows["b"].low, rows["b"].high
            found += covers(None if low is None or high is None else (low, high), truth)
        return float(found)

    return hits


@cache
def share_of_visits() -> float:
    """The true share, from 400,000 visits: only where it is simulated, for whoever lists the cases needs none."""
    table, sizes = shares.design(met_some(np.random.default_rng(1), 400_000), np.ones(400_000, dtype=np.int64))
    return float(shapley.lmg(shapley.r2_of_subsets(np.corrcoef(table.T), sizes))[1])


def met_some(rng: Generator, n: int) -> Floats:
    """Ratings of three touchpoints, NaN where one was not met, and of the whole."""
    x, there = rng.standard_normal((n, 3)) @ np.linalg.cholesky(0.7 * np.eye(3) + 0.3).T, rng.random((n, 3)) < 0.7
    whole = (there * x) @ [0.5, 0.4, 0.2] + 0.5 * there[:, 1] + rng.normal(0, 1, n)
    return np.column_stack([np.where(there, x, np.nan), whole])


def edit_hits(n: int) -> Hits:
    """Visits of five moments on 1–7: the change of the remembered score where each last one rises by a point."""

    def hits(rng: Generator, trials: int) -> float:
        truth = change_by_the_end()
        edits = (memory.what_if(visits(rng, n), ["end"], 1.0, model="m1")["end"] for _ in range(trials))
        return float(sum(covers((one["low"], one["high"]), truth) for one in edits))

    return hits


@cache
def change_by_the_end() -> float:
    """The true change, from 200,000 visits."""
    large = visits(np.random.default_rng(1), 200_000)
    columns, after = (
        memory.of_visits(large.features(value)) for value in (None, memory.raise_moment(large, "end", 1.0))
    )
    return float(0.3 * (after["peak"] - columns["peak"]).mean() + 0.4 * (after["end"] - columns["end"]).mean())


def visits(rng: Generator, n: int) -> Walks:
    """Visits whose memory is 0.3 of the peak and 0.4 of the end, and chance."""
    value = np.clip(np.round(rng.normal(4.5, 1.3, (n, 5))), 1.0, 7.0)
    names = np.array([f"{i:06}" for i in range(n)], dtype=object)
    scale = np.ones(5 * n)
    remembered = 0.3 * value.max(axis=1) + 0.4 * value[:, -1] + rng.normal(0, 0.7, n)
    return Walks(
        names, names, remembered, np.ones(n), np.ones(n, dtype=bool), np.arange(n) * 5, np.tile(np.arange(5), n),
        value.ravel(), scale, 7 * scale,
        ("a", "b", "c", "d", "e"),
    )  # fmt: skip
