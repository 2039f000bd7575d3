"""Pictures of several figures on one line, and of several lines in one frame.

`two_sided` sets what takes away and what adds on either side of zero; `curves` draws lines over a number, `courses`
lines over periods. Lines are told apart by the fixed colours and marks of their terms, and named in the key.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peakend.draw.charts import Chart, chart
from peakend.draw.layers import SIDES, other_axis
from peakend.draw.placement import list_lines
from peakend.draw.rows import figure_text, interval_text
from peakend.terms import Lang, label, vocabulary
from peakend.thresholds import side_of

from .marks import Axis, Point

Spec = dict[str, Any]
_TOOLTIP: Final = [
    {"field": name, "type": "nominal", "title": ""} for name in ("key", "line", "shown", "range", "count")
]


def two_sided(
    pairs: Sequence[tuple[Point, Point]], *, axis: Axis, titles: tuple[str, str], alt: str, lang: Lang = "en"
) -> Chart:
    """Each thing with two figures on one line: what it takes (left of zero) and what it adds, each a dot on its
    interval.

    A dot is amber where its whole interval lies below zero, blue where above; a figure that is not there leaves the
    other alone. The given order is kept. `titles` name the two under the axis.
    """
    rows = [_figure(point, axis) for pair in pairs for point in pair]
    for pair, first, second in zip(pairs, rows[::2], rows[1::2], strict=True):
        first |= {
            "both": "  ".join(figure_text(point.value, axis.format) or "–" for point in pair),
            "total": first["count"],
            "note": pair[0].note,
        }
        second |= {"both": "", "total": "", "note": ""}
    at = axis.ends([0.0, *(row[name] for row in rows for name in ("value", "low", "high"))])
    x = {**at.encoding("value"), "axis": {**at.encoding("value")["axis"], "title": f"← {titles[0]} · {titles[1]} →"}}
    y = {
        "field": "key",
        "type": "nominal",
        "sort": None,
        "axis": {"title": None, "labelOffset": {"expr": "narrow ? -19 : 0"}},
    }
    layers = [
        _zero("x"),
        _mark(
            "rule",
            "interval",
            x={**x, "field": "low"},
            x2={"field": "high"},
            where="isValid(datum.low) && isValid(datum.high)",
        ),
        _mark("point", "dot", x=x, tooltip=_TOOLTIP, where="isValid(datum.value)", **SIDES),
        _mark("text", "value", x={"value": "width"}, text={"field": "both"}, dx={"expr": "narrow ? -72 : 66"}),
        _mark("text", "count", x={"value": "width"}, text={"field": "total"}),
        _mark("text", "refused", x={"value": 0}, text={"field": "note"}, where="datum.note != ''"),
    ]
    del lang  # taken as by every picture: the names are in the language already
    return chart(rows, layers, alt, y=y)


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line: a name, the term whose colour and mark it has, and its points; a point's name is where it stands
    across.
    """

    name: str
    term: str | None = None
    points: Sequence[Point]


def curves(
    lines: Sequence[Line], *, x: Axis, y: Axis, alt: str, lang: Lang = "en", telling: Collection[str] = ()
) -> Chart:
    """Smooth lines over a number; the name of each point is that number. Each line is named at its end. Of more lines
    than can be told apart, those of the names `telling` have their colour and their name; the others are faint, and
    listed under the picture by their kind.
    """
    bright = {line.name for line in lines if len(lines) <= MOST_LINES or line.name in telling}
    rows = [
        row | {"x": float(row["key"]), "bright": line.name in bright} for line in lines for row in _of(line, y, lang)
    ]
    along = y.ends([0.0, *(row["value"] for row in rows)])
    across = x.encoding("x")
    for row in rows:
        row["named"] = None
    ends = {row["line"]: row for row in rows if row["bright"]}
    placed = _apart([row["value"] for row in ends.values()], 0.05 * ((along.high or 1) - (along.low or 0)))
    for row, at in zip(ends.values(), placed, strict=True):
        row["named"] = at
    both: dict[str, Any] = {"x": across, "y": along.encoding("value")}
    kinds: dict[str, Any] = _kinds(rows)
    names: dict[str, Any] = {"x": {"value": "width"}, "y": along.encoding("named"), "text": {"field": "line"}}
    layers = [
        _zero("y"),
        _mark("line", "faintLine", **both, detail={"field": "line"}, where="!datum.bright"),
        _mark("line", "line", **both, detail={"field": "line"}, where="datum.bright", **kinds),
        _mark("text", "nameRight", **names, where="isValid(datum.named)"),
    ]
    return chart(rows, layers, alt, height=360, **_key_below([line for line in lines if line.name not in bright], lang))


