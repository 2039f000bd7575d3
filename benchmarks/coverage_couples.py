"""The change of people who were asked twice: how often its interval covers, and how often the exact test finds who
changed sides.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.random import Generator
from scipy import special

from benchmarks.coverage_power import binomial
from benchmarks.covering import Case, Floats, Hits, covers
from peakend.field.cell_figures import Coding
from peakend.methods.verify import couples as cp

ANSWERS = np.arange(1.0, 6.0)
FIRST = np.array([0.08, 0.12, 0.25, 0.35, 0.2])


def couple_cases() -> Iterable[Case]:
    """Means and shares of the same people; half say again what they said, the others answer anew, a little higher."""
    for n in (15, 40, 150):
        for figure in ("mean", "top_box"):
            name = "paired t" if figure == "mean" else "Bonett & Price"
            yield Case(
                method=f"the same people, {figure}: {name}",
                n=str(n),
                truth="half say the same again",
                hits=held(n, figure),
                most=6000,
                claimed=figure == "mean" or n >= 100,
            )
    for n in (60, 200):
        yield Case(
            method="power, the same people: McNemar",
            n=str(n),
            truth="24 of 100 gained, 10 lost",
            hits=found(n),
            conf=power(n),
            most=6000,
        )


def joint() -> Floats:
    """The shares of the pairs (before, after)."""
    later = FIRST * np.exp(0.25 * np.arange(5))
    return np.asarray(np.diag(FIRST) / 2 + np.outer(FIRST, later / later.sum()) / 2)


def held(n: int, figure: str) -> Hits:
    coding = Coding(figure="mean" if figure == "mean" else "top_box", low=1.0, high=5.0)
    codes, shares = coding.codes(ANSWERS.tolist()), joint()
    truth = float((shares * (codes[None, :] - codes[:, None])).sum())
    before, after = (grid.ravel() for grid in np.meshgrid(ANSWERS, ANSWERS, indexing="ij"))

    def hits(rng: Generator, trials: int) -> float:
        draws = rng.multinomial(n, shares.ravel(), trials)
        return float(
            sum(
                covers(cp.paired_change(cp.Couples(before, after, count, 0), coding, 0.95)[2], truth) for count in draws
            )
        )

    return hits


def found(n: int) -> Hits:
    coding, sides = Coding(figure="top_box", low=1.0, high=5.0), (np.array([1.0, 5.0, 5.0]), np.array([5.0, 1.0, 5.0]))

    def hits(rng: Generator, trials: int) -> float:
        draws = rng.multinomial(n, (0.24, 0.10, 0.66), trials)
        return float(
            sum((cp.paired_change(cp.Couples(*sides, count, 0), coding, 0.95)[3] or 0.0) < 0.05 for count in draws)
        )

    return hits


def power(n: int) -> float:
    """Exact: how many changed sides at all, and of these how many gained."""
    moved, gained = 0.34, 0.24 / 0.34
    chances = binomial(np.arange(n + 1), n, moved)
    return float(sum(chance * _given(k, gained) for k, chance in enumerate(chances) if chance > 1e-9))


def _given(m: int, gained: float) -> float:
    a = np.arange(m + 1)
    told = 2 * special.bdtr(np.minimum(a, m - a), m, 0.5) < 0.05
    return math.fsum(binomial(a, m, gained)[told].tolist())
