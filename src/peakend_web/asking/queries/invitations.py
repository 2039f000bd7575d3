"""Who may be invited to a survey and who may not, with the reason; and what has become of those who were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from peakend.service import ServiceDocument
from peakend.service.delivery import ContactLimits
from peakend.service.purposes import purpose_of_asking
from peakend.service.surveys import Survey as DesignedSurvey
from peakend.terms import Lang
from peakend_web.asking.grants import visible_surveys
from peakend_web.asking.invitation_text import USUAL, Words
from peakend_web.base.documents import document_of
from peakend_web.base.grants import Standing
from peakend_web.customers.queries import Reach, customers_of, reachable
from peakend_web.models import InvitationText, Survey, SurveyInvitation
from peakend_web.sending.queries import usable_kinds
from peakend_web.store.identity import identity

KINDS: Final = {"email": "email", "phone": "sms_webhook"}
"""By what kind of message a kind of address is written to."""
MONTH: Final = timedelta(days=30)
State, Reason = SurveyInvitation.State, SurveyInvitation.Reason
OPEN: Final = (State.SENT, State.OPENED)
NOWHERE: Final[Mapping[str, str | None]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a customer may be invited: how they are reached, else the reason why not."""

    customer: int
    reach: Reach | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Design:
    """What the design says now of how a survey is sent."""

    survey: DesignedSurvey | None
    limits: ContactLimits
    purpose: str

    @property
    def quiet_days(self) -> int:
        """Days in which whoever was invited to it is not asked again."""
        return max((self.survey.quiet_days if self.survey else 0) or 0, self.limits.quiet_days or 0)


def design_of(survey: Survey) -> Design:
    """What the service's document, as it is now, says of a survey that is out."""
    document: ServiceDocument = document_of(survey.service.current_id or survey.version_id)
    limits = document.contact_limits or ContactLimits()
    return Design(document.survey(survey.item), limits, purpose_of_asking(document.purposes).id)


def is_in_sample(survey: Survey, share: float | None, key: str) -> bool:
    """Whether a customer is among those who are asked in a round: always the same ones."""
    if share is None:
        return True
    drawn = identity("sample", survey.service_id, survey.item, survey.wave, key)
    return int(drawn[:13], 16) / 16**13 < share


def verdicts(
    survey: Survey,
    keys: Collection[str] | None = None,
    *,
    visits: Mapping[str, str | None] = NOWHERE,
    sampled: bool = True,
    sending: int | None = None,
) -> Mapping[str, Verdict]:
    """Who of these customers may be invited, by their keys, or of all who can be reached; whom nobody knows is left
    out. `visits` are those that give rise to it; `sending` is the invitation that is about to be sent, which stands in
    nobody's way.
    """
    design, workspace, now = design_of(survey), survey.workspace, timezone.now()
    reach = reachable(workspace, design.purpose, keys)
    known = customers_of(workspace, reach if keys is None else keys)
    past = _past_of([pk for pk, _ in known.values()], sending)
    court = _Court(survey, design, frozenset(usable_kinds(workspace)), now, sampled=sampled, is_sending=bool(sending))
    return {
        key: Verdict(pk, reach.get(key), court.reason(key, reach.get(key), past[pk], visits.get(key), has=has))
        for key, (pk, has) in known.items()
    }


def _past_of(customers: Sequence[int], without: int | None) -> Mapping[int, Sequence[SurveyInvitation]]:
    """The invitations of customers to any survey of the workspace that were sent, or are to be."""
    found: dict[int, list[SurveyInvitation]] = defaultdict(list)
    for at in range(0, len(customers), 500):
        rows = SurveyInvitation.objects.filter(customer__in=customers[at : at + 500])
        for row in rows.exclude(pk=without or 0).exclude(state=State.NOT_SENT):
            found[row.customer_id or 0].append(row)
    return found


