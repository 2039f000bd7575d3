"""What shall be so at a touchpoint, in a form that facts can be held against: standards inside, promises outside."""

from __future__ import annotations

from typing import Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from peakend.documents.parts import Days, Id, Minutes, Part, Share, Text, Times

FAILURE: Final = "fail"
"""The kind of event that nobody wants and that takes no time: of it the visits are counted in which there was none."""


class Measure(Part):
    """How a standard or a promise is checked against facts: an event's minutes or people, a score of a construct, an
    item of an audit, or for how many days something may stay open. `share_at_least`: the share of visits that must keep
    it; of the event `fail`, those in which nothing failed here.
    """

    event: Id | None = None
    measures: Id | None = Field(None, alias="construct")
    item: Id | None = None
    minutes_at_most: Minutes | None = None
    minutes_at_least: Minutes | None = None
    people_at_most: Times | None = None
    open_days_at_most: Days | None = None
    score_at_least: float | None = None
    share_at_least: Share | None = None

    @model_validator(mode="after")
    def _has_a_limit(self) -> Self:
        limits = (self.minutes_at_most, self.minutes_at_least, self.people_at_most, self.open_days_at_most,
                  self.score_at_least, self.share_at_least)  # fmt: skip
        if all(limit is None for limit in limits):
            raise PydanticCustomError("document.measure_empty", "no limit", {})
        return self

    @property
    def limits_in_minutes(self) -> dict[str, float]:
        """How long an event may last, `at_most` and `at_least`; a day that something is open is one of 24 hours."""
        days = None if self.open_days_at_most is None else self.open_days_at_most * 1440.0
        most = [limit for limit in (self.minutes_at_most, days) if limit is not None]
        limits = {"at_most": min(most, default=None), "at_least": self.minutes_at_least}
        return {name: float(limit) for name, limit in limits.items() if limit is not None}


class Standard(Part):
    """What shall be done here, in a form that can be checked; `freedom` says whether staff may bend it for a
    customer, `bend` in what.
    """

    id: Id | None = None
    text: Text
    measure: Measure | None = None
    freedom: Literal["fixed", "may bend"] | None = None
    bend: Text | None = None


class Promise(Part):
    """What is told outside about this touchpoint, where, and what the customer gets when it is not kept."""

    id: Id | None = None
    text: Text
    where: Id | None = None
    measure: Measure | None = None
    otherwise: Text | None = None
