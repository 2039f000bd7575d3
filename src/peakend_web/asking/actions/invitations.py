"""Verbs on invitations, of those who ask: links are made to hand out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from peakend_web.asking.grants import visible_surveys
from peakend_web.asking.queries.personal_links import digest_of, new_token
from peakend_web.base.grants import one, require
from peakend_web.base.refusals import Gone, Refusal
from peakend_web.models import InvitationLink, Person, Survey, SurveyInvitation

from .invitation_steps import HAND_OUT, leave_step

LIVES_DAYS: Final = 30
"""How long a link opens its survey."""
MOST_LINKS: Final = 2_000
"""Links that are made at once: each leaves an entry of its own."""
State = SurveyInvitation.State


@transaction.atomic
def make_links(*, actor: Person, survey: Survey, many: int) -> list[str]:
    """Make so many links for nobody in particular, to be printed or mailed by somebody else; their tokens, which are
    kept nowhere and returned here alone. Raises Refusal `invitation.many`, Gone `survey.closed`.
    """
    here = require(actor, "invite_customers", survey.workspace)
    asked = one(visible_surveys(here, survey.service), pk=survey.pk)
    if not 1 <= many <= MOST_LINKS:
        raise Refusal("invitation.many", many=many, most=MOST_LINKS)
    if asked.status != Survey.Status.OPEN:
        raise Gone("survey.closed")
    now, tokens = timezone.now(), [new_token() for _ in range(many)]
    made = SurveyInvitation.objects.bulk_create(
        SurveyInvitation(
            **about(asked), state=State.SENT, delivered=True, due_at=now, sent_at=now, expires_at=expiry(now)
        )
        for _token in tokens
    )
    InvitationLink.objects.bulk_create(
        InvitationLink(invitation=each, digest=digest_of(token)) for each, token in zip(made, tokens, strict=True)
    )
    leave_step(HAND_OUT, actor=actor, workspace=asked.workspace, invitations=made)
    return tokens


def about(survey: Survey) -> dict[str, object]:
    """What an invitation names of its survey."""
    return {
        "workspace": survey.workspace,
        "service": survey.service,
        "item": survey.item,
        "wave": survey.wave,
        "address": survey.address,
    }


def expiry(sent: datetime) -> datetime:
    """Until when a link opens that is sent at an instant."""
    return sent + timedelta(days=LIVES_DAYS)
