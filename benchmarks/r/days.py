"""What hangs together by day: shares kept of a limit, failures that come in bouts, waits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.r.subject import Figure, Numbers, Subject, Tables
from peakend import intervals as iv
from peakend.methods.failures import equal_days_p, of_days
from peakend.methods.queue.by_day import of_waits

JACKKNIFE = 'survey::svyratio, as.svrepdesign("JK1"); prop.test'
FIGURES = {
    "kept": Figure("service_level", "share kept, design effect and interval, by day", JACKKNIFE, 1e-7),
    "alike": Figure("service_level", "the same where days are more alike than chance: effect 1", JACKKNIFE, 1e-7),
    "failed": Figure(
        "failures", "failures for 1,000 visits, design effect and interval, by day",
        "survey::svyratio, as.svrepdesign(\"JK1\"); uniroot on the Poisson score", 1e-7,
    ),
    "part": Figure("failures", "share of one cause, design effect and interval, by day", JACKKNIFE, 1e-7),
    "apart": Figure("failures", "p of two causes that are as frequent, by day", "t.test(paired = TRUE)"),
    "waited": Figure("queue", "mean wait, design effect and interval, by day", JACKKNIFE.split(";", maxsplit=1)[0], 1e-7),
    "longer": Figure(
        "queue", "standard error of the share that waits longer than the median, some left, by day",
        "survival::survfit(cluster =, robust = TRUE)", 1e-7,
    ),
}  # fmt: skip


def tables() -> Tables:
    rng = np.random.default_rng(12)
    waits, visits = rng.integers(8, 90, 14), rng.integers(200, 500, 14)
    kept = rng.binomial(waits, rng.beta(4, 2, 14))
    late, cold = (rng.poisson(visits * level * rng.gamma(2, 0.5, 14)) for level in (0.03, 0.02))
    found = {"waits": waits, "kept": kept, "alike": waits * 3 // 4, "visits": visits, "late": late, "cold": cold}
    return {"days": {name: column.tolist() for name, column in found.items()}, "waits": _waits()}


def _waits() -> dict[str, list[float]]:
    """Waits of good and bad days; whoever leaves is not seen to the end."""
    rng = np.random.default_rng(15)
    day = np.repeat(np.arange(14), rng.integers(5, 30, 14))
    lasts = np.exp(2 + 0.6 * rng.standard_normal(14)[day] + 0.7 * rng.standard_normal(len(day))).round(1)
    leaves = rng.exponential(40, len(day)).round(1)
    found = {"day": day, "lasts": lasts, "seen": np.minimum(lasts, leaves), "ended": lasts <= leaves}
    return {name: column.astype(float).tolist() for name, column in found.items()}


def _share(kept: Sequence[int], of: Sequence[int]) -> list[float | None]:
    x, n = sum(kept), sum(of)
    held, ends = iv.clustering(kept, of, x * (n - x) / n), iv.clustered_share(kept, of)
    return [held and held.effect, *(ends or (None, None))]


def _waited(waits: Mapping[str, Sequence[float]]) -> list[float | None]:
    lasts = np.array(waits["lasts"])
    variance = float(lasts.var(ddof=1))
    held = of_waits(waits["day"], lasts, np.ones(len(lasts), dtype=bool)).of_mean(variance)
    ends = held and iv.clustered_mean(held, float(lasts.mean()), variance / len(lasts))
    return [held and held.effect, *(ends or (None, None))]


def _longer(waits: Mapping[str, Sequence[float]]) -> list[float]:
    daily = of_waits(waits["day"], waits["seen"], np.array(waits["ended"], dtype=bool))
    moved = daily.curve.influence_on_share(daily.curve.quantile(0.5) or 0.0, daily.minutes, daily.ended)
    return [float(np.sqrt((np.bincount(daily.day, weights=moved) ** 2).sum()))]


def ours(tables: Tables) -> Mapping[str, Numbers]:
    days = tables["days"]
    late, cold, visits = days["late"], days["cold"], days["visits"]
    (_whole, row, *_rest) = of_days({"late": late, "cold": cold}, visits)
    held = iv.clustering(late, visits, sum(late))
    return {
        "kept": _share(days["kept"], days["waits"]),
        "alike": _share(days["alike"], days["waits"]),
        "failed": [held and held.effect, row.low, row.high],
        "part": _share(late, [one + other for one, other in zip(late, cold, strict=True)]),
        "apart": [equal_days_p(late, cold)],
        "waited": _waited(tables["waits"]),
        "longer": _longer(tables["waits"]),
    }


SUBJECT = Subject("days", FIGURES, tables, ours)
