"""What an answer or an event sets off: rules that open a case or give a cue."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from peakend.documents.parts import Amount, Days, Hours, Id, Minutes, Part, Text, Times


class Money(Part):
    """An amount in a currency."""

    amount: Amount
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Rule(Part):
    """What an answer or an event sets off: a case to be closed (`open: case`), or a cue to care or to delight
    (`cue`).
    """

    id: Id | None = None
    open: Literal["case"] | None = None
    cue: Literal["care", "delight"] | None = None
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
    say: Text | None = None
    per_customer_days: Days | None = None
    per_month: Times | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        if (self.open is None) == (self.cue is None):
            raise PydanticCustomError("document.rule_verb", "open or cue", {})
        if self.score_at_most is None and self.event is None and self.customer is None:
            raise PydanticCustomError("document.rule_never", "nothing sets it off", {})
        return self
