"""What the steps of visits add up to: reached, lost, come back to, and onward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from itertools import groupby
from types import MappingProxyType
from typing import Any

from peakend.errors import MethodError
from peakend.instants import MINUTE
from peakend.sums import Steps


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
