"""Charts as Vega-Lite specifications: one definition serves notebook, page, report and slides.

A picture never stands without its uncertainty: a point has its interval and its n, a figure that was refused leaves a
place that says so. The specification names styles only; `render.theme` gives them their look when the picture is made.
Colour says below (amber) or above (blue) a reference, and only where the interval leaves no doubt; everything else is
ink.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

from peakend.draw import render
from peakend.draw.marks import Axis, Cell, Part, Point, Span, Spot
from peakend.draw.placing import PLACES, breadth, halved, list_lines, over_columns, placed_names
from peakend.errors import FormatError
from peakend.terms import Lang, label, vocabulary

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
LOW_BASE: Final = 30
"""Below so many answers nothing is coloured: too little to call anything below or above."""

_PLANE: Final = 460

__all__ = [
    "LOW_BASE",
    "Axis",
    "Cell",
    "Chart",
    "Part",
    "Point",
    "Span",
    "Spot",
    "bars",
    "dots",
    "dumbbell",
    "heat",
    "plane",
    "stack",
    "trend",
]

Rows = list[dict[str, Any]]
Encoding = dict[str, Any]


@dataclass(frozen=True)
class Chart:
    """One picture: a Vega-Lite specification with its data inline, and the sentence that says what it shows."""

    spec: Mapping[str, Any]
    alt: str

    def svg(self, lang: Lang = "en", *, dark: bool = False, narrow: bool = False) -> str:
        """The picture as SVG, with the fonts of the language; `narrow` for a phone."""
        return render.svg(render.laid_out(self.spec, narrow=narrow), render.theme(lang, dark=dark, narrow=narrow))

    def png(self, lang: Lang = "en", scale: float = 2, *, dark: bool = False, narrow: bool = False) -> bytes:
        """The picture as PNG, `scale` pixels for a point."""
        return render.png(
            render.laid_out(self.spec, narrow=narrow), render.theme(lang, dark=dark, narrow=narrow), scale
        )

    def save(self, path: str | Path, lang: Lang = "en") -> Path:
        """Write the picture; the ending of the name says how: .svg, .png, .pdf or .json (the specification).

        Raises FormatError `draw.ending` for any other ending.
        """
        target = Path(path)
        target.write_bytes(self._bytes(target, lang))
        return target

    def _bytes(self, target: Path, lang: Lang) -> bytes:
        match target.suffix.lower():
            case ".svg":
                return self.svg(lang).encode()
            case ".png":
                return self.png(lang)
            case ".pdf":
                return render.pdf(render.laid_out(self.spec), render.theme(lang))
            case ".json":
                return json.dumps(self.spec, ensure_ascii=False, indent=1).encode()
            case ending:
                raise FormatError("draw.ending", ending=ending, file=target.name)

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        """What a notebook shows. It draws SVG wherever it is opened; few draw a specification of this version
        themselves.
        """
        drawn = self.svg()
        specification = {**self.spec, "config": render.theme()}
        return {
            "application/vnd.vegalite.v6+json": specification,
            "text/html": drawn,
            "image/svg+xml": drawn,
            "text/plain": self.alt,
        }


def dots(
    points: Sequence[Point],
    *,
    axis: Axis,
    alt: str,
    lang: Lang = "en",
    reference: float | None = None,
    reference_name: str = "",
    ordered: bool = True,
) -> Chart:
    """Each figure a dot on its interval, the best at the top, value and n at the right.

    With a `reference` (the mean of all, a target, zero) a dot is amber where its whole interval lies below it, blue
    where above. `ordered=False` keeps the given order (a journey, a scale).
    """
    rows = [_row(point, axis, reference) for point in (_best_first(points) if ordered else points)]
    at = axis.ends([*_values(points), reference])
    dot = _mark("point", "dot", x=at.encoded("value"), tooltip=_TOOLTIP, **(_terms(rows, lang) or _SIDES))
    layers = [*_reference(reference, reference_name, "x"), _interval("x", at), dot, *_FIGURES]
    return _chart(_named(rows, lang), layers, alt, y=_names(rows))


def bars(points: Sequence[Point], *, axis: Axis, alt: str, lang: Lang = "en", ordered: bool = True) -> Chart:
    """Each figure a bar from zero with its interval drawn over its end: for shares and counts, where zero
    means none.
    """
    rows = [_row(point, axis, None) for point in (_best_first(points) if ordered else points)]
    at = axis.ends([0.0, *_values(points)])
    at = replace(
        at, low=axis.low if axis.low is not None else min([0.0, *(v for v in _values(points) if v is not None)])
    )
    bar = _mark(
        "bar",
        "bar",
        [{"filter": "isValid(datum.value)"}],
        x=at.encoded("value"),
        x2={"datum": 0},
        tooltip=_TOOLTIP,
        **_terms(rows, lang, shape=False),
    )
    layers = [bar, _interval("x", at), *_FIGURES]
    return _chart(_named(rows, lang), layers, alt, y=_names(rows))


def trend(
    points: Sequence[Point],
    *,
    axis: Axis,
    alt: str,
    lang: Lang = "en",
    words: Mapping[str, str] = MappingProxyType({}),
    title: str = "",
) -> Chart:
    """A line through time with its band; a period without a figure is a gap, not a zero. Points come in order of time,
    n under each.

    `words` says how the period of a name is written, `title` what the axis is called.
    """
    rows = _named([_row(point, axis, None) | {"label": words.get(point.name, point.name)} for point in points], lang)
    at = axis.ends(_values(points))
    x = {
        "field": "key",
        "type": "ordinal",
        "sort": None,
        "scale": {"type": "point", "padding": 0.5},
        "axis": {"title": title or None, "labelExpr": _lines(rows)},
    }
    band = _mark("area", "band", y=at.encoded("low"), y2={"field": "high"})
    layers = [
        band,
        _interval("y", at, "whisker"),
        _mark("line", "line", y=at.encoded("value")),
        _mark("point", "dot", y=at.encoded("value"), tooltip=[{**_TOOLTIP[0], "field": "label"}, *_TOOLTIP[1:]]),
        _mark(
            "text",
            "lastFigure",
            [{"filter": f"datum.key == {json.dumps(_last(rows))}"}],
            y=at.encoded("value"),
            text={"field": "shown"},
        ),
    ]
    return _chart(rows, layers, alt, x=x, height=240)


def stack(parts: Sequence[Part], *, alt: str, lang: Lang = "en") -> Chart:
    """One bar that is the whole, cut into its parts from the worst side to the best; the key gives each its share and
    n.
    """
    rows = _ends(
        [
            {"key": _part(part, lang), "side": part.side, "value": part.share, "shown": f"{part.share:.0%}"}
            for part in parts
        ]
    )
    key = {
        "field": "key",
        "type": "nominal",
        "sort": None,
        "scale": {"domain": [row["key"] for row in rows], "range": "shares"},
    }
    side = {
        "field": "side",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": ["below", "level", "above"], "range": "onShares"},
    }
    x = {"type": "quantitative", "axis": None, "scale": {"domain": [0, 1], "nice": False}}
    bar = _mark("bar", "cell", x={"field": "start", **x}, x2={"field": "end"}, color=key, tooltip={"field": "key"})
    words = _mark(
        "text",
        "partFigure",
        [{"filter": "datum.value >= 0.08"}],
        x={"field": "middle", **x},
        text={"field": "shown"},
        color=side,
    )
    chart = _chart(rows, [bar, words], alt, height=36)
    return Chart({**chart.spec, "resolve": {"scale": {"color": "independent"}}}, alt)


def dumbbell(spans: Sequence[Span], *, axis: Axis, alt: str, left: str, right: str, lang: Lang = "en") -> Chart:
    """Two figures of one thing joined by a line: a ring for `left` (expectation), a dot for `right` (perception), the
    difference at the right.

    The line is amber where the right lies surely below the left (the interval of the difference is below zero), blue
    where surely above; round the dot lies the interval of the difference. The given order is kept.
    """
    rows = [_span(span) for span in spans]
    title = f"○ {left}  ● {right}" + (f"  {axis.title}" if axis.title else "")
    at = replace(
        axis.ends([value for row in rows for value in (row["left"], row["right"], row["low"], row["high"])]),
        title=title,
    )
    for row in rows:
        row |= {
            end: None if row[end] is None else min(max(row[end], at.low or row[end]), at.high or row[end])
            for end in ("low", "high")
        }
    layers = [
        _mark("rule", "span", x=at.encoded("left"), x2={"field": "right"}, **_SIDES),
        _interval("x", at),
        _mark("point", "ring", x=at.encoded("left"), tooltip=_TOOLTIP),
        _mark("point", "dot", x=at.encoded("right"), tooltip=_TOOLTIP),
        *_FIGURES,
    ]
    return _chart(_named(rows, lang), layers, alt, y=_names(rows))


def plane(
    spots: Sequence[Spot],
    *,
    x: Axis,
    y: Axis,
    alt: str,
    lang: Lang = "en",
    cross: tuple[float, float] | None = None,
    quadrants: tuple[str, str, str, str] = ("", "", "", ""),
) -> Chart:
    """Things on two axes at once, each with its interval in both directions; `cross` draws the crosshair.

    `quadrants` names the corners: top left, top right, bottom left, bottom right.
    """
    drawn = [spot for spot in spots if spot.x is not None and spot.y is not None]
    across = x.ends(value for spot in drawn for value in (spot.x, spot.x_low, spot.x_high, *(cross or ())[:1]))
    along = y.ends(value for spot in drawn for value in (spot.y, spot.y_low, spot.y_high, *(cross or ())[1:]))
    rows = _named(_placed([_spot(spot, x, y) for spot in drawn], across, along), lang)
    at = {"x": across.encoded("x"), "y": along.encoded("y")}
    layers = [
        *_corners(quadrants),
        *_crosshair(cross),
        _mark("rule", "whisker", (), **{**at, "x": across.encoded("x_low"), "x2": {"field": "x_high"}}),
        _mark("rule", "whisker", (), **{**at, "y": along.encoded("y_low"), "y2": {"field": "y_high"}}),
        *_spot_names(at),
        _mark("point", "dot", (), **at, tooltip=_TOOLTIP, **_terms(rows, lang)),
    ]
    return _chart(rows, layers, alt, height=_PLANE, title=_numbered(rows))


def heat(
    cells: Sequence[Cell],
    *,
    alt: str,
    lang: Lang = "en",
    row_title: str = "",
    column_title: str | list[str] = "",
    step: int = 44,
) -> Chart:
    """A table whose cells are coloured by value, or by the fixed colour of a term; rows, each `step` high, and columns
    keep the given order. A title of several lines begins over the names of the rows.
    """
    rows = _named(
        [{"row": c.row, "column": c.column, "value": c.value, "shown": c.text, "kind": c.term or ""} for c in cells],
        lang,
    )
    x = {
        "field": "column",
        "type": "ordinal",
        "sort": None,
        "axis": {
            "title": column_title or None,
            "orient": "top",
            "labelAngle": 0,
            **({"titleAnchor": "end"} if isinstance(column_title, list) else {}),
            **over_columns(list(dict.fromkeys(c.column for c in cells))),
        },
    }
    y = {"field": "row", "type": "ordinal", "sort": None, "axis": {"title": row_title or None, **_BESIDE}}
    fill = {
        "field": "value",
        "type": "quantitative",
        "legend": None,
        "scale": {"range": "heatmap", "domainMin": 0, "interpolate": "rgb"},
    }
    fixed = _terms(rows, lang, shape=False)
    box = _mark("rect", "cell", tooltip=_TOOLTIP, **({**fixed, **_PALE_WHERE_NONE} if fixed else {"color": fill}))
    words = _mark("text", "onCell" if fixed else "cellInk", text={"field": "shown"})
    return _chart(rows, [box, words], alt, x=x, y=y, height={"step": step})


_PALE_WHERE_NONE: Final = {"opacity": {"condition": {"test": "datum.value === 0", "value": 0.2}, "value": 1}}
_BESIDE: Final = {
    "labelAlign": "right",
    "labelPadding": 8,
    "labelOffset": 0,
    "labelLimit": {"expr": "narrow ? 130 : 210"},
}


# Rows of data: one a mark, with what is written beside it.


def _row(point: Point, axis: Axis, reference: float | None) -> dict[str, Any]:
    side = "level" if reference is None or point.n < LOW_BASE else _beside(point.low, point.high, reference)
    return {
        "key": point.name,
        "value": point.value,
        "low": point.low,
        "high": point.high,
        "n": point.n,
        "kind": point.term or "",
        "side": side,
        "note": point.note if point.value is None else "",
        "shown": _written(point.value, axis.format),
        "range": _range(point.low, point.high, axis),
    }


def _span(span: Span) -> dict[str, Any]:
    gap = None if span.left is None or span.right is None else span.right - span.left
    side = "level" if span.n < LOW_BASE else _beside(span.low, span.high, 0.0)
    return {
        "key": span.name,
        "left": span.left,
        "right": span.right,
        "value": gap,
        "low": None if span.left is None or span.low is None else span.left + span.low,
        "high": None if span.left is None or span.high is None else span.left + span.high,
        "n": span.n,
        "side": side,
        "note": span.note if gap is None else "",
        "shown": _written(gap, "+.2f"),
        "range": _range(span.low, span.high, Axis(title="", format="+.2f")),
    }


def _spot(spot: Spot, x: Axis, y: Axis) -> dict[str, Any]:
    return {
        "key": spot.name,
        "x": spot.x,
        "y": spot.y,
        "x_low": spot.x_low,
        "x_high": spot.x_high,
        "y_low": spot.y_low,
        "y_high": spot.y_high,
        "n": spot.n,
        "kind": spot.term or "",
        "shown": f"{x.title} {_written(spot.x, x.format)}",
        "range": f"{y.title} {_written(spot.y, y.format)}",
    }


def _part(part: Part, lang: Lang) -> str:
    return (
        f"{part.name} {part.share:.0%} (n {part.n:,})"
        if lang == "en"
        else f"{part.name} {part.share:.0%}（n {part.n:,}）"
    )


def _ends(rows: Rows) -> Rows:
    """Where each part of a whole starts, ends and has its middle."""
    at = 0.0
    for row in rows:
        row |= {"start": at, "end": at + row["value"], "middle": at + row["value"] / 2}
        at = row["end"]
    return rows


def _named(rows: Rows, lang: Lang) -> Rows:
    """The rows with the written count and, where they have a fixed term, its name: the words of key and tooltip."""
    for row in rows:
        row["count"] = f"n {row['n']:,}" if "n" in row else ""
        row["kindName"] = label(row["kind"], lang) if row.get("kind") else ""
    return rows


def _values(points: Sequence[Point]) -> list[float | None]:
    return [value for point in points for value in (point.value, point.low, point.high)]


def _best_first(points: Sequence[Point]) -> list[Point]:
    return sorted(points, key=lambda point: (point.value is None, -(point.value or 0.0), point.name))


def _beside(low: float | None, high: float | None, reference: float) -> str:
    if low is None or high is None:
        return "level"
    return "below" if high < reference else "above" if low > reference else "level"


def _written(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form).replace("-", "−")


def _range(low: float | None, high: float | None, axis: Axis) -> str:
    return "" if low is None or high is None else f"{_written(low, axis.format)} … {_written(high, axis.format)}"


def _last(rows: Rows) -> str:
    return next((str(row["key"]) for row in reversed(rows) if row["value"] is not None), "")


# Parts of specifications.

_SIDES: Final[Encoding] = {
    "color": {
        "field": "side",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": ["below", "level", "above"], "range": "sides"},
    }
}
_TOOLTIP: Final = [
    {"field": name, "type": "nominal", "title": ""} for name in ("key", "kindName", "shown", "range", "count", "note")
]


def _mark(kind: str, style: str, transform: Sequence[Encoding] = (), /, **encoding: Any) -> dict[str, Any]:
    thin = {"height": 14} if style == "bar" else {}
    layer: dict[str, Any] = {"mark": {"type": kind, "style": style, **thin}, "encoding": encoding}
    return {"transform": list(transform), **layer} if transform else layer


def _interval(along: Literal["x", "y"], axis: Axis, style: str = "interval") -> dict[str, Any]:
    return _mark(
        "rule",
        style,
        [{"filter": "isValid(datum.low) && isValid(datum.high)"}],
        **{along: axis.encoded("low"), f"{along}2": {"field": "high"}},
    )


_FIGURES: Final = [
    _mark("text", "value", x={"value": "width"}, text={"field": "shown"}),
    _mark("text", "count", x={"value": "width"}, text={"field": "count"}),
    _mark("text", "refused", [{"filter": "datum.note != ''"}], x={"value": 0}, text={"field": "note"}),
]


def _chart(
    rows: Rows,
    layers: list[dict[str, Any]],
    alt: str,
    *,
    height: object = None,
    title: Encoding | None = None,
    **encoding: Any,
) -> Chart:
    spec = {
        "$schema": SCHEMA,
        "description": alt,
        "data": {"values": rows},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "encoding": encoding,
        "layer": layers,
    }
    more = {"height": height, "title": title}
    return Chart({**spec, **{name: value for name, value in more.items() if value is not None}}, alt)


def _names(rows: Rows) -> Encoding:
    """The rows in their order, also where the first layer leaves some out."""
    return {
        "field": "key",
        "type": "nominal",
        "sort": list(dict.fromkeys(row["key"] for row in rows)),
        "axis": {"title": None, **_wrapped(rows)},
    }


def _wrapped(rows: Rows) -> Encoding:
    """Long names on two lines, centred on their mark; on a phone they stand above it, on one."""
    long = {row["key"]: lines for row in rows if len(lines := _two_lines(row["key"])) > 1}
    table = json.dumps(long, ensure_ascii=False)
    return {
        "labelExpr": f"narrow ? datum.label : ({table}[datum.label] || datum.label)",
        "labelOffset": {"expr": f"narrow ? -19 : {table}[datum.label] ? -8 : 0"},
    }


def _two_lines(name: str) -> list[str]:
    return [name] if breadth(name) <= 32 else halved(name)


def _lines(rows: Rows) -> str:
    """What stands under each period: its name as it is written, and its n."""
    return f"{json.dumps({row['key']: [row['label'], row['count']] for row in rows}, ensure_ascii=False)}[datum.label]"


def _terms(rows: Rows, lang: Lang, *, shape: bool = True) -> Encoding:
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


def _reference(at: float | None, name: str, axis: Literal["x", "y"]) -> list[dict[str, Any]]:
    if at is None:
        return []
    place = {"y": {"value": 0}} if axis == "x" else {"x": {"value": 0}}
    data: dict[str, Any] = {"data": {"values": [{"at": at, "name": name}]}}
    where = {"field": "at", "type": "quantitative"}
    line = {**data, "mark": {"type": "rule", "style": "reference"}, "encoding": {axis: where, _other(axis): None}}
    words = {
        **data,
        "mark": {"type": "text", "style": f"referenceName{axis.upper()}"},
        "encoding": {axis: where, **place, "text": {"field": "name"}},
    }
    return [line, words] if name else [line]


def _other(axis: str) -> str:
    return "y" if axis == "x" else "x"


def _crosshair(cross: tuple[float, float] | None) -> list[dict[str, Any]]:
    return [] if cross is None else [*_reference(cross[0], "", "x"), *_reference(cross[1], "", "y")]


def _corners(quadrants: tuple[str, str, str, str]) -> list[dict[str, Any]]:
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


def _spot_names(at: Encoding) -> list[dict[str, Any]]:
    """One layer of names for each side of the mark, for a wide picture and for a phone."""
    layers = []
    for shape, (place, name) in {"!narrow": ("place", "name"), "narrow": ("placeNarrow", "nameNarrow")}.items():
        layers += [
            _mark(
                "text",
                f"name{side.title()}",
                [{"filter": f"{shape} && datum.{place} == '{side}'"}],
                **at,
                text={"field": name},
            )
            for side in PLACES
        ]
    return layers


def _placed(rows: Rows, x: Axis, y: Axis) -> Rows:
    for shape, width in (("", 560.0), ("Narrow", 280.0)):
        at = [(_scaled(row["x"], x) * width, (1 - _scaled(row["y"], y)) * _PLANE) for row in rows]
        for row, (written, side) in zip(
            rows, placed_names([row["key"] for row in rows], at, (width, _PLANE)), strict=True
        ):
            row |= {f"name{shape}": written, f"place{shape}": side}
    return rows


def _numbered(rows: Rows) -> Encoding | None:
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


def _scaled(value: float, axis: Axis) -> float:
    low, high = axis.low or 0.0, axis.high or 0.0
    return (value - low) / ((high - low) or 1.0)
