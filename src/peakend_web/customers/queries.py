"""What others may ask about customers: for which purposes one may be written to, and who can be reached for one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from peakend.errors import PeakendError
from peakend.facts import QUARANTINE
from peakend.service.delivery import Purpose
from peakend.service.purposes import FEEDBACK, purposes_of
from peakend_web.base.documents import document_of
from peakend_web.base.grants import Standing, one
from peakend_web.base.refusals import Missing, Refusal
from peakend_web.models import Consent, Contact, Customer, Response, Service, Survey, Workspace

from .addresses import Address, address_of, masked
from .grants import visible_consents, visible_customers
from .rows import NewCustomer, ReadRow, Refused, read_rows

__all__ = [
    "ON_A_PAGE",
    "Address",
    "CheckedList",
    "Reach",
    "address_of",
    "addresses_of",
    "agrees_to_something",
    "check_list",
    "consents_of",
    "contact_left_with",
    "customer_of",
    "customers_found",
    "is_anybody_known",
    "known_customers",
    "masked",
    "purpose_named",
    "purposes",
    "reachable",
]

ON_A_PAGE: Final = "survey"
"""How a consent was given that was ticked on a survey's page."""
LEAST_DIGITS: Final = 4
"""So many digits of a phone number are looked for."""
T = TypeVar("T")
BATCH: Final = 500
"""Values that one query names."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How one customer may be written to. `customer` is the number of the row, `key` the pseudonym in the facts, `kind`
    email or phone, `lang` as in a document or empty where it is not known, `name` as it was given or empty.
    """

    customer: int
    key: str
    kind: str
    address: str
    lang: str
    name: str


def reachable(workspace: Workspace, purpose: str, keys: Collection[str] | None = None) -> Mapping[str, Reach]:
    """Those customers of a workspace who agreed to be written to for a purpose, still do, and have an address; by their
    key, of these keys alone where some are named. Who has both an e-mail and a phone is written to by e-mail. What was
    ticked in a response that waits in quarantine counts once that is judged: a robot may name whom it likes.
    """
    surveys = Survey.objects.filter(workspace=workspace)
    doubted = Response.objects.filter(survey__in=surveys, aside=QUARANTINE).values("response")
    consents = Consent.objects.filter(Consent.live(timezone.now()), workspace=workspace, purpose=purpose)
    agreed = consents.exclude(response__in=doubted).filter(customer=OuterRef("customer"))
    contacts = Contact.objects.filter(Exists(agreed), workspace=workspace, customer__erased_at=None)
    if keys is not None:
        contacts = contacts.filter(customer__key__in=keys)
    found: dict[str, Reach] = {}
    # An e-mail stands before a phone.
    for each in contacts.select_related("customer").order_by("customer", "kind", "pk"):
        whose = each.customer
        reach = Reach(whose.pk, whose.key, each.kind, each.address, whose.language, whose.name)
        found.setdefault(whose.key, reach)
    return found


def purposes(workspace: Workspace) -> Mapping[str, Purpose]:
    """For what customers of a workspace may agree to be written to, by id: what the documents of its services say, the
    first service's words before another's; where none says anything of feedback, `FEEDBACK`.
    """
    services = Service.objects.filter(workspace=workspace, current__isnull=False).order_by("pk")
    named: dict[str, Purpose] = {}
    for version in services.values_list("current_id", flat=True):
        if version is not None:
            named = {**purposes_of(document_of(version).purposes), **named}
    return named or {FEEDBACK.id: FEEDBACK}


def purpose_named(workspace: Workspace, id: str) -> Purpose:
    """The purpose of this id. Raises Missing `customers.purpose_unknown`."""
    known = purposes(workspace)
    if id not in known:
        raise Missing("customers.purpose_unknown", purpose=id, known=", ".join(known))
    return known[id]


@dataclass(frozen=True, slots=True)
class LeftWith:
    """What was left with a response: the address, and the name where nothing else brought one."""

    address: str
    name: str


def contact_left_with(workspace: int, response: str) -> LeftWith | None:
    """Where somebody said with a response that they want to be reached, as far as they still do: of what is known of
    this customer from elsewhere nothing.
    """
    consents = Consent.objects.filter(Consent.live(timezone.now()), workspace=workspace, response=response)
    consent = consents.select_related("contact", "customer").exclude(contact=None).first()
    if consent is None or consent.contact is None or consent.customer is None:
        return None
    elsewhere = Consent.objects.filter(customer=consent.customer_id).exclude(response=response).exists()
    return LeftWith(consent.contact.address, "" if elsewhere else consent.customer.name)


# --- a list, before it is added ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Known:
    """Customers that are there already, by what they are recognised by; and when they withdrew from a purpose."""

    by_address: Mapping[Address, Customer] = field(default_factory=dict)
    by_number: Mapping[str, Customer] = field(default_factory=dict)
    withdrew: Mapping[int, datetime] = field(default_factory=dict)

    def met_by(self, row: ReadRow) -> set[Customer]:
        """Whom a row is about."""
        found = {self.by_address[each] for each in row.addresses if each in self.by_address}
        return found | ({self.by_number[row.number]} if row.number in self.by_number else set())


