"""The page of one's own cases, and its button."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from peakend_web.base.grants import one
from peakend_web.base.guard import InWorkspace

from .actions import give_case_back
from .queries import own_cases


def own(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """One's own cases."""
    return render(request, "peakend_web/recovery/own_cases.html", {"cases": own_cases(here)})


def give_back(request: HttpRequest, here: InWorkspace, case: int) -> HttpResponse:
    """“Somebody else shall do it.”"""
    del request
    give_case_back(actor=here.person, case=one(own_cases(here), pk=case))
    return redirect("own-cases", here.workspace.slug)
