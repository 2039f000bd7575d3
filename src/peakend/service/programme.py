"""What keeps a service good: strategy, benchmarks, skills, courses and the figures it is steered by."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from peakend.documents.parts import Day, Hours, Id, Many, NamedPart, Part, Text, Word
from peakend.service.journeys import Behaviour


class Strategy(Part):
    """The one page that priorities are held against: for whom the service is, and for whom it is not; which promise it
    makes; in what it wants to be the highest, and which features make it so.
    """

    for_whom: Text | None = None
    personas: Many[Id] = ()
    not_for: Text | None = None
    promise: Text | None = None
    highest: Text | None = None
    features: Many[Id] = ()


class Benchmark(NamedPart):
    """A practice of others, in whatever industry, with its source and date; `ours` says how it is here, `feature` names
    the feature by which customers are asked whether they would want it.
    """

    industry: Text
    practice: Text
    source: Text
    dated: Day | None = None
    touchpoint: Id | None = None
    feature: Id | None = None
    value: float | None = None
    unit: Text | None = None
    n: Annotated[int, Field(ge=0)] | None = None
    ours: Text | None = None


class Skill(NamedPart):
    """Something that staff can do on five levels; `levels` say what each looks like, the lowest first."""

    definition: Text | None = None
    behaviour: Behaviour | None = None
    levels: Annotated[Many[Text], Field(max_length=5)] = ()


class Course(NamedPart):
    """A course: which skills it teaches, for whom, after which others, and for how many months it stays valid."""

    summary: Text | None = None
    skills: Many[Id] = ()
    people: Many[Id] = Field((), alias="for")
    after: Many[Id] = ()
    hours: Hours | None = None
    valid_months: Annotated[int, Field(ge=1, le=120)] | None = None


class Kpi(NamedPart):
    """A figure that the service is steered by: a method with its options, a target and the reason for it, who answers
    for it, and after how many months it is looked at again.
    """

    method: Id
    options: dict[Word, Word | int | float | bool] = Field(default_factory=dict)
    target: float | None = None
    reason: Text | None = None
    owner: Id | None = None
    review_months: Annotated[int, Field(ge=1, le=60)] | None = None
