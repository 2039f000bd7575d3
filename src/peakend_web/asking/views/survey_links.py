"""A survey as its pages and those of its places show it: by its title, and by the address that is printed."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from peakend.service.schema import ServiceDocument
from peakend_web.asking.grants import visible_surveys
from peakend_web.base.documents import document_of
from peakend_web.base.grants import one
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.base.public_address import is_only_here, link, unserved_host
from peakend_web.base.refusals import Missing
from peakend_web.models import Survey


def survey_of(here: InService, survey: int) -> Survey:
    """A survey of this service that this person sees. Raises Missing `web.missing`."""
    return one(visible_surveys(here, here.service), pk=survey)


def current_document(here: InService) -> ServiceDocument:
    """The design as it is now. Raises Missing `web.missing` where there is none."""
    if here.service.current is None:
        raise Missing("web.missing")
    return document_of(here.service.current.pk)


def title_of_survey(document: ServiceDocument, item: str) -> str:
    """What a survey is called; its id where the design no longer has it."""
    survey = document.survey(item)
    return survey.title[reader_language()] if survey else item


def link_warning(request: HttpRequest) -> str:
    """Why what is printed here would not lead customers to us; empty where it does."""
    there = link(request, "")
    if is_only_here(there):
        return _(
            "This code works on this computer only: the installation has no public address yet. "
            "The person who set it up enters it in the workspace's settings, or as PEAKEND_ADDRESS when starting it."
        )
    host = unserved_host(there)
    return (
        _("This server does not answer to %(host)s yet. Start it with PEAKEND_HOSTS=%(host)s") % {"host": host}
        if host
        else ""
    )


def survey_link(request: HttpRequest, survey: Survey, at: str = "") -> str:
    """The address that is printed: of a place, or of the survey anywhere."""
    return link(request, reverse("survey", args=[at or survey.address]))
