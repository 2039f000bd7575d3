"""Service documents as the application reads them: a version read once, and the names that ids of a workspace have."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from peakend import samples, terms
from peakend.methods import BY_ID
from peakend.service.document import of_data
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang
from peakend_web.models import Service, ServiceVersion, Site, Workspace

from .cache import cached


@cached(64)
def document_of(version: int) -> ServiceDocument:
    """The document of a version; versions never change."""
    return of_data(ServiceVersion.objects.get(pk=version).document)


@cached(64)
def names_of(version: int, sample: str = "") -> Mapping[str, Any]:
    """The names of a version's ids; a method keeps its own name, whatever a construct of the same id is called."""
    own = {name: words for name, words in document_of(version).names.items() if name not in BY_ID}
    return {**(samples.words(sample) if sample else {}), **own}


def naming_of(service: Service, sample: str = "") -> AbstractContextManager[None]:
    """Within it, ids of the service are written by their names."""
    return terms.using_names(names_of(service.current_id, sample) if service.current_id else {})


def service_title(service: Service, lang: Lang) -> str:
    """What a service is called."""
    return str(service.title.get(lang) or service.title.get("en") or service.slug)


def site_names(workspace: Workspace, lang: Lang) -> dict[str, str]:
    """What the sites of a workspace are called, by key: as a service's document names them in this language, else by
    their one name.
    """
    names = dict(Site.objects.filter(workspace=workspace).values_list("key", "name"))
    versions = (
        Service.objects.filter(workspace=workspace, current__isnull=False)
        .order_by("-pk")
        .values_list("current_id", flat=True)
    )
    for version in versions:
        names |= {site.id: site.title[lang] for site in document_of(version).sites if site.id in names}
    return names
