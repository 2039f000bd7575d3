"""Verbs on the members of a workspace: invite, accept, change a role, take it away."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone

from peakend_web.base import grants as rules
from peakend_web.base import trail
from peakend_web.base.api_keys import digest_of
from peakend_web.base.grants import Standing, require
from peakend_web.base.locks import lock_rows
from peakend_web.base.refusals import Conflict, Denied, Missing
from peakend_web.models import ApiKey, Invitation, Membership, Person, Role, Site, Workspace

from .keys import end_keys

INVITED_FOR = timedelta(days=14)


@transaction.atomic
def invite(
    *, actor: Person, workspace: Workspace, email: str, role: Role, sites: Collection[Site] = ()
) -> tuple[Invitation, str]:
    """Invite somebody by a link that works once; the link's secret is returned here and never again."""
    here = require(actor, "manage_people", workspace)
    _no_more_than_own(here, role, _own(workspace, sites))
    address = email.strip().lower()
    if Membership.objects.filter(workspace=workspace, person__email=address).exists():
        raise Conflict("web.member_already", email=address)
    _replace(here, address)
    secret = secrets.token_urlsafe(24)
    until = timezone.now() + INVITED_FOR
    invitation = Invitation.objects.create(
        workspace=workspace, email=address, role=role, digest=digest_of(secret), invited_by=actor, expires_at=until
    )
    invitation.sites.set(_own(workspace, sites))
    trail.leave(
        "invite",
        actor=actor,
        workspace=workspace,
        about=invitation,
        after={"email": address, "role": role, "sites": _keys(sites)},
    )
    return invitation, secret


def find_invitation(secret: str) -> Invitation:
    """The invitation behind a link, while it can be accepted: in its time, and while whoever made it could still make
    it.
    """
    waiting = Invitation.objects.select_related("workspace", "invited_by").filter(
        accepted_at=None, expires_at__gt=timezone.now()
    )
    found = waiting.filter(digest=digest_of(secret)).first()
    if found is None or not _still_theirs(rules.standing(found.invited_by, found.workspace), found):
        raise Missing("web.invitation_gone")
    return found


@transaction.atomic
def accept_invitation(
    *, secret: str, actor: Person | None = None, name: str = "", password: str = "", language: str = "en"
) -> Membership:
    """Join the workspace: as the person who is signed in, or as a new person with this name and password."""
    invitation = lock_rows(Invitation.objects.all()).get(pk=find_invitation(secret).pk)
    person = actor or _newcomer(invitation.email, name, password, language)
    if person.email != invitation.email:
        raise Denied("web.invitation_other", email=invitation.email)
    membership, made = Membership.objects.get_or_create(
        workspace=invitation.workspace, person=person, defaults={"role": invitation.role}
    )
    if not made:
        raise Conflict("web.member_already", email=person.email)
    membership.sites.set(invitation.sites.all())
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    after = {"email": person.email, "role": membership.role, "sites": _keys(invitation.sites.all())}
    trail.leave("accept_invitation", actor=person, workspace=invitation.workspace, about=membership, after=after)
    return membership


@transaction.atomic
def change_role(*, actor: Person, membership: Membership, role: Role, sites: Collection[Site] = ()) -> Membership:
    """Give another member another role, or other sites: nobody gives more than they have. A workspace keeps at least
    one owner.

    What the member could make before and no longer can, keys and invitations, ends with it.
    """
    workspace = membership.workspace
    current = _lock(membership)
    here = require(actor, "manage_people", workspace)
    _may_change(here, current)
    if role != Role.OWNER:
        _require_another_owner(current)
    if current.person_id == actor.pk:
        raise Denied("web.not_oneself")
    _no_more_than_own(here, role, _own(workspace, sites))
    before = {"role": current.role, "sites": _keys(current.sites.all())}
    current.role = role
    current.save(update_fields=["role"])
    current.sites.set(sites)
    trail.leave(
        "change_role",
        actor=actor,
        workspace=workspace,
        about=current,
        before=before,
        after={"role": role, "sites": _keys(sites)},
    )
    _end_what_they_made(actor, current.person, workspace)
    return current


