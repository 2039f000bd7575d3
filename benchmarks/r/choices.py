"""What to do and how long to wait: budgets, concepts, value for money, who is highest, lines, ways through a
service.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from benchmarks.r.subject import Figure, Numbers, Subject, Tables
from peakend import conform
from peakend.methods.highest import highest
from peakend.methods.journey import journey
from peakend.methods.portfolio import portfolio
from peakend.methods.queue import from_rates, live
from peakend.methods.queue.waiting_line import erlang, steady
from peakend.methods.screening import screening
from peakend.methods.total_value import total_value

FIGURES = {
    "budget": Figure("portfolio", "best value and its cost under rules, at four budgets", "all sets"),
    "greedy": Figure("portfolio", "what value per cost would give, without rules", "order"),
    "concepts": Figure("screening", "weighted scores", "matrix product"),
    "first": Figure(
        "screening", "P(rank 1) if the weights are meant firmly, and if they are not", "rgamma (Dirichlet)", 0.015
    ),
    "value": Figure("total_value", "index of each provider, interval on the log scale", "by formula"),
    "highest": Figure("highest", "P(highest mean) of three branches", "boot of each branch", 0.015),
    "line": Figure("queue", "ρ, P0, Erlang's C, Lq, Wq, L, W of nine servers", "dpois, ppois"),
    "longer": Figure("queue", "share that waits longer than 1 and 5 minutes", "exp"),
    "place": Figure("queue", "place in line: mean, P50, P80", "qgamma"),
    "no_show": Figure("queue", "place in line where a fifth does not come: mean, P50, P80", "dbinom, pgamma"),
    "next": Figure("journey", "how often one step follows another", "table"),
    "ends": Figure("journey", "visits that begin and end at each step", "table"),
    "ways": Figure("journey", "variants, visits of the commonest, mean minutes", "table"),
    "minutes": Figure("journey", "mean minutes from one step to the next", "tapply"),
    "lost": Figure("journey", "share of visits lost before the goal, Wilson's interval", "prop.test(correct = FALSE)"),
}
BUDGETS = (60.0, 90.0, 140.0, 200.0)
STEPS = ("arrive", "desk", "wait", "room", "pay")


def tables() -> Tables:
    rng = np.random.default_rng(8)
    plan: dict[str, Any] = {
        "initiative": [f"i{at}" for at in range(12)],
        "cost": rng.integers(8, 45, 12).tolist(),
        "value": np.round(rng.uniform(2, 20, 12), 2).tolist(),
        "group": ["g" if at in {1, 4, 7} else "" for at in range(12)],
        "requires": ["i2" if at in {5, 9} else "" for at in range(12)],
        "must": ["yes" if at == 3 else "" for at in range(12)],
    }
    concepts: dict[str, Any] = {"weight": [0.4, 0.3, 0.2, 0.1]} | {
        name: rng.integers(1, 6, 4).tolist() for name in "abcde"
    }
    providers: dict[str, Any] = {
        "price": [100, 120, 85],
        "product": [70, 82, 61],
        "service": [75, 79, 70],
        "product_se": [2, 1.5, 2.5],
    }
    providers |= {"service_se": [1.2, 2, 1.8]}
    rivals: dict[str, Any] = {
        f"{name}": rng.choice(5, 60, p=p).tolist() for name, p in zip("abc", _LEVELS, strict=True)
    }
    return {"plan": plan, "concepts": concepts, "providers": providers, "rivals": rivals, "steps": _walks(rng)}


_LEVELS = ((0.05, 0.1, 0.25, 0.35, 0.25), (0.05, 0.12, 0.25, 0.33, 0.25), (0.08, 0.15, 0.25, 0.3, 0.22))


def _walks(rng: Any) -> dict[str, list[Any]]:
    held: dict[str, list[Any]] = {"visit": [], "minute": [], "step": []}
    for visit in range(150):
        at, minute = 0, 0.0
        while at < len(STEPS):
            for name, entry in zip(held, (f"v{visit:03}", round(minute, 2), STEPS[at]), strict=True):
                held[name].append(entry)
            if rng.random() < 0.12:
                break
            minute += float(rng.gamma(2, 3)) + 0.1
            at += -1 if at == 3 and rng.random() < 0.15 else 1
    return held


def _chosen(plan: Any) -> Mapping[str, Numbers]:
    rows = [dict(zip(plan, row, strict=True)) for row in zip(*plan.values(), strict=True)]
    bare = [{name: row[name] for name in ("initiative", "cost", "value")} for row in rows]
    best = [portfolio(rows, budget=budget)[0] for budget in BUDGETS]
    return {
        "budget": [v for row in best for v in (row.value, row.cost)],
        "greedy": [portfolio(bare, budget=b)[0].by_ratio_value for b in BUDGETS],
    }


def _concepts(concepts: Any) -> Mapping[str, Numbers]:
    rows = screening(
        [
            {"concept": name, "criterion": f"c{at}", "rating": concepts[name][at], "weight": concepts["weight"][at]}
            for name in "abcde"
            for at in range(4)
        ]
    )
    own = sorted(rows, key=lambda row: str(row.concept))
    return {
        "concepts": [row.value for row in own],
        "first": [*(row.p_first for row in own), *(row.p_first_any for row in own)],
    }


def _waits() -> Mapping[str, Numbers]:
    rates = (34.0, 4.2, 9)
    row, found, place, absent = (
        from_rates(*rates),
        steady(*rates),
        live(7, 3, service=2.5),
        erlang(7, 3, 1 / 2.5, no_show=0.2),
    )
    return {
        "line": list((row.steady or {}).values()),
        "longer": [found.waits_longer(1), found.waits_longer(5 / 60)],
        "place": [place.value, place.p50, place.p80],
        "no_show": [absent.mean, *absent.quantiles],
    }


def _journey(steps: Any) -> Mapping[str, Numbers]:
    rows = [
        {"visit": visit, "at_us": round(minute * 60_000_000), "touchpoint": step, "kind": "arrive"}
        for visit, minute, step in zip(*steps.values(), strict=True)
    ]
    whole, *own = journey(conform(pl.DataFrame(rows), "events"), goal="pay")
    by_step = {row.step: row for row in own}
    onward = {(name, str(one["step"])): one for name, row in by_step.items() for one in row.next}
    pairs = sorted(onward)
    return {
        "next": [onward[pair]["count"] for pair in pairs],
        "ends": [figure for name in sorted(by_step) for figure in (by_step[name].starts, by_step[name].ends)],
        "ways": [whole.variants, whole.ways[0]["count"], whole.minutes],
        "minutes": [onward[pair]["mean"] for pair in pairs],
        "lost": [(whole.value or 0) / 100, (whole.low or 0) / 100, (whole.high or 0) / 100],
    }


def ours(tables: Tables) -> Mapping[str, Numbers]:
    held = tables["providers"]
    rows = [{"provider": f"p{at}"} | {name: float(held[name][at]) for name in held} for at in range(3)]
    worth = {row.provider: row for row in total_value(rows, weights=("product=0.6", "service=0.4"), reference="p0")}
    rated = [
        {
            "response": f"{name}{at}",
            "site": name,
            "construct": "satisfaction",
            "value": float(v + 1),
            "low": 1.0,
            "high": 5.0,
        }
        for name in "abc"
        for at, v in enumerate(tables["rivals"][name])
    ]
    first = {str(row.rival): row.value for row in highest(conform(pl.DataFrame(rated)))}
    return {
        **_chosen(tables["plan"]),
        **_concepts(tables["concepts"]),
        "value": [v for name in ("p1", "p2") for v in (worth[name].value, worth[name].low, worth[name].high)],
        "highest": [first[name] for name in "abc"],
        **_waits(),
        **_journey(tables["steps"]),
    }


SUBJECT = Subject("choices", FIGURES, tables, ours)
