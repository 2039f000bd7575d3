"""The five steps by which a service is set up, needs, journey, design, training and feedback: how far each has come."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from peakend.service.schema import ServiceDocument

Step = Literal["needs", "journey", "design", "training", "feedback"]
AT_WORK: Final = frozenset({"frontstage", "backstage", "support"})
"""The sides on which somebody has a post."""


@dataclass(frozen=True)
class Progress:
    """How far a step has come: how many of its parts are `ready`, of `all` that there are."""

    step: Step
    ready: int
    all: int
    done: bool


def five_steps(service: ServiceDocument) -> tuple[Progress, ...]:
    """The steps in their order.

    Needs are done where a persona has one, the journey where every touchpoint has its planned emotion, the design where
    every moment of truth has a standard, training where every post has its duty or a course, feedback where a survey
    asks something.
    """
    posts = [person for person in service.stakeholders if person.side in AT_WORK]
    taught = {id for course in service.courses for id in course.people}
    truths = [point for point in service.touchpoints if point.moment_of_truth]
    surveys = [survey for survey in service.surveys if not survey.archived]
    return (
        _some("needs", [bool(persona.needs) for persona in service.personas]),
        _every("journey", [point.emotion is not None for point in service.touchpoints]),
        _every("design", [bool(point.all_standards) for point in truths]),
        _every("training", [bool(person.duty) or person.id in taught for person in posts]),
        _some("feedback", [bool(survey.items or survey.instrument) for survey in surveys]),
    )


def _some(step: Step, ready: Collection[bool]) -> Progress:
    return Progress(step, sum(ready), len(ready), any(ready))


def _every(step: Step, ready: Collection[bool]) -> Progress:
    return Progress(step, sum(ready), len(ready), bool(ready) and all(ready))
