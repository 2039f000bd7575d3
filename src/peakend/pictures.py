"""Two pictures that are one method's each: a zone of tolerance with what was found in it, and the five gaps as one falling line."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peakend.draw import SCHEMA, SMALL, Axis, Chart

Spec = dict[str, Any]
SIDES: Final[Spec] = {
    "field": "side", "type": "nominal", "legend": None, "scale": {"domain": ["below", "level", "above"], "range": "sides"},
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Band:
    """A row of a picture of zones: a band from `low` to `high`, and a dot at `at` with its interval; `side` says where it surely lies."""

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
            "key": b.name, "left": b.low, "right": b.high, "value": b.at, "side": b.side if b.n >= SMALL else "level", "shown": b.shown,
            "count": f"n {b.n:,}", "note": b.note, **_clipped(b.ends, axis),
        }
        for b in bands
    ]  # fmt: skip
    at = axis.ends([value for row in rows for value in (row["left"], row["right"], row["value"])])
    tooltip = [{"field": name, "type": "nominal", "title": ""} for name in ("key", "shown", "count")]
    layers = [
        _mark("bar", "band", x=at.encoded("left"), x2={"field": "right"}, size=18),
        _mark("tick", "whisker", x=at.encoded("left"), size=18),
        _mark("tick", "whisker", x=at.encoded("right"), size=18),
        _mark("rule", "interval", x=at.encoded("low"), x2={"field": "high_end"}, where="isValid(datum.low)"),
        _mark("point", "dot", x=at.encoded("value"), color=SIDES, tooltip=tooltip),
        _mark("text", "value", x={"value": "width"}, text={"field": "shown"}),
        _mark("text", "count", x={"value": "width"}, text={"field": "count"}),
        _mark("text", "refused", x={"value": 0}, text={"field": "note"}, where="datum.note != ''"),
    ]
    y = {"field": "key", "type": "nominal", "sort": None, "axis": {"title": None, **_above_on_phone()}}
    return _chart(rows, layers, alt, y=y)


def _above_on_phone() -> Spec:
    return {"labelOffset": {"expr": "narrow ? -19 : 0"}}


def _clipped(ends: tuple[float, float] | None, axis: Axis) -> dict[str, float | None]:
    if ends is None:
        return {"low": None, "high_end": None}
    low = ends[0] if axis.low is None else max(axis.low, ends[0])
    return {"low": low, "high_end": ends[1] if axis.high is None else min(axis.high, ends[1])}


def _mark(kind: str, style: str, *, where: str = "", size: int = 0, **encoding: Any) -> Spec:
    thick = {"bar": {"height": size}, "tick": {"size": size}}.get(kind, {}) if size else {}
    layer: Spec = {"mark": {"type": kind, "style": style, **thick}, "encoding": encoding}
    return {"transform": [{"filter": where}], **layer} if where else layer


def _chart(rows: Sequence[Mapping[str, Any]], layers: list[Spec], alt: str, *, height: object = None, **encoding: Any) -> Chart:
    spec: Spec = {
        "$schema": SCHEMA, "description": alt, "data": {"values": list(rows)}, "autosize": {"type": "fit-x", "contains": "padding"},
        "encoding": encoding, "layer": layers,
    }  # fmt: skip
    return Chart(spec if height is None else {**spec, "height": height}, alt)


# --- the five gaps ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Fall:
    """One gap of one thing: how far it falls short, as a share of the scale (positive falls short), with its interval."""

    row: str
    column: str
    value: float | None
    ends: tuple[float, float] | None
    n: int


TALL: Final = 132
"""Height of one row of the picture of falls, in pixels."""
_REACH: Final = 0.52
"""How much of a row's height the deepest fall takes."""


