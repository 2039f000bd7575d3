"""Which touchpoints decide the judgement as a whole, as the answers have it: what stands beside those that people named
as moments of truth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from peakend.errors import MethodError
from peakend.service.schema import ServiceDocument
from peakend_web.base.refusals import Refusal
from peakend_web.store import least_sizes

from .request import Inquiry


@dataclass(frozen=True)
class Weight:
    """How much of what decides belongs to a touchpoint, in percent, with its interval and its n. It `decides` where it
    is surely more than if all had the same share.
    """

    touchpoint: str
    percent: float
    low: float
    high: float
    n: int
    decides: bool


def decisive(inquiry: Inquiry, document: ServiceDocument) -> list[Weight]:
    """The touchpoints of a document by how much they decide, the most first; none where that cannot be told, and none
    of fewer answers than a firm figure needs.
    """
    try:
        rows = inquiry.results("drivers")
    except (MethodError, Refusal):
        return []
    found = list(_weights(rows, {one.id: one.id for one in document.touchpoints} | _places(document)))
    return sorted(found, key=lambda one: one.percent, reverse=True)


def _places(document: ServiceDocument) -> dict[str, str]:
    """The touchpoints of the constructs that belong to one."""
    return {one.id: one.touchpoint for one in document.constructs if one.touchpoint}


def _weights(rows: object, places: dict[str, str]) -> Iterator[Weight]:
    every = list(rows)  # type: ignore[call-overload]
    for row in every:
        told = row.percent is not None and row.percent_low is not None and least_sizes.is_firm(row)
        if told and row.driver in places:
            decides = row.percent_low > 100 / len(every)
            yield Weight(places[row.driver], row.percent, row.percent_low, row.percent_high, row.n, decides)
