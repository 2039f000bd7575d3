"""The stakeholder map: rings around the customer, sectors by side, everybody at the angle of the touchpoints that they
touch; below it who is present where, and what each gives and gets.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import cos, inf, pi, sin
from typing import Final, get_args

from peakend.service.drawings.beside import Label, Round, Written, draw_beside
from peakend.service.drawings.blocks import Block, Words
from peakend.service.drawings.canvas import Canvas, Caption
from peakend.service.drawings.paper import Paper
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.phrases import counted, joined, said
from peakend.service.drawings.round_sheet import draw_alone, with_words
from peakend.service.drawings.signs import Sign
from peakend.service.drawings.stakeholder_table import draw_presence, presence_tables
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.table import Cell, Column, Row, Table, draw_table, words_in_cell
from peakend.service.drawings.typeset import clamped, width, wrap
from peakend.service.people import Exchange, Side, Stakeholder
from peakend.terms import Lang, label, vocabulary

SIDES: Final[tuple[Side, ...]] = get_args(Side)
"""Clockwise from the top."""
USUAL_RING: Final[dict[Side, int]] = {"customer": 1, "frontstage": 1, "backstage": 2, "support": 3, "outside": 3}
"""Where somebody is drawn, hollow, as long as their distance is not chosen."""
RINGS: Final = 3
CENTRE: Final = 0.2
"""How large the customer in the middle is, of the whole."""
SLOT: Final = 3.6
BETWEEN: Final = 0.8
"""Between two sectors, in distances between stakeholders."""


@dataclass(frozen=True)
class Placed:
    """A stakeholder on the map: their number in the list, angle and ring."""

    stakeholder: Stakeholder
    angle: float
    ring: int
    opens: bool
    """Whether the name of their side stands above theirs."""

    @property
    def is_chosen(self) -> bool:
        """Whether the document says how near they are."""
        return self.stakeholder.near is not None


@dataclass(frozen=True)
class Around:
    """The stakeholders of a service around its customer."""

    subject: Subject

    @cached_property
    def present(self) -> dict[str, frozenset[str]]:
        """The touchpoints of the journey at which each is present, by their id."""
        known = {point.id for point in self.subject.journey.touchpoints}
        return {
            one.id: frozenset({*one.touches, *(each.touchpoint for each in one.exchanges)}) & known
            for one in self.subject.service.stakeholders
        }

    @cached_property
    def sides(self) -> dict[Side, list[Stakeholder]]:
        """Everybody by side, in the order of the touchpoints that they touch."""
        everybody = self.subject.service.stakeholders
        by_side = {side: [one for one in everybody if one.side == side] for side in SIDES}
        return {side: sorted(held, key=self._mean_place) for side, held in by_side.items() if held}

    def _mean_place(self, one: Stakeholder) -> float:
        places = [at for at, point in enumerate(self.subject.journey.touchpoints) if point.id in self.present[one.id]]
        return sum(places) / len(places) if places else inf

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """Everybody with their place, clockwise."""
        whole = sum(len(held) + BETWEEN for held in self.sides.values())
        return tuple(self._placed(2 * pi / whole)) if whole else ()

    def _placed(self, step: float) -> Iterator[Placed]:
        angle = -pi / 2 + step * BETWEEN / 2
        for side, held in self.sides.items():
            angles = [angle + step * (at + 0.5) for at in range(len(held))]
            right = [place for place in angles if Label(place, ()).side == "right"]
            left = [place for place in angles if place not in right]
            heads = [*right[:1], *left[-1:]]
            for one, place in zip(held, angles, strict=True):
                yield Placed(one, place, one.near or USUAL_RING[side], place in heads)
            angle += step * (len(held) + BETWEEN)

    @cached_property
    def alone(self) -> int:
        """At how many touchpoints of the journey nobody is present."""
        there = {place for places in self.present.values() for place in places}
        return sum(1 for point in self.subject.journey.touchpoints if point.id not in there)

    def name(self, one: Stakeholder) -> str:
        """What somebody is called."""
        return one.name[self.subject.lang] if one.name else label(one.id, self.subject.lang)


def caption(subject: Subject) -> Caption:
    """What is said above the map."""
    around = Around(subject)
    told = (row.told for row in _table(around).rows)
    return subject.caption("stakeholders", _sentence(around, subject.lang), told)


def _sentence(around: Around, lang: Lang) -> str:
    count, points, alone = len(around.placed), len(around.subject.journey.touchpoints), around.alone
    if not count:
        return label("stakeholders.empty", lang)
    match lang:
        case "en":
            rest = f"nobody is named at {counted(alone, lang, 'of', 'of')} {counted(points, lang, 'touchpoint')}"
            rest = rest if alone else "somebody is named at every touchpoint"
            return said([counted(count, lang, "takes part", "take part"), *[rest] * bool(points)], lang)
        case "zh-Hant":
            rest = f"{points} 個接觸點中有 {alone} 個還沒有寫誰在場" if alone else "每個接觸點都寫了誰在場"
            return said([f"共有 {count} 方參與", *[rest] * bool(points)], lang)
        case "zh-Hans":
            rest = f"{points} 个触点中有 {alone} 个还没有写谁在场" if alone else "每个触点都写了谁在场"
            return said([f"共有 {count} 方参与", *[rest] * bool(points)], lang)


def draw(subject: Subject, canvas: Canvas) -> None:
    """Draw the map, and the tables below it."""
    around = Around(subject)
    if around.placed:
        draw_picture(subject, canvas)
        canvas.fill(lambda each: _draw_tables(around, each))


def draw_picture(subject: Subject, canvas: Canvas) -> None:
    """Draw the map alone."""
    around = Around(subject)
    if canvas.paper.name == "phone" or not _draw_beside(around, canvas):
        _draw_alone(around, canvas)


def _draw_tables(around: Around, canvas: Canvas) -> None:
    """Who is present where, and who gives and gets what."""
    if canvas.paper.name != "phone":
        people = [(around.name(each.stakeholder), each.stakeholder) for each in around.placed]
        draw_presence(canvas, around.subject, people)
    draw_table(canvas, _table(around))


def _draw_beside(around: Around, canvas: Canvas) -> bool:
    """Draw the map with the names beside it; False where they have no room."""
    layout, paper = with_words(canvas, _signs(around), air=1, below=2), canvas.paper
    size, pen = _size(around, paper), layout.sheet.pen
    labels = layout.fitting(lambda most: _labels(around, size, layout.beside(size), most, paper.least))
    if not labels:
        return False
    picture = layout.around(labels, size)
    _draw_map(around, pen, picture, size, paper.least)
    draw_beside(pen, picture, labels, lambda each: picture.place(each.angle, picture.radius + 0.6 * size))
    _draw_people(around, pen, picture, size)
    layout.finish(picture)
    layout.sheet.y += 0 if paper.height else 1.5 * paper.body
    return True


def _size(around: Around, paper: Paper) -> float:
    """The size of the names: it follows from how many there are, not from what is written."""
    slot = 640.0 if paper.height is None else 0.72 * paper.height
    return min(1.4 * paper.heading, max(paper.least, slot / (len(around.placed) / 2 + 2) / SLOT))


def _labels(around: Around, size: float, wide: float, most: int, least: float) -> list[Label]:
    labels: list[Label] = []
    small = max(least, 0.8 * size)
    for each in around.placed:
        side = label(f"side.{each.stakeholder.side}", around.subject.lang)
        above = wrap(side, small, wide)[:1] if each.opens and most > 1 else []
        lines = clamped(wrap(around.name(each.stakeholder), size, wide), most, size, wide)
        heads = [Written(line, small, "quiet") for line in above]
        labels.append(Label(each.angle, [*heads, *(Written(line, size) for line in lines)], len(heads)))
    return labels


def _radius(picture: Round, ring: int) -> float:
    """Half way between a ring's inner and outer line."""
    inner = CENTRE * picture.radius
    return inner + (ring - 0.5) * (picture.radius - inner) / RINGS


