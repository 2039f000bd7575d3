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
from typing import Any, Final

from peakend.draw import render
from peakend.draw.layers import (
    FIGURES,
    SIDES,
    TOOLTIP,
    Encoding,
    corner_names,
    crosshair,
    interval,
    mark,
    name_axis,
    number_list,
    period_labels,
    plane_names,
    reference_line,
    term_colours,
)
from peakend.draw.placement import over_columns
from peakend.draw.rows import (
    PLANE,
    Rows,
    best_first,
    last_key,
    plane_row,
    point_row,
    point_values,
    share_name,
    span_row,
    with_ends,
    with_names,
    with_places,
)
from peakend.errors import FormatError
from peakend.terms import Lang

from .marks import Axis, Cell, PlanePoint, Point, Share, Span

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"


__all__ = [
    "Axis",
    "Cell",
    "Chart",
    "PlanePoint",
    "Point",
    "Share",
    "Span",
    "bars",
    "dots",
    "dumbbell",
    "heat",
    "plane",
    "stack",
    "trend",
]


@dataclass(frozen=True)
class Chart:
    """One picture: a Vega-Lite specification with its data inline, and the sentence that says what it shows."""

    spec: Mapping[str, Any]
    alt: str

    def svg(self, lang: Lang = "en", *, dark: bool = False, narrow: bool = False) -> str:
        """The picture as SVG, with the fonts of the language; `narrow` for a phone."""
        return render.svg(render.lay_out(self.spec, narrow=narrow), render.theme(lang, dark=dark, narrow=narrow))

    def png(self, lang: Lang = "en", scale: float = 2, *, dark: bool = False, narrow: bool = False) -> bytes:
        """The picture as PNG, `scale` pixels for a point."""
        return render.png(render.lay_out(self.spec, narrow=narrow), render.theme(lang, dark=dark, narrow=narrow), scale)

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
                return render.pdf(render.lay_out(self.spec), render.theme(lang))
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
    rows = [point_row(point, axis, reference) for point in (best_first(points) if ordered else points)]
    at = axis.ends([*point_values(points), reference])
    dot = mark("point", "dot", x=at.encoding("value"), tooltip=TOOLTIP, **(term_colours(rows, lang) or SIDES))
    layers = [*reference_line(reference, reference_name, "x"), interval("x", at), dot, *FIGURES]
    return chart(with_names(rows, lang), layers, alt, y=name_axis(rows))


def bars(points: Sequence[Point], *, axis: Axis, alt: str, lang: Lang = "en", ordered: bool = True) -> Chart:
    """Each figure a bar from zero with its interval drawn over its end: for shares and counts, where zero
    means none.
    """
    rows = [point_row(point, axis, None) for point in (best_first(points) if ordered else points)]
    at = axis.ends([0.0, *point_values(points)])
    at = replace(
        at, low=axis.low if axis.low is not None else min([0.0, *(v for v in point_values(points) if v is not None)])
    )
    bar = mark(
        "bar",
        "bar",
        [{"filter": "isValid(datum.value)"}],
        x=at.encoding("value"),
        x2={"datum": 0},
        tooltip=TOOLTIP,
        **term_colours(rows, lang, shape=False),
    )
    layers = [bar, interval("x", at), *FIGURES]
    return chart(with_names(rows, lang), layers, alt, y=name_axis(rows))


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
    rows = with_names(
        [point_row(point, axis, None) | {"label": words.get(point.name, point.name)} for point in points], lang
    )
    at = axis.ends(point_values(points))
    x = {
        "field": "key",
        "type": "ordinal",
        "sort": None,
        "scale": {"type": "point", "padding": 0.5},
        "axis": {"title": title or None, "labelExpr": period_labels(rows)},
    }
    band = mark("area", "band", y=at.encoding("low"), y2={"field": "high"})
    layers = [
        band,
        interval("y", at, "whisker"),
        mark("line", "line", y=at.encoding("value")),
        mark("point", "dot", y=at.encoding("value"), tooltip=[{**TOOLTIP[0], "field": "label"}, *TOOLTIP[1:]]),
        mark(
            "text",
            "lastFigure",
            [{"filter": f"datum.key == {json.dumps(last_key(rows))}"}],
            y=at.encoding("value"),
            text={"field": "shown"},
        ),
    ]
    return chart(rows, layers, alt, x=x, height=240)


