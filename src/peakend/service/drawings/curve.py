"""The line: an experience as a curve through touchpoints that falls, rises, peaks, and ends somewhere.

Scores of different scales share one picture as fractions of their scales. The curve is a monotone cubic (Fritsch and
Carlson 1980): it passes through every point and has no peak or trough that the data do not have.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from peakend.errors import PeakendError

Position = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Score:
    """A live score of a touchpoint, with its interval, its n and its scale. `refused` says why there is no value."""

    value: float | None
    low: float | None = None
    high: float | None = None
    n: int = 0
    scale_low: float = 1
    scale_high: float = 5
    conf: float = 0.95
    sd: float | None = None
    refused: PeakendError | str | None = None

    @classmethod
    def of(cls, given: object) -> Score:
        """A score from a score, a mapping, or anything with these attributes."""
        if isinstance(given, Score):
            return given
        names = cls.__dataclass_fields__
        read: Mapping[str, Any] = (
            given
            if isinstance(given, Mapping)
            else {name: getattr(given, name) for name in names if hasattr(given, name)}
        )
        return cls(**{name: read[name] for name in names if name in read})

    def share(self, value: float) -> float:
        """Where a value stands on the scale, from 0 to 1."""
        return (value - self.scale_low) / (self.scale_high - self.scale_low)

    @property
    def has_value(self) -> bool:
        """Whether there is a value to draw."""
        return self.value is not None and self.refused is None

    @property
    def at(self) -> float:
        """Where the score stands on its scale, from 0 to 1."""
        return self.share(self.value or 0)


def scores_of(given: Mapping[str, object] | None) -> dict[str, Score]:
    """Scores by touchpoint, from whatever has their fields."""
    return {name: Score.of(each) for name, each in (given or {}).items()}


@dataclass(frozen=True)
class Axis:
    """The part of the scale that is drawn, as fractions of it, and the ticks with their labels."""

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]

    def along(self, share: float) -> float:
        """From 0 at the low end of the axis to 1 at its high end."""
        return (share - self.low) / (self.high - self.low)


def axis_of(scores: Iterable[Score]) -> Axis:
    """An axis that holds all values and their intervals, at least a quarter of the scale long; labelled in the units of
    the scale where it is one, in percent of the scale where there are several.
    """
    drawn = [score for score in scores if score.has_value]
    shares = [score.share(edge) for score in drawn for edge in (score.value, score.low, score.high) if edge is not None]
    low, high = (min(shares), max(shares)) if shares else (0.0, 1.0)
    air = max((high - low) * 0.1, (0.25 - (high - low)) / 2)
    low, high = max(0.0, low - air), min(1.0, high + air)
    ends = {(score.scale_low, score.scale_high) for score in drawn}
    start, end = ends.pop() if len(ends) == 1 else (0.0, 100.0)
    return Axis(low, high, tuple(_ticks(low, high, start, end, percent=bool(ends))))


def _ticks(low: float, high: float, start: float, end: float, *, percent: bool) -> list[tuple[float, str]]:
    span = end - start
    step = _step((high - low) * span / 5)
    first = -(-(start + low * span) // step)
    values = [step * (first + at) for at in range(7)]
    return [
        ((value - start) / span, f"{value:,.10g}{'%' if percent else ''}")
        for value in values
        if value <= start + high * span + 1e-9
    ]


def _step(least: float) -> float:
    """The smallest round step (1, 2, 2.5 or 5 times a power of ten) that is not below this, a tenth at least."""
    power = 10.0 ** math.floor(math.log10(max(least, 0.1)))
    return next(step for step in (power, 2 * power, 2.5 * power, 5 * power, 10 * power) if step >= least - 1e-9 * power)


def path(places: Sequence[Position], *, down: bool = False, start: float = -math.inf, end: float = math.inf) -> str:
    """The curve through places that go rightwards, or, with `down`, downwards; as the data of an SVG path. Only what
    lies between `start` and `end` along it, in the shape that the whole has.
    """
    points = [(y, x) for x, y in places] if down else list(places)
    parts = [part for piece in _pieces(points) if (part := _between(piece, start, end))]
    if not parts:
        return ""
    written = (" ".join(_at(point, down=down) for point in part[1:]) for part in parts)
    return f"M{_at(parts[0][0], down=down)}" + "".join(f"C{each}" for each in written)


def samples(places: Sequence[Position], start: float, end: float, each: int = 12) -> list[Position]:
    """Points of the curve between two places along it, `each` a piece."""
    parts = [part for piece in _pieces(list(places)) if (part := _between(piece, start, end))]
    return [_before(part, at / each)[3] for part in parts for at in range(each + 1)]


Cubic = tuple[Position, Position, Position, Position]
"""A piece of the curve by its four control points; along the journey it runs evenly."""


def _pieces(points: Sequence[Position]) -> list[Cubic]:
    if len(points) < 2:
        return []
    slopes, pieces = _slopes(points), []
    for (x0, y0), (x1, y1), m0, m1 in zip(points, points[1:], slopes, slopes[1:], strict=False):
        third = (x1 - x0) / 3
        pieces.append(((x0, y0), (x0 + third, y0 + m0 * third), (x1 - third, y1 - m1 * third), (x1, y1)))
    return pieces


def _between(piece: Cubic, start: float, end: float) -> Cubic | None:
    """The part of a piece between two places along the journey; None where they do not meet."""
    low, high = piece[0][0], piece[3][0]
    if high <= start or low >= end:
        return None
    if low >= start and high <= end:
        return piece
    first, last = (max(start, low) - low) / (high - low), (min(end, high) - low) / (high - low)
    return _before(_after(piece, first), (last - first) / (1 - first))


def _before(piece: Cubic, share: float) -> Cubic:
    """The first part of a piece (de Casteljau)."""
    one = [_mix(a, b, share) for a, b in pairwise(piece)]
    two = [_mix(a, b, share) for a, b in pairwise(one)]
    return (piece[0], one[0], two[0], _mix(two[0], two[1], share))


def _after(piece: Cubic, share: float) -> Cubic:
    """The rest of a piece."""
    a, b, c, d = _before((piece[3], piece[2], piece[1], piece[0]), 1 - share)
    return (d, c, b, a)


def _mix(a: Position, b: Position, share: float) -> Position:
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def _at(point: Position, *, down: bool) -> str:
    x, y = (point[1], point[0]) if down else point
    return f"{x:.1f},{y:.1f}"


def _slopes(points: Sequence[Position]) -> list[float]:
    """Slopes at the points: the harmonic mean of the slopes beside each, none where the curve turns."""
    between = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in pairwise(points)]
    inner = [2 * a * b / (a + b) if a * b > 0 else 0.0 for a, b in pairwise(between)]
    return [between[0], *inner, between[-1]]
