"""What others may ask about services, and how a draft of one stands."""

from __future__ import annotations

from peakend.service.edits import Draft as Working
from peakend.service.edits.effects import effect_of
from peakend_web.models import Draft, DraftStep, Person

from .grants import visible_services

__all__ = ["document_at", "last_step_on", "undoable", "visible_services"]


def document_at(draft: Draft) -> Working:
    """The document of a draft as it is now: the steps since it was kept as a whole are done again."""
    working = Working.kept(draft.folded)
    for effects in draft.steps.filter(seq__gt=draft.folded_seq).values_list("effects", flat=True):
        for effect in effects:
            working.take(effect_of(effect))
    return working


def undoable(draft: Draft, person: Person, *, redo: bool = False) -> DraftStep | None:
    """The step that somebody would take back next: their own last one that stands; with `redo` their last undoing that
    stands, as long as they have done nothing else since.
    """
    done: list[DraftStep] = []
    undone: list[DraftStep] = []
    for step in draft.steps.filter(person=person).select_related("undoes"):
        if step.undoes is None:
            done.append(step)
            undone.clear()
        elif step.undoes in done:
            done.remove(step.undoes)
            undone.append(step)
        else:  # what was undone is done again
            undone.remove(step.undoes)
            done.append(step)
    steps = undone if redo else done
    return steps[-1] if steps else None


def last_step_on(draft: Draft, target: str, field: str, lang: str) -> DraftStep | None:
    """The last step that touched this field in this language."""
    steps = draft.steps.filter(target=target, field=field, lang=lang).select_related("person")
    return steps.order_by("-seq").first()
