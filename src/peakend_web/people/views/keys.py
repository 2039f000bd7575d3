"""The page of a workspace's API keys."""

from __future__ import annotations

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from peakend_web.base import flash
from peakend_web.base.grants import one
from peakend_web.base.guard import InWorkspace
from peakend_web.people.actions import keys
from peakend_web.people.forms.keys import NewKey
from peakend_web.people.grants import visible_keys


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
