"""Verbs on what is left with a response of a survey: where its respondent wants to be reached; and that it goes."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from peakend.service.delivery import Purpose
from peakend.terms import Lang
from peakend_web.base import trail
from peakend_web.customers.addresses import Address
from peakend_web.models import Consent, Contact, Customer, Workspace

from .additions import new_key
from .agreement import Agreement, new_consents
from .erasure import erase_wholly


@transaction.atomic
def keep_left_contact(
    *, workspace: Workspace, response: str, address: Address, name: str, lang: Lang, purpose: Purpose, how: str
) -> None:
    """Keep where the respondent of a response wants to be reached, and that they agree to it, in the place of what they
    left with it before. The same once more changes nothing.

    What is known already of whoever is reached there stays as it is.
    """
    trail.lock_end(workspace)
    there = {"workspace": workspace, "kind": address.kind, "address": address.text}
    before = Consent.objects.filter(workspace=workspace, response=response).select_related("contact").first()
    if before is not None and (
        before.contact is None
        or (before.contact.kind, before.contact.address)
        != (
            address.kind,
            address.text,
        )
    ):
        forget_left_contacts(workspace=workspace, responses=[response])
    contact = Contact.objects.filter(**there).select_related("customer").first()
    if contact is None:
        customer = Customer.objects.create(
            workspace=workspace, key=new_key(""), name=name, language=lang, made=Customer.Made.SURVEY
        )
        contact = Contact.objects.create(customer=customer, **there)
    agreed = Agreement(purpose, how, timezone.now(), lang, response)
    made = new_consents(agreed, [contact.customer])
    for consent in made:
        consent.contact = contact
    if Consent.objects.bulk_create(made):
        about = contact.customer
        trail.leave("give_consent", actor=None, workspace=workspace, about=about, after={"purpose": purpose.id})


@transaction.atomic
def forget_left_contacts(*, workspace: Workspace, responses: Collection[str]) -> None:
    """Let go of what was left with responses: whose that consent was is gone; and where nothing else was agreed to, the
    customer with it.
    """
    left = Consent.objects.filter(workspace=workspace, response__in=responses).exclude(customer=None)
    customers = sorted({each.customer_id for each in left if each.customer_id is not None})
    if not customers:
        return
    trail.lock_end(workspace)
    now = timezone.now()
    left.filter(withdrawn_at=None).update(withdrawn_at=now)
    left.update(customer=None, contact=None, response="", how="", withdrawn_how="")
    for customer in Customer.objects.filter(pk__in=customers, workspace=workspace, erased_at=None):
        if not Consent.objects.filter(customer=customer).exists():
            erase_wholly(None, customer)
