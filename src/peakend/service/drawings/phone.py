"""The journey map for a phone: the journey runs down the page, words at the left, the curve at the right."""

from __future__ import annotations

from typing import Final

from peakend.service.drawings.band import Band, draw_band
from peakend.service.drawings.blueprint import draw_key, draw_mark
from peakend.service.drawings.map_content import JourneyMap, Stop
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.typeset import even, wrap

WIDTH: Final = 360
MARGIN: Final = 16
WORDS: Final = 178
LOW, HIGH = 218, 318
"""The left and the right edge of the scale."""


def draw_phone(picture: JourneyMap, pen: Pen) -> tuple[float, float]:
    """Draw the map; returns its width and height. The page says the title and the headline."""
    y = _corner(picture, pen)
    top = y
    stations: list[float] = []
    for title, stops in picture.stages:
        y = _stage(pen, title, y)
        for stop in stops:
            height = _height(stop, picture)
            stations.append(y + height / 2)
            _words(pen, picture, stop, y, height)
            y += height
        y += 10
    draw_band(pen, picture, Band(stations, LOW, HIGH, down=True), top - 2, y - 8)
    y = draw_key(pen, picture, MARGIN, y + 24, WIDTH - 2 * MARGIN, marks=("truth", "wait"))
    return WIDTH, y + MARGIN + 4


def _corner(picture: JourneyMap, pen: Pen) -> float:
    y = float(MARGIN)
    for words in picture.corner:
        for line in wrap(words, 12, WIDTH - 2 * MARGIN):
            pen.text(MARGIN, y + 14, line, 12, tone="quiet")
            y += 17
    return y + 40


def _stage(pen: Pen, title: str, y: float) -> float:
    for line in wrap(title, 13, WORDS, bold=True):
        pen.text(MARGIN, y + 14, line, 13, tone="quiet", bold=True)
        y += 18
    pen.line(MARGIN, y + 3, MARGIN + WORDS, y + 3, tone="ink", thick=1.5)
    return y + 10


def _height(stop: Stop, picture: JourneyMap) -> float:
    """At least what a finger needs, and room for the words."""
    return max(48.0, 20.0 * len(even(stop.title, 14.5, _room(stop))) + (18 if picture.has_scores else 0) + 12)


def _room(stop: Stop) -> float:
    return WORDS - 4 - 16 * len(_marks(stop))


def _marks(stop: Stop) -> list[str]:
    return ["wait"] * bool(stop.touchpoint.wait) + ["truth"] * bool(stop.touchpoint.moment_of_truth)


def _words(pen: Pen, picture: JourneyMap, stop: Stop, y: float, height: float) -> None:
    lines = even(stop.title, 14.5, _room(stop))
    depth = 20 * len(lines) + (18 if picture.has_scores else 0)
    first = y + (height - depth) / 2 + 15
    pen.begin("stop", touchpoint=stop.touchpoint.id)
    pen.text(MARGIN, first, lines, 14.5, leading=20)
    x = MARGIN + WORDS - 8.0
    for mark in _marks(stop):
        draw_mark(pen, mark, x, first - 5)
        x -= 16
    if picture.has_scores:
        pen.text(MARGIN, first + 20 * len(lines) - 2, _figure(picture, stop), 12, tone="quiet")
    pen.end()


def _figure(picture: JourneyMap, stop: Stop) -> str:
    score = stop.score
    if score is None or not score.has_value:
        return (picture.why_none(stop) if score else "") or "–"
    interval = (
        f" ({picture.number(score.low, score)}–{picture.number(score.high, score)})" if score.low is not None else ""
    )
    return f"{picture.number(score.value, score)}{interval} · n {score.n:,}"
