"""The service document: what a service is meant to be, as one frozen value.

Journeys of stages of touchpoints with the lanes of a blueprint behind them, the people they are for, what was promised
and set as standard, what may fail and how much a failure weighs, the features asked about after Kano, the surveys, and
the rules that act on an answer. Facts carry the ids that stand here. The schema is strict: it takes no key that it does
not know and changes no value that it is given; what hangs together across the document (ids, languages, conditions) is
looked at by `check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from peakend.documents.parts import Amount, Day, Id, Many, Minutes, NamedPart, Part, Share, Text, Times
from peakend.service.rules import Rule
from peakend.service.surveys import Survey
from peakend.terms import Lang, label, vocabulary

Sense = Literal["sight", "sound", "smell", "taste", "touch"]
SENSES: Final[tuple[Sense, ...]] = ("sight", "sound", "smell", "taste", "touch")
EMOTION: Final = 5
"""A planned emotion runs from −5, the worst, to 5, the best."""


class Segment(NamedPart):
    """A column of the facts that tells customers apart, with the names of its values."""

    values: Many[NamedPart] = ()


class Need(Part):
    """The iceberg of one need: what is said, what is meant by it, what lies underneath; and what it asks to be spared
    or given.
    """

    lens: Literal["effort", "time", "care"]
    said: Text
    meant: Text | None = None
    underlying: Text | None = None
    touchpoints: Many[Id] = ()


class Persona(Part):
    """A type of customer, and in `segment` who in the data they stand for."""

    id: Id
    name: Text
    story: Text | None = None
    goals: Many[Text] = ()
    fears: Many[Text] = ()
    segment: dict[str, str | int | float | bool] = Field(default_factory=dict)
    needs: Many[Need] = ()


class Stakeholder(Part):
    """Who takes part in the service or is touched by it. Owners and receivers of cases are stakeholders too."""

    id: Id
    name: Text | None = None
    side: Literal["customer", "frontstage", "backstage", "support", "outside"]
    touches: Many[Id] = ()


class Evidence(Part):
    """What the customer sees, hears, smells, tastes and touches."""

    sight: Text | None = None
    sound: Text | None = None
    smell: Text | None = None
    taste: Text | None = None
    touch: Text | None = None


class Measure(Part):
    """How a standard or a promise is checked against facts: an event's minutes or people, or a score of a construct."""

    event: Id | None = None
    measures: Id | None = Field(None, alias="construct")
    minutes_at_most: Minutes | None = None
    people_at_most: Times | None = None
    score_at_least: float | None = None
    share_at_least: Share | None = None

    @model_validator(mode="after")
    def _has_a_limit(self) -> Self:
        if all(
            limit is None
            for limit in (self.minutes_at_most, self.people_at_most, self.score_at_least, self.share_at_least)
        ):
            raise PydanticCustomError("document.measure_empty", "no limit", {})
        return self


class Standard(Part):
    """What shall be done here, in a form that can be checked; `freedom` says whether staff may bend it for a
    customer.
    """

    text: Text
    measure: Measure | None = None
    freedom: Literal["fixed", "may bend"] | None = None


class Promise(Part):
    """What is told outside about this touchpoint, and where."""

    text: Text
    where: Id | None = None
    measure: Measure | None = None


class Wait(Part):
    """That customers wait here, and what is done about it. `promise_quantile`: the share of waits a promised time must
    cover.
    """

    text: Text | None = None
    typical_minutes: Minutes | None = None
    live_number: bool | None = None
    promise_quantile: Share | None = None
    care_after_minutes: Minutes | None = None


class Emotion(Part):
    """The feeling this touchpoint is designed for, from −5 to 5, and why."""

    planned: Annotated[float, Field(ge=-EMOTION, le=EMOTION)]
    why: Text | None = None


class Behaviours(Part):
    """What staff do at a moment of truth."""

    welcome: Text | None = None
    listen: Text | None = None
    respond: Text | None = None
    resolve: Text | None = None
    follow_up: Text | None = None


class MomentOfTruth(Part):
    """A touchpoint that decides how the whole is judged: what the customer thinks, what staff do, what would
    delight.
    """

    thinks: Text | None = None
    behaviours: Behaviours | None = None
    delight: Text | None = None


