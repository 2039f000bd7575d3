"""The picture of the method `journey`: the steps as bars, the ways between them as lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from peakend.draw import SCHEMA, Chart
from peakend.figures import percent
from peakend.result.words import duration_words
from peakend.terms import Lang, data_label, label

FAINT: Final = 0.02
"""Steps and ways that a smaller share of the visits goes are left out of the map."""
Node = tuple[str, int, int]
Way = tuple[str, str, int, float]


def map_of(nodes: Sequence[Node], ways: Sequence[Way], lang: Lang, *, alt: str) -> Chart:
    """The steps from top to bottom in the order they are reached, a bar for the visits of each with the lost part
    amber; onward steps as lines.

    The line to the next step below names how many go and after how many minutes. An arc at the left passes over steps,
    one at the right comes back; width is how many go. Steps and ways that fewer than 2% of the visits go are left out.
    """
    most = max(n for _, n, _ in nodes)
    nodes = [node for node in nodes if node[1] >= FAINT * most]
    last = len(nodes) - 1
    place = {name: at for at, (name, _, _) in enumerate(nodes)}
    bars = [
        {
            "name": data_label(name, lang),
            "y": place[name],
            "n": n / most,
            "lost": lost / most,
            "side": "below",
            "count": f"n {n:,}",
            "shown": percent(lost / n),
        }
        for name, n, lost in nodes
    ]
    drawn = [way for way in ways if way[2] >= FAINT * most and way[0] in place and way[1] in place]
    arcs = [point for way in drawn for point in _arc(way, place, most)]
    told = [_way_fields(way, place, lang) for way in drawn if place[way[1]] == place[way[0]] + 1]
    y = {
        "field": "y",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-0.5, last + 0.4], "reverse": True, "nice": False},
    }
    x = {"type": "quantitative", "axis": None, "scale": {"domain": [-0.45, 1.45], "nice": False}}
    amber = {
        "field": "side",
        "type": "nominal",
        "legend": None,
        "scale": {"domain": ["below", "level", "above"], "range": "sides"},
    }
    layers = [
        {
            "data": {"values": arcs},
            "mark": {"type": "trail", "style": "interval", "opacity": 0.55},
            "encoding": {"x": {**x, "field": "x"}, "y": y, **_WIDE},
        },
        {
            "mark": {"type": "bar", "style": "bar", "height": 14},
            "encoding": {"x": {**x, "field": "n"}, "x2": {"datum": 0}, "y": y},
        },
        {
            "mark": {"type": "bar", "height": 14},
            "encoding": {"x": {**x, "field": "lost"}, "x2": {"datum": 0}, "y": y, "color": amber},
        },
        {
            "mark": {"type": "text", "style": "nameRight", "fontSize": 13, "dx": 0, "dy": -18},
            "encoding": {"x": {**x, "datum": 0}, "y": y, "text": {"field": "name"}},
        },
        {
            "mark": {"type": "text", "style": "value"},
            "encoding": {"x": {"value": "width"}, "y": y, "text": {"field": "shown"}},
        },
        {
            "mark": {"type": "text", "style": "count"},
            "encoding": {"x": {"value": "width"}, "y": y, "text": {"field": "count"}},
        },
        {
            "data": {"values": told},
            "mark": {"type": "text", "style": "nameRight", "opacity": 0.75},
            "encoding": {"x": {**x, "datum": 0.54}, "y": y, "text": {"field": "told"}},
        },
    ]
    head = {"text": label("journey.lost", lang), "anchor": "end", "fontSize": 12}
    spec = {
        "$schema": SCHEMA,
        "description": alt,
        "title": head,
        "data": {"values": bars},
        "autosize": {"type": "fit-x", "contains": "padding"},
    }
    return Chart({**spec, "layer": layers, "height": 64 * len(nodes)}, alt)


_WIDE: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "size": {
            "field": "width",
            "type": "quantitative",
            "legend": None,
            "scale": {"domain": [0, 1], "range": [0.5, 12]},
        },
        "detail": {"field": "way"},
        "order": {"field": "at"},
    }
)


def _arc(way: Way, place: Mapping[str, int], most: int) -> list[dict[str, Any]]:
    """The points of one line: straight to the step below, at the left where it passes over steps, at the right where it
    comes back.
    """
    start, end, count, _ = way
    first, last = float(place[start]), float(place[end])
    bulge = 0.0 if last == first + 1 else min(0.06 + 0.07 * abs(last - first), 0.4)
    base, side = (0.5 if not bulge else -0.02, -1.0) if last > first else (1.02, 1.0)
    turns = [at / 24 for at in range(25)]
    return [
        {
            "way": f"{start}>{end}",
            "at": t,
            "width": count / most,
            "x": base + side * bulge * 4 * t * (1 - t),
            "y": first + (last - first) * t,
        }
        for t in turns
    ]


def _way_fields(way: Way, place: Mapping[str, int], lang: Lang) -> dict[str, Any]:
    _, _, count, minutes = way
    return {"y": place[way[0]] + 0.42, "told": f"{count:,} · {duration_words(minutes, lang)}"}
