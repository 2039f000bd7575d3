"""The curve in its band, drawn the same in every layout, with intervals and named dots where there are any; and the
strip of what is planned.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import Final

from peakend.service.drawings.curve import Axis, Position, path, samples
from peakend.service.drawings.map_content import NEUTRAL, JourneyMap
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.typeset import width
from peakend.service.journeys import EMOTION
from peakend.terms import label

STRIP: Final = Axis(0.0, 1.0, ((0.0, f"−{EMOTION}"), (NEUTRAL, "0"), (1.0, f"+{EMOTION}")))
"""The whole scale of planned emotions."""


@dataclass(frozen=True)
class Label:
    """Where a word stands: its middle, its line, how far it reaches to either side, and its size of type."""

    middle: float
    line: float
    half: float
    size: float

    def meets(self, other: Label) -> bool:
        """Whether two words are too close."""
        beside = abs(self.middle - other.middle) >= self.half + other.half
        return not beside and abs(self.line - other.line) < 1.3 * self.size

    def holds(self, place: Position) -> bool:
        """Whether a place lies in the word."""
        x, y = place
        return abs(x - self.middle) < self.half and self.line - 0.9 * self.size < y < self.line + 0.25 * self.size


@dataclass
class Room:
    """What the words on the curve must keep clear of: its edges, the curve itself, and one another."""

    start: float
    end: float
    top: float
    bottom: float
    curve: Sequence[Position]
    taken: list[Label] = field(default_factory=list)

    def is_free(self, label: Label) -> bool:
        """Whether it is inside, and nothing else stands there."""
        inside = self.top <= label.line - 0.82 * label.size and label.line + 0.2 * label.size <= self.bottom
        return inside and not any(map(label.meets, self.taken)) and not any(map(label.holds, self.curve))


@dataclass(frozen=True)
class Band:
    """Where the curve lies: stops stand at `stations` along it; its low and its high end are the edges `low` and `high`
    across.

    With `down` the journey runs down the page and the scale from left to right; else the journey runs rightwards and
    the scale upwards.
    """

    stations: Sequence[float]
    low: float
    high: float
    down: bool = False
    weight: float = 1
    """How much heavier than on a screen the curve is drawn, for a wall."""
    first: int = 0
    """The first of the stops that stand here; the others are on other bands."""
    step: float = 0
    """How far away a stop on the next band would stand: the curve goes half the way to it."""
    small: float = 11.5
    """The size of the words on the scale."""
    air: float = math.inf
    """How far above and below the scale words may stand."""

    @property
    def stops(self) -> range:
        """Which stops of the journey stand here."""
        return range(self.first, self.first + len(self.stations))

    def place(self, at: int, share: float) -> tuple[float, float]:
        """Where a share of the scale stands at a stop, as x and y; also of one beyond the edge."""
        across = self.low + share * (self.high - self.low)
        inside = min(max(at, self.first), self.stops[-1])
        along = self.stations[inside - self.first] + (at - inside) * self.step
        return (across, along) if self.down else (along, across)


def draw_band(pen: Pen, picture: JourneyMap, band: Band, start: float, end: float) -> None:
    """The whole band: scale, curve, intervals and dots; `start` and `end` bound it along the journey."""
    pen.begin("curve")
    _scale(pen, picture.axis, band, start, end)
    if not picture.has_scores:
        _level(pen, picture, band, start, end)
    _intervals(pen, picture, band)
    heights = picture.heights()
    _line(pen, band, heights)
    named = sorted({at for places in picture.marks.values() for at in places} & set(band.stops))
    for at in band.stops:
        height = heights[at]
        if height is not None and at not in named:
            x, y = band.place(at, height)
            pen.ring(x, y, 2.75 * band.weight, "ink", 1.5 * band.weight)
    curve = () if band.down else _samples(band, heights)
    room = Room(start, end, band.high - band.air, band.low + band.air, curve)
    for at in named:
        _dot(pen, picture, band, at, room)
    pen.end()


def draw_strip(pen: Pen, picture: JourneyMap, band: Band, start: float, end: float, *, small: float) -> None:
    """The planned emotions under the measured curve, on a strip and a scale of their own; `small` is the size of its
    words.
    """
    pen.begin("plan")
    pen.text(start, band.high - 8, label("map.plan", picture.lang), small, tone="quiet")
    _scale(pen, STRIP, band, start, end)
    heights = [stop.designed_emotion for stop in picture.stops]
    _line(pen, band, heights, planned=True)
    for at in band.stops:
        if (height := heights[at]) is not None:
            pen.dot(*band.place(at, height), 2.5 * band.weight, "quiet")
    pen.end()


def _scale(pen: Pen, axis: Axis, band: Band, start: float, end: float) -> None:
    ticks = axis.ticks[:: 2 if band.down and len(axis.ticks) > 3 else 1]
    for share, words in ticks:
        across = band.low + axis.along(share) * (band.high - band.low)
        if band.down:
            pen.line(across, start, across, end)
            pen.text(across, start - 8, words, 11, tone="quiet", anchor="middle")
        else:
            pen.line(start, across, end, across)
            pen.text(start - 8, across + 0.35 * band.small, words, band.small, tone="quiet", anchor="end")


def _level(pen: Pen, picture: JourneyMap, band: Band, start: float, end: float) -> None:
    """Where no emotion either way is planned."""
    level = band.low + picture.plan.along(NEUTRAL) * (band.high - band.low)
    pen.line(*((level, start, level, end) if band.down else (start, level, end, level)))


def _line(pen: Pen, band: Band, heights: Sequence[float | None], *, planned: bool = False) -> None:
    """The curve, broken where there is nothing between two stops."""
    start, end = _edges(band)
    for places in _runs(band, heights):
        data = path(places, down=band.down, start=start, end=end)
        pen.curve(data, tone="faint" if planned else "ink", thick=(1.5 if planned else 2.25) * band.weight)


def _runs(band: Band, heights: Sequence[float | None]) -> Iterator[list[Position]]:
    """The stops between which nothing is missing, with those beyond the edges, for the curve's slope is theirs too."""
    for known, run in groupby(enumerate(heights), key=lambda place: place[1] is not None):
        if known:
            yield [band.place(at, height) for at, height in run if height is not None]


