from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import path

from peakend.errors import PeakendError
from peakend_web import urls
from peakend_web.base.languages import LANGS
from peakend_web.models import Language
from tests.web.conftest import Clinic, browser_of, client_at_the_front

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def stumble(request: object) -> None:
    raise ZeroDivisionError


urlpatterns = [*urls.urlpatterns, path("stumble/", stumble)]
handler500 = urls.handler500

PAGES = [
    "/",
    "/sign-in/",
    "/account/",
    "/w/harbour/people/",
    "/w/harbour/services/",
    "/no/such/page",
    "/w/lakeside/",
    "/static/no-such.css",
    "/api/v1/openapi.json",
]


@pytest.mark.parametrize("address", [*PAGES, "/stumble/"])
@pytest.mark.urls("tests.web.base.test_headers")
def test_every_reply_carries_the_policy_and_the_headers_of_a_careful_site(clinic: Clinic, address: str) -> None:
    response = browser_of(clinic.olivia, raise_request_exception=False).get(address)
    found = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
    assert found == POLICY
    others = ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy")
    assert {name: response.headers[name] for name in others} == dict(
        zip(others, ("nosniff", "DENY", "same-origin", "same-origin"), strict=True)
    )


def test_no_page_has_a_script_a_style_or_a_handler_of_its_own_or_asks_another_host(clinic: Clinic) -> None:
    browser = browser_of(clinic.olivia)
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")|<style|\sstyle=|\son\w+=|javascript:|(?:src|href|action)=\"(?:https?:)?//",
        re.IGNORECASE,
    )
    addresses = [
        *PAGES[:5],
        "/w/harbour/outpatient/",
        "/w/harbour/outpatient/methods/",
        "/w/harbour/outpatient/versions/",
        "/w/harbour/cases/",
        "/w/harbour/audit/",
    ]
    found = {address: inline.findall(browser.get(address, follow=True).content.decode()) for address in addresses}
    assert {address: hits for address, hits in found.items() if hits} == {}


def test_cookies_are_closed_to_scripts_and_to_other_sites(clinic: Clinic) -> None:
    browser = Client()
    browser.post("/sign-in/", {"email": clinic.wu.email, "password": "a long walk by the sea"})
    session = browser.cookies["peakend_session"]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")


@pytest.mark.parametrize("code", Language.values)
def test_an_error_page_says_what_and_what_to_do_in_the_readers_language(clinic: Clinic, code: str) -> None:
    clinic.victor.language = code
    clinic.victor.save()
    told: list[Any] = []
    for address, id in (
        ("/no/such/page", "web.missing"),
        ("/w/lakeside/", "web.missing"),
        ("/w/harbour/people/", "web.not_allowed"),
    ):
        response = browser_of(clinic.victor).get(address)
        words, html = PeakendError(id), response.content.decode()
        told.append(
            (
                response.status_code,
                words.message(LANGS[code]) in html,
                words.hint(LANGS[code]) in html,
                f'lang="{LANGS[code]}"' in html,
            )
        )
    assert told == [(404, True, True, True), (404, True, True, True), (403, True, True, True)]


@pytest.mark.urls("tests.web.base.test_headers")
def test_a_fault_of_ours_is_owned_in_three_languages_and_tells_nothing_of_the_inside(clinic: Clinic) -> None:
    response = Client(raise_request_exception=False).get("/stumble/")
    html = response.content.decode()
    assert (response.status_code, "ZeroDivisionError" in html, "Traceback" in html) == (500, False, False)
    assert [words in html for words in ("The fault is ours.", "這是我們的問題。", "这是我们的问题。")] == [True] * 3


def test_a_program_is_told_of_a_missing_address_as_data(clinic: Clinic) -> None:
    response = Client().get("/api/v1/nothing")
    assert (response.status_code, response.json()["error"]) == (404, "web.missing")


def test_a_request_for_another_host_is_refused(clinic: Clinic) -> None:
    assert Client(HTTP_HOST="evil.example").get("/sign-in/").status_code == 400


def test_a_request_for_another_host_leaves_one_line_in_the_log(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    Client(HTTP_HOST="evil.example").get("/sign-in/")
    of_security = [record for record in caplog.records if record.name.startswith("django.security")]
    assert [(record.exc_info, record.getMessage()[:41]) for record in of_security] == [
        (None, "Invalid HTTP_HOST header: 'evil.example'.")
    ]


CODECS = (
    "hex",
    "base64",
    "rot13",
    "zip",
    "bz2",
    "uu",
    "quopri",
    "punycode",
    "undefined",
    "idna",
    "utf-7",
    "utf-16",
    "unicode_escape",
    "no-such",
)


@pytest.mark.parametrize(
    "address",
    ["/", "/sign-in/", "/nowhere/", "/s/nowhere", "/health", "/api/v1/harbour/outpatient/methods/nps", "/w/harbour/"],
)
def test_no_codec_of_python_makes_an_address_fail(clinic: Clinic, address: str) -> None:
    client = client_at_the_front()
    usual = client.get(f"{address}?x=%ff1").status_code
    for codec in CODECS:
        kind = f"text/plain; charset={codec}"
        assert client.get(f"{address}?x=%ff1", content_type=kind).status_code == usual, codec
        assert client.generic("POST", f"{address}?x=%ff1", b"x=%ff", kind).status_code in {400, 401, 403, 404, 405}, (
            codec
        )


def test_a_body_in_another_encoding_is_refused_in_words(clinic: Clinic) -> None:
    client = client_at_the_front()
    told = client.post(
        "/sign-in/", b"email=a", "application/x-www-form-urlencoded; charset=big5", headers={"accept-language": "en"}
    )
    assert (told.status_code, "calls its encoding “big5”; only UTF-8 is read." in told.content.decode()) == (400, True)
    assert client.post("/sign-in/", b"email=a", "application/x-www-form-urlencoded; charset=UTF-8").status_code == 422


def test_a_form_with_too_many_fields_is_refused_with_words(clinic: Clinic) -> None:
    response = Client().post("/sign-in/", {f"f{n}": "x" for n in range(2_100)})
    assert (response.status_code, response.context["error"]["id"]) == (413, "web.too_large")
