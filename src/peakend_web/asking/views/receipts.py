"""The page on which a respondent finds their answers again by their code: sees them, takes them along, changes them.

A code is asked for by a form and travels in the body of a request alone: no address and no log holds it. In a link it
stands behind the `#`, which a browser keeps to itself.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from peakend.draw.palette import LIGHT
from peakend.errors import PeakendError
from peakend.terms import LANGUAGES, Lang
from peakend_web.asking.queries.given_answers import GivenResponse, in_words, response_of
from peakend_web.asking.queries.photos import content_of, photos_of_response
from peakend_web.asking.receipts import in_groups, receipt_of
from peakend_web.base.client_addresses import neighbourhood
from peakend_web.base.headers import policy_with
from peakend_web.base.languages import CODES, NAMES, reader_language
from peakend_web.base.middleware import client_address
from peakend_web.base.public_address import link
from peakend_web.base.refusals import Malformed, Missing, Refusal, status_of

View = Callable[[HttpRequest, GivenResponse, Lang], HttpResponse]


def enter(request: HttpRequest) -> HttpResponse:
    """Ask for a code; with one, show what was said with it."""
    return _with_code(request, _show) if request.method == "POST" else _ask(request)


def text_file(request: HttpRequest) -> HttpResponse:
    """What was said, to take along and read."""
    return _with_code(request, _as_text)


def data_file(request: HttpRequest) -> HttpResponse:
    """The same as data."""
    return _with_code(request, _as_data)


def whole_file(request: HttpRequest) -> HttpResponse:
    """All of it with the photos, in one file."""
    return _with_code(request, _as_zip)


def card(request: HttpRequest) -> HttpResponse:
    """A code as it is shown once, to be read, copied and photographed: for the script of the page of thanks."""
    receipt = receipt_of(request.POST.get("code", ""))
    if not receipt:
        raise Malformed("survey.receipt_unknown")
    with translation.override(CODES[_language(request)]):
        return _private(render(request, "peakend_web/asking/receipts/card.html", card_of(request, receipt)))


def card_of(request: HttpRequest, receipt: str) -> Mapping[str, Any]:
    """What the card of a code shows."""
    there = link(request, reverse("receipt"))
    picture = segno.make(f"{there}#{receipt}", error="m", micro=False)
    return {
        "receipt": in_groups(receipt),
        "receipts_at": there.partition("//")[2],
        "picture": picture.svg_data_uri(scale=4, border=3, dark=LIGHT["code"], light=LIGHT["code_ground"]),
    }


def _with_code(request: HttpRequest, view: View) -> HttpResponse:
    """What was said with the code that was posted, in the language that was tapped, else that of the device; where it
    finds nothing, the form again.
    """
    try:
        given = response_of(request.POST.get("code", ""), neighbourhood(client_address(request)))
    except Refusal as error:
        return _ask(request, error)
    asked = given.survey.questionnaire
    lang = asked.language_for((request.POST.get("lang"),), request.headers.get("Accept-Language"))
    with translation.override(CODES[lang]):
        response = _private(view(request, given, lang))
    response.headers["Content-Security-Policy"] = policy_with(given.survey.house.style)
    return response


def _ask(request: HttpRequest, error: PeakendError | None = None) -> HttpResponse:
    lang = _language(request)
    context = {
        "lang": lang,
        "languages": NAMES.items(),
        "gone": "gone" in request.GET,
        "problem": {"what": error.message(lang), "do": error.hint(lang)} if error else None,
    }
    # A code that finds nothing is a mistake in a form: the address is there.
    status = 200 if error is None else Refusal.status if isinstance(error, Missing) else status_of(error)
    with translation.override(CODES[lang]):
        return _private(render(request, "peakend_web/asking/receipts/enter.html", context, status=status))


def _language(request: HttpRequest) -> Lang:
    tapped = request.POST.get("lang") or request.GET.get("lang")
    return next((lang for lang in LANGUAGES if lang == tapped), reader_language())


def _show(request: HttpRequest, given: GivenResponse, lang: Lang) -> HttpResponse:
    asked = given.survey.questionnaire
    context = {
        "lang": lang,
        "languages": [(code, NAMES[code]) for code in asked.languages],
        "survey": given.survey,
        "title": asked.survey.title[lang],
        "service_title": asked.service.title[lang],
        "answers": in_words(given, lang),
        "photos": [
            f"data:{each.kind};base64,{b64encode(content_of(each)).decode()}" for each in photos_of_response(given.row)
        ],
        "code": given.said.response,
    }
    return render(request, "peakend_web/asking/receipts/answers.html", context)


def _as_text(request: HttpRequest, given: GivenResponse, lang: Lang) -> HttpResponse:
    del request
    return _download(_text(given, lang), "text/plain; charset=utf-8", "answers.txt")


def _as_data(request: HttpRequest, given: GivenResponse, lang: Lang) -> HttpResponse:
    del request
    return _download(_data(given, lang), "application/json", "answers.json")


def _as_zip(request: HttpRequest, given: GivenResponse, lang: Lang) -> HttpResponse:
    del request
    file = BytesIO()
    with ZipFile(file, "w") as packed:
        packed.writestr("answers.txt", _text(given, lang))
        packed.writestr("answers.json", _data(given, lang))
        for number, each in enumerate(photos_of_response(given.row), 1):
            packed.writestr(f"photo-{number}.jpg", content_of(each))
    return _download(file.getvalue(), "application/zip", "answers.zip")


def _text(given: GivenResponse, lang: Lang) -> str:
    head = [given.survey.questionnaire.survey.title[lang], given.survey.house.name]
    said = [f"{each.question}\n{f'{each.row}: ' if each.row else ''}{each.words}" for each in in_words(given, lang)]
    return "\n\n".join(["\n".join(head), *said, ""])


def _data(given: GivenResponse, lang: Lang) -> bytes:
    whole = {
        "survey": given.survey.questionnaire.survey.title[lang],
        "asked_by": given.survey.house.name,
        "language": given.said.lang,
        "answers": [
            {"question": each.question, "row": each.row, "answer": each.words} for each in in_words(given, lang)
        ],
        "fields": [
            {"field": each.field, "value": each.value, "text": each.text, "not_used": each.not_used}
            for each in given.said.answers
            if each.text or each.not_used or each.value is not None
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2).encode()


def _download(content: str | bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)


def _private(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = translation.get_language() or "en"
    return response
