"""What hangs together by day: shares kept of a limit, failures that come in bouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from benchmarks.r.subject import Figure, Numbers, Subject, Tables
from peakend import intervals as iv
from peakend.methods.failures import equal_days_p, of_days

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
}  # fmt: skip


def tables() -> Tables:
    rng = np.random.default_rng(12)
    waits, visits = rng.integers(8, 90, 14), rng.integers(200, 500, 14)
    kept = rng.binomial(waits, rng.beta(4, 2, 14))
    late, cold = (rng.poisson(visits * level * rng.gamma(2, 0.5, 14)) for level in (0.03, 0.02))
    found = {"waits": waits, "kept": kept, "alike": waits * 3 // 4, "visits": visits, "late": late, "cold": cold}
    return {"days": {name: column.tolist() for name, column in found.items()}}


def _share(kept: Sequence[int], of: Sequence[int]) -> list[float | None]:
    x, n = sum(kept), sum(of)
    held, ends = iv.clustering(kept, of, x * (n - x) / n), iv.clustered_share(kept, of)
    return [held and held.effect, *(ends or (None, None))]


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
    }


SUBJECT = Subject("days", FIGURES, tables, ours)