def _key_below(lines: Sequence[Line], lang: Lang) -> Spec:
    """The names of the faint lines under the picture, those of one kind together."""
    if not lines:
        return {}
    groups = {line.term: [other.name for other in lines if other.term == line.term] for line in lines}
    colon = ": " if lang == "en" else "："
    texts = [
        [f"{label(term, lang)}{colon}{names[0]}" if term else names[0], *names[1:]] for term, names in groups.items()
    ]
    wide, narrow = ([line for names in texts for line in list_lines(names, most)] for most in (96, 46))
    text = {"expr": f"narrow ? {json.dumps(narrow, ensure_ascii=False)} : {json.dumps(wide, ensure_ascii=False)}"}
    return {
        "title": {"text": text, "orient": "bottom", "frame": "bounds", "fontSize": 12, "lineHeight": 18, "offset": 12}
    }


MOST_LINES: Final = 10
"""So many names can stand one above another beside a picture, and so many lines be told apart."""


def _apart(values: Sequence[float], least: float) -> list[float | None]:
    """The values, moved up just as far as names need that stand one above another."""
    placed: list[float | None] = [None] * len(values)
    below = -1e9
    for at in sorted(range(len(values)), key=lambda at: values[at]):
        below = placed[at] = max(values[at], below + least)
    return placed


def courses(lines: Sequence[Line], *, axis: Axis, alt: str, lang: Lang = "en") -> Chart:
    """Lines over periods that come in order, each figure with its interval and mark; a period without a figure is a
    gap.
    """
    rows = [row for line in lines for row in _of(line, axis, lang)]
    at = axis.ends([row[name] for row in rows for name in ("value", "low", "high")])
    count = {row["key"]: row["count"] for row in rows}
    words = f"[datum.label, {json.dumps(count, ensure_ascii=False)}[datum.label]]"
    x = {
        "field": "key", "type": "ordinal", "sort": None, "scale": {"type": "point", "padding": 0.5},
        "axis": {"title": None, "labelExpr": words},
    }  # fmt: skip
    side = {"xOffset": {"field": "line", "type": "nominal", "scale": {"range": [-4, 4]}}} if len(lines) > 1 else {}
    kinds = _kinds(rows)
    layers = [
        _mark("line", "line", straight=True, y=at.encoding("value"), **kinds),
        _mark("rule", "whisker", y=at.encoding("low"), y2={"field": "high"}, where="isValid(datum.low)", **kinds),
        _mark("point", "dot", y=at.encoding("value"), tooltip=_TOOLTIP, **kinds, **_marks(rows)),
    ]
    return chart(rows, layers, alt, x=x, height=280, **side)


# Rows of data and parts of specifications.


def _figure(point: Point, axis: Axis) -> dict[str, Any]:
    low, high = point.low, point.high
    return {
        "key": point.name, "value": point.value, "low": low, "high": high, "count": f"n {point.n:,}",
        "shown": figure_text(point.value, axis.format),
        "range": interval_text(low, high, axis),
        "side": side_of(low, high, 0.0, n=point.n),
    }  # fmt: skip


def _of(line: Line, axis: Axis, lang: Lang) -> list[dict[str, Any]]:
    kind = label(line.term, lang) if line.term else line.name
    return [_figure(point, axis) | {"line": line.name, "kind": kind, "term": line.term or ""} for point in line.points]


def _kinds(rows: Sequence[dict[str, Any]]) -> Spec:
    """The fixed colours of the terms of these lines, with a key."""
    known = {row["kind"]: one for row in rows if (one := vocabulary().get(row["term"])) and one.colour}
    scale = {"domain": list(known), "range": [one.colour for one in known.values()]}
    legend = {"columns": {"expr": "narrow ? 1 : 4"}}
    return {"color": {"field": "kind", "type": "nominal", "scale": scale, "legend": legend}} if known else {}


def _marks(rows: Sequence[dict[str, Any]]) -> Spec:
    known = {row["kind"]: one for row in rows if (one := vocabulary().get(row["term"])) and one.colour}
    scale = {"domain": list(known), "range": [one.mark or "circle" for one in known.values()]}
    return {"shape": {"field": "kind", "type": "nominal", "scale": scale}} if known else {}


def _zero(axis: str) -> Spec:
    return {
        "data": {"values": [{"at": 0}]},
        "mark": {"type": "rule", "style": "reference"},
        "encoding": {axis: {"datum": 0}, other_axis(axis): None},
    }


def _mark(kind: str, style: str, *, where: str = "", dx: Any = None, straight: bool = False, **encoding: Any) -> Spec:
    mark: Spec = {
        "type": kind,
        "style": style,
        **({"dx": dx} if dx else {}),
        **({"interpolate": "linear"} if straight else {}),
    }
    return {**({"transform": [{"filter": where}]} if where else {}), "mark": mark, "encoding": encoding}
