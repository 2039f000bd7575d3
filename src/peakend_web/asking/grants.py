"""Who may do what with surveys, which are the workspace's and every member's; and which places of theirs somebody sees.

Whoever is limited to sites sees the places there, and what was answered at them, and hangs a survey there. To publish
and to close it is not theirs: its link leads to it from every site.
"""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from peakend.facts import QUARANTINE
from peakend_web.base.grants import Standing, declare, is_everywhere, is_member, leads, reads_comments
from peakend_web.models import Place, Response, Service, Survey

declare(
    see_surveys=is_member,
    publish_survey=leads & is_everywhere,
    add_place=leads,
    judge_responses=leads,
    enter_answers=reads_comments,
    invite_customers=leads & is_everywhere,
)


def visible_surveys(here: Standing, service: Service) -> QuerySet[Survey]:
    """The surveys of a service, the newest first."""
    surveys = Survey.objects.filter(workspace=here.workspace, service=service)
    return surveys.select_related("version", "workspace", "service").order_by("-published_at")


def reopenable_surveys(here: Standing, service: Service) -> QuerySet[Survey]:
    """Those that may take answers again: they are closed, and no newer one is open at their address."""
    newer = Survey.objects.filter(service=service, address=OuterRef("address"), status=Survey.Status.OPEN)
    return visible_surveys(here, service).filter(~Exists(newer), status=Survey.Status.CLOSED)


def visible_places(here: Standing, survey: Survey) -> QuerySet[Place]:
    """The places where a survey hangs, and where it hung."""
    places = Place.objects.filter(service=survey.service_id, item=survey.item, service__workspace=here.workspace)
    return (places if here.sites is None else places.filter(site__in=here.sites)).order_by("pk")


def hung_places(here: Standing, survey: Survey) -> QuerySet[Place]:
    """Those of them that hang there now."""
    return visible_places(here, survey).filter(retired_at=None)


def at_visible_places(here: Standing) -> Q:
    """Which responses of a survey came from places that are seen."""
    return Q() if here.sites is None else Q(responses__place__site__in=here.sites)


def responses_in_quarantine(here: Standing) -> QuerySet[Response]:
    """The responses that wait in quarantine at the places that are seen."""
    found = Response.objects.filter(workspace=here.workspace, aside=QUARANTINE)
    return found if here.sites is None else found.filter(place__site__in=here.sites)


def quarantined_responses(here: Standing, survey: Survey) -> QuerySet[Response]:
    """Those of all versions of a survey, the newest first."""
    found = responses_in_quarantine(here).filter(survey__service=survey.service_id, survey__address=survey.address)
    return found.select_related("survey", "place").order_by("-moved_us", "-pk")
