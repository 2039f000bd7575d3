"""How many were served, which failures are put in proportion to: those who arrived; where no arrival is written down,
the visits that began. And in how many of these visits nothing failed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from peakend.facts import Facts
from peakend.field.limits import Verdicts
from peakend.reduce import event_counts, follows
from peakend.sums import Group


def visits_begun(facts: Facts, by: tuple[str, ...]) -> dict[Group, dict[str, float]]:
    """Visits of each group by the day that they began on; none where nothing but failures is known, for then those
    without one are not.
    """
    found: dict[Group, dict[str, float]] = {}
    for (*group, day), steps in follows(
        facts, (*by, "day"), activity="kind"
    ).items():  # grains may stand twice: the last is the day
        if day is not None and set(steps.starts) | {name for edge in steps.edges for name in edge} != {"fail"}:
            found.setdefault(tuple(group), {})[day] = float(sum(steps.starts.values()))
    return found


def visits_without_failure(facts: Facts, by: tuple[str, ...]) -> dict[Group, tuple[Verdicts, ...]]:
    """Of the visits of each day those in which nothing failed at a touchpoint, by (by…, touchpoint), of each touchpoint
    at which anything ever failed. A visit counts on the day of its first failure there.
    """
    came, found = _came(facts, by), {}
    for cell, failed in _failed_visits(facts, by).items():
        of = came.get(cell[:-1], {})
        every = {day: max(round(of.get(day, 0)), failed[day]) for day in sorted({*of, *failed}, key=str)}
        found[cell] = tuple(Verdicts(n - failed[day], n) for day, n in every.items() if n)
    return found


def _came(facts: Facts, by: tuple[str, ...]) -> Mapping[Group, Mapping[Any, float]]:
    arrived = event_counts(facts.where(kind="arrive"), (*by, "day"), keys=())
    if not len(arrived):
        return visits_begun(facts, by)
    found: dict[Group, dict[str, float]] = {}
    for (*cell, day), n in zip(arrived.cells, arrived.count.tolist(), strict=True):
        found.setdefault(tuple(cell), {})[day] = float(n)
    return found


def _failed_visits(facts: Facts, by: tuple[str, ...]) -> dict[Group, Counter[str | None]]:
    """How many visits failed, by (by…, touchpoint), on the day of the first failure of each."""
    counts = event_counts(facts.where(kind="fail"), (*by, "touchpoint", "visit", "day"), keys=())
    found: dict[Group, Counter[str | None]] = {}
    seen = set[Group]()
    for *place, visit, day in counts.cells:  # in order of days
        if (*place, visit) not in seen:
            found.setdefault(tuple(place), Counter())[day] += 1
            seen.add((*place, visit))
    return found
