"""The journey map for a wall: stages as columns, the curve, and every lane of the blueprint under it, set like a
poster.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from peakend.service.band import Band, draw_band, draw_strip
from peakend.service.journeymap import ABOVE, JourneyMap, Note, Stop
from peakend.service.masthead import Head, draw_head
from peakend.service.pen import Pen
from peakend.service.typeset import even, width, wrap
from peakend.terms import Lang, label, vocabulary

MARGIN: Final = 48
NAMES: Final = 108
GAP: Final = 20
INSET: Final = 12
BODY: Final = 12.5
NARROWEST: Final = 1280
STRIP: Final = 64
LEADING: Final[dict[Lang, float]] = {"en": 18, "zh-Hant": 20, "zh-Hans": 20}


@dataclass
class Wall:
    """The poster while it is being drawn; `y` is how far down it has come."""

    picture: JourneyMap
    pen: Pen
    y: float = MARGIN
    lefts: list[float] = field(default_factory=list)
    column: float = 0

    def __post_init__(self) -> None:
        stops, stages = len(self.picture.stops), len(self.picture.stages)
        free = NARROWEST - 2 * MARGIN - NAMES - GAP * stages
        self.column = min(230, max(176, free / max(stops, 1)))
        x = float(MARGIN + NAMES)
        for _, inside in self.picture.stages:
            self.lefts += [x + at * self.column for at in range(len(inside))]
            x += len(inside) * self.column + GAP
        self.right = max(x - GAP, NARROWEST - MARGIN)

    @property
    def big(self) -> float:
        """How much larger than on a page headings are: what is wider is read from farther away."""
        return min(2.0, max(1.0, self.right / 2000))

    @property
    def room(self) -> float:
        """How wide the words of one stop may be."""
        return self.column - INSET

    @property
    def leading(self) -> float:
        """From one line of body text to the next."""
        return LEADING[self.picture.lang]


def draw_wide(picture: JourneyMap, pen: Pen) -> tuple[float, float]:
    """Draw the poster; returns its width and height."""
    wall = Wall(picture, pen)
    _masthead(wall)
    _stages(wall)
    _titles(wall)
    _curve(wall)
    top = wall.y
    for term, cells in picture.lanes():
        _lane(wall, term, cells)
    _between_stages(wall, top)
    wall.y += 14
    pen.line(MARGIN, wall.y, wall.right, wall.y)
    draw_key(pen, picture, MARGIN, wall.y + 26)
    return wall.right + MARGIN, wall.y + 26 + MARGIN


def _masthead(wall: Wall) -> None:
    pen, big, corner = wall.pen, wall.big, wall.picture.corner
    beside = max((width(words, 13 * big) for words in corner), default=0.0)
    for at, words in enumerate(corner):
        pen.text(wall.right, wall.y + (12 + at * 20) * big, words, 13 * big, tone="quiet", anchor="end")
    lowest = wall.y + 20 * big * len(corner)
    room = wall.right - MARGIN - beside - 40
    end = draw_head(pen, wall.picture, Head(MARGIN, wall.y, room, title=30 * big, headline=17 * big))
    wall.y = max(end, lowest) + 36


def _stages(wall: Wall) -> None:
    at = 0
    heads = [even(title, 16, wall.column * len(inside) - INSET, bold=True) for title, inside in wall.picture.stages]
    height = 22 * max(map(len, heads))
    for lines, (_, inside) in zip(heads, wall.picture.stages, strict=True):
        left = wall.lefts[at]
        wall.pen.text(left, wall.y + height - 22 * len(lines) + 16, lines, 16, bold=True, leading=22)
        wall.pen.line(
            left,
            wall.y + height + 6,
            left + wall.column * len(inside) - INSET,
            wall.y + height + 6,
            tone="ink",
            thick=2,
        )
        at += len(inside)
    wall.y += height + 16


def _titles(wall: Wall) -> None:
    heads = [even(stop.title, 14, wall.room, bold=True) for stop in wall.picture.stops]
    height = 20 * max(map(len, heads))
    for left, stop, lines in zip(wall.lefts, wall.picture.stops, heads, strict=True):
        wall.pen.begin("stop", touchpoint=stop.touchpoint.id)
        wall.pen.text(left, wall.y + 14, lines, 14, bold=True, leading=20)
        draw_mark(wall.pen, "truth" if stop.touchpoint.moment_of_truth else "", left - 9, wall.y + 9)
        channels = ("、", ", ")[wall.picture.lang == "en"].join(
            wall.picture.service.title_of(name, wall.picture.lang) for name in stop.touchpoint.channels
        )
        for at, line in enumerate(wrap(channels, 11.5, wall.room)[:2] if channels else []):
            wall.pen.text(left, wall.y + height + 12 + at * 16, line, 11.5, tone="quiet")
        wall.pen.end()
    wall.y += height + 44


def _curve(wall: Wall) -> None:
    top = wall.y + 26
    stations = [left + wall.room / 2 for left in wall.lefts]
    wall.pen.text(
        MARGIN,
        wall.y + 12,
        label("map.score" if wall.picture.measured else "map.emotion", wall.picture.lang),
        12,
        tone="quiet",
        bold=True,
    )
    bottom = top + 230 * wall.big
    draw_band(wall.pen, wall.picture, Band(stations, bottom, top, weight=wall.big**0.5), MARGIN + NAMES - 8, wall.right)
    wall.y = bottom + 34 * wall.big**0.5
    if wall.picture.measured:
        for station, stop in zip(stations, wall.picture.stops, strict=True):
            _figures(wall, station, stop)
        wall.y += 66
    if wall.picture.planned_beside:
        strip = Band(stations, wall.y + 20 + STRIP, wall.y + 20, weight=wall.big**0.5)
        draw_strip(wall.pen, wall.picture, strip, MARGIN + NAMES - 8, wall.right, small=12)
        wall.y += STRIP + 46


def _figures(wall: Wall, x: float, stop: Stop) -> None:
    """Value, interval and n under the curve; or why there is none."""
    score, picture = stop.score, wall.picture
    if score is None or not score.shown:
        wall.pen.text(x, wall.y + 16, "–", 16, tone="faint", anchor="middle")
        for at, line in enumerate(wrap(picture.why_none(stop), 11.5, wall.room)[:2] if score else []):
            wall.pen.text(x, wall.y + 34 + 15 * at, line, 11.5, tone="quiet", anchor="middle")
        return
    wall.pen.text(x, wall.y + 16, picture.number(score.value, score), 17, bold=True, anchor="middle")
    if score.low is not None and score.high is not None:
        wall.pen.text(
            x,
            wall.y + 34,
            f"{picture.number(score.low, score)}–{picture.number(score.high, score)}",
            11.5,
            tone="quiet",
            anchor="middle",
        )
    wall.pen.text(x, wall.y + 50, f"n {score.n:,}", 11.5, tone="quiet", anchor="middle")


def _lane(wall: Wall, term: str, cells: list[list[Note]]) -> None:
    _edge(wall, term)
    name = wrap(label(term, wall.picture.lang), 12, NAMES - 20, bold=True)
    wall.pen.begin("lane", lane=term)
    if known := vocabulary()[term].colour:
        wall.pen.swatch(MARGIN - 12, wall.y + 1, 4, 16 * len(name), known)
    wall.pen.text(MARGIN, wall.y + 12, name, 12, tone="quiet", bold=True, leading=16)
    depths = [_cell(wall, left, notes) for left, notes in zip(wall.lefts, cells, strict=True)]
    wall.pen.end()
    wall.y += max([*depths, 16 * len(name)]) + 12


def _between_stages(wall: Wall, top: float) -> None:
    at = 0
    for _, inside in wall.picture.stages[:-1]:
        at += len(inside)
        wall.pen.line(wall.lefts[at] - GAP, top + 14, wall.lefts[at] - GAP, wall.y)


def _edge(wall: Wall, term: str) -> None:
    """What lies between a lane and the one above: a hair, or a named line of the blueprint."""
    line = ABOVE.get(term)
    if line is None:
        wall.pen.line(MARGIN, wall.y, wall.right, wall.y)
        wall.y += 12
        return
    words = label(line, wall.picture.lang)
    wall.pen.line(
        MARGIN + width(words, 11.5) + 14, wall.y + 6, wall.right, wall.y + 6, tone="quiet", thick=1.25, dash="6 5"
    )
    wall.pen.text(MARGIN, wall.y + 10, words, 11.5, tone="quiet")
    wall.y += 24


def _cell(wall: Wall, left: float, notes: list[Note]) -> float:
    """The notes of one stop in a lane; returns how deep they go."""
    depth = 0.0
    for note in notes:
        inset = 14 if note.mark else 0
        lines = wrap(note.words, BODY, wall.room - inset)
        draw_mark(wall.pen, note.mark, left + 4, wall.y + depth + 8.5)
        wall.pen.text(left + inset, wall.y + depth + 13, lines, BODY, leading=wall.leading, lead=len(note.lead))
        depth += wall.leading * len(lines) + 4
    return depth


def draw_mark(pen: Pen, mark: str, x: float, y: float) -> None:
    """The mark of a fail point (a triangle), a wait point (a ring) or a moment of truth (a diamond)."""
    if mark == "fail":
        pen.shape(f"M{x:.1f},{y - 4.5:.1f}l4.6,8.2h-9.2z", "below")
    if mark == "wait":
        pen.ring(x, y, 3.8, "quiet")
    if mark == "truth":
        pen.shape(f"M{x:.1f},{y - 4.6:.1f}l4.2,4.6l-4.2,4.6l-4.2,-4.6z", "ink")


def _entries(picture: JourneyMap) -> Iterator[tuple[str, str]]:
    if picture.measured:
        yield "scored", label("map.scored", picture.lang)
    else:
        yield "scored", label("map.plan", picture.lang)
    if any(stop.touchpoint.moment_of_truth for stop in picture.stops):
        yield "truth", label("map.truth", picture.lang)
    if any(stop.touchpoint.fails for stop in picture.stops):
        yield "fail", label("map.fails", picture.lang)
    if any(stop.touchpoint.wait for stop in picture.stops):
        yield "wait", label("map.waits", picture.lang)


def draw_key(
    pen: Pen,
    picture: JourneyMap,
    x: float,
    y: float,
    room: float = 10_000,
    *,
    marks: tuple[str, ...] = ("truth", "fail", "wait"),
) -> float:
    """What the lines, and those of the marks that are drawn, mean; returns the baseline of its last line."""
    start = x
    for name, words in _entries(picture):
        sign = 32 if name == "scored" else 16
        if name not in {"scored", *marks}:
            continue
        if x > start and x + sign + width(words, 12) > start + room:
            x, y = start, y + 20
        _sign(pen, name, x, y - 4)
        pen.text(x + sign, y, words, 12, tone="quiet")
        x += sign + width(words, 12) + 24
    return y


def _sign(pen: Pen, name: str, x: float, y: float) -> None:
    if name == "scored":
        pen.curve(f"M{x:.1f},{y + 3:.1f}c8,-12 16,-2 24,-5")
    else:
        draw_mark(pen, name, x + 5, y)
