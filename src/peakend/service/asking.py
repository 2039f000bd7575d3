"""What a service asks and what an answer sets off: surveys of items, and rules that open a case or give a cue."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from peakend.documents.parts import Amount, Days, Hours, Id, Many, Minutes, Named, Part, Text, Times
from peakend.facts.shape import Respondent
from peakend.service.kinds import KINDS, Kind, KindId, Role


class Scale(Part):
    """The scale of an answer, from `low` to `high` in whole steps, with the words at its ends."""

    low: float
    high: float
    low_label: Text | None = None
    high_label: Text | None = None
    labels: dict[str, Text] = Field(default_factory=dict)
    """Words of single steps, by the step written as text: `{"1": …}`."""

    @model_validator(mode="after")
    def _is_ordered(self) -> Self:
        if self.low >= self.high:
            raise PydanticCustomError("document.scale", "low is not below high", {"low": self.low, "high": self.high})
        if (self.high - self.low) % 1 or self.high - self.low > 100:
            raise PydanticCustomError("document.scale_steps", "not whole steps", {"low": self.low, "high": self.high})
        return self


class ShowIf(Part):
    """When an item is shown: by the answer to an earlier item."""

    item: Id
    at_least: float | None = None
    at_most: float | None = None
    chosen: Many[Id] = ()
    answered: bool | None = None

    @model_validator(mode="after")
    def _has_a_condition(self) -> Self:
        if self.at_least is None and self.at_most is None and not self.chosen and self.answered is None:
            raise PydanticCustomError("document.condition_empty", "no condition", {"item": self.item})
        return self


class Item(Part):
    """One question. What it needs and may carry follows from its kind (`kinds.py`).

    `touchpoints` of a rating are the rows it is asked for; `segment` names the column that a choice fills; `about` is
    the item whose score a text explains, `probe_low` and `probe_high` its wordings after a low and a high one.
    """

    id: Id
    kind: KindId
    measures: Id | None = Field(None, alias="construct")
    touchpoint: Id | None = None
    touchpoints: Many[Id] = ()
    feature: Id | None = None
    segment: Id | None = None
    role: Role | None = None
    wording: Text | None = None
    expectation: Text | None = None
    perception: Text | None = None
    importance: Text | None = None
    performance: Text | None = None
    edition: Literal[1, 2] | None = None
    scale: Scale | None = None
    not_used: Text | None = None
    options: Many[Named] = ()
    required: bool = False
    show_if: ShowIf | None = None
    about: Id | None = None
    probe_low: Text | None = None
    probe_high: Text | None = None
    longest: Annotated[int, Field(ge=1, le=10_000)] | None = None

    @model_validator(mode="after")
    def _is_of_its_kind(self) -> Self:
        given = {
            type(self).model_fields[name].alias or name
            for name in self.model_fields_set
            if getattr(self, name) not in (None, ())
        }
        kind = KINDS[self.kind]
        for name in kind.needs:
            if name not in given:
                raise PydanticCustomError(
                    "document.item_needs", "missing", {"item": self.id, "kind": self.kind, "key": name}
                )
        for name in sorted(given - kind.needs - kind.may):
            raise PydanticCustomError(
                "document.item_takes_no", "not of this kind", {"item": self.id, "kind": self.kind, "key": name}
            )
        if self.kind == "nps" and self.scale and (self.scale.low, self.scale.high) != (0, 10):
            raise PydanticCustomError(
                "document.nps_scale", "not 0-10", {"item": self.id, "low": self.scale.low, "high": self.scale.high}
            )
        return self

    @property
    def spec(self) -> Kind:
        """What an item of this kind is."""
        return KINDS[self.kind]

    @property
    def range(self) -> tuple[float, float] | None:
        """The lowest and the highest answer: its own scale, or that of its kind; None where there are no numbers."""
        return (self.scale.low, self.scale.high) if self.scale else self.spec.range_of(self.edition)


class When(Part):
    """When a survey is sent: some minutes after a touchpoint."""

    after: Id
    minutes: Minutes = 0


class Survey(Named):
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
