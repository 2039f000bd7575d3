"""Verbs on what customers agree to: that they do, and that they do no more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from peakend.terms import Lang
from peakend_web.base import trail
from peakend_web.base.grants import one, require
from peakend_web.base.locks import lock_rows
from peakend_web.customers.queries import purpose_named
from peakend_web.models import Consent, Customer, Person, Workspace

from .agreement import Agreement, new_consents


@transaction.atomic
def give_consent(
    *,
    workspace: Workspace,
    customer: int,
    purpose: str,
    how: str,
    lang: Lang = "en",
    given_at: datetime | None = None,
    actor: Person | None = None,
) -> None:
    """Write down that a customer, by the number of the row, agrees to a purpose; `actor` where a person says so for
    them. Who agreed to the same words already changes nothing.

    Raises Missing `web.missing`, `customers.purpose_unknown`; Refusal `customers.later`, `customers.ended`.
    """
    whose = customer_to_change(actor, workspace, customer)
    agreed = Agreement(purpose_named(workspace, purpose), how.strip(), given_at or timezone.now(), lang)
    agreed.require_live()
    made = Consent.objects.bulk_create(new_consents(agreed, [whose]))
    if made:
        trail.leave("give_consent", actor=actor, workspace=workspace, about=whose, after={"purpose": purpose})


@transaction.atomic
def withdraw_consent(
    *, workspace: Workspace, customer: int, purpose: str, how: str, actor: Person | None = None
) -> None:
    """Write down that a customer, by the number of the row, agrees to a purpose no more; from now on nobody is written
    to for it. Doing it again changes nothing. Raises Missing `web.missing`.
    """
    whose = customer_to_change(actor, workspace, customer)
    standing = Consent.objects.filter(customer=whose, purpose=purpose, withdrawn_at=None)
    if standing.update(withdrawn_at=timezone.now(), withdrawn_how=how.strip()):
        trail.leave("withdraw_consent", actor=actor, workspace=workspace, about=whose, after={"purpose": purpose})


def customer_to_change(actor: Person | None, workspace: Workspace, number: int) -> Customer:
    """A customer of this workspace that was not erased, held; for a person, who may change it."""
    if actor is not None:
        require(actor, "change_contacts", workspace)
    return one(lock_rows(Customer.objects.filter(workspace=workspace, erased_at=None)), pk=number)
