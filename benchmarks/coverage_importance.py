"""Importance and performance: of places that are named with a chance of about one half, 0.8 or 0.95, how many are the
true ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.random import Generator

from benchmarks.covering import Case, Hits
from peakend.methods.importance import quadrants as qd
from peakend.sums import products

CONSTRUCTS = 8
ABOUT = ((0.5, 0.05), (0.8, 0.05), (0.95, 0.02))
"""Stated chances, and how far around each a place still counts."""


def importance_cases() -> Iterable[Case]:
    """Places in the plane of eight constructs, by what was said of them."""
    for n in (30, 60):
        for said, around in ABOUT:
            yield Case(
                method="P(quadrant): how often it is so", n=str(n),
                truth=f"said {said - around:.2f} to {said + around:.2f}", conf=said,
                hits=place_hits(n, said, around), most=600, claimed=False,
            )  # fmt: skip


def place_hits(n: int, said: float, around: float) -> Hits:
    """True places among so many that were said with about this chance."""

    def hits(rng: Generator, trials: int) -> float:
        found = _said(rng, n, (said - around, said + around))
        return float(sum(next(found) for _ in range(trials)))

    return hits


def _said(rng: Generator, n: int, between: tuple[float, float]) -> Iterator[bool]:
    """Surveys of n respondents, without end: of each place said with a chance between these, whether it is the true
    one.

    True means lie evenly from 2.8 to 4.4, an answer's spread is 0.9, and a respondent who scores one thing high tends
    to score all so.
    """
    while True:
        truth = rng.uniform(2.8, 4.4, (2, CONSTRUCTS))
        own = rng.normal(0, 0.5, (n, 1)) + rng.normal(0, 0.75, (n, 2 * CONSTRUCTS))
        sums = products(truth.ravel() + own, np.ones(n), np.arange(n))
        mean, draws = sums.mean().reshape(truth.shape), qd.bootstrap(sums).reshape(-1, *truth.shape)
        right = qd.places(truth, "mean", (None, None))
        for at, place in enumerate(qd.place_fields(mean, draws, "mean", (None, None))):
            if between[0] <= place["probability"] <= between[1]:
                yield qd.QUADRANTS[right[at]] == place["quadrant"]
