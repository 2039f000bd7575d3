"""Expectations met and missed: SERVQUAL, the zone of tolerance, ratios, the five gaps, their tracing, the ratchet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from benchmarks.r.subject import Figure, Numbers, Subject, Tables
from peakend import conform
from peakend.methods import gaps, tracing, value, zone
from peakend.methods.ratchet import ratchet
from peakend.methods.servqual import servqual

FIGURES = {
    "gaps": Figure("servqual", "gap of each dimension", "mean"),
    "ends": Figure("servqual", "interval of each dimension's gap", "t.test(paired)"),
    "p": Figure("servqual", "p of each dimension, held to their family (Holm)", "t.test, p.adjust"),
    "ranks": Figure(
        "servqual", "p of the signed ranks of each dimension", "wilcox.test; all signs up to 50 differences"
    ),
    "overall": Figure("servqual", "mean of the five gaps, its interval", "t.test"),
    "weighted": Figure("servqual", "weighted person by person, its interval", "t.test"),
    "others": Figure("servqual", "other overall gaps: mean weights × mean gaps, all items, perceptions alone", "mean"),
    "zone": Figure("zone", "adequacy, superiority and zone with their intervals", "t.test"),
    "place": Figure("zone", "place in the zone, Fieller's interval", "uniroot on t.test"),
    "ratio": Figure("value", "ratio of means, Fieller's interval", "uniroot on t.test"),
    "mean_ratio": Figure("value", "mean of ratios, its interval", "t.test"),
    "delta": Figure("value", "standard error of the ratio by the delta method", "cov"),
    "knowledge": Figure("gaps", "gap 1: difference, interval, df, p (Welch)", "t.test"),
    "level": Figure("gaps", "gap 3: level and its interval", "t.test"),
    "trace": Figure("tracing", "shares of R² of gaps 1–4, R²", "relaimpo::calc.relimp"),
    "trace_beta": Figure("tracing", "standardised coefficients", "lm(scale)"),
    "trace_rank": Figure("tracing", "rank correlations with gap 5", "cor(method = spearman)"),
    "concordance": Figure("tracing", "Kendall's W and its p", "friedman.test"),
    "ratchet": Figure("ratchet", "rates up and down, errors by customer", "lm, sandwich::vcovCL"),
    "ratchet_ends": Figure("ratchet", "intervals and p of both rates", "qt, pt"),
}
DIMENSIONS = {"tangibles": 4, "reliability": 5, "responsiveness": 4, "assurance": 4, "empathy": 5}
CAUSES = ("gap1", "gap2", "gap3", "gap4")


def tables() -> Tables:
    rng = np.random.default_rng(22)
    n, people = 60, {}
    trait = rng.normal(size=n)
    for at, (name, items) in enumerate(DIMENSIONS.items()):
        for item in range(items):
            expected = 5.6 + 0.5 * trait + rng.normal(0, 0.9, n)
            people[f"e_{name}_{item}"] = np.clip(np.round(expected), 1, 7).tolist()
            people[f"p_{name}_{item}"] = np.clip(np.round(expected - 0.3 * at + rng.normal(0, 1.0, n)), 1, 7).tolist()
    points = rng.integers(5, 40, (n, 5))
    points = np.round(100 * points / points.sum(axis=1, keepdims=True))
    points[:, 0] += 100 - points.sum(axis=1)
    people |= {f"w_{name}": points[:, at].tolist() for at, name in enumerate(DIMENSIONS)}
    adequate = np.round(rng.uniform(2, 5, 50), 1)
    desired = np.round(adequate + rng.uniform(0.5, 2.5, 50), 1)
    zones: dict[str, Any] = {
        "adequate": adequate,
        "desired": desired,
        "perceived": np.round(adequate + rng.normal(0.8, 0.9, 50), 1),
    }
    expected = np.clip(np.round(rng.normal(75, 9, 45)), 1, 100)
    ratios: dict[str, Any] = {
        "expected": expected,
        "perceived": np.clip(np.round(0.92 * expected + rng.normal(0, 13, 45)), 1, 100),
    }
    staff: dict[str, Any] = {"who": ["manager"] * 9 + ["customer"] * 60}
    staff["value"] = [*rng.choice([3.0, 4, 5, 6], 9), *rng.choice([4.0, 5, 6, 7], 60)]
    causes = rng.uniform(0, 0.6, (20, 4))
    whole = 0.1 + causes @ np.array([0.1, 0.0, 0.7, 0.3]) + rng.normal(0, 0.06, 20)
    units: dict[str, Any] = dict(zip(CAUSES, np.round(causes, 4).T, strict=True))
    units |= {
        f"gap5_{name}": np.round(whole + 0.04 * at + rng.normal(0, 0.05, 20), 4)
        for at, name in enumerate(("a", "b", "c"))
    }
    return {"people": people, "zones": zones, "ratios": ratios, "staff": staff, "units": units, "panel": _panel(rng)}


def _panel(rng: Any) -> dict[str, list[Any]]:
    panel: dict[str, list[Any]] = {"customer": [], "period": [], "expectation": [], "perception": []}
    for who in range(30):
        e = rng.normal(5, 0.5)
        for period in range(5):
            p = rng.normal(5.1, 0.8)
            for name, entry in zip(panel, (f"c{who:02}", period, round(e, 4), round(p, 4)), strict=True):
                panel[name].append(entry)
            e += (0.5 if p > e else 0.15) * (p - e) + rng.normal(0, 0.15)
    return panel


def _servqual(people: Any) -> Mapping[str, Numbers]:
    n = len(people["w_tangibles"])
    rows: list[dict[str, Any]] = []
    for name, items in DIMENSIONS.items():
        rows += [
            {
                "response": f"r{at}",
                "construct": name,
                "item": f"{name}{item}",
                "role": role,
                "value": people[f"{side}_{name}_{item}"][at],
            }
            | {"low": 1.0, "high": 7.0}
            for role, side in (("expectation", "e"), ("perception", "p"))
            for item in range(items)
            for at in range(n)
        ]
        rows += [
            {
                "response": f"r{at}",
                "construct": name,
                "item": name,
                "role": "importance",
                "value": people[f"w_{name}"][at],
                "low": 0.0,
                "high": 100.0,
            }
            for at in range(n)
        ]
    found = {row.dimension: row for row in servqual(conform(pl.DataFrame(rows)))}
    own, whole = [found[name] for name in DIMENSIONS], found["overall"]
    weighted, beside = whole.weighted or {}, whole.beside or {}
    return {
        "gaps": [row.value for row in own],
        "ends": [end for row in own for end in (row.low, row.high)],
        "p": [row.p_adjusted for row in own],
        "ranks": [row.p_rank for row in own],
        "overall": [whole.value, whole.low, whole.high],
        "weighted": [weighted["value"], weighted["low"], weighted["high"]],
        "others": [beside.get("means"), beside.get("items"), beside.get("servperf")],
    }


def _levels(tables: Tables) -> Mapping[str, Numbers]:
    zones, sides, staff = tables["zones"], tables["ratios"], tables["staff"]
    row = zone.from_levels(zones["adequate"], zones["desired"], zones["perceived"])
    ratio = value.from_pairs(sides["perceived"], sides["expected"])
    managers, customers = (
        [v for who, v in zip(staff["who"], staff["value"], strict=True) if who == kind]
        for kind in ("manager", "customer")
    )
    first, third = gaps.knowledge(managers, customers, scale=(1, 7)), gaps.level(managers, gap="gap3", scale=(1, 7))
    differences = ((row.msa, row.msa_interval), (row.mss, row.mss_interval), (row.zone, row.zone_interval))
    return {
        "zone": [figure for mean, ends in differences for figure in (mean, *(ends or ()))],
        "place": [row.value, row.low, row.high],
        "ratio": [ratio.value, ratio.low, ratio.high],
        "mean_ratio": [ratio.mean_ratio, *(ratio.mean_ratio_interval or ())],
        "delta": [ratio.se],
        "knowledge": [first.difference, *(first.difference_interval or ()), first.df, first.p],
        "level": [third.level, *(third.level_interval or ())],
    }


def _traced(units: Any) -> Mapping[str, Numbers]:
    held = {
        f"u{at:02}": {gap: {"all": float(units[gap][at])} for gap in CAUSES}
        | {"gap5": {name: float(units[f"gap5_{name}"][at]) for name in "abc"}}
        for at in range(20)
    }
    rows = list(tracing.traces_of(held))
    return {
        "trace": [*(row.value for row in rows), rows[0].r2],
        "trace_beta": [row.beta for row in rows],
        "trace_rank": [row.rank for row in rows],
        "concordance": [rows[0].concordance, rows[0].p_concordance],
    }


def _ratchet(panel: Any) -> Mapping[str, Numbers]:
    up, down = ratchet([dict(zip(panel, row, strict=True)) for row in zip(*panel.values(), strict=True)])
    return {
        "ratchet": [up.value, down.value, up.se, down.se],
        "ratchet_ends": [up.low, up.high, up.p, down.low, down.high, down.p],
    }


def ours(tables: Tables) -> Mapping[str, Numbers]:
    return {**_servqual(tables["people"]), **_levels(tables), **_traced(tables["units"]), **_ratchet(tables["panel"])}


SUBJECT = Subject("gaps", FIGURES, tables, ours)
