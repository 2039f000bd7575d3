"""Verbs on drafts: begun from the version in force, edited step by step, undone and redone by whoever did it, published
as the next version, or given up.

The server puts the steps of all people into one order. Two people are in each other's way only where both changed the
same words in the same language, or the same value: then nothing is stored, and both texts are shown.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec
from django.db import transaction
from django.utils import timezone

from peakend.documents.parts import require_readable
from peakend.documents.problems import InvalidDocument
from peakend.documents.source import LARGEST_DOCUMENT, MOST_PARTS, parts_in
from peakend.errors import DocumentError, PeakendError
from peakend.service.check import check
from peakend.service.document import of_data
from peakend.service.edits import Edit, Effect, WorkingDocument
from peakend.service.edits.effects import effect_of
from peakend.service.edits.first_places import put_in_order
from peakend.service.edits.kinds import kind_of_list, kinds
from peakend.service.edits.names import id_of, ids_in
from peakend.service.edits.verbs import effects_of, undo
from peakend.service.edits.working_document import names_brought
from peakend.service.schema import ServiceDocument
from peakend.service.titles import new_id
from peakend_web.base import trail
from peakend_web.base.cache import Cache
from peakend_web.base.grants import one, require
from peakend_web.base.locks import lock_rows
from peakend_web.base.refusals import Conflict, Missing, status_of
from peakend_web.design.grants import visible_drafts, visible_services
from peakend_web.design.queries import (
    REDO,
    UNDO,
    document_at,
    last_step_on,
    names_added,
    names_ever,
    part_of_area,
    removal_of,
    standing_steps,
    undo_ends,
)
from peakend_web.design.scribe.scribe import yaml_of
from peakend_web.models import Draft, DraftStep, Person, Service, ServiceVersion

from .versions import add_version

FOLD_EVERY: Final = 50
"""Steps after which the document is kept as it is by then, so that not all of them are done again."""
BRINGING: Final = frozenset({"add", "move"})
"""Verbs that bring parts with ids of their own: one that is moved into a lane of words makes a step of these."""
GROWING: Final = frozenset({"set", "put", "link"})
"""What effects do after which a document may be larger, be it that something is brought back."""
MOST_TRIES: Final = 3
"""How often a draft is written anew because somebody has changed it meanwhile."""


class ChangedMeanwhile(Conflict):
    """Somebody else has changed the same words since: `theirs` is what stands there, `mine` what was asked for."""

    def __init__(self, name: str, theirs: Any, mine: Any) -> None:
        super().__init__("web.draft_changed", name=name)
        self.theirs, self.mine = theirs, mine

    def __reduce__(self) -> tuple[type[ChangedMeanwhile], tuple[str, Any, Any]]:
        return type(self), (str(self.fields["name"]), self.theirs, self.mine)


_answered: Final = Cache(10_000)
"""What was answered though nothing was kept, by draft, person and name of what was asked for: the refusal, or that all
was so already. One process serves all pages (`running/server.py`), and what is still on its way to it ends with it.
"""
_NOTHING: Final = "nothing"
_FINAL: Final = frozenset({409, 410, 422})
"""Statuses after which a page does not ask for the same again."""


def do_once(*, actor: Person, draft: Draft, name: uuid.UUID, do: Callable[[], DraftStep | None]) -> DraftStep | None:
    """Do what is asked for under a name, and answer alike where it comes again, also where nothing was kept: it was
    refused, or there was nothing to do. A page that hears nothing sends the same once more, while the first may still
    be on its way: were it done later, after the second was answered, something would be kept or undone of which the
    page was told that it is not.
    """
    with transaction.atomic():
        key = (_lock(actor, draft).pk, actor.pk, name)
        before = _answered.get(key)
        if isinstance(before, PeakendError):
            raise copy(before)
        if before is not None:
            return None
        try:
            step = do()
        except PeakendError as error:
            if status_of(error) in _FINAL:
                _answered.put(key, copy(error))  # without the frames that it went through
            raise
        if step is None:
            _answered.put(key, _NOTHING)
        return step


@dataclass(frozen=True, slots=True)
class Seen:
    """What stood in a field when somebody began to write."""

    value: Any


@transaction.atomic
def open_draft(
    *, actor: Person, service: Service, area: str = "design", title: Mapping[str, str] | None = None
) -> Draft:
    """The draft of an area of a service that is being made; a new one from the version in force where there is none.
    `title` is what the part is called that will come in it, where the version in force does not have that yet. Raises
    Conflict `web.draft_of_nothing` where no version is in force yet.
    """
    here = require(actor, "edit_service", service.workspace)
    kept = one(lock_rows(visible_services(here)), pk=service.pk)
    standing = visible_drafts(here).filter(service=kept, area=area).first()
    if standing is not None:
        return standing
    if kept.current is None:
        raise Conflict("web.draft_of_nothing")
    folded = WorkingDocument(kept.current.document).data
    draft = Draft.objects.create(service=kept, area=area, base=kept.current, begun_by=actor, folded=folded, added=[])
    after = {"number": kept.current.number, **_called(draft, WorkingDocument(folded), title)}
    trail.leave("begin_draft", actor=actor, workspace=kept.workspace, about=kept, after=after)
    return draft


def step_name(token: uuid.UUID | None, where: str, edit: Edit) -> uuid.UUID | None:
    """The name of an edit that is asked for on a page, so that what is sent twice from there is done once; `token` is
    that of the page. Behind which part a new one comes does not count: the second time that is the first one.
    """
    place = (edit.around, edit.after) if edit.verb == "move" else ()
    said = (where, edit.verb, edit.target, edit.field, edit.value, *place)
    return uuid.uuid5(token, "|".join(map(str, said))) if token else None


def undo_name(token: uuid.UUID | None, *, redo: bool) -> uuid.UUID | None:
    """The name of an undoing, or of the redoing, that is asked for on a page, as `step_name` gives it to an edit."""
    return uuid.uuid5(token, "redo" if redo else "undo") if token else None


@transaction.atomic
def edit_draft(
    *, actor: Person, draft: Draft, edit: Edit, name: uuid.UUID | None = None, seen: Seen | None = None
) -> DraftStep | None:
    """Do one edit, and keep it as a step; None where all was so already. A part that is added without an id gets one.

    An edit that is sent twice under the same `name` is done once. Where `seen` is not what stands there,
    ChangedMeanwhile is raised and nothing is stored. Raises Conflict `web.draft_id_used` for an id that a part of this
    service has or had, `web.draft_parts` and DocumentError `document.large` where the document would be larger than is
    read; otherwise what `effects_of` does.
    """
    kept = _lock(actor, draft)
    known = _known(kept, name)
    if known is not None:
        return known
    working = document_at(kept)
    if seen is not None:
        _require_unchanged(kept, working, edit, seen)
    working.retired = names_ever(kept) if edit.verb in BRINGING else frozenset()
    edit = _with_id(edit, working.retired)
    effects = effects_of(working, edit)
    if again := next((name for effect in effects for name in names_brought(effect) if name in working.retired), ""):
        raise Conflict("web.draft_id_used", name=id_of(again))
    return _keep(actor, kept, working, edit, effects, name=name) if effects else None


@transaction.atomic
def edit_draft_at_once(*, actor: Person, draft: Draft, edits: Sequence[Edit], token: uuid.UUID | None) -> None:
    """Do several edits, or none of them; each is a step of its own. `token` is that of the page, as for `step_name`."""
    for edit in edits:
        edit_draft(actor=actor, draft=draft, edit=edit, name=step_name(token, "", edit))


@transaction.atomic
def undo_step(*, actor: Person, draft: Draft, redo: bool = False, name: uuid.UUID | None = None) -> DraftStep | None:
    """Take back one's own last step that is not undone yet, or with `redo` one's own last undoing; None where there is
    none. Where all is undone, the document is the first one again. What is sent twice under the same `name` is done
    once. Raises Conflict `web.undo_changed` where somebody has changed the same since, and says who; and what
    `edit_draft` does where what comes back has no room any more.
    """
    kept = _lock(actor, draft)
    known = _known(kept, name)
    if known is not None:
        return known
    ends = undo_ends(kept, actor)
    step = ends.undone if redo else ends.done
    if step is None:
        return None
    working = document_at(kept)
    try:
        effects = undo(working, [effect_of(each) for each in step.effects])
    except DocumentError as error:
        other = last_step_on(kept, step.target, step.field, step.lang)
        raise Conflict("web.undo_changed", name=other.person.name if other else "") from error
    if not redo and standing_steps(kept) == 1:  # nothing is left of what anybody did
        effects += put_in_order(working, WorkingDocument(kept.base.document))
    edit = Edit("set_value", step.target, step.field)
    return _keep(actor, kept, working, edit, effects, name=name, undoes=step)


@transaction.atomic
def restore_part(*, actor: Person, draft: Draft, target: str) -> DraftStep | None:
    """Bring back a part that was removed in this draft, with what went along with it; None where it is there. Raises
    Conflict `web.undo_changed` where something else stands in its place by now, Missing `web.missing` where it never
    was, and where it has no room any more what `edit_draft` does.
    """
    kept = _lock(actor, draft)
    working, removal = document_at(kept), removal_of(kept, target)
    if working.has(target):
        return None
    if removal is None:
        raise Missing("web.missing")
    try:
        effects = undo(working, [effect_of(each) for each in removal.step.effects])
    except DocumentError as error:
        raise Conflict("web.undo_changed", name=removal.step.person.name) from error
    return _keep(actor, kept, working, Edit("add", target), effects)


def publish_draft(
    *, actor: Person, draft: Draft, note: str = "", label: str = "", in_force: bool = True
) -> ServiceVersion | None:
    """Make the draft the next version of its service, and end it: in force from now on, or as one that is to be, which
    stands beside the one in force and can be looked at, compared and put into force later. Where nothing differs from
    the version in force, the draft is given up, and there is none.

    Its steps are done on the version that is in force by now. Raises InvalidDocument where the whole has errors,
    ChangedMeanwhile where a version that came meanwhile says otherwise in the same place, Conflict `web.draft_busy`
    where others go on changing it, and DocumentError `document.control_character` for a note that nobody can read.
    """
    require_readable(note + label)
    for _ in range(MOST_TRIES):
        # To write a document takes seconds, in which whoever holds the database would hold up everybody's answers.
        here = require(actor, "edit_service", draft.service.workspace)
        seen = one(visible_drafts(here), pk=draft.pk)
        proposal = _proposal(seen, Service.objects.select_related("current").get(pk=seen.service_id))
        with transaction.atomic():
            service = lock_rows(Service.objects.select_related("current")).get(pk=draft.service_id)
            kept = _lock(actor, draft)
            if (kept.seq, service.current_id) == proposal.made_of:
                return _publish(actor, kept, service, proposal, Edition(note, label, in_force))
    raise Conflict("web.draft_busy")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A draft as the next version: its document and text, none where it says what is in force already; and the step and
    the version in force that it was made of.
    """

    made_of: tuple[int, int | None]
    document: ServiceDocument | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """What is said of a version where it is published, and whether it comes into force."""

    note: str
    label: str
    in_force: bool


