"""The iceberg of needs: one column a need; above the water what is said, below it what is meant and what lies
underneath. All words, with those that prove them, stand in full in the table below.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import Final

from peakend.service.drawings.blocks import Block, Space, Words
from peakend.service.drawings.canvas import LARGER, Canvas, Caption, measure_on
from peakend.service.drawings.lenses import LensWord, draw_lens
from peakend.service.drawings.paper import Paper
from peakend.service.drawings.pen import Pen, Tone
from peakend.service.drawings.phrases import counted, joined, quoted, said
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.table import Cell, Column, Row, Table, draw_table
from peakend.service.drawings.typeset import Measure, clamped, even, is_torn, width, wrap
from peakend.service.people import Lens, Need, Persona
from peakend.terms import Lang, label

PAGES: Final = 2
"""The picture, and the table of all."""
MOST: Final = 7
"""Needs beside one another."""
WIDE: Final = 15
"""How wide a column is at least, in sizes of type."""
CLOSE: Final = (10, 9)
"""How wide a column is at least, and how many there are at most, where all needs stand on one sheet by it."""
INSIDE: Final = 0.8
"""How much of a column its words take."""
LEADING: Final = 1.4
FEW: Final = 4
"""So many lines are made of even length."""
LARGEST: Final = (4.2, 3.6, 3.1)
"""By how much type may be larger where a wall is far away and the words are few."""
AIR: Final = 1.2
"""Above and below the words of a part, in sizes of type."""


@dataclass(frozen=True)
class PersonaNeed:
    """A need and whose it is."""

    persona: Persona
    need: Need


@dataclass
class Part:
    """What stands above or below the water in one column: lines with their size, tone and weight."""

    measure: Measure
    lines: list[tuple[str, float, Tone, bool]] = field(default_factory=list)
    is_cut: bool = False
    is_torn: bool = False

    @property
    def height(self) -> float:
        """How high the lines are."""
        return sum(LEADING * size for _, size, _, _ in self.lines)

    def add(self, words: str, size: float, room: float, most: int, *, tone: Tone = "ink", bold: bool = False) -> None:
        """Write a text below what stands there, in so many lines at most."""
        whole = wrap(words, size, room, bold=bold, measure=self.measure)
        whole = even(words, size, room, bold=bold, measure=self.measure) if 1 < len(whole) <= FEW else whole
        shown = clamped(whole, max(1, most), size, room, bold=bold)
        self.is_cut = self.is_cut or shown != whole
        self.is_torn = self.is_torn or is_torn(whole, words)
        self.lines += [(line, size, tone, bold) for line in shown]

    def draw(self, pen: Pen, x: float, y: float) -> None:
        """Draw it, centred."""
        for words, size, tone, bold in self.lines:
            if words:
                pen.text(x, y + 1.05 * size, words, size, tone=tone, bold=bold, anchor="middle")
            y += LEADING * size


@dataclass(frozen=True)
class Berg:
    """One column."""

    held: PersonaNeed
    name: Part
    above: Part
    below: Part

    @property
    def is_cut(self) -> bool:
        """Whether some of its words had no room."""
        return any(part.is_cut for part in (self.name, self.above, self.below))

    @property
    def is_torn(self) -> bool:
        """Whether a word is broken, or a character stands alone."""
        return any(part.is_torn for part in (self.name, self.above, self.below))


def needs_of(subject: Subject) -> list[PersonaNeed]:
    """The needs of all personas, in the order of the document."""
    return [PersonaNeed(persona, need) for persona in subject.service.personas for need in persona.needs]


def caption(subject: Subject) -> Caption:
    """What is said above the icebergs."""
    held = needs_of(subject)
    told = (row.told for row in _table(subject, held).rows)
    return subject.caption("iceberg", _sentence(held, subject.lang), told)


def _sentence(held: Sequence[PersonaNeed], lang: Lang) -> str:
    if not held:
        return label("iceberg.empty", lang)
    proved = sum(1 for each in held if each.need.quote)
    match lang:
        case "en":
            rest = f"{counted(proved, lang, 'is', 'are')} backed by a customer’s own words"
            rest = rest if proved else "no customer’s own words back them yet"
            return said([counted(len(held), lang, "need lies", "needs lie") + " below what is said aloud", rest], lang)
        case "zh-Hant":
            rest = f"其中 {proved} 項有顧客原話佐證" if proved else "還沒有一項有顧客原話佐證"
            return said([f"說出口的話底下有 {len(held)} 項需求", rest], lang)
        case "zh-Hans":
            rest = f"其中 {proved} 项有客户原话佐证" if proved else "还没有一项有客户原话佐证"
            return said([f"说出来的话底下有 {len(held)} 项需求", rest], lang)


def draw(subject: Subject, canvas: Canvas) -> None:
    """Draw the icebergs, a few a sheet, in the largest type in which no word is cut; and the table of all."""
    held = needs_of(subject)
    if held:
        draw_picture(subject, canvas)
        canvas.fill(lambda each: draw_table(each, _table(subject, held)))


def draw_picture(subject: Subject, canvas: Canvas) -> None:
    """Draw the icebergs alone, in the largest type in which no word is cut: all on one sheet where that is so there,
    else a few a sheet.
    """
    held = needs_of(subject)
    across = _across(subject, canvas, held)
    for at in range(0, len(held), across):
        _draw_row(subject, canvas, held[at : at + across], across)
        if canvas.paper.height or at + across >= len(held):
            _say_what_the_water_is(canvas, subject.lang)


def _across(subject: Subject, canvas: Canvas, held: Sequence[PersonaNeed]) -> int:
    """How many stand beside one another."""
    paper = canvas.paper
    fit = {wide: max(1, min(most, int(paper.room / (wide * paper.body)))) for wide, most in ((WIDE, MOST), CLOSE)}
    if paper.height and fit[WIDE] < len(held) <= fit[CLOSE[0]]:
        trial = Canvas(paper, canvas.lang, canvas.theme, canvas.caption)
        if not _draw_row(subject, trial, held, len(held)):
            return len(held)
    return ceil(len(held) / ceil(len(held) / fit[WIDE]))


def _draw_row(subject: Subject, canvas: Canvas, held: Sequence[PersonaNeed], across: int) -> bool:
    """Draw some icebergs beside one another, on a sheet of their own where the paper has an end; returns whether some
    of their words are cut.
    """
    paper = canvas.paper
    sheet = canvas.sheets[-1] if canvas.sheets and paper.height is None else canvas.new_sheet()
    foot = _foot(paper, subject.lang)
    high = None if paper.height is None else canvas.bottom - foot - sheet.y
    wide = paper.room / across
    bergs, body, high = _fitting(subject, held, paper, wide, high)
    head = max(berg.name.height for berg in bergs) + 0.5 * body
    top, water = sheet.y + head, sheet.y + head + (high - head) / 3
    bottom = sheet.y + high
    _draw_water(sheet.pen, paper, water, bottom)
    for at, berg in enumerate(bergs):
        x = paper.margin + (at + 0.5) * wide
        sheet.pen.begin("need", need=berg.held.need.id or "")
        berg.name.draw(sheet.pen, x, top - berg.name.height - 0.3 * body)
        turned = -1 if at % 2 else 1
        _draw_berg(sheet.pen, x, turned * (wide - 0.8 * body), (top, water, bottom - 0.8 * body), body)
        lifted = max(0.0, 0.66 * (water - top) - berg.above.height) / 2
        berg.above.draw(sheet.pen, x, water - berg.above.height - max(0.7 * body, lifted))
        sunk = AIR * body + max(0.0, 0.3 * (bottom - water) - 0.3 * berg.below.height - 2 * AIR * body) * 0.5
        berg.below.draw(sheet.pen, x, water + sunk)
        lens_at = water + sunk + 0.6 * AIR * body + berg.below.height
        _draw_lens(sheet.pen, berg.held.need.lens, subject.lang, (x, lens_at), max(paper.least, 0.85 * body))
        sheet.pen.end()
    sheet.y = bottom if paper.height else bottom + paper.body
    return any(berg.is_cut for berg in bergs)


def _say_what_the_water_is(canvas: Canvas, lang: Lang) -> None:
    """What stands above the water and what below it."""
    paper, sheet, small = canvas.paper, canvas.sheets[-1], canvas.paper.small
    lines = wrap(label("iceberg.water", lang), small, paper.room)
    sheet.pen.text(paper.margin, sheet.y + 1.6 * small, lines, small, tone="quiet", leading=LEADING * small)
    sheet.y += _foot(paper, lang) + (0 if paper.height else paper.body)


def _foot(paper: Paper, lang: Lang) -> float:
    """How high that is."""
    return LEADING * paper.small * (len(wrap(label("iceberg.water", lang), paper.small, paper.room)) + 1)


def _fitting(
    subject: Subject, held: Sequence[PersonaNeed], paper: Paper, wide: float, high: float | None
) -> tuple[list[Berg], float, float]:
    """The icebergs in the largest type in which no word is cut or broken, its size, and how high they are."""
    if high is None:
        bergs = [_berg(subject, each, paper, wide, None) for each in held]
        head = max(berg.name.height for berg in bergs) + 0.5 * paper.body
        above = max(berg.above.height for berg in bergs) + 2 * AIR * paper.body
        below = max(berg.below.height for berg in bergs) + 5 * AIR * paper.body
        return bergs, paper.body, head + 3 * max(above, below / 2)
    for larger in (*LARGEST, *LARGER[::-3], 1):
        trial = paper.enlarged(larger)
        bergs = [_berg(subject, each, trial, wide, high) for each in held]
        if larger == 1 or not any(berg.is_cut or berg.is_torn for berg in bergs):
            break
    return bergs, trial.body, high


def _berg(subject: Subject, held: PersonaNeed, paper: Paper, wide: float, high: float | None) -> Berg:
    """One column, its words cut to the room that a sheet has for them."""
    lang, body, need = subject.lang, paper.body, held.need
    room, small = INSIDE * (wide - 0.8 * body), max(paper.least, 0.85 * body)
    big = 1.2 * body
    measure = measure_on(paper, lang)
    name, above, below = Part(measure), Part(measure), Part(measure)
    name.add(held.persona.name[lang], small, 0.9 * wide, 3 if high else 99, tone="quiet")
    free = float("inf") if high is None else high - 3 * LEADING * small - 0.5 * body
    above.add(quoted(need.said[lang], lang), big, room, _lines(free / 3 - 2.4 * AIR * body, big), bold=True)
    texts = [(term, text[lang]) for term, text in (("meant", need.meant), ("underlying", need.underlying)) if text]
    left = _lines(2 * free / 3 - 5 * AIR * body - len(texts) * LEADING * 2 * small, body)
    for at, (term, text) in enumerate(texts):
        below.lines += [("", 0.6 * small, "quiet", False)] * bool(at)
        below.add(label(f"need.{term}", lang), small, room, 1, tone="quiet")
        others = [len(wrap(more, body, room, bold=True, measure=measure)) for _, more in texts[at + 1 :]]
        share = max(left // (len(texts) - at), left - sum(others))
        before = len(below.lines)
        below.add(text, body, room, share, bold=term == "underlying")
        left -= len(below.lines) - before
    below.is_cut = below.is_cut or width(label(f"lens.{need.lens}", lang), small) + 1.5 * small > 0.9 * wide
    return Berg(held, name, above, below)


def _lines(room: float, size: float) -> int:
    """How many lines have so much room."""
    return 9_999 if room == float("inf") else max(1, int(room / (LEADING * size)))


def _draw_water(pen: Pen, paper: Paper, water: float, bottom: float) -> None:
    """The water, from its gently moving line down."""
    left, right = paper.margin, paper.width - paper.margin
    count = max(4, round((right - left) / (9 * paper.body)))
    step, rise = (right - left) / count, 0.35 * paper.body
    waves = "".join(
        f"q{step / 4:.2f},{-rise:.2f} {step / 2:.2f},0q{step / 4:.2f},{rise:.2f} {step / 2:.2f},0" for _ in range(count)
    )
    pen.shape(f"M{left:.1f},{water:.1f}{waves}V{bottom:.1f}H{left:.1f}z", "hair")
    pen.curve(f"M{left:.1f},{water:.1f}{waves}", tone="quiet", thick=max(1.0, 0.1 * paper.body))


def _draw_berg(pen: Pen, x: float, wide: float, heights: tuple[float, float, float], body: float) -> None:
    """The iceberg around its words: a third of it above the water; turned round where its width is negative."""
    top, water, bottom = heights
    half, up, down = wide / 2, water - top, bottom - water
    places = [
        (-0.47 * half, 0.16 * up), (-0.12 * half, 0.0), (0.2 * half, 0.07 * up), (0.56 * half, 0.22 * up),
        (0.84 * half, 0.62 * up), (0.93 * half, up), (half, up + 0.22 * down), (0.97 * half, up + 0.56 * down),
        (0.74 * half, up + 0.84 * down), (0.2 * half, up + down), (-0.3 * half, up + 0.97 * down),
        (-0.8 * half, up + 0.8 * down), (-half, up + 0.5 * down), (-0.97 * half, up + 0.2 * down), (-0.92 * half, up),
        (-0.82 * half, 0.58 * up),
    ]  # fmt: skip
    data = "L".join(f"{x + dx:.1f},{top + dy:.1f}" for dx, dy in places)
    pen.shape(f"M{data}z", "paper")
    pen.curve(f"M{data}z", tone="faint", thick=max(0.75, 0.08 * body))


def _draw_lens(pen: Pen, lens: Lens, lang: Lang, place: tuple[float, float], size: float) -> None:
    """The lens of a need below its words: mark and word, centred."""
    x, y = place
    words = label(f"lens.{lens}", lang)
    left = x - (width(words, size) + 1.5 * size) / 2
    draw_lens(pen, lens, left + 0.5 * size, y + 0.7 * size, 0.95 * size)
    pen.text(left + 1.5 * size, y + 1.05 * size, words, size, tone="quiet")


def tables(subject: Subject) -> list[Table]:
    """All needs in full."""
    return [_table(subject, needs_of(subject))]


def _table(subject: Subject, held: Sequence[PersonaNeed]) -> Table:
    """All needs in full: what is said, meant, underneath, by which words it is proved, and where it is felt."""
    lang = subject.lang
    heads = ("part.said", "part.meant", "part.underlying", "part.quote", "part.touchpoints")
    columns = [Column(label(head, lang), share) for head, share in zip(heads, (3, 3, 3, 3, 2.4), strict=True)]
    rows: list[Row] = []
    for each in held:
        first = not rows or each.persona is not held[len(rows) - 1].persona
        rows.append(Row(_cells(subject, each.need), each.persona.name[lang] if first else ""))
    return Table(columns, rows, label("iceberg.table", lang))


def _cells(subject: Subject, need: Need) -> list[Cell]:
    lang, service = subject.lang, subject.service
    unproved: Block = Words(label("iceberg.unproved", lang), tone="quiet")
    places = joined([service.title_of(name, lang) for name in need.touchpoints], lang)
    return [
        [Words(quoted(need.said[lang], lang), bold=True), Space(0.2), LensWord(need.lens, lang)],
        [Words(need.meant[lang])] if need.meant else [],
        [Words(need.underlying[lang])] if need.underlying else [],
        [Words(quoted(need.quote[lang], lang))] if need.quote else [unproved],
        [Words(places)] if places else [],
    ]
