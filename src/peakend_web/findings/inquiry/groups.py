"""One group of customers beside all others: how the group judges the whole, and which touchpoints it rates clearly
otherwise.

All touchpoints, and the whole where it is rated, are one family of tests (`extremes.apart`): Welch's (1947) t for each,
held together by Holm (1979), so that the chance that any of them is wrongly called different is at most five in a
hundred. A touchpoint is compared where both sides have answers enough for such a word, on one scale.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from peakend import extremes
from peakend.errors import MethodError
from peakend.methods import BY_ID
from peakend_web.store import least_sizes
from peakend_web.store.door import Filters

from . import touchpoints
from .lead_figures import leading_row
from .request import Inquiry

WHOLE: Final = ""
"""The judgement of the whole among what is compared."""


@dataclass(frozen=True)
class Pair:
    """How something is rated by a group and by all others; `differs` where a test leaves no doubt."""

    own: Any
    others: Any
    differs: bool = False

    @property
    def is_higher(self) -> bool:
        """Whether the group rates it higher."""
        return bool(self.own.value > self.others.value)

    @property
    def distance(self) -> float:
        """How far apart both are, on their one scale."""
        return float(abs(self.own.value - self.others.value))


@dataclass(frozen=True)
class Group:
    """A group of customers by their columns, in what somebody sees."""

    inquiry: Inquiry
    columns: Mapping[str, tuple[str, ...]]

    @property
    def is_open(self) -> bool:
        """Whether whoever asks may read this group by itself."""
        return self.inquiry.is_open(Filters(self.columns))

    @cached_property
    def own(self) -> Inquiry:
        """What is asked of the group alone."""
        return self.inquiry.among(Filters(self.columns))

    @cached_property
    def others(self) -> Inquiry:
        """What is asked of all others."""
        return self.inquiry.among(Filters(but=self.columns))

    @cached_property
    def whole(self) -> Pair:
        """How both judge the whole: the row of the overall rating, of the recommendation where that was not asked."""
        own, others = self._wholes
        return Pair(own, others, self._differ.get(WHOLE, False))

    @cached_property
    def _wholes(self) -> tuple[Any, Any]:
        own, others = _whole(self.own), _whole(self.others)
        same = getattr(own, "construct", None) == getattr(others, "construct", None)
        return own, others if same else None

    @cached_property
    def compared(self) -> dict[str, Pair]:
        """The touchpoints that can be compared, in the order of the document."""
        return {name: Pair(*rows, self._differ[name]) for name, rows in self._rated.items()}

    @cached_property
    def _rated(self) -> dict[str, tuple[Any, Any]]:
        own, others = touchpoints.scores(self.own), touchpoints.scores(self.others)
        places = (point.id for point in self.inquiry.document.touchpoints)
        both = {name: (own[name], others[name]) for name in places if name in own and name in others}
        return {name: rows for name, rows in both.items() if _is_comparable(*rows)}

    @cached_property
    def _differ(self) -> dict[str, bool]:
        tables = {**({WHOLE: self._wholes} if _is_comparable(*self._wholes) else {}), **self._rated}
        tested = extremes.apart([*tables.values()])
        return {name: bool(below.any()) for name, below in zip(tables, tested, strict=True)}


def _is_comparable(own: Any, others: Any) -> bool:
    """Whether both are means of answers enough, on one scale."""
    if own is None or others is None or getattr(own, "measure", "") != "mean":
        return False
    return least_sizes.is_firm(own) and least_sizes.is_firm(others) and own.scale == others.scale


def _whole(inquiry: Inquiry) -> Any:
    """The row of the overall rating, else of the recommendation; where neither has a figure, the one that lacks the
    least.
    """
    rated = touchpoints.overall(inquiry)
    if rated is not None:
        return rated
    rows = [row for row in (touchpoints.overall(inquiry, refused=True), _recommendation(inquiry)) if row is not None]
    return max(rows, key=lambda row: (row.value is not None, row.n), default=None)


def _recommendation(inquiry: Inquiry) -> Any:
    try:
        rows = inquiry.results("nps")
    except MethodError:
        return None
    return next((leading_row(BY_ID["nps"], row, weighted=inquiry.leads_with_weights) for row in rows), None)
