"""The studio of one survey: its questions in order, their words in each language, how it stands, and what its buttons
do. It works as plain forms; what one person does in the draft, everybody who may edit sees at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, Final

from django.contrib.messages import error as warn
from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from peakend.errors import DocumentError, PeakendError
from peakend.service.edits.names import kind_of
from peakend.terms import Lang
from peakend_web.asking.actions.studio import edit_survey
from peakend_web.asking.forms.condition import condition_of
from peakend_web.asking.forms.kind_words import kinds_to_add
from peakend_web.asking.forms.question import groups_of, groups_of_order, pickers
from peakend_web.asking.queries.studio import area_of, state_of
from peakend_web.base.guard import InService
from peakend_web.base.headers import let_frame_ours
from peakend_web.base.languages import NAMES
from peakend_web.base.refusals import Conflict, Denied, Missing, words_of
from peakend_web.design.actions import drafts
from peakend_web.design.forms.part import PartForm
from peakend_web.design.queries import standing_steps, undo_ends
from peakend_web.models import Draft

from .drafting import Desk, desk_of, draft_is_over, draft_to_edit, script_settings, studio_address
from .studio_changes import KEEP_OPEN, Asked, edits_asked
from .studio_rows import quotas_of, rows_of, sentence_of_state

OPTION_BUTTONS: Final = (("up", "↑"), ("down", "↓"), ("remove", "×"))
"""What the buttons beside an option do, and their signs."""


def studio(request: HttpRequest, here: InService, item: str) -> HttpResponse:
    """The survey as it is in its draft for whoever makes it, else as in force."""
    return _drawn(request, here, desk_of(here, item), request.GET.get("part", ""))


def begin(request: HttpRequest, here: InService, item: str) -> HttpResponse:
    """Open the draft, so that the survey can be edited."""
    del request
    desk_of(here, item)
    drafts.open_draft(actor=here.person, service=here.service, area=area_of(item))
    return redirect(studio_address(here, item))


def save(request: HttpRequest, here: InService, item: str) -> HttpResponse:
    """Keep the fields of one part, each change as an edit of its own."""
    draft, desk = draft_to_edit(here, item), desk_of(here, item)
    if draft is None:
        return draft_is_over(request, here, item)
    part = _part(desk, request.POST.get("part", ""))
    form = PartForm(desk.at, part, groups_of(desk.at, part), request.POST)
    if form.is_valid():
        form.save(here.person)
    if form.clashes or form.errors:
        return _drawn(request, here, desk, part, form=form, status=409 if form.clashes else 422)
    if "do" in request.POST:
        return _change(request, here, item, draft, part)
    return redirect(studio_address(here, item, part))


def _change(request: HttpRequest, here: InService, item: str, draft: Draft, part: str) -> HttpResponse:
    """What a button beside an option does, once the fields around it are kept."""
    asked: Asked = request.POST.dict()
    do, _bar, of = asked["do"].partition("|")
    try:
        edits = edits_asked(desk_of(here, item), {"do": do, "part": of})
        edit_survey(actor=here.person, draft=draft, edits=edits, name=_name(asked))
    except (Denied, Missing):
        raise
    except PeakendError as error:
        warn(request, words_of(error))
    return redirect(studio_address(here, item, part))


def edit(request: HttpRequest, here: InService, item: str) -> HttpResponse:
    """What one of the buttons does, as `studio_changes` says."""
    draft, desk = draft_to_edit(here, item), desk_of(here, item)
    if draft is None:
        return draft_is_over(request, here, item)
    asked: Asked = request.POST.dict()
    part = asked.get("part", "")
    try:
        came = edit_survey(actor=here.person, draft=draft, edits=edits_asked(desk, asked), name=_name(asked))
    except (Denied, Missing):
        raise
    except PeakendError as error:
        warn(request, words_of(error))
        return redirect(studio_address(here, item))
    # Whoever changes something in a card goes on there; a question that came is opened.
    opens = came if kind_of(came) == "items" else part if asked.get("do") in KEEP_OPEN else ""
    return redirect(studio_address(here, item, opens))


def undo(request: HttpRequest, here: InService, item: str) -> HttpResponse:
    """Take back one's own last step, or do it again."""
    draft = draft_to_edit(here, item)
    if draft is None:
        return draft_is_over(request, here, item)
    redo = request.POST.get("redo") == "1"
    try:
        name = drafts.undo_name(_token(request.POST.dict()), redo=redo)
        drafts.undo_step(actor=here.person, draft=draft, redo=redo, name=name)
    except (Conflict, DocumentError) as error:
        warn(request, words_of(error))
    return redirect(studio_address(here, item))


