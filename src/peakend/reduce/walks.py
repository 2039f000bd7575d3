"""Rated visits, moment by moment in order of time: what the features of a visit are made of.

What leaving one visit out would change, or another rating in its place, is in no sum over visits: for these the moments
are kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from peakend.facts import Facts
from peakend.reduce.ends import moments_of_visits
from peakend.reduce.engine_table import EngineTable
from peakend.reduce.features import moment_features
from peakend.reduce.plans import Frame, collect, columns, plan_once, takes_turn
from peakend.reduce.units import units_of
from peakend.reduce.visit_order import NEVER
from peakend.sums import Floats, Group, Wholes

APART: Final = 1_000_000
"""Ratings of two touchpoints less than a second apart were given on one form: their order is the form's, not the
visit's.
"""


@takes_turn
def walks(facts: Facts, by: Sequence[str] = ()) -> dict[Group, Walks]:
    """The rated moments of each visit in their order, by group, with what was said of the visit afterwards.

    The rows of `ends` before they are summed: what leaving one visit out, or another rating in its place, would change
    is not in any sum.
    """
    table = collect(_rated(facts, tuple(by)))
    which, people = units_of(table, by, "_visit", named=True)
    groups, group = people.groups(by)
    rated = VisitRatings(table, which, np.array([*people.values("response"), None], dtype=object)[:-1], group)
    return dict(zip(groups, rated.walks(len(groups)), strict=True))


@plan_once
def _rated(facts: Facts, by: tuple[str, ...]) -> Frame:
    wanted = ("at_us", "item", "touchpoint", "customer", "value", "low", "high", "_visit", "_memory")
    return moments_of_visits(facts, by).select(*columns(by, wanted))


@dataclass(frozen=True, eq=False)
class Walks:
    """The rated visits of one group: visit i holds the moments `first[i]` up to, not including, `first[i + 1]`.

    `low` and `high` are the ends of each rating's scale (NaN where not stated), `touchpoint` ranks in `names`;
    `remembered` is NaN where the visit was not judged afterwards. `ordered` says that it is known which touchpoint came
    last; `who` is the customer, or the visit itself where no customer is known; `later` is how many microseconds passed
    between the last moment and the judgement (NaN: not known).
    """

    visit: NDArray[np.object_]
    who: NDArray[np.object_]
    remembered: Floats
    later: Floats
    ordered: NDArray[np.bool_]
    first: Wholes
    touchpoint: Wholes
    value: Floats
    low: Floats
    high: Floats
    names: tuple[str, ...]

    @property
    def length(self) -> Wholes:
        """The moments of each visit."""
        return np.diff(np.append(self.first, len(self.value)))

    @property
    def owner(self) -> Wholes:
        """The visit that each moment belongs to."""
        return np.repeat(np.arange(len(self.first)), self.length)

    @property
    def last(self) -> Wholes:
        """Where the last moment of each visit stands."""
        return self.first + self.length - 1

    def take(self, visits: NDArray[np.bool_]) -> Walks:
        """Only these visits."""
        moments, length = visits[self.owner], self.length[visits]
        return Walks(
            self.visit[visits], self.who[visits], self.remembered[visits], self.later[visits], self.ordered[visits],
            np.cumsum(length) - length,
            self.touchpoint[moments], self.value[moments], self.low[moments], self.high[moments], self.names,
        )  # fmt: skip

    def features(self, value: Floats | None = None) -> Floats:
        """`FEATURES` but the last of each visit, shape (visits, 12); of other ratings in the same places, where
        `value` brings them.
        """
        return moment_features(self.value if value is None else value, (self.low + self.high) / 2, self.first)


@dataclass(frozen=True)
class VisitRatings:
    """The rows that visits are made of: which visit each belongs to, and for each visit its name and its group."""

    table: EngineTable
    visit: Wholes
    names: NDArray[np.object_]
    group: Wholes

    def walks(self, groups: int) -> list[Walks]:
        """The visits that have moments, of each group. The table has at_us, item, touchpoint, customer, value, low,
        high, and _memory.
        """
        table, memory = self.table, self.table.wholes("_memory") == 1
        touchpoint, names = table.ranks("touchpoint")
        at, item, value = table.wholes("at_us", null=-NEVER), table.ranks("item")[0], table.numbers("value")
        order = np.lexsort((value, touchpoint, item, at, self.visit))
        order = order[~memory[order]]
        visit, at, touchpoint = self.visit[order], at[order], touchpoint[order]
        here, first, length = np.unique(visit, return_index=True, return_counts=True)
        last = first + length - 1
        elsewhere = (np.repeat(at[last], length) - at < APART) & (touchpoint != np.repeat(touchpoint[last], length))
        ordered = np.bincount(np.repeat(np.arange(len(here)), length)[elsewhere], minlength=len(here)) == 0
        judged, then = self._judged(memory, value)
        later = np.where(at[last] == -NEVER, np.nan, then[here] - at[last])
        whole = Walks(
            self.names[here], self._who()[here], judged[here], later, ordered, first.astype(np.int64), touchpoint,
            value[order],
            table.numbers("low")[order], table.numbers("high")[order], tuple(str(name) for name in names),
        )  # fmt: skip
        return [whole.take(self.group[here] == g) for g in range(groups)]

    def _judged(self, memory: NDArray[np.bool_], value: Floats) -> tuple[Floats, Floats]:
        """The mean remembered score of each visit, and the instant of the first; NaN where there is none."""
        visit = self.visit[memory]
        n, total = (np.bincount(visit, weights=weight, minlength=len(self.names)) for weight in (None, value[memory]))
        then = np.full(len(self.names), np.inf)
        np.minimum.at(then, visit, self.table.wholes("at_us", null=NEVER)[memory].astype(np.float64))
        known = np.where(then < float(NEVER), then, np.nan)
        return np.divide(total, n, out=np.full(len(self.names), np.nan), where=n > 0), known

    def _who(self) -> NDArray[np.object_]:
        """The customer of each visit; the visit where no customer is known."""
        code, customers = self.table.codes("customer")
        held = np.empty(len(self.names), dtype=np.int64)
        held[self.visit] = code
        known = np.array([*customers, None], dtype=object)[held]
        return np.where([one is None for one in known], self.names, known)
