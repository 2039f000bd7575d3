"""The journey map as a blueprint (the layout `wide`): stages as columns, the curve, and every lane under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from peakend.service.drawings.band import Band, draw_band, draw_strip
from peakend.service.drawings.map_content import ABOVE, JourneyMap, Note, Stop
from peakend.service.drawings.masthead import Head, draw_head
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.typeset import even, width, wrap
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
class Blueprint:
    """The blueprint while it is being drawn; `y` is how far down it has come."""

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


def draw_blueprint(picture: JourneyMap, pen: Pen) -> tuple[float, float]:
    """Draw the poster; returns its width and height."""
    blueprint = Blueprint(picture, pen)
    _masthead(blueprint)
    _stages(blueprint)
    _titles(blueprint)
    _curve(blueprint)
    top = blueprint.y
    for term, cells in picture.lanes():
        _lane(blueprint, term, cells)
    _between_stages(blueprint, top)
    blueprint.y += 14
    pen.line(MARGIN, blueprint.y, blueprint.right, blueprint.y)
    draw_key(pen, picture, MARGIN, blueprint.y + 26)
    return blueprint.right + MARGIN, blueprint.y + 26 + MARGIN


def _masthead(blueprint: Blueprint) -> None:
    pen, big, corner = blueprint.pen, blueprint.big, blueprint.picture.corner
    beside = max((width(words, 13 * big) for words in corner), default=0.0)
    for at, words in enumerate(corner):
        pen.text(blueprint.right, blueprint.y + (12 + at * 20) * big, words, 13 * big, tone="quiet", anchor="end")
    lowest = blueprint.y + 20 * big * len(corner)
    room = blueprint.right - MARGIN - beside - 40
    end = draw_head(pen, blueprint.picture, Head(MARGIN, blueprint.y, room, title=30 * big, headline=17 * big))
    blueprint.y = max(end, lowest) + 36


def _stages(blueprint: Blueprint) -> None:
    at = 0
    heads = [
        even(title, 16, blueprint.column * len(inside) - INSET, bold=True) for title, inside in blueprint.picture.stages
    ]
    height = 22 * max(map(len, heads))
    for lines, (_, inside) in zip(heads, blueprint.picture.stages, strict=True):
        left = blueprint.lefts[at]
        blueprint.pen.text(left, blueprint.y + height - 22 * len(lines) + 16, lines, 16, bold=True, leading=22)
        blueprint.pen.line(
            left,
            blueprint.y + height + 6,
            left + blueprint.column * len(inside) - INSET,
            blueprint.y + height + 6,
            tone="ink",
            thick=2,
        )
        at += len(inside)
    blueprint.y += height + 16


def _titles(blueprint: Blueprint) -> None:
    heads = [even(stop.title, 14, blueprint.room, bold=True) for stop in blueprint.picture.stops]
    height = 20 * max(map(len, heads))
    for left, stop, lines in zip(blueprint.lefts, blueprint.picture.stops, heads, strict=True):
        blueprint.pen.begin("stop", touchpoint=stop.touchpoint.id)
        blueprint.pen.text(left, blueprint.y + 14, lines, 14, bold=True, leading=20)
        draw_mark(blueprint.pen, "truth" if stop.touchpoint.moment_of_truth else "", left - 9, blueprint.y + 9)
        channels = ("、", ", ")[blueprint.picture.lang == "en"].join(
            blueprint.picture.service.channel_title(name, blueprint.picture.lang) for name in stop.touchpoint.channels
        )
        for at, line in enumerate(wrap(channels, 11.5, blueprint.room)[:2] if channels else []):
            blueprint.pen.text(left, blueprint.y + height + 12 + at * 16, line, 11.5, tone="quiet")
        blueprint.pen.end()
    blueprint.y += height + 44


def _curve(blueprint: Blueprint) -> None:
    top = blueprint.y + 26
    stations = [left + blueprint.room / 2 for left in blueprint.lefts]
    blueprint.pen.text(
        MARGIN,
        blueprint.y + 12,
        label("map.score" if blueprint.picture.has_scores else "map.emotion", blueprint.picture.lang),
        12,
        tone="quiet",
        bold=True,
    )
    bottom = top + 230 * blueprint.big
    draw_band(
        blueprint.pen,
        blueprint.picture,
        Band(stations, bottom, top, weight=blueprint.big**0.5),
        MARGIN + NAMES - 8,
        blueprint.right,
    )
    blueprint.y = bottom + 34 * blueprint.big**0.5
    if blueprint.picture.has_scores:
        for station, stop in zip(stations, blueprint.picture.stops, strict=True):
            _figures(blueprint, station, stop)
        blueprint.y += 66
    if blueprint.picture.planned_beside:
        strip = Band(stations, blueprint.y + 20 + STRIP, blueprint.y + 20, weight=blueprint.big**0.5)
        draw_strip(blueprint.pen, blueprint.picture, strip, MARGIN + NAMES - 8, blueprint.right, small=12)
        blueprint.y += STRIP + 46


def _figures(blueprint: Blueprint, x: float, stop: Stop) -> None:
    """Value, interval and n under the curve; or why there is none."""
    score, picture = stop.score, blueprint.picture
    if score is None or not score.has_value:
        blueprint.pen.text(x, blueprint.y + 16, "–", 16, tone="faint", anchor="middle")
        for at, line in enumerate(wrap(picture.why_none(stop), 11.5, blueprint.room)[:2] if score else []):
            blueprint.pen.text(x, blueprint.y + 34 + 15 * at, line, 11.5, tone="quiet", anchor="middle")
        return
    blueprint.pen.text(x, blueprint.y + 16, picture.number(score.value, score), 17, bold=True, anchor="middle")
    if score.low is not None and score.high is not None:
        blueprint.pen.text(
            x,
            blueprint.y + 34,
            f"{picture.number(score.low, score)}–{picture.number(score.high, score)}",
            11.5,
            tone="quiet",
            anchor="middle",
        )
    blueprint.pen.text(x, blueprint.y + 50, f"n {score.n:,}", 11.5, tone="quiet", anchor="middle")


def _lane(blueprint: Blueprint, term: str, cells: list[list[Note]]) -> None:
    _edge(blueprint, term)
    name = wrap(label(term, blueprint.picture.lang), 12, NAMES - 20, bold=True)
    blueprint.pen.begin("lane", lane=term)
    if known := vocabulary()[term].colour:
        blueprint.pen.swatch(MARGIN - 12, blueprint.y + 1, 4, 16 * len(name), known)
    blueprint.pen.text(MARGIN, blueprint.y + 12, name, 12, tone="quiet", bold=True, leading=16)
    depths = [_cell(blueprint, left, notes) for left, notes in zip(blueprint.lefts, cells, strict=True)]
    blueprint.pen.end()
    blueprint.y += max([*depths, 16 * len(name)]) + 12


def _between_stages(blueprint: Blueprint, top: float) -> None:
    at = 0
    for _, inside in blueprint.picture.stages[:-1]:
        at += len(inside)
        blueprint.pen.line(blueprint.lefts[at] - GAP, top + 14, blueprint.lefts[at] - GAP, blueprint.y)


def _edge(blueprint: Blueprint, term: str) -> None:
    """What lies between a lane and the one above: a hair, or a named line of the blueprint."""
    line = ABOVE.get(term)
    if line is None:
        blueprint.pen.line(MARGIN, blueprint.y, blueprint.right, blueprint.y)
        blueprint.y += 12
        return
    words = label(line, blueprint.picture.lang)
    blueprint.pen.line(
        MARGIN + width(words, 11.5) + 14,
        blueprint.y + 6,
        blueprint.right,
        blueprint.y + 6,
        tone="quiet",
        thick=1.25,
        dash="6 5",
    )
    blueprint.pen.text(MARGIN, blueprint.y + 10, words, 11.5, tone="quiet")
    blueprint.y += 24


def _cell(blueprint: Blueprint, left: float, notes: list[Note]) -> float:
    """The notes of one stop in a lane; returns how deep they go."""
    depth = 0.0
    for note in notes:
        inset = 14 if note.mark else 0
        lines = wrap(note.words, BODY, blueprint.room - inset)
        draw_mark(blueprint.pen, note.mark, left + 4, blueprint.y + depth + 8.5)
        blueprint.pen.text(
            left + inset, blueprint.y + depth + 13, lines, BODY, leading=blueprint.leading, lead=len(note.lead)
        )
        depth += blueprint.leading * len(lines) + 4
    return depth


def draw_mark(pen: Pen, mark: str, x: float, y: float, scale: float = 1) -> None:
    """The mark of a fail point (a triangle), a wait point (a ring) or a moment of truth (a diamond)."""
    half, down, tip = 4.6 * scale, 8.2 * scale, 4.2 * scale
    if mark == "fail":
        pen.shape(f"M{x:.1f},{y - 4.5 * scale:.1f}l{half:.1f},{down:.1f}h{-2 * half:.1f}z", "below")
    if mark == "wait":
        pen.ring(x, y, 3.8 * scale, "quiet", 1.5 * scale)
    if mark == "truth":
        pen.shape(f"M{x:.1f},{y - half:.1f}l{tip:.1f},{half:.1f}l{-tip:.1f},{half:.1f}l{-tip:.1f},{-half:.1f}z", "ink")


def _entries(picture: JourneyMap) -> Iterator[tuple[str, str]]:
    if picture.has_scores:
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
    size: float = 12,
) -> float:
    """What the lines, and those of the marks that are drawn, mean; returns the baseline of its last line."""
    start, scale = x, size / 12
    for name, words in _entries(picture):
        sign = (32 if name == "scored" else 16) * scale
        if name not in {"scored", *marks}:
            continue
        if x > start and x + sign + width(words, size) > start + room:
            x, y = start, y + 20 * scale
        _sign(pen, name, x, y - 4 * scale, scale)
        pen.text(x + sign, y, words, size, tone="quiet")
        x += sign + width(words, size) + 24 * scale
    return y


def _sign(pen: Pen, name: str, x: float, y: float, scale: float) -> None:
    if name == "scored":
        points = " ".join(f"{scale * dx:.1f},{scale * dy:.1f}" for dx, dy in ((8, -12), (16, -2), (24, -5)))
        pen.curve(f"M{x:.1f},{y + 3 * scale:.1f}c{points}", thick=2.25 * scale)
    else:
        draw_mark(pen, name, x + 5 * scale, y, scale)
