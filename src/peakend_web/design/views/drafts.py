"""Which draft a page is about, and in which language its words are written."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from peakend.documents.parts import LONGEST_TEXT
from peakend.service.edits import WorkingDocument
from peakend.service.titles import LONGEST_TITLE
from peakend.terms import LANGUAGES, Lang
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.design.faces import FACES
from peakend_web.design.queries import design_draft
from peakend_web.design.queries.phrases import phrases
from peakend_web.models import Draft


def open_draft_of(here: InService) -> Draft | None:
    """The draft of the design that is being made, for whoever may make it."""
    return design_draft(here, here.service)


def languages_of(working: WorkingDocument) -> list[Lang]:
    """The languages in which a document is written."""
    return [lang for lang in LANGUAGES if lang in working.data["languages"]]


def edited_language(request: HttpRequest, working: WorkingDocument) -> Lang:
    """The language that is edited: the one asked for, else the reader's, else the document's first."""
    known = languages_of(working)
    wanted = (request.GET.get("lang", ""), reader_language())
    return next((lang for name in wanted for lang in known if lang == name), known[0])


def studio(here: InService, lang: Lang) -> dict[str, Any]:
    """What a page tells the script that saves each control as it is left, and the addresses that this asks."""
    args = (here.workspace.slug, here.service.slug)
    return {
        "lang": lang,
        "words": phrases(),
        "longest": LONGEST_TEXT,
        "longest_title": LONGEST_TITLE,
        "steps": reverse("steps-design", args=args),
        "changes": reverse("design-changes", args=args),
    }


def page_token(request: HttpRequest) -> uuid.UUID | None:
    """The name of the page that a form was sent from; what is sent twice from it is done once."""
    try:
        return uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None


def page_after(request: HttpRequest, here: InService, otherwise: str) -> HttpResponse:
    """Leads back to the face on which a button stood, else to the page of this name."""
    face = FACES.get(request.POST.get("face", ""))
    return redirect(face.name if face else otherwise, here.workspace.slug, here.service.slug)
