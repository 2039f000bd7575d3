"""Words beside a round picture: in a column at each side, every label as near its place as the others leave room, with
a leader from the one to the other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import cos, sin, sqrt
from typing import Final, Literal

from peakend.service.drawings.pen import Anchor, Pen, Tone

LEADING: Final = 1.3
"""From one line of a label to the next, in sizes of type."""
APART: Final = 0.45
"""Between two labels."""
Side = Literal["left", "right"]


@dataclass(frozen=True)
class Written:
    """One line of a label; the first `lead` characters are quieter."""

    words: str
    size: float
    tone: Tone = "ink"
    bold: bool = False
    lead: int = 0


@dataclass(frozen=True)
class Label:
    """What stands beside a place on the ring, which is given by its angle. `above`: how many of its lines stand above
    the one that its leader points at. `is_cut`: whether it is not all that there is to say.
    """

    angle: float
    rows: Sequence[Written]
    above: int = 0
    is_cut: bool = False

    @property
    def height(self) -> float:
        """How high it is, with the air below it."""
        return sum(LEADING * row.size for row in self.rows) + APART * self.rows[-1].size

    @property
    def pointed(self) -> float:
        """How far below its upper edge the leader ends."""
        return LEADING * (sum(row.size for row in self.rows[: self.above]) + 0.5 * self.rows[self.above].size)

    @property
    def side(self) -> Side:
        """On which side of the ring it stands."""
        return "right" if cos(self.angle) > -1e-9 else "left"


@dataclass(frozen=True)
class Round:
    """A ring between two columns: its centre and radius, and between which heights words may stand. `hugging`: words
    follow the ring instead of standing in line.
    """

    x: float
    y: float
    radius: float
    top: float
    bottom: float
    hugging: bool = False

    def place(self, angle: float, radius: float) -> tuple[float, float]:
        """A place at an angle, clockwise from the right."""
        return self.x + radius * cos(angle), self.y + radius * sin(angle)


def spread(wanted: Sequence[float], heights: Sequence[float], top: float, bottom: float) -> list[float]:
    """The upper edges of blocks that stand in their order, none over another, between two heights, each as near to the
    one it wants as the others leave room (least squares; pool adjacent violators).
    """
    offsets = [0.0, *accumulate(heights)]
    pools: list[tuple[float, int]] = []
    for edge, offset in zip(wanted, offsets, strict=False):
        pools.append((edge - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, several), (other, more) = pools[-2:]
            pools[-2:] = [((one * several + other * more) / (several + more), several + more)]
    free = max(top, bottom - offsets[-1])
    starts = [min(max(mean, top), free) for mean, count in pools for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=False)]


def depth(labels: Sequence[Label]) -> float:
    """How high the taller of the two columns is."""
    return max(sum(label.height for label in labels if label.side == side) for side in ("left", "right"))


def draw_beside(
    pen: Pen, around: Round, labels: Sequence[Label], start: Callable[[Label], tuple[float, float]]
) -> None:
    """Draw labels at both sides with their leaders; `start` says where a leader begins."""
    for side in ("right", "left"):
        held = [label for label in labels if label.side == side]
        held = held if side == "right" else held[::-1]
        wanted = [start(label)[1] - label.pointed for label in held]
        tops = spread(wanted, [label.height for label in held], around.top, around.bottom)
        for label, top in zip(held, tops, strict=True):
            _draw(pen, around, label, top, start(label))


def _draw(pen: Pen, around: Round, label: Label, top: float, start: tuple[float, float]) -> None:
    outward = 1 if label.side == "right" else -1
    size = label.rows[label.above].size
    x, y = _edge(around, label, top, size), top + label.pointed
    elbow = x - outward * (1.0 if around.hugging else 1.6) * size
    points = [start, (elbow, y), (x - outward * 0.35 * size, y)]
    for (x0, y0), (x1, y1) in pairwise(points):
        pen.line(x0, y0, x1, y1, tone="faint", thick=max(0.5, 0.05 * size))
    anchor: Anchor = "start" if outward > 0 else "end"
    for row in label.rows:
        pen.text(
            x, top + 0.98 * row.size, row.words, row.size, tone=row.tone, bold=row.bold, anchor=anchor, lead=row.lead
        )
        top += LEADING * row.size


def _edge(around: Round, label: Label, top: float, size: float) -> float:
    """Where the words of a label begin."""
    reach = around.radius + 2.4 * size
    outward = 1 if label.side == "right" else -1
    if not around.hugging:
        return around.x + outward * (reach + 1.2 * size)
    nearest = max(top - around.y, around.y - top - label.height, 0.0)
    along = sqrt(max(0.0, reach**2 - nearest**2))
    return around.x + outward * max(along, 1.5 * size)