@dataclass(frozen=True, slots=True)
class _Court:
    """What is held against everybody who may be invited to a survey now."""

    survey: Survey
    design: Design
    kinds: frozenset[str]
    now: datetime
    sampled: bool
    is_sending: bool

    def reason(
        self, key: str, reach: Reach | None, past: Sequence[SurveyInvitation], visit: str | None, *, has: bool
    ) -> str:
        """Why somebody may not be invited; empty where they may."""
        share = self.design.survey.sample if self.design.survey and self.sampled else None
        found = (
            (Reason.CLOSED, self.survey.status != Survey.Status.OPEN),
            (Reason.NO_CONTACT, reach is None and not has),
            (Reason.NO_CONSENT, reach is None),
            (Reason.NO_CHANNEL, reach is not None and KINDS[reach.kind] not in self.kinds),
            (Reason.ALREADY, any(self._is_open(each) for each in past)),
            (Reason.OUTSIDE_SAMPLE, not is_in_sample(self.survey, share, key)),
            (Reason.QUIET, any(self._is_quiet(each) for each in past)),
            (Reason.LIMIT, self._is_over(past, visit)),
        )
        return next((str(reason) for reason, holds in found if holds), "")

    def _is_open(self, one: SurveyInvitation) -> bool:
        waits = one.state in OPEN or (one.state == State.PLANNED and not self.is_sending)
        return one.address == self.survey.address and waits

    def _is_quiet(self, one: SurveyInvitation) -> bool:
        """Whether the quiet days of what somebody was asked last, or of this survey, are not over yet."""
        days = max(one.quiet_days, self.design.quiet_days)
        return one.sent_at is not None and one.sent_at + timedelta(days=days) > self.now

    def _is_over(self, past: Sequence[SurveyInvitation], visit: str | None) -> bool:
        limits = self.design.limits
        sent = [at for one in past for at in (one.sent_at, one.reminded_at) if at is not None]
        gap = timedelta(hours=limits.hours_between or 0)
        of_visit = sum(one.sent_at is not None and one.visit == visit for one in past) if visit else 0
        return (
            any(at + gap > self.now for at in sent)
            or (limits.per_month is not None and sum(at > self.now - MONTH for at in sent) >= limits.per_month)
            or (limits.per_visit is not None and visit is not None and of_visit >= limits.per_visit)
        )


def counted_by_reason(found: Mapping[str, Verdict]) -> Mapping[str, int]:
    """How many may be invited, under an empty reason, and how many may not, by why."""
    counts: dict[str, int] = defaultdict(int)
    for verdict in found.values():
        counts[verdict.reason] += 1
    return counts


# --- what became of them ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Funnel:
    """How far those came who were invited to a survey and round."""

    invited: int = 0
    refused: int = 0
    delivered: int = 0
    seen: int = 0
    begun: int = 0
    finished: int = 0
    states: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, int] = field(default_factory=dict)


def invitations_of(here: Standing, survey: Survey) -> QuerySet[SurveyInvitation]:
    """The invitations to all versions of a survey and round, the newest first; whoever is limited to sites sees none,
    for a customer is of no site.
    """
    mine = visible_surveys(here, survey.service).filter(pk=survey.pk)
    found = SurveyInvitation.objects.filter(service=survey.service_id, address__in=mine.values("address"))
    return (found if here.sites is None else found.none()).order_by("-pk")


def funnel_of(here: Standing, survey: Survey) -> Funnel:
    """How many were invited, and how far they came."""
    rows = invitations_of(here, survey).order_by()
    sent = Q(sent_at__isnull=False)
    totals = rows.aggregate(
        invited=Count("pk", filter=sent),
        refused=Count("pk", filter=sent & Q(reason=Reason.REFUSED)),
        delivered=Count("pk", filter=sent & Q(delivered=True)),
        seen=Count("pk", filter=Q(seen=True)),
        begun=Count("pk", filter=Q(begun=True)),
        finished=Count("pk", filter=Q(state=State.FINISHED)),
    )
    states = dict(rows.values_list("state").annotate(many=Count("pk")))
    reasons = dict(rows.filter(state=State.NOT_SENT).values_list("reason").annotate(many=Count("pk")))
    return Funnel(**totals, states=states, reasons=reasons)


def is_told(funnel: Funnel, *, anonymous: bool, least: int) -> bool:
    """Whether is told how far people came: of an anonymous survey where as many were invited as a group has."""
    return not anonymous or funnel.invited >= least


def words_of(service: int, item: str, lang: Lang) -> Words:
    """The words of a survey's invitations in a language."""
    own = InvitationText.objects.filter(service=service, item=item, language=lang).first()
    return Words(own.subject, own.text) if own else USUAL[lang]


def keys_named(survey: Survey, named: Sequence[str]) -> Mapping[str, str]:
    """The keys of the customers that somebody has named by number, key or address; who is not known is left out."""
    reach = reachable(survey.workspace, design_of(survey).purpose)
    by_address = {each.address: key for key, each in reach.items()}
    known = customers_of(survey.workspace, named)
    keys = {word: word if word in known else by_address.get(word.casefold(), "") for word in named}
    return {word: key for word, key in keys.items() if key}
