"""Verbs on invitations to customers: planned, sent when they are due, reminded of, told what the gateway said of them,
withdrawn, expired. Whether somebody may be asked is judged when it is planned, and again when it is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from peakend.instants import SECOND
from peakend.terms import LANGUAGES, Lang
from peakend_web.asking.grants import visible_surveys
from peakend_web.asking.invitation_text import Words, message_text
from peakend_web.asking.queries.invitations import KINDS, OPEN, Verdict, design_of, verdicts, words_of
from peakend_web.asking.queries.personal_links import digest_of, new_token
from peakend_web.base import trail
from peakend_web.base.documents import document_of
from peakend_web.base.grants import one, require
from peakend_web.base.locks import lock_rows
from peakend_web.base.public_address import public_address
from peakend_web.customers.queries import Reach
from peakend_web.deciding.occasions import Occasion
from peakend_web.models import (
    InvitationLink,
    InvitationText,
    OutboxEntry,
    Person,
    Survey,
    SurveyInvitation,
    Workspace,
)
from peakend_web.sending.actions import queue_message, withdraw_messages
from peakend_web.store.identity import identity

from .invitation_steps import DELIVER, EXPIRE, PASS_OVER, PLAN, REMIND, SEND, WITHDRAW, leave_step
from .invitations import about, expiry

State, Reason = SurveyInvitation.State, SurveyInvitation.Reason
LATE: Final = timedelta(days=2)
"""What should have been asked longer ago is asked no more."""
AT_A_TIME: Final = 200


@dataclass(frozen=True, slots=True)
class Planned:
    """How many are to be asked, and how many are not, by why."""

    planned: int
    reasons: Mapping[str, int]


@transaction.atomic
def invite_customers(*, actor: Person, survey: Survey, keys: Sequence[str] | None = None) -> Planned:
    """Plan to ask these customers at once, or, where none are named, all who can be reached, as far as the sample goes.
    Who may not be asked is not, with the reason.
    """
    here = require(actor, "invite_customers", survey.workspace)
    asked = one(lock_rows(visible_surveys(here, survey.service)), pk=survey.pk)
    found = verdicts(asked, keys, sampled=keys is None)
    now = timezone.now()
    rows = [_planned(asked, verdict, due=now) for verdict in found.values()]
    return _keep(actor, asked.workspace, rows)


@transaction.atomic
def plan_from_occasions(*, workspace: Workspace, occasions: Sequence[Occasion]) -> Planned:
    """Plan what the design asks for: each occasion once, and of a customer who has several the first alone. Within the
    transaction that marks them as looked at.
    """
    now, surveys, rows = timezone.now(), _surveys_of(workspace), []
    by_survey: dict[Survey, dict[str, Occasion]] = {}
    for occasion in occasions:
        survey = surveys.get((occasion.service, occasion.wish.survey))
        if survey and _instant(occasion.due_us) >= now - LATE and not _is_there(survey, occasion):
            by_survey.setdefault(survey, {}).setdefault(occasion.customer, occasion)
    for survey, of_customers in by_survey.items():
        visits = {key: each.visit for key, each in of_customers.items()}
        for key, verdict in verdicts(survey, list(of_customers), visits=visits).items():
            due = max(_instant(of_customers[key].due_us), now)
            rows.append(_planned(survey, verdict, due=due, occasion=of_customers[key]))
    return _keep(None, workspace, rows)


def _surveys_of(workspace: Workspace) -> Mapping[tuple[int, str], Survey]:
    """The surveys that are out, by service and id; of several rounds the newest."""
    out = Survey.objects.filter(workspace=workspace, status=Survey.Status.OPEN)
    return {(each.service_id, each.item): each for each in out.select_related("workspace", "service").order_by("pk")}


def _is_there(survey: Survey, occasion: Occasion) -> bool:
    known = SurveyInvitation.objects.filter(service=survey.service_id, address=survey.address)
    return known.filter(occasion=_name_of(occasion)).exists()


def _name_of(occasion: Occasion) -> str:
    """What an occasion is known by: the visit, where it is of one, for several things happen on a visit."""
    what = ("visit", occasion.visit) if occasion.visit else ("row", occasion.row)
    return identity("occasion", occasion.wish.rule, occasion.customer, *what)


def _planned(survey: Survey, verdict: Verdict, *, due: datetime, occasion: Occasion | None = None) -> SurveyInvitation:
    where = {name: getattr(occasion, name) for name in ("visit", "site", "touchpoint")} if occasion else {}
    return SurveyInvitation(
        **about(survey),
        **where,
        customer_id=verdict.customer,
        rule=occasion.wish.rule if occasion else "",
        occasion=_name_of(occasion) if occasion else None,
        state=State.NOT_SENT if verdict.reason else State.PLANNED,
        reason=verdict.reason,
        quiet_days=design_of(survey).quiet_days,
        due_at=due,
        expires_at=expiry(due),
    )


def _keep(actor: Person | None, workspace: Workspace, rows: Sequence[SurveyInvitation]) -> Planned:
    kept = SurveyInvitation.objects.bulk_create(rows)
    planned = [each for each in kept if each.state == State.PLANNED]
    passed = [each for each in kept if each.state == State.NOT_SENT]
    leave_step(PLAN, actor=actor, workspace=workspace, invitations=planned)
    leave_step(PASS_OVER, actor=actor, workspace=workspace, invitations=passed)
    reasons = [str(each.reason) for each in passed]
    return Planned(len(planned), {reason: reasons.count(reason) for reason in set(reasons)})


def send_due(*, workspace: Workspace) -> int:
    """Send what is due, each in a transaction of its own; how many were. Nothing where no public address is known, for
    no link would lead here.
    """
    base = public_address()
    due = SurveyInvitation.objects.filter(workspace=workspace, state=State.PLANNED, due_at__lte=timezone.now())
    numbers = due.order_by("due_at", "pk").values_list("pk", flat=True)[:AT_A_TIME] if base else ()
    return sum(_send(pk, base) for pk in list(numbers))


@transaction.atomic
def _send(number: int, base: str) -> bool:
    """Send one that is still planned, or say why it is not."""
    held = _held(number)
    if held is None or held.state != State.PLANNED or held.customer is None:
        return False
    _hold_those_of(held)
    survey, reach, reason = _judge(held)
    if survey is None or reach is None or reason:
        held.state, held.reason = State.NOT_SENT, reason or Reason.CLOSED
        held.save(update_fields=["state", "reason"])
        leave_step(PASS_OVER, actor=None, workspace=held.workspace, invitations=[held], before=[State.PLANNED])
        return False
    now = timezone.now()
    held.state, held.sent_at, held.expires_at = State.SENT, now, expiry(now)
    held.save(update_fields=["state", "sent_at", "expires_at"])
    _queue(held, reach, base)
    leave_step(SEND, actor=None, workspace=held.workspace, invitations=[held], before=[State.PLANNED])
    return True


def _judge(held: SurveyInvitation) -> tuple[Survey | None, Reach | None, str]:
    """The survey that is out at an invitation's address, how its customer is reached, and why not to ask."""
    there = Survey.objects.filter(service=held.service_id, address=held.address, status=Survey.Status.OPEN)
    survey = there.select_related("workspace", "service").first()
    if survey is None:
        return None, None, str(Reason.CLOSED)
    found = _verdict_on(held, survey)
    return (survey, found.reach, found.reason) if found else (survey, None, str(Reason.NO_CONTACT))


