"""The layout of a journey's bands on a paper: what stands in which column of which band, and how high everything is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from peakend.service.drawings.blueprint import draw_key
from peakend.service.drawings.breaks import GAP, Spans, break_stages, column_em
from peakend.service.drawings.cells import Line, Setter
from peakend.service.drawings.lanes import CURVE, LaneCells, lane_name
from peakend.service.drawings.map_content import JourneyMap
from peakend.service.drawings.paper import PAPERS, POINTS_A_MILLIMETRE, Paper
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.phrases import joined
from peakend.service.drawings.typeset import Measure, even, width, wrap

NAMES: Final = {"A1": 22.0, "A3": 14.0, "A4": 14.0}
"""The least width of the names of the lanes, in millimetres."""
MOST_NAMES: Final = 9.0
"""Their greatest, in em."""
LEADING: Final = 1.42
HEADS: Final = 3
TITLES: Final = 4
"""How many lines the name of a stage and that of a touchpoint may have."""
CURVE_LEAST: Final = 7.0
CURVE_WITH_GROWTH: Final = 10.0
ABOVE_CURVE: Final = 3.4
BELOW_CURVE: Final = 2.4
FIGURES: Final = 4.6
STRIP: Final = 7.2
"""Heights in em: of the curve, and where type is larger than the paper's own, the room for words above and below it,
the figures, and the strip of what is planned.
"""


@dataclass(frozen=True)
class Row:
    """A lane on one band: its name, the words of its cells, and how high it is; of the curve, its least height."""

    lane: LaneCells
    name: tuple[str, ...]
    cells: tuple[tuple[Line, ...], ...]
    height: float


@dataclass(frozen=True)
class Head:
    """What stands above the lanes of a band: stages, touchpoints and their channels."""

    stages: tuple[tuple[str, ...], ...]
    titles: tuple[tuple[str, ...], ...]
    channels: tuple[tuple[str, ...], ...]
    stage_height: float
    height: float


@dataclass(frozen=True)
class BandPart:
    """A band, or as many of its lanes as one sheet holds, under the head of the band."""

    spans: Spans
    column: float
    lefts: tuple[float, ...]
    head: Head
    rows: tuple[Row, ...]

    @property
    def first(self) -> int:
        """The first of its stops."""
        return self.spans[0].first

    @property
    def height(self) -> float:
        """How high it is at least."""
        return self.head.height + sum(row.height for row in self.rows)

    @property
    def has_curve(self) -> bool:
        """Whether the curve is in it."""
        return any(row.lane.term == CURVE for row in self.rows)


@dataclass
class BandLayout:
    """Lays out a journey in lanes on a paper whose type has been chosen, with at most so many lines a cell."""

    picture: JourneyMap
    lanes: Sequence[LaneCells]
    paper: Paper
    measure: Measure
    most: int | None = None
    channels: bool = False

    def __post_init__(self) -> None:
        self.setter = Setter(self.paper.body, self.most, self.measure)
        self.small = max(self.paper.least, 0.86 * self.paper.body)
        self.names = self._names_width()
        self.title = 1.08 * self.paper.body
        grown = self.paper.body > PAPERS[self.paper.name].body
        self.curve = (CURVE_WITH_GROWTH if grown else CURVE_LEAST) * self.paper.body

    def _names_width(self) -> float:
        """As wide as their longest word, within limits."""
        words = [word for lane in self.lanes for word in lane_name(lane.term, self.picture).split()]
        longest = max((width(word, self.small, measure=self.measure) for word in words), default=0.0)
        least = NAMES.get(self.paper.name, 20.0) * POINTS_A_MILLIMETRE
        return min(max(longest, least), max(MOST_NAMES * self.paper.body, least)) + GAP * self.paper.body

    def bands(self) -> tuple[BandPart, ...]:
        """The bands in order, with all their lanes."""
        stages = [(title, len(stops)) for title, stops in self.picture.stages]
        room = (self.paper.room - self.names) / self.paper.body
        return tuple(self._band(spans, room) for spans in break_stages(stages, room))

    def _band(self, spans: Spans, room: float) -> BandPart:
        column = column_em(spans, room) * self.paper.body
        lefts = tuple(self._lefts(spans, column))
        head = self._head(spans, column)
        first, count = spans[0].first, sum(span.count for span in spans)
        rows = [self._row(lane, range(first, first + count), column) for lane in self.lanes]
        # A lane in which nothing is said on this band takes no room there.
        kept = tuple(row for row in rows if row.lane.term == CURVE or any(row.cells))
        return BandPart(spans, column, lefts, head, kept)

    def _lefts(self, spans: Spans, column: float) -> Iterator[float]:
        gap = GAP * self.paper.body
        x = self.paper.margin + self.names
        for span in spans:
            for _ in range(span.count):
                yield x
                x += column + gap
            x += gap

    def _head(self, spans: Spans, column: float) -> Head:
        gap, paper, setter = GAP * self.paper.body, self.paper, self.setter
        stages = []
        for span in spans:
            room = span.count * column + (span.count - 1) * gap
            lines = even(span.head, paper.heading, room, bold=True, measure=self.measure)
            stages.append(setter.heading(span.head, lines, HEADS, room, paper.heading))
        first, count = spans[0].first, sum(span.count for span in spans)
        stops = self.picture.stops[first : first + count]
        titles = []
        for stop in stops:
            lines = even(stop.title, self.title, column, bold=True, measure=self.measure)
            titles.append(setter.heading(stop.title, lines, TITLES, column, self.title))
        channels = [tuple(self._channels(at, column)) for at in range(first, first + count)]
        stage_height = 1.28 * paper.heading * max(map(len, stages)) + 0.5 * paper.heading
        height = stage_height + LEADING * self.title * max(map(len, titles)) + 0.5 * paper.body
        height += LEADING * self.small * max(map(len, channels))
        return Head(tuple(stages), tuple(titles), tuple(channels), stage_height, height)

    def _channels(self, at: int, column: float) -> list[str]:
        point, picture = self.picture.stops[at].touchpoint, self.picture
        if not self.channels or not point.channels:
            return []
        words = joined([picture.service.channel_title(name, picture.lang) for name in point.channels], picture.lang)
        return wrap(words, self.small, column, measure=self.measure)

    def _row(self, lane: LaneCells, stops: range, column: float) -> Row:
        room = self.names - GAP * self.paper.body
        name = tuple(wrap(lane_name(lane.term, self.picture), self.small, room, measure=self.measure))
        if lane.term == CURVE:
            return Row(lane, name, (), self.curve_height(self.curve))
        term = lane_name(lane.term, self.picture)
        cells = tuple(
            self.setter.cell(lane.cells[at], column, f"{self.picture.stops[at].title} · {term}") for at in stops
        )
        lines = max(map(len, cells), default=0)
        words = max(lines * LEADING * self.paper.body, len(name) * LEADING * self.small)
        return Row(lane, name, cells, self.edge(lane) + words + 0.7 * self.paper.body)

    @property
    def marks(self) -> tuple[str, ...]:
        """Which marks are drawn: the diamond beside every moment of truth, the others in their lanes."""
        terms = {lane.term for lane in self.lanes}
        drawn = [("fail", "map.fails"), ("wait", "map.waits")]
        return ("truth", *(mark for mark, term in drawn if term in terms))

    def draw_key(self, pen: Pen, y: float) -> float:
        """Draw what curve and marks mean below y; returns where it ends."""
        paper = self.paper
        base = y + 1.9 * paper.body
        end = draw_key(pen, self.picture, paper.margin, base, paper.room, marks=self.marks, size=paper.least)
        return end + 0.7 * paper.body

    @property
    def key_height(self) -> float:
        """How high the key is."""
        return self.draw_key(Pen(self.picture.lang, "light"), 0)

    def edge(self, lane: LaneCells) -> float:
        """How high the line above a lane is; a named one more."""
        return (2.1 if lane.line else 0.7) * self.paper.body

    def curve_height(self, high: float) -> float:
        """How high the row of a curve is that is itself so high."""
        em = ABOVE_CURVE + BELOW_CURVE
        em += FIGURES if self.picture.has_scores else 0
        em += STRIP if self.picture.planned_beside else 0
        return high + em * self.paper.body
