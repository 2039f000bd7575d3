"""Publishing a survey from its studio: what would be otherwise, and one button."""

from __future__ import annotations

from typing import Any

from django.contrib.messages import error as warn
from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from peakend.documents.problems import InvalidDocument
from peakend.errors import DocumentError
from peakend.service.difference import difference
from peakend.service.document import of_data
from peakend_web.asking.actions.studio import publish_studio
from peakend_web.asking.grants import visible_surveys
from peakend_web.asking.queries.studio import questionnaire_in, state_of
from peakend_web.base.guard import InService
from peakend_web.base.languages import BETWEEN_SENTENCES, reader_language
from peakend_web.base.refusals import Conflict, Refusal, words_of
from peakend_web.design.actions.drafts import ChangedMeanwhile
from peakend_web.design.queries import document_in_force
from peakend_web.design.queries.advice import finding_of
from peakend_web.models import Survey

from .drafting import Desk, desk_of, draft_is_over, studio_address
from .studio_rows import sentence_of_state

MOST_CHANGES = 40


def publish(request: HttpRequest, here: InService, item: str) -> HttpResponse:
    """Show what would be otherwise than now; put the survey before people."""
    desk = desk_of(here, item)
    draft = desk.at.draft
    if draft is None:
        return draft_is_over(request, here, item)
    if request.method != "POST":
        return _page(request, here, desk)
    note = " ".join(request.POST.get("note", "").split())[:200]
    try:
        survey = publish_studio(actor=here.person, draft=draft, item=item, note=note)
    except InvalidDocument as error:
        lang = reader_language()
        for each in error.problems[:5]:
            found = finding_of(desk.working, each, desk.at.lang)
            warn(request, BETWEEN_SENTENCES[lang].join(filter(None, (found.what, found.do))))
    except (ChangedMeanwhile, Conflict, DocumentError, Refusal) as error:
        warn(request, words_of(error))
    else:
        success(request, _("It is published. Here are its link and its QR code."))
        return redirect("survey-places", here.workspace.slug, here.service.slug, survey.pk)
    return redirect(studio_address(here, item))


def _page(request: HttpRequest, here: InService, desk: Desk) -> HttpResponse:
    lang, current = reader_language(), document_in_force(here.service)
    new = of_data(desk.working.data)
    found = [change.sentence(lang) for change in difference(of_data(current.data), new)] if current else []
    out = visible_surveys(here, here.service).filter(item=desk.item, status=Survey.Status.OPEN).first()
    state = state_of(desk.working, desk.item, desk.at.lang) if desk.is_there else None
    shown: dict[str, Any] = {
        "item": desk.item,
        "title": desk.at.words(desk.name, "title") if desk.is_there else desk.item,
        "state": state,
        "sentence": sentence_of_state(state) if state else "",
        "can": desk.is_there and questionnaire_in(desk.working, desk.item) is not None,
        "changes": found[:MOST_CHANGES],
        "more": len(found) - len(found[:MOST_CHANGES]),
        "out": out,
        "back": studio_address(here, desk.item),
    }
    return render(request, "peakend_web/asking/publish.html", shown)
