"""What hangs together by day: shares kept and waits where a queue stands or days are good and bad, failures that come in
bouts.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import special

from benchmarks.covering import Case, Hits, covers
from peakend import intervals as iv
from peakend.methods.failures import of_days
from peakend.methods.queue.by_day import of_waits
from peakend.methods.queue.survival import kaplan_meier

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
SLOW = 4000


def day_cases() -> Iterable[Case]:
    """Shares and rates of which the rows of one day hang together."""
    for days in (5, 20, 60):
        n = f"{days} days of 40"
        yield Case(
            method="share kept: by day, queues", n=n, truth="0.5, neighbours correlate by 0.9",
            hits=queue_hits(days, 40, 0.9), claimed=days >= 20, most=SLOW,
        )  # fmt: skip
        for share, uneven in ((0.5, False), (0.8, True), (0.95, True)):
            truth = f"{share:g}, days differ by 1.5 in the logit, {'uneven' if uneven else 'as many each day'}"
            yield Case(
                method="share kept: by day, good and bad days", n=n, truth=truth,
                hits=differing_hits(days, 40, share, uneven=uneven), claimed=days >= 20 and share == 0.5, most=SLOW,
            )  # fmt: skip
        yield Case(
            method="share kept: by day, each wait alone", n=n, truth="0.8",
            hits=differing_hits(days, 40, 0.8, spread=0.0), claimed=False, most=SLOW,
        )  # fmt: skip
    for days in (5, 20, 60):
        for mean in (1, 10):
            yield Case(
                method="rate of failures: by day, in bouts", n=f"{days} days", claimed=days >= 20, most=SLOW,
                truth=f"{mean} expected a day, variance {_spread(mean):g} times as large", hits=bout_hits(days, mean),
            )  # fmt: skip
    for days in (5, 20, 60):
        yield Case(
            method="no false leader of three causes: by day, in bouts", n=f"{days} days", claimed=False, most=SLOW,
            truth="3 expected a day of each, each in bouts of its own", hits=leader_hits(days, 3.0),
        )  # fmt: skip


def _ends(kept: Counts, of: Counts) -> iv.Interval | None:
    return iv.clustered_share(kept, of)


def queue_hits(days: int, each: int, together: float) -> Hits:
    """Waits that are long where the one before was, anew each morning: half of all keep their limit."""

    def hits(rng: Generator, trials: int) -> float:
        found = 0
        for _ in range(trials):
            waits = rng.standard_normal((days, each))
            for at in range(1, each):
                waits[:, at] = together * waits[:, at - 1] + math.sqrt(1 - together**2) * waits[:, at]
            found += covers(_ends((waits > 0).sum(axis=1), np.full(days, each)), 0.5)
        return float(found)

    return hits


def differing_hits(days: int, each: int, share: float, *, spread: float = 1.5, uneven: bool = False) -> Hits:
    """Days of which each has a share of its own, normal in the logit; of uneven days some are four times as busy as
    others.
    """
    middle = _middle(share, spread)

    def hits(rng: Generator, trials: int) -> float:
        found = 0
        for _ in range(trials):
            of = rng.poisson(each * rng.gamma(2, 0.5, days)) + 1 if uneven else np.full(days, each)
            kept = rng.binomial(of, special.expit(middle + spread * rng.standard_normal(days)))
            found += covers(_ends(kept, of), share)
        return float(found)

    return hits


def _middle(share: float, spread: float) -> float:
    """The logit around which days lie so that their mean share is this: by halving."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    low, high = -30.0, 30.0
    for _ in range(80):
        at = (low + high) / 2
        is_below = float(weights @ special.expit(at + spread * nodes)) / float(weights.sum()) < share
        low, high = (at, high) if is_below else (low, at)
    return (low + high) / 2


BOUTS = 0.5
"""The coefficient of variation, squared, of how bad days are."""


def _spread(mean: float) -> float:
    return 1 + BOUTS * mean


def _in_bouts(rng: Generator, days: int, mean: float) -> Counts:
    return rng.poisson(mean * rng.gamma(1 / BOUTS, BOUTS, days))


def bout_hits(days: int, mean: float) -> Hits:
    """Failures of good and bad days, of a hundred visits each."""

    def hits(rng: Generator, trials: int) -> float:
        rows = (of_days({"late": _in_bouts(rng, days, mean).tolist()}, [100.0] * days)[0] for _ in range(trials))
        return float(sum(covers(_row_ends(row.low, row.high), 10 * mean) for row in rows))

    return hits


