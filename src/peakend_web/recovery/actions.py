"""Verbs on cases: opened from a low answer by the rule of the service's document, taken by somebody, closed with a
note; and rid of answers that were taken back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from peakend_web.base import trail
from peakend_web.base.documents import document_of
from peakend_web.base.grants import one, require
from peakend_web.base.locks import lock_rows
from peakend_web.base.refusals import Conflict, Refusal
from peakend_web.models import AuditEntry, Case, Person, Role, Service, Workspace

from .grants import visible_cases
from .queries import answers_beside, answers_there

DUE_HOURS: Final = 48.0
LONGEST_HOURS: Final = 365 * 24.0
"""No case is due later; a document says so itself, but one that is older than that rule may not."""


@transaction.atomic
def open_case(
    *, actor: Person | None, service: Service, source: str, source_key: str, response: str, **about: Any
) -> Case | None:
    """Open a case from an answer. An answer opens one case; None where it has.

    `about`: rule, receiver, owner_role, clock_hours, touchpoint, site, item, value, low, high, words.
    """
    case = new_case(service, source=source, source_key=source_key, response=response, **about)
    return next(iter(keep_cases(actor, service.workspace, [case])), None)


def new_case(
    service: Service, *, clock_hours: float = DUE_HOURS, owner_role: Role = Role.MANAGER, **about: Any
) -> Case:
    """A case that nobody has kept yet; `about` as for `open_case`, and the answer's own identity."""
    now = timezone.now()
    return Case(
        workspace=service.workspace,
        service=service,
        opened_at=now,
        due_at=now + timedelta(hours=min(clock_hours, LONGEST_HOURS)),
        owner_role=owner_role,
        **about,
    )


def keep_cases(actor: Person | None, workspace: Workspace, cases: Sequence[Case]) -> list[Case]:
    """Keep those that nobody has opened, all at once: while it is done, no answer can be kept.

    A low answer of a person who has a case joins it, however far that case is.
    """
    if not cases:
        return []
    trail.lock_end(workspace)
    asked = Q(source__in={case.source for case in cases}, response__in={case.response for case in cases})
    known = {case.questionnaire: case for case in Case.objects.filter(asked, workspace=workspace).order_by("-pk")}
    made: dict[tuple[int, str, str], Case] = {}
    joined: dict[tuple[int, str, str], Case] = {}
    for case in cases:
        first = known.setdefault(case.questionnaire, case)
        if first is case:
            made[case.questionnaire] = case
        elif _join(first, case) and case.questionnaire not in made:
            joined[case.questionnaire] = first
    for case in joined.values():
        case.save(update_fields=["further", "due_at"])
    kept = Case.objects.bulk_create(made.values())
    trail.leave_all("open_case", actor=actor, workspace=workspace, done=[(case, None, _summary(case)) for case in kept])
    trail.leave_all(
        "join_case", actor=actor, workspace=workspace, done=[(case, None, _summary(case)) for case in joined.values()]
    )
    return kept


def _join(first: Case, other: Case) -> bool:
    """Take another low answer of the same customer into their case; whether it is one that was not there."""
    if other.source_key in {first.source_key, *(each["source_key"] for each in first.further)}:
        return False
    first.further = [
        *first.further,
        {name: getattr(other, name) for name in ("source_key", "item", "touchpoint", "value", "low", "high")},
    ]
    if first.state != Case.State.CLOSED:
        first.due_at = min(first.due_at, other.due_at)
    return True


def _summary(case: Case) -> dict[str, object]:
    return {
        "service": case.service.slug,
        "touchpoint": case.touchpoint,
        "rule": case.rule,
        "owner_role": str(case.owner_role),
    }


@transaction.atomic
def take_case(*, actor: Person, case: Case) -> Case:
    """Say “I am on it”."""
    kept = _lock(actor, case)
    if kept.state == Case.State.CLOSED:
        raise Conflict("web.case_closed")
    before = _progress(kept)
    kept.state, kept.owner, kept.taken_at = Case.State.TAKEN, actor, kept.taken_at or timezone.now()
    kept.save(update_fields=["state", "owner", "taken_at"])
    trail.leave("take_case", actor=actor, workspace=kept.workspace, about=kept, before=before, after=_progress(kept))
    return kept


@transaction.atomic
def close_case(*, actor: Person, case: Case, note: str) -> Case:
    """Close a case, saying what was done for the customer."""
    kept = _lock(actor, case)
    if kept.state == Case.State.CLOSED:
        raise Conflict("web.case_closed")
    if not note.strip():
        raise Refusal("web.case_note")
    before = _progress(kept)
    kept.state, kept.note, kept.closed_by, kept.closed_at = Case.State.CLOSED, note.strip(), actor, timezone.now()
    kept.owner = kept.owner or actor
    kept.save(update_fields=["state", "note", "closed_by", "closed_at", "owner"])
    trail.leave("close_case", actor=actor, workspace=kept.workspace, about=kept, before=before, after=_progress(kept))
    return kept


@transaction.atomic
def withdraw_answers(*, cases: Mapping[int, bool], cause: AuditEntry) -> None:
    """Have these cases hold nothing of the answers that were taken back; each whose own answer went is closed.

    `cause` is the entry of whoever took them back, a person or a program by its key: the cases are closed in that name.
    Doing it again changes nothing.
    """
    program = {name: value for name, value in (cause.after or {}).items() if name == "key"}
    closed = []
    held = lock_rows(Case.objects.select_related("service"))
    for case in held.filter(workspace=cause.workspace, pk__in=cases):
        documents = {case.service_id: document_of(case.service.current_id)} if case.service.current_id else {}
        case.words = answers_beside(documents, [case]).words(case)
        case.further = _still_there(case)
        if cases[case.pk]:
            case.value = None
            closed += [case] if _close_if_open(case, None if program else cause.actor) else []
        case.save(update_fields=["words", "further", "value", "state", "closed_by", "closed_at"])
    done = [(case, {"state": "open"}, {"state": "closed"} | program) for case in closed]
    trail.leave_all("close_case", actor=cause.actor, workspace=cause.workspace, done=done)


def _still_there(case: Case) -> list[dict[str, Any]]:
    """The further answers of a case that were not taken back."""
    keys = {each["source_key"] for each in case.further}
    there = answers_there(case, keys)
    return [each for each in case.further if each["source_key"] in there]


def _close_if_open(case: Case, actor: Person | None) -> bool:
    """Close a case that nothing stands behind any more; whether it was open."""
    if case.state == Case.State.CLOSED:
        return False
    case.state, case.closed_by, case.closed_at = Case.State.CLOSED, actor, timezone.now()
    return True


def _lock(actor: Person, case: Case) -> Case:
    """The case as it is now, for somebody who may work on it at its site; held until the change is done."""
    here = require(actor, "work_cases", case.workspace)
    return one(lock_rows(visible_cases(here)), pk=case.pk)


def _progress(case: Case) -> dict[str, object]:
    return {"state": str(case.state), "owner": case.owner.email if case.owner else None}
