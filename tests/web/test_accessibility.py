"""Every page for everybody: axe finds nothing, nothing scrolls sideways, everything is reached by keyboard, nothing is
asked of another host.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Page

from peakend.service.edits import Edit
from peakend_web.asking import actions as surveys
from peakend_web.design.actions import drafts
from peakend_web.models import ApiKey, Person, Survey
from peakend_web.people.actions.keys import make_key

from .answers import deliver, rate, recommend, remark
from .browser import browser
from .conftest import Clinic, browser_of, make_clinic
from .surveys import clinic_survey

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]

HOME = "/w/harbour/outpatient/"
PAGES = (
    *(
        "",
        "?site=west",
        "journey/",
        "blueprint/",
        "blueprint/failures/",
        "words/",
        "surveys/",
        "surveys/new/",
        "surveys/studio/after-visit/?part=items:after-visit/recommend",
        "surveys/studio/after-visit/?part=surveys:after-visit",
        "surveys/studio/after-visit/logic/",
        "surveys/studio/after-visit/publish/",
        "surveys/{survey}/",
        "surveys/{survey}/print/",
        "surveys/{survey}/course/",
        "surveys/{survey}/quarantine/",
        "surveys/{survey}/invitations/",
        "data/",
        "data/take-back/?source=test",
        "nowhere/",
    ),
    *("design/", "design/touchpoints/wait/", "design/advice/", "versions/", "versions/import/"),
    *(f"design/faces/{slug}/" for slug in ("ring", "moments", "people", "standards", "failures", "senses", "strategy")),
    *("design/faces/standards/touchpoints:wait/", "design/faces/people/stakeholders:head-nurse/"),
    *("../services/begin/", "design/present/?slide=2", "design/remarks/", "design/remarks/?part=touchpoints:wait"),
    *("design/print/", "../brand/", "../channels/", "../devices/"),
    *("methods/", "methods/nps/", "methods/csat/", "methods/ces/", "methods/nps/?from=2030-01-01"),
)
WAYS: dict[str, tuple[str, dict[str, Any]]] = {
    "desk, light": ("en", {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"}),
    "phone, dark": ("zh-hant", {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}),
    "phone, forced colours": ("zh-hans", {"viewport": {"width": 360, "height": 740}, "forced_colors": "active"}),
    "desk at twice the size": (
        "en",
        {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2, "reduced_motion": "reduce"},
    ),
}

LOOKED_THROUGH: Final = ("desk, light", "phone, dark")
"""Ways in which every barrier is looked for, beside what scrolls: the others show the same elements in the same
order, in colours that are the reader's own or at another size.
"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data directory of all tests of this module."""
    return tmp_path_factory.mktemp("house")


@pytest.fixture(scope="module")
def house(kept: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[Clinic]:
    """The clinic for all tests of this module, which only look at it, or add what the others do not look at: a page is
    asked for many times, and its house is built once.
    """
    with django_db_blocker.unblock():
        with override_settings(PEAKEND_DATA=kept):
            yield furnished(make_clinic())
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(autouse=True)
def _one_house(house: Clinic, settings: Any, generated: Path, kept: Path) -> None:
    Person.objects.filter(pk=house.wu.pk).update(language=house.wu.language)
    settings.PEAKEND_DATA, settings.STATICFILES_DIRS = kept, [generated]


@pytest.fixture
def _django_db_helper(house: Clinic) -> None:
    """In the place of pytest-django's, which empties the database after each test: this module does at its end."""


def furnished(made: Clinic) -> Clinic:
    drafts.open_draft(actor=made.wu, service=made.service)
    draft = drafts.open_draft(actor=made.wu, service=made.service, area="survey:after-visit")
    quota = {"when": {"item": "recommend", "at_least": 9}, "at_most": 50}
    drafts.edit_draft(actor=made.wu, draft=draft, edit=Edit("add", "surveys:after-visit", "quotas", value=quota))
    surveys.add_place(actor=made.wu, survey=clinic_survey(made), label="Waiting room", site="east")
    for day in (2, 15):
        on = date(2026, 11, day)
        deliver(
            made.service,
            [
                *recommend(10, 50, on=on),
                *recommend(8, 30, on=on),
                *recommend(3, 20, on=on),
                *recommend(9, 5, on=on, site="west"),
            ],
        )
        deliver(
            made.service,
            [
                *rate("wait", 2, 40, on=on),
                *rate("register", 4, 50, on=on),
                *rate("consult", 5, 55, on=on),
                *rate("overall", 4, 60, on=on),
            ],
        )
        deliver(made.service, [remark("wait", "沒有人告訴我們還要等多久，也沒有地方可以坐，孩子一直哭。" * 3, on=on)])
    return made


def opened(chromium: Browser, address: str, who: Person, **options: Any) -> BrowserContext:
    """A browser in which this person is signed in."""
    client: Client = browser_of(who)
    cookie = client.cookies["peakend_session"]
    context = chromium.new_context(**options)
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])
    return context


