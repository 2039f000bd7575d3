"""Answers on a rating scale, before a method names what they mean: the tally of one construct in one group, and its
figures.

What NPS, satisfaction and effort share: how answers are chosen and counted, the share of top scores with Wilson's
interval, the mean with Student's, the weighted twin of either, and the change from one wave to another. Scales are
never mixed in one figure.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal

from peakend import intervals as iv
from peakend import weights
from peakend.change import Change, TestOutcome, Unit, change_of
from peakend.errors import MethodError
from peakend.facts import Facts, conform
from peakend.maths.response_rates import of_question
from peakend.reduce import tally
from peakend.result import Result
from peakend.sums import Counts
from peakend.terms import Lang, label
from peakend.thresholds import FEWEST_FOR_SPREAD, LOW_BASE

Scale = tuple[float, float]
StatedScale = tuple[float | None, float | None]
"""A scale as the facts have it: (None, None) where it was not stated."""
Where = Mapping[str, Any]
Measure = Literal["top_box", "mean"]
LONGEST_SCALE: Final = 11
"""A scale with more points has no top scores."""
MEASURES: Final[Mapping[str, Unit]] = {"top_box": "percentage_point", "mean": "scale_point"}


@dataclass(frozen=True, kw_only=True)
class Ratings:
    """The answers of one construct in one group: counts, Σw and Σw² by value in rising order, and what could not be
    used.

    `scales` are all the scales that answers were given on, or were asked for where nobody answered.
    """

    construct: str | None = None
    item: str | None = None
    group: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    scales: tuple[StatedScale, ...] = ()
    values: tuple[float, ...]
    counts: tuple[int, ...]
    weight: tuple[float, ...]
    weight2: tuple[float, ...]
    missing: int = 0
    invalid: int = 0
    not_applicable: int = 0
    not_shown: int = 0

    @property
    def n(self) -> int:
        """Answers that have a value."""
        return sum(self.counts)

    def unused_counts(self) -> dict[str, int]:
        """The counts of answers that could not be used, as a result's fields."""
        return {name: getattr(self, name) for name in ("missing", "invalid", "not_applicable", "not_shown")}

    def item_response(self, conf: float) -> Mapping[str, float | None]:
        """How many of those asked have answered."""
        return of_question(self.n, invalid=self.invalid, missing=self.missing, conf=conf)


def from_counts(counts: Mapping[float, int] | Sequence[int], scale: Scale) -> Ratings:
    """Unweighted ratings from counts: by value, or in order from the lowest point of the scale.

    Raises MethodError `ratings.counts` for counts that are negative or not whole, or values off the scale.
    """
    by_value = counts if isinstance(counts, Mapping) else dict(zip(_points(scale, len(counts)), counts, strict=True))
    if any(c < 0 or c != int(c) or not scale[0] <= v <= scale[1] for v, c in by_value.items()):
        raise MethodError(
            "ratings.counts", found=", ".join(f"{v:g}: {c}" for v, c in by_value.items()), scale=scales_text([scale])
        )
    values = tuple(sorted(v for v, c in by_value.items() if c))
    n = tuple(int(by_value[v]) for v in values)
    return Ratings(scales=(scale,), values=values, counts=n, weight=n, weight2=n)


def _points(scale: Scale, length: int) -> list[float]:
    points = [scale[0] + step for step in range(int(scale[1] - scale[0]) + 1)]
    if len(points) != length:
        raise MethodError("ratings.counts", found=length, scale=scales_text([scale]))
    return points


# --- from facts -------------------------------------------------------------------------------------------------------


def customers(answers: Any, where: Where | None = None) -> Facts:
    """The answers that fulfil `where`, of customers unless it names another kind of respondent."""
    facts = conform(answers).only(where)
    return facts if where and "respondent_kind" in where else facts.where(respondent_kind="customer")


def scores(answers: Any, where: Where | None = None) -> Facts:
    """The answers in role score, of customers unless `where` names another kind of respondent, that fulfil `where`."""
    return customers(answers, where).where(role="score")


