"""What the page of a studio sends and asks for without being loaded again: edits, and what others changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from peakend.errors import DocumentError, PeakendError
from peakend.service.edits import Edit, WorkingDocument
from peakend.service.edits.names import name_of
from peakend_web.asking.queries.studio import survey_draft
from peakend_web.base.guard import InService
from peakend_web.base.refusals import Denied, Gone, Missing, status_of
from peakend_web.design.actions import presence, requests, steps
from peakend_web.design.queries import changes, document_at, undo_ends
from peakend_web.design.queries.sentences import sentence_of
from peakend_web.models import Draft

from .drafting import language_in

DRAWN_ANEW = frozenset({"put", "take", "move", "link", "unlink"})
"""Effects after which the list of questions is another, and not only a field of one."""


def take_step(request: HttpRequest, here: InService, item: str) -> HttpResponse:
    """Do an edit of this survey that a page sent, and answer with what is otherwise now."""
    try:
        asked = requests.read(request.body)
        draft = _require_draft(request, here, item)
        step = steps.take_step(
            actor=here.person,
            draft=draft,
            working=document_at(draft),
            asked=asked,
            require_here=lambda working, edit: _require_in(working, edit, item),
        )
        draft = _require_draft(request, here, item)
    except (Denied, Missing):
        raise
    except PeakendError as error:
        return _data(steps.refusal_in_words(error), status=status_of(error))
    working, ends = document_at(draft), undo_ends(draft, here.person)
    part, said = sentence_of(working, step, language_in(working)) if step else ("", "")
    own = {"step": step.seq if step else 0, "part": part, "say": said}
    undo = [int(ends.done is not None), int(ends.undone is not None)]
    return _data({**_changes(here, draft, working, asked.since), **own, "undo": undo})


def changes_since(request: HttpRequest, here: InService, item: str) -> HttpResponse:
    """What others changed since a step, and who is here; nothing where all is as the page has it."""
    try:
        draft = _require_draft(request, here, item)
    except Gone as error:
        return _data(steps.refusal_in_words(error), status=status_of(error))
    news = presence.news(draft, here.person, request.GET)
    if news is None:
        return HttpResponse(status=204)
    return _data({**_changes(here, draft, document_at(draft), news.since), **news.people})


def _require_draft(request: HttpRequest, here: InService, item: str) -> Draft:
    """The draft that the page shows. Raises Gone `web.draft_ended` where that one is no more."""
    draft = survey_draft(here, here.service, item)
    if draft is None or request.GET.get("draft", str(draft.pk)) != str(draft.pk):
        raise Gone("web.draft_ended")
    return draft


def _require_in(working: WorkingDocument, edit: Edit, item: str) -> None:
    """Here this survey is edited, and nothing else. Raises DocumentError `edit.not_there`."""
    survey = name_of("surveys", item)
    for target in {edit.target, edit.around} - {""}:
        name = target
        while name and name != survey:
            name = working.held(name).around
        if not name:
            raise DocumentError("edit.not_there", verb=edit.verb, field=edit.field)


def _changes(here: InService, draft: Draft, working: WorkingDocument, since: int) -> dict[str, Any]:
    """The fields that are others since a step, each with who changed it where that was somebody else, and whether the
    list of questions is another.
    """
    found = changes.steps_since(draft, since)
    if len(found) > changes.MOST_STEPS:
        return {"seq": draft.seq, "reload": True}
    return {
        "seq": draft.seq,
        "fields": list(changes.values_of(working, found, here.person)),
        "anew": any(effect["does"] in DRAWN_ANEW for step in found for effect in step.effects),
    }


def _data(told: Mapping[str, Any], status: int = 200) -> HttpResponse:
    return JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
