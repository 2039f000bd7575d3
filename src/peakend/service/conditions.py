"""The conditions of rules: what must be so, in answers, codes, events, waits and silence, for a rule to act.

A condition is one of its kinds; `all`, `any` and `not` join others. It is written here and says nothing of how it is
found out: it is read as it stands, whether over last year's facts or of the answer that has just come in.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from peakend.documents.parts import Days, Hours, Id, Many, Minutes, Part, Times, Word
from peakend.service.people import Lens

Sentiment = Annotated[float, Field(ge=-1, le=1)]


class AnswerIs(Part):
    """An answer to a question, or to any about a touchpoint or construct, whose score lies within limits, which chose
    one of some options, or which was given or left out.
    """

    survey: Id | None = None
    item: Id | None = None
    touchpoint: Id | None = None
    measures: Id | None = Field(None, alias="construct")
    score_at_most: float | None = None
    score_at_least: float | None = None
    chosen: Many[Id] = ()
    answered: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.score_at_most is None and self.score_at_least is None and not self.chosen and self.answered is None:
            raise PydanticCustomError("document.condition_open", "no limit", {"kind": "answer"})
        return self


class CodeIs(Part):
    """A clause of a comment that speaks of a touchpoint, a construct or a lens, within a sentiment from −1 to 1."""

    touchpoint: Id | None = None
    measures: Id | None = Field(None, alias="construct")
    lens: Lens | None = None
    sentiment_at_most: Sentiment | None = None
    sentiment_at_least: Sentiment | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("document.condition_open", "no limit", {"kind": "code"})
        return self


class EventIs(Part):
    """An event of a kind, so often within so many days; `value` is its amount, minutes or count."""

    kind: Id
    touchpoint: Id | None = None
    indicator: Id | None = None
    value_at_least: float | None = None
    value_at_most: float | None = None
    times_at_least: Times | None = None
    within_days: Days | None = None


class WaitIs(Part):
    """A wait at a touchpoint that has lasted so long, or longer than was promised; `over: true` only where it has
    ended.
    """

    touchpoint: Id | None = None
    minutes_at_least: Minutes | None = None
    past_promise: Literal[True] | None = None
    over: bool | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.minutes_at_least is None and self.past_promise is None:
            raise PydanticCustomError("document.condition_open", "no limit", {"kind": "wait"})
        return self


class SilenceIs(Part):
    """Nothing was heard for some hours: no answer to a survey after its invitation, no event at a touchpoint, or nobody
    took up a case.
    """

    of: Literal["survey", "touchpoint", "case"]
    survey: Id | None = None
    touchpoint: Id | None = None
    hours: Hours


class VisitsAre(Part):
    """How often a customer has come, within so many days where these are said; `every`: at each so-many-th visit."""

    at_least: Times | None = None
    at_most: Times | None = None
    every: Annotated[int, Field(ge=2, le=1_000_000)] | None = None
    within_days: Days | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.at_least is None and self.at_most is None and self.every is None:
            raise PydanticCustomError("document.condition_open", "no limit", {"kind": "visits"})
        return self


class RepeatIs(Part):
    """The customer came back within some days about the same thing: the same touchpoint, the same failure, or any."""

    within_days: Days
    same: Literal["touchpoint", "failure", "anything"] = "touchpoint"
    touchpoint: Id | None = None
    times_at_least: Annotated[int, Field(ge=2, le=1_000)] = 2


class AgeIs(Part):
    """How old the signal is that sets the rule off: what is older than so many hours acts no more."""

    hours_at_most: Hours


class Condition(Part):
    """What must be so. Exactly one of its keys is set."""

    all: Many[Condition] = ()
    any: Many[Condition] = ()
    none: Condition | None = Field(None, alias="not")
    answer: AnswerIs | None = None
    code: CodeIs | None = None
    event: EventIs | None = None
    wait: WaitIs | None = None
    silence: SilenceIs | None = None
    visits: VisitsAre | None = None
    repeat: RepeatIs | None = None
    age: AgeIs | None = None
    customer: Literal["birthday", "return", "preference", "anniversary"] | None = None
    segment: dict[Word, Word | int | float | bool] | None = None

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        given = [name for name in type(self).model_fields if getattr(self, name) not in (None, ())]
        if len(given) != 1:
            raise PydanticCustomError("document.condition_kinds", "not one kind", {"found": ", ".join(given) or "—"})
        return self
