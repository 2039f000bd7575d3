"""Screening: concepts judged on weighted criteria, score = Σ w·r over ratings on one direction, the weights summing to
one.

A gate comes before the score: a concept rated below a must-pass criterion's gate is out, whatever else it offers.
Criteria on which low is good are turned over (low end + high end − rating). Ratings of several judges of one concept
and criterion are averaged. `low` and `high` show what the weights decide: the central share of the scores when the
weights vary about the stated ones, Dirichlet(κ·w), κ = 30 (20,000 draws); `p_first` is how often the concept then
leads, `p_first_any` how often it does when any weights are as likely as any others, Dirichlet(1, …, 1). This is no
sampling interval: it says nothing of how well the judges know. Checked against: the syringe of Ulrich &
Eppinger (remembered ratings, totals recomputed), Dirichlet moments in closed form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from peakend import tables
from peakend.draw import Axis, Chart, Point, dots
from peakend.errors import MethodError
from peakend.facts import conform
from peakend.figures import number, percent
from peakend.options import checks_options
from peakend.reduce import tally
from peakend.result import Method, Result, Results, lead
from peakend.sums import Floats
from peakend.tables import Field
from peakend.terms import Lang, data_label, label

DRAWS: Final = 20_000
SEED: Final = 1996
COLUMNS: Final = (
    Field("concept", "text"),
    Field("criterion", "text"),
    Field("rating", "number"),
    *(Field(name, "number", None) for name in ("weight", "gate", "low", "high")),
    Field("direction", "text", "high"),
)
Row = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Screening(Result):
    """One concept. `value` is its weighted score with the range that the weights leave; `n` counts the ratings behind
    it.

    `rank` is its place by the stated weights (ties share the better place); `ratings` are the mean ratings by
    criterion, on one direction; `weights` the weights used; `failed` the gates it did not pass (then it has no value).
    """

    concept: str | None = None
    rank: int | None = None
    p_first: float | None = None
    p_first_any: float | None = None
    ratings: Mapping[str, float] | None = None
    weights: Mapping[str, float] | None = None
    failed: tuple[str, ...] = ()
    concentration: float = 30.0


@dataclass(frozen=True)
class Criterion:
    """A criterion as the table states it: its weight, the least rating that passes, and whether low is good on which
    scale.
    """

    name: str
    weight: float
    gate: float | None
    low_is_good: bool
    scale: tuple[float, float] | None

    def turn(self, rating: float) -> float:
        """The rating with high as good."""
        return sum(self.scale) - rating if self.low_is_good and self.scale else rating

    def passes(self, turned: float) -> bool:
        """Whether a turned rating passes the gate, which is stated as the ratings are."""
        return self.gate is None or turned >= self.turn(self.gate)


@checks_options
def screening(table: Any, *, concentration: float = 30.0, conf: float = 0.95) -> Results[Screening]:
    """Every concept, the best first; those that failed a gate, or lack a rating, at the end with their refusal.

    `table` has concept, criterion, rating; and where wanted weight (of the criterion; equal without), gate (least
    rating that passes), direction ("high" or "low" is good), low and high (the ends of the scale). `concentration` is
    κ: how firmly the weights are meant. Weights that do not sum to one are scaled and warned of. Raises MethodError
    `screening.criterion` where a criterion is stated in two ways, `screening.weights`, `screening.direction`,
    `screening.scale`, `screening.scales`, `screening.concentration`.
    """
    if not 0 < concentration < np.inf:
        raise MethodError("screening.concentration", found=concentration)
    rows = tables.read_table(table, COLUMNS)
    criteria = tuple(
        _criterion(name, [row for row in rows if row["criterion"] == name])
        for name in sorted({row["criterion"] for row in rows})
    )
    if len(scales := {one.scale for one in criteria if one.scale}) > 1:
        raise MethodError("screening.scales", found=", ".join(f"{low:g}–{high:g}" for low, high in sorted(scales)))
    given = sum(one.weight for one in criteria)
    weights = np.array([one.weight / given for one in criteria])
    common: dict[str, Any] = {"conf": conf, "version": METHOD.definition, "concentration": concentration}
    common |= {"weights": MappingProxyType(dict(zip((one.name for one in criteria), weights.tolist(), strict=True)))}
    common |= {"warnings": () if abs(given - 1) < 1e-9 or _has_no_weights(rows) else ("weights_scaled",)}
    judged = {
        name: _mean_ratings([row for row in rows if row["concept"] == name], criteria)
        for name in sorted({row["concept"] for row in rows})
    }
    return Results(METHOD, tuple(_rows(judged, criteria, weights, common)))


def _has_no_weights(rows: Iterable[Row]) -> bool:
    return all(row["weight"] is None for row in rows)


def _criterion(name: str, rows: Sequence[Row]) -> Criterion:
    """One criterion from its rows, which must state it alike wherever they state it."""
    weight, gate, low, high = (_stated_value(name, field, rows) for field in ("weight", "gate", "low", "high"))
    directions = {row["direction"].strip().lower() for row in rows}
    if not directions <= {"high", "low"} or len(directions) > 1:
        raise MethodError("screening.direction", criterion=name, found=", ".join(sorted(directions)))
    scale = None if low is None or high is None else (low, high)
    if directions == {"low"} and scale is None:
        raise MethodError("screening.scale", criterion=name)
    if scale and (low >= high or any(not low <= row["rating"] <= high for row in rows)):  # type: ignore[operator]
        raise MethodError("screening.scale", criterion=name)
    if weight is not None and weight <= 0:
        raise MethodError("screening.weights", criterion=name, found=weight)
    return Criterion(name, 1.0 if weight is None else weight, gate, directions == {"low"}, scale)


def _stated_value(criterion: str, field: str, rows: Sequence[Row]) -> float | None:
    values = {row[field] for row in rows} - {None}
    if len(values) > 1:
        raise MethodError(
            "screening.criterion",
            criterion=criterion,
            column=field,
            found=", ".join(f"{value:g}" for value in sorted(values)),
        )
    return next(iter(values), None)


def _mean_ratings(rows: Sequence[Row], criteria: Sequence[Criterion]) -> tuple[int, dict[str, float]]:
    """How many ratings a concept has, and its mean rating on each criterion, high being good."""
    means = {}
    for one in criteria:
        if given := [one.turn(row["rating"]) for row in rows if row["criterion"] == one.name]:
            means[one.name] = float(np.mean(sorted(given)))
    return len(rows), means


def _rows(
    judged: Mapping[str, tuple[int, dict[str, float]]],
    criteria: Sequence[Criterion],
    weights: Floats,
    common: dict[str, Any],
) -> Iterator[Screening]:
    whole = {name: found for name, (_, found) in judged.items() if len(found) == len(criteria)}
    failed = {
        name: tuple(one.name for one in criteria if not one.passes(found[one.name])) for name, found in whole.items()
    }
    names = [name for name in whole if not failed[name]]
    r = np.array([[whole[name][one.name] for one in criteria] for name in names]).reshape(len(names), len(criteria))
    scores = r @ weights
    drawn = _drawn_scores(r, common["concentration"] * weights)
    first, first_any = _first(drawn), _first(_drawn_scores(r, np.ones(len(criteria))))
    tail = (1 - common["conf"]) / 2
    for i in sorted(range(len(names)), key=lambda i: (-round(float(scores[i]), 9), names[i])):
        value, (low, high) = float(scores[i]), np.quantile(drawn[:, i], (tail, 1 - tail)).tolist()
        yield Screening(
            concept=names[i], value=value, low=min(low, value), high=max(high, value), n=judged[names[i]][0],
            rank=1 + int((scores > value + 1e-9).sum()), p_first=float(first[i]), p_first_any=float(first_any[i]),
            ratings=whole[names[i]], **common,
        )  # fmt: skip
    for name, (n, found) in judged.items():
        if name not in names:
            lacking = [one.name for one in criteria if one.name not in found]
            yield _refusal(failed.get(name, ()), lacking, concept=name, n=n, ratings=found, **common)


def _drawn_scores(r: Floats, alpha: Floats) -> Floats:
    """Scores under drawn weights, shape (DRAWS, concepts)."""
    return np.asarray(np.random.default_rng(SEED).dirichlet(alpha, DRAWS) @ r.T)


def _first(scores: Floats) -> Floats:
    """How often each leads; those that lead together share it."""
    if not scores.shape[1]:
        return np.zeros(0)
    leads = scores >= scores.max(axis=1, keepdims=True) - 1e-9
    return np.asarray((leads / leads.sum(axis=1, keepdims=True)).mean(axis=0))


def _refusal(failed: tuple[str, ...], lacking: Sequence[str], **fields: Any) -> Screening:
    why = (
        MethodError("screening.gate", found=", ".join(failed))
        if failed
        else MethodError("screening.incomplete", found=", ".join(lacking))
    )
    return Screening(value=None, low=None, high=None, failed=failed, refused=why, **fields)


# --- from answers ----------------------------------------------------------------------------------------------------


def rated_concepts(answers: Any) -> list[dict[str, Any]]:
    """A row with concept, criterion, rating and the ends of its scale for each score that was given: a concept is what
    a question measures, and the criterion what its name says before that (`wanted-written-plan` of `written-plan`).
    """
    table = tally(conform(answers, "answers").where(role="score", state="answered"), keys=("item", "construct"))
    columns = zip(*(table.column(name) for name in _RATED), table.count, strict=True)
    return [
        {
            "concept": str(concept),
            "criterion": str(item).removesuffix(f"-{concept}"),
            "rating": float(value),
            "low": low,
            "high": high,
        }
        for item, concept, value, low, high, many in columns
        for _each in range(int(many))
    ]


_RATED: Final = ("item", "construct", "value", "low", "high")


# --- words and picture ------------------------------------------------------------------------------------------------


def _say(row: Screening, lang: Lang) -> str:
    head, value = lead(row, lang, data_label(row.concept or "", lang)), number(row.value or 0, 2)
    low, high = (number(end or 0, 2) for end in (row.low, row.high))
    near, anyhow = percent(row.p_first or 0), percent(row.p_first_any or 0)
    return {
        "en": f"{head}score {value} ({low} to {high} as the weights vary), rank {row.rank}; first in {near} "
        f"of slightly varied weightings and in {anyhow} of all weightings.",
        "zh-Hant": f"{head}加權總分 {value}（權重略有出入時 {low} 至 {high}），第 {row.rank} 名；"
        f"權重小幅變動時有 {near} 的情況排第一，權重任意變動時有 {anyhow}。",
        "zh-Hans": f"{head}加权总分 {value}（权重略有出入时 {low} 至 {high}），第 {row.rank} 名；"
        f"权重小幅变动时有 {near} 的情况排第一，权重任意变动时有 {anyhow}。",
    }[lang]


def _draw(rows: Sequence[Screening], lang: Lang) -> Chart:
    alt = " ".join(_say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    points = [_point(row, lang) for row in rows]
    return dots(points, axis=Axis(title=label("weighted_score", lang)), alt=alt, lang=lang, ordered=False)


def _point(row: Screening, lang: Lang) -> Point:
    note = {"en": "; "}.get(lang, "；").join(row.failed) or label("incomplete", lang) if row.refused else ""
    note = f"{label('failed_gate', lang)}: {note}" if row.failed else note
    return Point(
        name=data_label(row.concept or "", lang), value=row.value, low=row.low, high=row.high, n=row.n, note=note
    )


METHOD: Final = Method(
    id="screening",
    version="1",
    row=Screening,
    run=screening,
    say=_say,
    draw=_draw,
    columns=("rank", "p_first", "p_first_any"),
    checked="Ulrich & Eppinger 1995 (remembered ratings, totals recomputed), numpy 2 (Dirichlet moments)",
    key=("concept",),
    reads="table",
    counts=(),
)
