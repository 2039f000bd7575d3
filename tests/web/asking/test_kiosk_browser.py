"""Three people at one tablet; a day without a network; and that nobody finds anything of the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from peakend.instants import SECOND
from peakend_web.asking import survey_cache
from peakend_web.asking.actions import add_place
from peakend_web.asking.answers import now_us
from peakend_web.design.actions.versions import save_service_version
from peakend_web.models import Answer, Device, Place, Response, Survey
from peakend_web.people.actions.devices import Shown, add_device, revoke_device
from peakend_web.store import writer
from tests.web.asking.phone import until
from tests.web.browser import tap
from tests.web.conftest import OUTPATIENT, Clinic, make_clinic
from tests.web.surveys import clinic_survey

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]
UPRIGHT, LYING = {"width": 768, "height": 1024}, {"width": 1280, "height": 800}
FITS = "document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth"
LEFT = "Object.keys(localStorage).filter((key) => key.startsWith('peakend-unsent:')).length"
HOLDS_PAGE = """async () => {
  const [name] = navigator.serviceWorker.controller ? await caches.keys() : [];
  return name && (await (await caches.open(name)).keys()).some(({ url }) => url.endsWith("lang=zh-Hans"));
}"""
"""Whether the worker has the page for when there is no network, to its last language."""
PERSON = """([recommend, why]) => {
  const tap = (where) => document.querySelector(where).click();
  if (document.documentElement.dataset.at === "start") tap('header button[aria-current]');
  tap("#begin");
  tap(`[name=recommend][value="${recommend}"]`);
  tap("#next");
  tap("[name=waiting][value='4']");
  tap("#next");
  document.querySelector("textarea").value = why;
  tap("#next");
}"""
"""Somebody who answers all three questions."""
MANY = 30


@dataclass(frozen=True)
class Kiosk:
    """The tablet at the exit of the clinic, and its page."""

    clinic: Clinic
    survey: Survey
    place: Place
    device: Device
    context: BrowserContext
    page: Page

    def begin(self, lang: str = "en") -> None:
        """Choose a language, and begin."""
        self.page.locator(f'header button[lang="{lang}"]').click()
        self.page.locator("#begin:visible").click()
        self.page.locator(".question.now").wait_for()

    def is_left_after(self, seconds: int) -> None:
        """So long without a touch the next page waits."""
        Place.objects.filter(pk=self.place.pk).update(resets_after=seconds)
        survey_cache.forget(self.survey.token)

    def next(self) -> None:
        self.page.locator("#next").click()

    def answer(self, recommend: int, why: str = "") -> None:
        """Answer all three questions, and send."""
        tap(self.page, "recommend", str(recommend))
        self.next()
        tap(self.page, "waiting", "4")
        self.next()
        self.page.locator("textarea").fill(why)
        self.next()
        self.page.locator("#over:visible").wait_for()

    def is_at_its_beginning(self) -> bool:
        """Whether nothing is here of anybody: no answer, no word, no name, no step back."""
        self.page.locator('html[data-at="start"]').wait_for()
        return bool(
            self.page.evaluate("""() =>
            document.querySelectorAll("input:checked").length === 0
            && document.querySelector("textarea").value === ""
            && sessionStorage.getItem("peakend:" + document.getElementById("survey").dataset.token) === null
            && history.length === 2""")
        )


@pytest.fixture
def kiosk(
    transactional_db: None, chromium: Browser, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Kiosk]:
    # The page has been open for an hour: as many people as a test has at once may have come since.
    monkeypatch.setattr("peakend_web.asking.views.kiosk.now_us", lambda: now_us() - 3_600 * SECOND)
    clinic = make_clinic()
    survey = clinic_survey(clinic)
    place = add_place(actor=clinic.olivia, survey=survey, label="Exit", site="east")
    shows = Shown(place.code, "east")
    device, key = add_device(actor=clinic.olivia, workspace=clinic.workspace, name="Tablet", shows=shows)
    context = chromium.new_context(viewport=UPRIGHT, locale="en", has_touch=True)
    page = context.new_page()
    page.goto(f"{live_server.url}/k/{device.code}/#{key}")
    page.locator('html[data-at="start"]').wait_for()
    yield Kiosk(clinic, survey, place, device, context, page)
    context.close()
    writer.close()


def answers() -> list[tuple[str, float]]:
    """What was recommended, by whom."""
    return sorted(Answer.objects.filter(item="recommend", state="answered").values_list("response", "value"))


def test_three_people_answer_one_after_the_other_and_of_the_second_who_walks_away_nothing_is_left(
    kiosk: Kiosk,
) -> None:
    page, names = kiosk.page, set()
    assert key_is_out_of_sight(page)
    kiosk.begin()
    for _ in range(2):
        assert page.evaluate(FITS)
        kiosk.next()
    for _ in range(2):
        page.locator("#back").click()
    names.add(page.locator("[name=response]").input_value())
    kiosk.answer(9, "Mrs Lin was here")
    page.locator("#code").wait_for()
    kiosk.is_left_after(1)
    page.locator("#anew").click()
    assert kiosk.is_at_its_beginning()

    kiosk.begin("zh-Hant")
    assert page.locator(".now legend").inner_text() == "您會向朋友推薦我們嗎？"
    names.add(page.locator("[name=response]").input_value())
    tap(page, "recommend", "2")
    page.locator("#idle[open]").wait_for()
    assert page.locator("#left").inner_text().startswith("20 秒")
    kiosk.is_left_after(90)
    page.locator("#idle button[value=anew]").click()
    assert kiosk.is_at_its_beginning()
    assert page.locator("html").get_attribute("lang") == "en"
    page.go_back()
    page.go_forward()
    assert kiosk.is_at_its_beginning()

    kiosk.begin()
    names.add(page.locator("[name=response]").input_value())
    kiosk.answer(7)
    until(page, lambda: Response.objects.exclude(completed_us=None).count() == 2)
    assert (len(names), sorted(value for _, value in answers())) == (3, [2.0, 7.0, 9.0])
    assert set(Answer.objects.values_list("site", "aside")) == {("east", None)}


def key_is_out_of_sight(page: Page) -> bool:
    return "#" not in page.url and page.evaluate("[document.cookie, history.length]") == ["", 2]


def test_thirty_people_without_a_network_with_a_reload_between_are_all_kept_once(kiosk: Kiosk) -> None:
    page = kiosk.page
    until(page, lambda: bool(page.evaluate(HOLDS_PAGE)))
    kiosk.context.set_offline(True)
    page.reload()
    for at in range(MANY):
        assert kiosk.is_at_its_beginning()
        if at % 10 == 9:
            page.locator('header button[lang="zh-Hant"]').click()
            page.locator('html[lang="zh-Hant"][data-at="intro"]').wait_for()
        page.evaluate(PERSON, [at % 11, f"Person {at}"])
        page.locator("#over:visible").wait_for()
        if at == MANY // 2:
            assert page.locator("#over-kept").is_visible()
            page.reload()
        else:
            page.locator("#anew").click()
    assert kiosk.is_at_its_beginning()
    page.wait_for_function(f"document.getElementById('unsent').textContent.includes('{MANY}')")
    assert page.evaluate(LEFT) == MANY, "also what arrived while its reply was lost"
    assert "Person" not in page.locator("body").inner_text()

    kiosk.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    until(page, lambda: Response.objects.exclude(completed_us=None).count() == MANY, seconds=60)
    until(page, lambda: page.evaluate(LEFT) == 0)
    assert sorted(value for _, value in answers()) == sorted(float(at % 11) for at in range(MANY))
    words = Answer.objects.filter(item="why").values_list("text", flat=True)
    assert sorted(words) == sorted(f"Person {at}" for at in range(MANY))
    assert set(Response.objects.values_list("aside", "reasons")) == {(None, "")}


def test_what_was_tapped_before_the_power_was_cut_is_begun_in_its_version_and_the_next_person_sees_nothing_of_it(
    kiosk: Kiosk,
) -> None:
    page = kiosk.page
    until(page, lambda: bool(page.evaluate(HOLDS_PAGE)))
    kiosk.begin()
    kiosk.context.set_offline(True)
    tap(page, "recommend", "3")
    page.locator("#status").filter(has_text="No connection.").wait_for()
    page.close()
    kiosk.context.set_offline(False)
    clinic = kiosk.clinic
    text = f"{OUTPATIENT}# said more plainly\n"
    save_service_version(actor=clinic.olivia, workspace=clinic.workspace, text=text, service=clinic.service)
    clinic_survey(clinic)
    again = kiosk.context.new_page()
    again.goto(page.url.split("?")[0])
    again.locator('html[data-at="start"]').wait_for()
    assert again.locator("input:checked").count() == 0
    until(again, lambda: [value for _, value in answers()] == [3.0])
    left = Response.objects.get()
    assert (left.completed_us, left.survey) == (None, kiosk.survey), "it stays with the version that it was given to"


def test_a_revoked_kiosk_closes_by_itself_also_what_it_had_for_when_there_is_no_network(kiosk: Kiosk) -> None:
    page = kiosk.page
    until(page, lambda: bool(page.evaluate(HOLDS_PAGE)))
    revoke_device(actor=kiosk.clinic.olivia, device=kiosk.device)
    page.reload()
    assert page.locator("h1").inner_text() == "This kiosk has been signed off."
    assert page.evaluate("caches.keys()") == []
    assert Axe().run(page).response["violations"] == []


def test_every_screen_fits_a_tablet_both_ways_without_scrolling_and_has_no_barrier_in_three_languages(
    kiosk: Kiosk,
) -> None:
    page = kiosk.page

    def fits() -> list[bool]:
        found = []
        for size in (LYING, UPRIGHT):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")
            found.append(page.evaluate(FITS))
        return found

    for lang in ("en", "zh-Hant", "zh-Hans"):
        seen = fits()
        page.locator(f'header button[lang="{lang}"]').click()
        page.locator('html[data-at="intro"]').wait_for()
        seen += fits()
        page.locator("#begin").click()
        for at in range(3):
            seen += fits()
            assert Axe().run(page).response["violations"] == []
            if at < 2:
                kiosk.next()
        assert seen == [True] * 10
        page.goto(page.url.split("?")[0])
        page.locator('html[data-at="start"]').wait_for()
    assert Axe().run(page).response["violations"] == []
