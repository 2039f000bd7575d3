"""The service indicator, control charts and waits: intervals of rates, false alarms, and waits that are promised."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from benchmarks.covering import Case, Hits, covers
from peakend import intervals as iv
from peakend.maths import control_limits as cl
from peakend.methods.failures import of_counts
from peakend.methods.queue import waiting_line
from peakend.methods.queue.survival import Survival, kaplan_meier

INSIDE = 0.9973
WEIGHTS = np.array([1.0, 5.0, 10.0])


def rate_cases() -> Iterable[Case]:
    """A rate of counts, and one of weighted counts."""
    for mean in (3, 10, 50, 300):
        yield Case(
            method="rate of counts: score",
            n=str(mean),
            truth=f"{mean} expected",
            hits=rate_hits(mean),
            claimed=mean >= 50,
        )
    for mean in (5, 30):
        yield Case(
            method="no false leader of three causes",
            n=str(3 * mean),
            truth=f"{mean} expected of each",
            hits=leader_hits(mean),
            claimed=False,
            most=4000,
        )
    for mean in (10, 50, 300):
        hits = demerit_hits(mean)
        yield Case(
            method="points for 1,000 served",
            n=str(mean),
            truth=f"{mean} failures of weight 1, 5, 10",
            hits=hits,
            claimed=mean >= 300,
        )


def rate_hits(mean: float) -> Hits:
    return lambda rng, trials: float(
        sum(covers(cl.rate_interval(int(x), 100.0), mean / 100) for x in rng.poisson(mean, trials))
    )


def leader_hits(mean: float) -> Hits:
    """Of three causes that are as frequent none is called the leading one."""
    return lambda rng, trials: float(sum(not _has_leader(rng.poisson(mean, 3).tolist()) for _ in range(trials)))


def _has_leader(counts: list[int]) -> bool:
    """As the method has it, from counts."""
    return any(row.leads for row in of_counts({str(at): count for at, count in enumerate(counts)}, 999))


def demerit_hits(mean: float) -> Hits:
    expected = mean * np.array([0.8, 0.15, 0.05])

    def hits(rng: Generator, trials: int) -> float:
        counts = rng.poisson(expected, (trials, 3))
        points, variance = counts @ WEIGHTS, counts @ WEIGHTS**2
        pairs = zip(points.tolist(), variance.tolist(), strict=True)
        return float(
            sum(
                covers(cl.weighted_rate_interval(p, v, 100.0, heaviest=10.0), float(expected @ WEIGHTS) / 100)
                for p, v in pairs
            )
        )

    return hits


def chart_cases() -> Iterable[Case]:
    """Points of a process in control that lie within the limits its first 25 periods set: the rest are false alarms of
    rule 1.
    """
    charts: dict[str, Callable[[Generator], NDArray[np.float64]]] = {
        "c, 10 a period": lambda rng: cl.limits("c", rng.poisson(10, 50), baseline=25).z[25:],
        "u, 20 of 200": lambda rng: cl.limits("u", rng.poisson(20, 50), [200.0] * 50, baseline=25).z[25:],
        "p, 20% of 200": lambda rng: cl.limits("p", rng.binomial(200, 0.2, 50), [200.0] * 50, baseline=25).z[25:],
        "u′, 20 of 200": lambda rng: cl.limits("u_prime", rng.poisson(20, 50), [200.0] * 50, baseline=25).z[25:],
        "XmR, normal": lambda rng: cl.limits("xmr", rng.standard_normal(50), baseline=25).z[25:],
        "demerit, 60 a day": lambda rng: cl.demerits(
            rng.poisson([48, 9, 3], (50, 3)), WEIGHTS, [1000.0] * 50, baseline=25
        ).z[25:],
    }
    for name, drawn in charts.items():
        yield Case(
            method="points of a chart within its limits",
            n="25 + 25",
            truth=name,
            conf=INSIDE,
            hits=inside_hits(drawn),
            most=4000,
        )


def inside_hits(drawn: Callable[[Generator], NDArray[np.float64]]) -> Hits:
    """Points inside, counted in periods of 25."""
    return lambda rng, trials: float(sum((np.abs(drawn(rng)) <= cl.REACH).mean() for _ in range(trials)))


def wait_cases() -> Iterable[Case]:
    """Waits of a place in line that are no longer than the promised P80."""
    for ahead, servers in PLACES:
        yield Case(
            method="wait within P80: erlang",
            n="–",
            truth=place(ahead, servers),
            conf=0.8,
            hits=erlang_hits(ahead, servers),
        )
    for ahead, servers in PLACES:
        for seen in (30, 200):
            hits, claimed = resampled_hits(ahead, servers, seen), seen >= 200 and ahead < 20
            yield Case(
                method="wait within P80: resampled",
                n=str(seen),
                truth=place(ahead, servers),
                conf=0.8,
                hits=hits,
                claimed=claimed,
                most=400,
            )
    for n in (30, 100, 400):
        for open_ in (0.1, 0.3):
            truth = f"exponential, {open_:.0%} still waiting"
            yield Case(
                method="mean wait where some still wait",
                n=str(n),
                truth=truth,
                hits=open_hits(n, open_),
                claimed=n >= 400,
                most=4000,
            )
            hits = open_median_hits(n, open_)
            yield Case(
                method="median wait where some still wait",
                n=str(n),
                truth=truth,
                hits=hits,
                claimed=n >= 100,
                most=4000,
            )


PLACES = ((0, 1), (4, 2), (20, 3))


def place(ahead: int, servers: int) -> str:
    return f"{ahead} ahead, {servers} servers, exponential"


def erlang_hits(ahead: int, servers: int) -> Hits:
    p80 = waiting_line.erlang(ahead, servers, 1.0, (0.8,)).quantiles[0]
    return lambda rng, trials: float((rng.gamma(ahead + 1, 1 / servers, trials) <= p80).sum())


def resampled_hits(ahead: int, servers: int, seen: int) -> Hits:
    """The promise is made from so many services that were seen; the wait then is another draw, by its chance to keep
    it.
    """

    def hits(rng: Generator, trials: int) -> float:
        kept = 0.0
        for _ in range(trials):
            p80 = waiting_line.place_by_resampling(ahead, servers, rng.exponential(1.0, seen), (0.8,)).quantiles[0]
            kept += float((rng.gamma(ahead + 1, 1 / servers, 400) <= p80).mean())
        return kept

    return hits


def open_hits(n: int, open_: float) -> Hits:
    """The mean of the first minutes of each wait, up to the longest that has ended, of waits that are cut off at any
    time.
    """

    def covered(curve: Survival) -> bool:
        longest, ended = float(curve.times[-1]), float(curve.ended.sum())
        mean, variance = curve.mean(longest)
        return covers(
            iv.mean_t(int(ended), mean, variance * ended**2 / (ended - 1), 0.95, (0.0, math.inf)),
            1 - math.exp(-longest),
        )

    return lambda rng, trials: float(sum(covered(cut_off(rng, n, open_)) for _ in range(trials)))


def open_median_hits(n: int, open_: float) -> Hits:
    """Its median with the ends of Brookmeyer and Crowley, of which the upper may lie beyond what was seen."""

    def covered(curve: Survival) -> bool:
        low, high = curve.quantile_interval(0.5, 0.95)
        return low is not None and low <= math.log(2) <= (math.inf if high is None else high)

    return lambda rng, trials: float(sum(covered(cut_off(rng, n, open_)) for _ in range(trials)))


def cut_off(rng: Generator, n: int, open_: float) -> Survival:
    """Waits of mean 1, of which such a share is still open where one stops to look, also exponentially."""
    lasts, seen = rng.exponential(1.0, n), rng.exponential((1 - open_) / open_, n)
    return kaplan_meier(np.minimum(lasts, seen), lasts <= seen, lasts > seen)