def _verdict_on(held: SurveyInvitation, survey: Survey) -> Verdict | None:
    """Whether the customer of an invitation may be written to for it now; None where there is none any more."""
    if held.customer is None:
        return None
    key = held.customer.key
    return verdicts(survey, [key], visits={key: held.visit}, sampled=False, sending=held.pk).get(key)


def _held(number: int) -> SurveyInvitation | None:
    rows = SurveyInvitation.objects.select_related("workspace", "customer")
    return lock_rows(rows).filter(pk=number).first()


def _hold_those_of(held: SurveyInvitation) -> None:
    """Hold all invitations of a customer, in order, so that nobody else asks the same person meanwhile."""
    list(lock_rows(SurveyInvitation.objects.filter(customer=held.customer_id)).order_by("pk").values_list("pk"))


def _queue(held: SurveyInvitation, reach: Reach, base: str, *, again: bool = False) -> None:
    """Have the message sent, with a link of its own."""
    token = new_token()
    InvitationLink.objects.create(invitation=held, digest=digest_of(token))
    lang = next((each for each in LANGUAGES if each == reach.lang), _first_language(held))
    link, stop = (base + reverse(name, args=[token]) for name in ("invited", "invited-unsubscribe"))
    said = message_text(
        words_of(held.service_id, held.item, lang), lang=lang, name=reach.name, link=link, stop=stop, again=again
    )
    queue_message(
        workspace=held.workspace,
        kind=KINDS[reach.kind],
        to=reach.address,
        lang=lang,
        subject=said.subject,
        text=said.text,
        about=held.record,
        key=f"{held.record}:{held.reminders}",
        due_at=timezone.now(),
        not_after=held.expires_at,
    )


def _first_language(held: SurveyInvitation) -> Lang:
    survey = Survey.objects.filter(service=held.service_id, address=held.address).order_by("-pk").first()
    return survey_languages(survey)[0] if survey else "en"


def survey_languages(survey: Survey) -> tuple[Lang, ...]:
    """The languages in which a survey is asked."""
    return document_of(survey.version_id).languages


