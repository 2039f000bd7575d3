"""What somebody agrees to, as it is written into the record of consents."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.utils import timezone

from peakend.service.delivery import Purpose
from peakend.terms import Lang
from peakend_web.base.refusals import Refusal
from peakend_web.models import Consent, Customer


@dataclass(frozen=True, slots=True)
class Agreement:
    """The purpose, how and since when somebody agrees to it, the language in which its words were shown where a
    customer has none, and the response of a survey with which it was given.
    """

    purpose: Purpose
    how: str
    given_at: datetime
    lang: Lang = "en"
    response: str = ""

    def require_live(self) -> None:
        """Refuse what has not begun, and what has ended: Refusal `customers.later`, `customers.ended`."""
        now, day = timezone.now(), timezone.localtime(self.given_at).date().isoformat()
        if self.given_at > now:
            raise Refusal("customers.later", day=day)
        if self.lasts_until is not None and self.lasts_until <= now:
            raise Refusal("customers.ended", day=day, days=self.purpose.kept_days)

    @property
    def lasts_until(self) -> datetime | None:
        """As long as the purpose says; none where it does not say."""
        days = self.purpose.kept_days
        return None if days is None else self.given_at + timedelta(days=days)

    def of(self, customer: Customer) -> Consent:
        """The consent of a customer, not yet kept."""
        lang = next((lang for lang in self.purpose.wording.root if lang == customer.language), self.lang)
        wording = self.purpose.wording[lang]
        return Consent(
            workspace_id=customer.workspace_id,
            customer=customer,
            purpose=self.purpose.id,
            wording=wording,
            digest=sha256(wording.encode()).hexdigest(),
            language=lang,
            how=self.how,
            given_at=self.given_at,
            lasts_until=self.lasts_until,
            response=self.response,
        )


def new_consents(agreed: Agreement, customers: Collection[Customer]) -> list[Consent]:
    """The consents that are not there yet, not kept: who agreed to the same words already, and still does, is not
    written down twice.
    """
    live = Consent.objects.filter(
        Consent.live(timezone.now()), customer__in=customers, purpose=agreed.purpose.id, response=agreed.response
    )
    there = set(live.values_list("customer", "digest"))
    wanted = [agreed.of(customer) for customer in customers]
    return [each for each in wanted if (each.customer_id, each.digest) not in there]
