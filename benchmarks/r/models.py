"""What goes with the judgement of the whole: drivers, penalties and rewards, peak and end, importance and
performance.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from benchmarks.r.subject import Figure, Numbers, Subject, Tables
from peakend import conform
from peakend.maths import shapley
from peakend.methods.drivers import from_rows
from peakend.methods.impact import from_rows as impacts
from peakend.methods.importance import importance
from peakend.methods.peak_end import peak_end

FIGURES = {
    **{
        f"{name}{suffix}": Figure("drivers", what + told, r)
        for suffix, told in (("", ""), ("_pairs", ", answers missing pair by pair"))
        for name, what, r in (
            ("r2", "R²", "relaimpo::calc.relimp"),
            ("lmg", "shares of R² (LMG)", "relaimpo::calc.relimp"),
            ("first", "alone, last", "relaimpo::calc.relimp"),
            ("beta", "standardised coefficients, Pratt, CAR scores", "relaimpo::calc.relimp"),
            ("johnson", "Johnson's weights", "relaimpo::calc.relimp(genizi)"),
        )
    },
    "vif": Figure("drivers", "variance inflation", "solve(cor)"),
    "groups": Figure("drivers", "shares of two drivers as one and the others", "relaimpo::calc.relimp(groups)"),
    "visited": Figure(
        "drivers", "R², shares, alone and last, of those who were there or not", "relaimpo::calc.relimp(groups)"
    ),
    "visited_lm": Figure("drivers", "what having been there adds; standardised coefficients", "lm"),
    "spearman": Figure("drivers", "rank correlation with the outcome", "cor(spearman)"),
    "bootstrap": Figure("drivers", "bootstrap intervals of the shares", "relaimpo::boot.relimp", 0.03),
    "impact": Figure("impact", "penalties and rewards", "lm"),
    "impact_hc3": Figure("impact", "intervals of penalties and rewards (HC3)", "sandwich::vcovHC"),
    "riocs": Figure("impact", "range of impact, its interval", "sandwich::vcovHC"),
    "symmetry": Figure("impact", "t of reward + penalty = 0, and its p", "sandwich::vcovHC, pt"),
    "asymmetry": Figure("impact", "impact asymmetry, Fieller's interval", "uniroot"),
    "away": Figure("impact", "penalties and rewards beside those who passed a touchpoint by", "lm"),
    "away_hc3": Figure("impact", "their intervals (HC3)", "sandwich::vcovHC"),
    "standardised": Figure("impact", "standardised penalties and rewards", "lm(scale)"),
    "features": Figure(
        "peak_end", "correlations with the remembered score: peak and end, mean, trough, start, spread, slope", "cor"
    ),
    "fisher": Figure("peak_end", "interval of the correlation of peak and end", "cor.test"),
    "williams": Figure("peak_end", "peak and end against the mean: t and p", "psych::r.test"),
    "coefficients": Figure("peak_end", "coefficients of six models", "lm"),
    "hc3": Figure("peak_end", "their errors (HC3)", "sandwich::vcovHC"),
    "adjusted": Figure("peak_end", "adjusted R² of six models", "lm"),
    "loo": Figure("peak_end", "leave-one-out error of six models", "lm without each visit"),
    "aic": Figure("peak_end", "AIC and BIC of six models", "AIC, BIC"),
    "nested": Figure("peak_end", "F and p of what the mean adds, and what peak and end add", "anova"),
    "memory_lmg": Figure("peak_end", "shares of R² of peak, end and mean", "relaimpo::calc.relimp"),
    "worst": Figure(
        "peak_end", "the worst, and the farthest moment for the peak: correlations of either with the end", "cor"
    ),
    "farthest": Figure(
        "peak_end",
        "farthest moment for the peak: coefficients, errors (HC3), leave-one-out error",
        "lm, sandwich::vcovHC",
    ),
    "what_if": Figure("peak_end", "predicted change: end, peak, trough and start raised by one", "lm, predict"),
    "performance": Figure("importance", "performance and importance with their intervals", "t.test"),
    "cross": Figure("importance", "crosshair of means, and each gap", "mean"),
}
NAMES = ("desk", "room", "lift", "bar")
MODELS = ("m1", "m2", "m3", "m4", "m5", "m6")


def tables() -> Tables:
    rng = np.random.default_rng(60)
    n = 240
    common = rng.normal(size=n)
    touch = {name: np.clip(np.round(3.4 + 0.5 * common + rng.normal(0, 1, n)), 1, 5) for name in NAMES}
    low, high = (
        {name: (values <= 2) * 1.0 for name, values in touch.items()},
        {name: (values >= 5) * 1.0 for name, values in touch.items()},
    )
    whole = (
        4 + 0.4 * touch["desk"] + 0.2 * touch["room"] - 0.7 * low["room"] + 0.6 * high["lift"] + rng.normal(0, 0.8, n)
    )
    rated: dict[str, Any] = {**touch, "whole": np.round(whole, 3)}
    holed: dict[str, Any] = {
        name: [None if rng.random() < 0.15 else v for v in touch[name].tolist()] for name in NAMES
    } | {"whole": rated["whole"]}
    stated: dict[str, Any] = {}
    for at, name in enumerate(NAMES):
        stated[f"i_{name}"] = np.clip(np.round(rng.normal(4.4 - 0.5 * at, 0.8, 60)), 1, 5)
        stated[f"p_{name}"] = np.clip(np.round(rng.normal((2.9, 4.2, 3.2, 3.9)[at], 0.9, 60)), 1, 5)
    return {"rated": rated, "holed": holed, "visits": _visits(rng), "stated": stated}


def _visits(rng: Any) -> dict[str, Any]:
    held: dict[str, list[Any]] = {"visit": [], "at": [], "value": [], "remembered": []}
    for visit in range(80):
        own = np.clip(np.round(rng.normal(4.3 + rng.normal(0, 0.6), 1.3, int(rng.integers(5, 9)))), 1, 7)
        remembered = round(
            float(np.clip(0.25 * own.max() + 0.35 * own[-1] + 0.2 * own.mean() + rng.normal(1, 0.6), 1, 7)), 3
        )
        for at, value in enumerate(own.tolist()):
            for name, entry in zip(held, (visit, at + 1, value, remembered), strict=True):
                held[name].append(entry)
    return held


def _drivers(table: Any, suffix: str) -> dict[str, Numbers]:
    rows = np.array([[np.nan if v is None else v for v in table[name]] for name in (*NAMES, "whole")]).T
    found = {row.driver: row for row in from_rows(rows, [*NAMES, "whole"], "whole")}
    own = [found[name] for name in NAMES]
    figures: dict[str, Numbers] = {
        "r2": [own[0].r2],
        "lmg": [row.value for row in own],
        "first": [*(row.first for row in own), *(row.last for row in own)],
        "beta": [*(row.beta for row in own), *(row.pratt for row in own), *(row.car for row in own)],
        "johnson": [row.johnson for row in own],
    }
    more: dict[str, Numbers] = (
        {}
        if suffix
        else {"vif": [row.vif for row in own], "bootstrap": [end for row in own for end in (row.low, row.high)]}
    )
    return {f"{name}{suffix}": numbers for name, numbers in figures.items()} | more


def _visited(table: Any) -> Mapping[str, Numbers]:
    """Who was there is part of the model."""
    rows = np.array([[np.nan if v is None else v for v in table[name]] for name in (*NAMES, "whole")]).T
    found = {row.driver: row for row in from_rows(rows, [*NAMES, "whole"], "whole", missing="visits")}
    own = [found[name] for name in NAMES]
    return {
        "visited": [own[0].r2, *(row.value for row in own), *(row.first for row in own), *(row.last for row in own)],
        "visited_lm": [*(row.visit_effect for row in own), *(row.beta for row in own)],
        "spearman": [row.spearman for row in own],
    }


def _away(table: Any) -> Mapping[str, Numbers]:
    """A touchpoint without an answer was passed by: a group of its own."""
    rows = np.array([[np.nan if v is None else v for v in table[name]] for name in (*NAMES, "whole")]).T
    found = {row.driver: row for row in impacts(rows, [*NAMES, "whole"], "whole")}
    own = [found[name] for name in NAMES]
    return {
        "away": [figure for row in own for figure in (row.penalty, row.reward)],
        "away_hc3": [end for row in own for ends in (row.penalty_interval, row.reward_interval) for end in ends or ()],
    }


def _impact(table: Any) -> Mapping[str, Numbers]:
    rows = np.array([table[name] for name in (*NAMES, "whole")]).T
    found = {row.driver: row for row in impacts(rows, [*NAMES, "whole"], "whole")}
    own = [found[name] for name in NAMES]
    room = found["room"]
    even = {row.driver: row for row in impacts(rows, [*NAMES, "whole"], "whole", coefficients="standardised")}
    return {
        "impact": [figure for row in own for figure in (row.penalty, row.reward)],
        "impact_hc3": [
            end for row in own for ends in (row.penalty_interval, row.reward_interval) for end in ends or ()
        ],
        "riocs": [figure for row in own for figure in (row.value, row.low, row.high)],
        "symmetry": [figure for row in own for figure in (row.statistic, row.p)],
        "asymmetry": [room.asymmetry, *(room.asymmetry_interval or ())],
        "standardised": [figure for name in NAMES for figure in (even[name].penalty, even[name].reward)],
    }


def _memory(held: Any) -> Mapping[str, Numbers]:
    rows: list[dict[str, Any]] = []
    for visit, at, value, remembered in zip(*held.values(), strict=True):
        of = {"visit": f"v{visit:03}", "low": 1.0, "high": 7.0}
        rows.append(
            {
                **of,
                "response": f"v{visit}-{at}",
                "at_us": at * 60_000_000,
                "construct": f"t{at}",
                "touchpoint": f"t{at}",
            }
            | {"role": "score", "value": value}
        )
        if at == 1:
            rows.append({**of, "response": f"v{visit}-whole", "at_us": 86_400_000_000, "construct": "overall", "touchpoint": None}
                        | {"role": "remembered", "value": remembered})  # fmt: skip
    facts = conform(pl.DataFrame(rows, infer_schema_length=None))
    features = {row.about: row for row in peak_end(facts)}
    models = {row.about: row for row in peak_end(facts, show="models")}
    edits = {row.about: row for row in peak_end(facts, show="what_if", moments=("end", "peak", "trough", "start"))}
    worst, far = ({row.about: row for row in peak_end(facts, peak=peak)} for peak in ("trough", "extreme"))
    (farthest,) = [row for row in peak_end(facts, show="models", peak="extreme") if row.about == "m1"]
    whole, own = features["peak_end"], [models[name] for name in MODELS]
    added = [models[name].added or {} for name in ("m1", "m3")]
    return {
        "features": [features[name].value for name in ("peak_end", "mean", "trough", "start", "sd", "slope")],
        "fisher": [whole.low, whole.high],
        "williams": [whole.t, whole.p],
        "coefficients": [v for row in own for v in (row.coefficients or {}).values()],
        "hc3": [v for row in own for v in (row.errors or {}).values()],
        "adjusted": [row.adjusted_r2 for row in own],
        "loo": [row.value for row in own],
        "aic": [v for row in own for v in (row.aic, row.bic)],
        "nested": [v for one in added for v in (one["f"], one["p"])],
        "memory_lmg": list((models["m4"].shares or {}).values()),
        "worst": [worst["peak_end"].value, far["peak_end"].value],
        "farthest": [*(farthest.coefficients or {}).values(), *(farthest.errors or {}).values(), farthest.value],
        "what_if": [edits[name].value for name in ("end", "peak", "trough", "start")],
    }


def _plane(stated: Any) -> Mapping[str, Numbers]:
    rows = [
        {"response": f"r{at}", "construct": name, "role": role, "value": float(value), "low": 1.0, "high": 5.0}
        for name in NAMES
        for role, side in (("importance", "i"), ("score", "p"))
        for at, value in enumerate(stated[f"{side}_{name}"])
    ]
    found = {str(row.construct): row for row in importance(conform(pl.DataFrame(rows)))}
    own = [found[name] for name in NAMES]
    return {
        "performance": [
            v
            for row in own
            for v in (row.performance, row.low, row.high, row.importance, *(row.importance_interval or ()))
        ],
        "cross": [*(own[0].cross or ()), *(row.gap for row in own)],
    }


def ours(tables: Tables) -> Mapping[str, Numbers]:
    rated, holed = tables["rated"], tables["holed"]
    order = np.corrcoef([rated[name] for name in (*NAMES, "whole")])
    groups = shapley.shares_together(order, [[0, 1], [2], [3]]).tolist()
    return {
        "groups": groups,
        **_away(holed),
        **_drivers(rated, ""),
        **_drivers(holed, "_pairs"),
        **_visited(holed),
        **_impact(rated),
        **_memory(tables["visits"]),
        **_plane(tables["stated"]),
    }


SUBJECT = Subject("models", FIGURES, tables, ours)