def drop(request: HttpRequest, here: InService, item: str) -> HttpResponse:
    """Give the draft up."""
    draft = draft_to_edit(here, item)
    if draft is not None and request.POST.get("draft") in {None, str(draft.pk)}:
        drafts.drop_draft(actor=here.person, draft=draft)
        success(request, _("The draft was discarded. What is published is unchanged."))
    return redirect("surveys", here.workspace.slug, here.service.slug)


def _drawn(
    request: HttpRequest, here: InService, desk: Desk, part: str, *, form: PartForm | None = None, status: int = 200
) -> HttpResponse:
    draft, at = desk.at.draft, desk.at
    shown: dict[str, Any] = {
        "draft": draft,
        "item": desk.item,
        "name": desk.name,
        "lang": at.lang,
        "there": desk.is_there,
    }
    if desk.is_there:
        state = state_of(desk.working, desk.item, at.lang)
        shown |= {
            "title": at.words(desk.name, "title"),
            "state": state,
            "sentence": sentence_of_state(state),
            "rows": rows_of(desk),
            "languages": [(lang, NAMES[lang]) for lang in _languages(desk)],
        }
    if draft:
        shown |= {
            "token": uuid.uuid4(),
            "undo": undo_ends(draft, here.person),
            "steps": standing_steps(draft),
            "studio": script_settings(here, desk.item, at.lang),
        }
    if draft and desk.is_there:
        shown |= {"kinds": list(kinds_to_add(desk.working)), **_open_part(desk, part, form)}
    return let_frame_ours(render(request, "peakend_web/asking/studio.html", shown, status=status))


def _open_part(desk: Desk, part: str, form: PartForm | None) -> dict[str, Any]:
    """The form of the survey or the question that is open, and what is chosen beside it."""
    if part != desk.name and part not in desk.working.names_in(desk.name, "items"):
        return {}
    form = form or PartForm(desk.at, part, groups_of(desk.at, part))
    shown = {"open": part, "form": form, "sections": list(form.sections())}
    names = desk.working.names_in(desk.name, "items")
    if part == desk.name:
        order = groups_of_order(desk.at, part) if len(names) > 1 else []
        new = condition_of(desk.at, desk.name, None, names)
        return shown | {"quotas": quotas_of(desk), "new_quota": new if names else None, "order": order}
    held = desk.working.held(part).data
    condition = condition_of(desk.at, desk.name, held.get("show_if"), names[: names.index(part)])
    return shown | {
        "pickers": pickers(desk.at, part),
        "option_buttons": OPTION_BUTTONS,
        "options": [name for key in ("options", "rows") for name in desk.working.names_in(part, key)],
        "condition": condition,
        "is_first": part == names[0],
        "shown": next((row.shown for row in rows_of(desk) if row.name == part), ""),
    }


def _languages(desk: Desk) -> Sequence[Lang]:
    return [lang for lang in NAMES if lang in desk.working.data["languages"]]


def _part(desk: Desk, name: str) -> str:
    """A part of this survey. Raises DocumentError `edit.no_part`."""
    held = desk.working.held(name)
    if desk.name not in {name, held.around}:
        raise DocumentError("edit.no_part", target=name[:60])
    return name


def _token(asked: Asked) -> uuid.UUID | None:
    """The name of the page that a form was sent from; what is sent twice from it is done once."""
    try:
        return uuid.UUID(asked.get("token", ""))
    except ValueError:
        return None


def _name(asked: Asked) -> uuid.UUID | None:
    """The name of what a form asks for, which follows from all that it says."""
    token = _token(asked)
    said = [f"{key}={value}" for key, value in sorted(asked.items()) if key not in {"token", "csrfmiddlewaretoken"}]
    return uuid.uuid5(token, "|".join(said)) if token else None
