"""Who may see how customers are reached, and change it: whoever leads, of all sites, for a customer is of none. And
which customers somebody sees.
"""

from __future__ import annotations

from django.db.models import QuerySet

from peakend_web.base.grants import Standing, declare, is_everywhere, leads
from peakend_web.models import Consent, Customer

declare(see_contacts=leads & is_everywhere, change_contacts=leads & is_everywhere)


def visible_customers(here: Standing) -> QuerySet[Customer]:
    """The customers that were not erased, the newest first."""
    customers = Customer.objects.filter(workspace=here.workspace, erased_at=None)
    return customers if here.sites is None else customers.none()


def visible_consents(here: Standing, customer: Customer) -> QuerySet[Consent]:
    """What a customer agreed to, the newest first."""
    consents = Consent.objects.filter(workspace=here.workspace, customer=customer)
    return consents if here.sites is None else consents.none()
