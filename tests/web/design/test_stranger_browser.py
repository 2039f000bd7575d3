"""A stranger opens the template of a hotel, makes it their own, and goes home with a poster: by mouse, by keys alone,
and with a thumb on a phone of 360 px. How long that would take is reckoned as `hands` says.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from peakend_web.design.queries import document_at
from peakend_web.models import Draft, Service
from tests.web.browser import browser
from tests.web.conftest import Clinic
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
NOT_HERE: Final = ("pre-stay", "door", "bath", "request", "dine")
"""What this house does not have, of the sixteen touchpoints of the template."""
OWN: Final = "Evening walk by the lake"
FRONT: Final = ("Hands out a lantern and shows the dry path", "Front desk lead")
BACK: Final = ("Charges the lanterns and looks after the path", "Chief engineer")
NO_MOMENTS: Final = ("First look at the room", "Sleep", "Something does not work")
PERSONA: Final = "Ms Hsu, 41, brings her mother for the first time"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(autouse=True)
def _pages(settings: Any, generated: Path) -> None:
    settings.STATICFILES_DIRS = [generated]


@pytest.fixture
def visit(chromium: Browser, live_server: Any, clinic: Clinic, way: str) -> Iterator[tuple[Hand, list[str]]]:
    """Somebody at the list of services, and what their browser complains of."""
    hand, options = WAYS[way]
    context: BrowserContext = opened(chromium, live_server.url, clinic.wu, accept_downloads=True, **options)
    page = context.new_page()
    wrong = heard(page, live_server.url)
    page.goto(live_server.url + "/w/harbour/services/")
    yield hand(page), wrong
    context.close()


def begin(wu: Hand) -> None:
    """From the list of services to the map of a hotel of one's own."""
    page = wu.page
    if isinstance(wu, Keys):
        wu.skip()
    wu.follow(page.get_by_role("link", name="Start mine"), "**/begin/")
    if isinstance(wu, Keys):
        wu.reach(page.locator("[name=template]:checked"))
        while page.locator("[name=template]:checked").get_attribute("value") != "hotel":
            wu.press("ArrowDown")
    else:
        wu.do(page.locator("label:has([name=template][value=hotel])"))
    wu.write(page.get_by_label("Name of the service"), "Hotel by the lake")
    wu.follow(page.get_by_role("button", name="Start", exact=True), "**/design/")


def make_it_ones_own(wu: Hand) -> None:
    """Twelve touchpoints on the map, one of which no other house has, with who does what for it."""
    if isinstance(wu, Thumb):
        _by_outline(wu)
    else:
        _by_grid(wu)


def _by_grid(wu: Hand) -> None:
    page, stage = wu.page, "stages:live"
    for id in NOT_HERE:
        head = page.locator(f'[data-cell="touchpoints:{id}"]')
        if isinstance(wu, Keys):
            wu.go_to_head(f"touchpoints:{id}")
            wu.press("Delete")
        else:
            wu.do(head.locator(".words"))
            wu.do(page.locator("#panel").get_by_role("button", name="Remove “"))
        expect(head).to_have_count(0)
    if isinstance(wu, Keys):
        wu.go_to_head("touchpoints:fault")
        wu.press("Insert")
    else:
        wu.do(page.locator(f'[data-cell="{stage}"] [data-do=add]'))
    wu.type(OWN)
    wu.press("Enter")
    own = page.locator("[data-cell^='touchpoints:evening-walk']").first
    own.wait_for()
    if isinstance(wu, Keys):
        expect(own).to_be_focused()
        wu.press("p")
    else:
        wu.do(own.locator(".words"))
    panel = page.locator("#panel")
    wu.do(panel.locator("summary", has_text="Behind the lines"))
    _write_steps(wu, panel)


def _by_outline(wu: Hand) -> None:
    page = wu.page
    for id in NOT_HERE:
        stop = page.locator(f'#outline .stop[data-part="touchpoints:{id}"]')
        wu.do(stop.get_by_role("button", name="Remove “"))
        expect(stop).to_have_count(0)
    wu.write(page.locator("#outline").get_by_label("Another touchpoint in “Stay”"), OWN)
    wu.press("Enter")
    wu.follow(page.locator("#outline").get_by_role("link", name=OWN), "**/touchpoints/**")
    wu.do(page.locator("summary", has_text="Behind the lines"))
    _write_steps(wu, page.locator("main"))
    wu.follow(page.get_by_role("link", name="Stages and touchpoints"), "**/design/#*")


def _write_steps(wu: Hand, around: Any) -> None:
    """What is done, and by whom: a step is there as soon as one goes on to the next field, which loses nothing."""
    for lane, (does, _post) in (("frontstage", FRONT), ("backstage", BACK)):
        wu.write(around.locator(f"[name='new-{lane}']"), does)
    wu.press("Tab")
    expect(around.locator(_who(BACK))).to_be_visible()
    for step in (FRONT, BACK):
        wu.choose(around.locator(_who(step)), step[1])
    wu.page.locator("[data-status=saved]").wait_for()


def _who(step: tuple[str, str]) -> str:
    """Where one says who does a step, whose name follows from its words."""
    return f"select[data-field='who'][data-part*='{step[0].lower().replace(' ', '-')[:9]}']"