DRAWN = """() => [...document.querySelectorAll("figure[data-chart]")].every(
  (figure) => figure.dataset.drawn || !figure.querySelector(".chart-picture").clientWidth)"""


def visit(context: BrowserContext, address: str) -> tuple[Page, list[str]]:
    """Open a page and wait until it is drawn; what it complained of."""
    page = context.new_page()
    wrong = heard(page, address)
    show(page, address)
    return page, wrong


def heard(page: Page, address: str) -> list[str]:
    """What a page complains of from now on, and what it asks of any other host than that of the address."""
    wrong = list[str]()
    page.on(
        "console", lambda said: wrong.append(said.text) if said.type == "error" and "404" not in said.text else None
    )
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on(
        "request",
        lambda asked: (
            wrong.append(f"asks {asked.url}") if urlsplit(asked.url).netloc != urlsplit(address).netloc else None
        ),
    )
    return wrong


def address_of(where: str) -> str:
    """The address of a page of the service; some are of the survey that is out."""
    return HOME + where.format(survey=Survey.objects.latest("pk").pk)


def show(page: Page, address: str) -> None:
    """Lead the browser to an address and wait until the page is drawn."""
    page.goto(address)  # until everything that the page names is loaded
    page.wait_for_function(DRAWN)


def barriers_of(page: Page) -> list[Any]:
    """What keeps somebody from reading a page: the rules that are broken, and where."""
    return [
        (each["id"], [node["target"] for node in each["nodes"]][:3]) for each in Axe().run(page).response["violations"]
    ]


@pytest.mark.parametrize("way", WAYS)
def test_no_page_has_a_barrier_or_scrolls_sideways_or_asks_another_host(
    chromium: Browser, live_server: Any, house: Clinic, way: str
) -> None:
    language, options = WAYS[way]
    Person.objects.filter(pk=house.wu.pk).update(language=language)
    context, found = opened(chromium, live_server.url, house.wu, **options), {}
    page = context.new_page()  # one for all, for a browser spends longer on opening one than on most pages
    wrong = heard(page, live_server.url)
    for where in PAGES:
        show(page, live_server.url + address_of(where))
        barriers = barriers_of(page) if way in LOOKED_THROUGH else []
        aside = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found[where] = ([*wrong], barriers, aside)
        wrong.clear()
    context.close()
    assert {where: each for where, each in found.items() if each != ([], [], 0)} == {}


def test_a_table_that_is_wider_than_a_phone_scrolls_within_itself(
    chromium: Browser, live_server: Any, house: Clinic
) -> None:
    for name in ("kiosk in the hall", "reader", "till"):
        make_key(actor=house.olivia, workspace=house.workspace, name=name, scope=ApiKey.Scope.WRITE)
    context = opened(chromium, live_server.url, house.olivia, viewport={"width": 360, "height": 700}, locale="zh-CN")
    page, _ = visit(context, live_server.url + "/w/harbour/keys/")
    wide = "document.querySelector('.table').scrollWidth > document.querySelector('.table').clientWidth"
    aside = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert (page.evaluate(wide), aside) == (True, 0)
    context.close()


