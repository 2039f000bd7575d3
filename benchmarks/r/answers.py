"""Kano's classes, coders who agree, items that belong together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from benchmarks.r.subject import Figure, Numbers, Subject, Tables
from peakend import conform
from peakend.methods import agreement, kano, kano_drift
from peakend.methods.kano_drift.contingency import stuart_maxwell
from peakend.methods.reliability import from_covariance, reliability

FIGURES = {
    "better": Figure("kano", "better, Wilson's interval", "prop.test(correct = FALSE)"),
    "worse": Figure("kano", "worse, Wilson's interval", "prop.test(correct = FALSE)"),
    "covariance": Figure("kano", "covariance of better and worse", "cov"),
    "lead": Figure("kano", "exact p of the lead of the largest class", "binom.test"),
    "plane": Figure("kano", "functional and dysfunctional means and their errors (DuMouchel)", "mean, sd"),
    "stated": Figure("kano", "stated importance, t interval", "t.test"),
    "homogeneity": Figure("kano_drift", "χ² of M, O, A, I over waves, df, p", "chisq.test"),
    "trends": Figure("kano_drift", "Cochran & Armitage's χ² and p, better and worse", "prop.trend.test"),
    "changes": Figure("kano_drift", "change of worse, Newcombe's interval", "prop.test, by hand"),
    "same": Figure("kano_drift", "Stuart & Maxwell's χ² and p of one class table", "solve, pchisq"),
    "kappa": Figure("agreement", "κ and its interval", "psych::cohen.kappa"),
    "linear": Figure("agreement", "κ weighted by distance and by its square", "psych::cohen.kappa"),
    "alpha": Figure("reliability", "α, standardised α, λ6, mean correlation", "psych::alpha"),
    "feldt": Figure("reliability", "α, Feldt's interval", "psych::alpha.ci"),
    "dropped": Figure("reliability", "α without each item", "psych::alpha"),
    "rest": Figure("reliability", "correlation of each item with the others", "psych::alpha"),
    "omega": Figure("reliability", "ω of one factor", "lavaan::cfa", 1e-6),
    "pairwise": Figure("reliability", "α with answers missing, pair by pair", "psych::alpha"),
    "gap": Figure("reliability", "α of differences, and by Peter, Churchill & Brown", "psych::alpha, cor"),
    "two": Figure("reliability", "two items: Spearman & Brown", "cor"),
}
ITEMS = ("q1", "q2", "q3", "q4", "q5")


def tables() -> Tables:
    rng = np.random.default_rng(5)
    pairs: dict[str, Any] = {
        "functional": rng.choice(np.arange(1, 6), 140, p=[0.5, 0.22, 0.16, 0.08, 0.04]).tolist(),
        "dysfunctional": rng.choice(np.arange(1, 6), 140, p=[0.06, 0.08, 0.2, 0.24, 0.42]).tolist(),
        "importance": rng.integers(3, 10, 140).tolist(),
    }
    waves: dict[str, Any] = {
        "wave": ["a", "b", "c"],
        "M": [18, 30, 47],
        "O": [25, 33, 31],
        "A": [52, 30, 19],
        "I": [30, 32, 26],
    }
    panel: dict[str, Any] = {name: rng.integers(0, 25, 4).tolist() for name in ("A", "I", "M", "O")}
    codes = rng.integers(1, 5, 160)
    coders: dict[str, Any] = {
        "chen": codes.tolist(),
        "mei": np.where(rng.random(160) < 0.65, codes, rng.integers(1, 5, 160)).tolist(),
    }
    trait = rng.normal(size=(90, 2)) @ np.array([[1, 0.5], [0, 0.9]])
    expected, perceived = (
        np.clip(
            np.round(4.4 + trait[:, [side]] * np.array([1, 0.9, 0.8, 0.7, 0.6]) + rng.normal(0, 0.9, (90, 5))), 1, 7
        )
        for side in (0, 1)
    )
    items = {
        f"{side}_{item}": values[:, at].tolist()
        for side, values in (("e", expected), ("p", perceived))
        for at, item in enumerate(ITEMS)
    }
    holed: dict[str, Any] = {
        f"h_{item}": [None if rng.random() < 0.12 else v for v in items[f"p_{item}"]] for item in ITEMS
    }
    return {"pairs": pairs, "waves": waves, "panel": panel, "coders": coders, "items": {**items, **holed}}


def _kano(pairs: Any) -> Mapping[str, Numbers]:
    asked = [
        ("functional", "functional", (1.0, 5.0)),
        ("dysfunctional", "dysfunctional", (1.0, 5.0)),
        ("importance", "importance", (1.0, 9.0)),
    ]
    rows = [
        {
            "response": f"r{at}",
            "construct": "lift",
            "role": role,
            "value": float(value),
            "low": scale[0],
            "high": scale[1],
        }
        for role, name, scale in asked
        for at, value in enumerate(pairs[name])
    ]
    (row,) = kano.kano(conform(pl.DataFrame(rows)))
    plane = row.continuous or {}
    return {
        "better": [row.better, *(row.better_interval or ())],
        "worse": [row.worse, *(row.worse_interval or ())],
        "covariance": [row.covariance],
        "lead": [row.lead_p],
        "plane": [plane[name] for name in ("functional", "dysfunctional", "functional_se", "dysfunctional_se")],
        "stated": [row.importance, *(row.importance_interval or ())],
    }


def _drift(waves: Any, panel: Any) -> Mapping[str, Numbers]:
    row = kano_drift.from_counts(
        {wave: {letter: waves[letter][at] for letter in "MOAI"} for at, wave in enumerate(waves["wave"])}
    )
    same = stuart_maxwell(np.array([panel[letter] for letter in panel]).T)
    held, better, worse = row.homogeneity or {}, row.better_trend or {}, row.worse_trend or {}
    return {
        "homogeneity": [held["statistic"], held["df"], held["p"]],
        "trends": [better["chi2"], better["p"], worse["chi2"], worse["p"]],
        "changes": [row.value, row.low, row.high],
        "same": [same and same.statistic, same and same.p],
    }


def _coders(coders: Any) -> Mapping[str, Numbers]:
    counts = np.zeros((4, 4), dtype=int)
    np.add.at(counts, (np.array(coders["chen"]) - 1, np.array(coders["mei"]) - 1), 1)
    plain, linear, square = (
        agreement.from_counts(counts.tolist(), weighting=w) for w in ("none", "linear", "quadratic")
    )
    return {"kappa": [plain.value, plain.low, plain.high], "linear": [linear.value, square.value]}


def _items(items: Any) -> Mapping[str, Numbers]:
    perceived = from_covariance(np.cov([items[f"p_{item}"] for item in ITEMS]), ITEMS, 90)
    two = from_covariance(np.cov([items[f"p_{item}"] for item in ITEMS[:2]]), ITEMS[:2], 90)
    rows = [
        {
            "response": f"r{at}",
            "construct": construct,
            "item": item,
            "role": role,
            "value": value,
            "low": 1.0,
            "high": 7.0,
        }
        for construct, role, side in (
            ("care", "expectation", "e"),
            ("care", "perception", "p"),
            ("holed", "score", "h"),
        )
        for item in ITEMS
        for at, value in enumerate(items[f"{side}_{item}"])
        if value is not None
    ]
    found = {(row.scale, row.role): row for row in reliability(conform(pl.DataFrame(rows)))}
    gap = found["care", "gap"]
    return {
        "alpha": [perceived.alpha, perceived.standardised, perceived.lambda6, perceived.average_r],
        "feldt": [perceived.low, perceived.value, perceived.high],
        "dropped": [perceived.dropped[item] for item in ITEMS],
        "rest": [perceived.item_rest[item] for item in ITEMS],
        "omega": [perceived.omega],
        "pairwise": [found["holed", "score"].alpha],
        "gap": [gap.alpha, gap.formula],
        "two": [two.spearman_brown],
    }


def ours(tables: Tables) -> Mapping[str, Numbers]:
    return {
        **_kano(tables["pairs"]),
        **_drift(tables["waves"], tables["panel"]),
        **_coders(tables["coders"]),
        **_items(tables["items"]),
    }


SUBJECT = Subject("answers", FIGURES, tables, ours)
