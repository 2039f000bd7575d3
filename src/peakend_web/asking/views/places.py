"""The places of a survey: each with its link and its QR code, and a form for another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType
from typing import Any

import segno
from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from peakend.service.schema import ServiceDocument
from peakend_web.asking.actions import places as actions
from peakend_web.asking.forms.surveys import NewPlaces, PlaceName
from peakend_web.asking.grants import visible_places
from peakend_web.asking.queries import places_with_answers
from peakend_web.base.documents import site_names
from peakend_web.base.grants import one
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.base.public_address import link
from peakend_web.models import Place, Survey
from peakend_web.people.queries import brand_of, visible_sites
from peakend_web.store.grants import sees_each

from .survey_links import current_document, link_warning, survey_link, survey_of, title_of_survey


@dataclass(frozen=True)
class _Shown:
    """A place on the page: its link, what it is about in words, whether it has had too few answers, and its form."""

    place: Place
    link: str
    about: str
    is_silent: bool
    form: PlaceName


PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


def places(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """One survey's places, each with its code; a form for more."""
    return _places(request, here, survey_of(here, survey), _place_form(here))


def add_place(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """Give places their codes."""
    found, form = survey_of(here, survey), _place_form(here, request.POST)
    if form.is_valid() and form.save(here.person, found):
        return _back(here, found)
    return _places(request, here, found, form)


def rename_place(request: HttpRequest, here: InService, survey: int, place: int) -> HttpResponse:
    """Call a place otherwise."""
    found = survey_of(here, survey)
    renamed, form = one(visible_places(here, found), pk=place), PlaceName(request.POST)
    if form.is_valid() and form.save(here.person, found, renamed):
        return _back(here, found)
    return _places(request, here, found, _place_form(here), wrong={renamed.pk: form})


def retire_place(request: HttpRequest, here: InService, survey: int, place: int) -> HttpResponse:
    """Take a place down."""
    found = survey_of(here, survey)
    actions.retire_place(actor=here.person, survey=found, place=one(visible_places(here, found), pk=place))
    success(request, _("Retired. Its code, where it still hangs, leads to the survey without the place."))
    return _back(here, found)


def restore_place(request: HttpRequest, here: InService, survey: int, place: int) -> HttpResponse:
    """Hang it up again."""
    del request
    found = survey_of(here, survey)
    actions.restore_place(actor=here.person, survey=found, place=one(visible_places(here, found), pk=place))
    return _back(here, found)


def _back(here: InService, survey: Survey) -> HttpResponse:
    return redirect("survey-places", here.workspace.slug, here.service.slug, survey.pk)


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


def _places(
    request: HttpRequest,
    here: InService,
    survey: Survey,
    form: NewPlaces,
    wrong: Mapping[int, PlaceName] = MappingProxyType({}),
) -> HttpResponse:
    document, lang = current_document(here), reader_language()
    sites, channels = (
        site_names(here.workspace, lang),
        {channel.id: channel.title[lang] for channel in document.channels},
    )
    # Whoever sees groups is told of as many as a group has, so that no place says when one person answered there.
    least = 1 if sees_each(here) else here.workspace.least_cell
    answered = places_with_answers(here, survey, least)
    shown = [
        _Shown(
            place,
            survey_link(request, survey, place.code),
            _about(place, document, sites, channels),
            place.pk not in answered,
            wrong.get(place.pk) or PlaceName(initial={"label": place.label}, auto_id=f"place{place.pk}_%s"),
        )
        for place in visible_places(here, survey)
    ]
    hung = [each for each in shown if each.place.retired_at is None]
    context = {
        "survey": survey,
        "title": title_of_survey(document, survey.item),
        "places": hung,
        "least": least,
        "silent": sum(each.is_silent for each in hung),
        "retired": [each for each in shown if each.place.retired_at is not None],
        "form": form,
        "link": survey_link(request, survey),
        "warns": link_warning(request),
        "script": f'<script src="{link(request, reverse("embed-script"))}" '
        f'data-survey="{survey.address}" async></script>',
        "websites": brand_of(here.workspace).embedded_on,
    }
    return render(request, "peakend_web/asking/survey_places.html", context)


def _about(place: Place, document: ServiceDocument, sites: Mapping[str, str], channels: Mapping[str, str]) -> str:
    """Site, channel and touchpoint of a place, by their names."""
    touchpoint = document.title_of(place.touchpoint, reader_language()) if place.touchpoint else ""
    named = (sites.get(place.site or "", place.site), channels.get(place.channel or "", place.channel), touchpoint)
    return " · ".join(part for part in named if part)


def _place_form(here: InService, data: Any = None) -> NewPlaces:
    names, seen = site_names(here.workspace, reader_language()), {site.key for site in visible_sites(here)}
    sites = [(key, name) for key, name in names.items() if key in seen]
    return NewPlaces(data, document=current_document(here), sites=sites, everywhere=here.sites is None)
