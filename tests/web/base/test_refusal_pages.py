"""The page of a refusal: whoever is signed in has their menu on it and a way back; whoever is not learns nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import path

from peakend_web import urls
from peakend_web.models import Membership
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
