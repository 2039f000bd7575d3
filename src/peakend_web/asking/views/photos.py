"""Photos that the page's script sends, each by itself."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse

from peakend.errors import PeakendError
from peakend_web.asking import survey_cache
from peakend_web.asking.actions.photos import remove_photos, take_photo
from peakend_web.asking.arrivals import network_of
from peakend_web.asking.forms.photos import SentPhoto, sent_photo
from peakend_web.asking.questionnaire import in_words
from peakend_web.asking.survey_cache import PublishedSurvey
from peakend_web.base.middleware import client_address
from peakend_web.base.refusals import Refusal, patience, status_of

Told = dict[str, int | str]


def take(request: HttpRequest, token: str) -> HttpResponse:
    """Keep a photo; replies when it is on the disk with how many there are."""
    return _with_photo(request, token, _take)


def remove(request: HttpRequest, token: str) -> HttpResponse:
    """Remove one by its name, or all of a question."""
    return _with_photo(request, token, _remove)


def _with_photo(request: HttpRequest, token: str, do: Callable[[PublishedSurvey, SentPhoto], Told]) -> HttpResponse:
    """What was done, or why it was not, in the language of the page, as data."""
    survey = survey_cache.find(token)
    lang = survey.questionnaire.language_for((request.POST.get("lang"),), request.headers.get("Accept-Language"))
    try:
        sent = sent_photo(request.POST, request.FILES, lang, network_of(client_address(request)))
        return JsonResponse(do(survey, sent), headers={"Cache-Control": "no-store"})
    except PeakendError as error:
        said = in_words(survey.questionnaire, Refusal(error.id, **error.fields), lang)
        headers = {"Cache-Control": "no-store", **patience(error)}
        return JsonResponse(said.as_dict(lang), status=status_of(error), headers=headers)


def _take(survey: PublishedSurvey, sent: SentPhoto) -> Told:
    taken = take_photo(survey=survey, sent=sent.of, field=sent.field, content=sent.content, waited_ms=sent.waited_ms)
    return {"many": taken.many, "name": taken.name}


def _remove(survey: PublishedSurvey, sent: SentPhoto) -> Told:
    return {"many": remove_photos(survey=survey, sent=sent.of, field=sent.field, name=sent.name)}
