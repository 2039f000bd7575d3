"""The picture of the method `gaps`: the five gaps of each thing as one falling line."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from peakend.draw import Chart
from peakend.draw.charts import chart
from peakend.draw.layers import SIDES, mark
from peakend.thresholds import side_of

Spec = dict[str, Any]


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
    zeros, heads, height = _row_places(found)
    unit = _unit(found)
    rows = [_fall_row(fall, zeros[fall.row], columns.index(fall.column) + 1, unit) for fall in found]
    across = {"domain": [0.5, len(columns) + 0.5], "nice": False, "zero": False}
    x = {"field": "x", "type": "quantitative", "scale": across, "axis": {**_heads(columns), "title": title}}
    y = {"type": "quantitative", "scale": {"domain": [-height, 0], "nice": False, "zero": False}, "axis": None}
    place: Spec = {"x": x, "y": {**y, "field": "y"}}
    tooltip = [{"field": name, "type": "nominal", "title": ""} for name in ("key", "column", "shown", "range", "count")]
    row_heads = {"data": {"values": heads}}
    layers = [
        {
            **mark("rect", "band", x={**x, "datum": len(columns) - 0.5}, x2={"datum": len(columns) + 0.5}),
            "data": {"values": [{}]},
        },
        {**row_heads, **mark("rule", "reference", x={"value": 0}, x2={"value": "width"}, y={**y, "field": "zero"})},
        {**row_heads, **mark("text", "nameRight", x={"value": -9}, y={**y, "field": "top"}, text={"field": "key"})},
        mark(
            "rule", "interval", _where("isValid(datum.y_low)"), x=x, y={**y, "field": "y_low"}, y2={"field": "y_high"}
        ),
        mark(
            "line",
            "line",
            _where(f"isValid(datum.value) && datum.column != {json.dumps(last, ensure_ascii=False)}"),
            **place,
            detail={"field": "key"},
        ),
        mark("point", "dot", _where("isValid(datum.value)"), **place, **SIDES, tooltip=tooltip),
        *_figures(x, y),
        mark(
            "text", "nameBelow", _where("!isValid(datum.value)"), x=x, y={**y, "field": "zero"}, text={"field": "note"}
        ),
    ]
    del layers[0]["encoding"]["x"]["field"]
    layers[2]["mark"]["fontSize"] = 14
    return chart(rows, layers, alt, height=height)


def _where(condition: str) -> list[Spec]:
    """Only the rows for which this is so."""
    return [{"filter": condition}]


def _figures(x: Spec, y: Spec) -> list[Spec]:
    """Each figure with its n: under the mark, or over it where it rises."""
    layers = []
    for where, style, offsets in (("!datum.rises", "nameBelow", (7, 21)), ("datum.rises", "nameAbove", (-19, -6))):
        for field, offset in zip(("shown", "count"), offsets, strict=True):
            layer = mark(
                "text",
                style,
                _where(f"isValid(datum.value) && {where}"),
                x=x,
                y={**y, "field": "edge"},
                text={"field": field},
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


def _row_places(found: Sequence[Fall]) -> tuple[dict[str, float], list[dict[str, Any]], int]:
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


def _fall_row(fall: Fall, zero: float, x: int, unit: float) -> dict[str, Any]:
    low, high = fall.ends or (None, None)
    reach = [zero - unit * v for v in (fall.value, low, high) if v is not None]
    return {
        "key": fall.row, "column": fall.column, "x": x, "zero": zero, "value": fall.value, "rises": _rises(fall),
        "side": "level" if low is None or high is None else side_of(-high, -low, 0.0, n=fall.n),
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
    lines = {str(at): _head_lines(name) for at, name in enumerate(columns, 1)}
    return {
        "orient": "top", "values": list(range(1, len(columns) + 1)), "grid": False, "labelAngle": 0, "labelPadding": 20,
        "labelExpr": f"({json.dumps(lines, ensure_ascii=False)})[datum.label]", "labelLimit": 130,
    }  # fmt: skip


def _head_lines(name: str) -> list[str]:
    """The head of a column on two lines: what stands before its bracket or comma (gap 1), and what stands after it
    (knowledge).
    """
    return [part.strip() for part in re.split(r"[(（,，]", name.rstrip(")）"), maxsplit=1)]
