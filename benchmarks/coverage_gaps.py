"""Coverage of gaps and ratios: paired and importance-weighted gaps, gap 1, expectation met, the highest of all, the
ratchet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.random import Generator

from benchmarks.covering import Case, Floats, Hits, covers
from peakend import intervals as iv
from peakend.field import pair_differences
from peakend.maths import ratios
from peakend.methods import gaps, highest, ratchet

SEVEN = (1.0, 7.0)
EXPECTED = np.array([0.01, 0.02, 0.05, 0.12, 0.25, 0.35, 0.20])
"""How often 1 … 7 is expected; what is found is up to two points off."""
FALLS = {"a clear gap": (0.15, 0.3, 0.35, 0.15, 0.05), "no gap": (0.05, 0.2, 0.5, 0.2, 0.05)}


def table(falls: tuple[float, ...]) -> Floats:
    """P(E = i, P = j): found = expected − 2 … + 2, held on the scale."""
    joint = np.zeros((7, 7))
    for e in range(7):
        for step, share in zip(range(-2, 3), falls, strict=True):
            joint[e, min(6, max(0, e + step))] += EXPECTED[e] * share
    return joint


def gap_cases() -> Iterable[Case]:
    """Gaps of one item, of dimensions weighted by each respondent's importance, and between managers and customers."""
    for n in (30, 100, 400):
        for name, falls in FALLS.items():
            yield Case(method="gap P − E: paired t", n=str(n), truth=name, hits=paired_hits(n, table(falls)))
    for n in (40, 200):
        yield Case(
            method="gap by own importance: t", n=str(n), truth="five dimensions, unequal weights", hits=weighted_hits(n)
        )
    for managers, customers in ((5, 100), (8, 100), (20, 400)):
        yield Case(
            method="gap 1: welch", n=f"{managers}, {customers}", truth="managers more alike, two items",
            hits=knowledge_hits(managers, customers),
            most=10_000, claimed=managers > 5,
        )  # fmt: skip


def paired_hits(n: int, joint: Floats) -> Hits:
    """Each respondent a cell of the table of pairs."""
    gap = np.subtract.outer(np.arange(7), np.arange(7)).T.ravel().astype(float)
    chances = joint.ravel()
    truth = float(gap @ chances)

    def hits(rng: Generator, trials: int) -> float:
        found = 0
        for start in range(0, trials, 2000):
            drawn = gap[rng.choice(49, (min(2000, trials - start), n), p=chances)]
            for mean, variance in zip(drawn.mean(axis=1).tolist(), drawn.var(axis=1, ddof=1).tolist(), strict=True):
                test = pair_differences.test(
                    pair_differences.PairStatistics(n=n, left=0.0, right=mean, variance=variance), SEVEN, 0.95
                )
                found += covers(test.ends, truth)
        return float(found)

    return hits


def weighted_hits(n: int) -> Hits:
    """Importance of 100 points, Dirichlet; gaps of five dimensions that share a respondent's mood and go with what they
    hold important.
    """
    alpha, means = np.array([2.0, 4.0, 3.0, 2.0, 1.0]), np.array([-0.2, -1.0, -0.6, -0.4, 0.1])
    share = alpha / alpha.sum()
    spread = float(
        (share * (1 - share) / (alpha.sum() + 1)).sum()
    )  # Σ Var(w): a gap grows by one point where all importance lies on it
    truth = float(share @ means) - spread

    def hits(rng: Generator, trials: int) -> float:
        found = 0
        for start in range(0, trials, 1000):
            size = (min(1000, trials - start), n)
            weights = rng.dirichlet(alpha, size)
            gap = means - (weights - share) + rng.normal(0, 0.5, (*size, 1)) + rng.normal(0, 0.8, (*size, 5))
            own = (weights * gap).sum(axis=2)
            ends = (
                iv.mean_t(n, m, v)
                for m, v in zip(own.mean(axis=1).tolist(), own.var(axis=1, ddof=1).tolist(), strict=True)
            )
            found += sum(covers(one, truth) for one in ends)
        return float(found)

    return hits


def knowledge_hits(managers: int, customers: int) -> Hits:
    """Two items a person, on seven points."""
    values = np.arange(1.0, 8.0)
    believed = np.array([0.0, 0.02, 0.08, 0.25, 0.35, 0.22, 0.08])
    truth = float(values @ believed - values @ EXPECTED)

    def hits(rng: Generator, trials: int) -> float:
        found = 0
        for _ in range(trials):
            own, others = (
                rng.choice(values, (2, size), p=chances).mean(axis=0)
                for size, chances in ((managers, believed), (customers, EXPECTED))
            )
            found += covers(gaps.knowledge(own, others, scale=SEVEN).difference_interval, truth)
        return float(found)

    return hits


