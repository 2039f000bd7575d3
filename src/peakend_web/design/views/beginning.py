"""The page on which a service begins: its map grows while somebody types what their customers do."""

from __future__ import annotations

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from peakend_web.base.guard import InWorkspace
from peakend_web.base.languages import reader_language
from peakend_web.design.forms.beginning import NewService

from .sketch import sketches


def begin_service(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """Begin a service from a template of its industry or from one's own steps; its draft is open then."""
    form = NewService(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = form.save(here.person, here.workspace)
        if made:
            success(request, _("Your service is set up. Its journey is below: make it yours, step by step."))
            return redirect("design", here.workspace.slug, made.slug)
    return _page(request, form)


def preview_service(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """The map of what was typed so far: alone for a script, with the whole page for whoever has none."""
    del here
    form = NewService(request.POST)
    form.is_valid()
    return _page(request, form, alone="HX-Request" in request.headers)


def _page(request: HttpRequest, form: NewService, *, alone: bool = False) -> HttpResponse:
    service = form.sketch() if form.is_bound else None
    found = sketches(service, reader_language())[:1] if service else []
    template = "parts/growing.html" if alone else "begin_service.html"
    return render(request, f"peakend_web/design/{template}", {"form": form, "sketches": found, "alone": alone})