def _draw_map(around: Around, pen: Pen, picture: Round, size: float, least: float) -> None:
    """The customer in the middle, the rings around, the lines between sectors, and what the rings are called."""
    lang, x, y = around.subject.lang, picture.x, picture.y
    inner = CENTRE * picture.radius
    thick = max(0.75, 0.08 * size)
    for ring in range(RINGS, 0, -1):
        pen.ring(x, y, inner + ring * (picture.radius - inner) / RINGS, "hair", 1.5 * thick)
    _sector_lines(around, pen, picture, thick)
    pen.disc(x, y, inner, "hair")
    words = label("customer", lang)
    big = max(least, min(0.36 * inner, 1.7 * inner / width(words, 1, bold=True)))
    pen.text(x, y + 0.35 * big, words, big, bold=True, anchor="middle")


def _sector_lines(around: Around, pen: Pen, picture: Round, thick: float) -> None:
    if len(around.sides) < 2:
        return
    step = 2 * pi / sum(len(held) + BETWEEN for held in around.sides.values())
    angle = -pi / 2
    for held in around.sides.values():
        (x0, y0), (x1, y1) = picture.place(angle, CENTRE * picture.radius), picture.place(angle, picture.radius)
        pen.line(x0, y0, x1, y1, tone="hair", thick=1.5 * thick)
        angle += step * (len(held) + BETWEEN)


