"""Mrs Lin's rights on her phone: her code after sending, her answers by its link, large type, a voice that reads."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from peakend_web.models import Answer, Response, Survey
from tests.web.asking.phone import stored, until, visit
from tests.web.browser import tap

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
VOICE = """
window.said = [];
class Utterance { constructor(text) { this.text = text; } }
const voice = { cancel() {}, speak(one) { window.said.push([one.lang, one.text]); window.current = one; } };
Object.defineProperty(window, "SpeechSynthesisUtterance", { value: Utterance });
Object.defineProperty(window, "speechSynthesis", { value: voice });
"""


def send(page: Page) -> str:
    """Send the survey; the code that is shown then."""
    page.locator("button.send").click()
    page.wait_for_url("**/thanks*")
    page.locator("#receipt:not([hidden])").wait_for()
    return page.locator("#code").inner_text()


def test_after_sending_she_is_shown_a_code_and_by_its_link_sees_changes_and_deletes_what_she_said(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    tap(page, "recommend", "9")
    page.locator("textarea").fill("The bed was soft")
    code = send(page)
    assert (len(code), code.upper(), "#" in page.url) == (24, code, False)
    assert Axe().run(page).response["violations"] == []

    page.goto("about:blank")
    page.goto(f"{live_server.url}/r/#{code}")
    page.locator("dl.said").wait_for()
    assert (code in page.url, "The bed was soft" in page.locator("dl.said").inner_text()) == (False, True)
    assert Axe().run(page).response["violations"] == []
    page.locator(".go:not(.danger)").click()
    page.locator('input[name="recommend"][value="9"]:checked').wait_for(state="attached")
    tap(page, "recommend", "4")
    until(page, lambda: stored()["recommend"] == (4.0, None))
    assert send(page) == code
    assert (Response.objects.count(), stored()["why"]) == (1, (None, "The bed was soft"))

    page.goto(f"{live_server.url}/r/")
    page.locator("#code-in").fill(code.replace("-", " ").lower())
    page.keyboard.press("Enter")
    page.locator("summary").click()
    page.locator(".danger").click()
    page.wait_for_url("**/r/?gone=1*")
    assert (Answer.objects.count(), Response.objects.count()) == (0, 0)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_browser_that_keeps_nothing_shows_the_code_too(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    phone.add_init_script("""
      for (const kind of ["sessionStorage", "localStorage"]) {
        Object.defineProperty(window, kind, { get() { throw new DOMException("denied", "SecurityError"); } });
      }""")
    page = visit(phone, live_server, survey)
    tap(page, "recommend", "9")
    assert len(send(page)) == 24
    assert "#" not in page.url


def test_one_tap_makes_the_type_large_until_the_tab_is_closed(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    assert page.evaluate(size) == 16
    page.locator("#larger").click()
    assert (page.evaluate(size), page.locator("#larger").get_attribute("aria-pressed")) == (22, "true")
    page.locator('button[lang="zh-Hant"]').click()
    page.wait_for_url("**lang=zh-Hant*")
    assert page.evaluate(size) == 22
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert visit(phone, live_server, survey).evaluate(size) == 16


def test_one_tap_reads_question_after_question_in_the_page_s_language_until_it_is_stopped(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    phone.add_init_script(VOICE)
    page = phone.new_page()
    page.goto(f"{live_server.url}/s/{survey.token}?lang=zh-Hant")
    assert page.evaluate("performance.getEntriesByName(document.getElementById('aloud').dataset.script).length") == 0
    page.locator("#aloud").click()
    page.wait_for_function("said.length === 1")
    page.evaluate("current.onend()")
    page.wait_for_function("said.length === 2")
    (lang, first), (_, second) = page.evaluate("said")
    assert (lang, first.startswith("您會推薦我們嗎？"), second) == ("zh-TW", True, "為什麼？")
    page.locator("#aloud").click()
    page.evaluate("current.onend()")
    assert (page.evaluate("said.length"), page.locator("#aloud").inner_text()) == (2, "朗讀題目")


def test_where_the_browser_has_no_voice_none_is_offered(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    phone.add_init_script("delete window.speechSynthesis; delete Window.prototype.speechSynthesis;")
    page = visit(phone, live_server, survey)
    assert (page.locator("#larger").is_visible(), page.locator("#aloud").is_visible()) == (True, False)
