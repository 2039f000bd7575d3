"""Key drivers: how much of what decides the judgement belongs to each touchpoint.

`value` is the driver's share of R² by LMG (Lindeman, Merenda & Gold 1980), the average over all orders of entering the regression, which is the
Shapley value and general dominance. A share has no sign and no cause in it: the signs of β and r stand beside it, and the shares of two
near-duplicates are halves of one. Not every customer visits every touchpoint, so covariances are pairwise-complete and nothing is imputed.
Checked against: R relaimpo 2.2-7, dominanceanalysis 2.1.0, rwa 0.1.0 and R's bootstrap on the data sets swiss and attitude.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np

from peakend import decompose, outcomes, ratings
from peakend import intervals as iv
from peakend.decompose import Floats
from peakend.draw import Axis, Chart, dots
from peakend.errors import MethodError
from peakend.reduce import BUCKETS, moments
from peakend.result import Method, Result, Results, evidence, lead, number, points
from peakend.sums import Sums
from peakend.terms import Lang, label

VERSION: Final = "drivers/1"
REPLICATES: Final = 2000
EXACT: Final = 16
"""Above so many drivers the grouped jackknife takes the bootstrap's place: each replicate costs 2^p."""
GROUPS: Final = 20
COMPARED: Final = 12
"""Up to so many drivers dominance is told."""
SEED: Final = 20_031_203
FEWEST: Final = 10
"""Answers needed for each driver in the model, where the caller does not say."""
INFLATED: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Driver(Result):
    """One driver's part in R². Shares (`value`, `johnson`, `first`, `last`, `pratt`, `car`) are in units of R², of which `r2` is the whole.

    `percent` is the share of R² in percent; `beta` and `r` are the standardised coefficient and the correlation, `suppressed` says that
    their signs differ; `vif` is the inflation by the other drivers; `rank` the place, `p_first` the chance of being first, over
    replicates; `dominance` is the level at which it dominates the next (Azen & Budescu 2003). `priority` = percent × `visit_rate` ×
    `headroom` (the distance of the `mean` from the top of the scale).
    """

    driver: str
    outcome: str
    r2: float | None = None
    percent: float | None = None
    johnson: float | None = None
    first: float | None = None
    last: float | None = None
    pratt: float | None = None
    car: float | None = None
    beta: float | None = None
    r: float | None = None
    suppressed: bool = False
    vif: float | None = None
    rank: int | None = None
    p_first: float | None = None
    dominance: str | None = None
    visit_rate: float | None = None
    mean: float | None = None
    headroom: float | None = None
    priority: float | None = None


@dataclass(frozen=True)
class _Asked:
    """What one group knows: the sums of the drivers and, last, the outcome; and the tops of their scales."""

    group: Mapping[str, str | None]
    names: tuple[str, ...]
    outcome: str
    sums: Sums
    tops: Mapping[str, float]
    conf: float
    fewest: int


def drivers(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    outcome: str | None = None,
    among: Sequence[str] | None = None,
    fewest: int = FEWEST,
    conf: float = 0.95,
) -> Results[Driver]:
    """The drivers of an outcome in each group, the strongest first.

    `outcome` is a construct (else the first of `outcomes.OUTCOMES` that was asked); `among` names the drivers (else the scores that rate a touchpoint
    as a whole). A driver with fewer than `fewest` answers for each driver in the model is set aside and says so.
    Raises MethodError `drivers.no_outcome` and `drivers.none`.
    """
    scores = ratings.scores(answers, where)
    target, names, there = outcomes.explained(scores, outcome, among)
    grouped = (by,) if isinstance(by, str) else tuple(by)
    found = moments(scores.where(construct=(*names, target)), grouped, columns=("construct",), buckets=BUCKETS)
    order = [found.names.index((name,)) for name in (*names, target) if (name,) in found.names]
    held = tuple(found.names[i][0] for i in order)
    tops = {str(name): max(high for _, high in scales if high is not None) for name, scales in there.items() if any(h is not None for _, h in scales)}
    asked = [
        _Asked(dict(zip(grouped, group, strict=True)), held[:-1], target, sums.take(order), tops, conf, fewest)
        for group, sums in found.groups.items()
    ]
    return Results(METHOD, tuple(row for one in asked for row in _infer(one)))


def from_rows(rows: Any, names: Sequence[str], outcome: str, *, fewest: int = FEWEST, conf: float = 0.95) -> Results[Driver]:
    """The drivers from a plain table, shape (n, p + 1), NaN where there is no answer; `names` names its columns, `outcome` among them."""
    table = np.asarray(rows, dtype=np.float64)
    order = [i for i, name in enumerate(names) if name != outcome] + [list(names).index(outcome)]
    held = ~np.isnan(table[:, order])
    x, present = np.where(held, table[:, order], 0.0), held.astype(np.float64)
    sums = Sums(*(np.einsum("bi,bj->bij", a, b) for a, b in ((present, present), (x, present), (x, x))))
    return Results(METHOD, _infer(_Asked({}, tuple(names[i] for i in order[:-1]), outcome, sums, {}, conf, fewest)))


