"""Addresses of customers."""

from __future__ import annotations

from peakend_web.base.route import WORKSPACE, route
from peakend_web.models import Customer

from . import views

ALL = WORKSPACE + "customers/"
ONE = ALL + "<int:customer>/"

urlpatterns = [
    route(
        ALL,
        views.customers,
        name="customers",
        permission="see_contacts",
        scope="workspace",
        menu="customers",
        reads="read_customers",
    ),
    route(
        ALL + "add/",
        views.add,
        name="add-customers",
        permission="change_contacts",
        scope="workspace",
        menu="customers",
    ),
    route(
        ALL + "look/",
        views.look_at_list,
        name="look-at-customers",
        permission="change_contacts",
        scope="workspace",
        verbs="POST",
        page=ALL + "add/",
        shows_page=True,
    ),
    route(
        ALL + "keep/",
        views.add_list,
        name="keep-customers",
        permission="change_contacts",
        scope="workspace",
        verbs="POST",
        page=ALL + "add/",
    ),
    route(
        ONE,
        views.customer,
        name="customer",
        permission="see_contacts",
        scope="workspace",
        menu="customers",
        reads="read_customer",
        about=Customer,
    ),
    route(
        ONE + "contacts/",
        views.contacts,
        name="customer-contacts",
        permission="see_contacts",
        scope="workspace",
        menu="customers",
        reads="read_contacts",
        about=Customer,
    ),
    route(
        ONE + "withdraw/<str:purpose>/",
        views.withdraw,
        name="withdraw-consent",
        permission="change_contacts",
        scope="workspace",
        verbs="POST",
        page=ONE,
    ),
    route(
        ONE + "erase/",
        views.confirm_erasure,
        name="erase-customer",
        permission="change_contacts",
        scope="workspace",
        verbs="GET POST",
        menu="customers",
    ),
]