class Touchpoint(NamedPart):
    """One contact, with its lanes of the blueprint. `fails` name failures; `designed_as` marks the planned peak and
    end.
    """

    channels: Many[Id] = ()
    owner: Id | None = None
    customer: Text | None = None
    expects: Text | None = None
    fears: Text | None = None
    evidence: Evidence | None = None
    frontstage: Text | None = None
    backstage: Text | None = None
    support: Text | None = None
    standard: Standard | None = None
    promise: Promise | None = None
    fails: Many[Id] = ()
    wait: Wait | None = None
    emotion: Emotion | None = None
    designed_as: Literal["peak", "end"] | None = None
    moment_of_truth: MomentOfTruth | None = None


class Stage(NamedPart):
    """A named part of a journey."""

    touchpoints: Many[Touchpoint] = ()


class Journey(NamedPart):
    """The whole way of a customer, from need to after-sales."""

    summary: Text | None = None
    persona: Id | None = None
    stages: Many[Stage] = ()

    @property
    def touchpoints(self) -> tuple[Touchpoint, ...]:
        """All touchpoints in order."""
        return tuple(touchpoint for stage in self.stages for touchpoint in stage.touchpoints)


class Indicators(Part):
    """Service quality indicators: what one failure weighs from a day on. History keeps the weights of its day."""

    since: Day
    per: Id | None = None
    weights: dict[Id, Amount]


class Construct(NamedPart):
    """Something an answer measures that is neither a touchpoint nor a feature: an outcome, a dimension, a second view
    of a place.
    """

    touchpoint: Id | None = None
    dimension: Id | None = None
    definition: Text | None = None


class Feature(NamedPart):
    """A candidate feature, asked both ways: how would you feel if it were there, and if it were not."""

    touchpoint: Id | None = None
    dimension: Id | None = None
    functional: Text
    dysfunctional: Text


class ServiceDocument(Part):
    """The whole document. `dated` and `source` stand in the corner of every drawing."""

    service: Id
    title: Text
    summary: Text | None = None
    industry: Id | None = None
    languages: Annotated[Many[Lang], Field(min_length=1)]
    dated: Day | None = None
    source: Text | None = None
    sites: Many[NamedPart] = ()
    channels: Many[NamedPart] = ()
    segments: Many[Segment] = ()
    personas: Many[Persona] = ()
    stakeholders: Many[Stakeholder] = ()
    journeys: Many[Journey] = ()
    failures: Many[NamedPart] = ()
    indicators: Many[Indicators] = ()
    constructs: Many[Construct] = ()
    features: Many[Feature] = ()
    surveys: Many[Survey] = ()
    rules: Many[Rule] = ()

    @property
    def touchpoints(self) -> tuple[Touchpoint, ...]:
        """The touchpoints of all journeys, in order."""
        return tuple(touchpoint for journey in self.journeys for touchpoint in journey.touchpoints)

    def touchpoint(self, id: str) -> Touchpoint | None:
        """The touchpoint with this id."""
        return next((touchpoint for touchpoint in self.touchpoints if touchpoint.id == id), None)

    def journey(self, id: str | None = None) -> Journey | None:
        """The journey with this id; the first where none is named."""
        return next((journey for journey in self.journeys if id in (None, journey.id)), None)

    def survey(self, id: str) -> Survey | None:
        """The survey with this id."""
        return next((survey for survey in self.surveys if survey.id == id), None)

    def title_of(self, id: str | None, lang: Lang = "en") -> str:
        """The name of any id that facts may carry: the document's own, else the vocabulary's, else the id as it is."""
        return next((title[lang] for known, title in self._titles() if known == id), label(id, lang) if id else "")

    @property
    def names(self) -> dict[str, Text]:
        """The name of every id of the document that facts may carry, the values of segments among them; see
        `terms.using_names`.
        """
        values = {value.id: value.title for segment in self.segments for value in segment.values}
        return values | dict(reversed(list(self._titles())))

    def _titles(self) -> Iterator[tuple[str, Text]]:
        """Every (id, name), those first that facts carry most: where a touchpoint and a stage share an id, the
        touchpoint's is found.
        """
        groups: tuple[tuple[Any, ...], ...] = (
            self.touchpoints,
            self.constructs,
            self.features,
            self.sites,
            self.channels,
            self.failures,
        )
        yield from ((part.id, part.title) for group in groups for part in group)
        yield from ((part.id, part.title) for part in (*self.surveys, *self.segments, *self.journeys))
        yield from ((stage.id, stage.title) for journey in self.journeys for stage in journey.stages)
        yield from ((person.id, person.name) for person in self.personas)
        yield from ((person.id, person.name) for person in self.stakeholders if person.name)
        items = (item for survey in self.surveys for item in survey.items)
        yield from ((item.id, item.wording) for item in items if item.wording and item.id not in vocabulary())
