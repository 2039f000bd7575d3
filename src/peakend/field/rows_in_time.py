"""Rows of a small table in order of time: periods read and sorted by what they mean, repeats refused by name, gaps
told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from peakend.errors import MethodError
from peakend.periods import Timeline, names_in_message, timeline

Row = Mapping[str, Any]


def in_time(rows: Sequence[Row], period: str, order: Sequence[str] = ()) -> tuple[list[Row], Timeline]:
    """The rows of one axis, one a period, in order of time, and the axis.

    Raises MethodError `periods.repeated` where a period stands twice, and what `periods.timeline` raises.
    """
    names = [str(row[period]) for row in rows]
    if twice := [(name, times) for name, times in Counter(names).items() if times > 1]:
        (name, times), others = twice[0], [other for other, _ in twice[1:]]
        raise MethodError(
            "periods.repeated", name=name, times=times, more=f" (+ {names_in_message(others)})" if others else ""
        )
    line = timeline(names, order, delivered=True)
    return sorted(rows, key=lambda row: line.at[str(row[period])]), line
