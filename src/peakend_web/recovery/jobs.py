"""What recovery does by itself: cases from the answers that fulfil a rule, and words that leave a case because they
were changed, cleared or taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet

from peakend_web.base import trail, troubles
from peakend_web.base.jobs import PAUSE_S, Job, Reader
from peakend_web.deciding import live
from peakend_web.deciding.live import Match, Portion
from peakend_web.models import Answer, AuditEntry, Case, OutboxEntry, Role, Workspace

from .actions import DUE_HOURS, keep_cases, new_case, withdraw_answers
from .queries import JOB, TAKEN_BACK, answers_beside


def open_from_answers(*, workspace: Workspace) -> int:
    """Open the cases that answers since the last time give rise to; how many. Done by the system itself.

    Words that a customer writes after the low score join the case that is open; those that a customer clears or changes
    leave every case. Opening holds the lock for a few cases at a time.
    """
    return sum(_act(workspace, portion, list(_cases(portion))) for portion in live.look(workspace, JOB, "case"))


def _cases(portion: Portion) -> Iterator[Case]:
    """The cases that rules open for these answers, not yet kept. What cannot be made of one answer is no other's
    fault.
    """
    for match in portion.matches():
        try:
            yield case_of(match)
        except Exception as error:
            _leave_out(match.answer.workspace_id, match.rule.id, match.answer.source_key, error)


def _leave_out(workspace: int, rule: str | None, answer: str, error: Exception) -> None:
    troubles.note(workspace, JOB, error, about=f"{rule or '?'} · {answer}")


def case_of(match: Match) -> Case:
    """The case of an answer, not yet kept; a frontline stakeholder's goes to the frontline, any other to the
    managers.
    """
    answer, rule, document = match.answer, match.rule, match.document
    sides = {stakeholder.id: stakeholder.side for stakeholder in document.stakeholders}
    return new_case(
        answer.service,
        source=answer.source,
        source_key=answer.source_key,
        response=answer.response,
        rule=rule.id or "",
        receiver=rule.to,
        owner_role=Role.FRONTLINE if sides.get(rule.to) == "frontstage" else Role.MANAGER,
        clock_hours=DUE_HOURS if rule.clock_hours is None else rule.clock_hours,
        **{name: getattr(answer, name) for name in ("touchpoint", "site", "item", "value", "low", "high")},
    )


@transaction.atomic
def _act(workspace: Workspace, portion: Portion, cases: Sequence[Case]) -> int:
    """Let the words of these answers join or leave their cases, and keep the cases that the answers open."""
    if not portion.mark():
        return 0
    _renew_words(workspace, portion)
    if not cases:
        return 0
    trail.lock_end(workspace)  # whoever takes answers back finds the cases that are kept by then, or is found here
    beside = answers_beside(portion.documents, cases)
    standing = [case for case in cases if beside.has_answer(case)]
    for case in standing:
        case.words = beside.words(case)
    return _keep_each(workspace, standing)


def _renew_words(workspace: Workspace, portion: Portion) -> None:
    """Let what people wrote join, or leave, the cases that they have."""
    cases = [case for case in _cases_of_writers(workspace, portion.comments()) if case.service_id in portion.documents]
    beside = answers_beside(portion.documents, cases)
    for case in cases:
        case.words = beside.words(case)
    Case.objects.bulk_update(cases, ["words"])


def _keep_each(workspace: Workspace, cases: Sequence[Case]) -> int:
    """Keep them all at once; where the database refuses one, each by itself, and the others all the same."""
    try:
        with transaction.atomic():
            return len(keep_cases(None, workspace, cases))
    except OperationalError:
        raise  # not the fault of any case: everything is tried again
    except Exception as error:
        if len(cases) > 1:
            return sum(_keep_each(workspace, [case]) for case in cases)
        _leave_out(workspace.pk, cases[0].rule, cases[0].source_key, error)
        return 0


def _cases_of_writers(workspace: Workspace, comments: Sequence[Answer]) -> QuerySet[Case]:
    """The cases of the people who wrote these words; where they are closed, of those who took words back that they had
    written before.
    """
    wrote, changed = (_of_responses(some) for some in (comments, [one for one in comments if one.first_seq < one.seq]))
    return Case.objects.filter(workspace=workspace).filter((wrote & ~Q(state=Case.State.CLOSED)) | changed)


def _of_responses(comments: Iterable[Answer]) -> Q:
    wrote = {(comment.source, comment.response) for comment in comments}
    return Q(source__in={source for source, _ in wrote}, response__in={response for _, response in wrote})


def withdraw(entry: OutboxEntry) -> None:
    """Have cases let go of what was taken back, in the name of whoever took it."""
    cases = {int(number): whole for number, whole in entry.payload.get("cases", {}).items()}
    if cases:
        entries = AuditEntry.objects.select_related("actor", "workspace")
        cause = entries.get(workspace=entry.workspace_id, number=entry.payload["audit"])
        withdraw_answers(cases=cases, cause=cause)


READERS: Final = tuple(Reader(verb, withdraw) for verb in TAKEN_BACK)
"""What recovery does about what others have done."""


def _look(workspace: int) -> None:
    open_from_answers(workspace=Workspace.objects.get(pk=workspace))


JOBS: Final = (Job(JOB, PAUSE_S, _look),)
