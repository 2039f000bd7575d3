"""What was kept of a limit in minutes: a time that was promised, or a standard that was set; and how sure the share is,
for what happens on one day hangs together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from peakend import intervals as iv
from peakend.sums import Counts
from peakend.thresholds import FEWEST_DAYS


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


class KeptShare(NamedTuple):
    """The percent of the `decided` events that were `within`, from how many days; without ends of fewer than
    `FEWEST_DAYS`, for one day tells little of another.
    """

    value: float
    low: float | None
    high: float | None
    within: int
    decided: int
    days: int


def verdicts_by_day(tallied: Counts, still_open: int) -> tuple[Verdicts, ...]:
    """The same day by day, of a tally that has the `day`; of one that has not, as a group that is one day itself, of
    that one.
    """
    parts = [part for _day, part in tallied.split("day")] if "day" in tallied.keys else [tallied]
    return tuple(one for part in parts if (one := verdicts(part, still_open)).decided)


def share_kept(days: Sequence[Verdicts], conf: float, *, within: bool = True) -> KeptShare | None:
    """The share of all events of these days that were within their limit, or without `within` of those that were not;
    None where none is decided.

    Wilson's interval of rows that hang together by day (`intervals.clustered_share`).
    """
    of = [one.decided for one in days]
    kept = [one.within if within else one.decided - one.within for one in days]
    if not sum(of):
        return None
    ends = iv.clustered_share(kept, of, conf) if len(days) >= FEWEST_DAYS else None
    low, high = (None, None) if ends is None else (100 * ends[0], 100 * ends[1])
    return KeptShare(100 * sum(kept) / sum(of), low, high, sum(kept), sum(of), len(days))
