"""Where a journey peaks and ends by what was rated, at which touchpoints visits end, and whether peak and end are what
is remembered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peakend.errors import PeakendError
from peakend.service.drawings.curve import Score
from peakend.service.drawings.map_content import JourneyMap
from peakend.service.journeys import Journey
from peakend.service.schema import ServiceDocument
from peakend_web.store import least_sizes

from . import touchpoints
from .request import Inquiry

RAISED: Final = ("peak", "trough", "end")
"""The moments of a visit that a design may raise."""


@dataclass(frozen=True)
class PeakAndEnd:
    """Of a journey, `marks`: the touchpoints that are its peak, its trough and its end by what was rated, as the map
    marks them. `endings` are the rows of the method by the touchpoint that visits were rated at last, the most frequent
    first, where that is told. `visits` is how many were rated as far as is told, and `has_more` that there are others:
    so few end elsewhere that nothing is told of them. `memory` is its row on what is remembered, also where it says why
    that cannot be told.
    """

    marks: Mapping[str, Sequence[str]]
    endings: Mapping[str, Any]
    visits: int
    has_more: bool
    memory: Any


def peak_and_end(inquiry: Inquiry, document: ServiceDocument, journey: Journey) -> PeakAndEnd:
    """Where a journey peaks and ends, in all that whoever asks sees."""
    ends = _rows(inquiry, show="endings")
    return PeakAndEnd(
        _marks(inquiry, document, journey),
        _endings(ends),
        sum(row.n for row in ends),
        any(not row.n for row in ends),
        next((row for row in _rows(inquiry) if row.about == "peak_end"), None),
    )


def raised_rows(inquiry: Inquiry) -> list[Any]:
    """What raising the peak, the trough or the end by a point may do to what is remembered, where that has a figure."""
    found = _rows(inquiry, show="what_if", moments=RAISED)
    return [row for row in found if row.value is not None and least_sizes.is_firm(row)]


def _marks(inquiry: Inquiry, document: ServiceDocument, journey: Journey) -> dict[str, list[str]]:
    scores = {name: Score.of(each) for name, each in touchpoints.map_scores(touchpoints.scores(inquiry)).items()}
    picture = JourneyMap(document, journey, inquiry.lang, scores, "")
    if not picture.has_scores:
        return {}
    return {name: [picture.stops[at].touchpoint.id for at in places] for name, places in picture.marks.items()}


def _endings(rows: Sequence[Any]) -> dict[str, Any]:
    """The touchpoints that visits were rated at last; none of too few visits to tell."""
    found = [row for row in rows if row.value is not None and row.n >= least_sizes.LEAST_N]
    return {row.about: row for row in sorted(found, key=lambda row: -row.n)}


def _rows(inquiry: Inquiry, **options: Any) -> Sequence[Any]:
    try:
        return inquiry.results("peak_end", **options)
    except PeakendError:
        return ()
