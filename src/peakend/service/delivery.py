"""How the service is delivered: queues, what may be offered to put things right, praise, and the limits of contact."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from peakend.documents.parts import Days, Hours, Id, Many, NamedPart, Part, Share, Text, Times
from peakend.service.journeys import Behaviour
from peakend.service.rules import Money


class Queue(NamedPart):
    """A line in which customers wait for a touchpoint. `prefix` begins its numbers; `call_ahead`: with so many ahead,
    who has stepped away is called back; `skip_places`, `skip_times`: by how many places somebody who is not there goes
    back, and how often; `booked_share`: the share of calls that goes to those with an appointment; `fairness`: who else
    is served and why, in the customer's words; `prepare`: what to have ready.
    """

    touchpoint: Id
    prefix: Annotated[str, Field(pattern=r"^[A-Z]{0,2}$")] | None = None
    call_ahead: Times | None = None
    skip_places: Times | None = None
    skip_times: Times | None = None
    booked_share: Share | None = None
    fairness: Text | None = None
    prepare: Text | None = None


class Authority(Part):
    """Up to which amount somebody may decide alone."""

    who: Id
    up_to: Money


class Remedy(NamedPart):
    """Something that may be offered when a customer was let down: what is said with it, what it costs, who may give it
    up to which amount, and who decides above that.
    """

    say: Text | None = None
    costs: Money | None = None
    touchpoints: Many[Id] = ()
    limits: Many[Authority] = ()
    above: Id | None = None


class Praise(NamedPart):
    """For which behaviour somebody is praised, with how many points, and who may see it."""

    behaviour: Behaviour | None = None
    points: Times | None = None
    seen_by: Literal["person", "team", "everyone with consent"] | None = None


class ContactLimits(Part):
    """How often one customer is contacted at most, over all surveys, cues, calls and messages; `hours_between` two of
    them.
    """

    per_visit: Times | None = None
    per_month: Times | None = None
    quiet_days: Days | None = None
    hours_between: Hours | None = None


class Purpose(NamedPart):
    """For what a customer's data is kept: in which words consent is asked for, which data, and for how many days."""

    wording: Text
    holds: Many[Id] = ()
    kept_days: Days | None = None
