"""What an answer or an event sets off: rules that open a case, give a cue or send an invitation."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from peakend.documents.parts import Amount, Days, Hours, Id, Minutes, Part, Text, Times
from peakend.service.conditions import Condition

Opened = Literal["case"]
"""What a rule may open."""
Cue = Literal["care", "delight", "companion"]
"""What a rule may give a cue to."""
Effect = Literal[Opened, Cue, "invite"]
"""What may follow from a rule."""


class Money(Part):
    """An amount in a currency."""

    amount: Amount
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Rule(Part):
    """What is so (`when`, or the short keys beside it) and what follows: a case to be closed (`open: case`), a cue to
    care, to delight or to accompany (`cue`), or a survey to be sent (`invite`); `to` whom.
    """

    id: Id | None = None
    title: Text | None = None
    open: Opened | None = None
    cue: Cue | None = None
    invite: Id | None = None
    when: Condition | None = None
    survey: Id | None = None
    item: Id | None = None
    touchpoint: Id | None = None
    event: Id | None = None
    customer: Literal["birthday", "return", "preference"] | None = None
    score_at_most: float | None = None
    minutes_at_least: Minutes | None = None
    to: Id
    clock_hours: Hours | None = None
    limit: Money | None = None
    remedy: Id | None = None
    say: Text | None = None
    per_customer_days: Days | None = None
    per_month: Times | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if sum(effect is not None for effect in (self.open, self.cue, self.invite)) != 1:
            raise PydanticCustomError("document.rule_verb", "open, cue or invite", {})
        if all(sign is None for sign in (self.when, self.score_at_most, self.event, self.customer)):
            raise PydanticCustomError("document.rule_never", "nothing sets it off", {})
        return self

    @property
    def effect(self) -> Effect:
        """The one thing that follows."""
        return self.open or self.cue or "invite"
