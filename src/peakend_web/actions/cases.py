"""Verbs on cases: opened from a low answer by the rule of the service's document, taken by somebody, closed with a note."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import lru_cache

from django.db import transaction
from django.utils import timezone

from peakend.service import Service as Document
from peakend.service import of_data
from peakend.service.asking import Rule
from peakend_web import delta
from peakend_web.models import Answer, Case, Person, Progress, Role, Service, ServiceVersion, Workspace
from peakend_web.refusals import Conflict, Missing, Refusal
from peakend_web.rules import require, sites_of

from . import trail

DUE_HOURS = 48.0
AT_ONCE = 2_000


def open_from_answers(*, workspace: Workspace) -> int:
    """Open the cases that answers since the last time give rise to; how many. Done by the system itself, each answer looked at once.

    What was imported is the past and opens nothing. Words that a customer writes after the low score join the case that is open. Looking
    holds no lock, so that answers go on coming in meanwhile.
    """
    seen, _ = Progress.objects.get_or_create(workspace=workspace, job="cases")
    # The number first, then the rows: whatever is numbered up to it is there to be seen.
    newest = delta.clock()[0]
    if newest <= seen.seq:
        return 0
    fresh = Answer.objects.filter(workspace=workspace, seq__gt=seen.seq, imported=None, state="answered", service__current__isnull=False)
    rows = list(fresh.order_by("seq").select_related("service__workspace")[:AT_ONCE])
    return _open_all(seen, rows, rows[-1].seq if len(rows) == AT_ONCE else newest)


@transaction.atomic
def _open_all(seen: Progress, rows: Sequence[Answer], upto: int) -> int:
    held = Progress.objects.select_for_update().get(pk=seen.pk)
    if held.seq != seen.seq:
        return 0
    held.seq = upto
    held.save(update_fields=["seq"])
    return sum(_look_at(answer) for answer in rows)


def _look_at(answer: Answer) -> bool:
    document = _document(answer.service.current_id or 0)
    if answer.role == "comment":
        _add_words(document, answer)
    rule = _rule_of(document.rules, answer)
    return rule is not None and _open(document, rule, answer)


def _rule_of(rules: Iterable[Rule], answer: Answer) -> Rule | None:
    """The first rule that opens a case for this answer."""
    for rule in rules:
        named = ((rule.survey, answer.survey), (rule.item, answer.item), (rule.touchpoint, answer.touchpoint))
        fits = all(wanted is None or wanted == found for wanted, found in named)
        low = rule.score_at_most is not None and answer.value is not None and answer.value <= rule.score_at_most
        if rule.open == "case" and fits and low and answer.role in SCORES:
            return rule
    return None


SCORES = frozenset({"score", "perception", "remembered"})


def _open(document: Document, rule: Rule, answer: Answer) -> bool:
    """Open the case of an answer; a frontline stakeholder's goes to the frontline, any other to the managers."""
    sides = {stakeholder.id: stakeholder.side for stakeholder in document.stakeholders}
    case = open_case(
        actor=None,
        service=answer.service,
        source=answer.source,
        source_key=answer.source_key,
        response=answer.response,
        rule=rule.id or "",
        receiver=rule.to,
        owner_role=Role.FRONTLINE if sides.get(rule.to) == "frontstage" else Role.MANAGER,
        clock_hours=DUE_HOURS if rule.clock_hours is None else rule.clock_hours,
        words=_words(document, answer),
        **{name: getattr(answer, name) for name in ("touchpoint", "site", "item", "value", "low", "high")},
    )
    return case is not None


def _add_words(document: Document, answer: Answer) -> None:
    Case.objects.filter(workspace=answer.workspace_id, source=answer.source, response=answer.response).update(words=_words(document, answer))


def _words(document: Document, answer: Answer) -> str:
    """What this person wrote in the same survey, found by the keys that it has there."""
    survey = document.survey(answer.survey or "")
    keys = [f"{answer.response}:{item.id}" for item in survey.items if item.kind == "text"] if survey else []
    written = Answer.objects.filter(workspace=answer.workspace_id, source=answer.source, source_key__in=keys, state="answered")
    return "\n".join(text for text in written.order_by("source_key").values_list("text", flat=True) if text)


@lru_cache(maxsize=64)
def _document(version: int) -> Document:
    """The document of a version; versions never change."""
    return of_data(ServiceVersion.objects.get(pk=version).document)


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
