"""A case is found again: by its state, by words, by its number, by its touchpoint; by nobody who does not see it, and
by no word they do not read.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from peakend_web.models import Case, Person
from peakend_web.recovery import views as view
from peakend_web.recovery.actions import close_case, open_case
from tests.web.conftest import Clinic, browser_of
from tests.web.recovery.test_case_pages import words_of

CASES = "/w/harbour/cases/"


@pytest.fixture
def lin(clinic: Clinic) -> dict[str, Case]:
    """Mrs Lin's case is closed; Mr Wang's and Mr Zhao's, who came to the west, are open."""
    made = {
        "lin": opened(clinic, "lin", site="east", touchpoint="wait", words="等了兩個小時，請打 0912-345-678 給我。"),
        "wang": opened(clinic, "wang", site="east", touchpoint="register", words="The queue was long."),
        "zhao": opened(clinic, "zhao", site="west", touchpoint="wait", words="The queue was endless."),
    }
    close_case(actor=clinic.wu, case=made["lin"], note="Called 0912-345-678 and said sorry.")
    return made


def opened(clinic: Clinic, who: str, **about: Any) -> Case:
    made = open_case(
        actor=None,
        service=clinic.service,
        source="s",
        source_key=who,
        response=who,
        value=1.0,
        low=1.0,
        high=5.0,
        item="waiting",
        **about,
    )
    assert made
    return made


def found(who: Person, query: str = "") -> list[int]:
    page = browser_of(who).get(CASES + query).content.decode()
    return [int(number) for number in re.findall(rf'href="{CASES}(\d+)/"', page)]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["wang", "zhao"]),
        ("?state=closed", ["lin"]),
        ("?state=all", ["zhao", "wang", "lin"]),
        ("?state=all&q=queue", ["zhao", "wang"]),
        ("?state=all&q=queue+long", ["wang"]),
        ("?state=closed&q=兩個小時", ["lin"]),
        ("?state=closed&q=sorry", ["lin"]),
        ("?state=all&touchpoint=wait", ["zhao", "lin"]),
        ("?state=open&touchpoint=register", ["wang"]),
        ("?state=all&q=nothing", []),
    ],
)
def test_cases_are_found_by_state_words_and_touchpoint(
    clinic: Clinic, lin: dict[str, Case], query: str, names: list[str]
) -> None:
    assert found(clinic.wu, query) == [lin[name].pk for name in names]


@pytest.mark.parametrize("sign", ["", "%23"])
def test_a_case_is_found_by_its_number_which_stands_on_it(clinic: Clinic, lin: dict[str, Case], sign: str) -> None:
    number = lin["lin"].pk
    assert number in found(clinic.wu, f"?state=all&q={sign}{number}")
    read = words_of(browser_of(clinic.wu), f"{CASES}?state=closed")
    assert ("One closed case" in read, f"Case {number}" in read, "closed today" in read) == (True, True, True)
    assert f"Case {number}" in words_of(browser_of(clinic.wu), f"{CASES}{number}/")


def test_a_low_answer_that_joined_a_case_is_found_by_its_touchpoint_too(clinic: Clinic, lin: dict[str, Case]) -> None:
    open_case(
        actor=None,
        service=clinic.service,
        source="s",
        source_key="wang-2",
        response="wang",
        value=1.0,
        item="waiting",
        touchpoint="consult",
    )
    assert found(clinic.wu, "?touchpoint=consult") == [lin["wang"].pk]


def test_nurse_chen_finds_the_cases_of_her_site_alone(clinic: Clinic, lin: dict[str, Case]) -> None:
    assert found(clinic.chen, "?state=all") == [lin["wang"].pk, lin["lin"].pk]
    assert found(clinic.chen, f"?state=all&q=%23{lin['zhao'].pk}") == []
    assert browser_of(clinic.victor).get(f"{CASES}?state=all").status_code == 403


def test_contact_data_are_read_and_found_by_those_alone_who_work_on_cases(clinic: Clinic, lin: dict[str, Case]) -> None:
    number, case = "345-678", f"{CASES}{lin['lin'].pk}/"
    assert (found(clinic.wu, f"?state=all&q={number}"), found(clinic.mei, f"?state=all&q={number}")) == (
        [lin["lin"].pk],
        [],
    )
    assert found(clinic.mei, "?state=all&q=兩個小時") == [lin["lin"].pk]
    assert [number in words_of(browser_of(who), case) for who in (clinic.wu, clinic.chen, clinic.mei)] == [
        True,
        True,
        False,
    ]
    assert [number in words_of(browser_of(who), f"{CASES}?state=all") for who in (clinic.wu, clinic.mei)] == [
        False,
        False,
    ]


def test_many_cases_are_shown_page_by_page_and_the_pages_keep_what_is_looked_for(
    clinic: Clinic, lin: dict[str, Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "SIZE", 1)
    page = browser_of(clinic.wu).get(f"{CASES}?state=all&q=queue").content.decode()
    assert "?state=all&amp;q=queue&amp;touchpoint=&amp;page=2" in page
    assert found(clinic.wu, "?state=all&q=queue&page=2") == [lin["wang"].pk]


@pytest.mark.parametrize("query", ["?state=asleep", "?touchpoint=moon", "?q=%00", "?page=9999999999"])
def test_an_address_that_asks_for_what_there_is_not_is_told_so_and_shows_what_is_open(
    clinic: Clinic, lin: dict[str, Case], query: str
) -> None:
    reply = browser_of(clinic.wu).get(CASES + query)
    assert (reply.status_code, Case.objects.filter(closed_at__lte=timezone.now()).count()) == (
        200 if "page" in query else 422,
        1,
    )
    assert found(clinic.wu, query) == [lin["wang"].pk, lin["zhao"].pk]
