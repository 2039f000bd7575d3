"""The pages of the faces of a document: what is true, the picture, the parts, and forms that add, change and remove."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.contrib.messages import error as warn
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from peakend.errors import PeakendError
from peakend.service.edits.names import kind_of
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.base.refusals import Denied, Missing, words_of
from peakend_web.design.actions import drafts
from peakend_web.design.faces.face import Face, KnownOf, Shelf
from peakend_web.design.faces.picture import SCORED, pictures
from peakend_web.design.forms.setting import Setting
from peakend_web.design.queries import document_at, document_in_force, standing_steps, undo_ends
from peakend_web.design.reading import Reading
from peakend_web.findings.queries import Inquiry, kept_of
from peakend_web.findings.queries.known import Known
from peakend_web.findings.queries.shared_scores import scores_of

from .drafts import edited_language, open_draft_of, page_token
from .five_steps import five_steps
from .parts import PartPage, part_page


def face_page(request: HttpRequest, here: InService, face: Face) -> HttpResponse:
    """A face of the document: of the draft for whoever makes it, else of the version in force."""
    return _drawn(request, here, face)


def face_part(request: HttpRequest, here: InService, face: Face, **captured: str) -> HttpResponse:
    """The form of one part on a face."""
    part = captured[face.captures]
    groups = face.groups(part)
    if groups is None:
        raise Missing("web.missing")
    removes = face.edit_name if kind_of(part) in face.removes else ""
    return part_page(request, here, PartPage(part, groups, _address(here, face), face.title, removes))


def edit_face(request: HttpRequest, here: InService, face: Face) -> HttpResponse:
    """Add something to a face, or remove it; a draft begins with it where there is none."""
    token = page_token(request)
    try:
        draft = open_draft_of(here) or drafts.open_draft(actor=here.person, service=here.service)
        working = document_at(draft)
        at = Setting(working, edited_language(request, working), draft=draft)
        edits = face.edits(at, request.POST)
        drafts.edit_draft_at_once(actor=here.person, draft=draft, edits=edits, token=token)
    except (Denied, Missing):
        raise
    except PeakendError as error:
        warn(request, words_of(error))
        return _drawn(request, here, face, status=422)
    return redirect(f"{_address(here, face)}#{request.POST.get('to', '')}".rstrip("#"))


def _drawn(request: HttpRequest, here: InService, face: Face, *, status: int = 200) -> HttpResponse:
    draft = open_draft_of(here)
    working = document_at(draft) if draft else document_in_force(here.service)
    more: dict[str, Any] = {}
    if working:
        scores = scores_of(here) if face.view in SCORED else {}
        reading = Reading(working, reader_language(), scores=scores)
        if face.known and here.service.current_id:
            reading.known.update(_known(request, here, face.known, reading))
        beside = [face.beside.shelf(here, reading)] if face.beside and request.GET.get("beside") else []
        more = _read(here, face, reading, beside) | {"five_steps": five_steps(here, reading.service)}
    if draft:
        more |= {
            "undo": undo_ends(draft, here.person),
            "steps": standing_steps(draft),
        }
    token = page_token(request) or uuid.uuid4()
    context = {"face": face, "draft": draft, "asked": request.POST, "token": token, **more}
    return render(request, "peakend_web/design/face.html", context, status=status)


def _known(request: HttpRequest, here: InService, known: KnownOf, reading: Reading) -> Mapping[str, Known]:
    """What was measured about the parts of a face, in all that somebody sees; the trail says whose words were among
    it.
    """
    inquiry = Inquiry.of_all(here)
    request.readings = inquiry.readings  # type: ignore[attr-defined]
    return known(inquiry, reading.service)


def _read(here: InService, face: Face, reading: Reading, beside: list[Shelf]) -> dict[str, Any]:
    """What stands on a face, what was asked for beside it, and its pictures: each where it belongs, the face's own at
    the head.
    """
    shelves = [*face.shelves(reading), *beside]
    held = [shelf.view for shelf in shelves if shelf.view]
    drawn = pictures([face.view, *held], reading, partial(kept_of, here))
    head = drawn.get(face.view)
    return {
        "shelves": [(shelf, drawn.get(shelf.view) if shelf.view else None) for shelf in shelves],
        "sentence": head.sentence if head else "",
        "picture": head if face.view not in held else None,
    }


def _address(here: InService, face: Face) -> str:
    return reverse(face.name, args=(here.workspace.slug, here.service.slug))
