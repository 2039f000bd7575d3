"""Pages of a workspace itself: its first page, its settings, and where customers reach the installation."""

from __future__ import annotations

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from peakend_web.base import troubles
from peakend_web.base.guard import InWorkspace
from peakend_web.base.public_address import public_address, unserved_host
from peakend_web.design.queries import visible_services
from peakend_web.people.actions import workspaces
from peakend_web.people.forms.workspaces import PublicAddress, WorkspaceSettings


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
        or (PublicAddress(initial={"address": known}) if workspaces.looks_after_installation(here.person) else None),
        "not_answered": unserved_host(known) if known else "",
        "troubles": troubles.of(here.workspace.pk),
    }
    return render(request, "peakend_web/people/workspace_settings.html", context)
