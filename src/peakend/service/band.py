"""The curve in its band, drawn the same in every layout: planned behind, measured in front, three dots, and intervals where there are any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from peakend.service.curve import path
from peakend.service.journeymap import JourneyMap
from peakend.service.pen import Pen
from peakend.service.typeset import width
from peakend.terms import label

DOTTED = "0.1 5"


@dataclass(frozen=True)
class Band:
    """Where the curve lies: stops stand at `stations` along it; its low and its high end are the edges `low` and `high` across.

    With `down` the journey runs down the page and the scale from left to right; else the journey runs rightwards and the scale upwards.
    """

    stations: Sequence[float]
    low: float
    high: float
    down: bool = False

    def place(self, at: int, share: float) -> tuple[float, float]:
        """Where a share of the scale stands at a stop, as x and y."""
        across = self.low + share * (self.high - self.low)
        return (across, self.stations[at]) if self.down else (self.stations[at], across)


def draw_band(pen: Pen, picture: JourneyMap, band: Band, start: float, end: float) -> None:
    """The whole band: scale, planned curve, measured curve, intervals and dots; `start` and `end` bound it along the journey."""
    pen.begin("curve")
    _scale(pen, picture, band, start, end)
    if picture.measured:
        _line(pen, band, [stop.planned for stop in picture.stops], planned=True)
    _intervals(pen, picture, band)
    heights = picture.heights()
    _line(pen, band, heights, planned=False)
    for at, height in enumerate(heights):
        if height is not None and not picture.names_at(at):
            x, y = band.place(at, height)
            pen.ring(x, y, 2.75, "ink")
    for at in sorted(set(picture.marks.values())):
        _dot(pen, picture, band, at, heights[at] or 0)
    pen.end()


def _scale(pen: Pen, picture: JourneyMap, band: Band, start: float, end: float) -> None:
    for share, words in picture.axis.ticks:
        across = band.low + picture.axis.along(share) * (band.high - band.low)
        if band.down:
            pen.line(across, start, across, end)
            pen.text(across, start - 8, words, 11, tone="quiet", anchor="middle")
        else:
            pen.line(start, across, end, across)
            pen.text(start - 8, across + 4, words, 11.5, tone="quiet", anchor="end")
    if not picture.measured:
        middle = band.low + (band.high - band.low) / 2
        pen.line(*((middle, start, middle, end) if band.down else (start, middle, end, middle)))


def _line(pen: Pen, band: Band, heights: Sequence[float | None], *, planned: bool) -> None:
    places = [band.place(at, height) for at, height in enumerate(heights) if height is not None]
    data = path(places, down=band.down)
    if planned:
        pen.curve(data, tone="faint", thick=1.5, dash=DOTTED)
    else:
        pen.curve(data)


def _intervals(pen: Pen, picture: JourneyMap, band: Band) -> None:
    for at, stop in enumerate(picture.stops):
        score = stop.score
        if picture.measured and score and score.shown and score.low is not None and score.high is not None:
            low = band.place(at, picture.axis.along(score.share(score.low)))
            high = band.place(at, picture.axis.along(score.share(score.high)))
            pen.line(*low, *high, tone="faint", thick=1.5)


def _dot(pen: Pen, picture: JourneyMap, band: Band, at: int, height: float) -> None:
    x, y = band.place(at, height)
    names = picture.names_at(at)
    pen.dot(x, y, 6.5, picture.tone_at(at))
    score = picture.stops[at].score
    value = picture.number(score.value, score) if picture.measured and score else ""
    words = " · ".join(label(f"map.{name}", picture.lang) for name in names)
    told = f"{words} {value}".strip()
    if band.down:
        # The word stands beside the interval, on the side where there is room.
        reach = score.share(score.high) if score and picture.measured and score.high is not None else height
        over = band.place(at, picture.axis.along(reach))[0] if picture.measured and score else x
        fits = over + 10 + width(words, 11) < band.high + 14
        pen.text(over + 10 if fits else x - 12, y - 8, words, 11, tone=picture.tone_at(at), bold=True, anchor="start" if fits else "end")
        return
    lowest = "trough" in names and "peak" not in names
    pen.text(x, _clear(picture, band, at, lowest=lowest), told, 12.5, tone=picture.tone_at(at), bold=True, anchor="middle")


def _clear(picture: JourneyMap, band: Band, at: int, *, lowest: bool) -> float:
    """A baseline beyond the dot and its interval: below a trough, above anything else."""
    score = picture.stops[at].score
    height = picture.heights()[at] or 0
    edge = (score.low if lowest else score.high) if picture.measured and score else None
    reach = picture.axis.along(score.share(edge)) if score and edge is not None else height
    y = band.place(at, min(reach, height) if lowest else max(reach, height))[1]
    return y + 24 if lowest else y - 13
