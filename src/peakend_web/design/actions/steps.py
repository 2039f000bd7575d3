"""A step of a draft as a page sends it: done once under its name, or refused with what the page tells about it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from peakend.errors import PeakendError
from peakend.service.edits import Edit, WorkingDocument
from peakend_web.base.languages import reader_language
from peakend_web.base.refusals import Gone, words_of
from peakend_web.design.queries import removal_of, title_of
from peakend_web.models import Draft, DraftStep, Person

from . import drafts
from .requests import Request, as_meant

Requirement = Callable[[WorkingDocument, Edit], None]
"""What a page lets edit: raises DocumentError where an edit is none of its."""


def take_step(
    *, actor: Person, draft: Draft, working: WorkingDocument, asked: Request, require_here: Requirement
) -> DraftStep | None:
    """Do what a page asks for, which read `working` as the document of the draft; None where all was so already. Raises
    Gone `web.part_removed` for a part that somebody has removed, and what `edit_draft`, `undo_step` and `restore_part`
    do.
    """
    do = partial(_do, actor, draft, working, asked, require_here)
    return drafts.do_once(actor=actor, draft=draft, name=asked.name, do=do)


def _do(
    actor: Person, draft: Draft, working: WorkingDocument, asked: Request, require_here: Requirement
) -> DraftStep | None:
    if asked.asked == "restore":
        return drafts.restore_part(actor=actor, draft=draft, target=asked.edit.target)
    if asked.asked != "edit":
        return drafts.undo_step(actor=actor, draft=draft, redo=asked.asked == "redo", name=asked.name)
    if not draft.steps.filter(name=asked.name).exists():
        _require_there(draft, working, asked.edit.target)
        require_here(working, asked.edit)
    edit = as_meant(working, asked.edit)
    return drafts.edit_draft(actor=actor, draft=draft, edit=edit, name=asked.name, seen=asked.seen)


def _require_there(draft: Draft, working: WorkingDocument, target: str) -> None:
    """What somebody has removed is told so, with who and what."""
    found = None if working.has(target) else removal_of(draft, target)
    if found is not None:
        title = title_of(found.part, reader_language())
        raise Gone("web.part_removed", name=found.step.person.name, title=title, whole=found.whole)


def refusal_in_words(error: PeakendError) -> dict[str, Any]:
    """Why a step was not done; of a clash both texts."""
    told: dict[str, Any] = {"error": error.id, "say": words_of(error)}
    if isinstance(error, drafts.ChangedMeanwhile):
        told |= {"who": error.fields["name"], "theirs": error.theirs, "mine": error.mine}
    if error.id == "web.part_removed":
        told |= {"who": error.fields["name"], "gone": error.fields["whole"]}
    return told
