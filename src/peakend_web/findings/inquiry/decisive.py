"""Which touchpoints decide the judgement as a whole, as the answers have it: what stands beside those that people named
as moments of truth.
"""

from __future__ import annotations

from dataclasses import dataclass

from peakend.errors import MethodError
from peakend.methods.drivers.decisive import confidence_for_all, decisive_drivers
from peakend.service.schema import ServiceDocument
from peakend_web.base.refusals import Refusal
from peakend_web.store import least_sizes

from .request import Inquiry


@dataclass(frozen=True)
class Weight:
    """How much of what decides belongs to a touchpoint, in percent, with its interval and its n. It `decides` where it
    is surely more than if all had the same share: all are looked at together, so each is held to a stricter interval
    (Bonferroni). `version` is that of the method.
    """

    touchpoint: str
    percent: float
    low: float
    high: float
    n: int
    decides: bool
    conf: float = 0.95
    version: str = ""


def decisive(inquiry: Inquiry, document: ServiceDocument) -> list[Weight]:
    """The touchpoints of a document by how much they decide, the most first; none where that cannot be told, and none
    of fewer answers than a firm figure needs.
    """
    try:
        shared = [row for row in inquiry.results("drivers") if row.percent is not None]
        deciding = decisive_drivers(inquiry.results("drivers", conf=confidence_for_all(len(shared))))
    except (MethodError, Refusal):
        return []
    places = places_of(document)
    found = [
        Weight(
            places[row.driver],
            row.percent,
            row.percent_low,
            row.percent_high,
            row.n,
            decides=row.driver in deciding,
            conf=row.conf,
            version=row.version,
        )
        for row in shared
        if row.percent_low is not None and least_sizes.is_firm(row) and row.driver in places
    ]
    return sorted(found, key=lambda one: one.percent, reverse=True)


def places_of(document: ServiceDocument) -> dict[str, str]:
    """The touchpoint of whatever is rated at one: itself, or a construct that belongs to it."""
    own = {one.id: one.id for one in document.touchpoints}
    return own | {one.id: one.touchpoint for one in document.constructs if one.touchpoint}
