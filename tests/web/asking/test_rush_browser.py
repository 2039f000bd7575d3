"""Many answer at once from one address: the page solves its puzzle beside what it shows, and nobody notices."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from peakend_web.asking.answers import now_us
from peakend_web.asking.arrivals import RUSH, arrivals
from peakend_web.models import Response, Survey
from tests.web.asking.conftest import PHONE
from tests.web.asking.phone import stored, until, visit
from tests.web.browser import tap

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]


def others_come(survey: Survey) -> None:
    """As many as nobody is asked for anything at once."""
    now = now_us()
    for at in range(RUSH):
        arrivals.room_for(str(at).encode(), (survey.address, ""), "127.0.0.0/24", now, now)


def answer(page: Page) -> None:
    page.wait_for_timeout(700)  # nobody taps sooner
    tap(page, "recommend", "9")


def standing() -> list[tuple[str | None, str, bool]]:
    return [
        (aside, reasons, done is not None)
        for aside, reasons, done in Response.objects.values_list("aside", "reasons", "completed_us")
    ]


@pytest.mark.parametrize("when", ["before the page is opened", "while it is read"])
def test_whoever_answers_in_a_rush_counts_and_waits_for_nothing(
    phone: BrowserContext, live_server: Any, survey: Survey, when: str
) -> None:
    arrivals.forget()
    solvers: list[str] = []
    phone.on("request", lambda request: solvers.append(request.url) if "solver" in request.url else None)
    if when == "before the page is opened":
        others_come(survey)
    page = visit(phone, live_server, survey)
    others_come(survey)
    answer(page)
    until(page, lambda: standing() == [(None, "", False)])
    page.locator("button.send").click()
    page.wait_for_url("**/thanks?lang=en")
    assert (standing(), len(solvers)) == ([(None, "", True)], 1)


def test_without_a_rush_nothing_is_loaded_and_nothing_solved(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    arrivals.forget()
    solvers: list[str] = []
    phone.on("request", lambda request: solvers.append(request.url) if "solver" in request.url else None)
    page = visit(phone, live_server, survey)
    answer(page)
    until(page, lambda: stored() == {"recommend": (9.0, None)})
    assert (standing(), solvers) == ([(None, "", False)], [])


def test_without_a_script_the_answer_is_kept_in_quarantine_and_the_guest_is_thanked(
    chromium: Browser, live_server: Any, survey: Survey
) -> None:
    arrivals.forget()
    others_come(survey)
    context = chromium.new_context(**PHONE, locale="en", java_script_enabled=False)
    page = visit(context, live_server, survey)
    answer(page)
    page.locator("button.send").click()
    assert page.locator("h1").inner_text() == "Your answers have arrived."
    assert standing() == [("quarantine", "over_budget", True)]
    context.close()
