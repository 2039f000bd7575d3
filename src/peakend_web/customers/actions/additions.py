"""The verb that adds customers, one or a whole list, with what they agreed to."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from peakend.terms import Lang
from peakend_web.base import trail
from peakend_web.base.grants import require
from peakend_web.customers.queries import check_list, purpose_named
from peakend_web.customers.rows import Added, NewCustomer, ReadRow
from peakend_web.models import Consent, Contact, Customer, Person, Workspace

from .agreement import Agreement, new_consents

BATCH: Final = 200
"""Rows that one statement writes."""


@transaction.atomic
def add_customers(
    *,
    actor: Person | None,
    workspace: Workspace,
    rows: Sequence[NewCustomer],
    purpose: str,
    how: str,
    lang: Lang = "en",
    given_at: datetime | None = None,
    made: Customer.Made = Customer.Made.LIST,
) -> Added:
    """Add customers who agreed to be written to for a purpose. `how` they did is kept with each consent; `given_at` is
    when (now), `lang` in which language its words were shown to whom a row says none of.

    Whoever is there already, by number or address, gets what is new of the row. A row with a fault is left out whole
    and told with its place and reason. Raises Missing `customers.purpose_unknown`; Refusal `customers.later`,
    `customers.ended` where the consent does not hold today.
    """
    if actor is not None:
        require(actor, "change_contacts", workspace)
    trail.lock_end(workspace)  # so that nobody else adds the same people meanwhile
    agreed = Agreement(purpose_named(workspace, purpose), how.strip(), given_at or timezone.now(), lang)
    agreed.require_live()
    checked = check_list(workspace, rows, purpose, agreed.given_at)
    new = [row for row, known in checked.fit if known is None]
    kept = [(row, known) for row, known in checked.fit if known is not None]
    made_now = Customer.objects.bulk_create([_customer(workspace, row, made) for row in new], BATCH)
    for row, known in kept:
        _complete(known, row)
    Customer.objects.bulk_update([known for _row, known in kept], ["name", "language", "number"], BATCH)
    pairs = [*zip(new, made_now, strict=True), *kept]
    _keep_contacts(workspace, pairs)
    Consent.objects.bulk_create(new_consents(agreed, [customer for _row, customer in pairs]), BATCH)
    told = {"new": len(new), "known": len(kept), "refused": len(checked.refused), "purpose": purpose}
    trail.leave("add_customers", actor=actor, workspace=workspace, about=workspace, after=told)
    return Added(len(new), len(kept), checked.refused)


def new_key(number: str) -> str:
    """The pseudonym of a customer in the facts: the organisation's own number, by which facts that it brings in name
    the same person; else letters at random.
    """
    return number or f"c:{secrets.token_hex(10)}"


def _customer(workspace: Workspace, row: ReadRow, made: Customer.Made) -> Customer:
    return Customer(
        workspace=workspace,
        key=new_key(row.number),
        name=row.name,
        number=row.number or None,
        language=row.lang or "",
        made=made,
    )


def _complete(customer: Customer, row: ReadRow) -> None:
    """Take from a row what was not known; what stands there already stays."""
    customer.name = customer.name or row.name
    customer.language = customer.language or row.lang or ""
    customer.number = customer.number or row.number or None


def _keep_contacts(workspace: Workspace, pairs: Sequence[tuple[ReadRow, Customer]]) -> None:
    contacts = [
        Contact(workspace=workspace, customer=customer, kind=address.kind, address=address.text)
        for row, customer in pairs
        for address in row.addresses
    ]
    Contact.objects.bulk_create(contacts, BATCH, ignore_conflicts=True)
