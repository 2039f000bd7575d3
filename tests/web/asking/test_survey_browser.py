"""Mrs Lin answers on her phone: in a lift, in a tunnel, with a closed tab, without a script, by keyboard."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Route

from peakend_web.asking.actions import add_place
from peakend_web.models import Answer, Response, Survey
from tests.web.asking.conftest import PHONE
from tests.web.asking.phone import says, stored, until, visit
from tests.web.browser import tap

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]


def test_the_first_tap_is_saved_a_changed_mind_too_and_after_a_reload_all_is_still_there(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    tap(page, "recommend", "9")
    until(page, lambda: stored() == {"recommend": (9.0, None)})
    tap(page, "recommend", "4")
    page.locator("textarea").fill("床很軟")
    until(page, lambda: stored() == {"recommend": (4.0, None), "why": (None, "床很軟")})
    says(page, "Saved")
    page.reload()
    assert page.locator('input[name="recommend"][value="4"]').is_checked()
    assert page.locator("textarea").input_value() == "床很軟"
    page.locator("button.send").click()
    page.wait_for_url("**/thanks?lang=en")
    assert page.locator("h1").inner_text() == "Your answers have arrived."
    assert Response.objects.exclude(completed_us=None).count() == 1
    assert Answer.objects.filter(state="skipped").count() == 33


def test_a_tap_before_the_script_has_arrived_counts(phone: BrowserContext, live_server: Any, survey: Survey) -> None:
    page, held = phone.new_page(), list[Route]()
    page.route("**/survey*.js", lambda route: held.append(route))  # noqa: PLW0108 — the driver asks a function for its parameters
    page.goto(f"{live_server.url}/s/{survey.token}", wait_until="commit")
    tap(page, "recommend", "9")
    until(page, lambda: len(held) == 6)
    for script in held:
        script.continue_()
    until(page, lambda: stored() == {"recommend": (9.0, None)})


def test_the_next_person_who_opens_the_link_sees_nothing_of_the_last_one_and_is_somebody_else(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    tap(page, "recommend", "0")
    page.locator("textarea").fill("The night clerk, Mr Tan, shouted")
    until(page, lambda: len(stored()) == 2)
    says(page, "Saved")
    for next_page in (page, phone.new_page()):  # in the same tab, and in another
        next_page.goto(f"{live_server.url}/s/{survey.token}")
        assert next_page.locator("input:checked").count() == 0
        assert next_page.locator("textarea").input_value() == ""
    tap(page, "recommend", "10")
    until(page, lambda: sorted(Answer.objects.filter(item="recommend").values_list("value", flat=True)) == [0.0, 10.0])
    assert Response.objects.count() == 2


def test_a_place_s_page_begins_anew_when_nobody_touches_it_and_covers_the_answers_while_it_counts_down(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    place = add_place(actor=survey.published_by, survey=survey, label="Tablet at the lift")
    page = phone.new_page()
    page.clock.install()
    page.goto(f"{live_server.url}/s/{survey.token}?at={place.code}")
    page.clock.fast_forward(200_000)
    assert page.locator("#idle").is_hidden()  # nothing was answered, so there is nothing to clear
    tap(page, "recommend", "0")
    page.clock.run_for(1000)
    until(page, lambda: stored() == {"recommend": (0.0, None)})
    page.clock.run_for(91_000)
    page.locator("#idle").wait_for(state="visible")
    assert re.search(r"cleared for the next person: 1\d\.", page.locator("#idle").inner_text())
    assert page.evaluate("document.elementFromPoint(180, 300).closest('#idle') !== null")
    page.get_by_role("button", name="I am still here").click()
    assert page.locator('input[name="recommend"][value="0"]').is_checked()
    page.clock.run_for(111_000)
    page.wait_for_function("document.querySelectorAll('input:checked').length === 0")
    tap(page, "recommend", "9")
    page.clock.run_for(1000)
    until(page, lambda: sorted(Answer.objects.values_list("value", flat=True)) == [0.0, 9.0])
    assert set(Response.objects.values_list("place", flat=True)) == {place.pk}


def test_going_back_after_sending_says_that_it_was_sent_and_one_tap_there_is_nobody_new(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    tap(page, "recommend", "9")
    page.locator("button[name=lang][value=zh-Hant]").click()
    page.wait_for_selector("html[lang=zh-Hant]")
    page.locator("button.send").click()
    page.wait_for_url("**/thanks*")
    page.go_back()
    page.wait_for_url("**/thanks*")
    assert page.locator("h1").inner_text() == "Your answers have arrived."
    assert Response.objects.count() == 1


def test_going_back_after_changing_the_language_shows_the_answers_in_the_language_before(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    tap(page, "recommend", "9")
    page.locator("button[name=lang][value=zh-Hant]").click()
    page.wait_for_selector("html[lang=zh-Hant]")
    tap(page, "overall", "5")
    page.go_back()
    page.wait_for_selector("html[lang=en]")
    assert page.locator('input[name="overall"][value="5"]').is_checked()
    until(page, lambda: stored() == {"recommend": (9.0, None), "overall": (5.0, None)})
    assert Response.objects.count() == 1


def test_only_at_a_shared_device_somebody_else_may_go_on_and_begins_an_empty_page(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    shared = add_place(actor=survey.published_by, survey=survey, label="Tablet at the lift")
    own = add_place(actor=survey.published_by, survey=survey, label="Key card", resets_after=0)
    for place, offered in ((shared, 1), (own, 0)):
        page = phone.new_page()
        page.goto(f"{live_server.url}/s/{survey.token}?at={place.code}")
        tap(page, "recommend", "9")
        page.locator("button.send").click()
        page.wait_for_url("**/thanks*")
        assert page.locator("a.go").count() == offered
    page = phone.pages[0]
    page.locator("a.go").click()
    page.wait_for_selector("#survey")
    assert page.locator("input:checked").count() == 0
    assert page.locator("[name=place]").input_value() == shared.code


def test_a_text_that_is_too_long_says_by_how_much_is_not_sent_and_is_sent_once_it_is_shorter_after_a_reload_too(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    count = page.locator("#q-why-n")
    assert count.inner_text() == ""
    page.locator("textarea").fill("很" * 190)
    assert count.inner_text() == "Characters left: 10"
    until(page, lambda: stored() == {"why": (None, "很" * 190)})
    page.locator("textarea").fill("很" * 25_000)
    assert count.inner_text() == "Too long by 24800. Please shorten the text before you send it."
    tap(page, "recommend", "3")
    until(page, lambda: stored() == {"why": (None, "很" * 190), "recommend": (3.0, None)})
    says(page, "Your other answers are saved; what is marked is not.")
    page.locator("button.send").click()
    page.locator("#errors a[href='#q-why']").wait_for()
    assert page.evaluate("document.activeElement.id") == "q-why"
    page.reload()
    assert len(page.locator("textarea").input_value()) == 25_000
    assert count.inner_text().startswith("Too long by 24800.")
    page.locator("textarea").fill("short now")
    until(page, lambda: stored() == {"why": (None, "short now"), "recommend": (3.0, None)})
    page.locator("button.send").click()
    page.wait_for_url("**/thanks*")
    assert stored()["why"] == (None, "short now")


def test_saved_is_not_said_under_a_text_that_is_still_being_written_or_is_too_long(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    tap(page, "recommend", "3")
    says(page, "Saved")
    page.clock.install()
    page.locator("textarea").fill("很" * 201)
    assert page.locator("#status").inner_text() == ""
    page.clock.run_for(5_000)
    assert page.locator("#status").inner_text() in {"", "Your other answers are saved; what is marked is not."}
    assert stored() == {"recommend": (3.0, None)}


def test_twenty_five_thousand_characters_where_they_fit_are_sent_though_no_browser_lets_them_outlive_the_page(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    page.evaluate("document.getElementById('q-why').dataset.longest = 30000")
    page.locator("textarea").fill("很" * 25_000)
    page.wait_for_selector("#q-why-e")  # it arrived, and the server says in words what it takes
    assert (
        page.locator("#q-why-e")
        .inner_text()
        .startswith("The text for “Why?” is too long by 24800: it has 25000 characters, and 200 fit.")
    )
    page.locator("textarea").fill("short now")
    until(page, lambda: stored() == {"why": (None, "short now")})


def test_changing_the_language_keeps_every_answer_and_the_same_questionnaire(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    tap(page, "recommend", "9")
    page.locator("textarea").fill("Soft bed")
    page.locator("button[name=lang][value=zh-Hant]").click()
    page.wait_for_selector("html[lang=zh-Hant]")
    assert page.locator("h1").inner_text() == "昨晚住得如何？"
    assert page.locator('input[name="recommend"][value="9"]').is_checked()
    assert page.locator("textarea").input_value() == "Soft bed"
    tap(page, "recommend", "10")
    until(page, lambda: stored() == {"recommend": (10.0, None), "why": (None, "Soft bed")})
    assert Response.objects.count() == 1


def test_what_tells_people_apart_belongs_to_every_answer_and_a_question_appears_when_it_is_due(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    missed, why = page.locator('[data-item="missed"]'), page.locator('label[for="q-why"]')
    assert (missed.is_hidden(), why.inner_text()) == (True, "Why?")
    tap(page, "recommend", "3")
    missed.wait_for(state="visible")
    assert why.inner_text() == "What went wrong?"
    tap(page, "missed.tea", "1")
    tap(page, "purpose", "work")
    until(
        page, lambda: set(Answer.objects.values_list("segments", flat=True)) == {'{"language":"en","purpose":"work"}'}
    )
    tap(page, "recommend", "9")
    missed.wait_for(state="hidden")
    assert why.inner_text() == "What did you like most?"
    until(
        page,
        lambda: (
            stored()
            == {
                "recommend": (9.0, None),
                "missed.tea": (1.0, None),
                "missed.plugs": (0.0, None),
                "purpose": (1.0, "work"),
            }
        ),
    )


def test_a_wrong_answer_is_named_beside_its_field_and_the_rest_is_kept(
    phone: BrowserContext, live_server: Any, survey: Survey
) -> None:
    page = visit(phone, live_server, survey)
    page.locator("#q-nights").fill("two")
    tap(page, "overall", "4")
    page.wait_for_selector("#q-nights-e")
    assert page.locator("#q-nights").get_attribute("aria-describedby") == "q-nights-e"
    until(page, lambda: stored() == {"overall": (4.0, None)})
    page.locator("button.send").click()
    page.wait_for_selector("#q-recommend-e")
    assert page.evaluate("document.activeElement.id") == "q-recommend"
    page.locator("#q-nights").fill("2")
    tap(page, "recommend", "9")
    page.locator("button.send").click()
    page.wait_for_url("**/thanks?lang=en")
    assert stored()["nights"] == (2.0, None)


def test_without_a_script_the_form_is_filled_in_and_sent_and_going_back_leads_to_pages_only(
    chromium: Browser, live_server: Any, survey: Survey
) -> None:
    context = chromium.new_context(**PHONE, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/s/{survey.token}")
    assert page.locator("h1").inner_text() == "昨晚住得如何？"
    tap(page, "used.room", "5")
    page.locator("button[name=lang][value=en]").click()
    page.wait_for_url("**lang=en**")
    assert page.locator('input[name="used.room"][value="5"]').is_checked()
    page.locator("button.send").click()
    page.wait_for_url("**#q-recommend")
    assert page.locator("#errors a").get_attribute("href") == "#q-recommend"
    tap(page, "recommend", "8")
    page.locator("button.send").click()
    page.wait_for_url("**/thanks?lang=en")
    assert {name: value for name, (value, _) in stored().items() if value is not None} == {
        "recommend": 8.0,
        "used.room": 5.0,
    }
    for _ in range(3):
        page.go_back()
        assert page.locator("h1").inner_text() in {"Your answers have arrived.", "您的回答已收到。"}
    assert Response.objects.count() == 1
    context.close()


def test_the_whole_survey_is_answered_by_keyboard(phone: BrowserContext, live_server: Any, survey: Survey) -> None:
    page = visit(phone, live_server, survey)
    for _ in range(7):  # three languages, larger type, a voice, and what becomes of the answers
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "recommend"
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    until(page, lambda: stored().get("recommend") == (1.0, None))
    page.keyboard.press("Tab")
    page.keyboard.type("by keyboard")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "send":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/thanks?lang=en")
    assert stored()["why"] == (None, "by keyboard")


SMALL = """
[...document.querySelectorAll('label > span, button:not(.sr), textarea')]
  .filter(each => each.offsetParent && (each.offsetHeight < 44 || each.offsetWidth < 40)).map(each => each.textContent)
