"""Pages of a workspace beside its services' results: people, settings, keys, the audit of changes, services and their
versions, cases.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.contrib.messages import success
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from peakend_web.base import flash, trail, troubles
from peakend_web.base.documents import site_names
from peakend_web.base.forms import TITLES
from peakend_web.base.grants import one
from peakend_web.base.guard import InWorkspace
from peakend_web.base.languages import reader_language
from peakend_web.base.public_address import link as link_to
from peakend_web.base.public_address import public_address, unserved_host
from peakend_web.design.queries import visible_services
from peakend_web.models import Invitation, Membership
from peakend_web.people import audit_lines
from peakend_web.people.actions import keys, people
from peakend_web.people.forms.workspaces import ChangeRole, Invite, NewKey, PublicAddress, WorkspaceSettings
from peakend_web.people.grants import visible_invitations, visible_keys, visible_members
from peakend_web.people.queries import audit_actors


def workspace(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """The first service's home; where there is none yet, the page that says how to begin."""
    del request
    first = visible_services(here).filter(current__isnull=False).first()
    return redirect("home", here.workspace.slug, first.slug) if first else redirect("services", here.workspace.slug)


def settings(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """The workspace's name and clock."""
    about = {name: getattr(here.workspace, name) for name in WorkspaceSettings.base_fields}
    form = WorkspaceSettings(request.POST or None, initial=about)
    if request.method == "POST" and form.is_valid() and form.save(here.person, here.workspace):
        success(request, _("Saved."))
        return redirect("workspace-settings", here.workspace.slug)
    return _settings(request, here, form)


def installation(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """Where customers reach the installation; for whoever set it up."""
    form = PublicAddress(request.POST)
    if form.is_valid() and form.save(here.person):
        success(request, _("Saved."))
        return redirect("workspace-settings", here.workspace.slug)
    return _settings(request, here, address=form)


def _settings(
    request: HttpRequest, here: InWorkspace, form: WorkspaceSettings | None = None, address: PublicAddress | None = None
) -> HttpResponse:
    about = {name: getattr(here.workspace, name) for name in WorkspaceSettings.base_fields}
    known = public_address()
    context = {
        "form": form or WorkspaceSettings(initial=about),
        "address": address
        or (PublicAddress(initial={"address": known}) if people.looks_after_installation(here.person) else None),
        "not_answered": unserved_host(known) if known else "",
        "troubles": troubles.of(here.workspace.pk),
    }
    return render(request, "peakend_web/people/workspace_settings.html", context)


# --- people -----------------------------------------------------------------------------------------------------------


def members(request: HttpRequest, here: InWorkspace) -> HttpResponse:
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
    people.remove_member(actor=here.person, membership=membership)
    success(request, _("%(name)s is no longer a member.") % {"name": membership.person.name})
    return redirect("people", here.workspace.slug) if membership.person != here.person else redirect("start")


def leave(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """Leave the workspace oneself."""
    del request
    people.remove_member(actor=here.person, membership=here.membership)
    return redirect("start")


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


# --- keys and the audit -----------------------------------------------------------------------------------------------


@sensitive_variables("made")
def api_keys(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """The keys of this workspace; a new one is shown once."""
    form = NewKey(request.POST or None)
    made = form.save(here.person, here.workspace) if request.method == "POST" and form.is_valid() else None
    if made:
        return flash.send(request, request.path, {"name": made[0].name, "secret": made[1]})
    page = {"keys": visible_keys(here), "form": form, "made": flash.read(request)}
    return flash.clear(request, render(request, "peakend_web/people/keys.html", page))


def revoke_key(request: HttpRequest, here: InWorkspace, key: int) -> HttpResponse:
    """End a key."""
    found = one(visible_keys(here), pk=key)
    keys.revoke_key(actor=here.person, key=found)
    success(request, _("The key “%(name)s” has been revoked.") % {"name": found.name})
    return redirect("keys", here.workspace.slug)


def audit(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """Who changed what, newest first, and whether the audit is as it was written."""
    person, kind = request.GET.get("person", ""), request.GET.get("kind", "")
    page = Paginator(audit_lines.narrow(here, person, kind), 50).get_page(request.GET.get("page"))
    found = trail.verify(here.workspace, list(page), wholly="wholly" in request.GET)
    shown = {
        "page": page,
        "lines": audit_lines.lines(here, page, reader_language()),
        "broken": found.broken,
        "from_first": found.from_first,
        "people": audit_actors(here),
        "kinds": [(id, title) for id, (title, _verbs) in audit_lines.KINDS.items()],
        "person": person,
        "kind": kind,
    }
    return render(request, "peakend_web/people/audit.html", shown)
