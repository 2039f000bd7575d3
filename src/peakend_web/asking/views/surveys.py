"""Pages of the staff about surveys: what is out, its link and codes, how many have answered; publishing and closing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any

import segno
from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from peakend.service.schema import ServiceDocument
from peakend_web.asking.actions import close_survey, reopen_survey
from peakend_web.asking.forms.surveys import NewPlace, Publish
from peakend_web.asking.grants import reopenable_surveys, visible_places, visible_surveys
from peakend_web.asking.queries import surveys_with_responses
from peakend_web.base.documents import document_of, site_names
from peakend_web.base.grants import one
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.base.public_address import is_only_here, link, unserved_host
from peakend_web.base.refusals import Missing
from peakend_web.models import Place, Survey
from peakend_web.people.queries import visible_sites
from peakend_web.store.door import respondents_by_survey
from peakend_web.store.grants import sees_each

PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


def surveys(request: HttpRequest, here: InService) -> HttpResponse:
    """Everything that is out, and what could be."""
    return _page(request, here)


def publish(request: HttpRequest, here: InService) -> HttpResponse:
    """Put a survey of the document before people."""
    form = Publish(request.POST)
    if form.is_valid() and form.save(here.person, here.service):
        success(request, _("It is published. Here are its link and its QR code."))
        return redirect("surveys", here.workspace.slug, here.service.slug)
    return _page(request, here, refused=form)


def close(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """Take no more answers."""
    close_survey(actor=here.person, survey=_survey(here, survey))
    success(request, _("It is closed. The answers are kept."))
    return redirect("surveys", here.workspace.slug, here.service.slug)


def reopen(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """Take answers again, where the same code and link lead."""
    reopen_survey(actor=here.person, survey=_survey(here, survey))
    success(request, _("It is open again, at the same address."))
    return redirect("surveys", here.workspace.slug, here.service.slug)


def places(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """One survey's places, each with its code; a form for another."""
    return _places(request, here, _survey(here, survey), _place_form(here))


def add_place(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """Give a place its code."""
    found, form = _survey(here, survey), _place_form(here, request.POST)
    if form.is_valid() and form.save(here.person, found):
        return redirect("survey-places", here.workspace.slug, here.service.slug, found.pk)
    return _places(request, here, found, form)


def code_svg(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """The QR code of a survey, or of one of its places (`?at=`), to print at any size."""
    return _code(request, here, _survey(here, survey), "svg")


def code_png(request: HttpRequest, here: InService, survey: int) -> HttpResponse:
    """The same as a picture for a slide or a chat."""
    return _code(request, here, _survey(here, survey), "png")


def _code(request: HttpRequest, here: InService, survey: Survey, form: str) -> HttpResponse:
    at = request.GET.get("at", "")
    if at:
        one(visible_places(here, survey), code=at)
    image = BytesIO()
    segno.make(_link(request, survey, at), error="m", micro=False).save(image, kind=form, scale=10, border=4)
    name = f"{survey.item}{f'-{at}' if at else ''}.{form}"
    return HttpResponse(
        image.getvalue(), content_type=PICTURES[form], headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


def _page(request: HttpRequest, here: InService, refused: Publish | None = None) -> HttpResponse:
    document = _document(here)
    shown: list[dict[str, Any]] = [
        {**each, "title": _title(document, each["survey"].item)} for each in _surveys_with_counts(here)
    ]
    reopenable = frozenset(reopenable_surveys(here, here.service).values_list("pk", flat=True))
    for each in shown:
        each["link"] = _link(request, each["survey"])
        each["reopens"] = each["survey"].pk in reopenable
    context = {
        "open": [each for each in shown if each["survey"].status == Survey.Status.OPEN],
        "closed": [each for each in shown if each["survey"].status != Survey.Status.OPEN],
        "forms": _publishable(document, refused),
        "warns": _warning(request),
    }
    return render(request, "peakend_web/asking/surveys.html", context)


def _surveys_with_counts(here: InService) -> list[dict[str, Any]]:
    """The surveys with how many have answered: as they come, where each answer is seen; else as far as they are
    released, which is known of a survey and round and told at the newest of its versions.
    """
    if sees_each(here):
        counted: Iterable[Any] = surveys_with_responses(here, here.service)
        return [{"survey": each, "begun": each.begun, "finished": each.finished} for each in counted]
    people, surveys = respondents_by_survey(here.service, here.sites), visible_surveys(here, here.service)
    return [{"survey": survey, "released": people.pop((survey.item, survey.wave), None)} for survey in surveys]


def _publishable(document: ServiceDocument, refused: Publish | None) -> list[dict[str, Any]]:
    lang, ready = reader_language(), [survey for survey in document.surveys if survey.items and not survey.archived]
    tried = str(refused["item"].value()) if refused else ""
    return [
        {
            "title": survey.title[lang],
            "count": len(survey.items),
            "form": refused
            if refused and tried == survey.id
            else Publish(initial={"item": survey.id}, auto_id=f"{survey.id}-%s"),
        }
        for survey in ready
    ]


def _places(request: HttpRequest, here: InService, survey: Survey, form: NewPlace) -> HttpResponse:
    document, lang = _document(here), reader_language()
    sites, channels = (
        site_names(here.workspace, lang),
        {channel.id: channel.title[lang] for channel in document.channels},
    )
    shown = [
        {"place": place, "link": _link(request, survey, place.code), "about": _about(place, document, sites, channels)}
        for place in visible_places(here, survey)
    ]
    context = {
        "survey": survey,
        "title": _title(document, survey.item),
        "places": shown,
        "form": form,
        "link": _link(request, survey),
        "warns": _warning(request),
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
    return NewPlace(data, document=_document(here), sites=sites, everywhere=here.sites is None)


def _survey(here: InService, survey: int) -> Survey:
    return one(visible_surveys(here, here.service), pk=survey)


def _document(here: InService) -> ServiceDocument:
    if here.service.current is None:
        raise Missing("web.missing")
    return document_of(here.service.current.pk)


def _title(document: ServiceDocument, item: str) -> str:
    survey = document.survey(item)
    return survey.title[reader_language()] if survey else item


def _warning(request: HttpRequest) -> str:
    """Why what is printed here would not lead customers to us; empty where it does."""
    there = link(request, "")
    if is_only_here(there):
        return _(
            "This code works on this computer only: the installation has no public address yet. "
            "Whoever set it up enters it in the workspace's settings, or as PEAKEND_ADDRESS when starting it."
        )
    host = unserved_host(there)
    return (
        _("This server does not answer to %(host)s yet. Start it with PEAKEND_HOSTS=%(host)s") % {"host": host}
        if host
        else ""
    )


def _link(request: HttpRequest, survey: Survey, at: str = "") -> str:
    """The address that is printed: of a place, or of the survey anywhere."""
    return link(request, reverse("survey", args=[at or survey.address]))
