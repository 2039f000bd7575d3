"""The studio of one survey: its questions in order, their words in each language, how it stands, and what its buttons
do. It works as plain forms; what one person does in the draft, everybody who may edit sees at once.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from django.contrib.messages import error as warn
from django.contrib.messages import success
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from peakend.errors import DocumentError, PeakendError
from peakend.service.edits import Edit
from peakend.service.edits.names import kind_of
from peakend.service.kinds import KINDS
from peakend.terms import Lang
from peakend_web.asking.actions.studio import edit_survey
from peakend_web.asking.forms.kind_words import kinds_to_add
from peakend_web.asking.forms.question import conditions, groups_of, scale_choices
from peakend_web.asking.new_questions import new_question
from peakend_web.asking.queries.studio import area_of, state_of
from peakend_web.base.guard import InService
from peakend_web.base.headers import let_frame_ours
from peakend_web.base.languages import NAMES
from peakend_web.base.refusals import Conflict, Denied, Missing, words_of
from peakend_web.design.actions import drafts
from peakend_web.design.forms.part import PartForm
from peakend_web.design.queries import standing_steps, undo_ends

from .drafting import Desk, desk_of, draft_is_over, draft_to_edit, script_settings, studio_address
from .studio_rows import rows_of, sentence_of_state

Asked = Mapping[str, str]


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
    return redirect(studio_address(here, item, part))


def edit(request: HttpRequest, here: InService, item: str) -> HttpResponse:
    """What one of the buttons does: add, move, copy or remove a question, choose its scale, or when it is shown."""
    draft, desk = draft_to_edit(here, item), desk_of(here, item)
    if draft is None:
        return draft_is_over(request, here, item)
    asked: Asked = request.POST.dict()
    part = asked.get("part", "")
    try:
        change = _CHANGES.get(asked.get("do", ""))
        if change is None:
            raise DocumentError("edit.no_part", target=asked.get("do", "")[:60] or "—")
        came = edit_survey(actor=here.person, draft=draft, edits=change(desk, asked), name=_name(asked))
    except (Denied, Missing):
        raise
    except PeakendError as error:
        warn(request, words_of(error))
        return redirect(studio_address(here, item))
    stays = part if asked.get("do") in _KEEPS_OPEN else ""
    return redirect(studio_address(here, item, came or stays))


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
    """The form of the part that is open."""
    if not desk.working.has(part) or desk.name not in {part, desk.working.held(part).around}:
        return {}
    form = form or PartForm(desk.at, part, groups_of(desk.at, part))
    shown = {"open": part, "form": form, "sections": list(form.sections())}
    if kind_of(part) != "items":
        return shown
    held = desk.working.held(part).data
    rule = held.get("show_if")
    sentence = next((row.shown for row in rows_of(desk) if row.name == part), "")
    about = {"rule": json.dumps(rule), "is_joined": rule is not None and "item" not in rule, "shown": sentence}
    return shown | about | {"scales": scale_choices(held), "conditions": conditions(desk.at, part)}


def _languages(desk: Desk) -> Sequence[Lang]:
    return [lang for lang in NAMES if lang in desk.working.data["languages"]]


# --- what the buttons do ----------------------------------------------------------------------------------------------


def _part(desk: Desk, name: str) -> str:
    """A part of this survey. Raises DocumentError `edit.no_part`."""
    held = desk.working.held(name)
    if desk.name not in {name, held.around}:
        raise DocumentError("edit.no_part", target=name[:60])
    return name


def _question(desk: Desk, asked: Asked) -> str:
    """The question that is asked about. Raises DocumentError `edit.no_part`."""
    name = _part(desk, asked.get("part", ""))
    if kind_of(name) != "items":
        raise DocumentError("edit.no_part", target=name[:60])
    return name


def _add(desk: Desk, asked: Asked) -> list[Edit]:
    kind, after = asked.get("kind", ""), asked.get("after", "")
    item = new_question(desk.working, kind) if kind in KINDS else None
    if item is None:
        raise DocumentError("edit.no_part", target=kind[:60] or "—")
    known = desk.working.names_in(desk.name, "items")
    return [Edit("add", desk.name, "items", value=item, after=after if after in known else (known or [""])[-1])]


def _move(desk: Desk, asked: Asked) -> list[Edit]:
    name, after = _question(desk, asked), asked.get("after", "")
    return [Edit("move", name, after=_part(desk, after) if after else "")]


def _copy(desk: Desk, asked: Asked) -> list[Edit]:
    name = _question(desk, asked)
    item = {key: value for key, value in desk.working.held(name).data.items() if key != "id"}
    return [Edit("add", desk.name, "items", value=item, after=name)]


def _remove(desk: Desk, asked: Asked) -> list[Edit]:
    name = _question(desk, asked)
    if len(desk.working.parts(desk.name, "items")) == 1:
        raise Conflict("survey.last_question")
    return [Edit("remove", name)]


def _scale(desk: Desk, asked: Asked) -> list[Edit]:
    name = _question(desk, asked)
    low, _dash, high = asked.get("scale", "").partition("-")
    if not high:
        return [Edit("set_value", name, "scale")]
    there = desk.working.value(name, "scale") or {}
    ends = {key: there[key] for key in ("low_label", "high_label") if key in there}
    try:
        scale = {"low": float(low), "high": float(high)}
    except ValueError as error:
        raise DocumentError("edit.no_field", field="scale") from error
    return [Edit("set_value", name, "scale", value={**scale, **ends})]


def _show(desk: Desk, asked: Asked) -> list[Edit]:
    return [Edit("set_value", _question(desk, asked), "show_if", value=_rule(asked))]


def _join(desk: Desk, asked: Asked) -> list[Edit]:
    """One more condition beside the one that is there: both must be so, or one of them."""
    name, joint, more = _question(desk, asked), asked.get("join", ""), _rule(asked)
    there = desk.working.value(name, "show_if")
    if joint not in {"all", "any"} or there is None:
        raise DocumentError("edit.no_field", field="show_if")
    both = [*there.get(joint, [there]), *([more] if more else [])]
    return [Edit("set_value", name, "show_if", value={joint: both})] if more else []


def _rule(asked: Asked) -> Any:
    """A condition as it was sent; nothing for always. Whether it is one, the schema says."""
    try:
        return json.loads(asked["show_if"]) if asked.get("show_if") else None
    except (ValueError, RecursionError) as error:
        raise DocumentError("edit.no_field", field="show_if") from error


_CHANGES: Final[Mapping[str, Callable[[Desk, Asked], list[Edit]]]] = {
    "add": _add,
    "move": _move,
    "copy": _copy,
    "remove": _remove,
    "scale": _scale,
    "show": _show,
    "join": _join,
}
_KEEPS_OPEN: Final = frozenset({"scale", "show", "join"})
"""After these the question that they are about stays open."""


def _token(asked: Asked) -> uuid.UUID | None:
    """The name of the page that a form was sent from; what is sent twice from it is done once."""
    try:
        return uuid.UUID(asked.get("token", ""))
    except ValueError:
        return None


def _name(asked: Asked) -> uuid.UUID | None:
    token = _token(asked)
    said = [asked.get(key, "") for key in ("do", "part", "kind", "after", "scale", "join", "show_if")]
    return uuid.uuid5(token, "|".join(said)) if token else None