"""
WAYS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "viewport": {"width": 1280, "height": 900}, "locale": "en"},
    "dark": {"color_scheme": "dark", "viewport": {"width": 320, "height": 640}, "locale": "zh-TW"},
    "forced colours": {"forced_colors": "active", "viewport": {"width": 360, "height": 640}, "locale": "zh-CN"},
}


@pytest.mark.parametrize("way", WAYS)
def test_no_state_of_the_survey_has_a_barrier_or_scrolls_sideways_and_targets_are_large(
    chromium: Browser, live_server: Any, survey: Survey, way: str
) -> None:
    context = chromium.new_context(**WAYS[way])
    page, wrong = context.new_page(), list[str]()
    page.on(
        "console", lambda said: wrong.append(said.text) if said.type == "error" and "422" not in said.text else None
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda asked: wrong.append(asked.url) if not asked.url.startswith((live_server.url, "data:")) else None,
    )
    found: dict[str, list[Any]] = {}

    def look(state: str) -> None:
        barriers = [
            (each["id"], [node["target"] for node in each["nodes"]][:3])
            for each in Axe().run(page).response["violations"]
        ]
        aside = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        small = page.evaluate(SMALL)
        found[state] = [barriers, aside, small]

    page.goto(f"{live_server.url}/s/{survey.token}")
    look("new")
    tap(page, "recommend", "3")
    page.wait_for_selector("[data-item=missed]:visible")
    page.locator("#q-nights").fill("zwei")
    page.locator("button.send").click()
    page.wait_for_selector("#errors")
    look("with errors")
    page.locator("#q-nights").fill("2")
    page.locator("button.send").click()
    page.wait_for_url("**/thanks*")
    look("thanks")
    place = add_place(actor=survey.published_by, survey=survey, label="Tablet at the lift")
    page.wait_for_timeout(1100)
    page.clock.install()
    page.goto(f"{live_server.url}/s/{survey.token}?at={place.code}")
    tap(page, "recommend", "3")
    page.clock.run_for(92_000)
    page.wait_for_selector("#idle[open]")
    look("counting down")
    Survey.objects.update(status="closed")
    page.wait_for_timeout(1100)
    page.goto(f"{live_server.url}/s/{survey.token}")
    look("closed")
    context.close()
    assert [each for each in wrong if "410" not in each] == []
    assert {state: each for state, each in found.items() if each != [[], 0, []]} == {}
