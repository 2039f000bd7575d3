"""Verbs on cases: opened from a low answer by the rule of the service's document, taken by somebody, closed with a note."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from peakend_web.models import Case, Person, Role, Service
from peakend_web.refusals import Conflict, Missing, Refusal
from peakend_web.rules import require, sites_of

from . import trail

DUE_HOURS = 48.0


@transaction.atomic
def open_case(
    *,
    actor: Person | None,
    service: Service,
    source: str,
    source_key: str,
    response: str,
    rule: str = "",
    receiver: str = "",
    owner_role: Role = Role.MANAGER,
    clock_hours: float = DUE_HOURS,
    **about: object,
) -> Case | None:
    """Open a case from an answer (`about`: touchpoint, site, item, value, low, high, words). An answer opens one case; None where it has."""
    now = timezone.now()
    case, made = Case.objects.get_or_create(
        workspace=service.workspace,
        source=source,
        source_key=source_key,
        defaults={
            "service": service, "response": response, "rule": rule, "receiver": receiver, "owner_role": owner_role, "opened_at": now,
            "due_at": now + timedelta(hours=clock_hours), **about,
        },
    )  # fmt: skip
    if not made:
        return None
    after = {"service": service.slug, "touchpoint": case.touchpoint, "rule": rule, "owner_role": str(owner_role)}
    trail.leave("open_case", actor=actor, workspace=service.workspace, about=case, after=after)
    return case


@transaction.atomic
def take_case(*, actor: Person, case: Case) -> Case:
    """Say “I am on it”."""
    kept = _mine(actor, case)
    if kept.state == Case.State.CLOSED:
        raise Conflict("web.case_closed")
    before = _told(kept)
    kept.state, kept.owner, kept.taken_at = Case.State.TAKEN, actor, kept.taken_at or timezone.now()
    kept.save(update_fields=["state", "owner", "taken_at"])
    trail.leave("take_case", actor=actor, workspace=kept.workspace, about=kept, before=before, after=_told(kept))
    return kept


@transaction.atomic
def close_case(*, actor: Person, case: Case, note: str) -> Case:
    """Close a case, saying what was done for the customer."""
    kept = _mine(actor, case)
    if kept.state == Case.State.CLOSED:
        raise Conflict("web.case_closed")
    if not note.strip():
        raise Refusal("web.case_note")
    before = _told(kept)
    kept.state, kept.note, kept.closed_by, kept.closed_at = Case.State.CLOSED, note.strip(), actor, timezone.now()
    kept.owner = kept.owner or actor
    kept.save(update_fields=["state", "note", "closed_by", "closed_at", "owner"])
    trail.leave("close_case", actor=actor, workspace=kept.workspace, about=kept, before=before, after=_told(kept))
    return kept


def _mine(actor: Person, case: Case) -> Case:
    """The case as it is now, for somebody who may work on it at its site; held until the change is done."""
    require(actor, "work_cases", case.workspace)
    sites = sites_of(actor, case.workspace)
    kept = Case.objects.select_for_update().select_related("workspace").get(pk=case.pk)
    if sites is not None and kept.site not in sites:
        raise Missing("web.missing")
    return kept


def _told(case: Case) -> dict[str, object]:
    return {"state": str(case.state), "owner": case.owner.email if case.owner else None}
