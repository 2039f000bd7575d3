"""The places of a survey: each with its link and its QR code, and a form for another."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from peakend.service.schema import ServiceDocument
from peakend_web.asking.forms.surveys import NewPlace
from peakend_web.asking.grants import visible_places
from peakend_web.base.documents import site_names
from peakend_web.base.grants import one
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.models import Place, Survey
from peakend_web.people.queries import visible_sites

from .survey_links import current_document, link_warning, survey_link, survey_of, title_of_survey

PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


def places(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """One survey's places, each with its code; a form for another."""
    return _places(request, here, survey_of(here, survey), _place_form(here))


def add_place(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """Give a place its code."""
    found, form = survey_of(here, survey), _place_form(here, request.POST)
    if form.is_valid() and form.save(here.person, found):
        return redirect("survey-places", here.workspace.slug, here.service.slug, found.pk)
    return _places(request, here, found, form)


def code_svg(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """The QR code of a survey, or of one of its places (`?at=`), to print at any size."""
    return _code(request, here, survey_of(here, survey), "svg")


def code_png(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """The same as a picture for a slide or a chat."""
    return _code(request, here, survey_of(here, survey), "png")


def _code(request: HttpRequest, here: InService, survey: Survey, form: str) -> HttpResponse:
    at = request.GET.get("at", "")
    if at:
        one(visible_places(here, survey), code=at)
    image = BytesIO()
    segno.make(survey_link(request, survey, at), error="m", micro=False).save(image, kind=form, scale=10, border=4)
    name = f"{survey.item}{f'-{at}' if at else ''}.{form}"
    return HttpResponse(
        image.getvalue(), content_type=PICTURES[form], headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _places(request: HttpRequest, here: InService, survey: Survey, form: NewPlace) -> HttpResponse:
    document, lang = current_document(here), reader_language()
    sites, channels = (
        site_names(here.workspace, lang),
        {channel.id: channel.title[lang] for channel in document.channels},
    )
    shown = [
        {
            "place": place,
            "link": survey_link(request, survey, place.code),
            "about": _about(place, document, sites, channels),
        }
        for place in visible_places(here, survey)
    ]
    context = {
        "survey": survey,
        "title": title_of_survey(document, survey.item),
        "places": shown,
        "form": form,
        "link": survey_link(request, survey),
        "warns": link_warning(request),
    }
    return render(request, "peakend_web/asking/survey_places.html", context)


def _about(place: Place, document: ServiceDocument, sites: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Site, channel and touchpoint of a place, by their names."""
    touchpoint = document.title_of(place.touchpoint, reader_language()) if place.touchpoint else ""
    named = (sites.get(place.site or "", place.site), channels.get(place.channel or "", place.channel), touchpoint)
    return " · ".join(part for part in named if part)


def _place_form(here: InService, data: Any = None) -> NewPlace:
    names, seen = site_names(here.workspace, reader_language()), {site.key for site in visible_sites(here)}
    sites = [(key, name) for key, name in names.items() if key in seen]
    return NewPlace(data, document=current_document(here), sites=sites, everywhere=here.sites is None)
