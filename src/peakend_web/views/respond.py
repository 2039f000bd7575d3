"""The public page of a survey: read by whoever has its link, answered tap by tap, or as a plain form where there is no script."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.gzip import gzip_page

from peakend.errors import PeakendError
from peakend.terms import LANGUAGES, Lang
from peakend_web import published
from peakend_web.actions.collection import Problems, Sent, answer
from peakend_web.asking import in_words
from peakend_web.forms import answers as sent_forms
from peakend_web.forms import survey_page
from peakend_web.published import Published
from peakend_web.refusals import LANGS, Refusal, status_of

CODES: Final[dict[Lang, str]] = {"en": "en", "zh-Hant": "zh-hant", "zh-Hans": "zh-hans"}
AS_DATA: Final = {"Content-Type": "application/json", "Cache-Control": "no-store"}
NAMES: Final[dict[Lang, str]] = {"en": "English", "zh-Hant": "繁體中文", "zh-Hans": "简体中文"}


@gzip_page
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Show the survey; take a plain form of it."""
    survey = published.find(token)
    lang = _language(request, survey)
    with translation.override(CODES[lang]):
        return _take_form(request, survey, lang) if request.method == "POST" else _show(request, survey, lang)


@gzip_page
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Say thank you, and what happens now."""
    survey = published.find(token)
    lang = _language(request, survey)
    with translation.override(CODES[lang]):
        return _private(render(request, "peakend_web/survey/thanks.html", _frame(survey, lang)))


def keep(request: HttpRequest, token: str) -> HttpResponse:
    """Keep answers that the page's script, or a program, sends as data; replies when they are on disk."""
    reply = kept(token, request.META, request)
    return HttpResponse(reply.body, status=reply.status, headers=reply.headers)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is told to whoever sent answers as data."""

    status: int
    headers: dict[str, str]
    body: bytes


def kept(token: str, environ: Mapping[str, Any], stream: sent_forms.Readable) -> Reply:
    """Keep what is in the body; the same whether it came through Django's layers or straight from the server (`wsgi`)."""
    survey = None
    try:
        survey = published.find(token)
        sent = sent_forms.from_json(sent_forms.body_of(environ, stream))
        return Reply(200, AS_DATA, answer(survey=survey, sent=sent).reply.encode())
    except PeakendError as error:
        return _refused(error, environ, survey)


def _show(request: HttpRequest, survey: Published, lang: Lang, sent: Sent | None = None, problems: Sequence[Refusal] = ()) -> HttpResponse:
    if not survey.is_open:
        return _private(render(request, "peakend_web/survey/closed.html", _frame(survey, lang), status=410))
    place = sent.place if sent else request.GET.get("at", "")
    context = {
        **_frame(survey, lang),
        "questions": survey_page.shown(survey.asked, lang, sent, problems),
        "count": len(survey.asked.questions),
        "minutes": survey_page.minutes(survey.asked),
        "problems": [survey_page.trouble(survey.asked, each, lang) for each in problems],
        "response": sent.response if sent else sent_forms.new_name(),
        "rev": _next_revision(sent),
        "place": place if place in survey.spots else "",
    }
    return _private(render(request, "peakend_web/survey/page.html", context, status=422 if problems else 200))


def _take_form(request: HttpRequest, survey: Published, lang: Lang) -> HttpResponse:
    """Keep what a form says. Finished: on to the thanks. The language changed, or something is wrong: the page again, with everything in it."""
    sent = sent_forms.from_form(survey.asked, request.POST, lang)
    if not sent.answers and not sent.done:
        return _show(request, survey, lang, sent)
    try:
        answer(survey=survey, sent=sent)
    except Problems as error:
        return _show(request, survey, lang, sent, error.problems)
    except Refusal:
        return _show(request, survey, lang, sent)
    except PeakendError as error:
        response = _show(request, survey, lang, sent, [Refusal(error.id, **error.fields)])
        response.status_code = status_of(error)
        return response
    return HttpResponseRedirect(f"{reverse('survey-thanks', args=[survey.token])}?lang={lang}") if sent.done else _show(request, survey, lang, sent)


def _refused(error: PeakendError, environ: Mapping[str, Any], survey: Published | None) -> Reply:
    lang = _asked_for(str(environ.get("HTTP_ACCEPT_LANGUAGE", "")))
    told: dict[str, Any] = error.as_dict(lang)
    if isinstance(error, Problems) and survey:
        told["problems"] = [in_words(survey.asked, each, lang).as_dict(lang) for each in error.problems]
        told |= told["problems"][0]
    patience = {"Retry-After": str(error.fields["seconds"])} if "seconds" in error.fields else {}
    return Reply(status_of(error), {**AS_DATA, **patience}, json.dumps(told, ensure_ascii=False).encode())


def _asked_for(accepted: str) -> Lang:
    """The language of an Accept-Language header."""
    for code, _quality in parse_accept_lang_header(accepted):
        try:
            return LANGS[get_supported_language_variant(code)]
        except LookupError:
            continue
    return "en"


def _frame(survey: Published, lang: Lang) -> dict[str, Any]:
    asked = survey.asked
    return {
        "survey": survey,
        "lang": lang,
        "languages": [(code, NAMES[code]) for code in asked.languages],
        "title": asked.survey.title[lang],
        "service_title": asked.service.title[lang],
        "intro": asked.survey.intro[lang] if asked.survey.intro else "",
        "thanks": asked.survey.thanks[lang] if asked.survey.thanks else "",
        "anonymous": asked.survey.anonymous,
    }


def _language(request: HttpRequest, survey: Published) -> Lang:
    """The one that was tapped, else that of the form, else what the device asks for, else the survey's first."""
    for said in (request.POST.get("lang"), request.GET.get("lang"), request.POST.get("was")):
        if said in LANGUAGES:
            return said
    if "Accept-Language" in request.headers:
        return _asked_for(request.headers["Accept-Language"])
    return survey.asked.languages[0]


def _next_revision(sent: Sent | None) -> int:
    return max((each.revision for each in sent.answers), default=0) + 1 if sent else 1


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    patch_vary_headers(response, ["Accept-Language"])
    return response