def _edges(band: Band) -> tuple[float, float]:
    """From where to where the curve is drawn along the journey."""
    return band.stations[0] - band.step / 2, band.stations[-1] + band.step / 2


def _samples(band: Band, heights: Sequence[float | None]) -> tuple[Position, ...]:
    start, end = _edges(band)
    return tuple(place for places in _runs(band, heights) for place in samples(places, start, end))


def _intervals(pen: Pen, picture: JourneyMap, band: Band) -> None:
    for at in band.stops:
        score = picture.stops[at].score
        if picture.has_scores and score and score.has_value and score.low is not None and score.high is not None:
            low = band.place(at, picture.axis.along(score.share(score.low)))
            high = band.place(at, picture.axis.along(score.share(score.high)))
            pen.line(*low, *high, tone="faint", thick=1.5)


def _dot(pen: Pen, picture: JourneyMap, band: Band, at: int, room: Room) -> None:
    x, y = band.place(at, picture.heights()[at] or 0)
    names = picture.names_at(at)
    pen.dot(x, y, 6.5 * band.weight, picture.tone_at(at))
    _pointer(pen, names, x, y, 2.6 * band.weight)
    score = picture.stops[at].score
    value = picture.number(score.value, score) if picture.has_scores and score else ""
    words = " · ".join(label(f"map.{name}", picture.lang) for name in names)
    told, size = f"{words} {value}".strip(), 12.5 * band.weight
    if band.down:
        _beside(pen, picture, band, at, words)
        return
    half = width(told, size, bold=True) / 2
    middle = max(min(x, room.end - half), room.start + half)
    line = _free_line(picture, band, at, Label(middle, 0, half, size), room)
    room.taken.append(Label(middle, line, half, size))
    pen.text(middle, line, told, size, tone=picture.tone_at(at), bold=True, anchor="middle")


def _pointer(pen: Pen, names: Sequence[str], x: float, y: float, reach: float) -> None:
    """Up in a peak and down in a trough: so they are told apart where there is no colour."""
    if "peak" in names or "trough" in names:
        up = -reach if "peak" in names else reach
        pen.shape(f"M{x:.1f},{y + up:.1f}l{reach:.1f},{-1.7 * up:.1f}h{-2 * reach:.1f}z", "paper")


def _free_line(picture: JourneyMap, band: Band, at: int, label: Label, room: Room) -> float:
    """A baseline for a label: below a trough, above anything else; the other side, or farther away, where another label
    or the curve is in the way.
    """
    names = picture.names_at(at)
    lowest = "trough" in names and "peak" not in names
    sides = [(_clear(picture, band, at, lowest=below), 0.35 if below else -0.35) for below in (lowest, not lowest)]
    steps = (range(4), range(4, 9))
    lines = [base + step * more * label.size for some in steps for base, step in sides for more in some]
    return next((line for line in lines if room.is_free(replace(label, line=line))), lines[0])


def _beside(pen: Pen, picture: JourneyMap, band: Band, at: int, words: str) -> None:
    """The word beside the dot and its interval, in the bend of the curve: right of a trough, left of a peak."""
    left, right = (band.place(at, share)[0] for share in _reach(picture, at))
    names, y, tone = picture.names_at(at), band.place(at, 0)[1] + 4, picture.tone_at(at)
    room = band.high + 38 - right - 11
    if "trough" in names or ("peak" not in names and width(words, 11, bold=True) < room):
        pen.text(right + 11, y, words, 11, tone=tone, bold=True)
    else:
        pen.text(left - 11, y, words, 11, tone=tone, bold=True, anchor="end")


def _reach(picture: JourneyMap, at: int) -> tuple[float, float]:
    """From where to where the dot of a stop and its interval reach, as shares of the band."""
    height, score = picture.heights()[at] or 0, picture.stops[at].score
    edges = [edge for edge in (score.low, score.high) if edge is not None] if picture.has_scores and score else []
    shares = [height, *(picture.axis.along(score.share(edge)) for edge in edges if score)]
    return min(shares), max(shares)


def _clear(picture: JourneyMap, band: Band, at: int, *, lowest: bool) -> float:
    """A baseline beyond the dot and its interval: below a trough, above anything else."""
    low, high = _reach(picture, at)
    return band.place(at, low)[1] + 24 * band.weight if lowest else band.place(at, high)[1] - 13 * band.weight
