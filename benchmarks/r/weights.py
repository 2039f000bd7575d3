"""Answers that count for more or fewer customers than one: the weighted twins of several methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from benchmarks.r.subject import Figure, Numbers, Subject, Tables
from peakend import conform
from peakend.methods import ces, csat, kano, servqual, verify

FIGURES = {
    "mean": Figure("csat", "weighted mean, Student's interval", "survey::svymean, confint"),
    "top": Figure(
        "csat", "weighted share of top scores, Wilson's interval at as many equal answers", "survey::svymean, prop.test"
    ),
    "effort": Figure("ces", "weighted mean, Student's interval", "survey::svymean, confint"),
    "change": Figure("verify", "weighted change of the mean, interval, p", "survey::svymean of each wave"),
    "kano": Figure(
        "kano", "weighted better and worse, Wilson's intervals at as many equal pairs", "survey::svymean, prop.test"
    ),
    "gap": Figure("servqual", "weighted gap of two dimensions, standard errors", "survey::svymean"),
    "gap_ends": Figure("servqual", "intervals of the weighted gaps", "survey::svymean, confint"),
}
N = 90


def tables() -> Tables:
    rng = np.random.default_rng(253)
    people: dict[str, Any] = {"weight": np.round(rng.gamma(3, 0.4, N) + 0.1, 3).tolist()}
    people["weight"] = [float(w) for w in people["weight"]]
    people["wave"] = ["1" if at < 45 else "2" for at in range(N)]
    people["satisfied"] = rng.integers(1, 6, N).tolist()
    people["effort"] = rng.integers(1, 8, N).tolist()
    people["functional"] = rng.choice(np.arange(1, 6), N, p=[0.5, 0.22, 0.16, 0.08, 0.04]).tolist()
    people["dysfunctional"] = rng.choice(np.arange(1, 6), N, p=[0.06, 0.08, 0.2, 0.24, 0.42]).tolist()
    for name in ("care", "speed"):
        expected = rng.integers(4, 8, N)
        people |= {
            f"e_{name}": expected.tolist(),
            f"p_{name}": np.clip(expected - rng.integers(-1, 3, N), 1, 7).tolist(),
        }
    return {"people": people}


def _facts(people: Any, *asked: tuple[str, str, str, float], wave: bool = False) -> Any:
    """Facts of columns: (column, construct, role, top of the scale)."""
    return conform(
        pl.DataFrame(
            [
                {
                    "response": f"r{at}",
                    "construct": construct,
                    "item": construct,
                    "role": role,
                    "value": float(people[column][at]),
                }
                | {"low": 1.0, "high": high, "weight": people["weight"][at]}
                | ({"wave": people["wave"][at]} if wave else {})
                for column, construct, role, high in asked
                for at in range(N)
            ]
        )
    )


def _hundredth(found: Mapping[str, float | None] | None) -> list[float | None]:
    return [None if (v := (found or {})[name]) is None else v / 100 for name in ("value", "low", "high")]


def ours(tables: Tables) -> Mapping[str, Numbers]:
    people = tables["people"]
    rated = _facts(people, ("satisfied", "csat", "score", 5.0))
    mean, top = csat.csat(rated, measure="mean")[0].weighted or {}, csat.csat(rated)[0].weighted
    effort = ces.ces(_facts(people, ("effort", "ces", "score", 7.0)))[0].weighted or {}
    change = (
        verify.verify(_facts(people, ("satisfied", "csat", "score", 5.0), wave=True), figure="mean")[0].weighted or {}
    )
    pairs = (
        kano.kano(
            _facts(people, ("functional", "lift", "functional", 5.0), ("dysfunctional", "lift", "dysfunctional", 5.0))
        )[0].weighted
        or {}
    )
    sides = [
        (f"{side}_{name}", name, role, 7.0)
        for name in ("care", "speed")
        for side, role in (("e", "expectation"), ("p", "perception"))
    ]
    rows = {row.dimension: row.survey or {} for row in servqual.servqual(_facts(people, *sides))}
    gaps = [rows[name] for name in ("care", "speed")]
    return {
        "mean": [mean[name] for name in ("value", "low", "high")],
        "top": _hundredth(top),
        "effort": [effort[name] for name in ("value", "low", "high")],
        "change": [change[name] for name in ("value", "low", "high", "p")],
        "kano": [pairs[name] for name in ("value", "low", "high", "worse", "worse_low", "worse_high")],
        "gap": [gap[name] for gap in gaps for name in ("value", "se")],
        "gap_ends": [gap[name] for gap in gaps for name in ("low", "high")],
    }


SUBJECT = Subject("weights", FIGURES, tables, ours)
