"""What all pages with a survey's questions share, the respondent's and the staff's: their language, their frame, their
questions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from peakend.service.surveys import answering_minutes
from peakend.terms import Lang
from peakend_web.asking.answers import Submission
from peakend_web.asking.forms import survey_page
from peakend_web.asking.forms.piped_words import joints
from peakend_web.asking.photos import photo_fields
from peakend_web.asking.receipts import new_receipt
from peakend_web.asking.survey_cache import PublishedSurvey
from peakend_web.base.headers import policy_with
from peakend_web.base.languages import CODES, NAMES
from peakend_web.base.refusals import Refusal
from peakend_web.store.identity import public_name

EMBEDDED = "embedded"
"""Said of a page that stands within one of the house's own website."""
View = Callable[[HttpRequest, PublishedSurvey, Lang], HttpResponse]


def in_its_language(request: HttpRequest, survey: PublishedSurvey, view: View, usual: str = "") -> HttpResponse:
    """The page in the language that was tapped, else in the usual one, else in that of the device."""
    tapped, form = (request.POST.get("lang"), request.GET.get("lang")), request.POST.get("was")
    lang = survey.questionnaire.language_for((*tapped, form, usual), request.headers.get("Accept-Language"))
    with translation.override(CODES[lang]):
        response = view(request, survey, lang)
    framed_by = survey.house.origins if EMBEDDED in request.GET else ()
    response.headers["Content-Security-Policy"] = policy_with(survey.house.style, framed_by)
    return response


def frame_of(survey: PublishedSurvey, lang: Lang) -> dict[str, Any]:
    """Who asks, what and why."""
    asked = survey.questionnaire
    return {
        "survey": survey,
        "lang": lang,
        "languages": [(code, NAMES[code]) for code in asked.languages],
        "title": asked.survey.title[lang],
        "service_title": asked.service.title[lang],
        "intro": asked.survey.intro[lang] if asked.survey.intro else "",
        "thanks": asked.survey.thanks[lang] if asked.survey.thanks else "",
        "anonymous": asked.survey.anonymous,
        "purpose": asked.survey.purpose[lang] if asked.survey.purpose else "",
        "keep_days": asked.survey.keep_days,
        "shelf": survey.token,
    }


def page_of_questions(
    survey: PublishedSurvey, lang: Lang, sent: Submission | None = None, problems: Sequence[Refusal] = ()
) -> dict[str, Any]:
    """The frame with its questions, under the name of the response that was sent, or a new one."""
    asked, response = survey.questionnaire, sent.response if sent else new_receipt()
    return {
        **frame_of(survey, lang),
        "questions": survey_page.questions_on_page(
            asked, lang, sent, problems, seed=public_name(settings.SECRET_KEY, survey.id, response)
        ),
        "scripts": asked.scripts,
        "photos": bool(photo_fields(asked)),
        "shuffled": bool(asked.survey.shuffle),
        "joints": joints(lang),
        "count": len(asked.questions),
        "writes": any(each.item.spec.is_written for each in asked.questions),
        "minutes": answering_minutes(asked.fields.values()),
        "problems": [survey_page.trouble(asked, each, lang) for each in problems],
        "response": response,
        "rev": max((each.revision for each in sent.answers), default=0) + 1 if sent else 1,
    }


def private(response: HttpResponse) -> HttpResponse:
    """The same, kept nowhere."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = translation.get_language() or "en"
    patch_vary_headers(response, ["Accept-Language"])
    return response
