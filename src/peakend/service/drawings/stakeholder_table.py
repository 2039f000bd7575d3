"""The table stakeholder × touchpoint: a dot where somebody is present, with a point to the right where they give
something there, to the left where they get something.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from peakend.service.drawings.blocks import LEADING, Drawing, Space, Words
from peakend.service.drawings.canvas import Canvas, Sheet
from peakend.service.drawings.paper import Paper
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.phrases import joined
from peakend.service.drawings.signs import LEADING as SIGNS
from peakend.service.drawings.signs import Sign, draw_signs, signs_height
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.table import Cell, Column, Row, Table
from peakend.service.drawings.typeset import clamped, width, wrap
from peakend.service.journeys import Touchpoint
from peakend.service.people import Stakeholder
from peakend.terms import label

NAMES: Final = 0.22
"""How much of the room the names take."""
ROW: Final = 1.9
ACROSS: Final = 30
"""So many touchpoints stand side by side in a table."""


@dataclass(frozen=True)
class Grid:
    """Where the columns stand: the first one's centre, and the distance to the next."""

    left: float
    step: float
    size: float

    def x(self, at: int) -> float:
        """The centre of a column."""
        return self.left + (at + 0.5) * self.step


def draw_presence(canvas: Canvas, subject: Subject, people: Sequence[tuple[str, Stakeholder]]) -> None:
    """Draw who is present at which touchpoint, and the touchpoints by their numbers; nothing where there are none."""
    points = subject.journey.touchpoints
    if not points:
        return
    paper, size = canvas.paper, canvas.paper.body
    names = NAMES * paper.room
    step = min(5 * size, (paper.room - names) / len(points))
    grid = Grid(paper.margin + names, step, size)
    sheet: Sheet | None = None
    for name, one in people:
        placed = canvas.place(ROW * size if sheet else (ROW * 4) * size)
        if placed is not sheet:
            sheet = placed
            _heads(sheet, paper, grid, subject)
        _row(sheet, paper, grid, subject, (name, one))
    if sheet:
        sheet.y += 0.4 * size
    _names(canvas, subject)


def _heads(sheet: Sheet, paper: Paper, grid: Grid, subject: Subject) -> None:
    """The heading, and the number of each touchpoint; every fifth where all would touch."""
    for line in wrap(label("stakeholders.matrix", subject.lang), paper.heading, paper.room, bold=True):
        sheet.pen.text(paper.margin, sheet.y + paper.heading, line, paper.heading, bold=True)
        sheet.y += LEADING * paper.heading
    count, small = len(subject.journey.touchpoints), paper.least
    every = 1 if width(f"{count} ", small) <= grid.step else 5
    for at in range(1, count + 1):
        if at == 1 or at % every == 0:
            sheet.pen.text(grid.x(at - 1), sheet.y + 1.2 * small, f"{at}", small, tone="quiet", anchor="middle")
    sheet.y += 1.7 * small


def _row(sheet: Sheet, paper: Paper, grid: Grid, subject: Subject, who: tuple[str, Stakeholder]) -> None:
    name, one = who
    room = NAMES * paper.room - grid.size
    words = clamped(wrap(name, grid.size, room), 1, grid.size, room)
    points = subject.journey.touchpoints
    sheet.pen.line(paper.margin, sheet.y, grid.x(len(points) - 1) + grid.step / 2, sheet.y, thick=0.75)
    sheet.pen.text(paper.margin, sheet.y + 1.25 * grid.size, words, grid.size)
    exchanges = {each.touchpoint: each for each in one.exchanges}
    middle, r = sheet.y + ROW * grid.size / 2, min(0.34 * grid.size, 0.2 * grid.step)
    for at, point in enumerate(points):
        exchange = exchanges.get(point.id)
        if exchange or point.id in one.touches:
            gives, gets = bool(exchange and exchange.gives), bool(exchange and exchange.gets)
            _mark(sheet.pen, (grid.x(at), middle), r, gives=gives, gets=gets)
    sheet.y += ROW * grid.size


