"""The service strategy on one page: for whom, which promise, highest in what; the features that make it so, how often a
customer is contacted at most, and the practices of others that it is held against.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from peakend.documents.parts import Text
from peakend.periods import day_words
from peakend.service.delivery import ContactLimits
from peakend.service.drawings.blocks import BASELINE, LEADING, Drawing, Space, Words
from peakend.service.drawings.canvas import Canvas, Caption
from peakend.service.drawings.paper import Paper
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.phrases import counted, joined, of_them, said
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.table import Cell, Column, Row, Table, draw_tables, words_in_cell
from peakend.service.programme import Benchmark, Strategy
from peakend.service.schema import Feature
from peakend.terms import Lang, label, vocabulary

LARGE: Final = 2
"""What the page is about, in sizes of running words."""


def caption(subject: Subject) -> Caption:
    """What is said above the page."""
    told = [row.told for table in tables(subject) for row in table.rows]
    return subject.caption("strategy", _sentence(subject), told)


def _sentence(subject: Subject) -> str:
    service, lang = subject.service, subject.lang
    if service.strategy is None:
        return label("strategy.empty", lang)
    features = [feature for feature in service.features if feature.id in service.strategy.features]
    delights = sum(1 for feature in features if feature.kano == "attractive")
    if not features:
        return label("strategy.no_feature", lang)
    match lang:
        case "en":
            parts = [
                counted(
                    len(features),
                    lang,
                    "feature is to earn our highest ratings",
                    "features are to earn our highest ratings",
                )
            ]
            parts += [f"customers are expected to be delighted by {of_them(delights, len(features))}"]
            held = "benchmark is compared with ours", "benchmarks are compared with ours"
            parts += [counted(len(service.benchmarks), lang, *held)] * bool(service.benchmarks)
        case "zh-Hant":
            parts = [f"{len(features)} 項特性要讓我們取得最高評價", f"其中 {delights} 項預期是魅力品質"]
            parts += [f"對照 {len(service.benchmarks)} 個標竿"] * bool(service.benchmarks)
        case "zh-Hans":
            parts = [f"{len(features)} 项特性要让我们取得最高评价", f"其中 {delights} 项预期是魅力属性"]
            parts += [f"对照 {len(service.benchmarks)} 个标杆"] * bool(service.benchmarks)
    return said(parts, lang)


def draw(subject: Subject, canvas: Canvas) -> None:
    """Draw the page, in the largest type in which it stands on as few sheets."""
    canvas.fill(partial(draw_tables, tables=tables(subject)))


def tables(subject: Subject) -> list[Table]:
    """What the service aims at, its features, the limits of contact, and the practices of others."""
    service = subject.service
    held = [_aims(subject, service.strategy)] if service.strategy else []
    held += [_features(subject)] if service.features else []
    held += [_limits(service.contact_limits, subject.lang)] if service.contact_limits else []
    return held + ([_benchmarks(subject)] if service.benchmarks else [])


def _aims(subject: Subject, strategy: Strategy) -> Table:
    """For whom, which promise, and highest in what, side by side in large words."""
    lang = subject.lang
    people = [Words(subject.service.title_of(id, lang), lead=label("part.personas", lang)) for id in strategy.personas]
    others = [Words(strategy.not_for[lang], lead=label("part.not_for", lang))] if strategy.not_for else []
    whom = [*_large("part.for_whom", strategy.for_whom, lang), Space(), *people, *others]
    promise, highest = (
        _large(term, text, lang)
        for term, text in (("part.promise", strategy.promise), ("part.highest", strategy.highest))
    )
    return Table([Column("")] * 3, [Row([whom, promise, highest])], cards=True)


def _large(term: str, text: Text | None, lang: Lang) -> Cell:
    words = Words(text[lang], size=LARGE) if text else Words("–", tone="faint", size=LARGE)
    return [Words(label(term, lang), tone="quiet"), words]


def _features(subject: Subject) -> Table:
    """The features, those first that are to make the service the highest."""
    lang, service = subject.lang, subject.service
    chosen = service.strategy.features if service.strategy else ()
    first = [feature for feature in service.features if feature.id in chosen]
    others = [feature for feature in service.features if feature.id not in chosen]
    terms = [("part.features", 2.4), ("part.layer", 1), ("part.kano", 1.4), ("part.touchpoints", 1.6)]
    rows = _feature_rows(subject, first, label("strategy.chosen", lang))
    rows += _feature_rows(subject, others, label("strategy.others", lang) if first else "")
    return Table([Column(label(term, lang), share) for term, share in terms], rows, label("strategy.features", lang))


def _feature_rows(subject: Subject, features: Sequence[Feature], group: str) -> list[Row]:
    lang, service = subject.lang, subject.service
    return [
        Row(
            [
                [Words(feature.title[lang], bold=True)],
                [Words(label(f"layer.{feature.layer}", lang))] if feature.layer else [],
                [_kano_class(feature.kano, lang)] if feature.kano else [],
                words_in_cell(service.title_of(feature.touchpoint, lang)),
            ],
            "" if at else group,
        )
        for at, feature in enumerate(features)
    ]


def _kano_class(name: str, lang: Lang) -> Drawing:
    """A Kano class in its fixed colour, beside its name."""
    known = vocabulary()[f"kano.{name}"]

    def draw(pen: Pen, x: float, y: float, _room: float, paper: Paper) -> None:
        body = paper.body
        if known.colour:
            pen.swatch(x, y + 0.4 * body, 0.7 * body, 0.7 * body, known.colour)
        pen.text(x + 1.2 * body, y + BASELINE * body, known.name[lang], body)

    return Drawing(LEADING, draw, known.name[lang])


def _limits(limits: ContactLimits, lang: Lang) -> Table:
    """How often one customer is contacted at most, as large figures under what they are."""
    held = [
        (term, getattr(limits, term.removeprefix("part.")))
        for term in ("part.per_visit", "part.per_month", "part.hours_between", "part.quiet_days")
    ]
    given = [(label(term, lang), value) for term, value in held if value is not None]
    cells: list[Cell] = [[Words(f"{value:g}", size=LARGE)] for _, value in given]
    columns, rows = [Column(name) for name, _ in given], [Row(cells)] * bool(cells)
    return Table(columns, rows, label("part.contact_limits", lang), named_by=None)


def _benchmarks(subject: Subject) -> Table:
    """The practices of others beside ours."""
    lang = subject.lang
    terms = [
        ("part.benchmarks", 1.3), ("part.industry", 1), ("part.practice", 2.6), ("part.value", 1), ("part.ours", 2),
        ("part.source", 1.7),
    ]  # fmt: skip
    rows = [Row(_benchmark(each, lang)) for each in subject.service.benchmarks]
    return Table([Column(label(term, lang), share) for term, share in terms], rows, label("strategy.benchmarks", lang))


def _benchmark(each: Benchmark, lang: Lang) -> list[Cell]:
    value = [] if each.value is None else [f"{each.value:g} {each.unit[lang] if each.unit else ''}".strip()]
    value += [] if each.n is None else [f"n\u00a0{each.n:,}"]
    source = each.source[lang]
    dated = [day_words(each.dated.isoformat(), lang)] if each.dated and str(each.dated.year) not in source else []
    return [
        [Words(each.title[lang], bold=True)],
        [Words(each.industry[lang])],
        [Words(each.practice[lang])],
        words_in_cell(joined(value, lang)),
        [Words(each.ours[lang])] if each.ours else [Words("–", tone="faint")],
        [Words(joined([source, *dated], lang), tone="quiet")],
    ]
