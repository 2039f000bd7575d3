"""What others may ask about surveys, and what surveys' own pages ask about how they are answered."""

from __future__ import annotations

from django.db.models import Count, Max, Q, QuerySet

from peakend_web.asking.grants import at_visible_places, visible_surveys
from peakend_web.asking.queries.counted import counted
from peakend_web.asking.queries.given_answers import GivenResponse, response_of
from peakend_web.base.grants import Standing
from peakend_web.models import Response, Service, Survey

__all__ = ["GivenResponse", "places_with_answers", "response_of", "surveys_with_responses", "visible_surveys"]


def surveys_with_responses(here: Standing, service: Service) -> QuerySet[Survey]:
    """Each survey with how many began it and finished it at the places that are seen, and when one last moved."""
    there = at_visible_places(here) & counted("responses__")
    return visible_surveys(here, service).annotate(
        begun=Count("responses", filter=there),
        finished=Count("responses", filter=there & Q(responses__completed_us__isnull=False)),
        newest=Max("responses__moved_us", filter=there),
    )


def places_with_answers(here: Standing, survey: Survey, least: int) -> set[int]:
    """The places, by their numbers, where at least so many have answered any version or round of a survey."""
    of_this = visible_surveys(here, survey.service).filter(item=survey.item).order_by()
    told = Response.objects.filter(counted(), survey__in=of_this.values("pk"), place__isnull=False)
    by_place = told.order_by().values("place_id").annotate(people=Count("pk")).filter(people__gte=least)
    return set(by_place.values_list("place_id", flat=True))
