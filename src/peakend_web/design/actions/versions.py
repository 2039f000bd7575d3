"""Verbs on services: a saved document is a new version, and versions are never changed."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.utils.text import slugify

from peakend.documents.problems import InvalidDocument, unreadable
from peakend.documents.source import LARGEST_DOCUMENT
from peakend.errors import DocumentError
from peakend.service.document import as_data
from peakend.service.edits import WorkingDocument
from peakend.service.schema import ServiceDocument
from peakend_web.base import trail
from peakend_web.base.documents import names_ever_of, parts_ever_of
from peakend_web.base.grants import Standing, one, require
from peakend_web.base.locks import lock_rows
from peakend_web.base.refusals import Conflict
from peakend_web.design.grants import visible_services, visible_versions
from peakend_web.design.scribe.scribe import read_text
from peakend_web.models import Person, Service, ServiceVersion, Site, Workspace

RESERVED_SLUGS: Final = frozenset(
    {"people", "services", "brand", "settings", "keys", "devices", "channels", "audit", "cases", "customers", "leave"}
)
"""What follows `w/<workspace>/` at the addresses of the workspace itself."""


class NewerVersion(Conflict):
    """Somebody saved a version that whoever saves now has not seen; `version` is that one."""

    def __init__(self, version: ServiceVersion) -> None:
        super().__init__("web.newer_version", number=version.number, name=version.made_by.name)
        self.version = version


def save_service_version(
    *,
    actor: Person,
    workspace: Workspace,
    text: str | bytes,
    note: str = "",
    service: Service | None = None,
    base: int | None = None,
) -> ServiceVersion:
    """Save a document as the newest version of its service, which from now on is the current one; the first makes the
    service.

    `base` is the number of the version that the text was made from, 0 where there was none: NewerVersion is raised
    where another is current by now. Raises InvalidDocument with every problem and its line, Conflict `web.service_slug`
    where the service can have no address, and `web.other_service` where another has it. A text that is the current one
    already makes no new version.
    """
    require(actor, "edit_service", workspace)
    document = read_text(text, workspace.pk)  # before anything is held: to read it takes seconds
    text = text if isinstance(text, str) else text.decode("utf-8-sig")
    return keep_document(
        actor=actor, workspace=workspace, document=document, text=text, note=note, service=service, base=base
    )


@transaction.atomic
def keep_document(
    *,
    actor: Person,
    workspace: Workspace,
    document: ServiceDocument,
    text: str,
    note: str = "",
    service: Service | None = None,
    base: int | None = None,
) -> ServiceVersion:
    """Save what was read from a text already, as `save_service_version` does."""
    require(actor, "edit_service", workspace)
    kept = _lock_service(workspace, document, service)
    if kept.current is not None and kept.current.text == text:
        return kept.current
    if base is not None and kept.current is not None and kept.current.number != base:
        raise NewerVersion(kept.current)
    before = {"number": kept.current.number} if kept.current else None
    version = add_version(kept, document, text, note, actor)
    after = {"number": version.number, "note": note}
    verb = "save_service_version"
    trail.leave(verb, actor=actor, workspace=workspace, about=kept, before=before, after=after)
    return version


def _lock_service(workspace: Workspace, document: ServiceDocument, service: Service | None) -> Service:
    """The service that this document is a version of, held until the transaction ends."""
    slug = service.slug if service else slug_of(document.service)
    kept, made = Service.objects.get_or_create(workspace=workspace, slug=slug)
    kept = lock_rows(Service.objects.all()).get(pk=kept.pk)
    if not made and kept.current and kept.current.document.get("service") != document.service:
        raise Conflict("web.other_service", found=document.service, expected=kept.current.document.get("service"))
    return kept


def taken_slugs(here: Standing) -> set[str]:
    """What no new service of a workspace can be called in addresses."""
    return {*visible_services(here).values_list("slug", flat=True), *RESERVED_SLUGS}


def slug_of(id: str) -> str:
    """The address of a service by its id in the document. Raises Conflict `web.service_slug` where it can have none."""
    slug = slugify(id)[:60]
    if not slug or slug in RESERVED_SLUGS:
        raise Conflict("web.service_slug", slug=id)
    return slug


def add_version(
    service: Service,
    document: ServiceDocument,
    text: str,
    note: str,
    actor: Person,
    *,
    label: str = "",
    in_force: bool = True,
) -> ServiceVersion:
    """The next version of a service, in force from now on unless it is only to stand beside; within the transaction of
    whoever saves it. Raises InvalidDocument where its text is longer than is read.
    """
    size = len(text.encode())
    if size > LARGEST_DOCUMENT:  # nobody could read it again
        raise InvalidDocument([unreadable(DocumentError("document.large", size=size, largest=LARGEST_DOCUMENT))])
    last = service.versions.first()
    version = ServiceVersion.objects.create(
        service=service,
        number=last.number + 1 if last else 1,
        document=as_data(document),
        text=text,
        note=note,
        label=label,
        made_by=actor,
        **_former(last, document),
    )
    if in_force:
        _take_effect(service, version, document)
    return version


def _former(last: ServiceVersion | None, document: ServiceDocument) -> dict[str, Any]:
    """What the versions up to the last had that the next one, of this document, has no more: ids with what they were
    called last, for answers go on carrying them; and parts, whose names are never used again.
    """
    if last is None:
        return {"former_names": {}, "former_parts": []}
    names, parts = document.names, {*WorkingDocument.of(document).names()}
    former = {id: dict(words.root) for id, words in names_ever_of(last.pk).items() if id not in names}
    return {"former_names": former, "former_parts": sorted(parts_ever_of(last.pk) - parts)}


def _take_effect(service: Service, version: ServiceVersion, document: ServiceDocument) -> None:
    service.current, service.title = version, dict(document.title.root)
    service.save(update_fields=["current", "title"])
    for site in document.sites:
        Site.objects.get_or_create(workspace=service.workspace, key=site.id, defaults={"name": site.title["en"]})


def put_in_force(*, actor: Person, version: ServiceVersion) -> ServiceVersion:
    """Have a version of a service asked, measured and acted on from now on: an older one again, or one that was to be.

    Published surveys stay as they were published. Raises InvalidDocument where what was valid once is so no more.
    """
    here = require(actor, "edit_service", version.service.workspace)
    document = read_text(one(visible_versions(here, version.service), pk=version.pk).text, here.workspace.pk)
    with transaction.atomic():
        here = require(actor, "edit_service", version.service.workspace)
        service = lock_rows(Service.objects.select_related("current")).get(pk=version.service_id)
        wanted = one(visible_versions(here, service), pk=version.pk)
        if service.current_id == wanted.pk:
            return wanted
        before = {"number": service.current.number} if service.current else None
        _take_effect(service, wanted, document)
        after, workspace = {"number": wanted.number}, service.workspace
        trail.leave("put_in_force", actor=actor, workspace=workspace, about=service, before=before, after=after)
        return wanted
