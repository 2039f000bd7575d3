"""Standards and promises as tables: what shall be done and what was told outside, how each is measured, and how often
it was kept.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial

from peakend import extremes
from peakend.service.drawings.blocks import Block, Words
from peakend.service.drawings.canvas import Canvas, Caption
from peakend.service.drawings.gauges import kept_gauge
from peakend.service.drawings.measure_words import measure_words, why_uncounted
from peakend.service.drawings.phrases import counted, of_them, said
from peakend.service.drawings.subject import Kept, Subject
from peakend.service.drawings.table import Cell, Column, Row, Table, draw_tables, words_in_cell
from peakend.service.journeys import Touchpoint
from peakend.service.measures import Promise, Standard
from peakend.terms import Lang, label
from peakend.thresholds import LOW_BASE


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
    def is_counted(self) -> bool:
        """Whether there is a figure to hold against what must be."""
        return self.kept is not None and self.promised is not None

    @property
    def is_tested(self) -> bool:
        """Whether that figure is one of visits enough to be called low."""
        return self.is_counted and self.kept is not None and self.kept.low is not None and self.kept.n >= LOW_BASE


def broken_of(subject: Subject) -> frozenset[str]:
    """The standards and promises, by id, that were clearly kept less often than they must be: all of them are tested
    together, so the chance that any is wrongly among them is at most one in twenty.
    """
    tested = [each for each in (*promises_of(subject), *standards_of(subject)) if each.is_tested]
    shares = [each.kept for each in tested if each.kept is not None]
    found = extremes.below(shares, [each.promised or 0.0 for each in tested])
    return frozenset(each.rule.id or "" for each, is_below in zip(tested, found, strict=True) if is_below)


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
    return subject.caption("standards", _sentence(subject), told)


def _sentence(subject: Subject) -> str:
    lang, promises, standards = subject.lang, promises_of(subject), standards_of(subject)
    pledges = (*promises, *standards)
    if not pledges:
        return label("standards.empty", lang)
    measured = sum(1 for pledge in pledges if pledge.rule.measure)
    match lang:
        case "en":
            kinds = f"{counted(len(promises), lang, 'thing')} and set {counted(len(standards), lang, 'standard')}"
            parts = [f"we promise {kinds}", f"{of_them(measured, len(pledges))} can be measured"]
        case "zh-Hant":
            parts = [f"對外有 {len(promises)} 項承諾，對內訂了 {len(standards)} 項標準", f"其中 {measured} 項可以衡量"]
        case "zh-Hans":
            parts = [f"对外有 {len(promises)} 项承诺，对内定了 {len(standards)} 项标准", f"其中 {measured} 项可以衡量"]
    return said([*parts, *_kept_words(subject, pledges)], lang)


def _kept_words(subject: Subject, pledges: Sequence[Pledge]) -> list[str]:
    """How many of those whose keeping was counted are clearly kept too seldom, and how sure that is of all together."""
    lang, broken = subject.lang, len(broken_of(subject))
    judged = sum(1 for each in pledges if each.is_counted)
    tested = sum(1 for each in pledges if each.is_tested)
    if not judged:
        return []
    match lang:
        case "en":
            words = _kept_words_in_english(broken, judged)
            surely = "they are tested together: the chance that any is named wrongly is at most 5%"
        case "zh-Hant":
            words = f"{broken} 項明顯低於應有的比例" if broken else "沒有一項明顯低於應有的比例"
            words = f"有數字可查的 {judged} 項中，{words}"
            surely = "各項合併檢定，誤指任何一項的機率至多 5%"
        case "zh-Hans":
            words = f"{broken} 项明显低于应有的比例" if broken else "没有一项明显低于应有的比例"
            words = f"有数字可查的 {judged} 项中，{words}"
            surely = "各项合并检验，误指任何一项的概率至多 5%"
    return [words, *[surely] * (tested > 1)]


def _kept_words_in_english(broken: int, judged: int) -> str:
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
    rows, before, broken = [], None, broken_of(subject)
    for pledge in pledges:
        point, rule = pledge.touchpoint, pledge.rule
        name: Cell = [Words(point.title[subject.lang], bold=True)] if point is not before else []
        before, text = point, [Words(rule.text[subject.lang])]
        kept: list[Cell] = [_kept(pledge, subject.lang, broken)] if subject.kept else []
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


def _kept(pledge: Pledge, lang: Lang, broken: Collection[str]) -> Sequence[Block]:
    """How often it was kept; of one that has a measure, why there is no figure."""
    if pledge.kept:
        return kept_gauge(pledge.kept, pledge.promised, lang, below=pledge.rule.id in broken)
    why = pledge.rule.measure and why_uncounted(pledge.rule.measure)
    return [Words(label(why, lang), tone="quiet")] if why else []
