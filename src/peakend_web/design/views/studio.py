"""The page on which a design is edited: its map of stages and touchpoints.

It works as plain forms. What one person does in a draft, everybody who may edit sees at once; nobody else sees it
before it is published.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.contrib.messages import error as warn
from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from peakend.documents.problems import InvalidDocument
from peakend.errors import DocumentError, PeakendError
from peakend.service.bounds import excesses
from peakend.service.document import of_data
from peakend.service.edits import Edit, WorkingDocument
from peakend.service.edits.kinds import DOCUMENT, WHOLE
from peakend.service.edits.names import kind_of, of_kind
from peakend_web.base.guard import InService
from peakend_web.base.languages import BETWEEN_SENTENCES, NAMES, reader_language
from peakend_web.base.refusals import Conflict, Denied, Missing, words_of
from peakend_web.design.actions import drafts
from peakend_web.design.faces.face import said_of
from peakend_web.design.grants import visible_remarks
from peakend_web.design.grid.table import tables
from peakend_web.design.queries import (
    document_at,
    document_in_force,
    outline,
    standing_steps,
    titles,
    undo_ends,
    words_in,
)
from peakend_web.design.queries.advice import finding_of
from peakend_web.models import TO_BE, Draft

from .drafts import edited_language, languages_of, open_draft_of, page_after, page_token, studio
from .five_steps import five_steps
from .sketch import sketches

EDITED_HERE: Final = frozenset({"stages", "touchpoints", "journeys", DOCUMENT})


def design(request: HttpRequest, here: InService) -> HttpResponse:
    """The journey map, as a grid and as an outline, as it is in the draft for whoever makes it, else as in force."""
    draft = open_draft_of(here)
    working = document_at(draft) if draft else document_in_force(here.service)
    shown: dict[str, Any] = {"draft": draft, "stages": [], "tables": []}
    if working:
        lang = edited_language(request, working)
        document = of_data(working.data)
        shown |= {
            "said": sketches(document, reader_language()),
            "sketches": sketches(document, lang),
            "five_steps": five_steps(here, document),
            "excesses": [
                DocumentError(each.id, **each.fields).message(reader_language()) for each in excesses(working.data)
            ],
            "open_remarks": visible_remarks(here).filter(service=here.service, resolved_at=None).count(),
            "stages": outline(working, lang),
            "tables": tables(working, lang),
            "lang": lang,
            "languages": [(code, NAMES[code]) for code in languages_of(working)],
        }
    if draft and working:
        shown |= {
            "token": uuid.uuid4(),
            "service_title": words_in(working.data["title"], reader_language()),
            "undo": undo_ends(draft, here.person),
            "steps": standing_steps(draft),
            "journeys": titles(working, WHOLE, "journeys", lang),
            "studio": studio(here, lang),
        }
    return render(request, "peakend_web/design/design.html", shown)


def begin_draft(request: HttpRequest, here: InService) -> HttpResponse:
    """Open the draft, so that it can be edited."""
    drafts.open_draft(actor=here.person, service=here.service)
    return page_after(request, here, "design")


def edit_design(request: HttpRequest, here: InService) -> HttpResponse:
    """One edit of the outline: a stage or touchpoint that is added, moved or removed."""
    draft = open_draft_of(here)
    if draft is None:
        return _ended(request, here)
    working, place = document_at(draft), ""
    try:
        edit = _edit(request, working)
        place = _place(working, edit)
        name = drafts.step_name(page_token(request), "", edit)
        drafts.edit_draft(actor=here.person, draft=draft, edit=edit, name=name)
    except (Denied, Missing):
        raise
    except PeakendError as error:
        warn(request, words_of(error))
    return redirect(reverse("design", args=[here.workspace.slug, here.service.slug]) + place)


def _place(working: WorkingDocument, edit: Edit) -> str:
    """Where somebody goes on in the outline after an edit: at what they moved or renamed, at the stage of what they
    removed, at the field for the next one where they added one.
    """
    if edit.verb == "add":
        names = of_kind("stages", working.names())
        return f"#next{names.index(edit.target) + 1 if edit.target in names else len(names) + 1}"
    around = working.held(edit.target).around if edit.verb == "remove" and working.has(edit.target) else edit.target
    return f"#{around}" if kind_of(around) in {"stages", "touchpoints"} else ""


def _edit(request: HttpRequest, working: WorkingDocument) -> Edit:
    """What a button of the outline asks for."""
    asked, target = request.POST.get("do", ""), request.POST.get("part", "")
    if kind_of(target) not in EDITED_HERE or (target == WHOLE and asked != "rename"):
        raise DocumentError("edit.no_part", target=target[:60])
    if asked == "add":
        key = "touchpoints" if kind_of(target) == "stages" else "stages"
        title, lang = request.POST.get("title", "").strip(), edited_language(request, working)
        part = {"title": {lang: title}} if title else {}
        return Edit("add", target, key, value=part, after=working.last_in(target, key))
    if asked == "rename":
        return Edit(
            "set_text", target, "title", edited_language(request, working), request.POST.get("title", "").strip()
        )
    if asked == "remove":
        return Edit("remove", target)
    place = request.POST.get("place", "")
    around, _slash, after = place.partition("|")
    return Edit("move", target, around=around, after=after)


def undo_design(request: HttpRequest, here: InService) -> HttpResponse:
    """Take back one's own last step, or do it again."""
    draft = open_draft_of(here)
    if draft is None:
        return _ended(request, here)
    redo = request.POST.get("redo") == "1"
    try:
        name = drafts.undo_name(page_token(request), redo=redo)
        drafts.undo_step(actor=here.person, draft=draft, redo=redo, name=name)
    except (Conflict, DocumentError) as error:
        warn(request, words_of(error))
    return page_after(request, here, "design")


