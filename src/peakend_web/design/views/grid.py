"""What the page of the journey map sends and asks for without being loaded again: edits, and what others changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import get_template

from peakend.errors import PeakendError
from peakend.service.edits import WorkingDocument
from peakend.service.edits.effects import effect_of
from peakend.terms import Lang
from peakend_web.base.guard import InService
from peakend_web.base.refusals import Denied, Gone, Missing, status_of
from peakend_web.design.actions import presence, requests, steps
from peakend_web.design.grid.changes import order_of, touched_by
from peakend_web.design.grid.table import pieces
from peakend_web.design.queries import changes, document_at, undo_ends
from peakend_web.design.queries.advice import advice_on
from peakend_web.design.queries.sentences import sentence_of
from peakend_web.models import Draft, DraftStep

from .drafts import edited_language, open_draft_of

PIECE = "peakend_web/design/parts/grid_piece.html"


def take_step(request: HttpRequest, here: InService) -> HttpResponse:
    """Do an edit that a page sent, and answer with the cells that are others now."""
    try:
        asked = requests.read(request.body)
        draft = _require_draft(request, here)
        working = document_at(draft)
        step = steps.take_step(
            actor=here.person, draft=draft, working=working, asked=asked, require_here=requests.require_here
        )
        draft, working = _after(request, here, draft, working, step)
    except (Denied, Missing):
        raise
    except PeakendError as error:
        return _data(steps.refusal_in_words(error), status=status_of(error))
    part, said = sentence_of(working, step, edited_language(request, working)) if step else ("", "")
    own = {"step": step.seq if step else 0, "part": part, "say": said, "undo": _undo(here, draft, asked)}
    return _data({**_changes(request, here, draft, working, asked.since), **own})


def changes_since(request: HttpRequest, here: InService) -> HttpResponse:
    """What others changed since a step, and who is where; nothing where all is as the page has it."""
    try:
        draft = _require_draft(request, here)
    except Gone as error:
        return _data(steps.refusal_in_words(error), status=status_of(error))
    news = presence.news(draft, here.person, request.GET)
    if news is None:
        return HttpResponse(status=204)
    return _data({**_changes(request, here, draft, document_at(draft), news.since), **news.people})


def advice(request: HttpRequest, here: InService) -> HttpResponse:
    """What `check` says of the draft: what hinders its publishing, what would be better otherwise, and which words are
    missing in which language.
    """
    draft = _require_draft(request, here)
    working = document_at(draft)
    shown = {"advice": advice_on(working, edited_language(request, working)), "draft": draft}
    part = request.GET.get("part")
    return render(request, f"peakend_web/design/{'parts/advice' if part else 'advice'}.html", shown)


def _require_draft(request: HttpRequest, here: InService) -> Draft:
    """The draft that the page shows. Raises Gone `web.draft_ended` where that one is no more, be it that another has
    been begun since: what is sent late from its page is no edit of the next one.
    """
    draft = open_draft_of(here)
    if draft is None or request.GET.get("draft", str(draft.pk)) != str(draft.pk):
        raise Gone("web.draft_ended")
    return draft


def _after(
    request: HttpRequest, here: InService, draft: Draft, working: WorkingDocument, step: DraftStep | None
) -> tuple[Draft, WorkingDocument]:
    """The draft and its document after a step. Where nobody else's came in between, that is the document that was read
    before, with what the step did: to read it anew takes longer than all the rest.
    """
    if step is None or step.seq != draft.seq + 1:
        fresh = _require_draft(request, here)
        return fresh, document_at(fresh)
    for effect in step.effects:
        working.take(effect_of(effect))
    draft.seq = step.seq
    return draft, working


def _undo(here: InService, draft: Draft, asked: requests.Request) -> list[int]:
    """Whether one can undo something, and do something again: after an edit, that one, and nothing."""
    if asked.asked == "edit":
        return [1, 0]
    ends = undo_ends(draft, here.person)
    return [int(ends.done is not None), int(ends.undone is not None)]


def _changes(
    request: HttpRequest, here: InService, draft: Draft, working: WorkingDocument, since: int
) -> dict[str, Any]:
    """The cells that are others since a step, as they are to be drawn, and the fields with their values, each with who
    changed it where that was somebody else; and the order of the columns where it is another. A page without the grid
    asks for no cells.
    """
    lang, cells_too = edited_language(request, working), not request.GET.get("plain")
    found = changes.steps_since(draft, since)
    if len(found) > changes.MOST_STEPS:
        return {"seq": draft.seq, "reload": True}
    touched = touched_by(working, found, here.person)
    by = touched.cells
    cells = [[key, html, by[key]] for key, html in _drawn(here, working, by, lang)] if cells_too else []
    return {
        "seq": draft.seq,
        "cells": cells,
        "fields": list(changes.values_of(working, found, here.person)),
        "order": order_of(working) if touched.structure else None,
    }


def _drawn(here: InService, working: WorkingDocument, keys: Mapping[str, str], lang: Lang) -> Iterator[tuple[str, str]]:
    template = get_template(PIECE)
    for piece in pieces(working, keys, lang):
        yield piece.key, template.render({"piece": piece, "here": here, "editing": True, "lang": lang}).strip()


def _data(told: Mapping[str, Any], status: int = 200) -> HttpResponse:
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
