"""What was kept of a limit in minutes: a time that was promised, or a standard that was set."""

from __future__ import annotations

from typing import NamedTuple

from peakend.sums import Counts


class Verdicts(NamedTuple):
    """Of how many events it is known whether they lasted within their limit, and how many did."""

    within: int
    decided: int


def verdicts(tallied: Counts, still_open: int) -> Verdicts:
    """The events of a tally of `durations` that can be judged. Where some are not over yet, only of those old enough
    that they would have been seen to last longer: the quick ones of the last minutes would else be counted without the
    slow ones.
    """
    judged = list(zip(tallied.column("kept"), tallied.count.tolist(), strict=True))
    ways: tuple[set[int], ...] = ({1}, {0, 1}) if still_open else ({1, 2}, {0, 1, 2})
    return Verdicts(*(sum(n for kept, n in judged if kept in wanted) for wanted in ways))
