"""The journey map for a page: the whole journey at one glance, as wide as a screen, with names, curve, values and n."""

from __future__ import annotations

from typing import Final

from peakend.service.drawings.band import Band, draw_band, draw_strip
from peakend.service.drawings.blueprint import draw_key, draw_mark
from peakend.service.drawings.figure_rows import draw_figure_rows
from peakend.service.drawings.map_content import JourneyMap, Stop
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.typeset import even, width, wrap
from peakend.thresholds import LOW_BASE

WIDTH: Final = 1200
LEFT: Final = 46
RIGHT: Final = 12
GAP: Final = 10
BAND: Final = 210
STRIP: Final = 56
SMALL: Final = 11


def draw_page(picture: JourneyMap, pen: Pen) -> tuple[float, float]:
    """Draw the map; returns its width and height. Page and caption say the title, the headline and the source."""
    return WIDTH, draw_journey(picture, pen, 0) + 14


def draw_journey(picture: JourneyMap, pen: Pen, start: float, high: float = BAND) -> float:
    """Draw the journey from `start` downwards, its curve so `high`; returns the baseline of its last line."""
    stations, step = stations_of(picture)
    y = draw_stop_names(picture, pen, stations, step, draw_stage_heads(picture, pen, stations, step, start))
    top = y + 30
    draw_band(pen, picture, Band(stations, top + high, top), LEFT - 6, WIDTH - RIGHT)
    y = top + high + 34
    if picture.has_scores:
        y = _measured(picture, pen, stations, y, step)
    places = {stop.touchpoint.id: x for x, stop in zip(stations, picture.stops, strict=True)}
    y = draw_figure_rows(pen, picture.rows, places, LEFT - 6, y)
    if picture.planned_beside:
        draw_strip(pen, picture, Band(stations, y + STRIP + 26, y + 26), LEFT - 6, WIDTH - RIGHT, small=11.5)
        y += STRIP + 46
    if any(stop.touchpoint.moment_of_truth for stop in picture.stops):
        for x, stop in zip(stations, picture.stops, strict=True):
            draw_mark(pen, "truth" if stop.touchpoint.moment_of_truth else "", x, y + 4)
        y += 14
    y = draw_key(pen, picture, LEFT - 6, y + 24, marks=("truth",))
    words = "　".join(picture.corner) if picture.lang != "en" else " · ".join(picture.corner)
    pen.text(WIDTH - RIGHT, y, words, 12, tone="quiet", anchor="end")
    return y


def stations_of(picture: JourneyMap) -> tuple[list[float], float]:
    """Where the stops stand, evenly, with a little air between stages; and the distance from one to the next."""
    step = (WIDTH - LEFT - RIGHT - GAP * (len(picture.stages) - 1)) / max(len(picture.stops), 1)
    stations: list[float] = []
    for at, (_, stops) in enumerate(picture.stages):
        stations += [LEFT + GAP * at + (len(stations) + place + 0.5) * step for place in range(len(stops))]
    return stations, step


def draw_stage_heads(picture: JourneyMap, pen: Pen, stations: list[float], step: float, start: float) -> float:
    """The names of the stages over their stops; returns where they end."""
    heads = [wrap(title, 13, step * len(stops) + GAP, bold=True) for title, stops in picture.stages]
    height = start + 18 * max(map(len, heads))
    at = 0
    for lines, (_, stops) in zip(heads, picture.stages, strict=True):
        left, right = stations[at] - step / 2, stations[at + len(stops) - 1] + step / 2
        pen.text(left + 1, 4 + height - 18 * len(lines) + 12, lines, 13, bold=True, leading=18)
        pen.line(left, height + 8, right, height + 8, tone="ink", thick=1.5)
        at += len(stops)
    return height + 8


def draw_stop_names(picture: JourneyMap, pen: Pen, stations: list[float], step: float, top: float) -> float:
    """The names of the stops, on two levels where they would not fit beside one another on one."""
    size = 12
    longest = max((max(width(word, size) for word in wrap(stop.title, size, 84)) for stop in picture.stops), default=0)
    levels = 1 if longest <= step - 8 else 2
    heads = [even(stop.title, size, step * levels - 14) for stop in picture.stops]
    depths = [16 * max((len(lines) for lines in heads[level::levels]), default=0) for level in range(levels)]
    for at, (x, lines, stop) in enumerate(zip(stations, heads, picture.stops, strict=True)):
        level = at % levels
        y = top + 20 + sum(depths[:level]) + 8 * level
        pen.begin("stop", touchpoint=stop.touchpoint.id)
        if levels == 2 and level == 0:
            pen.line(x, y + 16 * len(lines) - 8, x, top + 12 + sum(depths) + 8)
        inside = min(
            max(x, LEFT + width(max(lines, key=len), size) / 2 - 30),
            WIDTH - RIGHT - width(max(lines, key=len), size) / 2,
        )
        for row, line in enumerate(lines):
            pen.text(inside, y + 16 * row, line, size, anchor="middle")
        pen.end()
    return top + 12 + sum(depths) + 8 * (levels - 1)


def _measured(picture: JourneyMap, pen: Pen, stations: list[float], y: float, step: float) -> float:
    """Value, interval and n of every stop; the intervals in figures only where there is room for all, for the curve
    draws them anyway.
    """
    intervals = [_interval(picture, stop) for stop in picture.stops]
    has_room = max((width(words, SMALL) for words in intervals), default=0) <= step - 6
    deep = 15 if has_room and any(intervals) else 0
    pen.text(LEFT - 14, y + 28 + deep, "n", 11.5, tone="quiet", anchor="end")
    for x, stop, interval in zip(stations, picture.stops, intervals, strict=True):
        _figures(picture, pen, stop, (x, y, y + 28 + deep))
        if deep and interval:
            pen.text(x, y + 27, interval, SMALL, tone="quiet", anchor="middle")
    return y + 40 + deep


def _interval(picture: JourneyMap, stop: Stop) -> str:
    score = stop.score
    if score is None or not score.has_value or score.low is None or score.high is None:
        return ""
    return f"{picture.number(score.low, score)}–{picture.number(score.high, score)}"


def _figures(picture: JourneyMap, pen: Pen, stop: Stop, at: tuple[float, float, float]) -> None:
    """The value of a stop and, on the line `below`, its n: pale where they are too few to be firm."""
    (x, y, below), score = at, stop.score
    if score is None or not score.has_value:
        pen.text(x, y + 12, "–", 13, tone="faint", anchor="middle")
        if score:
            pen.text(x, below, f"{score.n:,}", SMALL, tone="quiet", anchor="middle")
        return
    firm = score.n >= LOW_BASE
    value = picture.number(score.value, score)
    pen.text(x, y + 12, value, 13.5, bold=firm, tone="ink" if firm else "quiet", anchor="middle")
    pen.text(x, below, f"{score.n:,}", SMALL, tone="quiet", anchor="middle")


def sign_words(pen: Pen, words: str, x: float, y: float) -> float:
    """Write what a mark means beside it; returns where the next mark may stand."""
    pen.text(x, y, words, 12, tone="quiet")
    return x + width(words, 12) + 24