def test_a_page_is_walked_by_keyboard_from_the_skip_link_on(chromium: Browser, live_server: Any, house: Clinic) -> None:
    context = opened(chromium, live_server.url, house.wu)
    page, _ = visit(context, live_server.url + HOME + "methods/nps/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    reached = []
    for _again in range(12):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim().slice(0, 24)"))
    assert {"The figures behind it", "How it was computed"} <= set(reached)
    context.close()


BAR = """() => {
  const bar = document.querySelector(".places").getBoundingClientRect();
  scrollTo(0, document.documentElement.scrollHeight);
  const last = document.querySelector(".foot-inner").lastElementChild.getBoundingClientRect();
  const targets = [...document.querySelectorAll(".places a")].map((each) => each.getBoundingClientRect());
  return {
    low: innerHeight - bar.bottom,
    free: bar.top >= last.bottom,
    least: Math.min(...targets.flatMap((each) => [each.width, each.height])),
    inside: targets.every((each) => each.left >= 0 && each.right <= innerWidth),
  };
}"""


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
@pytest.mark.parametrize("path", ["", "data/"])
def test_on_a_phone_the_places_are_a_bar_at_the_bottom_that_covers_nothing_without_scripts_too(
    chromium: Browser, live_server: Any, house: Clinic, language: str, path: str
) -> None:
    Person.objects.filter(pk=house.wu.pk).update(language=language)
    phone = {"viewport": {"width": 320, "height": 640}, "java_script_enabled": False}
    context = opened(chromium, live_server.url, house.wu, **phone)
    page = context.new_page()
    page.goto(live_server.url + HOME + path)
    found = page.evaluate(BAR)
    page.locator(".places a").nth(1).click()
    assert "journey/" in page.url
    context.close()
    assert (found["low"], found["free"], found["least"] >= 44, found["inside"]) == (0, True, True, True)


SMALL = """() => [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")]
  .filter((each) => each.getClientRects().length && !each.closest(".sr, .skip, svg, table"))
  .filter((each) => each.tagName !== "A" || getComputedStyle(each).display !== "inline")
  .map((each) => (/checkbox|radio/.test(each.type) ? each.labels[0] : each))
  .filter((each) => each.getBoundingClientRect().height < 43.5)
  .map((each) => each.outerHTML.slice(0, 80))"""
WORKSPACE_PAGES: Final = (
    "services/",
    "people/",
    "keys/",
    "audit/",
    "settings/",
    "cases/",
    "customers/",
    "customers/add/",
)


def test_on_a_phone_whatever_is_tapped_is_as_high_as_a_thumb_but_for_links_within_a_sentence_and_nothing_goes_aside(
    chromium: Browser, live_server: Any, house: Clinic
) -> None:
    context, found = opened(chromium, live_server.url, house.olivia, viewport={"width": 360, "height": 740}), {}
    page = context.new_page()
    for where in (*map(address_of, PAGES), *(f"/w/harbour/{page}" for page in WORKSPACE_PAGES), "/account/"):
        show(page, live_server.url + where)
        aside = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found[where] = (page.evaluate(SMALL), aside)
    context.close()
    assert {where: each for where, each in found.items() if each != ([], 0)} == {}


LINES = """() => [".places a", ".pages a"].map(
  (links) => new Set([...document.querySelectorAll(links)].map((each) => each.getBoundingClientRect().top)).size)"""


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_at_a_desk_each_row_of_the_menu_is_one_line_however_narrow_the_window(
    chromium: Browser, live_server: Any, house: Clinic, language: str
) -> None:
    Person.objects.filter(pk=house.olivia.pk).update(language=language)
    context = opened(chromium, live_server.url, house.olivia)
    page, found = context.new_page(), {}
    for where in (HOME + "data/", "/w/harbour/audit/"):
        page.goto(live_server.url + where)
        for width in (640, 960, 1000, 1151, 1152, 1280):
            page.set_viewport_size({"width": width, "height": 700})
            found[where, width] = page.evaluate(LINES)
    Person.objects.filter(pk=house.olivia.pk).update(language=house.olivia.language)
    context.close()
    assert {at: lines for at, lines in found.items() if lines != [1, 1]} == {}


def test_without_scripts_the_picture_the_filters_and_the_table_are_there(
    chromium: Browser, live_server: Any, house: Clinic
) -> None:
    context = opened(chromium, live_server.url, house.wu, java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + HOME + "methods/nps/")
    picture = page.locator("figure img").first
    assert picture.bounding_box() is not None
    assert len(picture.get_attribute("alt") or "") > 20
    page.locator("details.filter-panel > summary").click()
    page.locator("select[name=site]").select_option("west")
    page.locator("details.filter-panel button").click()
    assert "site=west" in page.url
    assert "10 answers" in (page.text_content("main") or "")
    context.close()


def test_a_chart_follows_the_reader_into_the_dark(chromium: Browser, live_server: Any, house: Clinic) -> None:
    context = opened(chromium, live_server.url, house.wu, color_scheme="light")
    page, _ = visit(context, live_server.url + HOME + "methods/csat/")
    light = page.locator("figure svg").first.inner_html()
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("before => document.querySelector('figure svg').innerHTML !== before", arg=light)
    assert json.dumps("#F2EEE6").strip('"').lower() in page.locator("figure svg").first.inner_html().lower().replace(
        "rgb(242, 238, 230)", "#f2eee6"
    )
    context.close()


ON_PAPER = """() => {
  const seen = (element) => element.getClientRects().length > 0;
  const ink = getComputedStyle(document.body).color.match(/[0-9.]+/g).slice(0, 3).map(Number);
  const map = document.querySelector(".map.wide-only svg");
  return {
    head: document.querySelector(".print-only").innerText,
    buttons: [...document.querySelectorAll("button, .button, nav, .files a, .moment-foot a")].filter(seen).length,
    dark: Math.max(...ink) < 80,
    inside: !map || map.getBoundingClientRect().right <= innerWidth,
    chart: [...document.querySelectorAll(".chart-picture svg text")]
      .map((text) => text.getAttribute("fill"))
      .some((fill) => fill === "#211E1A"),
  };
}"""


@pytest.mark.parametrize("path", ["", "journey/", "methods/csat/"])
def test_on_paper_stand_name_and_date_no_button_and_the_whole_map_in_dark_ink_from_a_dark_screen_too(
    chromium: Browser, house: Clinic, live_server: Any, path: str
) -> None:
    context = opened(chromium, live_server.url, house.wu, viewport={"width": 1280, "height": 900}, color_scheme="dark")
    page, wrong = visit(context, live_server.url + HOME + path)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print", color_scheme="dark")
    page.set_viewport_size({"width": 1010, "height": 690})
    page.wait_for_timeout(500)
    found = page.evaluate(ON_PAPER)
    context.close()
    assert (wrong, found["buttons"], found["dark"], found["inside"]) == ([], 0, True, True)
    assert found["head"].startswith("Outpatient visit · Harbour Clinic · ")
    assert found["chart"] == path.startswith("methods/")
