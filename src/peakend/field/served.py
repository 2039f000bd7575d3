"""How many were served, which failures are put in proportion to: those who arrived; where no arrival is written down,
the visits that began.
"""

from __future__ import annotations

from peakend.facts import Facts
from peakend.reduce import follows
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
