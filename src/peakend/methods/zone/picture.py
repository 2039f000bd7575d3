"""The picture of the method `zone`: a band of tolerance for each thing, with the place where the service is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from peakend.draw import Axis, Chart
from peakend.draw.charts import chart
from peakend.draw.layers import SIDES
from peakend.thresholds import LOW_BASE

Spec = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Band:
    """A row of a picture of zones: a band from `low` to `high`, and a dot at `at` with its interval; `side` says where
    it surely lies.
    """

    name: str
    low: float | None
    high: float | None
    at: float | None
    ends: tuple[float, float] | None
    side: str
    shown: str
    n: int
    note: str = ""


def zones(bands: Sequence[Band], *, axis: Axis, alt: str) -> Chart:
    """Each thing a pale band between what is adequate and what is desired, and a dot where the service is found."""
    rows: list[dict[str, Any]] = [
        {
            "key": b.name, "left": b.low, "right": b.high, "value": b.at,
            "side": b.side if b.n >= LOW_BASE else "level", "shown": b.shown,
            "count": f"n {b.n:,}", "note": b.note, **_clipped_ends(b.ends, axis),
        }
        for b in bands
    ]  # fmt: skip
    at = axis.ends([value for row in rows for value in (row["left"], row["right"], row["value"])])
    tooltip = [{"field": name, "type": "nominal", "title": ""} for name in ("key", "shown", "count")]
    layers = [
        _mark("bar", "band", x=at.encoding("left"), x2={"field": "right"}, size=18),
        _mark("tick", "whisker", x=at.encoding("left"), size=18),
        _mark("tick", "whisker", x=at.encoding("right"), size=18),
        _mark("rule", "interval", x=at.encoding("low"), x2={"field": "high_end"}, where="isValid(datum.low)"),
        _mark("point", "dot", x=at.encoding("value"), **SIDES, tooltip=tooltip),
        _mark("text", "value", x={"value": "width"}, text={"field": "shown"}),
        _mark("text", "count", x={"value": "width"}, text={"field": "count"}),
        _mark("text", "refused", x={"value": 0}, text={"field": "note"}, where="datum.note != ''"),
    ]
    y = {"field": "key", "type": "nominal", "sort": None, "axis": {"title": None, **_above_on_phone()}}
    return chart(rows, layers, alt, y=y)


def _above_on_phone() -> Spec:
    return {"labelOffset": {"expr": "narrow ? -19 : 0"}}


def _clipped_ends(ends: tuple[float, float] | None, axis: Axis) -> dict[str, float | None]:
    if ends is None:
        return {"low": None, "high_end": None}
    low = ends[0] if axis.low is None else max(axis.low, ends[0])
    return {"low": low, "high_end": ends[1] if axis.high is None else min(axis.high, ends[1])}


def _mark(kind: str, style: str, *, where: str = "", size: int = 0, **encoding: Any) -> Spec:
    thick = {"bar": {"height": size}, "tick": {"size": size}}.get(kind, {}) if size else {}
    layer: Spec = {"mark": {"type": kind, "style": style, **thick}, "encoding": encoding}
    return {"transform": [{"filter": where}], **layer} if where else layer
