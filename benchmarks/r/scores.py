"""Net promoter score, satisfaction, effort: weighted and not, independent and paired."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl

from benchmarks.r.subject import Figure, Numbers, Subject, Tables
from peakend import conform
from peakend import intervals as iv
from peakend.methods import ces, csat, nps

FIGURES = {
    "weighted": Figure("nps", "weighted score and its standard error", "survey::svymean"),
    "weighted_n": Figure("nps", "effective number of answers (Kish)", "(Σw)²/Σw²"),
    "t": Figure("nps", "score, t interval", "t.test"),
    "welch": Figure("nps", "two waves: change, interval, p (Welch)", "t.test"),
    "paired": Figure("nps", "the same people asked twice: change, interval, p", "t.test(paired)"),
    "rank": Figure("nps", "two waves, answers 0–10: p of Mann–Whitney", "wilcox.test"),
    "superiority": Figure("nps", "two waves: P(after > before) + ½P(=)", "outer"),
    "mean": Figure("csat", "mean, t interval", "t.test"),
    "top": Figure("csat", "top scores, Wilson's interval", "prop.test(correct = FALSE)"),
    "top_cc": Figure("csat", "top scores, Wilson's interval with continuity correction", "prop.test"),
    "exact": Figure("csat", "top scores, Clopper & Pearson's interval", "binom.test"),
    "weighted_mean": Figure("csat", "weighted mean and its standard error", "survey::svymean"),
    "effort": Figure("ces", "mean, t interval (edition 2)", "t.test"),
    "easy": Figure("ces", "share of 5–7, Wilson's interval (edition 2)", "prop.test(correct = FALSE)"),
    "effort1": Figure("ces", "mean, t interval (edition 1)", "t.test"),
}


def tables() -> Tables:
    rng = np.random.default_rng(60)
    n = 120
    people: dict[str, Any] = {
        "score": rng.choice(11, n, p=[0.02, 0.01, 0.02, 0.03, 0.03, 0.07, 0.08, 0.14, 0.2, 0.18, 0.22]).tolist(),
        "again": rng.choice(11, n, p=[0.02, 0.01, 0.01, 0.02, 0.03, 0.05, 0.06, 0.12, 0.2, 0.22, 0.26]).tolist(),
        "satisfied": rng.integers(1, 6, n).tolist(),
        "effort": rng.integers(1, 8, n).tolist(),
        "effort1": rng.integers(1, 6, n).tolist(),
        "weight": np.round(0.4 + 2 * rng.random(n), 3).tolist(),
    }
    return {"people": people}


def _tally(values: Any, points: range) -> list[int]:
    counts = Counter(values)
    return [counts[point] for point in points]


def ours(tables: Tables) -> Mapping[str, Numbers]:
    people = tables["people"]
    rows = [{"response": f"r{at}", "construct": "nps", "low": 0.0, "high": 10.0, "value": float(v), "weight": w}
            for at, (v, w) in enumerate(zip(people["score"], people["weight"], strict=True))]  # fmt: skip
    (row,) = nps.nps(conform(pl.DataFrame(rows)))
    assert row.weighted is not None
    assert row.intervals is not None
    before, after = (nps.from_counts(scores=_tally(people[name], range(11))) for name in ("score", "again"))
    moved, same = (
        nps.change(before, after, test="t"),
        nps.change_paired(Counter(zip(people["score"], people["again"], strict=True))),
    )
    mean, top = (
        csat.from_counts(_tally(people["satisfied"], range(1, 6)), measure=measure) for measure in ("mean", "top_box")
    )
    x, n = sum(v >= 4 for v in people["satisfied"]), len(people["satisfied"])
    values, weight = np.array(people["satisfied"], dtype=float), np.array(people["weight"])
    weighed = iv.weighted_mean(values, n, weight, weight**2)
    assert weighed is not None
    effort, easy = (
        ces.from_counts(_tally(people["effort"], range(1, 8)), measure=measure) for measure in ("mean", "top_box")
    )
    hard = ces.from_counts(_tally(people["effort1"], range(1, 6)), edition=1)
    return {
        "weighted": [(row.weighted["value"] or 0) / 100, (row.weighted["se"] or 0) / 100],
        "weighted_n": [row.weighted["n_eff"]],
        "t": [(row.value or 0) / 100, *(end / 100 for end in row.intervals["t"] or ())],
        "welch": [(moved.value or 0) / 100, (moved.low or 0) / 100, (moved.high or 0) / 100, moved.p],
        "paired": [(same.value or 0) / 100, (same.low or 0) / 100, (same.high or 0) / 100, same.p],
        "rank": [moved.p_rank],
        "superiority": [moved.higher],
        "mean": [mean.value, mean.low, mean.high],
        "top": [(top.value or 0) / 100, (top.low or 0) / 100, (top.high or 0) / 100],
        "top_cc": list(iv.wilson_corrected(x, n) or ()),
        "exact": list(iv.clopper_pearson(x, n) or ()),
        "weighted_mean": [weighed.mean, weighed.se],
        "effort": [effort.value, effort.low, effort.high],
        "easy": [(easy.value or 0) / 100, (easy.low or 0) / 100, (easy.high or 0) / 100],
        "effort1": [hard.value, hard.low, hard.high],
    }


SUBJECT = Subject("scores", FIGURES, tables, ours)
