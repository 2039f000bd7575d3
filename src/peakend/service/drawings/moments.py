"""The moments of truth as cards: what decides, what staff say and do there, and how far each moment is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from peakend.documents.parts import Text
from peakend.service.coverage import asked_touchpoints
from peakend.service.drawings.blocks import Block, Named, Space, Words
from peakend.service.drawings.canvas import Canvas, Caption
from peakend.service.drawings.curve import Score
from peakend.service.drawings.gauges import emotion_gauge, ladder, score_gauge
from peakend.service.drawings.map_content import JourneyMap
from peakend.service.drawings.phrases import counted, of_them, said
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.table import Cell, Column, Row, Table, draw_cards
from peakend.service.journeys import Behaviours, MomentOfTruth, Touchpoint
from peakend.terms import Lang, label

WIDE: Final[dict[Lang, tuple[int, ...]]] = {
    "en": (30, 26, 23),
    "zh-Hant": (30, 26, 23, 20, 18),
    "zh-Hans": (30, 26, 23, 20, 18),
}
"""How wide a card is at least, in sizes of type: better wide, narrower where type grows by it. Chinese is read well in
shorter lines.
"""
NAMES: Final[dict[Lang, float]] = {"en": 6.4, "zh-Hant": 5.2, "zh-Hans": 5.2}
"""How wide the names of what a card says are."""
IN_A_ROW: Final[dict[Lang, float]] = {"en": 8.6, "zh-Hant": 5.2, "zh-Hans": 5.2}
"""In a row, which is wider than a card, none of them needs a second line."""
STEPS: Final = ("moment.named", "moment.standard", "moment.asked", "moment.improved")
"""How far a moment may be."""


@dataclass(frozen=True)
class Moment:
    """A moment of truth where it stands in the journey. `asked`: a survey asks about it, or answers are there; `stands`
    says which of peak, trough and end it is by what is measured.
    """

    touchpoint: Touchpoint
    truth: MomentOfTruth
    stage: Text
    score: Score | None
    asked: bool
    stands: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[bool, bool, bool, bool]:
        """Which of `STEPS` are done: what the document shows by itself is read from it, that it was improved is what
        its authors say.
        """
        return (True, bool(self.touchpoint.all_standards), self.asked, self.truth.state == "improved")


def moments_of(subject: Subject) -> tuple[Moment, ...]:
    """The moments of truth of a journey, in its order."""
    asked, stands = asked_touchpoints(subject.service), _measured_marks(subject)
    return tuple(
        Moment(
            point,
            point.moment_of_truth,
            stage.title,
            subject.scores.get(point.id),
            point.id in asked or point.id in subject.scores,
            stands.get(point.id, ()),
        )
        for stage in subject.journey.stages
        for point in stage.touchpoints
        if point.moment_of_truth
    )


def _measured_marks(subject: Subject) -> dict[str, tuple[str, ...]]:
    """Which touchpoints are peak, trough and end by what is measured, as the map of the journey marks them."""
    picture = JourneyMap(subject.service, subject.journey, subject.lang, subject.scores, subject.dated)
    places = enumerate(picture.stops) if picture.has_scores else ()
    return {stop.touchpoint.id: tuple(picture.names_at(at)) for at, stop in places}


def caption(subject: Subject) -> Caption:
    """What is said above the cards."""
    moments = moments_of(subject)
    told = (" | ".join(block.told for block in _card(subject, moment) if block.told) for moment in moments)
    return subject.caption("moments", _sentence(moments, subject.lang), told)


def _sentence(moments: Sequence[Moment], lang: Lang) -> str:
    if not moments:
        return label("moments.empty", lang)
    bare = sum(1 for moment in moments if not moment.steps[1])
    silent = sum(1 for moment in moments if not moment.asked)
    match lang:
        case "en":
            decide = counted(len(moments), lang, "moment decides", "moments decide")
            rest = [f"for {of_them(bare, len(moments))} no standard is set"] * bool(bare)
            rest += [f"nobody asks about {of_them(silent, len(moments))}"] * bool(silent)
            full = f"{'each' if len(moments) > 1 else 'it'} has a standard and is asked about"
            return said([decide, *(rest or [full])], lang)
        case "zh-Hant":
            rest = [f"{bare} 個還沒有訂標準"] * bool(bare) + [f"{silent} 個還沒有人去問顧客"] * bool(silent)
            full = "都訂了標準，也都問了顧客" if len(moments) > 1 else "已經訂了標準，也問了顧客"
            return said([f"{len(moments)} 個關鍵時刻決定整體評價", *(rest or [full])], lang)
        case "zh-Hans":
            rest = [f"{bare} 个还没有定标准"] * bool(bare) + [f"{silent} 个还没有去问客户"] * bool(silent)
            full = "都定了标准，也都问了客户" if len(moments) > 1 else "已经定了标准，也问了客户"
            return said([f"{len(moments)} 个关键时刻决定总体评价", *(rest or [full])], lang)


def draw(subject: Subject, canvas: Canvas) -> None:
    """Draw the cards, in the largest type in which they stand on one sheet."""
    cards = [_card(subject, moment) for moment in moments_of(subject)]
    canvas.fill(*(partial(draw_cards, cards=cards, wide=wide) for wide in WIDE[subject.lang]))


def tables(subject: Subject) -> list[Table]:
    """The register: a row a moment; what the customer lives there, what staff say and do, and how far it is."""
    lang = subject.lang
    heads = (("part.moment_of_truth", 1.3), ("customer", 2.6), ("moments.staff", 4.2), ("moments.stands", 2.9))
    rows, stage = [], None
    for moment in moments_of(subject):
        rows.append(Row(_cells(subject, moment), "" if moment.stage is stage else moment.stage[lang]))
        stage = moment.stage
    return [Table([Column(label(term, lang), share) for term, share in heads], rows)]


def _cells(subject: Subject, moment: Moment) -> list[Cell]:
    lang, point, truth = subject.lang, moment.touchpoint, moment.truth
    return [
        [Words(point.title[lang], bold=True)],
        [
            _named(lang, "part.trigger", truth.trigger),
            _named(lang, "map.thinks", point.mind),
            _named(lang, "map.fears", point.fears),
        ],
        [
            replace(named, wide=IN_A_ROW[lang])
            for named in (
                _named(lang, "part.words", truth.words),
                *behaviour_blocks(truth.behaviours, lang),
                _named(lang, "map.delight", truth.delight),
            )
        ],
        [_owner(subject, point), *_emotions(subject, moment), Space(), _ladder(moment, lang)],
    ]


def _ladder(moment: Moment, lang: Lang) -> Block:
    return ladder([label(step, lang) for step in STEPS], moment.steps)


def _owner(subject: Subject, point: Touchpoint) -> Named:
    owner = subject.service.title_of(point.owner, subject.lang)
    return Named(label("part.owner", subject.lang), [Words(owner)] if owner else [], NAMES[subject.lang])


def _card(subject: Subject, moment: Moment) -> Cell:
    lang, point = subject.lang, moment.touchpoint
    return [
        Words(moment.stage[lang], tone="quiet"),
        Words(point.title[lang], bold=True, size=1.35),
        Space(),
        *_said(subject, moment),
        Space(),
        _ladder(moment, lang),
    ]


def _said(subject: Subject, moment: Moment) -> Iterator[Block]:
    lang, point, truth = subject.lang, moment.touchpoint, moment.truth
    yield _named(lang, "part.trigger", truth.trigger)
    yield _named(lang, "map.thinks", point.mind)
    yield _named(lang, "map.fears", point.fears)
    yield Space()
    yield _named(lang, "part.words", truth.words, size=1.2)
    yield Space()
    yield from behaviour_blocks(truth.behaviours, lang)
    yield Space()
    yield _named(lang, "map.delight", truth.delight)
    yield _owner(subject, point)
    yield from _emotions(subject, moment)


def behaviour_blocks(behaviours: Behaviours | None, lang: Lang) -> list[Named]:
    """The five behaviours, each beside its name; a dash where one is not written yet."""
    held = behaviours or Behaviours()
    return [_named(lang, f"behaviour.{name}", getattr(held, name)) for name in Behaviours.model_fields]


def _named(lang: Lang, term: str, text: Text | None, *, size: float = 1) -> Named:
    return Named(label(term, lang), [Words(text[lang], size=size)] if text else [], NAMES[lang])


def _emotions(subject: Subject, moment: Moment) -> Iterator[Block]:
    """The planned emotion, and the measured one where there is any."""
    lang, point = subject.lang, moment.touchpoint
    marks = [label(f"map.{point.designed_as}", lang)] if point.designed_as else []
    planned = [emotion_gauge(point.emotion.planned, marks, lang)] if point.emotion else [Words(mark) for mark in marks]
    yield Named(label("moment.planned", lang), planned, NAMES[lang])
    stands = [label(f"map.{name}", lang) for name in moment.stands]
    score = moment.score
    if score and (score.has_value or score.n or score.refused):
        yield Named(label("moment.score", lang), score_gauge(score, stands, lang), NAMES[lang])
