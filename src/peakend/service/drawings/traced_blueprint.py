"""The blueprint with what went wrong on it: each failure in the lane of the step that it began in, each wait where the
customer waits, both as large as they are many.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from peakend.service.drawings.map_content import ABOVE, JourneyMap, Stop
from peakend.service.drawings.page import (
    LEFT,
    RIGHT,
    WIDTH,
    draw_stage_heads,
    draw_stop_names,
    sign_words,
    stations_of,
)
from peakend.service.drawings.pen import Pen, Theme, Tone
from peakend.service.drawings.typeset import width
from peakend.service.journeys import Journey, Lane
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label

Row = tuple[str, Lane | None]
ROWS: Final[Sequence[Row]] = (
    ("lane.customer", None),
    ("lane.frontstage", "frontstage"),
    ("lane.backstage", "backstage"),
    ("lane.support", "support"),
)
HIGH: Final = 78
LARGEST: Final = 15.0
"""Half of how wide the largest mark is."""
SMALLEST: Final = 3.5


@dataclass(frozen=True)
class Wait:
    """How many waited at a touchpoint, and how many minutes half of them waited at most, as it is written."""

    count: int
    minutes: str


@dataclass(frozen=True)
class Faults:
    """What went wrong: failures by the touchpoint and lane that they began in, those that are traced to no step by the
    touchpoint where they were written down, and waits by touchpoint; `firm` where there are visits enough for a colour.
    """

    began: Mapping[tuple[str, Lane], int] = field(default_factory=dict)
    untraced: Mapping[str, int] = field(default_factory=dict)
    waits: Mapping[str, Wait] = field(default_factory=dict)
    firm: bool = True


def draw_traced_blueprint(
    service: ServiceDocument, journey: Journey, lang: Lang, faults: Faults, *, theme: Theme = "auto"
) -> str:
    """The blueprint of a journey with what went wrong, as an SVG text for a page."""
    picture, pen = JourneyMap(service, journey, lang, {}, ""), Pen(lang, theme)
    height = draw_on(picture, pen, faults)
    id = f"traced-{service.service}-{journey.id}"
    return pen.finish(WIDTH, height, picture.title, _description(picture, faults), id=id, style=False)


def draw_on(picture: JourneyMap, pen: Pen, faults: Faults) -> float:
    """Draw it; returns how high it is."""
    stations, step = stations_of(picture)
    y = draw_stop_names(picture, pen, stations, step, draw_stage_heads(picture, pen, stations, step, 0)) + 12
    most = max([*faults.began.values(), *faults.untraced.values()], default=0)
    longest = max((wait.count for wait in faults.waits.values()), default=0)
    for term, lane in ROWS:
        y = _edge(pen, term, y)
        pen.begin("lane", lane=term)
        for x, stop in zip(stations, picture.stops, strict=True):
            if lane is None:
                _wait(pen, faults.waits.get(stop.touchpoint.id), stop, (x, y + HIGH / 2), longest)
            else:
                count = faults.began.get((stop.touchpoint.id, lane), 0)
                if count:
                    _failures(pen, count, (x, y + HIGH / 2), most, firm=faults.firm)
                elif stop.touchpoint.actions(lane):
                    pen.dot(x, y + HIGH / 2 + 4, 2.5, "faint")
        pen.end()
        y += HIGH
    pen.line(LEFT - 6, y, WIDTH - RIGHT, y)
    y = _untraced(picture, pen, faults.untraced, y, most)
    return _key(pen, picture.lang, y + 26) + 14


def _edge(pen: Pen, term: str, y: float) -> float:
    """The name of a lane, and above it the line of the blueprint that it lies under."""
    words = label(ABOVE[term], pen.lang) if term in ABOVE else ""
    beside = width(words, 11.5) + 12 if words else 0
    if not words:
        pen.line(LEFT - 6, y, WIDTH - RIGHT, y)
    else:
        pen.line(LEFT - 6, y, WIDTH - RIGHT - beside, y, tone="quiet", thick=1.25, dash="6 5")
        pen.text(WIDTH - RIGHT, y + 4, words, 11.5, tone="quiet", anchor="end")
    pen.text(LEFT - 6, y + 16, label(term, pen.lang), 11.5, tone="quiet", bold=True)
    return y + 4


def _tone(*, firm: bool) -> Tone:
    return "below" if firm else "quiet"


def _wait(pen: Pen, wait: Wait | None, stop: Stop, at: tuple[float, float], most: int) -> None:
    x, y = at
    if wait is None:
        if stop.touchpoint.wait:
            pen.ring(x, y + 4, SMALLEST, "faint", 1.25)
        elif stop.touchpoint.customer:
            pen.dot(x, y + 4, 2.5, "faint")
        return
    pen.ring(x, y + 2, _size(wait.count, most), "quiet", 2)
    pen.text(x, y + 2 + LARGEST + 13, wait.minutes, 11, tone="quiet", anchor="middle")


def _failures(pen: Pen, count: int, at: tuple[float, float], most: int, *, firm: bool) -> None:
    """The failures that began in a lane at a stop, with their number."""
    (x, y), tone = at, _tone(firm=firm)
    pen.shape(_triangle(x, y + 4, _size(count, most)), tone)
    pen.text(x, y + 2 + LARGEST + 13, f"{count:,}", 11.5, bold=True, anchor="middle")


def _size(count: int, most: int) -> float:
    """Half the width of a mark, so that its area tells how many."""
    return max(SMALLEST, LARGEST * math.sqrt(count / most)) if most else SMALLEST


def _untraced(picture: JourneyMap, pen: Pen, counts: Mapping[str, int], y: float, most: int) -> float:
    """What is traced to no step, under the touchpoint where it was written down."""
    stops = list(zip(stations_of(picture)[0], picture.stops, strict=True))
    if not any(counts.get(stop.touchpoint.id) for _, stop in stops):
        return y
    pen.begin("untraced")
    pen.text(LEFT - 6, y + 16, label("blueprint.untraced", picture.lang), 11.5, tone="quiet", bold=True)
    for x, stop in stops:
        count, middle = counts.get(stop.touchpoint.id, 0), y + HIGH / 2
        if count:
            pen.curve(_triangle(x, middle + 4, _size(count, most)), tone="quiet", thick=1.5)
            pen.text(x, middle + 2 + LARGEST + 13, f"{count:,}", 11.5, tone="quiet", anchor="middle")
    pen.end()
    return y + HIGH


def _triangle(x: float, y: float, half: float) -> str:
    return f"M{x:.1f},{y - half:.1f}l{half:.1f},{1.8 * half:.1f}h{-2 * half:.1f}z"


def _key(pen: Pen, lang: Lang, y: float) -> float:
    x = LEFT - 6.0
    pen.shape(f"M{x + 6:.1f},{y - 9:.1f}l5,9h-10z", "below")
    x = sign_words(pen, label("blueprint.began", lang), x + 18, y)
    pen.ring(x + 5, y - 4, 4.5, "quiet", 1.75)
    x = sign_words(pen, label("blueprint.waits", lang), x + 16, y)
    pen.dot(x + 4, y - 4, 2.5, "faint")
    sign_words(pen, label("blueprint.quiet", lang), x + 12, y)
    return y


def _description(picture: JourneyMap, faults: Faults) -> str:
    """What went wrong in words, stop by stop, for those who cannot see it."""
    lang = picture.lang
    colon, comma, stop_mark = (": ", ", ", ". ") if lang == "en" else ("：", "、", "。")
    told = []
    for stop in picture.stops:
        place = stop.touchpoint.id
        counts = [(term, faults.began.get((place, lane), 0)) for term, lane in ROWS if lane]
        counts.append(("blueprint.untraced", faults.untraced.get(place, 0)))
        parts = [f"{label(term, lang)} {count:,}" for term, count in counts if count]
        wait = faults.waits.get(place)
        parts += [label("blueprint.median", lang).format(minutes=wait.minutes)] if wait else []
        told += [f"{stop.title}{colon}{comma.join(parts)}"] if parts else []
    return stop_mark.join([picture.title, *told]) + stop_mark.strip()
