"""Key drivers: how much of what decides the judgement belongs to each touchpoint.

`value` is the driver's share of R² by LMG (Lindeman, Merenda & Gold 1980), the average over all orders of entering the
regression, which is the Shapley value and general dominance (`lmg` of `maths/shapley`). A share has no sign and
no cause in it: the signs of β and r stand beside it, and the shares of two near-duplicates are halves of one. Not every
customer visits every touchpoint, and nothing is imputed: `missing="pairwise"` takes each covariance over those who
answered both; `missing="visits"` models y = a + Σ v_j(α_j + β_j(x_j − x̄_j)), v_j = 1 for those who met touchpoint j,
and a driver is v_j and its answer together, as one. Spearman's ρ stands beside r where whole rows were read. Checked
against: R relaimpo 2.2-7 (also with groups), dominanceanalysis 2.1.0, rwa 0.1.0, R's bootstrap and cor on swiss,
attitude and made-up rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field import outcomes, ratings
from peakend.field.data_warnings import says_weights
from peakend.options import checks_options
from peakend.reduce import BUCKETS, moments, profiles
from peakend.result import Method, Result, Results
from peakend.sums import Floats, Sums, distinct, products

from . import picture, shares, words
from .bounds import EQUAL, OVER
from .shares import LARGE_INFLATION, Rows, Shares

FEWEST_PER_DRIVER: Final = 10
"""Answers needed for each driver in the model, where the caller does not say."""
Absent = Literal["pairwise", "visits"]


@dataclass(frozen=True, kw_only=True)
class Driver(Result):
    """One driver's part in R². Shares (`value`, `johnson`, `first`, `last`, `pratt`, `car`, `betasq`) are in units of
    R², of which `r2` is the whole.

    `percent` is the share of R² in percent; `beta` and `r` are the standardised coefficient and the correlation,
    `suppressed` says that their signs differ; `vif` is the inflation by the other drivers; `rank` the place, `p_first`
    the chance of being first, over replicates; `dominance` is the level at which it dominates the next, `dominates`
    that of all others it does (Azen & Budescu 2003). Where drivers inflate one another beyond 10, `together` names them
    and `together_percent` is their share as one group; beyond 15 drivers orders are sampled and `monte_carlo` is the
    standard error of that. `percent_low` and `percent_high` are the interval of `percent`, each replicate divided by
    its own R². `r` is over the n who answered both. `priority` = percent × `visit_rate` × `headroom` (the distance of
    the `mean` from the top of the scale; where drivers have several scales, on the longest of them), `worth_rank` the
    place by it among `ranked`, and `p_worth` the chance of being first there, over replicates of the shares.
    `not_apart` names the drivers that no interval of the difference tells from this one by priority (by share, where
    the room is not known), and `places` are the first and last place that it may have; None where nothing was
    resampled. `model` says how those who did not meet a touchpoint were counted; of "visits" `visit_effect` is α, what
    having been there adds at the mean answer, `vif` is of the group, and what groups do not have is None.
    """

    driver: str
    outcome: str
    model: Absent = "pairwise"
    r2: float | None = None
    percent: float | None = None
    percent_low: float | None = None
    percent_high: float | None = None
    johnson: float | None = None
    first: float | None = None
    last: float | None = None
    pratt: float | None = None
    car: float | None = None
    betasq: float | None = None
    beta: float | None = None
    r: float | None = None
    spearman: float | None = None
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
    visit_effect: float | None = None
    mean: float | None = None
    headroom: float | None = None
    priority: float | None = None
    worth_rank: int | None = None
    p_worth: float | None = None
    ranked: int | None = None
    not_apart: tuple[str, ...] = ()
    places: tuple[int, int] | None = None


@dataclass(frozen=True)
class _Asked:
    """What one group knows: the sums of the drivers and, last, the outcome; their scales; whole rows where they were
    read.
    """

    group: Mapping[str, str | None]
    names: tuple[str, ...]
    outcome: str
    sums: Sums
    scales: Mapping[str, ratings.Scale]
    conf: float
    fewest: int
    model: Absent = "pairwise"
    rows: Rows | None = None
    mixed: Mapping[str, str] = field(default_factory=dict)
    """Drivers that were asked on several scales."""


@checks_options
@says_weights
def drivers(
    answers: Any,
    by: Sequence[str] | str = (),
    *,
    where: ratings.Where | None = None,
    outcome: str | None = None,
    among: Sequence[str] | None = None,
    fewest: int = FEWEST_PER_DRIVER,
    missing: Absent = "pairwise",
    conf: float = 0.95,
) -> Results[Driver]:
    """The drivers of an outcome in each group, the strongest first.

    `outcome` is a construct (else the first of `outcomes.OUTCOMES` that was asked); `among` names the drivers (else the
    scores that rate a touchpoint as a whole). A driver with fewer than `fewest` answers for each driver in the model is
    left out and says so. `missing` says what becomes of those who did not answer a driver: see above; "visits" reads
    whole rows. A driver that was asked on several scales is left out (`ratings.mixed_scales`). Raises MethodError
    `drivers.no_outcome`, `drivers.none`, and `ratings.mixed_scales` for the outcome.
    """
    scores = ratings.scores(answers, where)
    target, names, there = outcomes.outcome_and_drivers(scores, outcome, among)
    grouped = (by,) if isinstance(by, str) else tuple(by)
    asked = _visits if missing == "visits" else _pairs
    held = scores.where(construct=(*names, target))
    mixed = outcomes.mixed_scales(there)
    if target in mixed:
        raise MethodError("ratings.mixed_scales", construct=target, scales=mixed[target])
    known = {
        "outcome": target,
        "scales": outcomes.stated_scales(there),
        "conf": conf,
        "fewest": fewest,
        "model": missing,
        "mixed": mixed,
    }
    return Results(METHOD, tuple(row for one in asked(held, grouped, (*names, target), known) for row in _infer(one)))


def _pairs(held: Facts, by: tuple[str, ...], names: tuple[str, ...], known: Mapping[str, Any]) -> Iterator[_Asked]:
    """Each group with the sums of pairs of answers."""
    found = moments(held, by, columns=("construct",), buckets=BUCKETS, squares=True)
    there, order = outcomes.present_columns(names, found.names)
    for group, sums in found.groups.items():
        yield _Asked(group=dict(zip(by, group, strict=True)), names=tuple(there[:-1]), sums=sums.take(order), **known)


def _visits(held: Facts, by: tuple[str, ...], names: tuple[str, ...], known: Mapping[str, Any]) -> Iterator[_Asked]:
    """Each group with the distinct rows of those who judged the whole."""
    found = profiles(held, by, columns=("construct",))
    there, order = outcomes.present_columns(names, found.names)
    for group, (values, count) in found.groups.items():
        yield _of_rows(
            (values[:, order], count), group=dict(zip(by, group, strict=True)), names=tuple(there[:-1]), **known
        )


def _of_rows(rows: Rows, **known: Any) -> _Asked:
    judged = ~np.isnan(rows[0][:, -1])
    values, count = distinct(rows[0][judged], rows[1][judged])
    sums = products(values, count.astype(np.float64), np.zeros(len(values), dtype=np.int64))
    return _Asked(sums=sums, rows=(values, count), **known)


@checks_options
def from_rows(
    rows: Any,
    names: Sequence[str],
    outcome: str,
    *,
    fewest: int = FEWEST_PER_DRIVER,
    missing: Absent = "pairwise",
    conf: float = 0.95,
) -> Results[Driver]:
    """The drivers from a plain table, shape (n, p + 1), NaN where there is no answer; `names` names its columns,
    `outcome` among them.
    """
    table = np.asarray(rows, dtype=np.float64)
    order = [i for i, name in enumerate(names) if name != outcome] + [list(names).index(outcome)]
    one, heads = table[:, order], np.ones(len(table), dtype=np.int64)
    known: dict[str, Any] = {
        "group": {},
        "names": tuple(names[i] for i in order[:-1]),
        "outcome": outcome,
        "scales": {},
        "conf": conf,
    }
    if missing == "visits":
        return Results(METHOD, _infer(_of_rows((one, heads), fewest=fewest, model=missing, **known)))
    return Results(
        METHOD,
        _infer(
            _Asked(
                sums=products(one, heads.astype(np.float64), np.arange(len(one)), squares=True),
                rows=(one, heads),
                fewest=fewest,
                **known,
            )
        ),
    )


@checks_options
def from_covariance(
    covariance: Any, names: Sequence[str], n: int, *, fewest: int = FEWEST_PER_DRIVER
) -> Results[Driver]:
    """The drivers from a covariance or correlation matrix whose last row is the outcome; without rows there are no
    intervals.
    """
    matrix = np.asarray(covariance, dtype=np.float64)
    count = np.full((1, *matrix.shape), float(n))
    sums = Sums(count, np.zeros_like(count), matrix[None] * (n - 1))
    return Results(METHOD, _infer(_Asked({}, tuple(names[:-1]), names[-1], sums, {}, 0.95, fewest)))


# --- from sums to shares ----------------------------------------------------------------------------------------------


def _infer(asked: _Asked) -> tuple[Driver, ...]:
    joint = asked.sums.n.sum(axis=0)[-1, :-1]
    enough = joint >= asked.fewest * len(asked.names)
    with np.errstate(invalid="ignore", divide="ignore"):
        spread = np.diagonal(asked.sums.covariance())
    usable = (
        enough
        & (spread[:-1] > 0)
        & (spread[-1] > 0)
        & np.array([name not in asked.mixed for name in asked.names], dtype=bool)
    )
    fewest = asked.fewest if asked.model == "pairwise" else 0  # a model that knows who was where needs no pairs
    kept, apart = shares.answered_together(asked.sums, np.flatnonzero(usable).tolist(), fewest)
    aside = []
    for i in (i for i in range(len(asked.names)) if i not in kept):
        refusal = _refusal(asked, i, int(joint[i]), apart.get(i), enough=bool(enough[i]))
        about: dict[str, Any] = {
            "group": asked.group,
            "outcome": asked.outcome,
            "model": asked.model,
            "conf": asked.conf,
        }
        aside.append(
            Driver(
                driver=asked.names[i],
                n=int(joint[i]),
                value=None,
                low=None,
                high=None,
                version=METHOD.definition,
                refused=refusal,
                **about,
            )
        )
    return (*_shared_rows(asked, kept), *aside) if kept else tuple(aside)


def _refusal(asked: _Asked, i: int, n: int, apart: tuple[int, int] | None, *, enough: bool) -> MethodError:
    if apart:
        other, both = apart
        return MethodError(
            "drivers.never_together", driver=asked.names[i], other=asked.names[other], n=both, need=asked.fewest
        )
    if asked.names[i] in asked.mixed:
        return MethodError("ratings.mixed_scales", construct=asked.names[i], scales=asked.mixed[asked.names[i]])
    if enough:
        return MethodError("drivers.constant", driver=asked.names[i])
    return MethodError("drivers.too_few", driver=asked.names[i], n=n, need=asked.fewest * len(asked.names))


def _shared_rows(asked: _Asked, kept: list[int]) -> tuple[Driver, ...]:
    at, names = [*kept, len(asked.names)], [asked.names[i] for i in kept]
    sums, rows = asked.sums.take(at), None if asked.rows is None else (asked.rows[0][:, at], asked.rows[1])
    improvable, room = shares.improvable(sums, [asked.scales.get(name, (np.nan, np.nan)) for name in names])
    visits = asked.model == "visits"
    found = (
        shares.shares_with_visits(rows, BUCKETS, asked.conf, room)
        if rows and visits
        else shares.pairwise(sums, asked.conf, room)
    )
    r2 = float(found.share.sum())
    columns = {
        **{name: values for name, values in found.columns.items() if name != OVER},
        "value": found.share,
        "percent": 100 * found.share / r2,
        "spearman": None if rows is None else shares.rank_correlations(rows),
        **improvable,
        "priority": 100 * found.share / r2 * room,
    }
    return tuple(_ranked_rows(asked, found, columns, names, sums.n.sum(axis=0)[-1, :-1].astype(int).tolist()))


def _ranked_rows(
    asked: _Asked, found: Shares, columns: Mapping[str, Floats | None], names: Sequence[str], n: Sequence[int]
) -> Iterator[Driver]:
    """The rows, the strongest driver first, each against the next."""
    placed = [int(at) for at in np.argsort(-found.share, kind="stable")]
    rank, over_each = _places(found.share), found.columns[OVER]
    over, together = found.over_others(names), found.together(names)
    priority = columns["priority"]
    worth = None if priority is None or np.isnan(priority).any() else _places(priority)
    for at, following in zip(placed, [*placed[1:], None], strict=True):
        own: dict[str, Any] = {
            name: None if np.isnan(values[at]) else float(values[at])
            for name, values in columns.items()
            if values is not None
        }
        own |= {
            "driver": names[at],
            "n": n[at],
            "rank": int(rank[at]),
            "worth_rank": None if worth is None else int(worth[at]),
            "ranked": len(names),
            "r2": float(found.share.sum()),
            "dominance": over[names[at]].get(names[following], "none") if over and following is not None else None,
            "dominates": over.get(names[at]),
            **together.get(names[at], {}),
            **({} if over_each is None else _apart(over_each, at, names, asked.conf)),
        }
        yield _row(asked, own, repaired=found.repaired)


def _places(figures: Floats) -> NDArray[np.int64]:
    """The place of each, the largest first; those that are equal have one place."""
    return np.asarray(1 + (figures[None, :] > figures[:, None] + EQUAL * np.abs(figures).max()).sum(axis=1))


def _apart(over: Floats, at: int, names: Sequence[str], conf: float) -> dict[str, Any]:
    """What cannot be told from a driver, and between which places it lies: told apart where the resampled difference
    leaves zero out.
    """
    sure = (1 + conf) / 2
    above, below = (int((part >= sure).sum()) for part in (over[:, at], over[at]))
    apart = (over[:, at] >= sure) | (over[at] >= sure)
    apart[at] = True
    return {
        "not_apart": tuple(name for name, told in zip(names, apart, strict=True) if not told),
        "places": (1 + above, len(names) - below),
    }


def _row(asked: _Asked, own: dict[str, Any], *, repaired: bool) -> Driver:
    found = {
        "collinear": own["vif"] > LARGE_INFLATION,
        "suppressed": own["beta"] * own["r"] < 0,
        "repaired": repaired,
        "no_spread": own.get("low") is None,
    }
    warnings = tuple(warning for warning, holds in found.items() if holds)
    fields: dict[str, Any] = {"low": None, "high": None, **own, "suppressed": found["suppressed"], "warnings": warnings}
    return Driver(
        group=asked.group,
        outcome=asked.outcome,
        model=asked.model,
        conf=asked.conf,
        version=METHOD.definition,
        **fields,
    )


METHOD: Final = Method(
    id="drivers",
    version="1",
    row=Driver,
    run=drivers,
    say=words.say,
    draw=picture.draw,
    columns=(
        *(
            "percent",
            "percent_low",
            "percent_high",
            "rank",
            "p_first",
            "beta",
            "r",
            "spearman",
            "vif",
            "visit_rate",
            "mean",
            "headroom",
        ),
        *("priority", "worth_rank", "p_worth"),
    ),
    checked="relaimpo 2.2-7, dominanceanalysis 2.1.0 and rwa 0.1.0 (R 4.2.2) on the data sets swiss and attitude",
    key=("driver",),
)
