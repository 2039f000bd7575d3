"""One simulated interval: what a case is, how it is run, and when an interval covers. `coverage` holds the cases."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from peakend import intervals as iv

Ends = iv.Interval | None
Floats = NDArray[np.float64]
Hits = Callable[[Generator, int], float]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One interval in one true state: `hits(rng, trials)` is how many of so many simulated surveys had an interval that
    covered it.
    """

    method: str
    n: str
    truth: str
    hits: Hits
    conf: float = 0.95
    claimed: bool = True
    most: int = 10**9
    """Trials that are enough where each is slow."""

    def run(self, trials: int) -> Covered:
        """Simulate, from a seed that belongs to this case alone."""
        trials = min(trials, self.most)
        seed = zlib.crc32(f"{self.method}|{self.n}|{self.truth}|{self.conf}".encode())
        share = self.hits(default_rng(seed), trials) / trials
        return Covered(case=self, share=share, se=float(np.sqrt(max(share * (1 - share), 1 / trials) / trials)))


@dataclass(frozen=True, kw_only=True)
class Covered:
    """Simulated coverage of a case, with its Monte-Carlo standard error."""

    case: Case
    share: float
    se: float

    @property
    def off(self) -> float:
        """Points above (+) or below (−) nominal."""
        return 100 * (self.share - self.case.conf)


def counted(draws: NDArray[np.int64], interval: Callable[..., Ends], truth: float) -> float:
    """Hits among outcomes, each distinct outcome computed once; no interval is no hit."""
    outcomes, times = np.unique(draws.reshape(len(draws), -1), axis=0, return_counts=True)
    return float(
        sum(int(t) for outcome, t in zip(outcomes.tolist(), times, strict=True) if covers(interval(*outcome), truth))
    )


def covers(ends: Ends, truth: float) -> bool:
    """Whether the interval is there and holds the truth; the ends belong to it, to within rounding."""
    return ends is not None and ends[0] - 1e-12 <= truth <= ends[1] + 1e-12
