"""Key drivers: how much of what decides the judgement belongs to each touchpoint.

`value` is the driver's share of R² by LMG (Lindeman, Merenda & Gold 1980), the average over all orders of entering the regression, which is the
Shapley value and general dominance. A share has no sign and no cause in it: the signs of β and r stand beside it, and the shares of two
near-duplicates are halves of one. Not every customer visits every touchpoint, so covariances are pairwise-complete and nothing is imputed.
Checked against: R relaimpo 2.2-7, dominanceanalysis 2.1.0, rwa 0.1.0 and R's bootstrap on the data sets swiss and attitude.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from peakend.draw import Axis, Chart, dots
from peakend.errors import MethodError
from peakend.field import outcomes, ratings
from peakend.maths import decompose, share_bounds
from peakend.maths.decompose import Floats
from peakend.reduce import BUCKETS, moments
from peakend.result import Method, Result, Results, evidence, lead, number, points
from peakend.sums import Sums
from peakend.terms import Lang, label

VERSION: Final = "drivers/1"
COMPARED: Final = 12
"""Up to so many drivers dominance is told."""
FEWEST: Final = 10
"""Answers needed for each driver in the model, where the caller does not say."""
INFLATED: Final = 10.0


@dataclass(frozen=True, kw_only=True)
class Driver(Result):
    """One driver's part in R². Shares (`value`, `johnson`, `first`, `last`, `pratt`, `car`, `betasq`) are in units of R², of which `r2` is the whole.

    `percent` is the share of R² in percent; `beta` and `r` are the standardised coefficient and the correlation, `suppressed` says that
    their signs differ; `vif` is the inflation by the other drivers; `rank` the place, `p_first` the chance of being first, over
    replicates; `dominance` is the level at which it dominates the next, `dominates` that of all others it does (Azen & Budescu 2003). Where
    drivers inflate one another beyond 10, `together` names them and `together_percent` is their share as one group; beyond 15 drivers orders
    are sampled and `monte_carlo` is the standard error of that. `priority` = percent × `visit_rate` ×
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
    betasq: float | None = None
    beta: float | None = None
    r: float | None = None
    suppressed: bool = False
    vif: float | None = None
    rank: int | None = None
    p_first: float | None = None
    dominance: str | None = None
    dominates: Mapping[str, str] | None = None
    together: tuple[str, ...] = ()
    together_percent: float | None = None
    monte_carlo: float | None = None
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
    kept, apart = _met(asked, [i for i in range(len(asked.names)) if usable[i]])
    aside = []
    for i in (i for i in range(len(asked.names)) if i not in kept):
        refusal = apart.get(i) or _refusal(asked, i, int(joint[i]), enough=bool(enough[i]))
        about: dict[str, Any] = {"group": asked.group, "driver": asked.names[i], "outcome": asked.outcome, "n": int(joint[i]), "conf": asked.conf}
        aside.append(Driver(value=None, low=None, high=None, version=VERSION, refused=refusal, **about))
    return (*_shared(asked, kept), *aside) if kept else tuple(aside)


def _met(asked: _Asked, usable: list[int]) -> tuple[list[int], dict[int, MethodError]]:
    """The drivers that were answered together, pair by pair; of two that were not, the one with fewer answers is set aside."""
    n, kept, apart = asked.sums.n.sum(axis=0), list(usable), {}
    while len(kept) > 1:
        both = n[np.ix_(kept, kept)]
        i, j = np.unravel_index(int(np.argmin(both)), both.shape)
        if both[i, j] >= asked.fewest:
            break
        fewer, other = sorted((kept[int(i)], kept[int(j)]), key=lambda at: (n[at, -1], at))
        apart[fewer] = MethodError(
            "drivers.never_together", driver=asked.names[fewer], other=asked.names[other], n=int(both[i, j]), need=asked.fewest
        )
        kept.remove(fewer)
    return kept, apart


def _refusal(asked: _Asked, i: int, n: int, *, enough: bool) -> MethodError:
    if enough:
        return MethodError("drivers.constant", driver=asked.names[i])
    return MethodError("drivers.too_few", driver=asked.names[i], n=n, need=asked.fewest * len(asked.names))


def _shared(asked: _Asked, kept: list[int]) -> tuple[Driver, ...]:
    sums = asked.sums.take([*kept, len(asked.names)])
    r, bad = decompose.repaired(decompose.correlation(sums.covariance()))
    exact = len(kept) <= share_bounds.EXACT
    subsets = decompose.explained(r) if exact else None
    share, off = (decompose.lmg(subsets), None) if subsets is not None else decompose.sampled(r)
    low, high, chance = share_bounds.uncertain(sums, share, asked.conf)
    beta, rank, r2 = decompose.betas(r), np.argsort(np.argsort(-share)) + 1, float(share.sum())
    columns = {
        "value": share,
        "low": low,
        "high": high,
        "percent": 100 * share / r2,
        "monte_carlo": off,
        "johnson": decompose.johnson(r),
        "first": decompose.first(r),
        "last": decompose.last(r),
        "pratt": beta * r[:-1, -1],
        "car": decompose.car(r),
        "betasq": beta**2,
        "beta": beta,
        "r": r[:-1, -1],
        "vif": decompose.inflation(r),
        "p_first": chance,
        **_worth(asked, sums, kept, share / r2),
    }
    rows = []
    placed = [int(at) for at in np.argsort(-share, kind="stable")]
    names = [asked.names[i] for i in kept]
    over, together = _over_others(subsets, names), _together(r, names)
    for here, at in enumerate(placed):
        own: dict[str, Any] = {name: _known(values[at]) for name, values in columns.items() if values is not None}
        own |= {
            "driver": names[at],
            "n": int(sums.n.sum(axis=0)[-1, at]),
            "rank": int(rank[at]),
            "r2": r2,
            "dominance": over[names[at]].get(names[placed[here + 1]], "none") if over and here + 1 < len(placed) else None,
            "dominates": over.get(names[at]),
            **together.get(names[at], {}),
        }
        rows.append(_row(asked, own, repaired=bool(bad)))
    return tuple(rows)


def _over_others(subsets: Floats | None, names: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """The strongest level at which each driver dominates each other one; only where all subsets can be compared in reasonable time."""
    if subsets is None or len(names) > COMPARED:
        return {}
    found: dict[str, dict[str, str]] = {name: {} for name in names}
    for i, j in permutations(range(len(names)), 2):
        if (level := decompose.dominates(subsets, i, j)) != "none":
            found[names[i]][names[j]] = level
    return {name: MappingProxyType(over) for name, over in found.items()}


def _together(r: Floats, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Drivers that inflate one another, as one: near-duplicates halve each other's shares, and only their sum can be told."""
    groups = decompose.joined(r, INFLATED)
    if len(groups) == len(names) or len(groups) > share_bounds.EXACT:
        return {}
    shares = decompose.shares_together(r, groups)
    percent = 100 * shares / shares.sum()
    return {
        names[i]: {"together": tuple(names[j] for j in group), "together_percent": float(part)}
        for group, part in zip(groups, percent, strict=True)
        if len(group) > 1
        for i in group
    }


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
    rate, mean = sums.n.sum(axis=0)[:-1, -1] / n[-1], sums.mean()[:-1]  # of those who judged the whole: others may have rated it too
    headroom = np.array([asked.tops.get(asked.names[i], np.nan) for i in kept]) - mean
    return {"visit_rate": rate, "mean": mean, "headroom": headroom, "priority": 100 * part * rate * headroom}


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
