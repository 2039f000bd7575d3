"""The page of changes: who did what."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from peakend_web.base import trail
from peakend_web.base.audit_lines import KINDS
from peakend_web.base.guard import InWorkspace
from peakend_web.base.languages import reader_language
from peakend_web.people.queries import audit_actors
from peakend_web.people.views import audit_sentences


def audit(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """Who changed what, newest first, and whether the audit is as it was written."""
    person, kind = request.GET.get("person", ""), request.GET.get("kind", "")
    page = Paginator(audit_sentences.narrow(here, person, kind), 50).get_page(request.GET.get("page"))
    found = trail.verify(here.workspace, list(page), wholly="wholly" in request.GET)
    shown = {
        "page": page,
        "lines": audit_sentences.lines(here, page, reader_language()),
        "broken": found.broken,
        "from_first": found.from_first,
        "people": audit_actors(here),
        "kinds": list(KINDS.items()),
        "person": person,
        "kind": kind,
    }
    return render(request, "peakend_web/people/audit.html", shown)