def _row_ends(low: float | None, high: float | None) -> iv.Interval | None:
    return None if low is None or high is None else (low, high)


def leader_hits(days: int, mean: float) -> Hits:
    """Of three causes that are as frequent, each in bouts of its own, none is called the leading one."""

    def hits(rng: Generator, trials: int) -> float:
        found = 0
        for _ in range(trials):
            counts = {name: _in_bouts(rng, days, mean).tolist() for name in "abc"}
            found += not any(row.leads for row in of_days(counts, [100.0] * days))
        return float(found)

    return hits


# --- waits ------------------------------------------------------------------------------------------------------------

SPREAD = 0.8
"""How much waits spread: the standard deviation of their logarithm; half of them are longer than 1."""
TOGETHER = 0.4
"""Which part of its square is that of days."""
ALONE = "each wait alone"
PATIENCE = 8.0
"""The mean after which whoever waits would leave: one in ten to one in eight does."""


def wait_day_cases() -> Iterable[Case]:
    """The mean and the median of waits of which those of one day hang together."""
    kinds = {
        "queues": ("neighbours correlate by 0.9", _queues),
        "good and bad days": ("two fifths of their variance is that of days", _good_and_bad),
        ALONE: ("nothing hangs together", _alone),
    }
    for days in (5, 20, 60):
        for kind, (truth, drawn) in kinds.items():
            for leave in (False,) if kind == ALONE else (False, True):
                for figure, covered in (("mean", _mean_covers), ("median", _median_covers)):
                    yield Case(
                        method=f"{figure} wait: by day, {kind}", n=f"{days} days of 40",
                        truth=f"{truth}{', some leave' if leave else ''}", claimed=days >= 60 and kind == "queues",
                        hits=wait_hits(days, drawn, covered, leave=leave), most=SLOW // 2,
                    )  # fmt: skip


def _queues(rng: Generator, days: int) -> Floats:
    z = rng.standard_normal((days, 40))
    for at in range(1, 40):
        z[:, at] = 0.9 * z[:, at - 1] + math.sqrt(1 - 0.81) * z[:, at]
    return z


def _good_and_bad(rng: Generator, days: int) -> Floats:
    return math.sqrt(TOGETHER) * rng.standard_normal((days, 1)) + math.sqrt(1 - TOGETHER) * rng.standard_normal(
        (days, 40)
    )


def _alone(rng: Generator, days: int) -> Floats:
    return rng.standard_normal((days, 40))


def wait_hits(
    days: int, drawn: Callable[[Generator, int], Floats], covered: Callable[..., bool], *, leave: bool
) -> Hits:
    """Waits that are lognormal, whatever they hang together by."""
    day = np.repeat(np.arange(days), 40).tolist()

    def hits(rng: Generator, trials: int) -> float:
        found = 0
        for _ in range(trials):
            lasts = np.exp(SPREAD * drawn(rng, days)).ravel()
            seen = rng.exponential(PATIENCE, len(lasts)) if leave else np.full(len(lasts), math.inf)
            found += covered(day, np.minimum(lasts, seen), lasts <= seen)
        return float(found)

    return hits


def _mean_covers(day: list[int], lasts: Floats, ended: NDArray[np.bool_]) -> bool:
    """The mean of as many minutes of each wait as are looked at."""
    daily, longest = of_waits(day, lasts, ended), float(lasts[ended].max())
    n, mean, variance = len(lasts), float(lasts.mean()), float(lasts.var(ddof=1))
    truth = math.exp(SPREAD**2 / 2)
    if not ended.all():
        mean, of_mean = daily.curve.mean(longest)
        variance = of_mean * n * n / (n - 1)
        log = math.log(longest)
        truth = truth * float(special.ndtr((log - SPREAD**2) / SPREAD))
        truth += longest * float(special.ndtr(-log / SPREAD))
    held = daily.of_mean(variance)
    return held is not None and covers(iv.clustered_mean(held, mean, variance / n), truth)


def _median_covers(day: list[int], lasts: Floats, ended: NDArray[np.bool_]) -> bool:
    held = of_waits(day, lasts, ended).of_share()
    if held is None:
        return False
    low, high = kaplan_meier(lasts, ended, ~ended).quantile_interval(0.5, 0.95, held.wider(0.95))
    return low is not None and low <= 1 <= (math.inf if high is None else high)
