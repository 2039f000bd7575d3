"""The page on which a survey begins."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from peakend_web.asking.forms.new_survey import NewSurvey
from peakend_web.asking.kinds import WORDS
from peakend_web.asking.queries.studio import survey_of_area
from peakend_web.base.guard import InService
from peakend_web.base.refusals import Conflict
from peakend_web.design.queries import document_in_force

from .drafting import studio_address


def new_survey(request: HttpRequest, here: InService) -> HttpResponse:
    """Begin a survey, and go on in its studio; or show what a pasted list would become, and keep nothing."""
    working = document_in_force(here.service)
    if working is None:
        raise Conflict("web.draft_of_nothing")
    form = NewSurvey(request.POST or None, working=working)
    looks = request.POST.get("look") == "1" or "HX-Request" in request.headers
    if form.is_bound and not looks and form.is_valid():
        draft = form.save(here.person, here.service)
        if draft is not None:
            success(request, _("Your survey is begun. Word it, look at it beside, and publish it when it is right."))
            return redirect(studio_address(here, survey_of_area(draft.area)))
    return _page(request, form, looks=looks)


def _page(request: HttpRequest, form: NewSurvey, *, looks: bool) -> HttpResponse:
    read = [
        {
            "question": each,
            "kind": WORDS[each.kind],
            "scale": "–".join(map(str, each.scale)),
        }
        for each in (form.read() if form.is_bound else ())
    ]
    shown: dict[str, Any] = {"form": form, "read": read, "looks": looks, "opened": form.opened}
    status = 200 if looks or not form.errors else 422
    template = "parts/pasted.html" if "HX-Request" in request.headers else "new_survey.html"
    return render(request, f"peakend_web/asking/{template}", shown, status=status)
