"""Who may do what with a service and its design, which are the workspace's: every member sees all of them, and nobody
who is limited to sites changes them, for they hold for every site.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from peakend_web.base.documents import part_names
from peakend_web.base.grants import Standing, declare, is_everywhere, is_member, leads
from peakend_web.base.remarks import remarks_on
from peakend_web.models import Draft, Remark, Service, ServiceVersion, SharedMap

declare(see_service=is_member, edit_service=leads & is_everywhere, remark=is_member)


def visible_services(here: Standing) -> QuerySet[Service]:
    """Every service."""
    return Service.objects.filter(workspace=here.workspace)


def visible_versions(here: Standing, service: Service) -> QuerySet[ServiceVersion]:
    """The versions of a service's design, the newest first."""
    versions = ServiceVersion.objects.filter(service__in=visible_services(here), service=service)
    return versions.select_related("made_by", "service")


def visible_drafts(here: Standing) -> QuerySet[Draft]:
    """The drafts that are being made, for whoever may make them: nobody else sees what is not decided yet. Neither its
    document is read along nor that of the version that it began from: a page that asks every two seconds whether
    anything has changed needs none.
    """
    drafts = Draft.objects.filter(service__in=visible_services(here), ended_at=None)
    large = ("folded", "added", *(f"base__{name}" for name in ServiceVersion.LARGE))
    light = drafts.select_related("base", "begun_by", "service__workspace").defer(*large)
    return light if here.may("edit_service") else drafts.none()


def visible_remarks(here: Standing, part: str = "") -> QuerySet[Remark]:
    """The remarks on all services, or on one part of them: every member sees what the others say of the design in
    force. What they say of a part that is not in it is for those who may edit, for the part may stand in a draft alone,
    and its id tells what that says.
    """
    found = remarks_on(visible_services(here), part)
    if here.may("edit_service"):
        return found
    hidden = Q(pk=None)
    for service in visible_services(here):
        in_force = part_names(service.current_id) if service.current_id else frozenset()
        parts = set(found.filter(service=service).order_by().values_list("part", flat=True).distinct())
        hidden |= Q(service=service, part__in=parts - in_force)
    return found.exclude(hidden)


def visible_shared_maps(here: Standing) -> QuerySet[SharedMap]:
    """The links to maps that have not been ended, for whoever may make them."""
    links = SharedMap.objects.filter(service__in=visible_services(here), ended_at=None)
    return (
        links.select_related("made_by", "version", "service__workspace") if here.may("edit_service") else links.none()
    )
