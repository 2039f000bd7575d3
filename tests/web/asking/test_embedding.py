"""The hotel shows its survey within a page of its own website; nobody else's website shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext

from peakend_web.asking import survey_cache
from peakend_web.models import Brand, Survey
from peakend_web.people.actions.brand import change_embedding
from tests.web.asking.phone import stored, until
from tests.web.conftest import Clinic, browser_of, left_by
from tests.web.surveys import clinic_survey

PAGE = "/w/harbour/brand/websites/"
OURS = "https://www.harbour.example"


def framed_by(survey: Survey, query: str = "?embedded=1") -> tuple[str, str | None]:
    reply = Client().get(f"/s/{survey.token}{query}")
    policy = dict(part.strip().split(" ", 1) for part in reply.headers["Content-Security-Policy"].split(";"))
    return policy["frame-ancestors"], reply.headers.get("X-Frame-Options")


def test_nobody_shows_a_survey_until_wu_names_the_website_and_then_at_the_embedded_address_alone(
    clinic: Clinic,
) -> None:
    survey = clinic_survey(clinic)
    assert framed_by(survey) == ("'none'", "DENY")
    wu = browser_of(clinic.wu)
    assert wu.post(PAGE, {"origins": f"{OURS}/\nhttps://shop.harbour.example:8443\n{OURS}"}).status_code == 302
    survey_cache.forget(survey.token)
    assert framed_by(survey) == (f"{OURS} https://shop.harbour.example:8443", None)
    assert framed_by(survey, "") == ("'none'", "DENY")
    assert left_by(clinic.workspace)[-1] == (
        2, "Wu", "change_embedding", "brand", {"origins": []},
        {"origins": [OURS, "https://shop.harbour.example:8443"]},
    )  # fmt: skip
    page = wu.get(f"/w/harbour/outpatient/surveys/{survey.pk}/", headers={"accept-language": "en"}).content.decode()
    assert f"It shows on: {OURS}" in page
    assert f'/embed.js" data-survey="{survey.address}" async' in unescape(page)


@pytest.mark.parametrize(
    "origins",
    ["*", "https://*", "https://*.example.org", "https://a.example; script-src *", "https://a.example 'self'",
     "javascript:alert(1)", "https://a.example/path", "https://user@a.example", "https://a.example\nhttps://b_c.example"],
)  # fmt: skip
def test_what_is_no_origin_is_refused_and_none_of_the_list_is_kept(clinic: Clinic, origins: str) -> None:
    assert browser_of(clinic.wu).post(PAGE, {"origins": origins}).status_code == 422
    assert not Brand.objects.exists()


def test_the_script_is_for_every_website_and_sets_no_cookie(clinic: Clinic) -> None:
    reply = Client().get("/embed.js")
    assert (reply["Content-Type"], reply["Cross-Origin-Resource-Policy"]) == (
        "text/javascript; charset=utf-8", "cross-origin",
    )  # fmt: skip
    assert not reply.cookies
    survey = clinic_survey(clinic)
    assert not Client().get(f"/s/{survey.token}?embedded=1").cookies


class _Website(BaseHTTPRequestHandler):
    """A page of somebody's website, which holds the one line."""

    def __init__(self, line: str, *given: Any) -> None:
        self._line = line
        super().__init__(*given)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(f"<!doctype html><title>Hotel</title><h1>Stay again</h1>{self._line}".encode())

    def log_message(self, *said: object) -> None:
        """Say nothing."""


@contextmanager
def website(line: str) -> Iterator[str]:
    """A website with an origin of its own."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Website, line)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


@pytest.fixture
def websites() -> Iterator[Callable[[str], str]]:
    with ExitStack() as open_websites:
        yield lambda line: open_websites.enter_context(website(line))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:No directory at")
def test_in_a_browser_the_named_website_shows_it_and_its_answers_are_kept_and_another_shows_nothing(
    phone: BrowserContext, live_server: Any, survey: Survey, websites: Callable[[str], str]
) -> None:
    line = f'<script src="{live_server.url}/embed.js" data-survey="{survey.address}" data-lang="en" async></script>'
    ours, others = websites(line), websites(line)
    change_embedding(actor=survey.published_by, workspace=survey.workspace, origins=ours)
    page = phone.new_page()
    page.goto(ours)
    within = page.frame_locator("iframe")
    within.locator('label:has(input[name="recommend"][value="9"])').click()
    until(page, lambda: stored() == {"recommend": (9.0, None)})
    frame = page.locator("iframe")
    until(page, lambda: (frame.bounding_box() or {})["height"] > 1500)  # as high as all its questions
    within.locator("button.send").click()
    within.get_by_text("Your answers have arrived.").wait_for()
    until(
        page, lambda: (frame.bounding_box() or {})["height"] < 1000
    )  # as low as the thanks, with the code of one's own
    assert phone.cookies() == []
    page.goto(others)
    page.locator("iframe").wait_for(state="attached")
    refused = page.frames[-1]
    page.wait_for_timeout(500)
    assert (refused.url.startswith("chrome-error:"), refused.locator("form").count()) == (True, 0)
