"""The journey of a customer: stages of touchpoints, each with the lanes of the blueprint behind it."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Discriminator, Field, Tag

from peakend.documents.parts import Id, Many, Minutes, NamedPart, Part, Share, Text
from peakend.service.measures import Promise, Standard

Sense = Literal["sight", "sound", "smell", "taste", "touch"]
SENSES: Final[tuple[Sense, ...]] = ("sight", "sound", "smell", "taste", "touch")
Lane = Literal["frontstage", "backstage", "support"]
LANES: Final[tuple[Lane, ...]] = ("frontstage", "backstage", "support")
"""The lanes that hold steps of staff and systems, from the customer's side inwards."""
BEHIND: Final[tuple[Lane, ...]] = ("backstage", "support")
"""The lanes behind the line of visibility, which customers do not see."""
EMOTION: Final = 5
"""A planned emotion runs from −5, the worst, to 5, the best."""


class Evidence(Part):
    """What the customer sees, hears, smells, tastes and touches."""

    sight: Text | None = None
    sound: Text | None = None
    smell: Text | None = None
    taste: Text | None = None
    touch: Text | None = None


class Step(Part):
    """One action of staff or of a system: `who` does it, and `after` which other step of the journey, so that
    handovers can be counted and a failure traced to the step that it began in.
    """

    id: Id
    text: Text
    who: Id | None = None
    after: Id | None = None


def _words_or_steps(value: Any) -> str:
    return "[steps]" if isinstance(value, list | tuple) else "[words]"


Steps = Annotated[
    Annotated[Text, Tag("[words]")] | Annotated[Many[Step], Tag("[steps]")], Discriminator(_words_or_steps)
]
"""What is done in a lane: in words, or step by step."""


class Takes(Part):
    """How long the touchpoint takes as it is designed, and the longest that is still tolerated."""

    minutes: Minutes | None = None
    minutes_at_most: Minutes | None = None


class Wait(Part):
    """That customers wait here, and what is done about it. `promise_quantile`: the share of waits a promised time must
    cover; `promised_minutes`: that time, where it is a fixed one; `care`: what staff do, unasked, after
    `care_after_minutes`.
    """

    text: Text | None = None
    typical_minutes: Minutes | None = None
    live_number: bool | None = None
    promise_quantile: Share | None = None
    promised_minutes: Minutes | None = None
    care_after_minutes: Minutes | None = None
    care: Text | None = None


class Emotion(Part):
    """The emotion this touchpoint is designed for, from −5 to 5, and why."""

    planned: Annotated[float, Field(ge=-EMOTION, le=EMOTION)]
    why: Text | None = None


Behaviour = Literal["welcome", "listen", "respond", "resolve", "follow_up"]
"""What staff may do at a moment of truth: the keys of `Behaviours`."""


class Behaviours(Part):
    """What staff do at a moment of truth."""

    welcome: Text | None = None
    listen: Text | None = None
    respond: Text | None = None
    resolve: Text | None = None
    follow_up: Text | None = None


class MomentOfTruth(Part):
    """A touchpoint that decides how the whole is judged: what sets it off, what the customer thinks, the words staff
    keep ready, what they do, what would delight; and how far it has come.
    """

    trigger: Text | None = None
    thinks: Text | None = None
    words: Text | None = None
    behaviours: Behaviours | None = None
    delight: Text | None = None
    state: Literal["named", "standard set", "asked", "improved"] | None = None


class Touchpoint(NamedPart):
    """One contact, with its lanes of the blueprint. `fails` name failures; `designed_as` marks the planned peak and
    end; `basis` says whether what stands here was assumed or observed.

    A single standard or promise may stand under `standard` and `promise`, several under `standards` and `promises`.
    """

    channels: Many[Id] = ()
    owner: Id | None = None
    basis: Literal["assumed", "observed"] | None = None
    customer: Text | None = None
    thinks: Text | None = None
    expects: Text | None = None
    fears: Text | None = None
    evidence: Evidence | None = None
    frontstage: Steps | None = None
    backstage: Steps | None = None
    support: Steps | None = None
    takes: Takes | None = None
    standard: Standard | None = None
    standards: Many[Standard] = ()
    promise: Promise | None = None
    promises: Many[Promise] = ()
    fails: Many[Id] = ()
    wait: Wait | None = None
    emotion: Emotion | None = None
    designed_as: Literal["peak", "end"] | None = None
    moment_of_truth: MomentOfTruth | None = None

    @property
    def all_standards(self) -> tuple[Standard, ...]:
        """Its standards, the single one first."""
        return (*((self.standard,) if self.standard else ()), *self.standards)

    @property
    def all_promises(self) -> tuple[Promise, ...]:
        """Its promises, the single one first."""
        return (*((self.promise,) if self.promise else ()), *self.promises)

    @property
    def mind(self) -> Text | None:
        """What the customer thinks here, wherever it is written."""
        return self.thinks or (self.moment_of_truth.thinks if self.moment_of_truth else None)

    def actions(self, lane: Lane) -> tuple[Text, ...]:
        """What is done in a lane, one text a step."""
        held = getattr(self, lane)
        return () if held is None else (held,) if isinstance(held, Text) else tuple(step.text for step in held)

    def steps(self, lane: Lane) -> tuple[Step, ...]:
        """The steps of a lane; none where it is written in words."""
        held = getattr(self, lane)
        return held if isinstance(held, tuple) else ()


class Stage(NamedPart):
    """A named part of a journey. `after`: what follows when the service itself is over, such as after-sales; the
    designed end is last before it.
    """

    after: bool = False
    touchpoints: Many[Touchpoint] = ()


class Journey(NamedPart):
    """The whole way of a customer, from need to after-sales: who walks it, in which situation, from which first contact
    to which last.
    """

    summary: Text | None = None
    persona: Id | None = None
    scenario: Text | None = None
    starts: Text | None = None
    ends: Text | None = None
    stages: Many[Stage] = ()

    @property
    def touchpoints(self) -> tuple[Touchpoint, ...]:
        """All touchpoints in order."""
        return tuple(touchpoint for stage in self.stages for touchpoint in stage.touchpoints)

    @property
    def steps(self) -> tuple[Step, ...]:
        """All steps behind the line of interaction, touchpoint by touchpoint, lane by lane."""
        return tuple(step for point in self.touchpoints for lane in LANES for step in point.steps(lane))
