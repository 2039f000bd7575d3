"""The people of a service: for whom it is, what they need, and who takes part in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from peakend.documents.parts import Id, Many, Part, Text, Word

Degree = Annotated[int, Field(ge=1, le=5)]
"""How much of something, from 1, little, to 5, much."""


Lens = Literal["effort", "time", "care"]
"""What a need asks to be spared or given."""
Side = Literal["customer", "frontstage", "backstage", "support", "outside"]
"""From which side somebody takes part."""


class Need(Part):
    """The iceberg of one need: what is said, what is meant by it, what lies underneath; what it asks to be spared or
    given; and in `quote` the customer's words that prove it.
    """

    id: Id | None = None
    lens: Lens
    said: Text
    meant: Text | None = None
    underlying: Text | None = None
    quote: Text | None = None
    touchpoints: Many[Id] = ()


class Persona(Part):
    """A type of customer, and in `segment` who in the data they stand for."""

    id: Id
    name: Text
    story: Text | None = None
    goals: Many[Text] = ()
    fears: Many[Text] = ()
    segment: dict[Word, Word | int | float | bool] = Field(default_factory=dict)
    needs: Many[Need] = ()


class Exchange(Part):
    """What somebody gives and gets at one touchpoint."""

    touchpoint: Id
    gives: Text | None = None
    gets: Text | None = None


class Stakeholder(Part):
    """Who takes part in the service or is touched by it. Owners and receivers of cases are stakeholders too.

    `near` is the ring of the stakeholder map on which they stand, 1 next to the customer; `touches` where they are
    present, `exchanges` what they give and get there; `duty` what their post does, `essence` what it is for.
    """

    id: Id
    name: Text | None = None
    side: Side
    touches: Many[Id] = ()
    near: Annotated[int, Field(ge=1, le=3)] | None = None
    gives: Text | None = None
    gets: Text | None = None
    exchanges: Many[Exchange] = ()
    power: Degree | None = None
    interest: Degree | None = None
    duty: Text | None = None
    essence: Text | None = None
