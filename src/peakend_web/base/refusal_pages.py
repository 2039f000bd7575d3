"""The page of a refusal: in the reader's language, with the menu of whoever is signed in, so that they can go on."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from peakend.errors import PeakendError
from peakend.terms import LANGUAGES
from peakend_web.models import Person

from . import customer_pages, localtime
from .grants import Standing, first_standing, standing
from .languages import CODES, reader_language
from .refusals import patience, status_of
from .storage import StorageError

WORKSPACES: Final = "/w/"
"""What the addresses of workspaces begin with."""


def tell(request: HttpRequest, error: PeakendError, *, as_data: bool = False) -> HttpResponse:
    """Tell an error: as a page in the reader's language – a customer's, where the address is one that customers are
    given –, or as data to a program.
    """
    response = _refusal_response(request, error, as_data=as_data)
    for name, value in patience(error).items():
        response.headers[name] = value
    return response


def _refusal_response(request: HttpRequest, error: PeakendError, *, as_data: bool) -> HttpResponse:
    lang, status = reader_language(), status_of(error)
    if as_data:
        return JsonResponse(error.as_dict(lang), status=status, json_dumps_params={"ensure_ascii": False})
    if customer_pages.is_customers(request.path):
        return customer_pages.reply(request, error, lang)
    if isinstance(error, StorageError) and error.is_silence:
        return plain_page(error)
    _let_in(request)
    words = {"id": error.id, "what": error.message(lang), "do": error.hint(lang), "status": status}
    return render(request, "peakend_web/base/error.html", {"error": words}, status=status)


def plain_page(error: PeakendError) -> HttpResponse:
    """The page of an error that asks nobody anything, neither the database nor who is signed in: without a menu, and in
    all languages, for which of them a reader has chosen is not known here.
    """
    said = []
    for lang in dict.fromkeys([reader_language(), *LANGUAGES]):
        with translation.override(CODES[lang]):
            words = [error.message(lang), error.hint(lang), gettext("Go to the start page")]
            said.append([lang, *words, gettext("Quote this when you ask for help:")])
    page = render_to_string("peakend_web/base/failed.html", {"said": said, "id": error.id})
    return HttpResponse(page, status=status_of(error), headers=patience(error))


def _let_in(request: HttpRequest) -> None:
    """Give whoever is signed in and was not let in anywhere a place from which they can go on."""
    person = getattr(request, "user", None)
    if hasattr(request, "here") or not isinstance(person, Person):
        return
    here = _standing_near(request.path, person)
    if here:
        request.here = here  # type: ignore[attr-defined]
        localtime.enter(here.workspace)


def _standing_near(path: str, person: Person) -> Standing | None:
    """In the workspace whose address was asked for; where that is none of theirs, in the first that is."""
    slug = path.removeprefix(WORKSPACES).partition("/")[0] if path.startswith(WORKSPACES) else ""
    known = standing(person, slug) if slug.isprintable() else None  # not every database can be asked for a NUL
    return known or first_standing(person)
