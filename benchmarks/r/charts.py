"""Control charts and the quality indicator: limits, rules, intervals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from benchmarks.r.subject import Figure, Numbers, Subject, Tables
from peakend.maths import control_limits as cl
from peakend.methods import control, sqi

FIGURES = {
    **{
        name: Figure("control", f"{what}: centre and limits of each point", "base R, by formula")
        for name, what in (
            ("c", "c chart"),
            ("u", "u chart"),
            ("p", "p chart"),
            ("u_prime", "Laney's u′"),
            ("p_prime", "Laney's p′"),
            ("xmr", "XmR chart"),
        )
    },
    "sigma_z": Figure("control", "σ_z of u′ and p′", "base R, by formula"),
    "rules": Figure("control", "points that break each of the four Western Electric rules", "base R, point by point"),
    "level": Figure("control", "level of a u chart, score interval", "uniroot on the Poisson score"),
    "frozen": Figure("control", "limits of u frozen after twelve points", "base R, by formula"),
    "demerits": Figure("sqi", "demerit chart of points for 1,000: centre and limits of each day", "base R, by formula"),
    "points": Figure("sqi", "points, their variance, points for 1,000", "sum"),
    "points_ends": Figure("sqi", "interval of points for 1,000", "uniroot on the Poisson score"),
}
WEIGHTS = {"lost": 10.0, "late": 1.0, "damaged": 5.0}


def tables() -> Tables:
    rng = np.random.default_rng(3)
    size = rng.integers(700, 1300, 30)
    level = 0.04 * np.exp(rng.normal(0, 0.35, 30))
    days: dict[str, Any] = {
        "size": size.tolist(),
        "count": rng.binomial(size, level).tolist(),
        "wait": np.round(rng.gamma(6, 2, 30), 3).tolist(),
    }
    days["count"][17] += 60
    days |= {
        name: rng.poisson(mean * size / 1000).tolist() for name, mean in (("lost", 1.2), ("late", 22), ("damaged", 3))
    }
    return {
        "days": days,
        "drift": {"z": np.round(rng.standard_normal(120) + np.repeat([0, 0.9, -1.3, 0.2], 30), 4).tolist()},
    }


def _limits(chart: cl.Limits) -> list[float]:
    return [*chart.center.tolist(), *chart.low.tolist(), *chart.high.tolist()]


def ours(tables: Tables) -> Mapping[str, Numbers]:
    days = tables["days"]
    count, size = days["count"], days["size"]
    charts = {kind: cl.limits(kind, count, size) for kind in ("u", "p", "u_prime", "p_prime")}
    charts |= {"c": cl.limits("c", count), "xmr": cl.limits("xmr", days["wait"])}
    broken = cl.broken_rules(tables["drift"]["z"])
    row = control.from_counts(count, size)
    whole = sqi.from_counts([{name: days[name][at] for name in WEIGHTS} for at in range(30)], size, WEIGHTS)[0]
    return {
        **{kind: _limits(chart) for kind, chart in charts.items()},
        "sigma_z": [charts["u_prime"].sigma_z, charts["p_prime"].sigma_z],
        "rules": [float(at + 1) for rule in cl.RULES for at, found in enumerate(broken) if rule in found],
        "level": [row.value, row.low, row.high],
        "frozen": _limits(cl.limits("u", count, size, baseline=12)),
        "demerits": [point[name] for name in ("center", "low", "high") for point in whole.series],
        "points": [whole.points, whole.variance, whole.value],
        "points_ends": [whole.low, whole.high],
    }


SUBJECT = Subject("charts", FIGURES, tables, ours)
