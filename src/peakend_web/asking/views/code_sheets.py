"""The page on which one says which codes are printed, on what, and the sheets that it gives."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from itertools import repeat
from math import ceil
from typing import Final, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from peakend.report.code_sheets import FORMATS, CodeSheets, PrintedCode, SheetWords
from peakend.service.surveys import answering_seconds
from peakend.terms import Lang
from peakend_web.asking.forms.code_sheets import SheetChoice, chosen_in
from peakend_web.asking.grants import hung_places
from peakend_web.asking.printing.press import print_codes
from peakend_web.asking.questionnaire import Questionnaire, questionnaire_of
from peakend_web.base.documents import document_of, site_names
from peakend_web.base.guard import InService
from peakend_web.base.languages import CODES, reader_language
from peakend_web.models import Place, Survey
from peakend_web.people.queries import brand_of

from .survey_links import link_warning, survey_link, survey_of

LONG: Final = 50
"""Seconds up to which the time that it takes is said in seconds."""


class _Printing:
    """What somebody wants printed of a survey."""

    def __init__(self, request: HttpRequest, here: InService, survey: Survey) -> None:
        self.here, self.survey = here, survey
        self.asked = questionnaire_of(document_of(survey.version_id), survey.item)
        self._names = {place.code: _name(here, place) for place in hung_places(here, survey)}
        places = {survey.address: _("Anywhere"), **self._names}
        self.chosen = chosen_in(request.GET, list(places), self.asked.languages)
        self.form = SheetChoice(self.chosen, places, self.asked.languages)
        brand = brand_of(here.workspace)
        self.title = self.asked.survey.title[reader_language()]
        self.sheets = CodeSheets(
            form=self.chosen.sheet,
            title=self.title,
            house=brand.name or here.workspace.name,
            words=tuple(_words(self.asked, lang) for lang in self.chosen.languages),
            codes=tuple(self._codes(request)),
            colour=brand.colour,
            logo=base64.b64encode(brand.logo or b"").decode(),
        )

    def _codes(self, request: HttpRequest) -> Iterator[PrintedCode]:
        copies = self.chosen.copies if self.chosen.sheet == "stickers" else 1
        for code in self.chosen.at:
            printed = PrintedCode(survey_link(request, self.survey, code), self._names.get(code, ""))
            yield from repeat(printed, copies)

    def file(self, kind: Literal["pdf", "png"]) -> bytes:
        """The sheets, or the first of them as a picture. One version gives one file: it is of the day it was
        published.
        """
        day = timezone.localtime(self.survey.published_at).date()
        return print_codes(self.sheets, kind, lang=self.chosen.languages[0], dated=day, of=self.here.workspace.pk)


def sheets(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """Which codes are printed, on what: the first sheet is shown."""
    printing = _Printing(request, here, survey_of(here, survey))
    context = {
        "survey": printing.survey,
        "title": printing.title,
        "form": printing.form,
        "sheets": printing.sheets,
        "read_from": FORMATS[printing.sheets.form].read_from,
        "query": request.GET.urlencode(),
        "warns": link_warning(request),
    }
    return render(request, "peakend_web/asking/survey_sheets.html", context)


def sheets_pdf(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """The sheets as they are printed."""
    printing = _Printing(request, here, survey_of(here, survey))
    name = f"{printing.survey.item}-{printing.sheets.form}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(printing.file("pdf"), content_type="application/pdf", headers=headers)


def sheet_png(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """The first of them as a picture, as the page shows it."""
    return HttpResponse(_Printing(request, here, survey_of(here, survey)).file("png"), content_type="image/png")


def _name(here: InService, place: Place) -> str:
    """What a place is called in the corner of its sheet: with its site, where its own name does not say it."""
    site = site_names(here.workspace, reader_language()).get(place.site or "", place.site or "")
    return place.label if site in place.label else f"{place.label} · {site}"


def _words(asked: Questionnaire, lang: Lang) -> SheetWords:
    """What a sheet says to customers in a language."""
    with override(CODES[lang]):
        terms = (
            _("Anonymous: neither your name nor your device is kept.")
            if asked.survey.anonymous
            else _("Linked to your visit, so that we can put right what went wrong.")
        )
        return SheetWords(
            lang,
            _("How was it?"),
            _time(answering_seconds(asked.fields.values())),
            terms,
            _("Scan with your camera, or open"),
        )


def _time(took: int) -> str:
    if took <= LONG:
        tens = ceil(took / 10) * 10
        return ngettext("Tell us in %(n)s second.", "Tell us in %(n)s seconds.", tens) % {"n": tens}
    minutes = ceil(took / 60)
    return ngettext("Tell us in a minute.", "Tell us in %(n)s minutes.", minutes) % {"n": minutes}
