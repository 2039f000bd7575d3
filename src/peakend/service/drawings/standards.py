"""Standards and promises as tables: what shall be done and what was told outside, how each is measured, and how often
it was kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from peakend.service.drawings.blocks import Block, Words
from peakend.service.drawings.canvas import Canvas, Caption
from peakend.service.drawings.gauges import kept_gauge
from peakend.service.drawings.measure_words import measure_words
from peakend.service.drawings.phrases import counted, of_them, said
from peakend.service.drawings.subject import Kept, Subject
from peakend.service.drawings.table import Cell, Column, Row, Table, draw_tables, words_in_cell
from peakend.service.journeys import Touchpoint
from peakend.service.measures import Promise, Standard
from peakend.terms import Lang, label
from peakend.thresholds import side_of


@dataclass(frozen=True)
class Pledge:
    """A standard or a promise where it holds, and how often it was kept."""

    touchpoint: Touchpoint
    rule: Standard | Promise
    kept: Kept | None

    @property
    def promised(self) -> float | None:
        """The share of visits that must keep it."""
        return self.rule.measure.share_at_least if self.rule.measure else None

    @property
    def broken(self) -> bool:
        """Whether it was clearly kept less often than it must be."""
        kept, promised = self.kept, self.promised
        return kept is not None and promised is not None and side_of(kept.low, kept.high, promised, n=kept.n) == "below"


def promises_of(subject: Subject) -> tuple[Pledge, ...]:
    """The promises of a journey, in its order."""
    return tuple(_pledge(subject, point, each) for point in subject.journey.touchpoints for each in point.all_promises)


def standards_of(subject: Subject) -> tuple[Pledge, ...]:
    """The standards of a journey, in its order."""
    return tuple(_pledge(subject, point, each) for point in subject.journey.touchpoints for each in point.all_standards)


def _pledge(subject: Subject, point: Touchpoint, rule: Standard | Promise) -> Pledge:
    return Pledge(point, rule, subject.kept.get(rule.id) if rule.id else None)


def caption(subject: Subject) -> Caption:
    """What is said above the tables."""
    told = [row.told for table in tables(subject) for row in table.rows]
    return subject.caption("standards", _sentence(promises_of(subject), standards_of(subject), subject.lang), told)


def _sentence(promises: Sequence[Pledge], standards: Sequence[Pledge], lang: Lang) -> str:
    pledges = (*promises, *standards)
    if not pledges:
        return label("standards.empty", lang)
    measured = sum(1 for pledge in pledges if pledge.rule.measure)
    judged = [pledge for pledge in pledges if pledge.kept and pledge.promised is not None]
    broken = sum(1 for pledge in judged if pledge.broken)
    match lang:
        case "en":
            kinds = f"{counted(len(promises), lang, 'thing')} and set {counted(len(standards), lang, 'standard')}"
            parts = [f"we promise {kinds}", f"{of_them(measured, len(pledges))} can be measured"]
            held = _kept_words(broken, len(judged))
        case "zh-Hant":
            parts = [f"對外有 {len(promises)} 項承諾，對內訂了 {len(standards)} 項標準", f"其中 {measured} 項可以衡量"]
            held = f"{broken} 項明顯低於應有的比例" if broken else "沒有一項明顯低於應有的比例"
            held = f"有數字可查的 {len(judged)} 項中，{held}"
        case "zh-Hans":
            parts = [f"对外有 {len(promises)} 项承诺，对内定了 {len(standards)} 项标准", f"其中 {measured} 项可以衡量"]
            held = f"{broken} 项明显低于应有的比例" if broken else "没有一项明显低于应有的比例"
            held = f"有数据可查的 {len(judged)} 项中，{held}"
    return said([*parts, held] if judged else parts, lang)


def _kept_words(broken: int, judged: int) -> str:
    """In English, how many of those whose keeping was counted are clearly kept too seldom."""
    should = f"clearly kept less often than {'they' if broken > 1 else 'it'} should be"
    if judged == 1:
        return f"the one that was counted is {'' if broken else 'not '}{should}"
    few = counted(broken, "en", "is", "are") if broken else "none is"
    return f"of {counted(judged, 'en', 'that was', 'that were')} counted {few} {should}"


def draw(subject: Subject, canvas: Canvas) -> None:
    """Draw the tables, in the largest type in which they stand on as few sheets."""
    canvas.fill(partial(draw_tables, tables=tables(subject)))


def tables(subject: Subject) -> list[Table]:
    """The promises, and the standards: a row each."""
    lang, with_kept = subject.lang, bool(subject.kept)
    last = [Column(label("standards.kept", lang), 1.9)] * with_kept
    names = [label(term, lang) for term in ("part.touchpoints", "part.promise", "part.where", "part.otherwise")]
    measure = Column(label("part.measure", lang), 2.1)
    promised = [Column(names[0], 1.3), Column(names[1], 2.4), Column(names[2]), Column(names[3], 1.7), measure, *last]
    free = Column(label("part.freedom", lang), 1.7)
    set_ = [Column(names[0], 1.3), Column(label("part.standard", lang), 3.4), free, measure, *last]
    return [
        Table(promised, _rows(subject, promises_of(subject)), label("standards.promises", lang)),
        Table(set_, _rows(subject, standards_of(subject)), label("standards.standards", lang)),
    ]


def _rows(subject: Subject, pledges: Sequence[Pledge]) -> list[Row]:
    """A row a pledge; the touchpoint is named where it is another than above."""
    rows, before = [], None
    for pledge in pledges:
        point, rule = pledge.touchpoint, pledge.rule
        name: Cell = [Words(point.title[subject.lang], bold=True)] if point is not before else []
        before, text = point, [Words(rule.text[subject.lang])]
        kept: list[Cell] = [_kept(pledge, subject.lang)] if subject.kept else []
        rows.append(Row([name, text, *_middle(subject, rule), _measure(subject, rule), *kept]))
    return rows


def _middle(subject: Subject, rule: Standard | Promise) -> list[Cell]:
    """What is said of a promise, where and what else is given; of a standard, whether staff may adapt it."""
    lang = subject.lang
    if isinstance(rule, Promise):
        where = subject.service.title_of(rule.where, lang)
        return [words_in_cell(where), words_in_cell(rule.otherwise[lang] if rule.otherwise else "")]
    return [words_in_cell(freedom_words(rule, lang))]


def freedom_words(standard: Standard, lang: Lang) -> str:
    """Whether staff may adapt a standard, and in what."""
    bend = standard.bend[lang] if standard.bend else ""
    if standard.freedom is None:
        return bend
    named = label("freedom.fixed" if standard.freedom == "fixed" else "freedom.may_bend", lang)
    return f"{named}{': ' if lang == 'en' else '：'}{bend}" if bend else named


def _measure(subject: Subject, rule: Standard | Promise) -> Cell:
    if rule.measure is None:
        return [Words(label("standards.unmeasured", subject.lang), tone="quiet")]
    return [Words(measure_words(subject.service, rule.measure, subject.lang))]


def _kept(pledge: Pledge, lang: Lang) -> list[Block]:
    return kept_gauge(pledge.kept, pledge.promised, lang) if pledge.kept else []
