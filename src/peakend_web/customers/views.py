"""Pages of customers: whom one knows, how each is reached and what they agreed to; and a list that is added."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.messages import success
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from peakend.terms import LANGUAGE_NAMES
from peakend_web.base.guard import InWorkspace
from peakend_web.base.languages import BETWEEN_SENTENCES, reader_language
from peakend_web.base.refusals import Refusal, words_of
from peakend_web.models import Consent, Customer

from . import queries
from .actions import erase_customer, withdraw_consent
from .forms import AgreedTo, CustomerList, FindCustomers
from .lists import Column, ReadList
from .queries import masked

SIZE: Final = 100
"""Customers that one page lists."""
SHOWN: Final = 5
"""Lines of a list that are shown as they were understood."""
FAULTS: Final = 50
"""Faults of a list that are told one by one."""


def customers(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """The customers who are known, the newest first; some of them where they are looked for."""
    form = FindCustomers(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    page = Paginator(queries.customers_found(here, words), SIZE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "words": words,
        "page": page,
        "customers": [_in_words(each, shown=False) for each in page],
        "query": urlencode({"q": words}),
        "is_anybody_known": bool(words) and queries.is_anybody_known(here),
    }
    return render(
        request, "peakend_web/customers/customers.html", context, status=Refusal.status if form.errors else 200
    )


def customer(request: HttpRequest, here: InWorkspace, customer: int) -> HttpResponse:
    """One customer; the addresses not in full."""
    return _page_of(request, here, customer, shown=False)


def contacts(request: HttpRequest, here: InWorkspace, customer: int) -> HttpResponse:
    """The same with the addresses in full."""
    return _page_of(request, here, customer, shown=True)


def withdraw(request: HttpRequest, here: InWorkspace, customer: int, purpose: str) -> HttpResponse:
    """A customer does not agree any more, and told us so."""
    del request
    withdraw_consent(actor=here.person, workspace=here.workspace, customer=customer, purpose=purpose, how=STAFF)
    return redirect("customer", here.workspace.slug, customer)


def confirm_erasure(request: HttpRequest, here: InWorkspace, customer: int) -> HttpResponse:
    """Ask whether to erase a customer, saying what goes and what is kept; do so where that was answered."""
    found = queries.customer_of(here, customer)
    if request.method == "POST":
        erase_customer(actor=here.person, workspace=here.workspace, customer=found.pk)
        success(request, _("The customer is erased."))
        return redirect("customers", here.workspace.slug)
    return render(request, "peakend_web/customers/erase.html", {"one": _in_words(found, shown=False)})


# --- adding -----------------------------------------------------------------------------------------------------------


def add(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """A place for a list."""
    del here
    return render(request, "peakend_web/customers/add.html", {"form": CustomerList()})


def look_at_list(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """What was understood of a list, before anybody of it is added."""
    form = CustomerList(request.POST, request.FILES)
    read = form.read(here.workspace)
    if read is None:
        return render(request, "peakend_web/customers/add.html", {"form": form}, status=Refusal.status)
    known = queries.purposes(here.workspace)
    agreed = AgreedTo(initial={"text": form.cleaned_data["text"]}, purposes=known)
    return _preview(request, here, read, agreed)


def add_list(request: HttpRequest, here: InWorkspace) -> HttpResponse:
    """Add those customers of a list who are understood; the others are told."""
    known = queries.purposes(here.workspace)
    agreed_form = AgreedTo(request.POST, purposes=known)
    added = agreed_form.save(here.person, here.workspace) if agreed_form.is_valid() else None
    if added is not None:
        new = ngettext("%(n)s customer is new.", "%(n)s customers are new.", added.new) % {"n": added.new}
        before = ngettext("%(n)s was known already.", "%(n)s were known already.", added.known) % {"n": added.known}
        success(request, _together(new, before))
        return redirect("customers", here.workspace.slug)
    form = CustomerList({"text": request.POST.get("text", "")})
    read = form.read(here.workspace)
    if read is None:
        return render(request, "peakend_web/customers/add.html", {"form": form}, status=Refusal.status)
    return _preview(request, here, read, agreed_form, status=Refusal.status)


def _preview(
    request: HttpRequest, here: InWorkspace, read: ReadList, agreed: AgreedTo, *, status: int = 200
) -> HttpResponse:
    purpose = next(iter(queries.purposes(here.workspace)))
    found = queries.check_list(here.workspace, read.rows, purpose, timezone.now())
    new = sum(known is None for _row, known in found.fit)
    context = {
        "agreed": agreed,
        "fit": len(found.fit),
        "refused": len(found.refused),
        "faults": [(each.place, words_of(each.reason)) for each in found.refused[:FAULTS]],
        "more": max(0, len(found.refused) - FAULTS),
        "rows": [
            (row.place, [each.text for each in row.addresses], row.name, row.number, _language(row.lang or ""))
            for row, _known in found.fit[:SHOWN]
        ],
        "about": _together(
            ngettext("%(n)s of them is new.", "%(n)s of them are new.", new) % {"n": new},
            _("The first line names the columns.") if read.has_head else "",
        ),
        "columns": " · ".join(_column(each) for each in read.columns),
    }
    return render(request, "peakend_web/customers/preview.html", context, status=status)


def _together(*sentences: str) -> str:
    return BETWEEN_SENTENCES[reader_language()].join(each for each in sentences if each)


def _column(column: Column) -> str:
    return {
        "address": _("e-mail or phone"),
        "name": _("name"),
        "number": _("customer number"),
        "language": _("language"),
        "": _("not used"),
    }[column]


# --- a customer in words ----------------------------------------------------------------------------------------------


STAFF: Final = "staff"
"""How a consent was withdrawn that somebody of the staff was told of."""


@dataclass(frozen=True, slots=True)
class CustomerInWords:
    """A customer as the page tells of them: the addresses in full where they are shown."""

    row: Customer
    title: str
    language: str
    made: str
    addresses: Sequence[str]
    agreed: bool


def _in_words(customer: Customer, *, shown: bool) -> CustomerInWords:
    made = {
        Customer.Made.LIST: _("from a list"),
        Customer.Made.STAFF: _("added by staff"),
        Customer.Made.SURVEY: _("in a survey"),
    }
    return CustomerInWords(
        customer,
        customer.name or (_("Customer %(number)s") % {"number": customer.number or customer.pk}),
        _language(customer.language),
        made[Customer.Made(customer.made)],
        [each.text if shown else masked(each) for each in queries.addresses_of(customer)],
        queries.agrees_to_something(customer),
    )


def _language(code: str) -> str:
    return next((name for each, name in LANGUAGE_NAMES.items() if each == code), "")


@dataclass(frozen=True, slots=True)
class ConsentInWords:
    """A consent as the page tells of it."""

    row: Consent
    title: str
    how: str
    withdrawn_how: str
    is_live: bool
    is_over: bool


def _page_of(request: HttpRequest, here: InWorkspace, number: int, *, shown: bool) -> HttpResponse:
    found = queries.customer_of(here, number)
    now, lang, purposes = timezone.now(), reader_language(), queries.purposes(here.workspace)
    consents = [
        ConsentInWords(
            each,
            purposes[each.purpose].title[lang] if each.purpose in purposes else each.purpose,
            _how(each.how),
            _how(each.withdrawn_how),
            each.is_live(now),
            each.lasts_until is not None and each.lasts_until <= now,
        )
        for each in queries.consents_of(here, found)
    ]
    context: dict[str, Any] = {"one": _in_words(found, shown=shown), "consents": consents, "shown": shown}
    return render(request, "peakend_web/customers/customer.html", context)


def _how(how: str) -> str:
    known = {queries.ON_A_PAGE: _("on the page of a survey"), STAFF: _("told to our staff")}
    return known.get(how, how)