def publish_design(request: HttpRequest, here: InService) -> HttpResponse:
    """Put the draft into force, or save it beside as what is to be."""
    draft, beside = _shown_draft(request, here), request.POST.get("beside") == "1"
    if draft is None:
        return _ended(request, here)
    try:
        version = drafts.publish_draft(
            actor=here.person,
            draft=draft,
            note=" ".join(request.POST.get("note", "").split())[:200],
            label=TO_BE if beside else "",
            in_force=not beside,
        )
    except InvalidDocument as error:
        working, between = document_at(draft), BETWEEN_SENTENCES[reader_language()]
        for each in error.problems[:5]:
            found = finding_of(working, each, edited_language(request, working))
            warn(request, said_of(found.place, f"{found.what}{between}{found.do}"))
    except (drafts.ChangedMeanwhile, DocumentError) as error:
        warn(request, words_of(error))
    else:
        if version is None:
            success(request, _("Nothing has changed, so there is nothing to publish. The draft was discarded."))
            return redirect("design", here.workspace.slug, here.service.slug)
        said = (
            _("Saved as version %(number)s, beside the one in force.")
            if beside
            else _("Version %(number)s is the current one now.")
        )
        success(request, said % {"number": version.number})
    return redirect("design", here.workspace.slug, here.service.slug)


def drop_design(request: HttpRequest, here: InService) -> HttpResponse:
    """Give the draft up."""
    draft = _shown_draft(request, here)
    if draft is None:
        return _ended(request, here)
    drafts.drop_draft(actor=here.person, draft=draft)
    success(request, _("The draft was discarded. The design in force is unchanged."))
    return redirect("design", here.workspace.slug, here.service.slug)


def _shown_draft(request: HttpRequest, here: InService) -> Draft | None:
    """The draft that the page showed: a tap that comes late, or twice, ends no other one that was begun since."""
    draft = open_draft_of(here)
    shown = request.POST.get("draft")
    return draft if draft and shown in {None, str(draft.pk)} else None


def _ended(request: HttpRequest, here: InService) -> HttpResponse:
    """There is no draft any more: it was published or given up, perhaps by this person's own first tap."""
    warn(request, _("There is no draft now: it was published or discarded. The design in force is shown."))
    return redirect("design", here.workspace.slug, here.service.slug)