def remind_due(*, workspace: Workspace) -> int:
    """Remind, once, whoever was invited as many days ago as the survey says and has not answered; how many were."""
    base, now = public_address(), timezone.now()
    if not base:
        return 0
    count = 0
    for survey in _surveys_of(workspace).values():
        design = design_of(survey).survey
        if design and design.remind_days:
            waiting = SurveyInvitation.objects.filter(
                service=survey.service_id,
                address=survey.address,
                state__in=OPEN,
                reminders=0,
                customer__isnull=False,
                sent_at__lte=now - timedelta(days=design.remind_days),
                expires_at__gt=now,
            )
            numbers = list(waiting.order_by("pk").values_list("pk", flat=True)[:AT_A_TIME])
            count += sum(_remind(pk, survey, base) for pk in numbers)
    return count


@transaction.atomic
def _remind(number: int, survey: Survey, base: str) -> bool:
    held = _held(number)
    if held is None or held.state not in OPEN or held.reminders or held.customer is None:
        return False
    _hold_those_of(held)
    found = _verdict_on(held, survey)
    held.reminders = 1
    before = str(held.state)
    # Who agrees no more, or was asked by another survey meanwhile, is not reminded, now or later.
    if found and found.reach and not found.reason:
        held.reminded_at = timezone.now()
        _queue(held, found.reach, base, again=True)
        leave_step(REMIND, actor=None, workspace=held.workspace, invitations=[held], before=[before])
    held.save(update_fields=["reminders", "reminded_at"])
    return held.reminded_at is not None


@transaction.atomic
def note_outcome(*, entry: OutboxEntry) -> None:
    """Note what became of an invitation's message: delivered, or refused for good. Doing it again changes nothing."""
    record, _, number = str(entry.payload.get("about", "")).partition(":")
    held = _held(int(number)) if record == "invitation" and number.isdecimal() else None
    if held is None or held.workspace_id != entry.workspace_id:
        return
    before = str(held.state)
    if entry.kind == "message_sent" and not held.delivered:
        held.delivered = True
        step = DELIVER
    elif entry.kind == "message_refused" and held.state == State.SENT and not held.delivered:
        held.state, held.reason = State.NOT_SENT, Reason.REFUSED
        step = PASS_OVER
    else:
        return
    held.save(update_fields=["delivered", "state", "reason"])
    leave_step(step, actor=None, workspace=held.workspace, invitations=[held], before=[before])


@transaction.atomic
def withdraw_invitations(*, actor: Person, survey: Survey) -> int:
    """Let no invitation to a survey and round open anything more, and send none that is planned; how many."""
    here = require(actor, "invite_customers", survey.workspace)
    asked = one(visible_surveys(here, survey.service), pk=survey.pk)
    there = SurveyInvitation.objects.filter(service=asked.service_id, address=asked.address)
    held = list(lock_rows(there.filter(state__in=(State.PLANNED, *OPEN))).order_by("pk"))
    return _end(actor, asked.workspace, held, State.WITHDRAWN)


@transaction.atomic
def withdraw_invitation(*, held: SurveyInvitation) -> None:
    """Let one invitation open nothing more: whoever it was sent to wants no more of them."""
    there = lock_rows(SurveyInvitation.objects.filter(pk=held.pk, state__in=OPEN))
    _end(None, held.workspace, list(there), State.WITHDRAWN)


def expire_due(*, workspace: Workspace) -> int:
    """Let go of those whose time is over; how many."""
    with transaction.atomic():
        over = SurveyInvitation.objects.filter(workspace=workspace, state__in=OPEN, expires_at__lte=timezone.now())
        held = list(lock_rows(over).order_by("pk")[:AT_A_TIME])
        return _end(None, workspace, held, State.EXPIRED)


def _end(
    actor: Person | None, workspace: Workspace, held: Iterable[SurveyInvitation], state: SurveyInvitation.State
) -> int:
    rows = list(held)
    before = [str(each.state) for each in rows]
    for each in rows:
        each.state = state
    SurveyInvitation.objects.bulk_update(rows, ["state"])
    step = WITHDRAW if state == State.WITHDRAWN else EXPIRE
    leave_step(step, actor=actor, workspace=workspace, invitations=rows, before=before)
    for each in rows:
        withdraw_messages(workspace=workspace, about=each.record)
    return len(rows)


@transaction.atomic
def word_invitations(*, actor: Person, survey: Survey, lang: Lang, words: Words) -> None:
    """Write a survey's invitations in a language in words of one's own; empty ones are the usual words again."""
    here = require(actor, "invite_customers", survey.workspace)
    asked = one(lock_rows(visible_surveys(here, survey.service)), pk=survey.pk)
    own = InvitationText.objects.filter(service=asked.service_id, item=asked.item, language=lang)
    if not words.text.strip():
        own.delete()
    else:
        said = {"subject": words.subject.strip(), "text": words.text.strip()}
        InvitationText.objects.update_or_create(service=asked.service, item=asked.item, language=lang, defaults=said)
    trail.leave("word_invitations", actor=actor, workspace=asked.workspace, about=asked, after={"language": lang})


def _instant(at_us: int) -> datetime:
    return datetime.fromtimestamp(at_us / SECOND, tz=UTC)
