"""What the page does with the answers on it at once: words that name them, a drawn order, a quota that is full."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from peakend_web.asking import survey_cache
from peakend_web.models import Answer, QuotaCount, Response, Survey
from peakend_web.store import writer
from tests.web.asking.phone import stored, until, visit
from tests.web.asking.tea import tea_survey
from tests.web.browser import tap
from tests.web.conftest import make_clinic
from tests.web.surveys import said, send

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore:No directory at")]


@pytest.fixture
def tea(transactional_db: None) -> Iterator[Survey]:
    yield tea_survey(make_clinic())
    writer.close()


def words(page: Page, item: str) -> str:
    return page.locator(f"#q-{item}-s .main").inner_text()


def questions(page: Page) -> list[str]:
    return [str(each.get_attribute("data-item")) for each in page.locator("[data-item]").all()]


def options(page: Page) -> list[str]:
    return [str(each.get_attribute("value")) for each in page.locator("[name=drink]").all()]


def test_an_answer_stands_in_later_words_at_once_and_as_text(
    phone: BrowserContext, live_server: Any, tea: Survey
) -> None:
    page = visit(phone, live_server, tea)
    assert words(page, "taste") == "How did your drink taste?"
    assert not page.locator("#q-why-s").is_visible()
    assert not page.get_by_text("Only if you").count()
    tap(page, "drink", "coffee")
    assert words(page, "taste") == "How did your Coffee & <b>milk</b> taste?"
    tap(page, "taste", "2")
    assert words(page, "why") == "What was wrong with your answer of Coffee & <b>milk</b>?"
    page.locator("[name=cups]").fill("3")
    page.locator("[name=cups]").blur()
    assert words(page, "why") == "What was wrong with 3 of Coffee & <b>milk</b>?"
    tap(page, "drink", "tea")
    assert words(page, "taste") == "How did your Tea taste?"
    page.locator("button[lang=zh-Hant]").click()
    page.wait_for_url("**lang=zh-Hant**")
    assert (words(page, "taste"), words(page, "why")) == ("您的茶味道如何？", "3的茶哪裡不好？")


def test_the_order_stays_through_a_reload_and_another_language(
    phone: BrowserContext, live_server: Any, tea: Survey
) -> None:
    page = visit(phone, live_server, tea)
    tap(page, "warmth", "3")
    until(page, lambda: "warmth" in stored())
    first = (questions(page), options(page))
    for _ in range(4):
        page.reload()
        assert (questions(page), options(page)) == first
    page.locator("button[lang=zh-Hans]").click()
    page.wait_for_url("**lang=zh-Hans**")
    assert (questions(page), options(page)) == first
    place = first[0].index("warmth") + 1
    until(page, lambda: Answer.objects.filter(item="warmth", segments__contains=f'"shown_place":"{place}"').exists())


def test_somebody_new_of_whom_enough_have_answered_is_told_at_once_and_somebody_before_goes_on(
    phone: BrowserContext, live_server: Any, tea: Survey
) -> None:
    before = visit(phone, live_server, tea)
    for who in ("mei-at-the-table", "chen-at-the-table"):
        send(tea, said("drink", "tea"), said("taste", 5), key=f"end of {who}", response=who, done=True)
    survey_cache.forget(tea.token)
    tap(before, "drink", "tea")
    tap(before, "taste", "4")
    before.locator("button.send").click()
    before.wait_for_url("**/thanks**")
    assert "people in your situation" not in before.content()
    new = phone.browser.new_context(locale="en").new_page()  # type: ignore[union-attr]
    new.goto(f"{live_server.url}/s/{tea.token}")
    tap(new, "warmth", "2")
    tap(new, "drink", "tea")
    new.wait_for_url("**/thanks**")
    assert "We already have as many answers as we need from people in your situation" in new.content()
    new.goto(f"{live_server.url}/s/{tea.token}")
    tap(new, "drink", "juice")
    assert new.locator("#q-taste-s").is_visible()
    until(new, lambda: Response.objects.count() == 5)
    assert QuotaCount.objects.get().taken == 2
    assert Response.objects.filter(over_quota="tea-drinkers", completed_us__isnull=False).count() == 2
