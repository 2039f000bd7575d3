"""What is seen of each noun: one function a noun, from a person's standing to the rows that are there for them.

Whatever shows, counts or changes a thing of a workspace begins here; pages and files ask the models for nothing by
themselves, and a test holds them to it. Facts have a door of their own (`facts`), which takes the same sites.

Whoever is limited to sites sees of cases, places, answers, people and invitations what belongs to those sites, and
nothing that belongs to none. A service's design and its surveys are the workspace's, and every member's.
"""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Count, Max, Model, Q, QuerySet
from django.utils import timezone

from peakend_web.models import (
    ApiKey,
    AuditEntry,
    Case,
    Import,
    Invitation,
    Membership,
    Person,
    Place,
    Role,
    Service,
    ServiceVersion,
    Site,
    Survey,
    TakeBack,
)

from .grants import Standing
from .refusals import Missing

Row = TypeVar("Row", bound=Model)


def one(rows: QuerySet[Row], **which: object) -> Row:
    """The one row that is meant; what is not seen is missing, exactly as what is not there."""
    found = rows.filter(**which).first()
    if found is None:
        raise Missing("web.missing")
    return found


# --- of the whole workspace -------------------------------------------------------------------------------------------


def memberships_of(person: Person) -> QuerySet[Membership]:
    """Where somebody is a member themselves, the workspace that they joined first at the head."""
    return Membership.objects.filter(person=person).select_related("workspace")


def services_seen_by(here: Standing) -> QuerySet[Service]:
    """Every service."""
    return Service.objects.filter(workspace=here.workspace)


def versions_seen_by(here: Standing, service: Service) -> QuerySet[ServiceVersion]:
    """The versions of a service's design, the newest first."""
    return ServiceVersion.objects.filter(service__in=services_seen_by(here), service=service).select_related(
        "made_by", "service"
    )


def keys_seen_by(here: Standing) -> QuerySet[ApiKey]:
    """The keys that open something. A key reads and writes at every site: nobody who is limited to some sees any."""
    found = ApiKey.objects.filter(workspace=here.workspace, revoked_at=None).select_related("made_by", "workspace")
    return found if here.sites is None else found.none()


def audit_seen_by(here: Standing) -> QuerySet[AuditEntry]:
    """The trail, which tells of every site."""
    found = AuditEntry.objects.filter(workspace=here.workspace).select_related("actor").order_by("-number")
    return found if here.sites is None else found.none()


def imports_seen_by(here: Standing, service: Service) -> QuerySet[Import]:
    """The files that were brought in; a file holds every site's rows."""
    found = imports_of(service).filter(workspace=here.workspace).select_related("by", "service", "workspace")
    return found if here.sites is None else found.none()


def imports_of(service: Service) -> QuerySet[Import]:
    """The same, the newest first, for a program's key: it reads at every site of its service."""
    return Import.objects.filter(service=service).order_by("-pk")


def taken_back_seen_by(here: Standing, service: Service) -> QuerySet[TakeBack]:
    """What was taken back, the newest first."""
    found = TakeBack.objects.filter(workspace=here.workspace, service=service).select_related("by", "imported")
    return found if here.sites is None else found.none()


# --- of sites ---------------------------------------------------------------------------------------------------------


def sites_seen_by(here: Standing) -> QuerySet[Site]:
    """The sites a person works at, or all."""
    found = Site.objects.filter(workspace=here.workspace)
    return found if here.sites is None else found.filter(key__in=here.sites)


def surveys_seen_by(here: Standing, service: Service) -> QuerySet[Survey]:
    """The surveys of a service, the newest first."""
    found = Survey.objects.filter(workspace=here.workspace, service=service).select_related(
        "version", "workspace", "service"
    )
    return found.order_by("-published_at")


def with_responses(here: Standing, surveys: QuerySet[Survey]) -> QuerySet[Survey]:
    """Each survey with how many began it and finished it, and when one last moved: of those that came from places that
    are seen.
    """
    there = Q() if here.sites is None else Q(responses__place__site__in=here.sites)
    return surveys.annotate(
        begun=Count("responses", filter=there),
        finished=Count("responses", filter=there & Q(responses__completed_us__isnull=False)),
        newest=Max("responses__moved_us", filter=there),
    )


def places_seen_by(here: Standing, survey: Survey) -> QuerySet[Place]:
    """The places where a survey hangs."""
    found = Place.objects.filter(
        service=survey.service_id, item=survey.item, service__workspace=here.workspace
    ).order_by("pk")
    return found if here.sites is None else found.filter(site__in=here.sites)


def cases_seen_by(here: Standing) -> QuerySet[Case]:
    """The cases of customers, the most urgent first."""
    found = Case.objects.filter(workspace=here.workspace).select_related("owner", "closed_by", "service", "workspace")
    return found if here.sites is None else found.filter(site__in=here.sites)


def members_seen_by(here: Standing) -> QuerySet[Membership]:
    """Who works here: at a site that one sees oneself, or at all of them."""
    found = Membership.objects.filter(workspace=here.workspace)
    return _at_our_sites(here, found).select_related("person", "workspace").prefetch_related("sites")


def who_may_import(here: Standing) -> list[Membership]:
    """Whom to ask about files: those who may bring them in, at every site. Everybody of the workspace may know their
    names.
    """
    found = Membership.objects.filter(workspace=here.workspace, person__is_active=True, sites=None).select_related(
        "person", "workspace"
    )
    may = [
        each
        for each in found.order_by("pk")
        if Standing(each.person, here.workspace, each, Role(each.role), None).may("import_facts")
    ]
    return sorted(may, key=lambda each: each.role != Role.ANALYST)


def invitations_seen_by(here: Standing) -> QuerySet[Invitation]:
    """Who is invited and has not come yet."""
    found = Invitation.objects.filter(workspace=here.workspace, accepted_at=None, expires_at__gt=timezone.now())
    return _at_our_sites(here, found).order_by("pk").prefetch_related("sites")


Limited = TypeVar("Limited", Membership, Invitation)


def _at_our_sites(here: Standing, found: QuerySet[Limited]) -> QuerySet[Limited]:
    return found if here.sites is None else found.filter(Q(sites=None) | Q(sites__key__in=here.sites)).distinct()
