"""The table stakeholder × touchpoint: a dot where somebody is present, with a point to the right where they give
something there, to the left where they get something.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from peakend.service.drawings.canvas import Canvas, Sheet
from peakend.service.drawings.paper import Paper
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.signs import Sign, draw_signs, signs_height
from peakend.service.drawings.subject import Subject
from peakend.service.drawings.typeset import clamped, width, wrap
from peakend.service.people import Stakeholder
from peakend.terms import label

NAMES: Final = 0.22
"""How much of the room the names take."""
ROW: Final = 1.9
LEADING: Final = 1.45


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


def _mark(pen: Pen, place: tuple[float, float], r: float, *, gives: bool, gets: bool) -> None:
    x, y = place
    pen.disc(x, y, r, "ink")
    for outward, there in ((1, gives), (-1, gets)):
        if there:
            near, far = x + outward * 1.35 * r, x + outward * 2.2 * r
            pen.shape(f"M{near:.1f},{y - r:.1f}L{far:.1f},{y:.1f}L{near:.1f},{y + r:.1f}z", "quiet")


def _names(canvas: Canvas, subject: Subject) -> None:
    """What the marks and the numbers mean."""
    paper, lang, small = canvas.paper, subject.lang, canvas.paper.least
    terms = (("stakeholders.is_present", False, False), ("part.gives", True, False), ("part.gets", False, True))
    signs = [Sign(label(term, lang), _sign(gives=gives, gets=gets)) for term, gives, gets in terms]
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


def _sign(*, gives: bool, gets: bool) -> Callable[[Pen, float, float, float], None]:
    return lambda pen, x, y, size: _mark(pen, (x, y), 0.25 * size, gives=gives, gets=gets)