def presence_tables(subject: Subject, people: Sequence[tuple[str, Stakeholder]]) -> list[Table]:
    """The same as tables, each of so many touchpoints, that are named by their numbers in a row above the marks."""
    points = list(enumerate(subject.journey.touchpoints, 1))
    parts = (points[at : at + ACROSS] for at in range(0, len(points), ACROSS))
    return [table for part in parts for table in (_presence_table(subject, people, part), _key(subject, part))]


def _presence_table(
    subject: Subject, people: Sequence[tuple[str, Stakeholder]], points: Sequence[tuple[int, Touchpoint]]
) -> Table:
    columns = [Column(label("part.stakeholders", subject.lang), 5), *(Column(f"{at}") for at, _ in points)]
    rows = [Row([[Words(name)], *(_presence(subject, one, point) for _, point in points)]) for name, one in people]
    return Table(columns, rows, label("stakeholders.matrix", subject.lang))


def _key(subject: Subject, points: Sequence[tuple[int, Touchpoint]]) -> Table:
    """What the marks and the numbers mean."""

    def draw(pen: Pen, x: float, y: float, room: float, paper: Paper) -> None:
        draw_signs(pen, _signs(subject), (x, y), paper.least, room)

    told = joined([each.words for each in _signs(subject)], subject.lang)
    names = "　".join(f"{at} {point.title[subject.lang]}" for at, point in points)
    return Table([Column("")], [Row([[Drawing(SIGNS, draw, told), Words(names, tone="quiet")]])], cards=True)


def _presence(subject: Subject, one: Stakeholder, point: Touchpoint) -> Cell:
    exchange = next((each for each in one.exchanges if each.touchpoint == point.id), None)
    if exchange is None and point.id not in one.touches:
        return [Space(LEADING)]
    gives, gets = bool(exchange and exchange.gives), bool(exchange and exchange.gets)

    def draw(pen: Pen, x: float, y: float, _room: float, paper: Paper) -> None:
        _mark(pen, (x + 0.8 * paper.body, y + LEADING / 2 * paper.body), 0.3 * paper.body, gives=gives, gets=gets)

    terms = ["stakeholders.is_present", *["part.gives"] * gives, *["part.gets"] * gets]
    return [Drawing(LEADING, draw, joined([label(term, subject.lang) for term in terms], subject.lang))]


def _mark(pen: Pen, place: tuple[float, float], r: float, *, gives: bool, gets: bool) -> None:
    x, y = place
    pen.disc(x, y, r, "ink")
    for outward, there in ((1, gives), (-1, gets)):
        if there:
            near, far = x + outward * 1.35 * r, x + outward * 2.2 * r
            pen.shape(f"M{near:.1f},{y - r:.1f}L{far:.1f},{y:.1f}L{near:.1f},{y + r:.1f}z", "quiet")


def _names(canvas: Canvas, subject: Subject) -> None:
    """What the marks and the numbers mean."""
    paper, lang, small, signs = canvas.paper, subject.lang, canvas.paper.least, _signs(subject)
    lines = wrap("　".join(f"{at} {point.title[lang]}" for at, point in enumerate(subject.journey.touchpoints, 1)),
                 small, paper.room)  # fmt: skip
    sheet = canvas.place(signs_height(signs, small, paper.room) + LEADING * small)
    draw_signs(sheet.pen, signs, (paper.margin, sheet.y), small, paper.room)
    sheet.y += signs_height(signs, small, paper.room)
    for line in lines:
        sheet = canvas.place(LEADING * small)
        sheet.pen.text(paper.margin, sheet.y + small, line, small, tone="quiet")
        sheet.y += LEADING * small
    sheet.y += 2 * paper.body


def _signs(subject: Subject) -> list[Sign]:
    terms = (("stakeholders.is_present", False, False), ("part.gives", True, False), ("part.gets", False, True))
    return [Sign(label(term, subject.lang), _sign(gives=gives, gets=gets)) for term, gives, gets in terms]


def _sign(*, gives: bool, gets: bool) -> Callable[[Pen, float, float, float], None]:
    return lambda pen, x, y, size: _mark(pen, (x, y), 0.25 * size, gives=gives, gets=gets)
