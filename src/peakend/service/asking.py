"""What a service asks and what an answer sets off: surveys of items, and rules that open a case or give a cue."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from peakend.documents.parts import Amount, Days, Hours, Id, Many, Minutes, NamedPart, Part, Text, Times
from peakend.facts.shape import Respondent
from peakend.service import kinds
from peakend.service.questions import EVERY_KIND, ItemKeys, Kind


def _known_kind(kind: object) -> str:
    if isinstance(kind, str) and kind in kinds.KINDS:
        return kind
    raise PydanticKnownError("literal_error", {"expected": ", ".join(f"'{each}'" for each in kinds.KINDS)})


class Item(ItemKeys):
    """One question. What it needs and may carry follows from its kind."""

    kind: Annotated[str, BeforeValidator(_known_kind)]

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> Self:
        given = {
            type(self).model_fields[name].alias or name
            for name in self.model_fields_set
            if getattr(self, name) not in (None, ())
        }
        for name in sorted(self.spec.needs - given):
            raise PydanticCustomError(
                "document.item_needs", "missing", {"item": self.id, "kind": self.kind, "key": name}
            )
        for name in sorted(given - self.spec.needs - self.spec.may - EVERY_KIND):
            raise PydanticCustomError(
                "document.item_takes_no", "not of this kind", {"item": self.id, "kind": self.kind, "key": name}
            )
        self.spec.require(self)
        return self

    @property
    def spec(self) -> Kind:
        """What an item of this kind is."""
        return kinds.KINDS[self.kind]


class When(Part):
    """When a survey is sent: some minutes after a touchpoint."""

    after: Id
    minutes: Minutes = 0


class Survey(NamedPart):
    """A set of questions, or a known instrument by its name. `archived`: kept for its past answers, not published."""

    intro: Text | None = None
    thanks: Text | None = None
    respondents: Respondent = "customer"
    instrument: Id | None = None
    archived: bool = False
    when: When | None = None
    quiet_days: Days | None = None
    anonymous: bool = True
    items: Many[Item] = ()


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
