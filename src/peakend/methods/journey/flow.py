"""What the steps of visits add up to: reached, lost, come back to, and onward; and the map of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

from peakend.draw import SCHEMA, Chart
from peakend.errors import MethodError
from peakend.figures import number, percent
from peakend.instants import MINUTE
from peakend.sums import Steps
from peakend.terms import Lang, data_label, label

FAINT: Final = 0.02
"""Steps and ways that a smaller share of the visits goes are left out of the map."""


@dataclass(frozen=True)
class Step:
    """One step: visits that reach it, begin and end there, were lost there, come back to it; and the steps that follow,
    the commonest first.
    """

    visits: int
    starts: int
    ends: int
    lost: int
    returned: int
    repeats: int
    next: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Flow:
    """The steps of one group, in the order in which visits reach them; `ways` the variants, the commonest first;
    `minutes` the mean of a visit.
    """

    visits: int
    lost: int
    goal: str
    steps: Mapping[str, Step]
    ways: tuple[tuple[tuple[str, ...], int], ...]
    variants: int
    minutes: float
    unseen: int = 0
    """Visits that reached the goal at an instant that nobody knows; they are not lost."""

    def without(self, unseen: Mapping[str, int]) -> Flow:
        """As if so many of the visits that end at these steps were not lost."""
        steps = {name: replace(step, lost=step.lost - unseen.get(name, 0)) for name, step in self.steps.items()}
        total = sum(unseen.values())
        return replace(self, steps=steps, lost=self.lost - total, unseen=total)


def losses(steps: Steps, goal: str) -> dict[str, int]:
    """How many visits end at each step without having reached the goal."""
    found: dict[str, int] = {}
    for way, count in steps.variants.items():
        if goal not in way:
            found[way[-1]] = found.get(way[-1], 0) + count
    return found


def flow(steps: Steps, goal: str | None = None) -> Flow:
    """The flow of these steps towards the goal: the step named, else the one that most visits end at.

    Raises MethodError `journey.goal` for a goal that no visit reaches.
    """
    names = {name for edge in steps.edges for name in edge} | set(steps.starts)
    if goal is not None and goal not in names:
        raise MethodError("journey.goal", found=goal, known=", ".join(sorted(names)))
    end = goal or max(sorted(steps.ends), key=lambda name: steps.ends[name])
    tallied = {name: [0, 0, 0, 0] for name in sorted(names)}  # visits, lost, returned, places
    for way, count in steps.variants.items():
        _walk(way, count, end, tallied)
    order = sorted(tallied, key=lambda name: (tallied[name][3] / tallied[name][0], name))
    found = {name: _step(name, tallied[name], steps) for name in order}
    visits = sum(steps.starts.values())
    ways = tuple(nsmallest(50, steps.variants.items(), key=lambda entry: (-entry[1], entry[0])))
    lost, spent = sum(part[1] for part in tallied.values()), sum(steps.waited.values())
    return Flow(visits, lost, end, found, ways, len(steps.variants), spent / visits / MINUTE)


def _walk(way: tuple[str, ...], count: int, goal: str, tallied: Mapping[str, list[int]]) -> None:
    """Add the visits that went one way."""
    stays = [name for name, _ in groupby(way)]
    for name in set(stays):
        part = tallied[name]
        part[0] += count
        part[2] += count if stays.count(name) > 1 else 0
        part[3] += count * stays.index(name)
    if goal not in way:
        tallied[way[-1]][1] += count


def _step(name: str, part: Sequence[int], steps: Steps) -> Step:
    onward = {edge[1]: count for edge, count in steps.edges.items() if edge[0] == name and edge[1] != name}
    total = sum(onward.values())
    ordered = sorted(onward, key=lambda then: (-onward[then], then))
    following = tuple(_onward(name, then, onward[then], total, steps) for then in ordered)
    return Step(
        part[0],
        steps.starts.get(name, 0),
        steps.ends.get(name, 0),
        part[1],
        part[2],
        steps.edges.get((name, name), 0),
        following,
    )


def _onward(name: str, then: str, count: int, total: int, steps: Steps) -> Mapping[str, Any]:
    spread = steps.spread[name, then]
    return MappingProxyType(
        {
            "step": then, "count": count, "share": 100 * count / total,
            "mean": steps.waited[name, then] / count / MINUTE,
            "p50": within(spread, 0.5), "p80": within(spread, 0.8),
        }
    )  # fmt: skip


def within(spread: Sequence[int], share: float) -> tuple[float, float]:
    """The range of minutes that holds a quantile of times tallied by ⌊log2⌋ of their microseconds."""
    reached, wanted = 0, share * sum(spread)
    for place, count in enumerate(spread):
        reached += count
        if reached >= wanted - 1e-9 and count:
            return (2.0**place if place else 0.0) / MINUTE, 2.0 ** (place + 1) / MINUTE
    return 0.0, 0.0


# --- the map ----------------------------------------------------------------------------------------------------------

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


def duration_words(minutes: float, lang: Lang) -> str:
    """A time for eyes, in minutes up to two hours, in hours up to two days, else in days."""
    size, unit = (1, 0) if minutes < 120 else (60, 1) if minutes < 2880 else (1440, 2)
    words = {"en": ("minutes", "hours", "days"), "zh-Hant": ("分鐘", "小時", "天"), "zh-Hans": ("分钟", "小时", "天")}[
        lang
    ]
    return f"{number(minutes / size)} {words[unit]}"
