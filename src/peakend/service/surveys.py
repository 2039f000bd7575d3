"""What a service asks: surveys, and the items of each."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError, PydanticKnownError

from peakend.documents.parts import Days, Id, Many, Minutes, NamedPart, Part, Share, Text
from peakend.facts.shape import Respondent
from peakend.service import kinds
from peakend.service.questions import EVERY_KIND, AnswerField, ItemKeys, Kind, ShowIf


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
        self.require_look()
        return self

    @property
    def spec(self) -> Kind:
        """What an item of this kind is."""
        return kinds.KINDS[self.kind]


def answering_seconds(fields: Iterable[AnswerField]) -> int:
    """About how long it takes to answer in these fields."""
    return sum(kinds.KINDS[field.kind].seconds for field in fields)


def answering_minutes(fields: Iterable[AnswerField]) -> int:
    """The same, in whole minutes."""
    return max(1, math.ceil(answering_seconds(fields) / 60))


class When(Part):
    """When a survey is sent: some minutes after a touchpoint."""

    after: Id
    minutes: Minutes = 0


class Quota(Part):
    """At most so many completed answers of people whose answers meet a condition."""

    id: Id
    when: ShowIf
    at_most: Annotated[int, Field(ge=1, le=1_000_000)]


class Survey(NamedPart):
    """A set of questions, or a known instrument by its name. `archived`: kept for its past answers, not published.

    `shuffle` are groups of items that change places among themselves, for each response anew.
    `purpose` and `keep_days` are what respondents are told before the first question, and what is carried out: what the
    answers are for, and after how many days what they wrote is deleted; without them it is kept.
    `sample` is the share of the customers who could be invited that are, the same ones for a whole round; `remind_days`
    after how many days whoever was invited and has not answered is reminded, once.
    """

    intro: Text | None = None
    thanks: Text | None = None
    respondents: Respondent = "customer"
    instrument: Id | None = None
    archived: bool = False
    when: When | None = None
    quiet_days: Days | None = None
    sample: Annotated[Share, Field(gt=0)] | None = None
    remind_days: Annotated[Days, Field(ge=1, le=60)] | None = None
    anonymous: bool = True
    purpose: Text | None = None
    keep_days: Annotated[Days, Field(ge=1)] | None = None
    items: Many[Item] = ()
    shuffle: Many[Annotated[Many[Id], Field(min_length=2)]] = ()
    quotas: Many[Quota] = ()
