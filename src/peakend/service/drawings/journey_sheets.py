"""The map and the blueprint as views on sheets, and what fits on which paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from peakend.service.drawings.band_layout import BandLayout
from peakend.service.drawings.band_sheets import BandPainter, Slack
from peakend.service.drawings.canvas import Canvas, Caption
from peakend.service.drawings.composition import Composition, Geometry, Plan, choose, compose, sized
from peakend.service.drawings.lanes import LANE_SETS, LaneCells, LaneSet, lanes_of
from peakend.service.drawings.map_content import JourneyMap
from peakend.service.drawings.paper import PAPERS, Paper, PaperName
from peakend.service.drawings.subject import Subject, ViewDrawing
from peakend.terms import label

WITH_CHANNELS: Final[frozenset[LaneSet]] = frozenset({"blueprint", "all"})
"""The sets of lanes in which the channels stand under each touchpoint's name."""


def picture_of(subject: Subject) -> JourneyMap:
    """What the map of a subject says."""
    return JourneyMap(subject.service, subject.journey, subject.lang, subject.scores, subject.dated)


def caption_of(subject: Subject) -> Caption:
    """What stands on every sheet of a map or blueprint; of a journey without touchpoints, how to begin."""
    picture = picture_of(subject)
    if not picture.stops:
        sentence = label("map.empty", subject.lang)
        return Caption(picture.title, sentence, subject.corner, sentence)
    counts = [words for words in picture.corner if words not in subject.corner]
    return Caption(picture.title, picture.headline, (*subject.corner, *counts), picture.description)


@dataclass
class JourneySheets:
    """A journey in a set of lanes, laid out on the sheets of a canvas."""

    picture: JourneyMap
    canvas: Canvas
    lanes: LaneSet

    def __post_init__(self) -> None:
        self.cells: tuple[LaneCells, ...] = lanes_of(self.picture, self.lanes)
        self.paper: Paper = self.canvas.paper

    def layout(self, body: float, most: int | None) -> tuple[BandLayout, Composition]:
        """The layout in a size of type, with at most so many lines a cell."""
        self.canvas.paper = sized(self.paper, body)
        channels = self.lanes in WITH_CHANNELS
        layout = BandLayout(self.picture, self.cells, self.canvas.paper, self.canvas.measure, most, channels)
        return layout, compose(layout, Geometry.of(self.canvas))

    def plan(self, sheets: int | None = None) -> Plan:
        """In which type it is printed, and on how many sheets."""
        plan = choose(lambda body, most: self.layout(body, most)[1], self.paper, sheets)
        self.canvas.paper = self.paper
        return plan

    def sheets_at(self, body: float) -> int:
        """On how many sheets it is printed in a size of type, no word cut."""
        count = self.layout(body, None)[1].count
        self.canvas.paper = self.paper
        return count

    def draw(self, sheets: int | None = None) -> None:
        """All its sheets."""
        plan = self.plan(sheets)
        layout, composition = self.layout(plan.body, plan.most)
        BandPainter(self.canvas, layout, composition, Slack.of(composition, layout)).draw()


def _drawn(otherwise: LaneSet) -> Callable[[Subject, Canvas], None]:
    def draw(subject: Subject, canvas: Canvas) -> None:
        picture = picture_of(subject)
        if picture.stops:
            JourneySheets(picture, canvas, subject.lanes or otherwise).draw(subject.sheets)

    return draw


MAP: Final = ViewDrawing(caption_of, _drawn("story"))
BLUEPRINT: Final = ViewDrawing(caption_of, _drawn("blueprint"))


@dataclass(frozen=True)
class Fit:
    """What a journey comes to on a paper: how many lanes, how many sheets, and in which size of type in points."""

    paper: PaperName
    lanes: LaneSet
    rows: int
    touchpoints: int
    sheets: int
    body: float
    cut: bool

    @property
    def words(self) -> str:
        """Sheets and size, as they are told: "1 × A1, 11 pt"."""
        return f"{self.sheets} × {self.paper}, {self.body:g} pt"


def fit(subject: Subject, lanes: LaneSet, paper: PaperName, sheets: int | None = None) -> Fit:
    """What a journey in a set of lanes comes to on a paper."""
    return _fit(_sheets(subject, lanes, paper), sheets)


def _sheets(subject: Subject, lanes: LaneSet, paper: PaperName) -> JourneySheets:
    canvas = Canvas(PAPERS[paper], subject.lang, "light", caption_of(subject))
    return JourneySheets(picture_of(subject), canvas, lanes)


def _fit(journey: JourneySheets, sheets: int | None = None) -> Fit:
    plan = journey.plan(sheets)
    rows, stops = len(journey.cells), len(journey.picture.stops)
    return Fit(journey.paper.name, journey.lanes, rows, stops, plan.sheets, plan.body, plan.most is not None)


def fits(subject: Subject, lanes: LaneSet, paper: PaperName) -> tuple[Fit, ...]:
    """What fits: as it was asked for; then the three ways out of small type and many sheets: more sheets, other papers,
    and fewer lanes.
    """
    journey = _sheets(subject, lanes, paper)
    asked = _fit(journey)
    more = _fit(journey, max(asked.sheets + 1, journey.sheets_at(max(journey.paper.body, asked.body + 1))))
    others = [fit(subject, lanes, other) for other in ("A1", "A3", "A4") if other != paper]
    fewer = [fit(subject, other, paper) for other in LANE_SETS if other != lanes]
    fewer = [other for other in fewer if other.rows < asked.rows]
    return (asked, *([more] if more.body > asked.body else []), *others, *fewer)
