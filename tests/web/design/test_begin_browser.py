"""A journey is begun in a browser: by keys alone, with a thumb on a phone, and without a script; and presented by keys.

How long a person would need is reckoned as `hands` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect

from peakend_web.design.actions import drafts
from peakend_web.design.actions.beginning import begin_service
from peakend_web.design.queries import document_at
from peakend_web.design.starters.beginning import Beginning
from peakend_web.models import Draft, Service
from tests.web.browser import browser
from tests.web.conftest import Clinic
from tests.web.design.hands import Keys, Thumb
from tests.web.test_accessibility import heard, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]

BEGIN: Final = "/w/harbour/services/begin/"
BEFORE: Final = "# Arrive\nFind the clinic -1\nRegister +1\nWait to be called -3\n# See the doctor"
CENTRE: Final = "Talk with the doctor +4"
AFTER: Final = "Understand what follows +2\n# Leave\nPay -1\nCollect the medicine -2\nA call the next day +3"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(autouse=True)
def _pages(settings: Any, generated: Any) -> None:
    settings.STATICFILES_DIRS = [generated]


def journey() -> tuple[list[tuple[str, int]], list[float | None]]:
    """The stages of the newest service with how many touchpoints each has, and all planned feelings."""
    working = document_at(Draft.objects.get(service=Service.objects.latest("pk")))
    stages = working.data["journeys"][0]["stages"]
    points = [point for stage in stages for point in stage.get("touchpoints", ())]
    return (
        [(stage["title"]["en"], len(stage.get("touchpoints", ()))) for stage in stages],
        [point.get("emotion", {}).get("planned") for point in points],
    )


THREE_STAGES_EIGHT_TOUCHPOINTS: Final = (
    [("Arrive", 3), ("See the doctor", 2), ("Leave", 3)],
    [-1, 1, -3, 4, 2, -1, -2, 3],
)


def test_by_keys_alone_a_map_of_3_stages_and_8_touchpoints_with_feelings_stands_within_4_minutes(
    chromium: Browser, live_server: Any, clinic: Clinic
) -> None:
    context = opened(chromium, live_server.url, clinic.wu, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wrong = heard(page, live_server.url)
    page.goto(live_server.url + "/w/harbour/services/")
    wu = Keys(page)
    wu.skip()
    wu.follow(page.get_by_role("link", name="Start mine"), "**/begin/")
    for field, words in (("centre", CENTRE), ("before", BEFORE), ("after", AFTER)):
        wu.write(page.locator(f"#id_{field}"), words)
    expect(page.locator("#id_peak option")).to_have_count(9)
    wu.choose(page.locator("#id_peak"), "Talk with the doctor")
    wu.follow(page.get_by_role("button", name="Start", exact=True), "**/design/")
    assert journey() == THREE_STAGES_EIGHT_TOUCHPOINTS
    assert (wu.taps, wu.minutes < 4, wrong) == (0, True, []), (wu.keys, wu.minutes)
    context.close()


def test_on_a_phone_of_360_px_the_same_map_stands_within_6_minutes(
    chromium: Browser, live_server: Any, clinic: Clinic
) -> None:
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    context = opened(chromium, live_server.url, clinic.wu, **phone)
    page = context.new_page()
    page.goto(live_server.url + "/w/harbour/services/")
    wu = Thumb(page)
    wu.follow(page.get_by_role("link", name="Start mine"), "**/begin/")
    for field, words in (("centre", CENTRE), ("before", BEFORE), ("after", AFTER)):
        wu.write(page.locator(f"#id_{field}"), words)
    expect(page.locator(".beginning-map .narrow-only svg")).to_be_visible()
    wu.follow(page.get_by_role("button", name="Start", exact=True), "**/design/")
    assert journey() == THREE_STAGES_EIGHT_TOUCHPOINTS
    assert wu.minutes < 6, (wu.keys, wu.taps, wu.minutes)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    context.close()


def test_without_a_script_the_map_is_looked_at_by_a_button_and_the_service_begins(
    chromium: Browser, live_server: Any, clinic: Clinic
) -> None:
    context = opened(chromium, live_server.url, clinic.wu, java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + BEGIN)
    page.fill("#id_centre", CENTRE)
    page.fill("#id_before", BEFORE)
    page.fill("#id_after", AFTER)
    page.get_by_role("button", name="Preview").click()
    assert page.locator(".beginning-map .wide-only svg").is_visible()
    page.select_option("#id_peak", "Talk with the doctor")
    page.get_by_role("button", name="Start", exact=True).click()
    assert page.url.endswith("/design/")
    assert journey() == THREE_STAGES_EIGHT_TOUCHPOINTS
    context.close()


def test_slides_go_on_and_back_by_keys_while_the_clock_runs_and_escape_leads_back_to_where_one_came_from(
    chromium: Browser, live_server: Any, clinic: Clinic
) -> None:
    context = opened(chromium, live_server.url, clinic.victor, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    wrong = heard(page, live_server.url)
    beginning = Beginning("en", "hotel", ["en"])
    begin_service(actor=clinic.wu, workspace=clinic.workspace, beginning=beginning)
    page.goto(live_server.url + "/w/harbour/hotel/design/present/?lanes=all")
    number = page.locator(".slide-nav .figures")
    page.get_by_role("button", name="Start the clock").click()
    for key, at in (("ArrowRight", "2"), ("PageDown", "3"), ("ArrowLeft", "2")):
        page.locator("#slide").focus()
        page.keyboard.press(key)
        expect(number).to_contain_text(f"{at} /")
    assert page.get_by_role("button", name="Pause").is_visible()
    page.locator("#minutes").fill("7")
    expect(page.locator(".present-bar output")).to_have_text("7:00")
    page.locator("#minutes").press("ArrowRight")
    expect(number).to_contain_text("2 /")
    page.keyboard.press("Escape")
    page.wait_for_url("**/design/#present")
    expect(page.get_by_role("link", name="Present", exact=True)).to_be_focused()
    assert wrong == []
    context.close()


def test_whoever_comes_back_from_the_page_of_a_touchpoint_stands_where_they_left(
    chromium: Browser, live_server: Any, clinic: Clinic
) -> None:
    drafts.open_draft(actor=clinic.wu, service=clinic.service)
    context = opened(chromium, live_server.url, clinic.wu, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(live_server.url + "/w/harbour/outpatient/design/touchpoints/wait/?lang=en")
    page.get_by_role("link", name="Stages and touchpoints").click()
    page.wait_for_url("**/design/#touchpoints:wait")
    expect(page.locator("[data-cell='touchpoints:wait']")).to_be_focused()
    context.close()