def _spoke(pen: Pen, picture: Round, angle: float, start: float, size: float) -> None:
    """From somebody's place out to where their leader begins."""
    (x0, y0), (x1, y1) = picture.place(angle, start), picture.place(angle, picture.radius + 0.6 * size)
    pen.line(x0, y0, x1, y1, tone="faint", thick=max(0.5, 0.05 * size))


def _draw_people(around: Around, pen: Pen, picture: Round, size: float) -> None:
    """Everybody at their place, over the spokes on which they stand."""
    for each in around.placed:
        _spoke(pen, picture, each.angle, _radius(picture, each.ring), size)
    for each in around.placed:
        x, y = picture.place(each.angle, _radius(picture, each.ring))
        pen.begin("stakeholder", stakeholder=each.stakeholder.id)
        _mark(pen, (x, y), 0.62 * size, each.stakeholder.side, chosen=each.is_chosen)
        pen.end()


def _mark(pen: Pen, place: tuple[float, float], r: float, side: Side, *, chosen: bool) -> None:
    """Somebody in the colour and shape of their side; hollow where their distance is not chosen."""
    data = _shape(place, r, side)
    if chosen:
        pen.stamp(data, vocabulary()[f"side.{side}"].colour or "")
    else:
        pen.shape(data, "paper")
        pen.curve(data, tone="quiet", thick=max(1.0, 0.18 * r))


def _shape(place: tuple[float, float], r: float, side: Side) -> str:
    x, y = place
    corners = {
        "frontstage": [(0, -1.15), (1.05, 0.75), (-1.05, 0.75)],
        "backstage": [(0, 1.15), (1.05, -0.75), (-1.05, -0.75)],
        "support": [(0, -1.2), (1.2, 0), (0, 1.2), (-1.2, 0)],
        "outside": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    }.get(side) or [(cos(at * pi / 12), sin(at * pi / 12)) for at in range(24)]
    return "M" + "L".join(f"{x + r * dx:.1f},{y + r * dy:.1f}" for dx, dy in corners) + "z"


