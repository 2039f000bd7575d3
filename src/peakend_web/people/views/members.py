"""Pages of a workspace's members: who is here and who is invited, their roles and sites, joining and leaving."""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.auth import login
from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from peakend_web.base import flash
from peakend_web.base.documents import site_names
from peakend_web.base.forms import TITLES
from peakend_web.base.grants import one
from peakend_web.base.guard import InWorkspace
from peakend_web.base.languages import reader_language
from peakend_web.base.public_address import link as link_to
from peakend_web.models import Invitation, Membership, Person
from peakend_web.people.actions import members
from peakend_web.people.forms.members import ChangeRole, Invite, Join
from peakend_web.people.grants import visible_invitations, visible_members

from .accounts import BACKEND


def people(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """Who is here, as what, at which sites; and who is invited."""
    return flash.clear(request, _members(request, here, Invite(here=here), **(flash.read(request) or {})))


def invite(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """Invite somebody, and show the link once, on the page of the people."""
    form = Invite(request.POST, here=here)
    made = form.save() if form.is_valid() else None
    if made is None:
        return _members(request, here, form)
    told = {"link": link_to(request, reverse("join", args=[made[1]])), "invited": made[0].email}
    return flash.send(request, reverse("people", args=[here.workspace.slug]), told)


def member(request: HttpRequest, here: InWorkspace, member: int) -> HttpResponse:
    """One member's role and sites."""
    membership = one(visible_members(here), pk=member)
    initial = {"role": membership.role, "sites": membership.sites.all()}
    form = ChangeRole(request.POST or None, here=here, initial=initial)
    if request.method == "POST" and form.is_valid() and form.save(membership):
        success(request, _("Saved."))
        return redirect("people", here.workspace.slug)
    return render(
        request,
        "peakend_web/people/member.html",
        {"form": form, "member": membership, "changeable": here.may_change(membership)},
    )


def remove_member(request: HttpRequest, here: InWorkspace, member: int) -> HttpResponse:
    """Take a membership away."""
    membership = one(visible_members(here), pk=member)
    members.remove_member(actor=here.person, membership=membership)
    success(request, _("%(name)s is no longer a member.") % {"name": membership.person.name})
    return redirect("people", here.workspace.slug) if membership.person != here.person else redirect("start")


def leave(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """Leave the workspace oneself."""
    del request
    members.remove_member(actor=here.person, membership=here.membership)
    return redirect("start")


@sensitive_post_parameters("password")
def join(request: HttpRequest, secret: str) -> HttpResponse:
    """Accept an invitation: with one tap by whoever is signed in, or as somebody new."""
    invitation = members.find_invitation(secret)
    actor = request.user if isinstance(request.user, Person) else None
    form = None if actor else Join(request.POST or None)
    membership = _join(request, secret, actor, form)
    if membership:
        if not actor:
            login(request, membership.person, backend=BACKEND)
        return redirect("workspace", membership.workspace.slug)
    return render(request, "peakend_web/people/join.html", {"invitation": invitation, "form": form})


def _join(request: HttpRequest, secret: str, actor: Person | None, form: Join | None) -> Membership | None:
    if request.method != "POST":
        return None
    if actor:
        return members.accept_invitation(secret=secret, actor=actor)
    return form.save(secret, get_language() or "en") if form and form.is_valid() else None


def _members(request: HttpRequest, here: InWorkspace, form: Invite, **more: str) -> HttpResponse:
    names = site_names(here.workspace, reader_language())
    listed, invited = (
        [_member_row(here, each, names) for each in rows] for rows in (visible_members(here), visible_invitations(here))
    )
    return render(
        request, "peakend_web/people/people.html", {"members": listed, "invitations": invited, "form": form, **more}
    )


def _member_row(
    here: InWorkspace, row: Membership | Invitation, names: Mapping[str, str]
) -> tuple[Membership | Invitation, str, str]:
    """A member or an invitation with its role and sites in words; of the sites, those that the reader sees."""
    sites = [names.get(site.key, site.name) for site in row.sites.all() if here.sees([site.key])]
    return row, str(TITLES[row.role]), _(", ").join(sites) or _("all")
