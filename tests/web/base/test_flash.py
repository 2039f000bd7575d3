"""What is shown once: to whoever made it, on the page it is for, for five minutes."""

from __future__ import annotations

from http.cookies import SimpleCookie
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from peakend_web.base import flash

PAGE = "/w/harbour/keys/"
KEY = {"key": "pe_once"}


def request(path: str, who: int = 1, cookies: SimpleCookie | None = None, **posted: str) -> HttpRequest:
    made = RequestFactory().post(path, posted) if posted else RequestFactory().get(path)
    made.user = SimpleNamespace(pk=who)  # type: ignore[assignment]
    made.COOKIES = {name: morsel.value for name, morsel in (cookies or {}).items()}
    return made


def sent() -> HttpResponse:
    """The reply to Olivia's form."""
    return flash.send(request("/w/harbour/keys/make/"), PAGE, KEY)


def test_the_page_that_it_leads_to_shows_it_to_whoever_made_it_and_to_nobody_else() -> None:
    response = sent()
    assert (response.status_code, response["Location"]) == (302, PAGE)
    assert flash.read(request(PAGE, cookies=response.cookies)) == KEY
    assert flash.read(request(PAGE, who=2, cookies=response.cookies)) is None
    assert flash.read(request("/w/harbour/people/", cookies=response.cookies)) is None
    assert flash.read(request(PAGE)) is None


def test_its_cookie_goes_to_that_page_alone_and_no_script_reads_it() -> None:
    morsel = sent().cookies[flash.COOKIE]
    names = ("path", "max-age", "httponly", "samesite")
    assert [morsel[name] for name in names] == [PAGE, flash.SECONDS, True, "Lax"]


def test_the_page_that_showed_it_takes_it_away_and_is_kept_nowhere() -> None:
    here = request(PAGE, cookies=sent().cookies)
    untouched = flash.clear(request(PAGE), HttpResponse())
    assert (dict(untouched.cookies), untouched.headers.get("Cache-Control")) == ({}, None)
    flash.read(here)
    shown = flash.clear(here, HttpResponse())
    assert (shown.cookies[flash.COOKIE]["max-age"], shown["Cache-Control"]) == (0, "no-store")


def test_whoever_changes_the_language_of_the_page_sees_it_there_once_more() -> None:
    sealed = sent().cookies[flash.COOKIE].value
    carried = flash.carry(request("/language/", once=sealed), HttpResponse(), PAGE)
    assert flash.read(request(PAGE, cookies=carried.cookies)) == KEY
    for other in (request("/language/", who=2, once=sealed), request("/language/", once="forged")):
        assert dict(flash.carry(other, HttpResponse(), PAGE).cookies) == {}


def test_after_five_minutes_there_is_nothing_to_show(monkeypatch: pytest.MonkeyPatch) -> None:
    cookies, now = sent().cookies, signing.time.time()  # type: ignore[attr-defined]
    later: Any = SimpleNamespace(time=lambda: now + flash.SECONDS + 1)
    monkeypatch.setattr(signing, "time", later)
    assert flash.read(request(PAGE, cookies=cookies)) is None
