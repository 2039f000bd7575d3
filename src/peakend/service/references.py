"""Which parts of a document name which others: every id that points somewhere, and what it must point at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from peakend.documents.source import Path, walk
from peakend.service.journeys import LANES
from peakend.service.schema import ServiceDocument
from peakend.terms import vocabulary

MISSING: Final = MappingProxyType(
    {
        "touchpoint": "document.no_touchpoint",
        "feature": "document.no_feature",
        "persona": "document.no_persona",
        "survey": "document.no_survey",
        "failure": "document.no_failure",
        "segment": "document.no_segment",
        "construct": "document.no_construct",
        "step": "document.no_step",
        "remedy": "document.no_remedy",
        "skill": "document.no_skill",
        "course": "document.no_course",
        "person": "document.nobody",
    }
)
"""What to say of an id that names nothing, by what it should have named."""

ADVICE: Final = frozenset({"construct", "person"})
"""What an id may name without being there: the vocabulary's words, and people whom the document does not list."""

_BY_KEY: Final = MappingProxyType(
    {
        "touchpoint": "touchpoint",
        "touchpoints": "touchpoint",
        "touches": "touchpoint",
        "construct": "construct",
        "dimension": "construct",
        "feature": "feature",
        "features": "feature",
        "persona": "persona",
        "personas": "persona",
        "survey": "survey",
        "invite": "survey",
        "fails": "failure",
        "segment": "segment",
        "step": "step",
        "remedy": "remedy",
        "skills": "skill",
        "owner": "person",
        "to": "person",
        "who": "person",
        "above": "person",
        "for": "person",
    }
)


NAMED_AS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "touchpoints": "touchpoint",
        "features": "feature",
        "personas": "persona",
        "surveys": "survey",
        "failures": "failure",
        "segments": "segment",
        "constructs": "construct",
        "steps": "step",
        "remedies": "remedy",
        "skills": "skill",
        "courses": "course",
        "stakeholders": "person",
    }
)
"""As what a part of each kind is named by others."""


@dataclass(frozen=True)
class Reference:
    """An id at a path, and the kind of part that it names."""

    path: Path
    target: str
    id: str


def references(data: Any) -> Iterator[Reference]:
    """Every id in a document's plain data that names another part, in the order of the text."""
    for path, value in walk(data):
        target = target_of(path) if isinstance(value, str) else None
        if target:
            yield Reference(path, target, str(value))


def target_of(path: Path) -> str | None:
    """What a text at a path must name; None where it names nothing in the document. The values of a segment are no
    ids.
    """
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    if len(path) > 2 and path[-2] == "segment":
        return None
    return _after(path) if key == "after" else _BY_KEY.get(key)


def _after(path: Path) -> str | None:
    """What something comes after: a survey after a touchpoint, a step after a step, a course after courses."""
    if path[-2:] == ("when", "after"):
        return "touchpoint"
    if path[0] == "courses":
        return "course"
    return "step" if len(path) > 2 and path[-3] in LANES else None


def ids_by_kind(service: ServiceDocument) -> dict[str, set[str]]:
    """The ids that may be named, by the kind of part."""
    points = {point.id for point in service.touchpoints}
    features = {part.id for part in service.features}
    people = {part.id for part in service.stakeholders}
    skills = {part.id for part in service.skills}
    return {
        "touchpoint": points,
        "feature": features,
        "persona": {part.id for part in service.personas},
        "survey": {part.id for part in service.surveys},
        "failure": {part.id for part in service.failures},
        "segment": {part.id for part in service.segments},
        "construct": {part.id for part in service.constructs} | points | features | skills | set(vocabulary()),
        "step": {step.id for journey in service.journeys for step in journey.steps},
        "remedy": {part.id for part in service.remedies},
        "skill": skills,
        "course": {part.id for part in service.courses},
        "person": people,
    }
