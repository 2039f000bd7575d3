"""The studio of a survey by mouse, keys and thumb, by two people at once, and as whoever does not see hears it: as the
browser hands it to a screen reader, in three languages. Where that has changed, the test says where it wrote what is
heard now, to be read and taken over.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from peakend_web.models import Person
from tests.web.conftest import Clinic, browser_of
from tests.web.design.editor import SMALL, until
from tests.web.design.test_transcript_browser import Listener
from tests.web.test_accessibility import opened

from .test_studio import STUDIO, WHY, ids, survey

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]

GOLDEN: Final = Path(__file__).parent / "golden" / "studio_transcript.txt"
DESK: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 900}}
PHONE: Final[dict[str, Any]] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
FIRST: Final = "#questions > li:first-child a[data-open]"
WALK: Final = (*["Tab"] * 4, "Alt+ArrowDown", "back", "Enter", *["Tab"] * 14)
"""From the first question on: its buttons, then the next question, which moves down; back at the first, that is opened,
and one goes through its words, its answers and what it is about.
"""


@pytest.fixture(autouse=True)
def _pages(settings: Any, generated: Path) -> None:
    settings.STATICFILES_DIRS = [generated]


@pytest.fixture
def drafted(clinic: Clinic) -> Clinic:
    """The clinic, with the draft of its survey open."""
    browser_of(clinic.wu).post(f"{STUDIO}begin/")
    return clinic


@pytest.fixture
def hands(chromium: Browser, live_server: Any, drafted: Clinic) -> Iterator[tuple[Page, Page, Page, list[str]]]:
    """Wu at a desk, Olivia at another, and Wu with a phone; and what their browsers complain of."""
    ways = ((drafted.wu, DESK), (drafted.olivia, DESK), (drafted.wu, PHONE))
    contexts: list[BrowserContext] = [opened(chromium, live_server.url, who, **way) for who, way in ways]
    pages, wrong = [context.new_page() for context in contexts], list[str]()
    for page in pages:
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(live_server.url + STUDIO)
    yield pages[0], pages[1], pages[2], wrong
    for context in contexts:
        context.close()


def listed(page: Page) -> list[str]:
    """The questions that a page lists, in order."""
    parts = page.locator("#questions > li").evaluate_all("(all) => all.map((each) => each.dataset.part)")
    return [part.rpartition("/")[2] for part in parts]


def test_questions_are_moved_by_mouse_keys_and_thumb_and_somebody_else_sees_each_move_and_who_is_there(
    hands: tuple[Page, Page, Page, list[str]],
) -> None:
    wu, olivia, phone, wrong = hands
    wu.locator("#questions .handle").first.hover()
    wu.wait_for_function("() => Boolean(window.Sortable?.get(document.getElementById('questions')))")
    wu.locator("#questions > li:nth-child(3) .handle").drag_to(wu.locator("#questions > li:first-child .part-words"))
    until(wu, lambda: ids() == ["why", "recommend", "waiting"])
    expect(wu.locator("[data-live]")).to_contain_text("is now 1 of 3 in “After your visit”")
    until(olivia, lambda: listed(olivia) == ["why", "recommend", "waiting"])
    expect(olivia.locator("[data-others]")).to_contain_text("Also here: Wu")
    wu.locator(FIRST).focus()
    wu.keyboard.press("Alt+ArrowDown")
    until(wu, lambda: ids() == ["recommend", "why", "waiting"])
    until(phone, lambda: listed(phone) == ["recommend", "why", "waiting"])
    phone.locator("#questions > li:nth-child(2)").locator("[data-key=down]").tap()
    until(phone, lambda: ids() == ["recommend", "waiting", "why"])
    assert (phone.evaluate(SMALL), wrong) == ([], [])


def test_options_are_added_moved_and_removed_in_place_and_a_scale_is_chosen_while_words_are_typed(
    hands: tuple[Page, Page, Page, list[str]],
) -> None:
    wu, _olivia, _phone, wrong = hands
    wu.locator("#add-question > summary").click()
    wu.locator("button.kind[value=single_choice]").click()
    wu.get_by_label("Add: Option").fill("By bus")
    wu.keyboard.press("Tab")
    expect(wu.locator("[data-option-do=remove]")).to_have_count(3)
    wu.locator("[data-option-do=up]").last.click()
    wu.locator("[name=wording-en]").fill("How did you come?")
    wu.locator("[data-option-do=remove]").first.click()
    expect(wu.locator("[data-option-do=remove]")).to_have_count(2)
    wu.locator("[data-status=saved]").wait_for()
    made = survey()["items"][-1]
    assert (made["wording"]["en"], [option["title"]["en"] for option in made["options"]]) == (
        "How did you come?", ["By bus", "Second option"],
    )  # fmt: skip
    wu.locator(f'a[data-open="{WHY.replace("why", "waiting")}"]').click()
    wu.locator("#scale").select_option("1-7")
    expect(wu.locator("summary", has_text="Words of single steps")).to_be_visible()
    assert (survey()["items"][1]["scale"], wrong) == ({"low": 1, "high": 7}, [])


def said_at(listener: Listener) -> str:
    """What is spoken; asked again where the page was drawn anew while it was asked."""
    for _ in range(20):
        with suppress(StopIteration):
            return listener.hears()
    pytest.fail("nothing has the focus")


@pytest.fixture
def walked(chromium: Browser, live_server: Any, drafted: Clinic) -> dict[str, list[str]]:
    """What is heard at each stop, by language."""
    found = {}
    for language in ("en", "zh-hant", "zh-hans"):
        Person.objects.filter(pk=drafted.wu.pk).update(language=language)
        context = opened(chromium, live_server.url, drafted.wu, **DESK)
        page = context.new_page()
        page.goto(live_server.url + STUDIO)
        listener = Listener(page, context.new_cdp_session(page))
        listener.devtools.send("Accessibility.enable")
        page.locator(FIRST).focus()
        stops = [f"here: {said_at(listener)}"]
        for key in WALK:
            if key == "back":
                page.locator(FIRST).focus()
            else:
                page.keyboard.press(key)
            if key == "Alt+ArrowDown":
                expect(page.locator("#questions > li:last-child")).to_be_focused()
                expect(page.locator("[data-live]")).not_to_be_empty()
            if key == "Enter":
                expect(page.locator("[name=wording-en]")).to_be_focused()
            stops.append(f"{key}: {said_at(listener)}")
        found[language] = stops
        context.close()
        browser_of(drafted.wu).post(f"{STUDIO}undo/")
    return found


def test_each_stop_of_the_studio_says_what_it_is_of_in_three_languages(
    walked: dict[str, list[str]], tmp_path: Path
) -> None:
    told = "\n\n".join("\n".join([f"# {lang}", *stops]) for lang, stops in walked.items()) + "\n"
    fresh = tmp_path / GOLDEN.name
    fresh.write_text(told, encoding="utf-8")
    for stops in walked.values():
        assert [stop for stop in stops if "(empty)" in stop] == []
    assert told == GOLDEN.read_text(encoding="utf-8"), f"what is heard now is written in {fresh}"
