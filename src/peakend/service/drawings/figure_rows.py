"""Rows of figures under the map of a page: what happened at each touchpoint, beside how it was judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from peakend.service.drawings.pen import Pen, Tone


@dataclass(frozen=True)
class Figure:
    """A figure of one touchpoint as it is written, and below it how many stand behind it; `pale` where these are too
    few to be firm.
    """

    value: str
    below: str = ""
    pale: bool = False


@dataclass(frozen=True)
class FigureRow:
    """Figures of the same kind: what they are, and those of the touchpoints that have one, by id."""

    name: str
    figures: Mapping[str, Figure]


HEAD: Final = 24
LINE: Final = 16


def draw_figure_rows(
    pen: Pen, rows: Sequence[FigureRow], stations: Mapping[str, float], left: float, y: float
) -> float:
    """Draw the rows that have a figure at any of these touchpoints from `y` downwards; returns where they end."""
    for row in rows:
        told = {place: row.figures[place] for place in stations if place in row.figures}
        if not told:
            continue
        pen.begin("figures")
        pen.text(left, y + HEAD - 8, row.name, 11.5, tone="quiet")
        for place, figure in told.items():
            tone: Tone = "quiet" if figure.pale else "ink"
            pen.text(stations[place], y + HEAD + 12, figure.value, 13, tone=tone, bold=not figure.pale, anchor="middle")
            if figure.below:
                pen.text(stations[place], y + HEAD + 12 + LINE, figure.below, 11, tone="quiet", anchor="middle")
        pen.end()
        y += HEAD + LINE * (2 if any(figure.below for figure in told.values()) else 1)
    return y
