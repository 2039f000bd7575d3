"""Verbs on customers: added with what they agreed to, what they agree to and withdraw, and that they are erased.

The trail of these verbs names customers by the number of their row alone: it cannot forget.
"""

from __future__ import annotations

from peakend_web.customers.rows import Added, NewCustomer, Refused

from .additions import add_customers
from .consents import give_consent, withdraw_consent
from .erasure import erase_customer
from .left_contacts import forget_left_contacts, keep_left_contact

__all__ = [
    "Added",
    "NewCustomer",
    "Refused",
    "add_customers",
    "erase_customer",
    "forget_left_contacts",
    "give_consent",
    "keep_left_contact",
    "withdraw_consent",
]