@dataclass(frozen=True, slots=True)
class CheckedList:
    """A list as it would be added: its rows that are fit, whom each of them is about where that is known, and those
    that would be left out, in the order of the list.
    """

    fit: Sequence[tuple[ReadRow, Customer | None]]
    refused: Sequence[Refused]


def check_list(workspace: Workspace, rows: Sequence[NewCustomer], purpose: str, given_at: datetime) -> CheckedList:
    """What would become of a list of customers who agreed to a purpose at that time."""
    read, refused = read_rows(rows, workspace.timezone)
    known = known_customers(workspace, read, purpose)
    fit: list[tuple[ReadRow, Customer | None]] = []
    for row in read:
        met = known.met_by(row)
        fault = _clash(row, met, known, given_at)
        if fault is None:
            fit.append((row, next(iter(met), None)))
        else:
            refused.append(Refused(row.place, fault))
    return CheckedList(fit, sorted(refused, key=lambda each: each.place))


def _clash(row: ReadRow, met: Collection[Customer], known: Known, given_at: datetime) -> PeakendError | None:
    """What of a row does not go together with the customers that are there."""
    if len(met) > 1:
        return Refusal("customers.of_two")
    for customer in met:
        if row.number and customer.number and customer.number != row.number:
            return Refusal("customers.number_other", value=row.addresses[0].text)
        withdrew = known.withdrew.get(customer.pk)
        if withdrew is not None and given_at <= withdrew:
            return Refusal("customers.withdrew", day=timezone.localtime(withdrew).date().isoformat())
    return None


def known_customers(workspace: Workspace, rows: Sequence[ReadRow], purpose: str) -> Known:
    """The customers that these rows are about, as far as they are there."""
    by_address: dict[Address, Customer] = {}
    by_number: dict[str, Customer] = {}
    texts = sorted({address.text for row in rows for address in row.addresses})
    numbers = sorted({row.number for row in rows if row.number})
    for some in _batches(texts):
        contacts = Contact.objects.filter(workspace=workspace, address__in=some).select_related("customer")
        by_address |= {Address(each.kind, each.address): each.customer for each in contacts}
    for some in _batches(numbers):
        customers = Customer.objects.filter(workspace=workspace, number__in=some)
        by_number |= {str(each.number): each for each in customers}
    met = sorted({each.pk for each in (*by_address.values(), *by_number.values())})
    withdrew: dict[int, datetime] = {}
    for pks in _batches(met):
        again = Consent.objects.filter(Consent.live(timezone.now()), customer=OuterRef("customer"), purpose=purpose)
        gone = Consent.objects.filter(~Exists(again), customer__in=pks, purpose=purpose, withdrawn_at__isnull=False)
        ends = gone.order_by("withdrawn_at").values_list("customer", "withdrawn_at")
        withdrew |= {customer: at for customer, at in ends if customer is not None and at is not None}
    return Known(by_address, by_number, withdrew)


def _batches(values: Sequence[T]) -> list[Sequence[T]]:
    return [values[start : start + BATCH] for start in range(0, len(values), BATCH)]


# --- the pages --------------------------------------------------------------------------------------------------------


def customers_found(here: Standing, words: str) -> QuerySet[Customer]:
    """The customers whose name, number or address has this in it, the newest first; all of them for nothing."""
    found = visible_customers(here).prefetch_related("contacts", "consents")
    said = words.strip()
    if not said:
        return found
    contacts = Contact.objects.filter(workspace=here.workspace)
    digits = re.sub("[^0-9]", "", said).removeprefix("0")
    reached = Q(address__icontains=said)
    if len(digits) >= LEAST_DIGITS:
        reached |= Q(kind=Contact.Kind.PHONE, address__contains=digits)
    by_address = contacts.filter(reached).values("customer")
    return found.filter(Q(name__icontains=said) | Q(number__istartswith=said) | Q(pk__in=by_address))


def customer_of(here: Standing, number: int) -> Customer:
    """One customer, by the number of the row. Raises Missing `web.missing`."""
    return one(visible_customers(here).prefetch_related("contacts"), pk=number)


def consents_of(here: Standing, customer: Customer) -> list[Consent]:
    """What a customer agreed to, the newest first."""
    return list(visible_consents(here, customer))


def is_anybody_known(here: Standing) -> bool:
    """Whether there is any customer."""
    return visible_customers(here).exists()


def addresses_of(customer: Customer) -> list[Address]:
    """Where a customer that was seen is reached."""
    return [Address(each.kind, each.address) for each in customer.contacts.all()]


def agrees_to_something(customer: Customer) -> bool:
    """Whether a customer that was seen agrees to anything now."""
    now = timezone.now()
    return any(each.is_live(now) for each in customer.consents.all())


def customers_of(workspace: Workspace, keys: Collection[str]) -> Mapping[str, tuple[int, bool]]:
    """The customers with these keys who were not erased: the number of each row, and whether there is any address."""
    has = Exists(Contact.objects.filter(customer=OuterRef("pk")))
    found: dict[str, tuple[int, bool]] = {}
    for some in _batches(sorted(keys)):
        rows = Customer.objects.filter(workspace=workspace, key__in=some, erased_at=None).annotate(is_reached=has)
        found |= {row.key: (row.pk, row.is_reached) for row in rows}
    return found