def stack(shares: Sequence[Share], *, alt: str, lang: Lang = "en") -> Chart:
    """One bar that is the whole, cut into its parts from the worst side to the best; the key gives each its share and
    n.
    """
    rows = with_ends(
        [
            {"key": share_name(share, lang), "side": share.side, "value": share.share, "shown": f"{share.share:.0%}"}
            for share in shares
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
    bar = mark("bar", "cell", x={"field": "start", **x}, x2={"field": "end"}, color=key, tooltip={"field": "key"})
    words = mark(
        "text",
        "partFigure",
        [{"filter": "datum.value >= 0.08"}],
        x={"field": "middle", **x},
        text={"field": "shown"},
        color=side,
    )
    whole = chart(rows, [bar, words], alt, height=36)
    return Chart({**whole.spec, "resolve": {"scale": {"color": "independent"}}}, alt)


def dumbbell(spans: Sequence[Span], *, axis: Axis, alt: str, left: str, right: str, lang: Lang = "en") -> Chart:
    """Two figures of one thing joined by a line: a ring for `left` (expectation), a dot for `right` (perception), the
    difference at the right.

    The line is amber where the right lies surely below the left (the interval of the difference is below zero), blue
    where surely above; round the dot lies the interval of the difference. The given order is kept.
    """
    rows = [span_row(span) for span in spans]
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
        mark("rule", "span", x=at.encoding("left"), x2={"field": "right"}, **SIDES),
        interval("x", at),
        mark("point", "ring", x=at.encoding("left"), tooltip=TOOLTIP),
        mark("point", "dot", x=at.encoding("right"), tooltip=TOOLTIP),
        *FIGURES,
    ]
    return chart(with_names(rows, lang), layers, alt, y=name_axis(rows))


def plane(
    points: Sequence[PlanePoint],
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
    drawn = [point for point in points if point.x is not None and point.y is not None]
    across = x.ends(value for point in drawn for value in (point.x, point.x_low, point.x_high, *(cross or ())[:1]))
    along = y.ends(value for point in drawn for value in (point.y, point.y_low, point.y_high, *(cross or ())[1:]))
    rows = with_names(with_places([plane_row(point, x, y) for point in drawn], across, along), lang)
    at = {"x": across.encoding("x"), "y": along.encoding("y")}
    layers = [
        *corner_names(quadrants),
        *crosshair(cross),
        mark("rule", "whisker", (), **{**at, "x": across.encoding("x_low"), "x2": {"field": "x_high"}}),
        mark("rule", "whisker", (), **{**at, "y": along.encoding("y_low"), "y2": {"field": "y_high"}}),
        *plane_names(at),
        mark("point", "dot", (), **at, tooltip=TOOLTIP, **term_colours(rows, lang)),
    ]
    return chart(rows, layers, alt, height=PLANE, title=number_list(rows))


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
    rows = with_names(
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
    y = {"field": "row", "type": "ordinal", "sort": None, "axis": {"title": row_title or None, **_ROW_NAMES}}
    fill = {
        "field": "value",
        "type": "quantitative",
        "legend": None,
        "scale": {"range": "heatmap", "domainMin": 0, "interpolate": "rgb"},
    }
    fixed = term_colours(rows, lang, shape=False)
    box = mark("rect", "cell", tooltip=TOOLTIP, **({**fixed, **_PALE_WHERE_NONE} if fixed else {"color": fill}))
    words = mark("text", "onCell" if fixed else "cellInk", text={"field": "shown"})
    return chart(rows, [box, words], alt, x=x, y=y, height={"step": step})


_PALE_WHERE_NONE: Final = {"opacity": {"condition": {"test": "datum.value === 0", "value": 0.2}, "value": 1}}
_ROW_NAMES: Final = {
    "labelAlign": "right",
    "labelPadding": 8,
    "labelOffset": 0,
    "labelLimit": {"expr": "narrow ? 130 : 210"},
}


def chart(
    rows: Rows,
    layers: list[dict[str, Any]],
    alt: str,
    *,
    height: object = None,
    title: Encoding | None = None,
    **encoding: Any,
) -> Chart:
    """The chart of these layers over these rows."""
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