def decide_what_decides(wu: Hand) -> None:
    """Three moments of truth, one of them one's own."""
    page = wu.page
    wu.follow(page.locator(".five-steps").get_by_role("link", name="Service design"), "**/faces/moments/")
    for title in NO_MOMENTS:
        press = page.get_by_role("button", name=f"Unmark “{title}” as a moment of truth")
        wu.do(press)
        expect(press).to_have_count(0)
    wu.do(page.locator("summary", has_text="Another moment of truth"))
    wu.choose(page.get_by_label("Touchpoint", exact=True), OWN)
    wu.do(page.get_by_role("button", name="Mark as a moment of truth"))
    page.get_by_role("heading", name=OWN).wait_for()


def say_for_whom(wu: Hand) -> None:
    """One more persona."""
    page = wu.page
    wu.follow(page.locator(".five-steps").get_by_role("link", name="Needs"), "**/faces/people/")
    wu.do(page.locator("summary", has_text="Another persona"))
    wu.write(page.get_by_label("Name, age, and what brings them"), PERSONA)
    wu.do(page.get_by_role("button", name="Add the persona"))
    page.get_by_role("heading", name=PERSONA).wait_for()


def take_the_poster(wu: Hand) -> str:
    """All lanes on A1, as a file in one's hand; its words."""
    page = wu.page
    wu.follow(page.locator(".five-steps").get_by_role("link", name="Journey"), "**/design/")
    wu.follow(page.get_by_role("link", name="Print", exact=True), "**/print/**")
    wu.choose(page.get_by_label("Lanes"), "All lanes")
    wu.choose(page.get_by_label("Paper"), "A1, a poster")
    wu.follow(page.get_by_role("button", name="Show what fits"), "**paper=A1**")
    return poster_of(wu)


def poster_of(wu: Hand) -> str:
    """The words of the file that is downloaded from the page for print."""
    with wu.page.expect_download() as coming:
        wu.do(wu.page.get_by_role("link", name="Download PDF"))
    body = Path(coming.value.path()).read_bytes()
    sizes = subprocess.run(["pdfinfo", "-"], input=body, capture_output=True, check=True).stdout.decode()
    assert "A1" in sizes
    told = subprocess.run(["pdftotext", "-raw", "-", "-"], input=body, capture_output=True, check=True).stdout.decode()
    return "".join(told.split())


def made() -> dict[str, Any]:
    """The document that they made."""
    return document_at(Draft.objects.get(service=Service.objects.latest("pk"))).data


def points_of(document: dict[str, Any]) -> list[dict[str, Any]]:
    """The touchpoints of a document."""
    return [point for stage in document["journeys"][0]["stages"] for point in stage.get("touchpoints", ())]


def aside(page: Page) -> int:
    """How far a page scrolls sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("way", WAYS)
def test_a_stranger_makes_a_hotel_of_twelve_touchpoints_and_takes_its_poster_home_within_ten_minutes(
    visit: tuple[Hand, list[str]], way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wu, wrong = visit
    sideways = 0
    for step in (begin, make_it_ones_own, decide_what_decides, say_for_whom):
        step(wu)
        sideways = max(sideways, aside(wu.page))
    told = take_the_poster(wu)
    with capsys.disabled():
        print(f"\nby {way}: {wu.taps} taps, {wu.keys} keys, {wu.minutes:.1f} minutes")
    document = made()
    points = points_of(document)
    titles = ["Hotel by the lake", *(point["title"]["en"] for point in points)]
    assert [title for title in titles if "".join(title.split()) not in told] == []
    own = next(point for point in points if point["title"]["en"] == OWN)
    posts = {post["id"]: post["name"]["en"] for post in document["stakeholders"]}
    steps = {
        lane: [(one["text"]["en"], posts[one["who"]]) for one in own[lane]] for lane in ("frontstage", "backstage")
    }
    decisive = [point["title"]["en"] for point in points if "moment_of_truth" in point]
    assert (len(points), steps, decisive) == (
        12, {"frontstage": [FRONT], "backstage": [BACK]}, ["Check in", OWN, "Farewell"],
    )  # fmt: skip
    assert PERSONA in [persona["name"]["en"] for persona in document["personas"]]
    said = [each for each in wrong if not each.startswith("htmx:")]  # of what was asked for on a page that was left
    assert (sideways, said, wu.minutes < 10) == (0, [], True), (wu.taps, wu.keys, wu.minutes)


@pytest.mark.parametrize("way", ["mouse"])
def test_a_consultant_makes_a_poster_from_a_template_in_at_most_ten_clicks(
    visit: tuple[Hand, list[str]], way: str
) -> None:
    """Acceptance 40, from the list of services on; a choice in a list counts twice."""
    consultant, _wrong = visit
    page = consultant.page
    consultant.follow(page.get_by_role("link", name="Start mine"), "**/begin/")
    consultant.do(page.locator("label:has([name=template][value=hotel])"))
    consultant.follow(page.get_by_role("button", name="Start", exact=True), "**/design/")
    consultant.follow(page.get_by_role("link", name="Print", exact=True), "**/print/**")
    consultant.choose(page.get_by_label("Paper"), "A1, a poster")
    consultant.follow(page.get_by_role("button", name="Show what fits"), "**paper=A1**")
    told = poster_of(consultant)
    assert [
        point["title"]["en"] for point in points_of(made()) if "".join(point["title"]["en"].split()) not in told
    ] == []
    assert (consultant.taps, consultant.keys) == (8, 0)
