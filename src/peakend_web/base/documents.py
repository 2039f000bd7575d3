"""Service documents as the application reads them: a version read once, and the names that ids of a workspace have."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from peakend import samples, terms
from peakend.documents.parts import Text
from peakend.methods import BY_ID
from peakend.service.document import of_data
from peakend.service.edits import WorkingDocument
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang
from peakend_web.models import Service, ServiceVersion, Site, Workspace

from .cache import cached


@cached(64)
def document_of(version: int) -> ServiceDocument:
    """The document of a version; versions never change."""
    return of_data(ServiceVersion.objects.get(pk=version).document)


@cached(64)
def part_names(version: int) -> frozenset[str]:
    """The names of all parts of a version, as edits call them."""
    return frozenset(WorkingDocument(ServiceVersion.objects.get(pk=version).document).names())


@cached(64)
def names_ever_of(version: int) -> Mapping[str, Text]:
    """The names of a version's ids, and of what it has no more the last ones that any version before it gave it."""
    former = ServiceVersion.objects.values_list("former_names", flat=True).get(pk=version)
    names: dict[str, Text] = {id: Text(words) for id, words in (former or {}).items()}
    for each in _earlier(version) if former is None else ():
        names |= document_of(each).names
    return {**names, **document_of(version).names}


@cached(64)
def parts_ever_of(version: int) -> frozenset[str]:
    """The names of all parts of a version, as edits call them, and of those that any version before it had."""
    former = ServiceVersion.objects.values_list("former_parts", flat=True).get(pk=version)
    earlier = map(part_names, _earlier(version)) if former is None else ()
    return part_names(version).union(former or (), *earlier)


def _earlier(version: int) -> list[int]:
    """The versions before one, the oldest first: read where it was kept before that was kept with it."""
    own = ServiceVersion.objects.only("service_id", "number").get(pk=version)
    earlier = ServiceVersion.objects.filter(service=own.service_id, number__lt=own.number)
    return [*earlier.order_by("number").values_list("pk", flat=True)]


@cached(64)
def names_of(version: int, newest: int, sample: str = "") -> Mapping[str, Any]:
    """The names of a version's ids, and of what it has no more the last ones that any version of the service up to the
    `newest` gave it: answers go on carrying its id. A method keeps its own name, whatever a construct of the same id is
    called.
    """
    names = {**names_ever_of(newest), **document_of(version).names}
    own = {name: words for name, words in names.items() if name not in BY_ID}
    return {**(samples.words(sample) if sample else {}), **own}


def naming_of(service: Service, sample: str = "") -> AbstractContextManager[None]:
    """Within it, ids of the service are written by their names."""
    return terms.using_names(_names(service, sample))


def last_name(service: Service, id: str, lang: Lang) -> str:
    """What a service calls an id, or called it last where the version in force has it no more; empty where it never
    had it.
    """
    known = _names(service).get(id)
    return str(known[lang]) if known else ""


def _names(service: Service, sample: str = "") -> Mapping[str, Any]:
    if service.current_id is None:
        return {}
    newest = ServiceVersion.objects.filter(service=service).order_by("-number").values_list("pk", flat=True)[:1]
    return names_of(service.current_id, newest[0], sample)


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
