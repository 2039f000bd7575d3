"""The five gaps of service quality as sums: who answered what, by group and dimension, before a method names what it
means.

Each gap has respondents of its own (Zeithaml, Berry & Parasuraman 1988): 1 managers' belief of what customers expect
against what customers expect; 2 managers on standards; 3 contact staff on delivery; 4 contact staff on promises; 5
customers' perception less expectation. Gaps 2–4 are ratings whose high end is good, so their shortfall is (high −
x)/(high − low); that of gaps 1 and 5 is minus the difference over the width of the scale. So all five are shares of a
scale, and positive falls short.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.facts import Facts, conform
from peakend.field import ratings
from peakend.field.ratings import StatedScale
from peakend.reduce import gaps, moments
from peakend.sums import Moments, Sums, in_order
from peakend.thresholds import FEWEST_FOR_SPREAD

from . import pair_differences as pd
from .pair_differences import NOBODY, PairStatistics
from .ratings import Scale

GAPS: Final = ("gap1", "gap2", "gap3", "gap4", "gap5")
PAIR: Final = ("expectation", "perception")
RATED: Final[Mapping[str, tuple[str, str]]] = {
    "gap2": ("standard", "manager"),
    "gap3": ("delivered", "frontline"),
    "gap4": ("promised", "frontline"),
}
"""The role and the respondents of each gap that is a rating."""
STAFF: Final = 5
"""Fewer managers or staff than this are shown without an interval."""
EMPTY: Final[iv.Summary] = (0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True)
class GapCell:
    """One dimension in one group: n, mean and variance of every (role, respondents), customers' pairs, and the scales
    of each role.
    """

    group: tuple[Any, ...]
    dimension: str
    sides: Mapping[tuple[str, str], iv.Summary]
    pairs: PairStatistics
    scales: Mapping[str, frozenset[StatedScale]]

    def side(self, role: str, kind: str) -> iv.Summary:
        """n, mean and variance of one role of one kind of respondents; zeros where nobody answered."""
        return self.sides.get((role, kind), EMPTY)

    def scale(self, *roles: str) -> Scale:
        """The one scale of these roles. Raises MethodError `gaps.scale` where none was stated, or where there are
        several.
        """
        found = frozenset[StatedScale]().union(*(self.scales.get(role, frozenset()) for role in roles))
        low, high = next(iter(found)) if len(found) == 1 else (None, None)
        if low is None or high is None:
            raise MethodError(
                "gaps.scale",
                dimension=self.dimension,
                roles=", ".join(roles),
                scales=ratings.scales_text(found) or "–",
            )
        return low, high

    @property
    def auditing(self) -> str:
        """Who rated what is delivered: auditors where there are any, else contact staff."""
        return "auditor" if self.side("delivered", "auditor")[0] else "frontline"


def cells(
    answers: Any, by: Sequence[str], where: ratings.Where | None, dimension: str | Sequence[str] | None
) -> Iterator[GapCell]:
    """Every group and dimension in which anybody was asked about any gap.

    Raises MethodError `gaps.kinds` where the conditions name a kind of respondent: each gap has its own.
    """
    if where is not None and "respondent_kind" in where:
        raise MethodError("gaps.kinds")
    facts = conform(answers).only(where).where(role=("belief", "standard", "delivered", "promised", *PAIR))
    facts = facts.with_names("dimension", dimension)
    asked = {name: one.roles for name, one in pd.asked_roles(facts).items()}
    everybody = moments(facts, by, columns=("construct", "role", "respondent_kind"))
    customers = _pairs(facts.where(respondent_kind="customer"), by, asked)
    for group in in_order({*everybody.groups, *(customers.groups if customers else ())}):
        for name in sorted(asked):
            sums = everybody.groups.get(group)
            yield GapCell(
                group=group,
                dimension=name,
                sides=_sides(sums, everybody.names, name),
                pairs=_paired_gap(customers, group, name),
                scales=asked[name],
            )


def _pairs(customers: Facts, by: Sequence[str], asked: Mapping[str, Mapping[str, Any]]) -> Moments | None:
    both = tuple(name for name, roles in asked.items() if set(PAIR) <= set(roles))
    return gaps(customers.where(construct=both), by, pair=PAIR).unweighted if both else None


def _sides(sums: Sums | None, names: Sequence[tuple[str, ...]], dimension: str) -> dict[tuple[str, str], iv.Summary]:
    if sums is None:
        return {}
    found: dict[tuple[str, str], iv.Summary] = {}
    for at, (construct, role, kind) in enumerate(names):
        if construct == dimension and (n := int((part := sums.take([at])).count()[0])):
            found[role, kind] = (n, float(part.mean()[0]), max(0.0, float(part.covariance()[0, 0])) if n > 1 else 0.0)
    return found


def _paired_gap(customers: Moments | None, group: tuple[Any, ...], dimension: str) -> PairStatistics:
    if customers is None or group not in customers.groups or (dimension, "gap") not in customers.names:
        return NOBODY
    return pd.of_sums(customers.groups[group], [customers.names.index((dimension, role)) for role in (*PAIR, "gap")])


def shortfalls(cell: GapCell) -> dict[str, float]:
    """The shortfall of each gap that was asked in this cell, as a share of its scale; gaps without answers are left
    out.
    """
    found = {}
    for gap, (role, kind) in RATED.items():
        if (side := cell.side(role, kind))[0]:
            low, high = cell.scale(role)
            found[gap] = (high - side[1]) / (high - low)
    managers, customers = cell.side("belief", "manager"), cell.side("expectation", "customer")
    if managers[0] and customers[0]:
        low, high = cell.scale("belief", "expectation")
        found["gap1"] = (customers[1] - managers[1]) / (high - low)
    if cell.pairs.n >= FEWEST_FOR_SPREAD:
        low, high = cell.scale(*PAIR)
        found["gap5"] = (cell.pairs.left - cell.pairs.right) / (high - low)
    return found
