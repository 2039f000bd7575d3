"""What is said aloud of a step, in one sentence; nothing of words and values, of which it is enough that they are
saved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from peakend.service.edits import WorkingDocument
from peakend.terms import Lang
from peakend_web.design.queries import title_of
from peakend_web.models import DraftStep

from .changes import place_in_words


def sentence_of(working: WorkingDocument, step: DraftStep, lang: Lang) -> tuple[str, str]:
    """The part that a step was about, and the sentence."""
    if step.undoes is not None:
        said = _("The last step is done again.") if step.undoes.undoes_id else _("The last step is undone.")
        return _first_part(working, step), said
    match step.verb:
        case "move":
            return step.target, _placed(
                working, step.target, lang, _("“%(name)s” is now %(at)s of %(of)s in “%(in)s”.")
            )
        case "add":
            added = next((effect["target"] for effect in step.effects if effect["does"] == "put"), "")
            return added, _placed(working, added, lang, _("“%(name)s” was added: %(at)s of %(of)s in “%(in)s”."))
        case "remove":
            taken: Mapping[str, Any] = next(
                (effect["was"] for effect in step.effects if effect["target"] == step.target), {}
            )
            return "", _("“%(name)s” was removed. Undo brings it back.") % {"name": title_of(taken, lang)}
    return step.target, ""


def _first_part(working: WorkingDocument, step: DraftStep) -> str:
    """The part that an undoing changed, where it is there."""
    targets = [effect["target"] for effect in step.effects]
    return next((target for target in targets if working.has(target)), "")


def _placed(working: WorkingDocument, target: str, lang: Lang, said: str) -> str:
    if not working.has(target):
        return ""
    held = working.held(target)
    at, of = place_in_words(working, target)
    around = working.held(held.around).data
    return said % {"name": title_of(held.data, lang), "at": at, "of": of, "in": title_of(around, lang)}
