"""How people come through a survey: how often it was opened, begun and finished, by place and by hour."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from django.db.models import Count, F

from peakend.service.piping import without_answers
from peakend.terms import Lang
from peakend_web.asking.entered import STAFF
from peakend_web.asking.grants import visible_places
from peakend_web.asking.openings import HOUR_S, openings
from peakend_web.asking.queries.counted import counted
from peakend_web.asking.questionnaire import questionnaire_of
from peakend_web.base.documents import document_of
from peakend_web.base.grants import Standing
from peakend_web.models import Opening, Place, Response, Survey

HOUR_US = HOUR_S * 1_000_000
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Flow:
    """How often a survey was opened, how many began to answer, and how many came to the end."""

    opened: int = 0
    begun: int = 0
    finished: int = 0

    def __add__(self, other: Flow) -> Flow:
        return Flow(self.opened + other.opened, self.begun + other.begun, self.finished + other.finished)


Flows = Mapping[tuple[str, int], Flow]
"""The flow by the code of the place, empty for the survey's own link, and the hour."""


def flows_of(here: Standing, survey: Survey) -> Flows:
    """What came in at the places that are seen."""
    openings.add()
    flows: dict[tuple[str, int], Flow] = defaultdict(Flow)
    opened = Opening.objects.filter(survey=survey).values_list("at", "hour", "times")
    answered = (
        Response.objects.filter(counted(), survey=survey)
        .values_list("place__code", F("started_us") / HOUR_US)
        .annotate(begun=Count("pk"), finished=Count("completed_us"))
    )
    for at, hour, times in opened:
        flows[at, hour] += Flow(opened=times)
    for at, hour, begun, finished in answered:
        flows[at or "", hour] += Flow(0, begun, finished)
    if here.sites is None:
        return flows
    codes = {place.code for place in visible_places(here, survey)}
    return {(at, hour): flow for (at, hour), flow in flows.items() if at in codes}


def entered_by_staff(here: Standing, survey: Survey) -> int:
    """How many responses staff typed in at the places that are seen: none of them was asked by the survey's page, so
    they are in no rate of it.
    """
    entered = Response.objects.filter(survey=survey, aside=STAFF)
    return (entered if here.sites is None else entered.filter(place__in=visible_places(here, survey))).count()


def by_place(here: Standing, survey: Survey, flows: Flows) -> dict[Place | None, Flow]:
    """The flow at each place that is seen; under None what came by the link itself, for whoever sees all sites."""
    places = {place.code: place for place in visible_places(here, survey)}
    known: dict[Place | None, Flow] = dict.fromkeys(places.values(), Flow())
    if here.sites is None:
        known[None] = Flow()
    for (at, _hour), flow in flows.items():
        known[places.get(at)] += flow
    return known


def by_hour(flows: Flows, local: Callable[[datetime], K]) -> dict[K, Flow]:
    """The flow by what `local` makes of the hour in which a survey was opened, or its first answer given."""
    found: dict[K, Flow] = defaultdict(Flow)
    for (_at, hour), flow in flows.items():
        found[local(datetime.fromtimestamp(hour * HOUR_S, tz=UTC))] += flow
    return dict(found)


def questions_of(survey: Survey, lang: Lang) -> list[tuple[str, str]]:
    """The questions of a published survey in order, by their ids, in the words in which they are asked."""
    asked = questionnaire_of(document_of(survey.version_id), survey.item)
    return [
        (
            each.item.id,
            without_answers(each.wording)[lang] if each.wording else str(each.control.default_wording(each.item)),
        )
        for each in asked.questions
    ]
