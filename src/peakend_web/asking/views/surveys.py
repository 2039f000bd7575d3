"""Pages of the staff about surveys: what is out, its link, how many have answered; publishing and closing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend.service.edits.names import name_of
from peakend.service.schema import ServiceDocument
from peakend_web.asking.actions import close_survey, reopen_survey
from peakend_web.asking.forms.surveys import Publish
from peakend_web.asking.grants import reopenable_surveys, visible_surveys
from peakend_web.asking.queries import surveys_with_responses
from peakend_web.asking.queries.quarantine import quarantined_by_address
from peakend_web.asking.queries.studio import state_of, survey_drafts, survey_of_area
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.design.queries import document_at, title_of
from peakend_web.models import Survey
from peakend_web.store.door import respondents_by_survey
from peakend_web.store.grants import sees_each

from .drafting import language_in
from .studio_rows import sentence_of_state
from .survey_links import current_document, link_warning, survey_link, survey_of, title_of_survey


def surveys(request: HttpRequest, here: InService) -> HttpResponse:
    """Everything that is out, and what could be."""
    return _page(request, here)


def publish(request: HttpRequest, here: InService) -> HttpResponse:
    """Put a survey of the document before people."""
    form = Publish(request.POST)
    if form.is_valid() and form.save(here.person, here.service):
        success(request, _("It is published. Here are its link and its QR code."))
        return redirect("surveys", here.workspace.slug, here.service.slug)
    return _page(request, here, refused=form)


def close(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """Take no more answers."""
    close_survey(actor=here.person, survey=survey_of(here, survey))
    success(request, _("It is closed. The answers are kept."))
    return redirect("surveys", here.workspace.slug, here.service.slug)


def reopen(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """Take answers again, where the same code and link lead."""
    reopen_survey(actor=here.person, survey=survey_of(here, survey))
    success(request, _("It is open again, at the same address."))
    return redirect("surveys", here.workspace.slug, here.service.slug)


def _page(request: HttpRequest, here: InService, refused: Publish | None = None) -> HttpResponse:
    document = current_document(here)
    shown: list[dict[str, Any]] = [
        {**each, "title": title_of_survey(document, each["survey"].item)} for each in _surveys_with_counts(here)
    ]
    reopenable = frozenset(reopenable_surveys(here, here.service).values_list("pk", flat=True))
    waiting = quarantined_by_address(here, here.service)
    for each in shown:
        each["link"] = survey_link(request, each["survey"])
        each["reopens"] = each["survey"].pk in reopenable
        each["quarantined"] = waiting.get(each["survey"].address, 0)
    out = [each for each in shown if each["survey"].status == Survey.Status.OPEN]
    context = {
        "sentence": _sentence(len(out)),
        "drafts": _drafts(here),
        "open": out,
        "closed": [each for each in shown if each["survey"].status != Survey.Status.OPEN],
        "forms": _publishable(document, refused),
        "warns": link_warning(request),
    }
    return render(request, "peakend_web/asking/surveys.html", context)


def _sentence(many: int) -> str:
    """How many surveys are published."""
    if not many:
        return _("Nobody is asked at the moment.")
    return ngettext("%(n)s survey is published.", "%(n)s surveys are published.", many) % {"n": many}


def _drafts(here: InService) -> list[dict[str, Any]]:
    """The surveys that are being made, for whoever may make them."""
    found, lang = [], reader_language()
    for draft in survey_drafts(here, here.service):
        item, working = survey_of_area(draft.area), document_at(draft)
        name = name_of("surveys", item)
        if working.has(name):
            about = sentence_of_state(state_of(working, item, language_in(working)))
            found.append({"item": item, "title": title_of(working.held(name).data, lang), "about": about})
    return found


def _surveys_with_counts(here: InService) -> list[dict[str, Any]]:
    """The surveys with how many have answered: as they come, where each answer is seen; else as far as they are
    released, which is known of a survey and round and told at the newest of its versions.
    """
    if sees_each(here):
        counted: Iterable[Any] = surveys_with_responses(here, here.service)
        return [{"survey": each, "begun": each.begun, "finished": each.finished} for each in counted]
    people, surveys = respondents_by_survey(here.service, here.sites), visible_surveys(here, here.service)
    return [{"survey": survey, "released": people.pop((survey.item, survey.wave), None)} for survey in surveys]


def _publishable(document: ServiceDocument, refused: Publish | None) -> list[dict[str, Any]]:
    lang, ready = reader_language(), [survey for survey in document.surveys if survey.items and not survey.archived]
    tried = str(refused["item"].value()) if refused else ""
    return [
        {
            "item": survey.id,
            "title": survey.title[lang],
            "count": len(survey.items),
            "form": refused
            if refused and tried == survey.id
            else Publish(initial={"item": survey.id}, auto_id=f"{survey.id}-%s"),
        }
        for survey in ready
    ]
