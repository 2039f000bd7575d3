"""The head of every map: what it is called, and the sentence that says what is true. Layouts differ in the room and the
sizes alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from peakend.service.drawings.map_content import JourneyMap
from peakend.service.drawings.pen import Pen
from peakend.service.drawings.typeset import even


@dataclass(frozen=True)
class Head:
    """Where the head begins, how wide its lines may be, and the sizes of its two kinds of words."""

    x: float
    y: float
    room: float
    title: float
    headline: float


def draw_head(pen: Pen, picture: JourneyMap, head: Head) -> float:
    """Draw the title and the headline; returns where they end."""
    y = head.y
    for line in even(picture.title, head.title, head.room, bold=True):
        pen.text(head.x, y + 0.82 * head.title, line, head.title, bold=True)
        y += 1.28 * head.title
    for line in even(picture.headline, head.headline, head.room) if picture.headline else []:
        pen.text(head.x, y + 1.15 * head.headline, line, head.headline)
        y += 1.5 * head.headline
    return y
