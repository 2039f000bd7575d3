"""What answers may be filtered and grouped by: columns that many people share, and no column that tells one person from
another.

Columns of the question say which answers are meant; columns of people say whose. A response, a customer, a visit, a
text, an instant, a source and its keys are in neither list, on no page, in no file and by no program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from peakend.facts.shape import may_be_segment
from peakend.service.schema import Segment, ServiceDocument
from peakend_web.base.documents import document_of
from peakend_web.base.refusals import Missing, Refusal
from peakend_web.models import Service

OF_QUESTIONS: Final = (
    "respondent_kind",
    "survey",
    "wave",
    "item",
    "construct",
    "role",
    "touchpoint",
    "state",
    "aside",
    "kind",
    "indicator",
)
OF_PEOPLE: Final = ("site", "channel", "language")
"""Beside them, the segments that the service's document declares."""
COARSE: Final = ("month", "quarter", "year")
FINE: Final = ("day", "week")

ACROSS: Final = {"tracing": ("site",)}
"""Methods that set groups of people beside each other by themselves."""


def of_people(service: Service) -> tuple[str, ...]:
    """The columns by which a service tells groups of people apart."""
    segments = () if service.current_id is None else segments_of(document_of(service.current_id))
    return tuple(dict.fromkeys((*OF_PEOPLE, *(segment.id for segment in segments))))


def segments_of(document: ServiceDocument) -> tuple[Segment, ...]:
    """The segments that a document declares; one that is called like a column of the facts is none, for it would open
    that column to everybody; nor one that is called like a period, by which it would be grouped.
    """
    return tuple(segment for segment in document.segments if may_be_segment(segment.id))


def require(service: Service, names: Iterable[str], *, grains: tuple[str, ...] = ()) -> None:
    """Refuse a column that nobody may filter or group by; `grains` are the periods that may stand among the groups."""
    allowed = (*of_people(service), *OF_QUESTIONS, *grains)
    for name in names:
        if name not in allowed:
            raise Refusal("web.column_closed", column=name, found=", ".join(allowed))


def require_sites(sites: tuple[str, ...] | None, narrowed: Mapping[str, Iterable[str]]) -> None:
    """Refuse a site beyond those that somebody is limited to: it is missing, exactly as one that is not there. Raises
    Missing `web.missing`.
    """
    if sites is not None and not {*narrowed.get("site", ())} <= {*sites}:
        raise Missing("web.missing")


def require_one(service: Service, *narrowed: Mapping[str, Iterable[str]], by: Iterable[str] = ()) -> None:
    """Refuse more than one column of people at once, or several values of one: what is released holds for one at a
    time.

    The sites that somebody is limited to are such a column, and may be several: whoever reads at two sites has no other
    figures than theirs.
    """
    people = of_people(service)
    found = {name for each in narrowed for name, values in each.items() if name in people and values} | {
        name for name in by if name in people
    }
    several = next(
        (name for each in narrowed[1:] for name, values in each.items() if name in people and len([*values]) > 1), None
    )
    if len(found) > 1 or several:
        raise Refusal("web.one_at_a_time", found=", ".join(sorted(found)))
