"""What opens a door is shown to whom it is for, once: not to the support staff, not in a log, not to the next page."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from django.test import Client

from peakend_web.admin import HIDDEN_FIELDS, site
from peakend_web.base import logs
from peakend_web.models import ApiKey, AuditEntry, OutboxEntry, Person, Role
from peakend_web.people.actions import keys, members
from peakend_web.running.views import entry_to
from tests.web.base.test_access_matrix import DECLARED
from tests.web.conftest import PASSWORD, Clinic, browser_of

TABLES = sorted(str(model._meta.model_name) for model in site._registry)


def secrets_of(model: Any, deeper: int = 1) -> list[str]:
    """Every way from this table to a column that opens something, through other tables too."""
    found = [field.name for field in model._meta.get_fields() if field.name in HIDDEN_FIELDS]
    for field in model._meta.get_fields():
        if deeper and field.is_relation and field.related_model and not field.hidden:
            found += [f"{field.name}__{each}" for each in secrets_of(field.related_model, deeper - 1)]
    return found


@pytest.fixture
def staff(clinic: Clinic) -> Client:
    keys.make_key(actor=clinic.olivia, workspace=clinic.workspace, name="Kiosk", scope=ApiKey.Scope.READ)
    return browser_of(
        Person.objects.create_user("support@peakend.example", PASSWORD, name="Support", is_staff=True),
        raise_request_exception=False,
    )


@pytest.mark.parametrize("table", TABLES)
def test_the_support_pages_answer_no_question_about_what_opens_a_door(
    clinic: Clinic, staff: Client, table: str
) -> None:
    model = next(model for model in site._registry if model._meta.model_name == table)
    ways = [f"{way}__{how}" for way in secrets_of(model) for how in ("startswith", "contains", "regex", "exact", "gt")]
    told = {way: staff.get(f"/support/{table}/", {way: "a"}).status_code for way in ways}
    assert told == dict.fromkeys(ways, 400)


@pytest.mark.parametrize("table", TABLES)
def test_the_support_pages_show_no_hash(clinic: Clinic, staff: Client, table: str) -> None:
    hashes = [
        value
        for model in (Person, ApiKey)
        for row in model.objects.values()
        for name, value in row.items()
        if name in HIDDEN_FIELDS and value
    ]
    model = next(model for model in site._registry if model._meta.model_name == table)
    pages = [staff.get(f"/support/{table}/")] + [
        staff.get(f"/support/{table}/{row.pk}/") for row in model._default_manager.all()[:20]
    ]
    assert {page.status_code for page in pages} == {200}
    assert [value for value in hashes for page in pages if value in page.content.decode()] == []


def test_the_filters_of_the_support_pages_go_on_working(clinic: Clinic, staff: Client) -> None:
    page = staff.get("/support/membership/", {"role__exact": "owner"})
    assert (page.status_code, page.context["cl"].result_count) == (200, 2)


@pytest.mark.parametrize("capture", ["secret", "entry"])
def test_every_address_that_opens_something_is_cut_out_of_the_log(
    capture: str, caplog: pytest.LogCaptureFixture
) -> None:
    where = [each for each in DECLARED if capture in each.captures]
    assert where
    for each in where:
        address = each.filled({capture: "aVery-secret_Thing1"})
        logging.getLogger("django.request").warning("Not Found: %s", address)
        logging.getLogger("another.library").error(f"GET {address}?next=%2Fjoin%2FaVery-secret_Thing1%2F HTTP/1.1")
    assert "aVery-secret_Thing1" not in caplog.text
    assert len(caplog.records) == 2 * len(where)


def test_a_live_invitation_reaches_no_log_no_trail_and_no_outbox(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _, secret = members.invite(
        actor=clinic.wu, workspace=clinic.workspace, email="lin@harbour.example", role=Role.FRONTLINE
    )
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    replies = [
        strict.post(f"/join/{secret}/", {"name": "Lin", "password": "x"}),
        strict.get(f"/join/{secret}/more/"),
        strict.delete(f"/join/{secret}/"),
        strict.get(f"/join/{secret}"),
        browser_of(clinic.victor).post(f"/join/{secret}/"),
        strict.get(f"/join/{secret}/"),
    ]
    assert [reply.status_code for reply in replies] == [403, 404, 403, 301, 403, 200]
    assert secret not in caplog.text
    assert "/join/…" in caplog.text
    assert secret not in str([*AuditEntry.objects.values(), *OutboxEntry.objects.values()])


def test_an_exception_that_names_a_key_is_cut_too() -> None:
    error = ValueError("pe_abcdefghijklmnop did not fit, nor did /enter/eyJwZXJzb24iOjF9:1x:y/")
    record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "failed", (), (ValueError, error, None))
    line = logs.WithoutSecrets("%(message)s").format(record)
    assert not re.search("abcdef|eyJ", line)


def test_what_is_no_secret_stays_in_the_log() -> None:
    said = "Not Found: /w/harbour/people/12/?page=2&name=code of joiners/enter"
    assert logs.without_secrets(said) == said


def test_a_page_that_a_secret_opens_tells_no_other_page_and_is_not_kept(clinic: Clinic) -> None:
    _, secret = members.invite(
        actor=clinic.olivia, workspace=clinic.workspace, email="lin@harbour.example", role=Role.FRONTLINE
    )
    visitor = Person.objects.create_user("demo@peakend.example", name="Demo")
    for address in (f"/join/{secret}/", "/join/made-up/", entry_to(visitor), "/set-up/?code=1"):
        headers = Client().get(address).headers
        assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("strict-origin", "no-store")
