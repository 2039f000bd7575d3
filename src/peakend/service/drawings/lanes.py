"""Which lanes stand on paper, and what each says at a touchpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from peakend.service.drawings.map_content import ABOVE, JourneyMap, Note
from peakend.service.drawings.phrases import about, plain_time
from peakend.service.journeys import LANES, Lane, Touchpoint
from peakend.terms import label

LaneSet = Literal["story", "blueprint", "moments", "all"]
CURVE: Final = "curve"
"""The lane in which the curve is drawn."""
MOMENT: Final = "map.moment"
"""What sets off a moment of truth, and the words for it: the moment in brief."""
_LINES: Final = ("lane.evidence", "lane.customer", "lane.frontstage", "lane.backstage", "lane.support")
LANE_SETS: Final[Mapping[LaneSet, tuple[str, ...]]] = MappingProxyType(
    {
        "story": ("lane.customer", "map.thinks", "map.expects", "map.fears", CURVE, MOMENT),
        "blueprint": (*_LINES, "map.waits", "map.fails", "map.owner"),
        "moments": (CURVE, "map.fears", "map.truth", "map.standard", "map.owner"),
        "all": (
            CURVE, "map.thinks", "map.expects", "map.fears", *_LINES, "map.truth", "map.standard", "map.promise",
            "map.waits", "map.fails", "map.owner",
        ),
    }
)  # fmt: skip
"""The lanes of a sheet from top to bottom."""

_STEPS: Final[Mapping[str, Lane]] = MappingProxyType({f"lane.{lane}": lane for lane in LANES})


@dataclass(frozen=True)
class LaneCells:
    """A lane: its term, what it says at each touchpoint, and the named line that lies above it."""

    term: str
    cells: tuple[tuple[Note, ...], ...]
    line: str = ""


def lanes_of(picture: JourneyMap, lanes: LaneSet) -> tuple[LaneCells, ...]:
    """The lanes of a set, those left out in which nothing is said; the curve, whose cells are empty, is drawn where
    there is anything to draw.
    """
    return tuple(_lanes(picture, LANE_SETS[lanes]))


def _lanes(picture: JourneyMap, terms: tuple[str, ...]) -> Iterator[LaneCells]:
    empty: tuple[tuple[Note, ...], ...] = ((),) * len(picture.stops)
    for term in terms:
        if term == CURVE:
            if any(height is not None for height in picture.heights()):
                yield LaneCells(CURVE, empty)
            continue
        cells = tuple(tuple(_notes(picture, term, stop.touchpoint, terms)) for stop in picture.stops)
        if any(cells):
            yield LaneCells(term, cells, ABOVE.get(term, ""))


def _notes(picture: JourneyMap, term: str, point: Touchpoint, terms: tuple[str, ...]) -> Iterator[Note]:
    match term:
        case "map.thinks":
            yield from (Note(words[picture.lang]) for words in (point.mind,) if words)
        case "map.owner":
            yield from _owner(picture, point)
        case "map.moment":
            yield from _moment(picture, point)
        case "map.truth":
            yield from _truth(picture, point, terms)
        case _ if term in _STEPS:
            yield from _steps(picture, term, point)
        case _:
            yield from picture.notes(term, point)


def _owner(picture: JourneyMap, point: Touchpoint) -> Iterator[Note]:
    """Who answers for a touchpoint, and how long it takes."""
    if point.owner:
        yield Note(picture.service.title_of(point.owner, picture.lang))
    takes, lang = point.takes, picture.lang
    if takes and takes.minutes is not None:
        yield Note(about(takes.minutes, lang))
    if takes and takes.minutes_at_most is not None:
        yield Note(label("map.at_most", lang).format(time=plain_time(takes.minutes_at_most, lang)))


def _steps(picture: JourneyMap, term: str, point: Touchpoint) -> Iterator[Note]:
    """What is done in a lane, each step with who does it."""
    lane = _STEPS[term]
    steps = point.steps(lane)
    who = {at: picture.service.title_of(step.who, picture.lang) for at, step in enumerate(steps) if step.who}
    for at, words in enumerate(point.actions(lane)):
        yield Note(words[picture.lang], who.get(at, ""))


def _moment(picture: JourneyMap, point: Touchpoint) -> Iterator[Note]:
    truth, lang = point.moment_of_truth, picture.lang
    given = (("part.trigger", truth.trigger), ("map.words", truth.words)) if truth else ()
    yield from (Note(words[lang], label(term, lang)) for term, words in given if words)


def _truth(picture: JourneyMap, point: Touchpoint, terms: tuple[str, ...]) -> Iterator[Note]:
    """What decides here; the thought is left out where a lane of its own says it."""
    yield from _moment(picture, point)
    thinks = label("map.thinks", picture.lang)
    for note in picture.notes("map.truth", point):
        if note.lead != thinks or "map.thinks" not in terms:
            yield note


def lane_name(term: str, picture: JourneyMap) -> str:
    """What stands at the left of a lane."""
    if term == CURVE:
        return label("map.score" if picture.has_scores else "map.emotion", picture.lang)
    return label("map.truth" if term == MOMENT else term, picture.lang)
