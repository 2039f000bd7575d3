"""Who may do what with a workspace, its people, keys and audit; and which of these somebody sees.

Whoever is limited to sites sees the people who work there, and of what concerns the whole workspace nothing.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from peakend_web.base.grants import Standing, declare, is_everywhere, is_owner, leads
from peakend_web.models import ApiKey, AuditEntry, Device, Invitation, Membership, Person, Site

declare(
    see_people=leads,
    manage_people=leads,
    manage_workspace=is_owner & is_everywhere,
    manage_brand=leads & is_everywhere,
    manage_keys=is_owner & is_everywhere,
    manage_devices=leads,
    see_audit=is_owner & is_everywhere,
)


def memberships_of(person: Person) -> QuerySet[Membership]:
    """Where somebody is a member themselves, the workspace that they joined first at the head."""
    return Membership.objects.filter(person=person).select_related("workspace")


def visible_sites(here: Standing) -> QuerySet[Site]:
    """The sites a person works at, or all."""
    sites = Site.objects.filter(workspace=here.workspace)
    return sites if here.sites is None else sites.filter(key__in=here.sites)


def visible_members(here: Standing) -> QuerySet[Membership]:
    """Who works here: at a site that one sees oneself, or at all of them."""
    members = Membership.objects.filter(workspace=here.workspace)
    if here.sites is not None:
        members = members.filter(Q(sites=None) | Q(sites__key__in=here.sites)).distinct()
    return members.select_related("person", "workspace").prefetch_related("sites")


def members_everywhere(here: Standing) -> QuerySet[Membership]:
    """Who works at every site: everybody of the workspace may know their names, for they are the ones to ask."""
    members = Membership.objects.filter(workspace=here.workspace, person__is_active=True, sites=None)
    return members.select_related("person", "workspace").order_by("pk")


def visible_invitations(here: Standing) -> QuerySet[Invitation]:
    """Who is invited and has not come yet: to a site that one sees oneself. Of an invitation to all sites, whoever is
    limited to some learns nothing: that person is not there yet, and may never be.
    """
    waiting = Invitation.objects.filter(workspace=here.workspace, accepted_at=None, expires_at__gt=timezone.now())
    if here.sites is not None:
        waiting = waiting.filter(sites__key__in=here.sites).distinct()
    return waiting.order_by("pk").prefetch_related("sites")


def visible_keys(here: Standing) -> QuerySet[ApiKey]:
    """The keys that open something. A key reads and writes at every site: nobody who is limited to some sees any."""
    keys = ApiKey.objects.filter(workspace=here.workspace, revoked_at=None).select_related("made_by", "workspace")
    return keys if here.sites is None else keys.none()


def visible_devices(here: Standing) -> QuerySet[Device]:
    """The devices whose key opens something, at the sites that are seen."""
    devices = Device.objects.filter(workspace=here.workspace, revoked_at=None).select_related("made_by", "workspace")
    return devices if here.sites is None else devices.filter(site__in=here.sites)


def visible_audit(here: Standing) -> QuerySet[AuditEntry]:
    """The entries of the audit, which tells of every site."""
    entries = AuditEntry.objects.filter(workspace=here.workspace).select_related("actor").order_by("-number")
    return entries if here.sites is None else entries.none()