@transaction.atomic
def remove_member(*, actor: Person, membership: Membership) -> None:
    """Take somebody's membership away; at their next request the workspace is not there for them. Anyone may leave by
    themselves.

    The keys they made open nothing from then on, and the invitations they made lead nowhere.
    """
    workspace = membership.workspace
    current = _lock(membership)
    if current.person_id != actor.pk:
        _may_change(require(actor, "manage_people", workspace), current)
    _require_another_owner(current)
    before = {"email": current.person.email, "role": current.role, "sites": _keys(current.sites.all())}
    trail.leave("remove_member", actor=actor, workspace=workspace, about=current, before=before)
    current.delete()
    _end_what_they_made(actor, current.person, workspace)


def _newcomer(email: str, name: str, password: str, language: str) -> Person:
    if Person.objects.filter(email=email).exists():
        raise Denied("web.invitation_sign_in", email=email)
    validate_password(password, Person(email=email, name=name))
    return Person.objects.create_user(email, password, name=name, language=language)


def _lock(membership: Membership) -> Membership:
    """The membership as it is now, with all of its workspace's held so that two changes at once cannot remove the last
    owner.
    """
    found = {each.pk: each for each in lock_rows(Membership.objects.filter(workspace=membership.workspace_id))}
    if membership.pk not in found:
        raise Missing("web.missing")
    return found[membership.pk]


def _no_more_than_own(here: Standing, role: Role, sites: Collection[Site]) -> None:
    if not here.may_grant(role, _keys(sites)):
        raise Denied("web.not_allowed")
    if role == Role.OWNER and sites:
        raise Conflict("web.owner_everywhere")


def _may_change(here: Standing, membership: Membership) -> None:
    if membership.person_id != here.person.pk and not here.may_change(membership):
        raise Denied("web.not_allowed")


def _require_another_owner(membership: Membership) -> None:
    """Of the owners who see everything one is left."""
    others = Membership.objects.filter(
        workspace=membership.workspace_id, role=Role.OWNER, sites=None, person__is_active=True
    )
    if membership.role == Role.OWNER and not others.exclude(pk=membership.pk).exists():
        raise Conflict("web.last_owner")


def _replace(here: Standing, email: str) -> None:
    """Let go of what this person was invited to before; unless that is more than the one who invites now could give."""
    for before in Invitation.objects.filter(workspace=here.workspace, email=email, accepted_at=None):
        if not here.may_grant(Role(before.role), _keys(before.sites.all())):
            raise Denied("web.not_allowed")
        before.delete()


def _end_what_they_made(actor: Person, maker: Person, workspace: Workspace) -> None:
    """End the keys and invitations that somebody made and could not make as what they are now."""
    standing = rules.standing(maker, workspace)
    if standing is None or not standing.may("manage_keys"):
        end_keys(actor, ApiKey.objects.filter(workspace=workspace, made_by=maker, revoked_at=None))
    waiting = Invitation.objects.filter(workspace=workspace, invited_by=maker, accepted_at=None).prefetch_related(
        "sites"
    )
    ended = [each for each in waiting if not _still_theirs(standing, each)]
    entries = [
        (each, {"email": each.email, "role": each.role, "sites": _keys(each.sites.all())}, None) for each in ended
    ]
    if entries:
        trail.leave_all("withdraw_invitation", actor=actor, workspace=workspace, done=entries)
        Invitation.objects.filter(pk__in=[each.pk for each in ended]).delete()


def _still_theirs(standing: Standing | None, invitation: Invitation) -> bool:
    """Whether this standing could make the invitation."""
    sites = _keys(invitation.sites.all())
    return standing is not None and standing.may("manage_people") and standing.may_grant(Role(invitation.role), sites)


def _own(workspace: Workspace, sites: Collection[Site]) -> list[Site]:
    if any(site.workspace_id != workspace.pk for site in sites):
        raise Missing("web.missing")
    return list(sites)


def _keys(sites: Iterable[Site]) -> list[str]:
    return sorted(site.key for site in sites)
