"""Answers given in a tunnel, to a server that fails or is busy, on a phone that keeps nothing: each arrives once."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Route

from peakend_web.models import IdempotencyKey, Response, Survey
from tests.web.asking.phone import says, stored, until, visit
from tests.web.browser import tap

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]


def test_answers_given_without_a_connection_are_kept_and_arrive_once_by_themselves(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    phone.set_offline(True)
    tap(page, "recommend", "9")
    tap(page, "used.room", "na")
    tap(page, "overall", "4")
    says(page, "No connection.")
    page.locator("button.send").click()
    page.wait_for_timeout(300)
    assert stored() == {}
    phone.set_offline(False)
    page.wait_for_url("**/thanks?lang=en", timeout=20_000)
    assert {name: value for name, (value, _) in stored().items() if value is not None} == {
        "recommend": 9.0,
        "overall": 4.0,
    }
    assert Response.objects.count() == 1


def test_a_tab_that_is_closed_in_a_tunnel_sends_its_answers_when_the_page_is_opened_again_and_shows_nothing_of_them(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    phone.set_offline(True)
    tap(page, "recommend", "2")
    tap(page, "overall", "1")
    says(page, "No connection.")
    page.close()
    assert stored() == {}
    phone.set_offline(False)
    page = visit(phone, live_server, survey)
    until(page, lambda: stored() == {"recommend": (2.0, None), "overall": (1.0, None)})
    assert page.locator("input:checked").count() == 0
    until(page, lambda: page.evaluate("Object.keys(localStorage)") == [])
    assert Response.objects.count() == 1


def test_what_was_finished_in_a_tunnel_is_finished_when_the_page_is_opened_again(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    phone.set_offline(True)
    tap(page, "recommend", "2")
    page.locator("button.send").click()
    says(page, "No connection.")
    page.close()
    phone.set_offline(False)
    page = visit(phone, live_server, survey)
    until(page, lambda: Response.objects.exclude(completed_us=None).count() == 1)
    assert page.locator("button.send").is_visible()


def test_an_answer_on_which_the_server_fails_is_set_apart_and_told_and_the_others_are_sent(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    page.clock.install()
    fails = lambda route: (  # noqa: E731
        route.fulfill(status=500, body="") if '"why"' in (route.request.post_data or "") else route.continue_()
    )
    page.route("**/answers", fails)
    page.locator("textarea").fill("a word no database likes")
    tap(page, "recommend", "9")
    tap(page, "overall", "4")

    def told() -> bool:
        page.clock.run_for(20_000)
        return stored() == {"recommend": (9.0, None), "overall": (4.0, None)} and page.locator("#q-why-e").count() == 1

    until(page, told, seconds=60)
    assert (
        page.locator("#q-why-e").inner_text()
        == "This answer could not be sent. Your other answers are. Change it, or send without it."
    )
    page.locator("button.send").click()
    page.wait_for_url("**/thanks*")
    assert Response.objects.exclude(completed_us=None).count() == 1


def test_a_reply_that_is_lost_on_its_way_does_not_count_an_answer_twice(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page, lost = visit(phone, live_server, survey), []

    def cut(route: Route) -> None:
        """Let the server keep it, and cut the line before the reply."""
        if len(lost) < 3:
            lost.append(route.fetch().status)
            route.abort()
        else:
            route.continue_()

    page.route("**/answers", cut)
    tap(page, "recommend", "9")
    says(page, "Saved")
    assert lost == [200, 200, 200]
    assert stored() == {"recommend": (9.0, None)}
    assert (Response.objects.count(), IdempotencyKey.objects.count()) == (1, 1)


def test_a_server_that_is_busy_is_asked_again_later(phone: BrowserContext, live_server: Any, survey: Survey) -> None:
    page, asked = visit(phone, live_server, survey), []

    def busy(route: Route) -> None:
        asked.append(1)
        route.fulfill(status=503, headers={"Retry-After": "1"}, body="{}") if len(asked) < 3 else route.continue_()

    page.route("**/answers", busy)
    tap(page, "recommend", "9")
    until(page, lambda: stored() == {"recommend": (9.0, None)})


def test_a_phone_that_keeps_nothing_still_answers(phone: BrowserContext, live_server: Any, survey: Survey) -> None:
    for shelf in ("localStorage", "sessionStorage"):
        phone.add_init_script(f"Object.defineProperty(window, '{shelf}', {{ get() {{ throw new Error('denied') }} }})")
    page = visit(phone, live_server, survey)
    tap(page, "recommend", "9")
    until(page, lambda: stored() == {"recommend": (9.0, None)})
    page.locator("button.send").click()
    page.wait_for_url("**/thanks?lang=en")
