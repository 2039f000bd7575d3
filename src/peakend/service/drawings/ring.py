"""The cycle of service: the touchpoints of one visit as a ring, in their order; hollow where nobody asks about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import pi
from typing import Final

from peakend.service.coverage import asked_touchpoints
from peakend.service.drawings.beside import Label, Round, Written, draw_beside
from peakend.service.drawings.blocks import Block, Words
from peakend.service.drawings.canvas import Canvas, Caption
from peakend.service.drawings.map_content import JourneyMap, Stop
from peakend.service.drawings.paper import Paper
from peakend.service.drawings.pen import Pen, Tone
from peakend.service.drawings.phrases import counted, joined, said
from peakend.service.drawings.round_sheet import draw_alone, with_words
from peakend.service.drawings.signs import Sign
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.table import Column, Row, Table, draw_table
from peakend.service.drawings.typeset import clamped, even, width, wrap
from peakend.terms import label

OPEN: Final = pi / 7
"""How wide the ring is open at its top, between the last touchpoint and the first of the next time."""
BETWEEN: Final = 0.5
"""Between two stages, in distances between touchpoints."""
BESIDE: Final = 12
"""So many touchpoints have their words right beside the ring; those of more stand in two columns."""
SLOT: Final = 4.2
"""How many sizes of type a label has for itself."""


@dataclass(frozen=True)
class Cycle:
    """A journey as a ring: its stops with their angles."""

    subject: Subject

    @cached_property
    def map(self) -> JourneyMap:
        """What the journey map says of the same journey."""
        subject = self.subject
        return JourneyMap(subject.service, subject.journey, subject.lang, subject.scores, subject.dated)

    @cached_property
    def asked(self) -> frozenset[str]:
        """The touchpoints that a survey asks about."""
        return asked_touchpoints(self.subject.service)

    @cached_property
    def heard(self) -> frozenset[str]:
        """Its touchpoints that a survey asks about, or of which answers came another way."""
        known = self.asked | frozenset(self.subject.scores)
        return frozenset(stop.touchpoint.id for stop in self.map.stops) & known

    @cached_property
    def unasked(self) -> int:
        """Of how many there are answers though no survey asks about them."""
        return len(self.heard - self.asked)

    def word(self, stop: Stop) -> str:
        """Whether a survey asks about a stop, or answers came another way, in words."""
        id = stop.touchpoint.id
        term = "asked" if id in self.asked else "answered" if id in self.heard else "silent"
        return label(f"ring.{term}", self.subject.lang)

    @cached_property
    def angles(self) -> tuple[float, ...]:
        """Where the stops stand, clockwise from the top, with air between stages."""
        places: list[float] = []
        along = 0.5
        for _, stops in self.map.stages:
            places += [along + at for at in range(len(stops))]
            along = places[-1] + 1 + BETWEEN
        whole = along - BETWEEN - 0.5
        return tuple(-pi / 2 + OPEN / 2 + place / whole * (2 * pi - OPEN) for place in places)

    @property
    def step(self) -> float:
        """The least angle between two stops."""
        return min((b - a for a, b in pairwise(self.angles)), default=2 * pi - OPEN)

    def arcs(self) -> Iterator[tuple[float, float]]:
        """Where each stage begins and ends."""
        at, half = 0, self.step / 2
        for _, stops in self.map.stages:
            yield self.angles[at] - half, self.angles[at + len(stops) - 1] + half
            at += len(stops)

    def marks(self, at: int) -> list[str]:
        """What is said of a stop beside its name: whether it is peak, trough or end, and its score."""
        stop, lang = self.map.stops[at], self.subject.lang
        names = [label(f"map.{name}", lang) for name in self.map.names_at(at)]
        score = stop.score
        if score is None or not score.has_value:
            return names
        picture = self.map
        value, low, high = (picture.number(each, score) for each in (score.value, score.low, score.high))
        edges = f"{low}–{high}" if low and high else ""
        edges = f" ({edges})" if edges and lang == "en" else f"（{edges}）" if edges else ""
        return [*names, f"{value}{edges}", f"n {score.n:,}"]


@dataclass(frozen=True)
class Fit:
    """How labels are set: the size of their type, how wide and how high in lines they are, and the least size."""

    size: float
    wide: float
    most: int
    least: float

    def smaller(self, by: float) -> float:
        """A smaller size, not below the least."""
        return max(self.least, by * self.size)


def caption(subject: Subject) -> Caption:
    """What is said above the ring, and the ring in words."""
    cycle, lang = Cycle(subject), subject.lang
    told = [
        joined([f"{at}. {stop.title}", *cycle.marks(at - 1), *_unasked_words(cycle, stop)], lang)
        for at, stop in enumerate(cycle.map.stops, 1)
    ]
    counts = [part for part in cycle.map.corner if part not in subject.corner]
    return subject.caption("ring", _sentence(cycle), told, counts)


def _unasked_words(cycle: Cycle, stop: Stop) -> list[str]:
    """That no survey asks about a stop."""
    return [] if stop.touchpoint.id in cycle.asked else [cycle.word(stop)]


def _sentence(cycle: Cycle) -> str:
    lang, all_of_them, more = cycle.subject.lang, len(cycle.map.stops), cycle.unasked
    if not all_of_them:
        return label("ring.empty", lang)
    asked = len(cycle.heard) - more
    match lang:
        case "en":
            where = {0: "none of them yet", all_of_them: "every one"}.get(asked) or counted(
                asked, lang, "of them", "of them"
            )
            rest = [f"we ask about {where}"]
            others = counted(more, lang, "more", "more") if asked else counted(more, lang, "of them", "of them")
            rest += [f"there are answers about {others}"] * bool(more)
            return said(
                [counted(all_of_them, lang, "touchpoint makes", "touchpoints make") + " one visit", *rest], lang
            )
        case "zh-Hant":
            rest = [{0: "還沒有一個問過顧客", all_of_them: "每一個我們都會問顧客"}.get(
                asked, f"其中 {asked} 個我們會問顧客"
            )]  # fmt: skip
            rest += [f"另有 {more} 個沒有問卷在問，但已有回答"] * bool(more)
            return said([f"一次體驗有 {all_of_them} 個接觸點", *rest], lang)
        case "zh-Hans":
            rest = [{0: "还没有一个问过客户", all_of_them: "每一个我们都会问客户"}.get(
                asked, f"其中 {asked} 个我们会问客户"
            )]  # fmt: skip
            rest += [f"另有 {more} 个没有问卷在问，但已有回答"] * bool(more)
            return said([f"一次体验有 {all_of_them} 个触点", *rest], lang)


def draw(subject: Subject, canvas: Canvas) -> None:
    """Draw the ring with its words beside it; with numbers and a list below where they have no room."""
    cycle = Cycle(subject)
    if not cycle.map.stops:
        return
    short = canvas.paper.name != "phone" and _draw_beside(cycle, canvas)
    if short is False:
        _draw_numbered(cycle, canvas)
    if short is not True:
        canvas.fill(lambda each: draw_table(each, _list(cycle)))


def _draw_beside(cycle: Cycle, canvas: Canvas) -> bool | None:
    """Draw the ring with its words beside it. True where all are there in full, None where some are cut, False where
    they have no room.
    """
    layout = with_words(canvas, _signs(cycle), air=2, below=1)
    size, least = _size(cycle, canvas.paper, min(layout.room, 640.0)), canvas.paper.least
    labels = layout.fitting(lambda most: _labels(cycle, Fit(size, layout.beside(size), most, least)))
    if not labels:
        return False
    around = layout.around(labels, size, close=True, hugging=len(cycle.map.stops) <= BESIDE)
    _draw_ring(cycle, layout.sheet.pen, around, size, least)
    draw_beside(layout.sheet.pen, around, labels, lambda each: around.place(each.angle, around.radius + 1.1 * size))
    layout.finish(around)
    return None if any(each.is_cut for each in labels) else True


def _size(cycle: Cycle, paper: Paper, room: float) -> float:
    """The size of the words: it follows from how many there are, so that the ring stays where it is when a word
    changes.
    """
    slot = room if paper.height is None else paper.height * 0.72
    return min(1.4 * paper.heading, max(paper.least, slot / (len(cycle.map.stops) / 2 + 1) / SLOT))


def _labels(cycle: Cycle, fit: Fit) -> list[Label]:
    """The labels with so many lines at most."""
    heads, small = _heads(cycle), fit.smaller(0.78)
    made: list[Label] = []
    for at, (angle, stop) in enumerate(zip(cycle.angles, cycle.map.stops, strict=True)):
        lead = f"{at + 1}"
        whole = even(f"{lead} {stop.title}", fit.size, fit.wide, bold=True)
        lines = clamped(whole, fit.most, fit.size, fit.wide, bold=True)
        above = _above(cycle, at, heads.get(at, ""), fit)
        rows = [Written(line, fit.size, bold=True, lead=0 if row else len(lead)) for row, line in enumerate(lines)]
        below = wrap(joined(cycle.marks(at), cycle.subject.lang), small, fit.wide)[: fit.most - 1]
        told = [*above, *rows, *(Written(line, small, "quiet") for line in below)]
        made.append(Label(angle, told, len(above), is_cut=lines != whole))
    return made


def _above(cycle: Cycle, at: int, head: str, fit: Fit) -> list[Written]:
    """What stands above a touchpoint: where the journey begins and ends, and its stage where a new one begins."""
    if fit.most < 2:
        return []
    journey, lang, last = cycle.subject.journey, cycle.subject.lang, len(cycle.map.stops) - 1
    small = fit.smaller(0.8)
    ends = {0: ("ring.starts", journey.starts)} | {last: ("ring.ends", journey.ends)}
    term, text = ends.get(at, ("", None))
    joint = " " if lang == "en" else ""
    edge = even(f"{label(term, lang)}{joint}{text[lang]}", small, fit.wide) if text else []
    edge = clamped(edge, fit.most, small, fit.wide)
    named = even(head, small, fit.wide, bold=True) if head else []
    named = clamped(named, max(1, fit.most - 2), small, fit.wide, bold=True)
    return [
        *(Written(line, small, "quiet") for line in edge),
        *(Written(line, small, "quiet", bold=True) for line in named),
    ]


def _heads(cycle: Cycle) -> dict[int, str]:
    """Above which stop the name of its stage stands: the uppermost of the stage at each side."""
    heads: dict[int, str] = {}
    at = 0
    for title, stops in cycle.map.stages:
        inside = range(at, at + len(stops))
        right = [place for place in inside if Label(cycle.angles[place], ()).side == "right"]
        left = [place for place in inside if place not in right]
        heads |= dict.fromkeys([*right[:1], *left[-1:]], title)
        at += len(stops)
    return heads


def _draw_ring(cycle: Cycle, pen: Pen, around: Round, size: float, least: float) -> None:
    """The arcs of the stages, the touchpoints on them, and the way to the next time."""
    dot = min(0.62 * size, 0.36 * cycle.step * around.radius)
    for start, end in cycle.arcs():
        pen.curve(_arc(around, start, end), tone="hair", thick=2.6 * dot)
    for at, (angle, stop) in enumerate(zip(cycle.angles, cycle.map.stops, strict=True)):
        x, y = around.place(angle, around.radius)
        pen.begin("stop", touchpoint=stop.touchpoint.id)
        _mark(pen, (x, y), dot, cycle.map.tone_at(at), _kind(stop), heard=stop.touchpoint.id in cycle.heard)
        pen.end()
    _again(cycle, pen, around, size)
    small = max(least, 0.85 * size)
    words = label("ring.again", cycle.subject.lang)
    pen.text(around.x, around.y - around.radius + 2.4 * small, words, small, tone="quiet", anchor="middle")
    _centre(cycle, pen, around, least)


def _kind(stop: Stop) -> str:
    return "truth" if stop.touchpoint.moment_of_truth else "dot"


def _mark(pen: Pen, place: tuple[float, float], r: float, tone: Tone, kind: str, *, heard: bool) -> None:
    """A touchpoint: a dot, or a diamond where it is a moment of truth; hollow where nobody asks."""
    x, y = place
    thick = max(1.2, 0.28 * r)
    if kind == "dot":
        pen.dot(x, y, r, tone) if heard else pen.ring(x, y, r, tone, thick)
        return
    r *= 1.3
    data = f"M{x:.1f},{y - r:.1f}L{x + r:.1f},{y:.1f}L{x:.1f},{y + r:.1f}L{x - r:.1f},{y:.1f}z"
    pen.shape(data, tone if heard else "paper")
    pen.curve(data, tone="paper" if heard else tone, thick=thick)


def _arc(around: Round, start: float, end: float) -> str:
    """The part of the ring from one angle clockwise to another."""
    (x0, y0), (x1, y1) = around.place(start, around.radius), around.place(end, around.radius)
    large = int(end - start > pi)
    return f"M{x0:.1f},{y0:.1f}A{around.radius:.1f},{around.radius:.1f} 0 {large} 1 {x1:.1f},{y1:.1f}"


def _again(cycle: Cycle, pen: Pen, around: Round, size: float) -> None:
    """The way from the last touchpoint to the first of the next time."""
    half = cycle.step / 2
    start, end = cycle.angles[-1] + half + 0.04, cycle.angles[0] + half * -1 + 2 * pi - 0.04
    pen.curve(
        _arc(around, start, end), tone="quiet", thick=max(1.2, 0.09 * size), dash=f"{0.3 * size:.1f} {0.4 * size:.1f}"
    )
    x, y = around.place(end, around.radius)
    pen.curve(f"M{x - 0.4 * size:.1f},{y - 0.45 * size:.1f}L{x:.1f},{y:.1f}L{x - 0.5 * size:.1f},{y + 0.3 * size:.1f}",
              tone="quiet", thick=max(1.2, 0.09 * size))  # fmt: skip


def _centre(cycle: Cycle, pen: Pen, around: Round, least: float) -> None:
    """The figures in the middle: of how many of all customers say what they found."""
    words, small = f"{len(cycle.heard)}/{len(cycle.map.stops)}", max(least, 0.085 * around.radius)
    big = min(0.5 * around.radius, 1.3 * around.radius / width(words, 1, bold=True))
    pen.text(around.x, around.y + 0.2 * big, words, big, bold=True, anchor="middle")
    term = "ring.centre_heard" if cycle.unasked else "ring.centre"
    lines = even(label(term, cycle.subject.lang), small, 1.2 * around.radius)
    y = around.y + 0.48 * big + 1.2 * small
    pen.text(around.x, y, lines, small, tone="quiet", anchor="middle", leading=1.5 * small)


def _signs(cycle: Cycle) -> list[Sign]:
    """What the marks mean."""
    lang, stops = cycle.subject.lang, cycle.map.stops
    kinds = {_kind(stop) for stop in stops}

    def sign(term: str, kind: str, *, heard: bool) -> Sign:
        def draw_it(pen: Pen, x: float, y: float, size: float) -> None:
            _mark(pen, (x, y), 0.5 * size, "ink", kind, heard=heard)

        return Sign(label(term, lang), draw_it)

    heard = [sign("ring.heard" if cycle.unasked else "ring.asked", "dot", heard=True)] * bool(cycle.heard)
    silent = [sign("ring.silent", "dot", heard=False)] * (len(cycle.heard) < len(stops))
    return [*heard, *silent, *[sign("map.truth", "truth", heard=True)] * ("truth" in kinds)]


def _draw_numbered(cycle: Cycle, canvas: Canvas) -> None:
    """Draw the ring with numbers, whose names stand in the list below."""
    size = canvas.paper.least

    def draw_it(pen: Pen, around: Round) -> None:
        _draw_ring(cycle, pen, around, size, size)
        _numbers(cycle, pen, around, size)

    draw_alone(canvas, _signs(cycle), draw_it, edge=2.6, gap=1)


def _numbers(cycle: Cycle, pen: Pen, around: Round, size: float) -> None:
    """The numbers of the touchpoints around the ring; every second, fifth or tenth where all would touch."""
    reach = around.radius + 1.7 * size
    every = next((step for step in (1, 2, 5, 10) if step * cycle.step * reach >= 1.7 * size), 20)
    for at, angle in enumerate(cycle.angles, 1):
        if at == 1 or at % every == 0:
            x, y = around.place(angle, reach)
            pen.text(x, y + 0.35 * size, f"{at}", size, tone="quiet", anchor="middle")


def _list(cycle: Cycle) -> Table:
    """The touchpoints one below the other, in full."""
    lang = cycle.subject.lang
    rows: list[Row] = []
    for title, stops in cycle.map.stages:
        for at, stop in enumerate(stops, len(rows) + 1):
            rows.append(Row([_name(stop, at), _state(cycle, stop, at - 1)], title if stop is stops[0] else ""))
    columns = [Column(label("part.touchpoint", lang), 3), Column("", 2)]
    return Table(columns, rows, label("ring.list", lang))


def _name(stop: Stop, at: int) -> Sequence[Block]:
    return [Words(stop.title, lead=f"{at}")]


def _state(cycle: Cycle, stop: Stop, at: int) -> Sequence[Block]:
    lang = cycle.subject.lang
    truth = [label("map.truth", lang)] * bool(stop.touchpoint.moment_of_truth)
    return [Words(joined([*truth, *cycle.marks(at), cycle.word(stop)], lang), tone="quiet")]