def from_covariance(covariance: Any, names: Sequence[str], n: int, *, fewest: int = FEWEST) -> Results[Driver]:
    """The drivers from a covariance or correlation matrix whose last row is the outcome; without rows there are no intervals."""
    matrix = np.asarray(covariance, dtype=np.float64)
    count = np.full((1, *matrix.shape), float(n))
    sums = Sums(count, np.zeros_like(count), matrix[None] * (n - 1))
    return Results(METHOD, _infer(_Asked({}, tuple(names[:-1]), names[-1], sums, {}, 0.95, fewest)))


# --- from sums to shares ------------------------------------------------------------------------------------------------------


def _infer(asked: _Asked) -> tuple[Driver, ...]:
    joint = asked.sums.n.sum(axis=0)[-1, :-1]
    enough = joint >= asked.fewest * len(asked.names)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.diagonal(asked.sums.covariance())
    usable = enough & (spread[:-1] > 0) & (spread[-1] > 0)
    kept = [i for i in range(len(asked.names)) if usable[i]]
    aside = tuple(_aside(asked, i, int(joint[i]), enough=bool(enough[i])) for i in range(len(asked.names)) if i not in kept)
    return (*_shared(asked, kept), *aside) if kept else aside


def _aside(asked: _Asked, i: int, n: int, *, enough: bool) -> Driver:
    name = asked.names[i]
    refusal = (
        MethodError("drivers.constant", driver=name)
        if enough
        else MethodError("drivers.too_few", driver=name, n=n, need=asked.fewest * len(asked.names))
    )
    return Driver(
        group=asked.group, driver=name, outcome=asked.outcome, value=None, low=None, high=None, n=n, conf=asked.conf, version=VERSION, refused=refusal
    )


def _shared(asked: _Asked, kept: list[int]) -> tuple[Driver, ...]:
    sums = asked.sums.take([*kept, len(asked.names)])
    r, bad = decompose.repaired(decompose.correlation(sums.covariance()))
    subsets = decompose.explained(r)
    share = decompose.lmg(subsets)
    low, high, chance = _uncertain(sums, share, asked.conf)
    beta, rank = decompose.betas(r), np.argsort(np.argsort(-share)) + 1
    columns = {
        "value": share,
        "low": low,
        "high": high,
        "percent": 100 * share / subsets[-1],
        "johnson": decompose.johnson(r),
        "first": decompose.first(r),
        "last": decompose.last(subsets),
        "pratt": beta * r[:-1, -1],
        "car": decompose.car(r),
        "beta": beta,
        "r": r[:-1, -1],
        "vif": decompose.inflation(r),
        "p_first": chance,
        **_worth(asked, sums, kept, share / subsets[-1]),
    }
    rows = []
    placed = [int(at) for at in np.argsort(-share, kind="stable")]
    over = _over_the_next(subsets, placed)
    for at in placed:
        own: dict[str, Any] = {name: _known(values[at]) for name, values in columns.items() if values is not None}
        own |= {
            "driver": asked.names[kept[at]],
            "n": int(sums.n.sum(axis=0)[-1, at]),
            "rank": int(rank[at]),
            "r2": float(subsets[-1]),
            "dominance": over.get(at),
        }
        rows.append(_row(asked, own, repaired=bool(bad)))
    return tuple(rows)


def _over_the_next(subsets: Floats, placed: Sequence[int]) -> dict[int, str]:
    """The strongest level at which each driver dominates the one behind it; only where all subsets can be compared in reasonable time."""
    return {one: decompose.dominates(subsets, one, two) for one, two in pairwise(placed)} if len(placed) <= COMPARED else {}


def _row(asked: _Asked, own: dict[str, Any], *, repaired: bool) -> Driver:
    found = {
        "collinear": own["vif"] > INFLATED,
        "suppressed": own["beta"] * own["r"] < 0,
        "repaired": repaired,
        "no_spread": own.get("low") is None,
    }
    warnings = tuple(warning for warning, holds in found.items() if holds)
    fields: dict[str, Any] = {"low": None, "high": None, **own, "suppressed": found["suppressed"], "warnings": warnings}
    return Driver(group=asked.group, outcome=asked.outcome, conf=asked.conf, version=VERSION, **fields)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _worth(asked: _Asked, sums: Sums, kept: list[int], part: Floats) -> dict[str, Floats]:
    """What a rise of each driver is worth: its part in R², how many meet it, and how far it is from the top."""
    n = sums.count()
    rate, mean = n[:-1] / n[-1], sums.mean()[:-1]
    headroom = np.array([asked.tops.get(asked.names[i], np.nan) for i in kept]) - mean
    return {"visit_rate": rate, "mean": mean, "headroom": headroom, "priority": 100 * part * rate * headroom}


