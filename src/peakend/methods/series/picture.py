"""The picture of an interrupted series: what was seen, the line fitted to it, and the line it would have kept to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from peakend.draw import SCHEMA, Axis, Chart


@dataclass(frozen=True, kw_only=True)
class Step:
    """One period: what was seen, the fitted line, and from the change on the line without it."""

    name: str
    seen: float | None
    fitted: float | None
    otherwise: float | None


def course(steps: Sequence[Step], *, axis: Axis, change: str, alt: str, otherwise: str) -> Chart:
    """Dots for what was seen, a line for what was fitted, a dashed one for the counterfactual; an upright line where
    the change came.

    `otherwise` is written at the end of the dashed line.
    """
    values = [value for step in steps for value in (step.seen, step.fitted, step.otherwise)]
    at = replace(axis, low=None, high=None).ends(values)
    rows = [
        {"key": s.name, "seen": s.seen, "fitted": s.fitted, "otherwise": s.otherwise, "after": s.otherwise is not None}
        for s in steps
    ]
    x = {
        "field": "key",
        "type": "ordinal",
        "sort": None,
        "scale": {"type": "point", "padding": 0.5, "domain": [s.name for s in steps]},
        "axis": {"title": None, "labelOverlap": "greedy", "labelSeparation": 12},
    }
    last = {"filter": f"datum.key == '{steps[-1].name}'"}
    layers: list[dict[str, Any]] = [
        {"transform": [{"filter": f"datum.key == '{change}'"}], "mark": {"type": "rule", "style": "reference"}},
        _line("otherwise", "reference", at, "datum.after"),
        _line("fitted", "line", at, "!datum.after"),
        _line("fitted", "line", at, "datum.after"),
        {"mark": {"type": "point", "style": "ring", "size": 36}, "encoding": {"y": at.encoding("seen")}},
        _end("otherwise", otherwise, at, last),
    ]
    spec = {
        "$schema": SCHEMA,
        "description": alt,
        "data": {"values": rows},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "encoding": {"x": x},
        "layer": layers,
        "height": 260,
    }
    return Chart(spec, alt)


def _line(field: str, style: str, at: Axis, where: str) -> dict[str, Any]:
    mark = {"type": "line", "style": style, "interpolate": "linear"}
    return {"transform": [{"filter": where}], "mark": mark, "encoding": {"y": at.encoding(field)}}


def _end(field: str, name: str, at: Axis, last: dict[str, Any]) -> dict[str, Any]:
    return {
        "transform": [last],
        "mark": {"type": "text", "style": "nameUpleft"},
        "encoding": {"y": at.encoding(field), "text": {"value": name}},
    }
