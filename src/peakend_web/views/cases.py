"""Pages of cases: what waits for whom, and one case with the customer's own words."""

from __future__ import annotations

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from peakend_web.actions.cases import take_case
from peakend_web.forms.workspaces import CloseCase
from peakend_web.models import Case
from peakend_web.routing import InWorkspace
from peakend_web.seen import cases_seen_by, one


def cases(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """The cases that are not closed, the most urgent first."""
    waiting = cases_seen_by(here).exclude(state=Case.State.CLOSED)
    return render(request, "peakend_web/cases.html", {"waiting": waiting[:200], "many": waiting.count(), "now": timezone.now()})


def case(request: HttpRequest, here: InWorkspace, case: int) -> HttpResponse:
    """One case."""
    return _case(request, here, _found(here, case), CloseCase())


def take(request: HttpRequest, here: InWorkspace, case: int) -> HttpResponse:
    """“I am on it.”"""
    del request
    take_case(actor=here.person, case=_found(here, case))
    return redirect("case", here.workspace.slug, case)


def close(request: HttpRequest, here: InWorkspace, case: int) -> HttpResponse:
    """Close it with a note."""
    found, form = _found(here, case), CloseCase(request.POST)
    if form.is_valid() and form.save(here.person, found):
        success(request, _("The case is closed."))
        return redirect("cases", here.workspace.slug)
    return _case(request, here, found, form)


def _found(here: InWorkspace, id: int) -> Case:
    return one(cases_seen_by(here), pk=id)


def _case(request: HttpRequest, here: InWorkspace, found: Case, form: CloseCase) -> HttpResponse:
    del here
    return render(request, "peakend_web/case.html", {"case": found, "form": form, "now": timezone.now()})