def _proposal(draft: Draft, service: Service) -> Proposal:
    working, made_of = _upon(draft, service), (draft.seq, service.current_id)
    if service.current and working.data == WorkingDocument(service.current.document).data:
        return Proposal(made_of)
    document = of_data(working.data)
    errors = [problem for problem in check(document) if problem.level == "error"]
    if errors:
        raise InvalidDocument(errors)
    base = service.current.text if service.current else ""
    return Proposal(made_of, document, yaml_of(document, base, service.workspace_id))


def _publish(
    actor: Person, draft: Draft, service: Service, proposal: Proposal, edition: Edition
) -> ServiceVersion | None:
    if proposal.document is None:
        _give_up(actor, draft)
        return None
    before = {"number": service.current.number} if service.current else None
    document, text = proposal.document, proposal.text
    version = add_version(service, document, text, edition.note, actor, label=edition.label, in_force=edition.in_force)
    draft.ended_at, draft.published = timezone.now(), version
    draft.save(update_fields=["ended_at", "published"])
    after = {"number": version.number, "note": edition.note} | ({} if edition.in_force else {"label": edition.label})
    verb = "save_service_version" if edition.in_force else "save_to_be"
    trail.leave(verb, actor=actor, workspace=service.workspace, about=service, before=before, after=after)
    return version


