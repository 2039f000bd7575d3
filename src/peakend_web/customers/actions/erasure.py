"""The verb that erases a customer: the name, the number, every address, the messages that went there, and whose a
consent was; and in the facts the pseudonym, so that what was said and done stays counted and leads to nobody.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from peakend_web.base import trail
from peakend_web.base.grants import one, require
from peakend_web.models import Consent, Contact, Customer, Person, Workspace
from peakend_web.sending.actions import forget_recipient
from peakend_web.store.pseudonyms import cut_pseudonyms

from .consents import customer_to_change


def erase_customer(*, actor: Person | None, workspace: Workspace, customer: int) -> None:
    """Erase a customer by the number of the row. What they said in surveys stays, for it is found by the code of its
    response alone. Outside any transaction: facts are cut a few at a time. Raises Missing `web.missing`.
    """
    if actor is not None:
        require(actor, "change_contacts", workspace)
    found = one(Customer.objects.filter(workspace=workspace, erased_at=None), pk=customer)
    # The facts first: whoever dies here finds the customer still there, and erases once more.
    cut_pseudonyms(workspace.pk, [found.key])
    with transaction.atomic():
        empty(actor, customer_to_change(actor, workspace, customer))


def erase_ended(*, workspace: int) -> int:
    """Erase whoever agreed to something and to nothing that lasts any more, as it was told; how many. Who withdrew is
    known until that end, so that no older list brings them back. Outside any transaction.
    """
    lasting = Consent.objects.filter(Q(lasts_until=None) | Q(lasts_until__gt=timezone.now()), customer=OuterRef("pk"))
    agreed = Consent.objects.filter(customer=OuterRef("pk"))
    over = Customer.objects.filter(Exists(agreed), ~Exists(lasting), workspace=workspace, erased_at=None)
    found = list(over.select_related("workspace").order_by("pk"))
    cut_pseudonyms(workspace, [each.key for each in found])
    for customer in found:
        with transaction.atomic():
            empty(None, customer_to_change(None, customer.workspace, customer.pk))
    return len(found)


def erase_wholly(actor: Person | None, customer: Customer) -> None:
    """The same within the open transaction, for few facts."""
    cut_pseudonyms(customer.workspace_id, [customer.key])
    empty(actor, customer)


def empty(actor: Person | None, customer: Customer) -> None:
    """Let go of everything that says who a customer is, but for the facts, within the open transaction."""
    for contact in Contact.objects.filter(customer=customer):
        forget_recipient(workspace=customer.workspace, to=contact.address)
    # How somebody agreed is in somebody's own words, which may name a person.
    Consent.objects.filter(customer=customer).update(customer=None, contact=None, response="", how="", withdrawn_how="")
    Contact.objects.filter(customer=customer).delete()
    customer.key, customer.name, customer.number, customer.language = f"erased:{customer.pk}", "", None, ""
    customer.erased_at = timezone.now()
    customer.save(update_fields=["key", "name", "number", "language", "erased_at"])
    trail.leave("erase_customer", actor=actor, workspace=customer.workspace, about=customer)
