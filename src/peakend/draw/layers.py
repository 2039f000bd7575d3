"""Parts of specifications: marks, axes of names, fixed colours, reference lines, the names of corners and of points."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final, Literal

from peakend.draw.marks import Axis
from peakend.draw.rows import Rows
from peakend.terms import Lang, label, vocabulary

from .placement import PLACES, breadth, list_lines, two_lines

Encoding = dict[str, Any]


SIDES: Final[Encoding] = {
    "color": {
        "field": "side",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": ["below", "level", "above"], "range": "sides"},
    }
}


TOOLTIP: Final = [
    {"field": name, "type": "nominal", "title": ""} for name in ("key", "kindName", "shown", "range", "count", "note")
]


def mark(kind: str, style: str, transform: Sequence[Encoding] = (), /, **encoding: Any) -> dict[str, Any]:
    """A layer: one kind of mark in one style, of the rows that pass `transform`."""
    thin = {"height": 14} if style == "bar" else {}
    layer: dict[str, Any] = {"mark": {"type": kind, "style": style, **thin}, "encoding": encoding}
    return {"transform": list(transform), **layer} if transform else layer


def interval(along: Literal["x", "y"], axis: Axis, style: str = "interval") -> dict[str, Any]:
    """The intervals of the rows along an axis, of those that have one."""
    return mark(
        "rule",
        style,
        [{"filter": "isValid(datum.low) && isValid(datum.high)"}],
        **{along: axis.encoding("low"), f"{along}2": {"field": "high"}},
    )


FIGURES: Final = [
    mark("text", "value", x={"value": "width"}, text={"field": "shown"}),
    mark("text", "count", x={"value": "width"}, text={"field": "count"}),
    mark("text", "refused", [{"filter": "datum.note != ''"}], x={"value": 0}, text={"field": "note"}),
]


def name_axis(rows: Rows) -> Encoding:
    """The rows in their order, also where the first layer leaves some out."""
    return {
        "field": "key",
        "type": "nominal",
        "sort": list(dict.fromkeys(row["key"] for row in rows)),
        "axis": {"title": None, **_two_line_labels(rows)},
    }


def _two_line_labels(rows: Rows) -> Encoding:
    """Long names on two lines, centred on their mark; on a phone they stand above it, on one."""
    long = {row["key"]: lines for row in rows if len(lines := _two_lines(row["key"])) > 1}
    table = json.dumps(long, ensure_ascii=False)
    return {
        "labelExpr": f"narrow ? datum.label : ({table}[datum.label] || datum.label)",
        "labelOffset": {"expr": f"narrow ? -19 : {table}[datum.label] ? -8 : 0"},
    }


def _two_lines(name: str) -> list[str]:
    return [name] if breadth(name) <= 32 else two_lines(name)


def period_labels(rows: Rows) -> str:
    """What stands under each period: its name as it is written, and its n."""
    return f"{json.dumps({row['key']: [row['label'], row['count']] for row in rows}, ensure_ascii=False)}[datum.label]"


def term_colours(rows: Rows, lang: Lang, *, shape: bool = True) -> Encoding:
    """The fixed colours (and marks) of the terms in these rows, with a key unless the rows name them; empty where no
    term has a colour.
    """
    known = [
        one for kind in dict.fromkeys(row["kind"] for row in rows) if (one := vocabulary().get(kind)) and one.colour
    ]
    if not known:
        return {}
    names = [label(one.id, lang) for one in known]
    key: Encoding = (
        {"legend": None}
        if all(row.get("key") == label(row["kind"], lang) for row in rows)
        else {"legend": {"columns": {"expr": "narrow ? 1 : 4"}}}
    )
    colour = {
        "field": "kindName",
        "type": "nominal",
        "scale": {"domain": names, "range": [one.colour for one in known]},
        **key,
    }
    shapes = {
        "field": "kindName",
        "type": "nominal",
        "scale": {"domain": names, "range": [one.mark or "circle" for one in known]},
        **key,
    }
    return {"color": colour, "shape": shapes} if shape else {"color": colour}


def reference_line(at: float | None, name: str, axis: Literal["x", "y"]) -> list[dict[str, Any]]:
    """The line of a reference across an axis, with its name; nothing where there is none."""
    if at is None:
        return []
    place = {"y": {"value": 0}} if axis == "x" else {"x": {"value": 0}}
    data: dict[str, Any] = {"data": {"values": [{"at": at, "name": name}]}}
    where = {"field": "at", "type": "quantitative"}
    line = {**data, "mark": {"type": "rule", "style": "reference"}, "encoding": {axis: where, other_axis(axis): None}}
    words = {
        **data,
        "mark": {"type": "text", "style": f"referenceName{axis.upper()}"},
        "encoding": {axis: where, **place, "text": {"field": "name"}},
    }
    return [line, words] if name else [line]


def other_axis(axis: str) -> str:
    """The axis across."""
    return "y" if axis == "x" else "x"


def crosshair(cross: tuple[float, float] | None) -> list[dict[str, Any]]:
    """The two lines that part a plane; nothing without them."""
    return [] if cross is None else [*reference_line(cross[0], "", "x"), *reference_line(cross[1], "", "y")]


def corner_names(quadrants: tuple[str, str, str, str]) -> list[dict[str, Any]]:
    """The names of the four corners."""
    places = zip(
        quadrants,
        ((0, 0), ("width", 0), (0, "height"), ("width", "height")),
        ("TopLeft", "TopRight", "BottomLeft", "BottomRight"),
        strict=True,
    )
    return [
        {
            "data": {"values": [{"name": name}]},
            "mark": {"type": "text", "style": f"corner{where}"},
            "encoding": {"x": {"value": x}, "y": {"value": y}, "text": {"field": "name"}},
        }
        for name, (x, y), where in places
        if name
    ]


def plane_names(at: Encoding) -> list[dict[str, Any]]:
    """One layer of names for each side of the mark, for a wide picture and for a phone."""
    layers = []
    for shape, (place, name) in {"!narrow": ("place", "name"), "narrow": ("placeNarrow", "nameNarrow")}.items():
        layers += [
            mark(
                "text",
                f"name{side.title()}",
                [{"filter": f"{shape} && datum.{place} == '{side}'"}],
                **at,
                text={"field": name},
            )
            for side in PLACES
        ]
    return layers


def number_list(rows: Rows) -> Encoding | None:
    """The names of the marks that have only a number beside them, in a list under the picture; nothing where each has
    its name.
    """
    lists = [
        list_lines([f"{row[f'name{shape}']} {row['key']}" for row in rows if row[f"name{shape}"] != row["key"]], most)
        for shape, most in (("", 96), ("Narrow", 46))
    ]
    if not any(lists):
        return None
    wide, narrow = (json.dumps(lines or [""], ensure_ascii=False) for lines in lists)
    text = {"expr": f"narrow ? {narrow} : {wide}"}
    return {"text": text, "orient": "bottom", "frame": "bounds", "fontSize": 12, "lineHeight": 18, "offset": 12}
