"""A design as files: every version and the draft taken away in the form that one likes, and a file brought in.

What a file would change is said in sentences first; nothing is saved before that page is answered.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from types import MappingProxyType
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from peakend.formats.service_files import Form, Into, write_file
from peakend.ids import free_id
from peakend.service.difference import difference, lost_parts
from peakend.service.document import of_data
from peakend.service.drawings.journey_map import draw_map
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label
from peakend_web.base.documents import document_of
from peakend_web.base.grants import one
from peakend_web.base.guard import InService, InWorkspace
from peakend_web.base.languages import reader_language
from peakend_web.base.refusals import Missing
from peakend_web.design.actions.versions import taken_slugs
from peakend_web.design.forms.files import ImportFile
from peakend_web.design.grants import visible_services, visible_versions
from peakend_web.design.queries import document_at, names_in_versions
from peakend_web.design.scribe.scribe import yaml_of
from peakend_web.models import Service

from .drafts import open_draft_of
from .problem_rows import problem_rows
from .sketch import Sketch, sketches

KINDS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "yaml": ("YAML", "application/yaml; charset=utf-8"),
        "xlsx": ("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "json": ("JSON", "application/json"),
        "mmd": ("Mermaid", "text/plain; charset=utf-8"),
        "svg": ("SVG", "image/svg+xml"),
    }
)
"""The forms in which a design is taken away, by the ending of the file: how each is called, and its type."""
ARCHIVE: Final = "application/zip"
"""The type of the file in which the maps of several journeys are taken away."""
NAMES: Final = tuple((ending, name) for ending, (name, _type) in KINDS.items())
MOST_CHANGES: Final = 100
"""Sentences of a preview; how many more there are is said."""


def version_file(request: HttpRequest, here: InService, number: int, ending: str) -> HttpResponse:
    """One version in another form than its text."""
    del request
    found = one(visible_versions(here, here.service), number=number)
    return _file(document_of(found.pk), f"{here.service.slug}-{found.number}", ending)


def draft_file(request: HttpRequest, here: InService, ending: str) -> HttpResponse:
    """The draft as it is now."""
    del request
    draft = open_draft_of(here)
    if draft is None:
        raise Missing("web.missing")
    return _file(of_data(document_at(draft).data), f"{here.service.slug}-draft", ending)


def _file(service: ServiceDocument, name: str, ending: str) -> HttpResponse:
    lang, kind = reader_language(), KINDS[ending][1]
    if ending != "svg":
        body: bytes | str = write_file(service, f".{ending}", lang)
    else:
        maps = _maps(service, lang)
        body = next(iter(maps.values()))
        if len(maps) > 1:
            body, ending, kind = _archive({f"{name}-{id}.svg": svg for id, svg in maps.items()}), "zip", ARCHIVE
    disposition = f'attachment; filename="{name}.{ending}"'
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": disposition})


def _maps(service: ServiceDocument, lang: Lang) -> dict[str | None, str]:
    """The map of every journey that has touchpoints, by its id."""
    drawn: list[str | None] = [journey.id for journey in service.journeys if journey.touchpoints]
    drawn = drawn or [None]
    return {id: draw_map(service, id, lang=lang, layout="wall", style=False) for id in drawn}


def _archive(held: Mapping[str, str]) -> bytes:
    """Texts as one file; the same texts give the same bytes."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as archive:
        for name, text in held.items():
            archive.writestr(ZipInfo(name), text.encode(), ZIP_DEFLATED)
    return made.getvalue()


# --- in ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Preview:
    """What a file would change: the sentences, how many there are, what would be gone, the text that is saved on a tap,
    the service that it becomes a version of, if there is one, and where it is saved; of a new service the journeys as
    they would be; and what of the file is passed over or read otherwise than it stands.
    """

    sentences: list[str]
    count: int
    lost: str
    sketches: Sequence[Sketch]
    text: str
    base: int
    address: str
    service: Service | None
    doubts: list[dict[str, str]]
    all_doubts: int

    @property
    def more(self) -> int:
        """How many sentences are not shown."""
        return self.count - len(self.sentences)

    @property
    def more_doubts(self) -> int:
        """How many doubts are not shown."""
        return self.all_doubts - len(self.doubts)


def import_service(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """Bring a file in as a service of this workspace."""
    return _import(request, here, None)


def import_version(request: HttpRequest, here: InService) -> HttpResponse:
    """Bring a file in as a version of this service."""
    return _import(request, here, here.service)


def _import(request: HttpRequest, here: InWorkspace, service: Service | None) -> HttpResponse:
    form = ImportFile(request.POST or None, request.FILES or None)
    preview = None
    if request.method == "POST" and form.is_valid():
        read = form.read(_into(service), here.workspace.pk)
        if read:
            preview = _preview(here, service, read.service, read.form, form)
    shown: dict[str, Any] = {"form": form, "problems": problem_rows(form.problems), "preview": preview}
    refused = request.method == "POST" and preview is None
    return render(request, "peakend_web/design/import.html", shown, status=422 if refused else 200)


def _into(service: Service | None) -> Into:
    lang = reader_language()
    if service is None or service.current is None:
        return Into(lang, languages=(lang,))
    return Into(lang, document_of(service.current.pk), taken=names_in_versions(service.pk))


def _preview(
    here: InWorkspace, service: Service | None, read: ServiceDocument, form_of: Form, form: ImportFile
) -> Preview | None:
    """What saving it would do; None where it cannot be saved here, which the form says."""
    services = visible_services(here).select_related("current")
    if service is None and form_of in {"names", "mermaid"}:
        read = read.model_copy(update={"service": free_id(read.service, taken_slugs(here))})
    kept = service or services.filter(slug=form.slug(read)).first()
    if form.errors:
        return None
    current = kept.current if kept else None
    if current and service and read.service != document_of(current.pk).service:
        form.refuse_other(read.service, document_of(current.pk).service)
        return None
    lang = reader_language()
    changes = difference(document_of(current.pk), read) if current else ()
    return Preview(
        [change.sentence(lang) for change in changes[:MOST_CHANGES]],
        len(changes),
        _lost(document_of(current.pk), read) if current else "",
        [] if current else sketches(read, lang),
        form.author_text() or yaml_of(read, current.text if current else "", here.workspace.pk),
        current.number if current else 0,
        _address(here, kept),
        kept,
        problem_rows(form.doubts[:MOST_CHANGES]),
        len(form.doubts),
    )


def _lost(old: ServiceDocument, new: ServiceDocument) -> str:
    """What would be gone, by its kinds; nothing where all stays."""
    lang = reader_language()
    return _(", ").join(f"{label(f'part.{kind}', lang)} × {count:,}" for kind, count in lost_parts(old, new).items())


def _address(here: InWorkspace, service: Service | None) -> str:
    slug = here.workspace.slug
    return reverse("new-version", args=[slug, service.slug]) if service else reverse("new-service", args=[slug])