def _signs(around: Around) -> list[Sign]:
    """What the marks mean."""
    lang = around.subject.lang

    def sign(term: str, side: Side, *, chosen: bool = True) -> Sign:
        return Sign(label(term, lang), lambda pen, x, y, size: _mark(pen, (x, y), 0.5 * size, side, chosen=chosen))

    open_ends = [sign("stakeholders.unplaced", "customer", chosen=False)]
    unplaced = any(not each.is_chosen for each in around.placed)
    return [*(sign(f"side.{side}", side) for side in around.sides), *open_ends * unplaced]


def _draw_alone(around: Around, canvas: Canvas) -> None:
    """Draw the map with numbers, whose names stand in the table below."""
    size = canvas.paper.least

    def draw_it(pen: Pen, picture: Round) -> None:
        _draw_map(around, pen, picture, size, size)
        _draw_people(around, pen, picture, size)
        _numbers(around, pen, picture, size)

    draw_alone(canvas, _signs(around), draw_it, edge=2.4, gap=0.5)


def _numbers(around: Around, pen: Pen, picture: Round, size: float) -> None:
    """The numbers of the list around the map; some are left out where all would touch."""
    reach = picture.radius + 1.4 * size
    every = max(1, -(-int(1.8 * size * len(around.placed)) // int(2 * pi * reach)))
    for at, each in enumerate(around.placed, 1):
        if (at - 1) % every == 0:
            x, y = picture.place(each.angle, reach)
            pen.text(x, y + 0.35 * size, f"{at}", size, tone="quiet", anchor="middle")


def tables(subject: Subject) -> list[Table]:
    """Who is present where, and what each gives and gets."""
    around = Around(subject)
    people = [(around.name(each.stakeholder), each.stakeholder) for each in around.placed]
    return [*presence_tables(subject, people), _table(around)]


def _table(around: Around) -> Table:
    """Who is present where, and what each gives and gets: in general, then touchpoint by touchpoint."""
    lang = around.subject.lang
    heads = ("part.stakeholders", "stakeholders.present", "part.gives", "part.gets")
    columns = [Column(label(head, lang), share) for head, share in zip(heads, (2.4, 3, 3, 3), strict=True)]
    rows: list[Row] = []
    for at, each in enumerate(around.placed, 1):
        side = label(f"side.{each.stakeholder.side}", lang)
        first = at == 1 or around.placed[at - 2].stakeholder.side != each.stakeholder.side
        for line, cells in enumerate(_cells(around, each.stakeholder, at)):
            rows.append(Row(cells, side if first and not line else ""))
    return Table(columns, rows, label("stakeholders.table", lang))


def _cells(around: Around, one: Stakeholder, at: int) -> Iterator[Sequence[Cell]]:
    lang, service = around.subject.lang, around.subject.service
    exchanged = {each.touchpoint for each in one.exchanges}
    order = [point.id for point in service.touchpoints if point.id in one.touches and point.id not in exchanged]
    places = joined([service.title_of(name, lang) for name in order], lang)
    yield [_post(around, one, at), words_in_cell(places), *_exchange(one, lang)]
    for each in one.exchanges:
        yield [[], words_in_cell(service.title_of(each.touchpoint, lang)), *_exchange(each, lang)]


def _exchange(given: Stakeholder | Exchange, lang: Lang) -> list[Cell]:
    """What is given and what is got, in general or at one touchpoint."""
    return [words_in_cell(text[lang] if text else "") for text in (given.gives, given.gets)]


def _post(around: Around, one: Stakeholder, at: int) -> Cell:
    """Somebody's name, and what their post is for."""
    lang = around.subject.lang
    essence: list[Block] = [Words(one.essence[lang], tone="quiet")] if one.essence else []
    weighed = [f"{label(f'part.{name}', lang)} {getattr(one, name)}/5" for name in ("power", "interest")
               if getattr(one, name)]  # fmt: skip
    weights: list[Block] = [Words(joined(weighed, lang), tone="quiet")] if weighed else []
    return [Words(around.name(one), lead=f"{at}", bold=True), *essence, *weights]
