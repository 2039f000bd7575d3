"""A survey that is being made, as whoever answers will see it: on its real page, of which nothing is kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from peakend_web.asking.queries.studio import questionnaire_in
from peakend_web.asking.survey_cache import PublishedSurvey, house_of
from peakend_web.base.guard import InService
from peakend_web.base.headers import let_be_framed
from peakend_web.base.languages import CODES, reader_language
from peakend_web.base.time_zones import zones_of

from .drafting import desk_of
from .respond import show_page

PREVIEW = "preview"
"""In the place of the token of a survey that is out."""


def preview(request: HttpRequest, here: InService, item: str) -> HttpResponse:
    """The page in one language."""
    asked, house = questionnaire_in(desk_of(here, item).working, item), house_of(here.workspace)
    if asked is None:
        shown = {"lang": reader_language(), "survey": {"house": house}}
        return let_be_framed(render(request, "peakend_web/asking/survey/nothing_yet.html", shown), house.style)
    survey = PublishedSurvey(
        id=0,
        token=PREVIEW,
        address=PREVIEW,
        workspace=here.workspace.pk,
        house=house,
        service=here.service.pk,
        item=item,
        wave=None,
        is_open=True,
        closed_us=None,
        full=frozenset(),
        questionnaire=asked,
        places_by_code={},
        zones=zones_of(here.workspace),
    )
    lang = asked.language_for((request.GET.get("lang"),), None)
    with translation.override(CODES[lang]):
        return let_be_framed(show_page(request, survey, lang, is_trial=True), house.style)
