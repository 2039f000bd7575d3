"""The curve in its band, drawn the same in every layout, with intervals and named dots where there are any; and the
strip of what is planned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from peakend.service.drawings.curve import Axis, path
from peakend.service.drawings.map_content import NEUTRAL, JourneyMap
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.typeset import width
from peakend.service.journeys import EMOTION
from peakend.terms import label

Label = tuple[float, float, float]
"""Where a word stands: its middle, its line, and how far it reaches to either side."""
STRIP: Final = Axis(0.0, 1.0, ((0.0, f"−{EMOTION}"), (NEUTRAL, "0"), (1.0, f"+{EMOTION}")))
"""The whole scale of planned emotions."""


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

    def place(self, at: int, share: float) -> tuple[float, float]:
        """Where a share of the scale stands at a stop, as x and y."""
        across = self.low + share * (self.high - self.low)
        return (across, self.stations[at]) if self.down else (self.stations[at], across)


def draw_band(pen: Pen, picture: JourneyMap, band: Band, start: float, end: float) -> None:
    """The whole band: scale, curve, intervals and dots; `start` and `end` bound it along the journey."""
    pen.begin("curve")
    _scale(pen, picture.axis, band, start, end)
    if not picture.has_scores:
        _level(pen, picture, band, start, end)
    _intervals(pen, picture, band)
    heights = picture.heights()
    _line(pen, band, heights)
    named = sorted({at for places in picture.marks.values() for at in places})
    for at, height in enumerate(heights):
        if height is not None and at not in named:
            x, y = band.place(at, height)
            pen.ring(x, y, 2.75 * band.weight, "ink", 1.5 * band.weight)
    taken: list[Label] = []
    for at in named:
        _dot(pen, picture, band, at, taken)
    pen.end()


def draw_strip(pen: Pen, picture: JourneyMap, band: Band, start: float, end: float, *, small: float) -> None:
    """The planned feelings under the measured curve, on a strip and a scale of their own; `small` is the size of its
    words.
    """
    pen.begin("plan")
    pen.text(start, band.high - 8, label("map.plan", picture.lang), small, tone="quiet")
    _scale(pen, STRIP, band, start, end)
    heights = [stop.designed_emotion for stop in picture.stops]
    _line(pen, band, heights, planned=True)
    for at, height in enumerate(heights):
        if height is not None:
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
            pen.text(start - 8, across + 4, words, 11.5, tone="quiet", anchor="end")


def _level(pen: Pen, picture: JourneyMap, band: Band, start: float, end: float) -> None:
    """Where no feeling either way is planned."""
    level = band.low + picture.plan.along(NEUTRAL) * (band.high - band.low)
    pen.line(*((level, start, level, end) if band.down else (start, level, end, level)))


def _line(pen: Pen, band: Band, heights: Sequence[float | None], *, planned: bool = False) -> None:
    """The curve, broken where there is nothing between two stops."""
    for known, run in groupby(enumerate(heights), key=lambda place: place[1] is not None):
        if known:
            data = path([band.place(at, height) for at, height in run if height is not None], down=band.down)
            pen.curve(data, tone="faint" if planned else "ink", thick=(1.5 if planned else 2.25) * band.weight)


def _intervals(pen: Pen, picture: JourneyMap, band: Band) -> None:
    for at, stop in enumerate(picture.stops):
        score = stop.score
        if picture.has_scores and score and score.has_value and score.low is not None and score.high is not None:
            low = band.place(at, picture.axis.along(score.share(score.low)))
            high = band.place(at, picture.axis.along(score.share(score.high)))
            pen.line(*low, *high, tone="faint", thick=1.5)


def _dot(pen: Pen, picture: JourneyMap, band: Band, at: int, taken: list[Label]) -> None:
    x, y = band.place(at, picture.heights()[at] or 0)
    names = picture.names_at(at)
    pen.dot(x, y, 6.5 * band.weight, picture.tone_at(at))
    score = picture.stops[at].score
    value = picture.number(score.value, score) if picture.has_scores and score else ""
    words = " · ".join(label(f"map.{name}", picture.lang) for name in names)
    told, size = f"{words} {value}".strip(), 12.5 * band.weight
    if band.down:
        _beside(pen, picture, band, at, words)
        return
    lowest = "trough" in names and "peak" not in names
    half, y = width(told, size, bold=True) / 2, _clear(picture, band, at, lowest=lowest)
    while any(abs(x - other) < half + reach and abs(y - line) < 1.3 * size for other, line, reach in taken):
        y += 0.35 * size if lowest else -0.35 * size
    taken.append((x, y, half))
    pen.text(x, y, told, size, tone=picture.tone_at(at), bold=True, anchor="middle")


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
