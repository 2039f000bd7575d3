"""What each verb on invitations leaves behind within its transaction: the events, the audit entries and the outbox
entries of a step that one or many invitations take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from peakend.instants import local_day
from peakend_web.asking.answers import now_us
from peakend_web.base import trail
from peakend_web.base.time_zones import zones_of
from peakend_web.models import Person, SurveyInvitation, Workspace
from peakend_web.store import deliveries, writer
from peakend_web.store.identity import record_source
from peakend_web.store.rows import EventRow

SOURCE: Final = record_source("invitation")


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to an invitation: the verb, and the kind of event that it is."""

    verb: str
    kind: str


PLAN: Final = Step("plan_survey_invitation", "planned")
PASS_OVER: Final = Step("pass_over_survey_invitation", "passed_over")
SEND: Final = Step("send_survey_invitation", "invited")
HAND_OUT: Final = Step("hand_out_survey_invitation", "invited")
REMIND: Final = Step("remind_survey_invitation", "reminded")
DELIVER: Final = Step("deliver_survey_invitation", "delivered")
SEE: Final = Step("see_survey_invitation", "seen")
BEGIN: Final = Step("begin_survey_invitation", "begun")
FINISH: Final = Step("finish_survey_invitation", "finished")
WITHDRAW: Final = Step("withdraw_survey_invitation", "withdrawn")
EXPIRE: Final = Step("expire_survey_invitation", "expired")


def leave_step(
    step: Step,
    *,
    actor: Person | None,
    workspace: Workspace,
    invitations: Sequence[SurveyInvitation],
    before: Sequence[str] = (),
) -> None:
    """Leave what a step of these invitations leaves. `before` are their states before it.

    The events first: whoever writes facts and the trail in one transaction takes the facts' numbers first.
    """
    if not invitations:
        return
    at_us, zones = now_us(), zones_of(workspace)
    writer.deliver(
        deliveries.Delivery(
            workspace=workspace.pk,
            events=[_event(step, each, at_us, local_day(at_us, zones.at(each.site))) for each in invitations],
        )
    )
    states = before or [""] * len(invitations)
    trail.leave_all(
        step.verb,
        actor=actor,
        workspace=workspace,
        done=[
            (each, {"state": was} if was else None, {"state": str(each.state), "reason": str(each.reason)})
            for each, was in zip(invitations, states, strict=True)
        ],
    )


def key_of(invitation: SurveyInvitation) -> str | None:
    """The key of the customer who is invited; None of a link to hand out, and of a customer who was erased."""
    customer = invitation.customer
    return customer.key if customer and customer.erased_at is None else None


def _event(step: Step, invitation: SurveyInvitation, at_us: int, day: int) -> EventRow:
    return EventRow(
        workspace_id=invitation.workspace_id,
        service_id=invitation.service_id,
        source=SOURCE,
        source_key=f"{invitation.pk}:{step.kind}:{invitation.reminders}",
        kind=step.kind,
        customer=key_of(invitation),
        record=invitation.record,
        at_us=at_us,
        day=day,
        site=invitation.site,
        touchpoint=invitation.touchpoint,
    )
