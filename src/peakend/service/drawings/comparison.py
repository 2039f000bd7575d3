"""Two versions of a journey as one picture: removed touchpoints hatched at their old place, added ones with a plus,
moved ones with a thread from where they stood; both planned curves on one axis, and in which lanes words changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Final

from peakend.errors import DocumentError
from peakend.service.comparison import Comparison, compare
from peakend.service.drawings.curve import path
from peakend.service.drawings.map_content import MAP_LANES, NEUTRAL, PLANNED, JourneyMap, Stop
from peakend.service.drawings.page import LEFT, RIGHT, WIDTH, draw_stage_heads, draw_stop_names, sign_words, stations_of
from peakend.service.drawings.pen import Pen, Theme, Tone
from peakend.service.drawings.typeset import wrap
from peakend.service.journeys import Touchpoint
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label

MARKS: Final = 44
CURVES: Final = 190
LANE: Final = 26


@dataclass(frozen=True)
class CellChange:
    """The words of one lane at one touchpoint in both versions; empty where there were none."""

    touchpoint: Touchpoint
    lane: str
    old: str
    new: str


def cell_changes(comparison: Comparison, old: ServiceDocument, lang: Lang) -> list[CellChange]:
    """The cells of the map whose words differ, touchpoint by touchpoint, of those that are in both versions."""
    maps = [_map(service, comparison, lang) for service in (old, comparison.service)]
    return [
        CellChange(pair.touchpoint, lane, *words)
        for pair in comparison.pairs
        if pair.old and pair.new
        for lane in MAP_LANES
        if len(set(words := [_words(maps[0], lane, pair.old), _words(maps[1], lane, pair.new)])) == 2
    ]


def _map(service: ServiceDocument, comparison: Comparison, lang: Lang) -> JourneyMap:
    return JourneyMap(service, comparison.union, lang, {}, "")


def _words(picture: JourneyMap, lane: str, point: Touchpoint) -> str:
    return "\n".join(note.words for note in picture.notes(lane, point))


def draw_comparisons(
    old: ServiceDocument, new: ServiceDocument, *, lang: Lang = "en", theme: Theme = "light", style: bool = True
) -> tuple[str, ...]:
    """Every journey of two versions as an SVG text, with its changed words below. Raises DocumentError
    `document.no_journey` where neither has any.
    """
    found = compare(old, new)
    if not found:
        raise DocumentError("document.no_journey", name=new.service, known="—")
    return tuple(draw_comparison(each, old, lang=lang, theme=theme, style=style) for each in found)


def draw_comparison(
    comparison: Comparison,
    old: ServiceDocument,
    *,
    lang: Lang,
    theme: Theme = "auto",
    style: bool = False,
    with_words: bool = True,
) -> str:
    """A journey in two versions; `with_words` writes both texts of each changed cell below."""
    picture, pen = _map(comparison.service, comparison, lang), Pen(lang, theme)
    cells = cell_changes(comparison, old, lang)
    height = draw_on(picture, pen, comparison, cells if with_words else (), cells)
    told = [change.sentence(lang) for change in comparison.changes] or [label("cli.same", lang)]
    id = f"comparison-{comparison.service.service}-{comparison.union.id}"
    return pen.finish(WIDTH, height, picture.title, " ".join(told), id=id, style=style)


def draw_on(
    picture: JourneyMap, pen: Pen, comparison: Comparison, told: Sequence[CellChange], cells: Sequence[CellChange]
) -> float:
    """Draw it, with the words of the cells that are `told`; returns how high it is."""
    stations, step = stations_of(picture)
    top = draw_stop_names(picture, pen, stations, step, draw_stage_heads(picture, pen, stations, step, 0)) + 8
    bottom = top + MARKS + CURVES
    lanes = _lanes(picture, pen, cells, stations, bottom + 34)
    places = Places(comparison, stations, step)
    for x, pair in zip(stations, comparison.pairs, strict=True):
        if pair.fate == "removed":
            _hatch(pen, (x - step / 2 + 2, x + step / 2 - 2), (top, bottom))
    _threads(pen, places, top + 6)
    for x, pair in zip(stations, comparison.pairs, strict=True):
        if pair.fate == "added":
            _plus(pen, x, top + MARKS / 2)
    _curves(pen, places, top + MARKS)
    y = _key(pen, comparison, lanes + 22)
    return _texts(pen, told, y + 16) + 14


@dataclass(frozen=True)
class Places:
    """Where touchpoints stand along the picture, and where those that moved stood before."""

    comparison: Comparison
    stations: Sequence[float]
    step: float

    @cached_property
    def now(self) -> dict[str, float]:
        """Every touchpoint where its column is."""
        pairs = zip(self.stations, self.comparison.pairs, strict=True)
        return {pair.touchpoint.id: x for x, pair in pairs}

    @cached_property
    def before(self) -> dict[str, float]:
        """Every touchpoint of the older version: those that moved between the columns where they stood."""
        found = {
            pair.touchpoint.id: x
            for x, pair in zip(self.stations, self.comparison.pairs, strict=True)
            if pair.old and pair.fate != "moved"
        }
        for neighbour, names in self.comparison.old_slots.items():
            start = self.now.get(neighbour or "", self.stations[0] - self.step)
            found |= {name: start + self.step * at / (len(names) + 1) for at, name in enumerate(names, 1)}
        return found

    def curve(self, top: float, *, older: bool) -> list[tuple[float, float] | None]:
        """Where a version's curve passes, None where a touchpoint of it has no plan; one that it does not have at all
        breaks no line.
        """
        at = self.before if older else self.now
        points = {
            at[point.id]: Stop(point, "", None).designed_emotion
            for pair in self.comparison.pairs
            if (point := pair.old if older else pair.new) and point.id in at
        }
        return [None if points[x] is None else (x, _height(points[x] or 0.0, top)) for x in sorted(points)]


def _curves(pen: Pen, places: Places, top: float) -> None:
    """Both planned curves on one axis: the older dashed and pale."""
    pen.begin("curves")
    for share, words in PLANNED:
        y = _height(share, top)
        pen.line(LEFT - 6, y, WIDTH - RIGHT, y, tone="faint" if share == NEUTRAL else "hair")
        pen.text(LEFT - 14, y + 4, words, 11.5, tone="quiet", anchor="end")
    _curve(pen, places.curve(top, older=True), older=True)
    _curve(pen, places.curve(top, older=False), older=False)
    pen.end()


def _curve(pen: Pen, places: Sequence[tuple[float, float] | None], *, older: bool) -> None:
    for run in _runs(places):
        if older:
            pen.curve(path(run), tone="quiet", dash="5 5", thick=1.75)
        else:
            pen.curve(path(run))
    for x, y in filter(None, places):
        if older:
            pen.ring(x, y, 2.75, "quiet", 1.25)
        else:
            pen.dot(x, y, 4, "ink")


def _height(share: float, top: float) -> float:
    return top + (1 - share) * CURVES


def _runs(places: Sequence[tuple[float, float] | None]) -> Iterator[list[tuple[float, float]]]:
    for known, run in groupby(places, key=lambda place: place is not None):
        if known:
            yield [place for place in run if place is not None]


# --- what became of the touchpoints -----------------------------------------------------------------------------------


def _hatch(pen: Pen, sides: tuple[float, float], ends: tuple[float, float]) -> None:
    """A column that is gone."""
    (left, right), (top, bottom) = sides, ends
    pen.begin("removed")
    pen.line(left, top, left, bottom, tone="faint")
    pen.line(right, top, right, bottom, tone="faint")
    for at in range(int(top), int(bottom), 10):
        rise = min(right - left, at - top)
        if rise > 0:
            pen.line(left, at, left + rise, at - rise, tone="hair", thick=1.5)
    pen.end()


def _plus(pen: Pen, x: float, y: float) -> None:
    """The mark of what is new."""
    pen.begin("added")
    pen.ring(x, y, 8, "ink", 1.75)
    pen.line(x - 4, y, x + 4, y, tone="ink", thick=1.75)
    pen.line(x, y - 4, x, y + 4, tone="ink", thick=1.75)
    pen.end()


def _threads(pen: Pen, places: Places, top: float) -> None:
    """From where each moved touchpoint stood to where it stands; the mark alone where it came from another journey."""
    for pair in places.comparison.pairs:
        if pair.fate != "moved":
            continue
        name = pair.touchpoint.id
        x, was = places.now[name], places.before.get(name)
        pen.begin("moved")
        if was is not None:
            deep = f"{top + 30:.1f}"
            pen.curve(
                f"M{was:.1f},{top:.1f}C{was:.1f},{deep} {x:.1f},{deep} {x:.1f},{top + 6:.1f}", tone="quiet", thick=1.5
            )
            pen.ring(was, top, 3, "quiet", 1.25)
        pen.shape(f"M{x:.1f},{top:.1f}l4.5,8h-9z", "ink")
        pen.end()


# --- what changed in the lanes ----------------------------------------------------------------------------------------


def _lanes(picture: JourneyMap, pen: Pen, cells: Sequence[CellChange], stations: Sequence[float], y: float) -> float:
    """In which lanes words changed, and where: a dot where both versions have some, a ring where one has none."""
    at = {stop.touchpoint.id: x for x, stop in zip(stations, picture.stops, strict=True)}
    for lane in (each for each in MAP_LANES if any(cell.lane == each for cell in cells)):
        pen.line(LEFT - 6, y - 16, WIDTH - RIGHT, y - 16)
        pen.text(LEFT - 6, y, label(lane, picture.lang), 11.5, tone="quiet", bold=True)
        for cell in cells:
            if cell.lane == lane:
                x = at[cell.touchpoint.id]
                pen.dot(x, y + 14, 5, "ink") if cell.old and cell.new else pen.ring(x, y + 14, 4, "ink", 1.75)
        y += LANE + 18
    return y


def _key(pen: Pen, comparison: Comparison, y: float) -> float:
    """What the marks mean, and of how many touchpoints."""
    x, lang = LEFT - 6.0, pen.lang
    pen.line(x, y - 4, x + 24, y - 4, tone="quiet", thick=1.75, dash="5 5")
    x = sign_words(pen, label("comparison.before", lang), x + 32, y)
    pen.line(x, y - 4, x + 24, y - 4, tone="ink", thick=2.25)
    x = sign_words(pen, label("comparison.after", lang), x + 32, y)
    for fate in ("added", "removed", "moved", "changed"):
        count = comparison.count(fate)
        if count:
            x = sign_words(pen, label(f"comparison.{fate}", lang).format(n=count), x, y)
    return y


def _texts(pen: Pen, cells: Sequence[CellChange], y: float) -> float:
    """Both texts of each changed cell, side by side."""
    half = (WIDTH - RIGHT - LEFT) / 2 - 20
    for cell in cells:
        name = f"{cell.touchpoint.title[pen.lang]} · {label(cell.lane, pen.lang)}"
        sides = [
            [line for part in words.split("\n") for line in wrap(part, 12.5, half)] for words in (cell.old, cell.new)
        ]
        pen.line(LEFT - 6, y, WIDTH - RIGHT, y)
        pen.text(LEFT - 6, y + 17, name, 12, bold=True)
        for at, lines in enumerate(sides):
            tone: Tone = "ink" if at else "quiet"
            pen.text(LEFT - 6 + at * (half + 40), y + 37, lines or ["–"], 12.5, tone=tone, leading=18)
        y += 30 + 18 * max(len(lines) for lines in (*sides, [""]))
    return y
