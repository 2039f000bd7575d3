"""Mrs Lin, who manages a clinic and has never seen the studio, goes from *new survey* to a printed sheet with its code:
by mouse, by keys alone, and with a thumb on a phone of 360 px. How long that would take is reckoned as `hands` says.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from peakend_web.models import Membership, Place, Role, Survey
from tests.report.test_code_sheets import pictures, read_by_a_phone
from tests.web.conftest import Clinic, person
from tests.web.design.hands import Hand, Keys, Thumb
from tests.web.test_accessibility import heard, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]

DESK: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 900}}
PHONE: Final[dict[str, Any]] = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
WAYS: Final[dict[str, tuple[type[Hand], dict[str, Any]]]] = {
    "mouse": (Hand, DESK),
    "keys": (Keys, DESK),
    "thumb": (Thumb, PHONE),
}
OWN: Final = "1. How was your visit today? (1-5)\n2. How did you come?\n- On foot\n- By bus\n3. What would have helped?"
WORDED: Final = "All in all, how was it today?"
MOST_MINUTES: Final = 5


@pytest.fixture(autouse=True)
def _pages(settings: Any, generated: Path) -> None:
    settings.STATICFILES_DIRS = [generated]


@pytest.fixture
def visit(chromium: Browser, live_server: Any, clinic: Clinic, way: str) -> Iterator[tuple[Hand, list[str]]]:
    """Mrs Lin at the list of surveys, and what her browser complains of."""
    lin = person("Mrs Lin", "lin@harbour.example")
    Membership.objects.create(workspace=clinic.workspace, person=lin, role=Role.MANAGER)
    hand, options = WAYS[way]
    context: BrowserContext = opened(chromium, live_server.url, lin, accept_downloads=True, **options)
    page = context.new_page()
    wrong = heard(page, live_server.url)
    page.goto(live_server.url + "/w/harbour/outpatient/surveys/")
    yield hand(page), wrong
    context.close()


def begin(lin: Hand) -> None:
    """A survey of her own questions, which are pasted; by keys and thumb of three that are ready."""
    page = lin.page
    if isinstance(lin, Keys):
        lin.skip()
    lin.follow(page.get_by_role("link", name="New survey"), "**/new/")
    if type(lin) is Hand:
        lin.do(page.locator("label:has([value=paste])"))
        lin.do(page.get_by_label("Your questions, one per line"))
        page.keyboard.insert_text(OWN)
        lin.keys += 2  # Ctrl+V
        page.get_by_role("heading", name="3 questions were read").wait_for()
    lin.write(page.get_by_label("What is it called?"), "After your visit today")
    lin.follow(page.get_by_role("button", name="Begin"), "**/studio/**")


def word(lin: Hand) -> None:
    """The first question in her own words."""
    page = lin.page
    lin.do(page.locator("#questions > li").first.locator("a[data-open]"))
    field = page.locator("[name=wording-en]")
    field.wait_for()
    expect(field).to_be_focused()
    lin.press("Control+a")
    lin.type(WORDED)
    lin.press("Tab")
    page.locator("[data-status=saved]").wait_for()


def look(lin: Hand) -> None:
    """The survey as customers see it, beside the questions; on a phone in their place."""
    page = lin.page
    if isinstance(lin, Thumb):
        lin.do(page.get_by_role("button", name="Preview"))
    phone = page.frame_locator(".phone-frame")
    expect(phone.get_by_text(WORDED).first).to_be_visible()
    lin.do(page.locator("#phone a[data-lang=zh-Hant]"))
    expect(phone.locator("html")).to_have_attribute("lang", "zh-Hant")


def publish(lin: Hand) -> None:
    """It goes out."""
    page = lin.page
    lin.follow(page.get_by_role("link", name="Publish", exact=True), "**/publish/")
    lin.do(page.get_by_role("button", name="Publish", exact=True))
    page.get_by_role("heading", name="codes for places").wait_for()


def hang(lin: Hand) -> str:
    """A place gets its code, and the sheet for it is opened; the address of its file."""
    page = lin.page
    lin.write(page.get_by_label("Where the codes are displayed"), "Waiting room")
    lin.do(page.get_by_role("button", name="Create QR codes"))
    page.get_by_text("Waiting room", exact=True).first.wait_for()
    lin.follow(page.get_by_role("link", name="Print the code", exact=True).first, "**/print/")
    link = page.get_by_role("link", name="Open the PDF to print")
    address = urljoin(page.url, link.get_attribute("href"))
    lin.do(link)
    return address


def aside(page: Page) -> int:
    """How far a page scrolls sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("way", WAYS)
def test_mrs_lin_goes_from_a_new_survey_to_a_printed_code_that_a_phone_reads_within_five_minutes(
    visit: tuple[Hand, list[str]], way: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lin, wrong = visit
    sideways = 0
    for step in (begin, word, look, publish):
        step(lin)
        sideways = max(sideways, aside(lin.page))
    file = lin.page.context.request.get(hang(lin))
    with capsys.disabled():
        print(f"\nby {way}: {lin.taps} taps, {lin.keys} keys, {lin.minutes:.1f} minutes")
    survey, place = Survey.objects.get(), Place.objects.get()
    asked = survey.version.document["surveys"][-1]["items"]
    (sheet,) = pictures(file.body(), tmp_path, 72)
    assert [code.rpartition("/")[2] for code in read_by_a_phone(sheet)] == [place.code]
    assert (place.label, asked[0]["wording"]["en"], len(asked)) == ("Waiting room", WORDED, 3)
    said = [each for each in wrong if not each.startswith("htmx:")]  # of what was asked for on a page that was left
    assert (sideways, said, lin.minutes < MOST_MINUTES) == (0, [], True), (lin.taps, lin.keys, lin.minutes)
