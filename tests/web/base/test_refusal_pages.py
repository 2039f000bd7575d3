"""The page of a refusal: whoever is signed in has their menu on it and a way back; whoever is not learns nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import adbc_driver_manager
import adbc_driver_postgresql
import psycopg
import pytest
from django.db import DatabaseError, connections
from django.db.utils import load_backend
from django.test import Client
from django.urls import path

from peakend_web import urls
from peakend_web.base.storage import storage_fault
from peakend_web.models import Membership
from peakend_web.settings import database
from tests.web.conftest import Clinic, browser_of

BUTTON = re.compile(r'<a class="button" href="([^"]*)">')
PLACES = re.compile(r'(?s)<ul class="places">(.*?)</ul>')


def stumble(request: object) -> None:
    raise ZeroDivisionError


def lose_the_database(request: object) -> None:
    raise DatabaseError


urlpatterns = [*urls.urlpatterns, path("stumble/", stumble), path("lost/", lose_the_database)]
handler404, handler500 = urls.handler404, urls.handler500
FRONT = ["/w/harbour/cases/", *(f"/w/harbour/outpatient/{page}" for page in ("", "journey/", "surveys/", "methods/"))]


def seen(client: Client, address: str) -> tuple[int, list[str], str]:
    """What a page says that it is, where its menu leads, and where its button leads."""
    response = client.get(address)
    html = response.content.decode()
    menu = "".join(PLACES.findall(html))
    return response.status_code, re.findall(r'href="([^"]*)"', menu), "".join(BUTTON.findall(html))


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/w/harbour/people/", 403),
        ("/w/harbour/audit/", 403),
        ("/w/harbour/outpatient/data/", 403),
        ("/w/harbour/outpatient/nowhere/", 404),
        ("/w/harbour/nowhere/", 404),
        ("/w/harbour/cases/999/", 404),
        ("/w/lakeside/stay/", 404),
        ("/w/nowhere/", 404),
        ("/nowhere/", 404),
    ],
)
def test_nurse_chen_finds_her_menu_and_the_way_back_on_a_page_that_she_cannot_have(
    clinic: Clinic, address: str, status: int
) -> None:
    assert seen(browser_of(clinic.chen), address) == (status, FRONT, FRONT[0])


def test_a_workspace_of_others_is_told_like_one_that_there_is_not(clinic: Clinic) -> None:
    sam = browser_of(clinic.sam)
    own = seen(sam, "/w/nowhere/")
    assert own[1][0] == "/w/lakeside/stay/"
    assert (seen(sam, "/w/harbour/outpatient/"), seen(sam, "/w/harbour/")) == (own, own)


def test_whoever_works_nowhere_any_more_has_the_start_page_alone(clinic: Clinic) -> None:
    Membership.objects.filter(person=clinic.victor).delete()
    assert seen(browser_of(clinic.victor), "/w/harbour/") == (404, [], "/")


def test_whoever_is_not_signed_in_sees_no_menu(clinic: Clinic) -> None:
    assert seen(Client(), "/nowhere/") == (404, [], "/")


@pytest.mark.urls("tests.web.base.test_refusal_pages")
def test_after_a_fault_of_ours_one_goes_on_by_the_menu_unless_it_is_the_database_that_failed(clinic: Clinic) -> None:
    chen: Any = browser_of(clinic.chen, raise_request_exception=False)
    assert seen(chen, "/stumble/") == (500, FRONT, FRONT[0])
    assert seen(chen, "/lost/") == (500, [], "")
    assert seen(Client(raise_request_exception=False), "/stumble/") == (500, [], "")


NOWHERE = "postgresql://nobody@127.0.0.1:1/none"
"""An address at which no database answers."""


@pytest.fixture
def _unanswered(clinic: Clinic) -> Iterator[None]:
    """From here on the database of the clinic takes no connection."""
    there, settings = connections["default"], {**connections.settings["default"], **database(NOWHERE, Path())}
    connections["default"] = load_backend("django.db.backends.postgresql").DatabaseWrapper(settings, "default")
    try:
        yield
    finally:
        connections["default"] = there


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/w/harbour/outpatient/", "Quote this when you ask for help: <code>storage.unavailable</code>"),
        ("/api/v1/workspaces/harbour/services/outpatient/methods/nps", '"error": "storage.unavailable"'),
        ("/s/abcdefgh", "Your answers cannot be saved at the moment."),
    ],
)
def test_where_the_database_takes_no_connection_everybody_is_told_to_try_again_in_a_moment(
    clinic: Clinic,
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
    address: str,
    said: str,
) -> None:
    chen = browser_of(clinic.chen, raise_request_exception=False)
    chen.defaults["HTTP_AUTHORIZATION"] = "Bearer pe_" + "x" * 40
    request.getfixturevalue("_unanswered")
    told = chen.get(address, headers={"accept-language": "en"})
    assert (told.status_code, told.headers["Retry-After"], said in told.content.decode()) == (503, "5", True)
    assert {record.exc_info for record in caplog.records} == {None}
    assert any(record.getMessage().startswith("storage.unavailable: connection failed") for record in caplog.records)


def test_an_answer_of_the_database_is_told_from_its_silence() -> None:
    def fault(error: BaseException) -> str:
        found = storage_fault(error)
        return found.id if found else ""

    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect(NOWHERE)
    with pytest.raises(adbc_driver_manager.OperationalError) as refused_too:
        adbc_driver_manager.AdbcConnection(adbc_driver_postgresql.connect(NOWHERE))
    errors = psycopg.errors
    silent = [refused.value, refused_too.value, errors.TooManyConnections(), errors.AdminShutdown()]
    spoken = [errors.DeadlockDetected(), errors.UniqueViolation(), errors.QueryCanceled(), ZeroDivisionError()]
    assert [*map(fault, silent)] == ["storage.unavailable"] * 4
    assert [*map(fault, spoken)] == [""] * 4
    assert fault(errors.DiskFull()) == "storage.full"


def test_an_address_with_a_nul_is_missing_on_every_database(clinic: Clinic) -> None:
    wu = browser_of(clinic.wu)
    assert [wu.get(f"/{where}").status_code for where in ("w/a%00b/", "w/a%00b/outpatient/design/", "%00")] == [404] * 3