def ratings_by(facts: Facts, by: Sequence[str] | str = ()) -> tuple[Ratings, ...]:
    """The ratings of each group and construct, in order of both."""
    groups = (by,) if isinstance(by, str) else tuple(by)
    names = tuple(dict.fromkeys((*groups, "construct")))
    counts = tally(facts, groups, keys=tuple(name for name in names if name not in groups))
    return tuple(_ratings(groups, cell, part) for cell, part in counts.split(*names))


def ratings_apart(facts: Facts, by: Sequence[str] | str = ()) -> tuple[Ratings, ...]:
    """The ratings of each group and construct; of each item where one questionnaire asks a construct by several.

    Two answers of one person are not two people: put together they would make an interval too narrow.
    """
    groups = (by,) if isinstance(by, str) else tuple(by)
    keys = tuple(name for name in ("construct", "item", "survey", "wave") if name not in groups)
    counts = tally(facts, groups, keys=keys)
    asked: dict[tuple[Any, ...], set[str | None]] = {}
    for construct, item, survey, wave in zip(
        *(counts.column(name) for name in ("construct", "item", "survey", "wave")), strict=True
    ):
        asked.setdefault((construct, survey, wave), set()).add(item)
    several = {construct for (construct, *_), items in asked.items() if len(items) > 1}
    names = tuple(dict.fromkeys((*groups, "construct", "item")))
    kept = tuple(dict.fromkeys((*names, "low", "high", "state", "value")))
    columns = {name: counts.column(name) for name in kept}
    if "item" not in groups:
        columns["item"] = tuple(
            item if construct in several else None
            for construct, item in zip(columns["construct"], columns["item"], strict=True)
        )
    merged = Counts.gather(kept, list(zip(*columns.values(), strict=True)), counts.count, counts.weight, counts.weight2)
    return tuple(_ratings(groups, cell, part) for cell, part in merged.split(*names))


def scales_of(facts: Facts) -> dict[str | None, tuple[StatedScale, ...]]:
    """Every construct of these facts and the scales it was asked on."""
    return {found.construct: found.scales for found in ratings_by(facts)}


class ScaleList(str):
    """Constructs, with their scales where these are given, as text of ids; `say` writes their names, with the marks of
    a language.
    """

    _scales: Mapping[str | None, str]

    def __new__(cls, scales: Mapping[str | None, str]) -> ScaleList:
        """The text: "signs (1–5), recommend (0–10)"."""
        made = super().__new__(
            cls, ", ".join(f"{construct or '–'}{f' ({on})' if on else ''}" for construct, on in scales.items()) or "–"
        )
        made._scales = scales
        return made

    def say(self, lang: Lang) -> str:
        """In words: "指標（1–5）、推薦（0–10）"."""
        comma, left, right = (", ", " (", ")") if lang == "en" else ("、", "（", "）")
        parts = (
            (label(construct, lang) if construct else "–", f"{left}{on}{right}" if on else "")
            for construct, on in self._scales.items()
        )
        return comma.join(f"{name}{scale}" for name, scale in parts) or "–"


def scale_list(scales: Mapping[str | None, Iterable[StatedScale]]) -> ScaleList:
    """Constructs with their scales, for a message: "signs (1–5), recommend (0–10)"."""
    return ScaleList({construct: scales_text(on) for construct, on in scales.items()})


def scales_text(scales: Iterable[StatedScale]) -> str:
    """Scales for a message: "1–5, 1–7"; a dash where none was stated."""
    return ", ".join(
        "–" if low is None or high is None else f"{low:g}–{high:g}" for low, high in sorted(scales, key=str)
    )


