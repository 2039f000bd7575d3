"""Coverage of the total of a portfolio that was chosen because it looked best: the interval is moved down by what
picking the best adds.
"""

from __future__ import annotations

from collections.abc import Iterable

from numpy.random import Generator, default_rng

from benchmarks.covering import Case, Hits, covers
from peakend.methods import portfolio


def portfolio_cases() -> Iterable[Case]:
    """Eight initiatives, known well, hardly, or not at all; half of them can be paid."""
    for n in (8,):
        for se in (1.0, 2.0, 4.0):
            yield Case(
                method="portfolio: total of the best set", n=f"{n} initiatives",
                truth=f"values 4 to 10, known to ± {2 * se:g}",
                hits=total_hits(n, se), claimed=False, most=150,
            )  # fmt: skip


def total_hits(n: int, se: float) -> Hits:
    """Each survey sees the values with an error; what counts is the true total of the set that it chose."""
    setting = default_rng(n)
    costs, truth = setting.integers(10, 40, n), setting.uniform(4, 10, n)

    def hits(rng: Generator, trials: int) -> float:
        covered = 0
        for seen in truth + se * rng.standard_normal((trials, n)):
            rows = [
                {"initiative": f"i{i:02}", "cost": float(c), "value": v, "se": se}
                for i, (c, v) in enumerate(zip(costs, seen, strict=True))
            ]
            whole = portfolio.portfolio(rows, budget=float(costs.sum() / 2))[0]
            ends = None if whole.low is None or whole.high is None else (whole.low, whole.high)
            covered += covers(ends, float(sum(truth[int(name[1:])] for name in whole.optima[0])))
        return covered

    return hits
