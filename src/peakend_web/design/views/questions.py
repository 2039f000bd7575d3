"""What is asked, as far as the design decides it: a touchpoint that nobody asks about is asked about with one tap."""

from __future__ import annotations

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.design.actions.questions import ask_about
from peakend_web.design.queries import words_in

from .drafts import page_after


def ask_here(request: HttpRequest, here: InService, touchpoint: str) -> HttpResponse:
    """Put a question about this touchpoint into the draft, and go back to the ring or the journey."""
    asked = ask_about(actor=here.person, service=here.service, touchpoint=touchpoint)
    named = {"survey": words_in(asked.survey, reader_language())}
    if asked.anew:
        success(request, _("“%(survey)s” asks about it in the draft. Publish the draft to ask customers.") % named)
    else:
        success(request, _("A survey in the draft asks about it already.") % named)
    if request.POST.get("face"):
        return page_after(request, here, "journey")
    return redirect(f"{reverse('journey', args=[here.workspace.slug, here.service.slug])}#unasked")