@transaction.atomic
def drop_draft(*, actor: Person, draft: Draft) -> Draft:
    """Give a draft up. Its steps are kept."""
    kept = _lock(actor, draft)
    _give_up(actor, kept)
    return kept


def _with_id(edit: Edit, ever: Collection[str]) -> Edit:
    """The edit with the id of a part that is added without one: from its title, and none that a part of this service
    `ever` had. While the draft is held nobody else can take it.
    """
    kind, part = kinds().get(kind_of_list(edit.field)), edit.value
    is_nameless = edit.verb == "add" and isinstance(part, Mapping) and "id" not in part
    if kind is None or kind.identity != "id" or not is_nameless:
        return edit
    return replace(edit, value={"id": new_id(part, kind.name, ids_in(ever, kind.name)), **part})


def _require_room(working: WorkingDocument, effects: Sequence[Effect]) -> None:
    """What is kept can be read again: a draft becomes no larger than a document may be."""
    if not any(effect.does in GROWING and effect.now is not None for effect in effects):
        return
    size = len(msgspec.json.encode(working.data))
    if size > LARGEST_DOCUMENT:
        raise DocumentError("document.large", size=size, largest=LARGEST_DOCUMENT)
    if parts_in(working.data) > MOST_PARTS:
        raise Conflict("web.draft_parts", most=MOST_PARTS)


