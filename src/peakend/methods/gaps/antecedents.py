"""What gaps 1 to 4 come from: the scales of Zeithaml, Berry & Parasuraman (1988), answered by those whom each gap is
about.

They are optional: a row of role score whose construct is one of these ids, of a manager for gaps 1 and 2, of contact
staff for gaps 3 and 4. Most are better the higher they are; of some the low end is the good one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from peakend import intervals as iv
from peakend.errors import MethodError
from peakend.facts import Facts, conform
from peakend.field import pair_differences as pd
from peakend.field import ratings
from peakend.reduce import moments
from peakend.sums import in_order

OF_GAP: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "gap1": ("research_orientation", "upward_communication", "management_levels"),
        "gap2": ("management_commitment", "goal_setting", "task_standardisation", "feasibility"),
        "gap3": (
            "teamwork", "employee_job_fit", "technology_job_fit", "perceived_control", "supervisory_control",
            "role_conflict", "role_ambiguity",
        ),
        "gap4": ("horizontal_communication", "propensity_to_overpromise"),
    }
)  # fmt: skip
KIND: Final[Mapping[str, str]] = MappingProxyType(
    {"gap1": "manager", "gap2": "manager", "gap3": "frontline", "gap4": "frontline"}
)
LOW_IS_GOOD: Final = frozenset({"management_levels", "role_conflict", "role_ambiguity", "propensity_to_overpromise"})
NAMES: Final = tuple(name for names in OF_GAP.values() for name in names)


@dataclass(frozen=True, kw_only=True)
class AntecedentCell:
    """One antecedent in one group: n, mean and variance of those asked, and the scales that they were asked on."""

    group: tuple[Any, ...]
    gap: str
    name: str
    found: iv.Summary
    scales: frozenset[ratings.StatedScale]

    def scale(self) -> tuple[float, float]:
        """The one scale. Raises MethodError `gaps.scale` where none was stated, or where there are several."""
        low, high = next(iter(self.scales)) if len(self.scales) == 1 else (None, None)
        if low is None or high is None:
            raise MethodError(
                "gaps.scale", dimension=self.name, roles="score", scales=ratings.scales_text(self.scales) or "–"
            )
        return low, high


def cells(answers: Any, by: Sequence[str], where: ratings.Where | None) -> Iterator[AntecedentCell]:
    """Every antecedent that anybody was asked about, by group.

    Raises MethodError `gaps.kinds` where the conditions name a kind of respondent: each gap has its own.
    """
    if where is not None and "respondent_kind" in where:
        raise MethodError("gaps.kinds")
    facts = conform(answers).only(where).where(role="score", construct=NAMES)
    for gap, names in OF_GAP.items():
        yield from _of_kind(facts.where(respondent_kind=KIND[gap], construct=names), by, gap)


def _of_kind(facts: Facts, by: Sequence[str], gap: str) -> Iterator[AntecedentCell]:
    asked, sums = pd.asked_roles(facts), moments(facts, by)
    for group in in_order(sums.groups):
        for at, (name,) in enumerate(sums.names):
            part = sums.groups[group].take([at])
            if n := int(part.count()[0]):
                spread = max(0.0, float(part.covariance()[0, 0])) if n > 1 else 0.0
                yield AntecedentCell(
                    group=group,
                    gap=gap,
                    name=name,
                    found=(n, float(part.mean()[0]), spread),
                    scales=asked[name].roles["score"],
                )