def _uncertain(sums: Sums, share: Floats, conf: float) -> tuple[Floats | None, Floats | None, Floats | None]:
    """Percentile intervals and the chance of being first; None where the sums are one bucket, or too few to resample."""
    used = np.flatnonzero(np.diagonal(sums.n, axis1=1, axis2=2)[:, -1] > 0)
    if len(used) < GROUPS:
        return None, None, None
    rng = np.random.default_rng(SEED)
    if len(share) > EXACT:
        return _jackknife(sums, used, share, conf, rng)
    drawn = rng.multinomial(len(used), np.full(len(used), 1 / len(used)), size=REPLICATES).astype(np.float64)
    shares = _replicated(_redrawn(sums, used, drawn))
    low, high = np.quantile(shares, [(1 - conf) / 2, (1 + conf) / 2], axis=0)
    return low, high, np.bincount(np.argmax(shares, axis=1), minlength=len(share)) / len(shares)


def _jackknife(sums: Sums, used: Any, share: Floats, conf: float, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Delete a group of buckets at a time; Student's interval with groups − 1 degrees of freedom, and normal draws for the chance of being first."""
    group = rng.permutation(np.arange(len(used)) % GROUPS)
    kept = (group[None, :] != np.arange(GROUPS)[:, None]).astype(np.float64)
    shares = _replicated(_redrawn(sums, used, kept))
    spread = (GROUPS - 1) / GROUPS * (shares - shares.mean(axis=0)).T @ (shares - shares.mean(axis=0))
    half = iv.t_quantile(GROUPS - 1, conf) * np.sqrt(np.diagonal(spread))
    draws = rng.multivariate_normal(share, spread, size=REPLICATES, check_valid="ignore")
    chance = np.bincount(np.argmax(draws, axis=1), minlength=len(share)) / REPLICATES
    return np.maximum(share - half, 0), np.minimum(share + half, 1), chance


def _redrawn(sums: Sums, used: Any, weight: Floats) -> Floats:
    """Pairwise covariance of each replicate, shape (replicates, p + 1, p + 1), from weights of shape (replicates, buckets in use)."""
    n, s, ss = (np.tensordot(weight, part[used], axes=1) for part in (sums.n, sums.s, sums.ss))
    with np.errstate(invalid="ignore", divide="ignore"):
        covariance = (ss - s * np.swapaxes(s, 1, 2) / n) / (n - 1)
    return np.asarray(covariance[np.isfinite(covariance).all(axis=(1, 2)) & (np.diagonal(covariance, axis1=1, axis2=2) > 0).all(axis=1)])


def _replicated(covariances: Floats) -> Floats:
    r, _ = decompose.repaired(decompose.correlation(covariances))
    size = max(1, (1 << 20) >> (r.shape[-1] - 1))
    return np.concatenate([decompose.lmg(decompose.explained(r[i : i + size])) for i in range(0, len(r), size)])


# --- words and picture --------------------------------------------------------------------------------------------------------


def _say(row: Driver, lang: Lang) -> str:
    name, outcome = label(row.driver, lang), label(row.outcome, lang)
    percent, whole = number(row.percent or 0), number(100 * (row.r2 or 0))
    head = lead(row, lang)
    ends = evidence(_in_percent(row), lang)
    return {
        "en": f"{head}{name} carries {percent} % of what the touchpoints explain of “{outcome}”{ends}; together they explain {whole} % of it.",
        "zh-Hant": f"{head}在各接觸點對「{outcome}」的解釋力中，「{name}」占 {percent}%{ends}；全部合計可解釋其差異的 {whole}%。",
        "zh-Hans": f"{head}在各触点对“{outcome}”的解释力中，“{name}”占 {percent}%{ends}；全部合计可解释其差异的 {whole}%。",
    }[lang]


def _in_percent(row: Driver) -> Driver:
    """The row on the scale of the sentence and the picture: percent of R²."""
    if not row.r2:
        return row
    low, high = (None if end is None else 100 * end / row.r2 for end in (row.low, row.high))
    return replace(row, value=row.percent, low=low, high=high)


def _draw(rows: Sequence[Driver], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    drawn = points([_in_percent(row) for row in rows], lang, "driver")
    return dots(drawn, axis=Axis(title=label("percent", lang), format=".1f"), alt=alt, lang=lang)


METHOD: Final = Method(
    id="drivers",
    version="1",
    row=Driver,
    run=drivers,
    say=_say,
    draw=_draw,
    columns=("percent", "rank", "p_first", "beta", "r", "vif", "visit_rate", "mean", "headroom", "priority"),
    checked="relaimpo 2.2-7, dominanceanalysis 2.1.0 and rwa 0.1.0 (R 4.2.2) on the data sets swiss and attitude",
    key=("driver",),
)