def _give_up(actor: Person, draft: Draft) -> None:
    draft.ended_at = timezone.now()
    draft.save(update_fields=["ended_at"])
    before = {"number": draft.base.number, "steps": draft.seq, **_called(draft, document_at(draft))}
    trail.leave("drop_draft", actor=actor, workspace=draft.service.workspace, about=draft.service, before=before)


def _called(draft: Draft, working: WorkingDocument, title: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What the part is called that a draft is for, where it is for one: by this name the trail tells of it."""
    name = part_of_area(draft.area)
    words = working.value(name, "title") if name and working.has(name) else title
    return {"made": dict(words)} if words else {}


def _lock(actor: Person, draft: Draft) -> Draft:
    """The draft as it is now, for somebody who may edit it, held until the step is kept."""
    here = require(actor, "edit_service", draft.service.workspace)
    return one(lock_rows(visible_drafts(here)), pk=draft.pk)


def _known(draft: Draft, name: uuid.UUID | None) -> DraftStep | None:
    """The step that was kept under this name before."""
    return DraftStep.objects.filter(draft=draft, name=name).select_related("person").first() if name else None


def _require_unchanged(draft: Draft, working: WorkingDocument, edit: Edit, seen: Seen) -> None:
    there = working.value(edit.target, edit.field)
    if edit.lang:
        there = there.get(edit.lang) if isinstance(there, dict) else None
    if there not in (seen.value, edit.value):
        other = last_step_on(draft, edit.target, edit.field, edit.lang or "")
        raise ChangedMeanwhile(other.person.name if other else "", there, edit.value)


def _keep(
    actor: Person,
    draft: Draft,
    working: WorkingDocument,
    edit: Edit,
    effects: list[Effect],
    *,
    name: uuid.UUID | None = None,
    undoes: DraftStep | None = None,
) -> DraftStep:
    """Keep what was done as the next step, with its audit. Raises as `_require_room` does."""
    _require_room(working, effects)
    draft.seq += 1
    step = DraftStep.objects.create(
        draft=draft,
        seq=draft.seq,
        name=name or uuid.uuid4(),
        person=actor,
        verb=(REDO if undoes.verb == UNDO else UNDO) if undoes else edit.verb,
        target=edit.target,
        field=edit.field,
        lang=edit.lang or "",
        effects=[effect.as_data() for effect in effects],
        undoes=undoes,
    )
    _fold(draft, working)
    after = {"step": step.seq, "verb": step.verb, "part": step.target, "field": step.field, "lang": step.lang}
    after |= _called(draft, working)
    trail.leave("edit_draft", actor=actor, workspace=draft.service.workspace, about=draft.service, after=after)
    return step


def _fold(draft: Draft, working: WorkingDocument) -> None:
    """Save the draft with its last step; after so many steps with the document as it is by then."""
    if draft.seq - draft.folded_seq >= FOLD_EVERY:
        draft.added = sorted(names_added(draft))
        draft.folded, draft.folded_seq = working.data, draft.seq
        draft.save(update_fields=["seq", "folded", "folded_seq", "added"])
    else:
        draft.save(update_fields=["seq"])


def _upon(draft: Draft, service: Service) -> WorkingDocument:
    """The steps of a draft, done on the version that is in force by now."""
    if service.current_id == draft.base_id or service.current is None:
        return document_at(draft)
    working = WorkingDocument(service.current.document)
    for step in draft.steps.all():
        for effect in step.effects:
            try:
                working.take(effect_of(effect))
            except DocumentError as error:
                raise ChangedMeanwhile(service.current.made_by.name, None, effect.get("now")) from error
    return working