def _ratings(groups: Sequence[str], cell: Mapping[str, Any], part: Counts) -> Ratings:
    states = dict.fromkeys(("skipped", "invalid", "not_applicable", "not_shown"), 0)
    sums: dict[float, list[float]] = {}
    asked: dict[str, set[StatedScale]] = {"answered": set(), "any": set()}
    for (low, high, state, value), count, weight, weight2 in zip(
        part.cells, part.count, part.weight, part.weight2, strict=True
    ):
        asked["answered" if value is not None else "any"].add((low, high))
        if value is None:
            states["skipped" if state == "answered" else state] += int(count)
            continue
        held = sums.setdefault(value, [0, 0.0, 0.0])
        held[:] = held[0] + int(count), held[1] + float(weight), held[2] + float(weight2)
    values = tuple(sorted(sums))
    count_, weight_, weight2_ = zip(*(sums[v] for v in values), strict=True) if values else ((), (), ())
    return Ratings(
        construct=cell["construct"], item=cell.get("item"),
        group=MappingProxyType({name: cell[name] for name in groups}),
        scales=tuple(sorted(asked["answered"] or asked["any"], key=str)), values=values, counts=count_, weight=weight_,
        weight2=weight2_,
        missing=states.pop("skipped"), **states,
    )  # fmt: skip


# --- figures ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class RatingRow(Result):
    """What a rating scale says of one construct; of one `item`, where a questionnaire asks it by several.

    `value` is the share of top scores in percent or the mean, as `measure` says.

    `top_box` is in percent, `mean` and `sd` on the scale, `rescaled` the mean on 0…100. `intervals` holds the interval
    of both, `counts` the answers by value, `top` the values that are top scores. `weighted` is the weighted twin of
    `value`: value, low, high, se (linearised), n_eff (Kish). `metric` names scale and top scores: figures of another
    metric are not comparable. `item_response` is the share of those asked who gave a valid answer: value, low, high
    (Wilson) in 0…1, asked.
    """

    construct: str | None = None
    item: str | None = None
    measure: Measure
    metric: str = ""
    scale: Scale | None = None
    counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    top: tuple[float, ...] = ()
    top_box: float | None = None
    mean: float | None = None
    sd: float | None = None
    rescaled: float | None = None
    intervals: Mapping[str, iv.Interval | None] | None = None
    weighted: Mapping[str, float | None] | None = None
    item_response: Mapping[str, float | None] | None = None

    @property
    def weighted_value(self) -> float | None:
        """The weighted twin of the value, for the table."""
        return weights.figure(self.weighted, self.n)


def about(ratings: Ratings, conf: float) -> dict[str, Any]:
    """The fields of a row that do not depend on any figure."""
    counts = MappingProxyType({f"{v:g}": c for v, c in zip(ratings.values, ratings.counts, strict=True)})
    named = {"group": ratings.group, "construct": ratings.construct, "item": ratings.item}
    return {
        **named,
        "n": ratings.n,
        "counts": counts,
        "conf": conf,
        "item_response": ratings.item_response(conf),
        **ratings.unused_counts(),
    }


def refusal_fields(ratings: Ratings, conf: float, refusal: MethodError) -> dict[str, Any]:
    """The fields of a row that has no figure."""
    return {**about(ratings, conf), "value": None, "low": None, "high": None, "refused": refusal}


def figures(ratings: Ratings, *, scale: Scale, top: frozenset[float], measure: Measure, conf: float) -> dict[str, Any]:
    """The fields of a row: both figures with their intervals, and the chosen one as value. Refuses where it has no
    answers to rest on.
    """
    need = FEWEST_FOR_SPREAD if measure == "mean" else 1
    if ratings.n < need:
        return refusal_fields(
            ratings,
            conf,
            MethodError("ratings.too_few", n=ratings.n, need=need, missing=ratings.missing, invalid=ratings.invalid),
        )
    n, mean, variance = iv.tally_mean(ratings.values, ratings.counts)
    satisfied = sum(c for v, c in zip(ratings.values, ratings.counts, strict=True) if v in top)
    both = {
        "top_box": _percent(iv.wilson(satisfied, n, conf) if top else None),
        "mean": iv.mean_t(n, mean, variance, conf, scale),
    }
    values = {"top_box": 100 * satisfied / n if top else None, "mean": mean}
    low, high = both[measure] or (None, None)
    return {
        **about(ratings, conf), **values, "value": values[measure], "low": low, "high": high, "measure": measure,
        "scale": scale,
        "top": tuple(sorted(top)), "sd": math.sqrt(variance) if n > 1 else None,
        "rescaled": 100 * (mean - scale[0]) / (scale[1] - scale[0]),
        "intervals": MappingProxyType(both), "weighted": _weighted_figures(ratings, scale, top, measure, conf),
        "warnings": _warnings(n, both[measure]),
    }  # fmt: skip


