"""Verbs on cases: opened from a low answer by the rule of the service's document, taken by somebody, closed with a
note.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import OperationalError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from peakend.service import Service as Document
from peakend.service.asking import Rule
from peakend_web.base import trail, troubles
from peakend_web.base.documents import document_of
from peakend_web.base.grants import require
from peakend_web.base.refusals import Conflict, Refusal
from peakend_web.base.seen import cases_seen_by, one
from peakend_web.models import Answer, ApiKey, Case, Person, Progress, Removal, Role, Service, Workspace
from peakend_web.store import changes

JOB = "cases"
DUE_HOURS = 48.0
LONGEST_HOURS = 365 * 24.0
"""No case is due later; a document says so itself, but one that is older than that rule may not."""
AT_ONCE = 2_000
LOCKED = 20
REST_S = 0.05


def open_from_answers(*, workspace: Workspace) -> int:
    """Open the cases that answers since the last time give rise to; how many. Done by the system itself, each answer
    looked at once.

    What was imported is the past and opens nothing. Words that a customer writes after the low score join the case that
    is open; those that a customer clears or changes leave every case. Looking holds no lock, and opening holds it for a
    few cases at a time, so that answers go on coming in meanwhile.
    """
    seen, _ = Progress.objects.get_or_create(workspace=workspace, job=JOB)
    # The number first, then the rows: whatever is numbered up to it is there to be seen.
    newest = changes.clock()[0]
    if newest <= seen.seq:
        return 0
    documents = {
        pk: document_of(version)
        for pk, version in workspace.services.filter(current__isnull=False).values_list("pk", "current_id")
    }
    told = Q(state="answered") | Q(role="comment")
    fresh = Answer.objects.filter(
        told, _worth_a_look(documents), workspace=workspace, seq__gt=seen.seq, seq__lte=newest, imported=None
    )
    rows = list(fresh.order_by("seq").select_related("service__workspace")[:AT_ONCE])
    upto = rows[-1].seq if len(rows) == AT_ONCE else newest
    opened = 0
    for part in _parts(rows):
        end = part[-1].seq if part and part[-1] is not rows[-1] else upto
        opened += _open_all(seen, documents, part, end, list(_found(documents, part)))
    return opened


def _parts(rows: Sequence[Answer]) -> Iterator[Sequence[Answer]]:
    """A few answers at a time, with a rest between, for whoever waits for the lock looks for it only now and then."""
    yield rows[:LOCKED]
    for at in range(LOCKED, len(rows), LOCKED):
        time.sleep(REST_S)
        yield rows[at : at + LOCKED]


def _found(documents: Mapping[int, Document], rows: Sequence[Answer]) -> Iterator[Case]:
    """The cases that rules open for these answers, not yet kept. What cannot be made of one answer is no other's
    fault.
    """
    for answer in rows:
        document = documents[answer.service_id]
        rule = _rule_of(document.rules, answer)
        try:
            if rule:
                yield _case_of(answer, document, rule)
        except Exception as error:
            _left_out(answer.workspace_id, answer.source_key, rule.id if rule else None, error)


def _left_out(workspace: int, answer: str, rule: str | None, error: Exception) -> None:
    troubles.note(workspace, JOB, error, about=f"{rule or '?'} · {answer}")


def _worth_a_look(documents: Mapping[int, Document]) -> Q:
    """Low answers that a rule names, and words, which may belong to one; the database passes over all others."""
    wanted = Q(pk__in=[])
    for service, document in documents.items():
        for rule in document.rules:
            if rule.open == "case" and rule.score_at_most is not None:
                wanted |= Q(service=service, value__lte=rule.score_at_most, role__in=SCORES)
                wanted |= Q(service=service, role="comment")
    return wanted


@transaction.atomic
def _open_all(
    seen: Progress, documents: Mapping[int, Document], rows: Sequence[Answer], upto: int, found: Sequence[Case]
) -> int:
    held = Progress.objects.select_for_update().get(pk=seen.pk)
    if held.seq != seen.seq:
        return 0
    held.seq = seen.seq = upto
    held.save(update_fields=["seq"])
    for case in _spoken_of(seen, [answer for answer in rows if answer.role == "comment"]):
        document = documents.get(case.service_id)
        case.words = _words(document, case) if document else case.words
        case.save(update_fields=["words"])
    return _keep_each(seen.workspace, found)


def _keep_each(workspace: Workspace, found: Sequence[Case]) -> int:
    """Keep them all at once; where the database refuses one, each by itself, and the others all the same."""
    try:
        with transaction.atomic():
            return len(_keep(None, workspace, found))
    except OperationalError:
        raise  # not the fault of any case: everything is tried again
    except Exception as error:
        if len(found) > 1:
            return sum(_keep_each(workspace, [case]) for case in found)
        _left_out(workspace.pk, found[0].source_key, found[0].rule, error)
        return 0


def _spoken_of(seen: Progress, comments: Sequence[Answer]) -> QuerySet[Case]:
    """The cases of the people who wrote these words; where they are closed, of those who took words back that they had
    written before.
    """
    cases = Case.objects.filter(workspace=seen.workspace_id)
    spoken, changed = (
        _of_responses(some) for some in (comments, [each for each in comments if each.first_seq < each.seq])
    )
    return cases.filter((spoken & ~Q(state=Case.State.CLOSED)) | changed)


def _of_responses(comments: Sequence[Answer]) -> Q:
    wrote = {(comment.source, comment.response) for comment in comments}
    return Q(source__in={source for source, _ in wrote}, response__in={response for _, response in wrote})


def let_go(*, actor: Person, service: Service, seq: int, key: ApiKey | None = None) -> None:
    """Have the cases of a service hold nothing of the answers that were taken back at a number; one that stood on such
    an answer is closed.

    Within the transaction of whoever takes them back: a person, or a program by its `key`.
    """
    name = Answer._meta.model_name
    gone = Answer.objects.filter(
        pk__in=Removal.objects.filter(workspace=service.workspace_id, table=name, seq=seq).values("fact")
    )
    touched = Case.objects.filter(
        Exists(gone.filter(source=OuterRef("source"), response=OuterRef("response"))), service=service
    )
    stood = touched.annotate(gone=Exists(gone.filter(source=OuterRef("source"), source_key=OuterRef("source_key"))))
    document = document_of(service.current_id) if service.current_id else None
    closed = []
    for case in stood:
        case.words = _words(document, case) if document else ""
        keys = set(gone.filter(source=case.source, response=case.response).values_list("source_key", flat=True))
        case.further = [each for each in case.further if each["source_key"] not in keys]
        if case.gone:
            case.value = None
            closed += [case] if _closed(case, None if key else actor) else []
        case.save(update_fields=["words", "further", "value", "state", "closed_by", "closed_at"])
    done = [(case, {"state": "open"}, {"state": "closed"} | (trail.by_key(key) or {})) for case in closed]
    trail.leave_all("close_case", actor=actor, workspace=service.workspace, done=done)


def _closed(case: Case, actor: Person | None) -> bool:
    """Close a case that nothing stands behind any more; whether it was open."""
    if case.state == Case.State.CLOSED:
        return False
    case.state, case.closed_by, case.closed_at = Case.State.CLOSED, actor, timezone.now()
    return True


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


def _case_of(answer: Answer, document: Document, rule: Rule) -> Case:
    """The case of an answer; a frontline stakeholder's goes to the frontline, any other to the managers."""
    sides = {stakeholder.id: stakeholder.side for stakeholder in document.stakeholders}
    return _new(
        answer.service,
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


def _words(document: Document, about: Answer | Case) -> str:
    """What this person wrote in the same survey, found by the keys that it has there."""
    items = {item.id for survey in document.surveys for item in survey.items if item.kind == "text"}
    keys = [f"{about.response}:{item}" for item in sorted(items)]
    written = Answer.objects.filter(
        workspace=about.workspace_id, source=about.source, source_key__in=keys, state="answered"
    )
    written = written.exclude(Exists(Removal.objects.filter(table=Answer._meta.model_name, fact=OuterRef("pk"))))
    return "\n".join(text for text in written.order_by("source_key").values_list("text", flat=True) if text)


@transaction.atomic
def open_case(
    *, actor: Person | None, service: Service, source: str, source_key: str, response: str, **about: Any
) -> Case | None:
    """Open a case from an answer. An answer opens one case; None where it has.

    `about`: rule, receiver, owner_role, clock_hours, touchpoint, site, item, value, low, high, words.
    """
    case = _new(service, source=source, source_key=source_key, response=response, **about)
    return next(iter(_keep(actor, service.workspace, [case])), None)


def _new(service: Service, *, clock_hours: float = DUE_HOURS, owner_role: Role = Role.MANAGER, **about: Any) -> Case:
    now = timezone.now()
    return Case(
        workspace=service.workspace,
        service=service,
        opened_at=now,
        due_at=now + timedelta(hours=min(clock_hours, LONGEST_HOURS)),
        owner_role=owner_role,
        **about,
    )


def _keep(actor: Person | None, workspace: Workspace, cases: Sequence[Case]) -> list[Case]:
    """Keep those that nobody has opened, all at once: while it is done, no answer can be kept.

    A low answer of a person who has a case joins it, however far that case is.
    """
    if not cases:
        return []
    trail.hold(workspace)
    asked = Q(source__in={case.source for case in cases}, response__in={case.response for case in cases})
    known = {case.person: case for case in Case.objects.filter(asked, workspace=workspace).order_by("-pk")}
    made: dict[tuple[int, str, str], Case] = {}
    joined: dict[tuple[int, str, str], Case] = {}
    for case in cases:
        first = known.setdefault(case.person, case)
        if first is case:
            made[case.person] = case
        elif first.join(case) and case.person not in made:
            joined[case.person] = first
    for case in joined.values():
        case.save(update_fields=["further", "due_at"])
    kept = Case.objects.bulk_create(made.values())
    trail.leave_all("open_case", actor=actor, workspace=workspace, done=[(case, None, _opened(case)) for case in kept])
    trail.leave_all(
        "join_case", actor=actor, workspace=workspace, done=[(case, None, _opened(case)) for case in joined.values()]
    )
    return kept


def _opened(case: Case) -> dict[str, object]:
    return {
        "service": case.service.slug,
        "touchpoint": case.touchpoint,
        "rule": case.rule,
        "owner_role": str(case.owner_role),
    }


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
    here = require(actor, "work_cases", case.workspace)
    return one(cases_seen_by(here).select_for_update(of=("self",)), pk=case.pk)


def _told(case: Case) -> dict[str, object]:
    return {"state": str(case.state), "owner": case.owner.email if case.owner else None}
