"""A journey is begun in a browser: by keys alone, with a thumb on a phone, and without a script; and presented by keys.

How long a person would need is reckoned from what they do: a key takes 0.28 s, a tap or a change of field 1.1 s, and
every line begins with 1.35 s of thought (Card, Moran & Newell, 1980); to this comes what the pages themselves took.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page, expect

from peakend_web.design.actions.beginning import begin_service
from peakend_web.design.queries import document_at
from peakend_web.design.starters.beginning import Beginning
from peakend_web.models import Draft, Service
from tests.web.browser import browser
from tests.web.conftest import Clinic
from tests.web.test_accessibility import heard, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]

BEGIN: Final = "/w/harbour/services/begin/"
KEY, TAP, THOUGHT = 0.28, 1.1, 1.35
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


@dataclass
class Hand:
    """Somebody at a page: what they press and tap is counted."""

    page: Page
    keys: int = 0
    taps: int = 0
    lines: int = 0
    began: float = 0.0

    def start(self) -> None:
        self.began = time.monotonic()

    def press(self, key: str, times: int = 1) -> None:
        for _ in range(times):
            self.page.keyboard.press(key)
        self.keys += times

    def write(self, words: str) -> None:
        for number, line in enumerate(words.split("\n")):
            if number:
                self.press("Enter")
            self.page.keyboard.type(line)
            self.keys += len(line)
            self.lines += 1

    def tab_to(self, id: str) -> None:
        for _ in range(40):
            self.press("Tab")
            if self.page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()") == id:
                return
        pytest.fail(f"{id} is not reached by Tab")

    def tap(self, target: Any) -> None:
        target.tap()
        self.taps += 1

    @property
    def minutes(self) -> float:
        """How long a person would have needed."""
        spent = time.monotonic() - self.began
        return (spent + KEY * self.keys + TAP * self.taps + THOUGHT * self.lines) / 60


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
    wu = Hand(page)
    wu.start()
    wu.press("Tab")
    wu.press("Enter")  # to the content
    wu.tab_to("Start mine")
    wu.press("Enter")
    page.wait_for_url("**/begin/")
    wu.press("Tab")
    wu.press("Enter")
    wu.tab_to("id_centre")
    wu.write(CENTRE)
    wu.tab_to("id_before")
    wu.write(BEFORE)
    wu.tab_to("id_after")
    wu.write(AFTER)
    expect(page.locator("#id_peak option")).to_have_count(9)
    wu.tab_to("id_peak")
    wu.write("Talk")
    wu.tab_to("Start")
    wu.press("Enter")
    page.wait_for_url("**/design/")
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
    wu = Hand(page)
    wu.start()
    wu.tap(page.get_by_role("link", name="Start mine"))
    page.wait_for_url("**/begin/")
    for field, words in (("centre", CENTRE), ("before", BEFORE), ("after", AFTER)):
        wu.tap(page.locator(f"#id_{field}"))
        wu.write(words)
    expect(page.locator(".beginning-map .narrow-only svg")).to_be_visible()
    wu.tap(page.get_by_role("button", name="Start", exact=True))
    page.wait_for_url("**/design/")
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


def test_a_stranger_makes_a_hotel_of_twelve_touchpoints_from_a_template_and_takes_its_poster_along(
    chromium: Browser, live_server: Any, clinic: Clinic
) -> None:
    """Template → own hotel with a blueprint, moments of truth and a persona → the poster, by taps at 360 px."""
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    context = opened(chromium, live_server.url, clinic.wu, **phone)
    page = context.new_page()
    page.goto(live_server.url + BEGIN)
    wu = Hand(page)
    wu.start()
    wu.tap(page.locator("label:has([name=template][value=hotel])"))
    wu.tap(page.locator("#id_name"))
    wu.write("Hotel by the lake")
    wu.tap(page.get_by_role("button", name="Start", exact=True))
    page.wait_for_url("**/design/")
    stops = page.locator("#outline .stop")
    for left in (15, 14, 13, 12):
        wu.tap(stops.nth(8).get_by_role("button", name="Remove “"))
        expect(stops).to_have_count(left)
    stages, _feelings = journey()
    assert sum(many for _stage, many in stages) == 12
    wu.tap(page.locator(".draft-bar summary"))
    wu.tap(page.locator("form[action$='/publish/'] button").first)
    expect(page.locator("#messages")).to_contain_text("Version 2 is the current one now.")
    made = Service.objects.latest("pk")
    assert made.current
    assert made.current.number == 2
    assert sum("moment_of_truth" in point for point in _points(made.current.document)) >= 3
    assert made.current.document["personas"]
    page.goto(f"{live_server.url}/w/harbour/{made.slug}/blueprint/")
    expect(page.locator(".map svg").first).to_be_attached()
    poster = context.request.get(f"{live_server.url}/w/harbour/{made.slug}/journey.svg")
    assert (poster.status, "Hotel by the lake" in poster.text()) == (200, True)
    assert wu.minutes < 10, (wu.keys, wu.taps, wu.minutes)
    context.close()


def _points(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [point for stage in document["journeys"][0]["stages"] for point in stage.get("touchpoints", ())]


def test_slides_go_on_and_back_by_keys_and_the_clock_runs_on(
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
    page.keyboard.press("Escape")
    for key, at in (("ArrowRight", "2"), ("PageDown", "3"), ("ArrowLeft", "2")):
        page.locator("#slide").focus()
        page.keyboard.press(key)
        expect(number).to_contain_text(f"{at} /")
    assert page.get_by_role("button", name="Pause").is_visible()
    page.locator("#minutes").fill("7")
    expect(page.locator(".present-bar output")).to_have_text("7:00")
    page.locator("#minutes").press("ArrowRight")
    expect(number).to_contain_text("2 /")
    assert wrong == []
    context.close()
