"""The personas as cards: who they are, what they want and fear, who in the data they stand for, and what they need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from peakend.service.drawings.blocks import Block, Named, Space, Words
from peakend.service.drawings.canvas import Canvas, Caption
from peakend.service.drawings.lenses import LensWord
from peakend.service.drawings.phrases import counted, joined, quoted, said
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.table import Cell, Table, draw_cards
from peakend.service.people import Need, Persona
from peakend.terms import Lang, label

WIDE: Final = (42, 30)
"""How wide a card is at least, in sizes of type: two stand side by side on A4, three where they then need fewer
sheets.
"""
IN_A_ROW: Final = 24
"""On pages to read, where type grows as far as they stand side by side."""
NAMES: Final[dict[Lang, float]] = {"en": 7, "zh-Hant": 5.4, "zh-Hans": 5.4}
"""How wide the names of what a card says are."""


def caption(subject: Subject) -> Caption:
    """What is said above the cards."""
    told = (" | ".join(block.told for block in _card(subject, one) if block.told) for one in subject.service.personas)
    return subject.caption("personas", _sentence(subject), told)


def _sentence(subject: Subject) -> str:
    lang, personas = subject.lang, subject.service.personas
    needs = [need for persona in personas for need in persona.needs]
    proved = sum(1 for need in needs if need.quote)
    if not personas:
        return label("personas.empty", lang)
    match lang:
        case "en":
            rest = f"{counted(proved, lang, 'of them is', 'of them are')} backed by a customer’s own words"
            rest = rest if proved else "no customer’s own words back them yet"
            have = f"{counted(len(personas), lang, 'persona has', 'personas have')} {counted(len(needs), lang, 'need')}"
            return said([have, *[rest] * bool(needs)], lang)
        case "zh-Hant":
            rest = f"其中 {proved} 項有顧客原話佐證" if proved else "還沒有一項有顧客原話佐證"
            return said([f"{len(personas)} 份人物誌，{len(needs)} 項需求", *[rest] * bool(needs)], lang)
        case "zh-Hans":
            rest = f"其中 {proved} 项有客户原话佐证" if proved else "还没有一项有客户原话佐证"
            return said([f"{len(personas)} 份客户画像，{len(needs)} 项需求", *[rest] * bool(needs)], lang)


def draw(subject: Subject, canvas: Canvas) -> None:
    """Draw the cards, in the largest type in which they stand on one sheet."""
    cards = [_card(subject, persona) for persona in subject.service.personas]
    wide = min(WIDE, key=lambda each: _sheets(canvas, cards, each)) * canvas.paper.body
    canvas.fill(lambda each: draw_cards(each, cards, wide=wide / each.paper.body))


def tables(subject: Subject) -> list[Table]:
    """The cards, for pages to read."""
    return [Table.of_cards([_card(subject, persona) for persona in subject.service.personas], wide=IN_A_ROW)]


def _sheets(canvas: Canvas, cards: Sequence[Cell], wide: float) -> int:
    """On how many sheets cards so wide stand."""
    trial = Canvas(canvas.paper, canvas.lang, canvas.theme, canvas.caption)
    draw_cards(trial, cards, wide=wide)
    return len(trial.sheets)


def _card(subject: Subject, persona: Persona) -> Cell:
    return [*_person(subject, persona), *(block for need in persona.needs for block in _need(subject, need))]


def _person(subject: Subject, persona: Persona) -> Iterator[Block]:
    lang = subject.lang
    yield Words(persona.name[lang], bold=True, size=1.5, heads=True)
    if persona.story:
        yield Space(0.3)
        yield Words(persona.story[lang])
    yield Space()
    yield Named(label("part.goals", lang), [Words(goal[lang]) for goal in persona.goals], NAMES[lang])
    yield Named(label("map.fears", lang), [Words(fear[lang]) for fear in persona.fears], NAMES[lang])
    yield Named(label("part.segment", lang), _segment(subject, persona), NAMES[lang])


def _segment(subject: Subject, persona: Persona) -> list[Block]:
    """Who in the data they stand for: the values of the columns that tell customers apart."""
    lang = subject.lang
    values = [_value(subject, column, value) for column, value in persona.segment.items()]
    return [Words(joined(values, lang))] if values else []


def _value(subject: Subject, column: str, value: object) -> str:
    """A value of a segment, by its name; with the name of the column where it has none."""
    lang = subject.lang
    segment = next((each for each in subject.service.segments if each.id == column), None)
    titles = {each.id: each.title[lang] for each in segment.values} if segment else {}
    return titles.get(str(value)) or f"{segment.title[lang] if segment else column} {value}"


def _need(subject: Subject, need: Need) -> Iterator[Block]:
    lang = subject.lang
    yield Space(1)
    yield Words(quoted(need.said[lang], lang), bold=True, size=1.15)
    for term, text in (("meant", need.meant), ("underlying", need.underlying)):
        if text:
            yield Named(label(f"need.{term}", lang), [Words(text[lang])], NAMES[lang])
    yield Named("", [LensWord(need.lens, lang)], NAMES[lang])
    if need.quote:
        yield Named(label("part.quote", lang), [Words(quoted(need.quote[lang], lang))], NAMES[lang])
