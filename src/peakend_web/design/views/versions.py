"""Pages of a design's versions: the list, a new one with its problems by line, and what differs between two."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.messages import success
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from peakend.formats.mermaid import left_out_words
from peakend.ids import free_id
from peakend_web.base.documents import document_of
from peakend_web.base.grants import one
from peakend_web.base.guard import InService, InWorkspace
from peakend_web.base.languages import reader_language
from peakend_web.design.actions import versions as versions_of
from peakend_web.design.forms.versions import NewVersion
from peakend_web.design.grants import visible_services, visible_versions
from peakend_web.design.queries import problems_of
from peakend_web.design.starters import STARTER, starter
from peakend_web.design.views.files import NAMES
from peakend_web.models import Service, ServiceVersion

from .comparing import changes_between, maps_of, worth_between
from .drafts import open_draft_of
from .problem_rows import problem_rows

SIZE: Final = 50
"""Versions that one page lists."""


def services(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """The services of a workspace."""
    context = {"all_services": visible_services(here).select_related("current")}
    return render(request, "peakend_web/design/services.html", context)


def new_service(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """Make a service by its document."""
    return _save(request, here, None)


def versions(request: HttpRequest, here: InService) -> HttpResponse:
    """The versions of the document, newest first."""
    current = here.service.current
    document = document_of(current.pk) if current else None
    listed = visible_versions(here, here.service).defer(*ServiceVersion.LARGE)
    shown = {
        "page": Paginator(listed, SIZE).get_page(request.GET.get("page")),
        "advice": _advice(here),
        "draft": open_draft_of(here),
        "kinds": NAMES[1:],
        "draft_kinds": NAMES,
        "left_out": left_out_words(document, reader_language()) if document else "",
        "journeys": len(document.journeys) if document else 0,
    }
    return render(request, "peakend_web/design/versions.html", shown)


def _advice(here: InService) -> list[dict[str, str]]:
    """What could be better in the current version, each with its place: words that lack a language among them."""
    if here.service.current is None:
        return []
    found = problems_of(here.service.current.pk, here.workspace.pk)
    return problem_rows(one for one in found if one.level != "error")


def new_version(request: HttpRequest, here: InService) -> HttpResponse:
    """Save the document anew."""
    return _save(request, here, here.service)


def version(request: HttpRequest, here: InService, number: int) -> HttpResponse:
    """One version's text, as a file."""
    del request
    found = _version(here, number)
    name = f"{here.service.slug}-{found.number}.yaml"
    return HttpResponse(
        found.text,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def put_in_force(request: HttpRequest, here: InService, number: int) -> HttpResponse:
    """Have this version asked, measured and acted on from now on."""
    found = versions_of.put_in_force(actor=here.person, version=_version(here, number))
    success(request, _("Version %(number)s is the current one now.") % {"number": found.number})
    return redirect("versions", here.workspace.slug, here.service.slug)


def difference(request: HttpRequest, here: InService, before: int, after: int) -> HttpResponse:
    """What the later of two versions says otherwise: in sentences, and line by line; on demand, for it takes longer,
    what it may be worth.
    """
    old, new = _version(here, before), _version(here, after)
    worth = worth_between(here, old, new) if request.GET.get("worth") else []
    shown = {"old": old, "new": new, **changes_between(old, new), "maps": maps_of(old, new), "worth": worth}
    return render(request, "peakend_web/design/difference.html", shown)


def _version(here: InService, number: int) -> ServiceVersion:
    return one(visible_versions(here, here.service), number=number)


def _save(request: HttpRequest, here: InWorkspace, service: Service | None) -> HttpResponse:
    current = service.current if service else None
    initial = {"text": current.text, "base": current.number} if current else {"text": _example(here), "base": 0}
    form = NewVersion(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = form.save(here.person, here.workspace, service)
        if saved and service is None:
            return _lead_to_next_step(request, here, saved.service)
        if saved:
            success(request, _("Version %(number)s is the current one now.") % {"number": saved.number})
            return redirect("versions", here.workspace.slug, saved.service.slug)
    shown = {"form": form, "problems": problem_rows(form.problems), **_meanwhile(here, form)}
    return render(request, "peakend_web/design/new_version.html", shown, status=409 if form.newer else 200)


def _example(here: InWorkspace) -> str:
    """The first service to begin from, under a name that is free here."""
    own = free_id(STARTER, versions_of.taken_slugs(here))
    return starter(reader_language()).replace(f"service: {STARTER}", f"service: {own}", 1)


def _lead_to_next_step(request: HttpRequest, here: InWorkspace, made: Service) -> HttpResponse:
    """Lead whoever made a service to what comes next: its survey, where it has one."""
    named = {"name": made.title.get(reader_language()) or next(iter(made.title.values()))}
    if made.current and document_of(made.current.pk).surveys:
        success(
            request,
            _("“%(name)s” is set up. Next, publish its survey here; you get a link and a QR code for your customers.")
            % named,
        )
        return redirect("surveys", here.workspace.slug, made.slug)
    success(
        request,
        _("“%(name)s” is set up. Next, add a survey to its design in a new version, so that customers can be asked.")
        % named,
    )
    return redirect("versions", here.workspace.slug, made.slug)


def _meanwhile(here: InWorkspace, form: NewVersion) -> dict[str, Any]:
    """What somebody else saved since this text was begun, against the version that it was begun from."""
    if form.newer is None:
        return {}
    base = visible_versions(here, form.newer.service).filter(number=form.cleaned_data["base"]).first()
    return {"newer": form.newer, "old": base, **(changes_between(base, form.newer) if base else {})}
