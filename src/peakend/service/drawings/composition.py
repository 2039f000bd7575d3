"""How the bands of a journey come on sheets: what stands on which, what room is left, and in which size of type all of
it takes the fewest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from typing import Final

from peakend.service.drawings.appendix import Appendix
from peakend.service.drawings.band_layout import BandLayout, BandPart, Row
from peakend.service.drawings.canvas import Canvas
from peakend.service.drawings.paper import Paper

BETWEEN: Final = 2.4
"""Between bands, in em."""
CUTS: Final = (None, 8, 5)
"""How many lines a cell may have: all, where that takes no further sheet; else as few as are still a thought."""
GROWTH: Final = 2.0
"""By how much type may grow where a sheet has room."""
STEP: Final = 0.5
TOO_MANY: Final = 10_000


@dataclass(frozen=True)
class Plan:
    """How a journey is printed: its size of type in points, how many lines a cell may have, and on how many sheets."""

    body: float
    most: int | None
    sheets: int


@dataclass(frozen=True)
class Geometry:
    """From where to where words stand on the first sheet and on the others."""

    first: float
    further: float
    bottom: float

    @classmethod
    def of(cls, canvas: Canvas) -> Geometry:
        """That of the sheets of a canvas."""
        trial = Canvas(canvas.paper, canvas.lang, canvas.theme, canvas.caption)
        return cls(trial.new_sheet().y, trial.new_sheet().y, trial.bottom)


@dataclass(frozen=True)
class Composition:
    """What stands on which sheet, and how much room each has left; where the appendix begins, None where nothing was
    cut.
    """

    sheets: tuple[tuple[BandPart, ...], ...]
    spare: tuple[float, ...]
    appendix: Appendix | None
    appended: int
    """How many sheets the appendix needs besides."""

    @property
    def count(self) -> int:
        """How many sheets there are; more than anybody prints where a lane is higher than a sheet."""
        return len(self.sheets) + self.appended if min(self.spare) >= 0 else TOO_MANY


def sized(paper: Paper, body: float) -> Paper:
    """A paper whose running words are of this size; headings grow with them, but less, and shrink with none."""
    growth = max(1.0, body / paper.body)
    return replace(
        paper,
        body=body,
        least=paper.least * growth**0.5,
        heading=paper.heading * growth**0.5,
        title=paper.title * growth**0.25,
    )


def compose(layout: BandLayout, geometry: Geometry) -> Composition:
    """The bands on as many sheets as they need, one after another; a band that no sheet holds is broken between two
    lanes.
    """
    body = layout.paper.body
    gap, key = BETWEEN * body, layout.key_height
    whole = geometry.bottom - geometry.further - key
    sheets: list[list[BandPart]] = [[]]
    left = geometry.bottom - geometry.first - key
    least = min(left, whole)
    spare: list[float] = []
    for part in chain.from_iterable(_broken(band, least) for band in layout.bands()):
        need = part.height + (gap if sheets[-1] else 0)
        if need > left and sheets[-1]:
            spare.append(left)
            sheets.append([])
            left, need = whole, part.height
        sheets[-1].append(part)
        left -= need
    appendix = Appendix.of(layout.setter, layout.paper, layout.picture.lang) if layout.setter.cut else None
    used = appendix.height_within(left) if appendix else 0.0
    appended = 0 if appendix is None or used is not None else appendix.sheets(geometry.bottom - geometry.further)
    spare.append(left - (used or 0.0))
    return Composition(tuple(map(tuple, sheets)), tuple(spare), appendix, appended)


def _broken(band: BandPart, whole: float) -> Iterator[BandPart]:
    """A band in parts that a sheet holds, each under the band's head."""
    if band.height <= whole:
        yield band
        return
    rows: list[Row] = []
    for row in band.rows:
        if rows and band.head.height + sum(each.height for each in (*rows, row)) > whole:
            yield replace(band, rows=tuple(rows))
            rows = []
        rows.append(row)
    yield replace(band, rows=tuple(rows))


def choose(lay_out: Callable[[float, int | None], Composition], paper: Paper, sheets: int | None = None) -> Plan:
    """As few sheets as the least size of type allows, or `sheets` of them; on these no words cut, as long as the type
    need not be much smaller for it than the paper's own; and then the largest type.
    """
    if paper.height is None:
        return Plan(paper.body, None, 1)
    count = cache(lambda body, most: lay_out(body, most).count)
    fewest = sheets or 1
    if count(paper.body, None) > fewest:
        fewest = max(fewest, min(count(paper.least, most) for most in (CUTS[0], CUTS[-1])))
    middle = STEP * round((paper.least + paper.body) / 2 / STEP)
    wanted = [(most, floor) for most in CUTS[:-1] for floor in (paper.body, middle)]
    for most, floor in (*wanted, (CUTS[-1], paper.body), (CUTS[-1], paper.least), (None, paper.least)):
        if count(floor, most) <= fewest:
            break
    sizes = _sizes(floor, GROWTH * paper.body if floor == paper.body else paper.body)
    body = _largest(sizes, lambda size: count(size, most) <= fewest)
    return Plan(body, most, count(body, most))


def _sizes(low: float, high: float) -> list[float]:
    return [low + STEP * at for at in range(int((high - low) / STEP) + 1)]


def _largest(sizes: Sequence[float], fits: Callable[[float], bool]) -> float:
    """The largest size that fits, the first of which does; larger ones than the first that does not are not tried."""
    low, high = 0, len(sizes)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(sizes[middle]) else (low, middle)
    return sizes[low]
