"""Verbs of whoever was invited: the page is seen, an answer is given, the survey is finished.

The answers and the step of the invitation are one transaction: a link is used up exactly where its answers are kept.
Of an anonymous survey the invitation says how far it came and nothing else. Neither a time, nor an entry of the trail,
nor an event is written with the answers, whose neighbour it would be; nor does the response carry a customer, a visit
or anything that follows from the ticket.
"""

from __future__ import annotations

from django.conf import settings
from django.db import transaction

from peakend.service.purposes import purpose_of_asking
from peakend_web.asking.actions import submit
from peakend_web.asking.answers import KnownRespondent, Submission
from peakend_web.asking.queries.personal_links import PersonalLink, require_open
from peakend_web.base.documents import document_of
from peakend_web.base.locks import lock_rows
from peakend_web.base.refusals import Conflict
from peakend_web.customers.actions import withdraw_consent
from peakend_web.models import Response, SurveyInvitation
from peakend_web.store import deliveries
from peakend_web.store.identity import public_name

from .invitation_steps import BEGIN, FINISH, SEE, Step, key_of, leave_step
from .inviting import withdraw_invitation

State = SurveyInvitation.State
WAITING = (State.SENT, State.OPENED)


@transaction.atomic
def see_invitation(*, link: PersonalLink) -> None:
    """Note that its page is before somebody's eyes, the first time. Public: whoever has the link may."""
    held = _held(link)
    if not held.seen and held.state == State.SENT:
        _take(link, held, SEE, seen=True)


@transaction.atomic
def submit_invited(*, link: PersonalLink, sent: Submission) -> deliveries.Acknowledgement:
    """Keep what whoever was invited says; with the end of it the link is used up.

    Raises what `submit` raises; Conflict `survey.link_used` where another response has used it up, Gone
    `survey.link_expired`, `survey.link_withdrawn`.
    """
    held = _held(link)
    if held.state == State.FINISHED:
        _require_own(link, sent)
    else:
        require_open(held)
    kept = submit(survey=link.survey, sent=sent, respondent=_respondent(link, held))
    if held.state in WAITING and not held.begun:
        _take(link, held, BEGIN, seen=True, begun=True)
    if held.state in WAITING and sent.done:
        _take(link, held, FINISH, state=State.FINISHED)
    return kept


def stop_asking(*, link: PersonalLink) -> None:
    """Write down that whoever was invited agrees no more to be asked; and the invitation opens nothing more. Public:
    whoever has the link may. Doing it again changes nothing.
    """
    invitation = link.invitation
    customer = invitation.customer
    if customer is None or customer.erased_at is not None:
        return
    document = document_of(invitation.service.current_id or 0)
    with transaction.atomic():
        withdraw_consent(
            workspace=invitation.workspace,
            customer=customer.pk,
            purpose=purpose_of_asking(document.purposes).id,
            how=f"unsubscribe, {invitation.record}",
        )
        withdraw_invitation(held=invitation)


def _held(link: PersonalLink) -> SurveyInvitation:
    return lock_rows(SurveyInvitation.objects.select_related("workspace", "customer")).get(pk=link.invitation.pk)


def _require_own(link: PersonalLink, sent: Submission) -> None:
    """Let a response go on that has used up the link itself: what it sends is sent again, or amends."""
    name = public_name(settings.SECRET_KEY, link.survey.id, sent.response)
    if not Response.objects.filter(survey=link.survey.id, response=name, completed_us__isnull=False).exists():
        raise Conflict("survey.link_used")


def _respondent(link: PersonalLink, invitation: SurveyInvitation) -> KnownRespondent | None:
    """Whose answers they are; of a ticket nobody's."""
    if link.is_ticket:
        return None
    return KnownRespondent(key_of(invitation), invitation.visit, invitation.site, invitation.touchpoint)


def _take(link: PersonalLink, held: SurveyInvitation, step: Step, **changed: object) -> None:
    """Let an invitation take a step."""
    before = str(held.state)
    for name, value in {"state": State.OPENED, **changed}.items():
        setattr(held, name, value)
    held.save(update_fields=["state", "seen", "begun"])
    if not link.is_ticket:
        leave_step(step, actor=None, workspace=held.workspace, invitations=[held], before=[before])