def ratio_cases() -> Iterable[Case]:
    """P / E of the same people, and the probability to be the highest."""
    for n in (10, 30, 100):
        for sd in (10.0, 25.0):
            yield Case(
                method="expectation met: fieller",
                n=str(n),
                truth=f"0.92, SD of E {sd:g} of 75",
                hits=fieller_hits(n, sd),
                claimed=n >= 30,
                most=10_000,
            )
    for n in (60, 300):
        hits = weighted_fieller_hits(n)
        yield Case(
            method="weighted expectation met: fieller",
            n=str(n),
            truth="weights spread 0.6, go with E",
            hits=hits,
            claimed=n >= 300,
            most=6000,
        )
    for n in (30, 100):
        for conf in (0.8, 0.95):
            yield Case(
                method="P(highest) of two alike: below nominal",
                n=str(n),
                truth="no difference",
                conf=conf,
                hits=alike_hits(n, conf),
                most=4000,
                claimed=False,
            )
    yield Case(
        method="P(highest) of three: how often it is so",
        n="60",
        truth="said 0.70 to 0.90",
        conf=0.8,
        hits=said_hits(60),
        most=600,
        claimed=False,
    )


def fieller_hits(n: int, sd: float) -> Hits:
    def hits(rng: Generator, trials: int) -> float:
        found, ones = 0, np.ones(n)
        for _ in range(trials):
            expected = rng.normal(75, sd, n)
            perceived = 69 + 0.6 * (expected - 75) + rng.normal(0, 14, n)
            ends = ratios.fieller(ratios.paired_means(perceived, expected, ones))
            found += ends.set != "between" or covers((ends.low or 0.0, ends.high or 0.0), 0.92)
        return float(found)

    return hits


def weighted_fieller_hits(n: int) -> Hits:
    """Who expects much is asked too seldom and weighs more; the truth is that of everybody, E 75 and P 69."""

    def hits(rng: Generator, trials: int) -> float:
        found = 0
        for _ in range(trials):
            everybody = rng.normal(75, 12, 8 * n)
            chance = np.exp(-(everybody - 75) / 20)
            asked = rng.choice(everybody, n, p=chance / chance.sum())
            perceived, weight = 69 + 0.6 * (asked - 75) + rng.normal(0, 14, n), np.exp((asked - 75) / 20)
            means = ratios.weighted_means(perceived, asked, np.ones(n), weight, weight**2)
            ends = None if means is None else ratios.fieller(means)
            found += ends is not None and covers((ends.low or 0.0, ends.high or 0.0), 0.92)
        return float(found)

    return hits


ANSWERS = np.array([0.04, 0.06, 0.15, 0.4, 0.35])


def tally(counts: Sequence[int]) -> dict[float, int]:
    """Counts of the answers 0, 1, … by value."""
    return {float(value): count for value, count in enumerate(counts)}


def alike_hits(n: int, conf: float) -> Hits:
    """Where two do not differ, the probability of the first stays below a level as often as that level says."""

    def hits(rng: Generator, trials: int) -> float:
        found = 0
        for at, draws in enumerate(rng.multinomial(n, ANSWERS, (trials, 2)).tolist()):
            tallies = [tally(counts) for counts in draws]
            found += highest.probabilities(tallies, rounds=1000, seed=at)[0] <= conf
        return float(found)

    return hits


def said_hits(n: int) -> Hits:
    """Three whose true means differ: among surveys that say about 80%, how often the first is the highest (each taken
    at what it said).
    """

    def hits(rng: Generator, trials: int) -> float:
        kept, total, at = 0, 0.0, 0
        while kept < trials:
            at += 1
            worlds = [ANSWERS * np.exp(lean * np.arange(5)) for lean in rng.normal(0, 0.25, 3)]
            chances = [world / world.sum() for world in worlds]
            true = [float(one @ np.arange(5)) for one in chances]
            says = highest.probabilities(
                [tally(rng.multinomial(n, one).tolist()) for one in chances], rounds=500, seed=at
            )[0]
            if 0.7 <= says <= 0.9:
                kept, total = kept + 1, total + (true[0] == max(true)) - says + 0.8
        return total

    return hits


def ratchet_cases() -> Iterable[Case]:
    """Rates of adjustment, with errors by customer."""
    for customers in (15, 60):
        for down in (0.0, 0.3):
            yield Case(
                method="ratchet, down: t by customer", n=f"{customers} × 5", truth=f"α↓ {down:g}, α↑ 0.6",
                hits=ratchet_hits(customers, down), most=4000,
                claimed=customers >= 60,
            )  # fmt: skip


def ratchet_hits(customers: int, down: float) -> Hits:
    """Customers who differ in how much they are shaken, so that steps of one are alike."""

    def hits(rng: Generator, trials: int) -> float:
        found = 0
        for _ in range(trials):
            steps, expected = [], rng.normal(5, 0.8, customers)
            shaken = rng.uniform(0.1, 0.5, customers)
            for _ in range(5):
                away = rng.normal(5, 1.2, customers) - expected
                moved = np.where(away > 0, 0.6, down) * away + rng.normal(0, shaken)
                steps.append(np.column_stack([moved, np.maximum(away, 0), np.minimum(away, 0)]))
                expected = expected + moved
            whole, who = np.concatenate(steps), np.tile(np.arange(customers), 5)
            estimate, se = ratchet.least_squares(whole[:, 1:], whole[:, 0], who)
            half = iv.t_quantile(customers - 1) * float(se[1])
            found += covers((float(estimate[1]) - half, float(estimate[1]) + half), down)
        return float(found)

    return hits
