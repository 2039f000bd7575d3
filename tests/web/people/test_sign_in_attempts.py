"""Guessing is slow for whoever guesses, and for nobody else."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password, make_password
from django.test import Client

from peakend_web.base.workers.threads import Desks
from peakend_web.models import Person
from peakend_web.people import sign_in_attempts
from peakend_web.people.password_hashes import processes
from tests.web.conftest import PASSWORD, Clinic, browser_of

WRONG = "not a long walk at all"


def sign_in(browser: Client, email: str, password: str = WRONG, address: str = "203.0.113.9") -> int:
    return browser.post("/sign-in/", {"email": email, "password": password}, REMOTE_ADDR=address).status_code


def test_many_accounts_tried_from_one_address_are_slowed_and_other_addresses_are_not(clinic: Clinic) -> None:
    statuses = [sign_in(Client(), f"guess{number}@harbour.example") for number in range(40)]
    assert (statuses[:30], set(statuses[30:])) == ([422] * 30, {429})
    told = Client().post(
        "/sign-in/", {"email": "olivia@harbour.example", "password": PASSWORD}, REMOTE_ADDR="203.0.113.9"
    )
    assert (told.status_code, int(told.headers["Retry-After"]) > 0) == (429, True)
    assert sign_in(Client(), "olivia@harbour.example", PASSWORD, "198.51.100.7") == 302


def test_an_account_that_is_tried_from_everywhere_is_slowed_for_strangers_and_its_owner_still_comes_in_with_her_device(
    clinic: Clinic,
) -> None:
    hers = Client()
    assert sign_in(hers, "olivia@harbour.example", PASSWORD) == 302
    hers.post("/sign-out/")
    statuses = [sign_in(Client(), "olivia@harbour.example", address=f"198.51.100.{number}") for number in range(30)]
    assert (statuses[:20], set(statuses[20:])) == ([422] * 20, {429})
    assert sign_in(Client(), "olivia@harbour.example", PASSWORD, "192.0.2.1") == 429
    assert sign_in(hers, "olivia@harbour.example", PASSWORD) == 302


def test_a_neighbour_behind_the_same_router_does_not_lock_anybody_out(clinic: Clinic) -> None:
    hers = Client()
    assert sign_in(hers, "olivia@harbour.example", PASSWORD) == 302
    hers.post("/sign-out/")
    assert {sign_in(Client(), "olivia@harbour.example") for _ in range(60)} == {422, 429}
    assert sign_in(hers, "olivia@harbour.example", PASSWORD) == 302


def test_a_device_that_is_known_is_counted_too_and_is_known_to_nobody_elses_account(clinic: Clinic) -> None:
    stolen = Client()
    assert sign_in(stolen, "wu@harbour.example", PASSWORD) == 302
    stolen.post("/sign-out/")
    statuses = [sign_in(stolen, "wu@harbour.example") for _ in range(12)]
    assert (statuses[:10], set(statuses[10:])) == ([422] * 10, {429})
    assert sign_in_attempts.at_sign_in(request_of(stolen), "olivia@harbour.example")[0][0] == "address"


def request_of(browser: Client) -> Any:
    return browser.get("/sign-in/").wsgi_request


def test_a_word_of_a_device_that_nobody_signed_is_none(clinic: Clinic) -> None:
    browser = Client()
    browser.cookies[sign_in_attempts.COOKIE] = '{"name": "x", "people": [1, 2, 3, 4, 5]}'
    assert sign_in_attempts.at_sign_in(request_of(browser), "olivia@harbour.example")[0][0] == "address"


def test_tries_are_forgotten_one_after_the_other(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.monotonic()
    for number in range(31):
        sign_in(Client(), f"guess{number}@harbour.example")
    assert sign_in(Client(), "olivia@harbour.example", PASSWORD) == 429
    monkeypatch.setattr("peakend_web.base.tries.time.monotonic", lambda: now + 60)
    assert sign_in(Client(), "olivia@harbour.example", PASSWORD) == 302


def test_the_current_password_can_be_guessed_a_few_times_only_by_whoever_sits_at_an_open_session(
    clinic: Clinic,
) -> None:
    browser = browser_of(clinic.olivia)
    form = {"current": WRONG, "password": "another long walk by the sea"}
    statuses = [browser.post("/account/password/", form).status_code for _ in range(12)]
    assert (statuses[:8], set(statuses[8:])) == ([422] * 8, {429})
    assert browser.post("/account/password/", {**form, "current": PASSWORD}).status_code == 429
    assert Person.objects.get(pk=clinic.olivia.pk).check_password(PASSWORD)


def test_the_code_that_takes_the_second_factor_away_can_be_guessed_a_few_times_only(clinic: Clinic) -> None:
    browser = browser_of(clinic.olivia)
    statuses = [
        browser.post("/account/second-factor/remove/", {"code": f"{number:06d}"}).status_code for number in range(12)
    ]
    assert set(statuses[8:]) == {429}


def test_a_command_makes_a_hash_itself_and_waits_for_nobody_while_the_server_has_it_made_beside(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["peakend_web.people.password_hashes.Argon2"]
    begun = set(processes.pids)
    by_command = make_password(PASSWORD)
    assert (check_password(PASSWORD, by_command), processes.pids) == (True, begun)
    with Desks(1).one():
        beside = make_password(PASSWORD)
        assert [check_password(PASSWORD, each) for each in (by_command, beside)] == [True, True]
    assert len(processes.pids) == 1


def test_the_hash_is_argon2_and_one_that_was_made_before_still_holds(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    before = make_password(PASSWORD)
    settings.PASSWORD_HASHERS = ["peakend_web.people.password_hashes.Argon2"]
    with Desks(1).one():
        now = make_password(PASSWORD)
        assert now.startswith("argon2$argon2id$v=19$m=102400,t=2,p=2$")
        assert [check_password(PASSWORD, each) for each in (before, now)] == [True, True]
        assert check_password(WRONG, now) is False
