"""What others may ask about surveys, and what surveys' own pages ask about how they are answered."""

from __future__ import annotations

from django.db.models import Count, Max, Q, QuerySet

from peakend_web.asking.grants import at_visible_places, visible_surveys
from peakend_web.base.grants import Standing
from peakend_web.models import Service, Survey

__all__ = ["surveys_with_responses", "visible_surveys"]


def surveys_with_responses(here: Standing, service: Service) -> QuerySet[Survey]:
    """Each survey with how many began it and finished it at the places that are seen, and when one last moved."""
    there = at_visible_places(here)
    return visible_surveys(here, service).annotate(
        begun=Count("responses", filter=there),
        finished=Count("responses", filter=there & Q(responses__completed_us__isnull=False)),
        newest=Max("responses__moved_us", filter=there),
    )
