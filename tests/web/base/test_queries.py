"""What a page asks of the database: who one is, once; and the same few things however much there is to show."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from peakend_web.asking import actions as surveys
from peakend_web.models import Person, Role
from peakend_web.people.actions import members
from peakend_web.recovery import actions as cases
from tests.web.base.test_access_matrix import DECLARED
from tests.web.conftest import Clinic, browser_of

PAGES = sorted(
    each.pattern
    for each in DECLARED
    if each.declared
    and each.declared.scope in ("workspace", "service")
    and "GET" in each.declared.verbs
    and set(each.captures) <= {"workspace", "service"}
)
MOST = 17
"""Queries of any page: session, person, standing with its sites, service, what the frame shows, and what the page is
about.
"""


def asked(who: Person, address: str) -> list[str]:
    """What this person's page asks, when it has been opened before."""
    browser = browser_of(who, raise_request_exception=False)
    b"".join(browser.get(address))
    with CaptureQueriesContext(connection) as queries:
        b"".join(browser.get(address))
    return [each["sql"] for each in queries.captured_queries]


def standings(queries: list[str]) -> int:
    """How often it was asked what somebody is here."""
    return sum(
        'FROM "peakend_web_membership"' in each
        and '"peakend_web_membership"."person_id" =' in each
        and '"slug" =' in each
        for each in queries
    )


@pytest.fixture
def busy(clinic: Clinic) -> Clinic:
    """The clinic with something of everything."""
    survey = surveys.publish_survey(actor=clinic.olivia, service=clinic.service, item="after-visit")
    for n in range(6):
        surveys.add_place(actor=clinic.olivia, survey=survey, label=f"Counter {n}", site="east")
        cases.open_case(
            actor=None,
            service=clinic.service,
            source="s",
            source_key=str(n),
            response=f"r{n}",
            site="east",
            words="Cold.",
        )
        members.invite(
            actor=clinic.olivia,
            workspace=clinic.workspace,
            email=f"{n}@x.example",
            role=Role.VIEWER,
            sites=[clinic.east],
        )
    return clinic


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_once_who_one_is_and_little_else(busy: Clinic, page: str) -> None:
    address = "/" + page.replace("<slug:workspace>", "harbour").replace("<slug:service>", "outpatient")
    asked_by = {who.name: asked(who, address) for who in (busy.victor, busy.chen, busy.olivia)}
    assert {who: (standings(queries), max(len(queries), MOST)) for who, queries in asked_by.items()} == dict.fromkeys(
        asked_by, (1, MOST)
    ), asked_by