def falls(found: Sequence[Fall], *, columns: Sequence[str], alt: str, level: str, last: str) -> Chart:
    """Each thing a line over the columns in their order, falling where it falls short: joined up to the last but one, the `last` beside.

    A hairline marks `level`, where nothing is wanting. Amber is surely short, blue surely more than enough; where nothing is known the
    line has a gap.
    """
    names = list(dict.fromkeys(fall.row for fall in found))
    rows = [_fallen(fall, names, list(columns), _unit(found)) for fall in found]
    heads = [{"key": name, "top": -at + 0.40, "zero": -float(at)} for at, name in enumerate(names)]
    across = {"domain": [0.55, len(columns) + 0.45], "nice": False, "zero": False}
    x = {"field": "x", "type": "quantitative", "scale": across, "axis": _heads(columns)}
    y = {"type": "quantitative", "scale": {"domain": [0.62 - len(names), 0.52], "nice": False, "zero": False}, "axis": None}
    place: Spec = {"x": x, "y": {**y, "field": "y"}}
    tooltip = [{"field": name, "type": "nominal", "title": ""} for name in ("key", "column", "shown", "range", "count")]
    row_heads = {"data": {"values": heads}}
    layers = [
        {**row_heads, **_mark("rule", "reference", x={"value": 0}, x2={"value": "width"}, y={**y, "field": "zero"})},
        {**row_heads, **_mark("text", "cornerTopLeft", x={"value": -6}, y={**y, "field": "top"}, text={"field": "key"}, color={"value": None})},
        _mark("line", "line", **place, detail={"field": "key"}, where=f"isValid(datum.value) && datum.column != {json.dumps(last)}"),
        _mark("rule", "interval", x=x, y={**y, "field": "y_low"}, y2={"field": "y_high"}, where="isValid(datum.y_low)"),
        _mark("point", "dot", **place, color=SIDES, tooltip=tooltip, where="isValid(datum.value)"),
        _mark("text", "nameRight", **place, text={"field": "shown"}, color=SIDES, where="isValid(datum.value)"),
        _mark("text", "refused", x=x, y={**y, "field": "zero"}, text={"field": "note"}, where="!isValid(datum.value)"),
    ]
    del layers[1]["encoding"]["color"]
    layers[0]["encoding"]["tooltip"] = {"value": level}
    return _chart(rows, layers, alt, height=TALL * max(1, len(names)) + 8)


def _unit(found: Sequence[Fall]) -> float:
    """How much height a whole scale has: the deepest fall (or rise) fills its part of the row, at least a tenth of the scale."""
    known = [abs(v) for fall in found for v in (fall.value, *(fall.ends or ())) if v is not None]
    return float(_REACH / max([0.1, *known]))


def _fallen(fall: Fall, names: Sequence[str], columns: Sequence[str], unit: float) -> dict[str, Any]:
    zero, ends = -float(names.index(fall.row)), fall.ends
    sure = ends is not None and not ends[0] <= 0 <= ends[1]
    side = "level" if not sure or fall.value is None else "below" if fall.value > 0 else "above"
    low, high = ends or (None, None)
    return {
        "key": fall.row, "column": fall.column, "x": columns.index(fall.column) + 1, "zero": zero, "side": side,
        "value": fall.value, "y": None if fall.value is None else zero - unit * fall.value,
        "y_low": None if low is None else zero - unit * low, "y_high": None if high is None else zero - unit * high,
        "shown": _percent(fall.value), "range": "" if low is None or high is None else f"{_percent(low)} … {_percent(high)}",
        "count": f"n {fall.n:,}", "note": "–" if fall.value is None else "",
    }  # fmt: skip


def _percent(value: float | None) -> str:
    """A fall as a reader sees it: below the line is minus."""
    return "" if value is None else f"{-100 * value:+.0f} %".replace("-", "−").replace("+0 %", "0 %").replace("−0 %", "0 %")


def _heads(columns: Sequence[str]) -> Spec:
    lines = {str(at): _split(name) for at, name in enumerate(columns, 1)}
    return {
        "title": None, "orient": "top", "values": list(range(1, len(columns) + 1)), "grid": False, "labelAngle": 0, "labelPadding": 4,
        "labelExpr": f"({json.dumps(lines, ensure_ascii=False)})[datum.label]", "labelLimit": 130,
    }  # fmt: skip


def _split(name: str) -> list[str]:
    """The head of a column on two lines: its number, and its name."""
    number, _, words = name.partition("\n")
    return [number, words] if words else [number]
