"""What a picture is made of: figures with their intervals and n, and the axes they stand on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from peakend.thresholds import Side


@dataclass(frozen=True, kw_only=True)
class Point:
    """A named figure with its interval and n. `value` None leaves an empty place that shows `note`: why there is no
    figure.

    `name` is in the reader's language already; `term` is the id of a term with a fixed colour and mark, if it has one.
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    n: int
    term: str | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class PlanePoint:
    """A named place on a plane, with its interval in both directions where there is one, and n."""

    name: str
    x: float | None
    y: float | None
    x_low: float | None = None
    x_high: float | None = None
    y_low: float | None = None
    y_high: float | None = None
    n: int
    term: str | None = None


@dataclass(frozen=True, kw_only=True)
class Span:
    """Two figures of one thing, such as expectation and perception; `low` and `high` bound the difference right
    − left.
    """

    name: str
    left: float | None
    right: float | None
    low: float | None = None
    high: float | None = None
    n: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A cell of a table, coloured by its value, or by the fixed colour of a `term`; `text` is written in it."""

    row: str
    column: str
    value: float | None = None
    text: str = ""
    term: str | None = None


@dataclass(frozen=True, kw_only=True)
class Share:
    """A part of a whole, `share` from 0 to 1, `n` answers in it, and the side it stands on: detractors, passives,
    promoters.
    """

    name: str
    share: float
    n: int
    side: Side = "level"


@dataclass(frozen=True, kw_only=True)
class Axis:
    """What an axis measures, in the reader's language with its unit; its fixed ends, if it has them; how numbers are
    written.

    `format` is one of Python's that d3 reads alike: `.1f`, `.2f`, `.0%`, `+.2f`.
    """

    title: str
    low: float | None = None
    high: float | None = None
    format: str = ".2f"

    def ends(self, values: Iterable[float | None]) -> Axis:
        """The same axis with ends: its own where they are fixed, else those of the values with a little air."""
        known = [value for value in values if value is not None] or [0.0, 1.0]
        air = (max(known) - min(known)) * 0.06 or 0.5
        low = min(known) - air if self.low is None else self.low
        return replace(self, low=low, high=max(known) + air if self.high is None else self.high)

    def encoding(self, field: str, *, title: str | None = None) -> dict[str, Any]:
        """The encoding of a field on this axis."""
        axis = {"title": self.title if title is None else title, "format": f"{self.format[:-1]}~{self.format[-1]}"}
        return {
            "field": field,
            "type": "quantitative",
            "scale": {"domain": [self.low, self.high], "nice": False, "zero": False},
            "axis": axis,
        }
