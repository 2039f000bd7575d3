"""The service document: what a service is meant to be, as one frozen value.

Journeys of stages of touchpoints with the lanes of a blueprint behind them, the people they are for, what was promised
and set as standard, what may fail and how much a failure weighs, the features asked about after Kano, the surveys, the
rules that act on an answer, and what later keeps the service good: queues, remedies, skills, benchmarks. Facts carry
the ids that stand here. The schema is strict: it takes no key that it does not know and changes no value that it is
given; what hangs together across the document (ids, languages, conditions) is looked at by `check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

from pydantic import Field

from peakend.documents.parts import Amount, Day, Id, Many, NamedPart, Part, Text
from peakend.service.delivery import ContactLimits, Praise, Purpose, Queue, Remedy
from peakend.service.journeys import Journey, Touchpoint
from peakend.service.people import Persona, Stakeholder
from peakend.service.piping import without_answers
from peakend.service.programme import Benchmark, Course, Kpi, Skill, Strategy
from peakend.service.rules import Rule
from peakend.service.surveys import Survey
from peakend.terms import Lang, label, vocabulary


class Segment(NamedPart):
    """A column of the facts that tells customers apart, with the names of its values."""

    values: Many[NamedPart] = ()


class Failure(NamedPart):
    """What may go wrong. `step` is the step of a blueprint that it begins in, so that it can be traced to its line."""

    definition: Text | None = None
    step: Id | None = None


class Indicators(Part):
    """Service quality indicators: what one failure weighs from a day on. History keeps the weights of its day. `set`
    names the published set that the weights come from.
    """

    since: Day
    per: Id | None = None
    set: Id | None = None
    source: Text | None = None
    weights: dict[Id, Amount]


class Construct(NamedPart):
    """Something an answer measures that is neither a touchpoint nor a feature: an outcome, a dimension, a second view
    of a place.
    """

    touchpoint: Id | None = None
    dimension: Id | None = None
    definition: Text | None = None


class Feature(NamedPart):
    """A candidate feature, asked both ways: how would you feel if it were there, and if it were not. `layer`: what it
    is for; `kano`: the class that its authors expect, until customers were asked.
    """

    touchpoint: Id | None = None
    dimension: Id | None = None
    layer: Literal["core", "enabler", "delight"] | None = None
    kano: Literal["must_be", "one_dimensional", "attractive", "indifferent", "reverse"] | None = None
    functional: Text
    dysfunctional: Text


WITHIN_PARENT: Final = frozenset({"values", "items", "options", "rows", "quotas", "exchanges", "limits"})
"""Lists of parts of which each is told by its id only within the part around it; of any other list, wherever it stands,
an id is of one part in the whole document.
"""


class ServiceDocument(Part):
    """The whole document. `dated`, `source`, `state` and `label` (what its authors call this version) stand in
    the corner of every drawing.
    """

    service: Id
    title: Text
    summary: Text | None = None
    industry: Id | None = None
    languages: Annotated[Many[Lang], Field(min_length=1)]
    dated: Day | None = None
    source: Text | None = None
    state: Literal["as-is", "to-be"] | None = None
    label: Text | None = None
    strategy: Strategy | None = None
    contact_limits: ContactLimits | None = None
    sites: Many[NamedPart] = ()
    channels: Many[NamedPart] = ()
    segments: Many[Segment] = ()
    personas: Many[Persona] = ()
    stakeholders: Many[Stakeholder] = ()
    journeys: Many[Journey] = ()
    failures: Many[Failure] = ()
    indicators: Many[Indicators] = ()
    constructs: Many[Construct] = ()
    features: Many[Feature] = ()
    surveys: Many[Survey] = ()
    rules: Many[Rule] = ()
    queues: Many[Queue] = ()
    remedies: Many[Remedy] = ()
    praise: Many[Praise] = ()
    purposes: Many[Purpose] = ()
    benchmarks: Many[Benchmark] = ()
    skills: Many[Skill] = ()
    courses: Many[Course] = ()
    kpis: Many[Kpi] = ()

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

    def wording(self, item: str, survey: str | None = None) -> Text | None:
        """How a question is worded in this survey, read without anybody's earlier answers. Where no survey is named: in
        all that ask one of this id, if they word it alike.
        """
        asked = [each for one in self.surveys if survey in (None, one.id) for each in one.items if each.id == item]
        found = asked[0].wording if asked and all(each.wording == asked[0].wording for each in asked) else None
        return without_answers(found) if found else None

    def survey(self, id: str) -> Survey | None:
        """The survey with this id."""
        return next((survey for survey in self.surveys if survey.id == id), None)

    def title_of(self, id: str | None, lang: Lang = "en") -> str:
        """The name of any id that facts may carry: the document's own, else the vocabulary's, else the id as it is."""
        return next((title[lang] for known, title in self._titles() if known == id), label(id, lang) if id else "")

    def channel_title(self, id: str, lang: Lang = "en") -> str:
        """The name of a channel, whatever else has the same id; as it is where it is none of the document's."""
        return next((channel.title[lang] for channel in self.channels if channel.id == id), id)

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
        yield from ((part.id, part.title) for part in self.surveys if part.id not in vocabulary())
        yield from ((part.id, part.title) for part in (*self.segments, *self.journeys))
        yield from ((stage.id, stage.title) for journey in self.journeys for stage in journey.stages)
        yield from ((person.id, person.name) for person in self.personas)
        yield from ((person.id, person.name) for person in self.stakeholders if person.name)
        later: tuple[tuple[NamedPart, ...], ...] = (
            self.queues,
            self.remedies,
            self.skills,
            self.courses,
            self.benchmarks,
        )
        yield from ((part.id, part.title) for group in later for part in group)
        items = (item for survey in self.surveys for item in survey.items)
        worded = ((item.id, item.wording) for item in items if item.wording and item.id not in vocabulary())
        yield from ((id, without_answers(wording)) for id, wording in worded)
