"""Every view at its limits: no words over others, none beyond the sheet, none too small to read."""

from __future__ import annotations

import pytest

from peakend.service.drawings.canvas import Canvas
from peakend.service.drawings.curve import Score
from peakend.service.drawings.paper import PAPERS, PaperName
from peakend.service.drawings.pen import Box
from peakend.service.drawings.subject import Kept, Subject
from peakend.service.drawings.views import VIEWS, View, sheets_of
from peakend.service.journeys import Journey
from peakend.terms import LANGUAGES, Lang
from tests.service.limits import service_at_limits

TOUCHPOINTS = (0, 1, 12, 25, 60)
CHARACTERS = (0, 20, 60, 200)
CASES = [
    (touchpoints, characters, LANGUAGES[(at + by) % 3])
    for at, touchpoints in enumerate(TOUCHPOINTS)
    for by, characters in enumerate(CHARACTERS)
]
"""Every size, each in one of the languages."""
ALL_SIZES = {"page", "A4"}
"""The papers on which every size is looked at: a screen, and the one with the least room."""
EXTREMES = [case for case in CASES if case[:2] in {(0, 20), (1, 200), (12, 20), (25, 60), (60, 0), (60, 200)}]
"""The sizes that are looked at on the others."""
NOT_FIRST = frozenset("，。、；：！？）」』】》〉,.;:!?)]}")
NOT_LAST = frozenset("（「『【《〈“‘([{")


def canvas_of(view: View, paper: PaperName, touchpoints: int, characters: int, lang: Lang) -> Canvas:
    service = service_at_limits(touchpoints, characters, lang)
    journey = service.journey() or Journey(id="none", title=service.title)
    points = journey.touchpoints if touchpoints % 2 else ()
    scores = {
        point.id: Score(value=3.21, low=2.91, high=3.51, n=1_204 if at % 2 else 12) for at, point in enumerate(points)
    }
    kept = {f"{point.id}-set": Kept(0.71, 0.68, 0.74, 1_204 if at % 2 else 12) for at, point in enumerate(points)}
    subject = Subject(service, journey, lang, scores, "2026-11-30", kept)
    canvas = sheets_of(view, subject, paper=paper)
    canvas.finish("limits", style=False)
    return canvas


def faults(canvas: Canvas) -> list[str]:
    """What is wrong with the words of a view."""
    return [fault for at, sheet in enumerate(canvas.sheets, 1) for fault in _faults(canvas, at, sheet.pen.boxes)]


def _faults(canvas: Canvas, at: int, boxes: list[Box]) -> list[str]:
    paper = PAPERS[canvas.paper.name]
    small = [box for box in boxes if box.size < paper.least - 0.01]
    beyond = [box for box in boxes if box.x < -0.5 or box.x + box.w > paper.width + 0.5 or box.y < 0]
    if paper.height:
        beyond += [box for box in boxes if box.y + box.h > paper.height]
    ordered = sorted(boxes, key=lambda box: box.y)
    over = [
        f"sheet {at}: {box.words!r} over {other.words!r}"
        for place, box in enumerate(ordered)
        for other in _near(ordered, place)
        if box.meets(other)
    ]
    torn = [box for box in boxes if box.words[0] in NOT_FIRST or box.words[-1] in NOT_LAST]
    return [
        *(f"sheet {at}: {box.words!r} begins or ends as no line may" for box in torn),
        *(f"sheet {at}: {box.words!r} is too small" for box in small),
        *(f"sheet {at}: {box.words!r} leaves the sheet" for box in beyond),
        *over,
    ]


def _near(ordered: list[Box], place: int) -> list[Box]:
    """The boxes that begin before one ends."""
    box, near = ordered[place], []
    for other in ordered[place + 1 :]:
        if other.y >= box.y + box.h:
            break
        near.append(other)
    return near


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("view", VIEWS)
def test_no_words_meet_leave_the_sheet_or_become_too_small(view: View, paper: PaperName) -> None:
    cases = CASES if paper in ALL_SIZES else EXTREMES
    found = {case: faults(canvas_of(view, paper, *case))[:3] for case in cases}
    assert {case: wrong for case, wrong in found.items() if wrong} == {}
