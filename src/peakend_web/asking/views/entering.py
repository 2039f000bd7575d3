"""The page on which staff type in what a customer said: the same questions, and how they were heard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from peakend.errors import PeakendError
from peakend.terms import Lang
from peakend_web.asking import survey_cache
from peakend_web.asking.actions import Problems
from peakend_web.asking.actions.entering import enter_answers
from peakend_web.asking.answers import Submission
from peakend_web.asking.forms import submissions, survey_page
from peakend_web.asking.forms.entering import Hearing
from peakend_web.asking.forms.survey_page import Trouble
from peakend_web.asking.grants import hung_places
from peakend_web.asking.survey_cache import PublishedSurvey
from peakend_web.base import flash
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.base.refusals import Denied, Refusal
from peakend_web.models import Survey

from .receipts import card_of
from .survey_frame import frame_of, in_its_language, page_of_questions
from .survey_links import survey_of

HOW, AT, PLACE = "entered-how", "entered-at", "entered-place"
"""The ids of what is asked of whoever types."""


def enter(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """The form; the customer's code, once, after it was kept."""
    found = survey_of(here, survey)
    published = survey_cache.find(found.token)
    view = partial(_take if request.method == "POST" else _open, here=here, found=found)
    return in_its_language(request, published, view, usual=reader_language())


def _open(request: HttpRequest, survey: PublishedSurvey, lang: Lang, *, here: InService, found: Survey) -> HttpResponse:
    code = flash.read(request)
    if code:
        return flash.clear(request, _made(request, survey, lang, here=here, found=found, code=code))
    return _form(request, survey, lang, _hearing(here, found), here=here, found=found)


def _made(
    request: HttpRequest, survey: PublishedSurvey, lang: Lang, *, here: InService, found: Survey, code: str
) -> HttpResponse:
    context = {**frame_of(survey, lang), **card_of(request, code), "here": here, "survey_number": found.pk}
    return render(request, "peakend_web/asking/entering/made.html", context)


def _take(request: HttpRequest, survey: PublishedSurvey, lang: Lang, *, here: InService, found: Survey) -> HttpResponse:
    """Keep it; where something is wrong, or another language was tapped, the page again with everything in it."""
    hearing = _hearing(here, found, request.POST)
    sent = submissions.from_form(survey.questionnaire, request.POST, lang)
    show = partial(_form, request, survey, lang, hearing, here=here, found=found, sent=sent)
    if not sent.done:
        return show()
    troubles = _troubles_of(hearing)
    if troubles:
        return show(troubles=troubles)
    try:
        enter_answers(actor=here.person, survey=found, sent=replace(sent, entered=hearing.entered))
    except Denied:
        raise
    except Problems as error:
        return show(problems=error.problems)
    except PeakendError as error:
        return show(problems=[Refusal(error.id, **error.fields)])
    return flash.send(request, request.path, sent.response)


def _hearing(here: InService, survey: Survey, data: Any = None) -> Hearing:
    return Hearing(data, places=list(hung_places(here, survey)), must_name_place=here.sites is not None)


def _troubles_of(hearing: Hearing) -> list[Trouble]:
    """What is wrong with how it was heard, each beside its field."""
    ids = {"how": HOW, "at": AT, "place": PLACE}
    return [Trouble(ids[name], " ".join(map(str, errors)), "") for name, errors in hearing.errors.items()]


def _form(
    request: HttpRequest,
    survey: PublishedSurvey,
    lang: Lang,
    hearing: Hearing,
    *,
    here: InService,
    found: Survey,
    sent: Submission | None = None,
    problems: Sequence[Refusal] = (),
    troubles: Sequence[Trouble] = (),
) -> HttpResponse:
    wrong = [*troubles, *(survey_page.trouble(survey.questionnaire, each, lang) for each in problems)]
    page = page_of_questions(survey, lang, sent, problems)
    context = {
        **page,
        "questions": [each for each in page["questions"] if not each.control.takes_files],
        "photos": False,
        "here": here,
        "hearing": hearing,
        "problems": wrong,
        "survey_number": found.pk,
        "closed_at": found.closed_at,
        "latest": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "must_name_place": here.sites is not None,
    }
    return render(request, "peakend_web/asking/entering/page.html", context, status=422 if wrong else 200)
