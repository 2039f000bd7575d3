"""The places where a kiosk may stand: each with the survey that is open there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from peakend.terms import Lang
from peakend_web.base.documents import document_of, site_names
from peakend_web.base.grants import Standing
from peakend_web.base.languages import reader_language
from peakend_web.models import Place, Survey


@dataclass(frozen=True, slots=True)
class KioskPlace:
    """A place by its code and the key of its site, and in words: which survey is asked, where."""

    code: str
    site: str
    words: str


def kiosk_places(here: Standing) -> list[KioskPlace]:
    """Those that somebody sees, by service, survey and name. Where a survey hangs no more, or is closed, no kiosk is
    set up; one that is there already says so.
    """
    out = Survey.objects.filter(service=OuterRef("service"), item=OuterRef("item"), status=Survey.Status.OPEN)
    places = Place.objects.filter(Exists(out), service__workspace=here.workspace, retired_at=None)
    if here.sites is not None:
        places = places.filter(site__in=here.sites)
    lang, sites = reader_language(), site_names(here.workspace, reader_language())
    return [
        KioskPlace(place.code, place.site or "", " · ".join(filter(None, _words(place, lang, sites))))
        for place in places.select_related("service").order_by("service", "item", "label")
    ]


def named_places(here: Standing) -> dict[str, str]:
    """What kiosks show, by the code of their place, in words; also where nothing is asked any more."""
    lang, sites = reader_language(), site_names(here.workspace, reader_language())
    places = Place.objects.filter(service__workspace=here.workspace).select_related("service")
    return {place.code: " · ".join(filter(None, _words(place, lang, sites))) for place in places}


def _words(place: Place, lang: Lang, sites: Mapping[str, str]) -> tuple[str, str, str]:
    current = place.service.current_id
    survey = document_of(current).survey(place.item) if current else None
    return survey.title[lang] if survey else place.item, place.label, sites.get(place.site or "", place.site or "")
