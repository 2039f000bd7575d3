"""Two pictures that are one method's each: a zone of tolerance with what was found in it, and the five gaps as one
falling line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peakend.draw import LOW_BASE, SCHEMA, Axis, Chart

Spec = dict[str, Any]
SIDES: Final[Spec] = {
    "field": "side", "type": "nominal", "legend": None,
    "scale": {"domain": ["below", "level", "above"], "range": "sides"},
}  # fmt: skip


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


def _chart(
    rows: Sequence[Mapping[str, Any]], layers: list[Spec], alt: str, *, height: object = None, **encoding: Any
) -> Chart:
    spec: Spec = {
        "$schema": SCHEMA, "description": alt, "data": {"values": list(rows)},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "encoding": encoding, "layer": layers,
    }  # fmt: skip
    return Chart(spec if height is None else {**spec, "height": height}, alt)


# --- the five gaps ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Fall:
    """One gap of one thing: how far it falls short, as a share of the scale (positive falls short), with its interval;
    `shown` is written.
    """

    row: str
    column: str
    value: float | None
    ends: tuple[float, float] | None
    n: int
    shown: str = ""


DEEP: Final = 92
"""How many pixels the deepest fall takes."""
_NAME, _LABEL, _AIR = 30, 38, 14
"""Pixels for the name of a row above its line, for a figure and its n, and between rows."""


def falls(found: Sequence[Fall], *, columns: Sequence[str], alt: str, last: str, title: str) -> Chart:
    """Each thing a line over the columns in their order, falling where it falls short; the `last` column, what comes of
    it, stands apart.

    The hairline of a row is where nothing is wanting. Amber is surely short, blue surely more than enough, where enough
    people answered to say so; where nothing is known the line has a gap.
    """
    zeros, heads, height = _placed(found)
    unit = _unit(found)
    rows = [_fallen(fall, zeros[fall.row], columns.index(fall.column) + 1, unit) for fall in found]
    across = {"domain": [0.5, len(columns) + 0.5], "nice": False, "zero": False}
    x = {"field": "x", "type": "quantitative", "scale": across, "axis": {**_heads(columns), "title": title}}
    y = {"type": "quantitative", "scale": {"domain": [-height, 0], "nice": False, "zero": False}, "axis": None}
    place: Spec = {"x": x, "y": {**y, "field": "y"}}
    tooltip = [{"field": name, "type": "nominal", "title": ""} for name in ("key", "column", "shown", "range", "count")]
    row_heads = {"data": {"values": heads}}
    layers = [
        {
            **_mark("rect", "band", x={**x, "datum": len(columns) - 0.5}, x2={"datum": len(columns) + 0.5}),
            "data": {"values": [{}]},
        },
        {**row_heads, **_mark("rule", "reference", x={"value": 0}, x2={"value": "width"}, y={**y, "field": "zero"})},
        {**row_heads, **_mark("text", "nameRight", x={"value": -9}, y={**y, "field": "top"}, text={"field": "key"})},
        _mark("rule", "interval", x=x, y={**y, "field": "y_low"}, y2={"field": "y_high"}, where="isValid(datum.y_low)"),
        _mark(
            "line",
            "line",
            **place,
            detail={"field": "key"},
            where=f"isValid(datum.value) && datum.column != {json.dumps(last, ensure_ascii=False)}",
        ),
        _mark("point", "dot", **place, color=SIDES, tooltip=tooltip, where="isValid(datum.value)"),
        *_figures(x, y),
        _mark(
            "text", "nameBelow", x=x, y={**y, "field": "zero"}, text={"field": "note"}, where="!isValid(datum.value)"
        ),
    ]
    del layers[0]["encoding"]["x"]["field"]
    layers[2]["mark"]["fontSize"] = 14
    return _chart(rows, layers, alt, height=height)


def _figures(x: Spec, y: Spec) -> list[Spec]:
    """Each figure with its n: under the mark, or over it where it rises."""
    layers = []
    for where, style, offsets in (("!datum.rises", "nameBelow", (7, 21)), ("datum.rises", "nameAbove", (-19, -6))):
        for field, offset in zip(("shown", "count"), offsets, strict=True):
            layer = _mark(
                "text",
                style,
                x=x,
                y={**y, "field": "edge"},
                text={"field": field},
                where=f"isValid(datum.value) && {where}",
            )
            layer["mark"] |= {"dy": offset} | (
                {"opacity": 0.7, "fontSize": 11} if field == "count" else {"fontSize": 13}
            )
            layers.append(layer)
    return layers


def _reach(fall: Fall) -> tuple[float, float]:
    """How far a mark and its interval go up and down, as shares of the scale."""
    known = [0.0, *(v for v in (fall.value, *(fall.ends or ())) if v is not None)]
    return max(0.0, -min(known)), max(0.0, *known)


def _unit(found: Sequence[Fall]) -> float:
    """Pixels of a whole scale: the widest row fills its place, at least a tenth of the scale."""
    return DEEP / max([0.1, *(share for fall in found for share in _reach(fall))])


def _placed(found: Sequence[Fall]) -> tuple[dict[str, float], list[dict[str, Any]], int]:
    """The hairline of each row, the heads of rows, and the height of all: every row is as high as it needs."""
    unit, cursor = _unit(found), 0.0
    zeros: dict[str, float] = {}
    heads: list[dict[str, Any]] = []
    for name in dict.fromkeys(fall.row for fall in found):
        own = [(fall, *_reach(fall)) for fall in found if fall.row == name]
        up = max((unit * rise + _LABEL for fall, rise, _ in own if _rises(fall)), default=0.0)
        down = max((unit * fall_ + _LABEL for fall, _, fall_ in own if not _rises(fall)), default=float(_LABEL))
        heads.append({"key": name, "top": cursor - 10})
        zeros[name] = cursor - max(_NAME, up + (_NAME / 2))
        heads[-1]["zero"] = zeros[name]
        cursor = zeros[name] - down - _AIR
    return zeros, heads, int(-cursor) + 1


def _rises(fall: Fall) -> bool:
    return fall.value is not None and fall.value < 0


def _fallen(fall: Fall, zero: float, x: int, unit: float) -> dict[str, Any]:
    sure = fall.ends is not None and fall.n >= LOW_BASE and not fall.ends[0] <= 0 <= fall.ends[1]
    low, high = fall.ends or (None, None)
    reach = [zero - unit * v for v in (fall.value, low, high) if v is not None]
    return {
        "key": fall.row, "column": fall.column, "x": x, "zero": zero, "value": fall.value, "rises": _rises(fall),
        "side": "level" if not sure else "above" if _rises(fall) else "below",
        "y": None if fall.value is None else zero - unit * fall.value,
        "y_low": None if low is None else zero - unit * low,
        "y_high": None if high is None else zero - unit * high,
        "edge": (max if _rises(fall) else min)(reach) if reach else zero,
        "shown": fall.shown, "range": "" if low is None or high is None else f"{_percent(-high)} … {_percent(-low)}",
        "count": f"n {fall.n:,}", "note": "–" if fall.value is None else "",
    }  # fmt: skip


def _percent(value: float) -> str:
    """A share as a reader sees it in the picture: what falls short is minus."""
    text = f"{100 * value:+.0f}%".replace("-", "−")
    return "0%" if text[1:] == "0%" else text


def _heads(columns: Sequence[str]) -> Spec:
    lines = {str(at): _split(name) for at, name in enumerate(columns, 1)}
    return {
        "orient": "top", "values": list(range(1, len(columns) + 1)), "grid": False, "labelAngle": 0, "labelPadding": 20,
        "labelExpr": f"({json.dumps(lines, ensure_ascii=False)})[datum.label]", "labelLimit": 130,
    }  # fmt: skip


def _split(name: str) -> list[str]:
    """The head of a column on two lines: what stands before its bracket (gap 1), and the bracket's words
    (knowledge).
    """
    return [part.strip() for part in re.split(r"[(（]", name.rstrip(")）"), maxsplit=1)]
