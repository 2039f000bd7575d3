"""What may go wrong, as a table by weight: where it happens, in which step it begins and who does that step, and what
it weighed before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from peakend.periods import day_words
from peakend.service.drawings.blocks import Words
from peakend.service.drawings.canvas import Canvas, Caption
from peakend.service.drawings.gauges import weight_gauge
from peakend.service.drawings.phrases import counted, joined, of_them, said
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.table import Cell, Column, Row, Table, draw_tables, words_in_cell
from peakend.service.journeys import BEHIND, LANES, Lane, Step, Touchpoint
from peakend.service.schema import Failure, Indicators, ServiceDocument
from peakend.terms import Lang, label


@dataclass(frozen=True)
class FailPoint:
    """A failure, what it weighs now, the touchpoints at which it may happen, and the step it begins in."""

    failure: Failure
    weight: float | None
    places: tuple[Touchpoint, ...]
    lane: Lane | None
    step: Step | None


def fail_points_of(service: ServiceDocument) -> tuple[FailPoint, ...]:
    """The failures of a service, the heaviest first; those without a weight last."""
    weights = service.indicators[-1].weights if service.indicators else {}
    steps = {step.id: (lane, step) for point in service.touchpoints for lane in LANES for step in point.steps(lane)}
    points = [
        FailPoint(
            failure,
            weights.get(failure.id),
            tuple(point for point in service.touchpoints if failure.id in point.fails),
            *steps.get(failure.step or "", (None, None)),
        )
        for failure in service.failures
    ]
    return tuple(sorted(points, key=lambda point: -1.0 if point.weight is None else point.weight, reverse=True))


def caption(subject: Subject) -> Caption:
    """What is said above the table."""
    told = [row.told for table in tables(subject) for row in table.rows]
    return subject.caption("failures", _sentence(fail_points_of(subject.service), subject.lang), told)


def _sentence(points: Sequence[FailPoint], lang: Lang) -> str:
    if not points:
        return label("failures.empty", lang)
    weights = [point.weight for point in points if point.weight is not None]
    top = max(weights, default=0.0)
    heavy, behind = weights.count(top), sum(1 for point in points if point.lane in BEHIND)
    untraced = sum(1 for point in points if point.step is None)
    match lang:
        case "en":
            parts = [counted(len(points), lang, "failure is named", "failures are named")]
            most = f"{counted(heavy, lang, 'weighs', 'weigh')} most, {top:g}" + " each" * (heavy > 1)
            alike = f"{'each' if heavy > 1 else 'it'} weighs {top:g}"
            parts += [alike if heavy == len(points) else most] * bool(heavy)
            parts += [f"{counted(behind, lang, 'begins', 'begin')} behind the line of visibility"] * bool(behind)
            parts += [f"for {of_them(untraced, len(points))} no step is named"] * bool(untraced)
        case "zh-Hant":
            parts = [f"列出 {len(points)} 種失誤"] + [f"{heavy} 種最重，權重 {top:g}"] * bool(heavy)
            parts += [f"{behind} 種從可視線後方開始"] * bool(behind) + [f"{untraced} 種還沒有指出步驟"] * bool(untraced)
        case "zh-Hans":
            parts = [f"列出 {len(points)} 种失误"] + [f"{heavy} 种最重，权重 {top:g}"] * bool(heavy)
            parts += [f"{behind} 种从可视线后方开始"] * bool(behind) + [f"{untraced} 种还没有指明步骤"] * bool(untraced)
    return said(parts, lang)


def draw(subject: Subject, canvas: Canvas) -> None:
    """Draw the table and, below it, where its weights come from."""
    canvas.fill(partial(draw_tables, tables=tables(subject)))


def tables(subject: Subject) -> list[Table]:
    """The failures, the heaviest first; and the sets of weights, the latest first."""
    lang, sets = subject.lang, subject.service.indicators
    points = fail_points_of(subject.service)
    heads = [("part.weights", 1.2), ("part.failures", 3.0), ("part.touchpoints", 2.2), ("part.step", 2.6)]
    columns = [Column(label(term, lang), share) for term, share in heads]
    columns += [Column(label("failures.before", lang), 1.6)] * (len(sets) > 1)
    heaviest = max((point.weight or 0 for point in points), default=0)
    rows = [Row(_cells(subject, point, heaviest)) for point in points]
    return [Table(columns, rows, named_by=1), _weight_table(subject, sets if points else ())]


def _cells(subject: Subject, point: FailPoint, heaviest: float) -> list[Cell]:
    lang, failure = subject.lang, point.failure
    weight: Cell = [Words("–", tone="faint")] if point.weight is None else [weight_gauge(point.weight, heaviest)]
    name: Cell = [Words(failure.title[lang], bold=True)]
    name = [*name, Words(failure.definition[lang], tone="quiet")] if failure.definition else name
    places = joined([place.title[lang] for place in point.places], lang)
    before: list[Cell] = [_before(subject, point)] if len(subject.service.indicators) > 1 else []
    return [weight, name, [Words(places)] if places else [], _begins(subject, point), *before]


def _begins(subject: Subject, point: FailPoint) -> Cell:
    """The step it begins in, and below it the lane and who does it."""
    lang, step = subject.lang, point.step
    if step is None or point.lane is None:
        return [Words("–", tone="faint")]
    who = subject.service.title_of(step.who, lang)
    lane = joined([label(f"lane.{point.lane}", lang), *([who] if who else [])], lang)
    return [Words(step.text[lang]), Words(lane, tone="quiet")]


def _before(subject: Subject, point: FailPoint) -> Cell:
    """What it weighed under the sets before, the latest first."""
    earlier = [
        (each.since, each.weights[point.failure.id])
        for each in reversed(subject.service.indicators[:-1])
        if point.failure.id in each.weights
    ]
    return [Words(f"{weight:g}", lead=day_words(since.isoformat(), subject.lang)) for since, weight in earlier]


def _weight_table(subject: Subject, sets: Sequence[Indicators]) -> Table:
    """The sets of weights: since when, per what, named how, and from where."""
    lang = subject.lang
    terms = [("part.since", 1.2), ("part.per", 1), ("part.set", 1.6), ("part.source", 5)]
    rows = [
        Row(
            [
                [Words(day_words(each.since.isoformat(), lang))],
                words_in_cell(_per(subject, each)),
                words_in_cell(each.set or ""),
                words_in_cell(each.source[lang] if each.source else ""),
            ]
        )
        for each in reversed(sets)
    ]
    columns = [Column(label(term, lang), share) for term, share in terms]
    return Table(columns, rows, label("failures.weights", lang))


def _per(subject: Subject, indicators: Indicators) -> str:
    """What failures are counted over: visits, as the product calls them, or what the document has a name for."""
    name = indicators.per or ""
    return (
        label("failures.per_visits", subject.lang) if name == "visits" else subject.service.title_of(name, subject.lang)
    )