def _warnings(n: int, ends: iv.Interval | None) -> tuple[str, ...]:
    return (("low_base",) if n < LOW_BASE else ()) + (("no_spread",) if ends is None else ())


def _percent(ends: iv.Interval | None) -> iv.Interval | None:
    return None if ends is None else (100 * ends[0], 100 * ends[1])


def _weighted_figures(
    ratings: Ratings, scale: Scale, top: frozenset[float], measure: Measure, conf: float
) -> Mapping[str, float | None] | None:
    """The weighted twin: Wilson at the number of equal answers with the linearised SE, or mean ± t·SE. Equal weights
    change nothing.

    Within 1.5 points of nominal for n ≥ 300; covers too little for fewer answers with very unequal weights.
    """
    values = ratings.values if measure == "mean" else [float(v in top) for v in ratings.values]
    found, unit = iv.weighted_mean(values, ratings.n, ratings.weight, ratings.weight2), 1 if measure == "mean" else 100
    if found is None:
        return None
    if measure == "mean":
        ends = iv.mean_t(ratings.n, found.mean, found.se**2 * ratings.n, conf, scale)
    else:
        ends = _percent(iv.wilson(found.mean * found.base, found.base, conf))
    low, high = ends or (None, None)
    return MappingProxyType(
        {"value": unit * found.mean, "low": low, "high": high, "se": unit * found.se, "n_eff": found.n_eff}
    )


# --- change -----------------------------------------------------------------------------------------------------------


def change(method: str, before: RatingRow, after: RatingRow, conf: float | None = None) -> Change:
    """after − before of two independent waves of one metric: shares by Newcombe's interval and χ² or Fisher's p, means
    by Welch.

    Raises MethodError `change.not_comparable` where scale, top scores or measure differ.
    """
    if before.metric != after.metric or before.measure != after.measure:
        raise MethodError("change.not_comparable", before=before.metric, after=after.metric)
    level, test = before.conf if conf is None else conf, _shares if before.measure == "top_box" else _means
    values = sorted({*before.counts, *after.counts}, key=float)
    old, new = ([row.counts.get(v, 0) for v in values] for row in (before, after))
    return change_of(
        method,
        MEASURES[before.measure],
        (before, after),
        lambda: test(before, after, level),
        conf=level,
        ranks=(old, new),
    )


def _shares(before: RatingRow, after: RatingRow, conf: float) -> TestOutcome:
    old, new = (sum(c for v, c in row.counts.items() if float(v) in row.top) for row in (before, after))
    return compare_shares((old, before.n), (new, after.n), conf)


def compare_shares(before: tuple[int, int], after: tuple[int, int], conf: float) -> TestOutcome:
    """after − before of two shares (yes, n) in percentage points: Newcombe's interval, with χ²'s p, or Fisher's where
    under five are expected.
    """
    (x2, n2), (x1, n1) = before, after
    ends = _percent(iv.newcombe(x1, n1, x2, n2, conf))
    if min(n1, n2) * min(x1 + x2, n1 + n2 - x1 - x2) / (n1 + n2) < 5:
        return "fisher", ends, iv.fisher(x1, n1, x2, n2)
    test = iv.shares_test([x1, x2], [n1, n2])
    return "newcombe", ends, None if test is None else test.p


def _means(before: RatingRow, after: RatingRow, conf: float) -> TestOutcome:
    one, two = (iv.tally_mean([float(v) for v in row.counts], list(row.counts.values())) for row in (after, before))
    found = iv.welch(one, two, conf)
    return "welch", found.ends, found.p
