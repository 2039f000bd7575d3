"""The failures of each day by indicator, what each weighed that day, and how many were served: the table behind the
service quality indicator.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from peakend.errors import MethodError
from peakend.facts import Facts
from peakend.field.served import visits_begun
from peakend.reduce import event_counts
from peakend.sums import Floats

from .weights import Weights, of_day


@dataclass(frozen=True, kw_only=True)
class Daily:
    """The failures of one group: `counts` of shape (days, indicators), `weights` alike, `volume` how many were served
    each day.
    """

    days: tuple[str, ...]
    indicators: tuple[str, ...]
    counts: Floats
    weights: Floats
    volume: Floats
    group: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))
    missing: int = 0


def weights_of(sets: Sequence[Weights] | None, days: Sequence[str], indicators: Sequence[str]) -> Floats:
    """The weight of each indicator on each day, all 1 without sets. Raises MethodError `sqi.weight_missing`."""
    if sets is None:
        return np.ones((len(days), len(indicators)))
    of = {day: of_day(sets, day) for day in dict.fromkeys(days)}
    unknown = sorted({name for name in indicators for weights in of.values() if name not in weights})
    if unknown:
        raise MethodError("sqi.weight_missing", found=", ".join(unknown), known=", ".join(next(iter(of.values()))))
    return np.array([[of[day][name] for name in indicators] for day in days]).reshape(len(days), len(indicators))


def dailies(
    facts: Facts, by: tuple[str, ...], volume: float | None, sets: Sequence[Weights] | None, *, amounts: bool
) -> Iterable[Daily]:
    """The table of each group. Served are `volume` a day, else the `arrive` events, else the visits that began that
    day.
    """
    counts = event_counts(facts, by, keys=(*(name for name in ("day",) if name not in by), "kind", "indicator"))
    visits = {} if volume is not None or "arrive" in counts.column("kind") else visits_begun(facts, by)
    names = tuple(sorted({name for name in counts.where(kind="fail").column("indicator") if name is not None}))
    for cell, part in counts.split(*by):
        group = tuple(cell[name] for name in by)
        failed, came = part.where(kind="fail"), part.where(kind="arrive")
        failed_on, came_on, any_on = (
            (cell["day"],) * len(one) if "day" in by else one.column("day") for one in (failed, came, part)
        )
        served = (
            dict.fromkeys(any_on, volume) if volume is not None else visits.get(group, {}) or _sums(came_on, came.count)
        )
        days = tuple(sorted({day for day in (*served, *failed_on) if day is not None}))
        table = np.zeros((len(days), len(names)))
        for day, name, count in zip(
            failed_on, failed.column("indicator"), failed.weight if amounts else failed.count, strict=True
        ):
            if name is not None and day is not None:
                table[days.index(day), names.index(name)] += count
        nameless = sum(int(c) for name, c in zip(failed.column("indicator"), failed.count, strict=True) if name is None)
        yield Daily(
            days=days, indicators=names, counts=table, weights=weights_of(sets, days, names),
            group=MappingProxyType(cell), missing=nameless,
            volume=np.array([float(served.get(day) or 0.0) for day in days]),
        )  # fmt: skip


def _sums(days: Sequence[str], counts: Iterable[float]) -> dict[str, float]:
    found: dict[str, float] = {}
    for day, count in zip(days, counts, strict=True):
        found[day] = found.get(day, 0.0) + float(count)
    return found
