"""Links to maps: the page on which they are made and ended, and the page that whoever has one sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from peakend.service.schema import ServiceDocument
from peakend_web.base import flash, localtime
from peakend_web.base.cache import cached
from peakend_web.base.documents import document_of
from peakend_web.base.grants import one
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.base.public_address import link as link_to
from peakend_web.base.refusals import Gone
from peakend_web.design.actions import sharing
from peakend_web.design.forms.sharing import NewLink
from peakend_web.design.grants import visible_shared_maps, visible_versions
from peakend_web.design.shared_document import shared_document
from peakend_web.findings.queries.shared_scores import scores_for_anybody
from peakend_web.models import ServiceVersion, SharedMap

from .sketch import sketches


@dataclass(frozen=True)
class _Shown:
    """A link as the list shows it."""

    link: SharedMap

    @property
    def opens(self) -> bool:
        """Whether it still opens the map."""
        return not self.is_past and sharing.is_still_theirs(self.link)

    @property
    def is_past(self) -> bool:
        """Whether its last day is over."""
        return sharing.is_past(self.link)

    @property
    def until(self) -> str:
        """Its last day."""
        return localtime.day_words(self.link.until, reader_language())


@sensitive_variables("made")
def shared_maps(request: HttpRequest, here: InService) -> HttpResponse:
    """The links to the map of this service; a new one is shown once."""
    versions = list(visible_versions(here, here.service).defer(*ServiceVersion.LARGE))
    form = NewLink(here.service, versions, request.POST or None)
    made = form.save(here.person) if request.method == "POST" and form.is_valid() else None
    if made:
        address = link_to(request, reverse("shared-map", args=[made[1]]))
        return flash.send(request, request.path, {"reader": made[0].reader, "address": address})
    links = [_Shown(each) for each in visible_shared_maps(here).filter(service=here.service)]
    page = {"links": links, "open": sum(each.opens for each in links), "form": form, "made": flash.read(request)}
    return flash.clear(request, render(request, "peakend_web/design/shared_maps.html", page))


def end_shared_map(request: HttpRequest, here: InService, shared: int) -> HttpResponse:
    """End a link."""
    found = one(visible_shared_maps(here), pk=shared, service=here.service)
    sharing.end_shared_map(actor=here.person, link=found)
    success(request, _("Revoked: the link for %(reader)s.") % {"reader": found.reader})
    return redirect("shared-maps", here.workspace.slug, here.service.slug)


# --- what whoever has a link sees -------------------------------------------------------------------------------------


def shared_map(request: HttpRequest, link: str) -> HttpResponse:
    """The map that a link opens."""
    found = sharing.find_shared_map(link)
    shown = found.version or found.service.current
    if shown is None:
        raise Gone("web.map_ended")
    localtime.enter(found.service.workspace)
    lang = reader_language()
    document = _document(shown.pk, found.shows_words, found.shows_people)
    page = {
        "title": document.title[lang],
        "sketches": sketches(document, lang, scores=_scores(found)),
        "link": found,
        "version": shown,
        "until": localtime.day_words(found.until, lang),
        "scored": found.shows_scores and found.version is None,
    }
    response = render(request, "peakend_web/design/shared_map.html", page)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@cached(64)
def _document(version: int, words: bool, people: bool) -> ServiceDocument:  # noqa: FBT001 — a key of the cache
    return shared_document(document_of(version), words=words, people=people)


def _scores(link: SharedMap) -> Mapping[str, Any]:
    """The live scores, where the link shows them: they are those of the version in force."""
    return scores_for_anybody(link.made_by, link.service) if link.shows_scores and link.version is None else {}
