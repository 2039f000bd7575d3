"""Wu edits the journey map in a browser: by keys, with an input method, beside Olivia, in a tunnel."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings
from playwright.sync_api import Browser

from peakend_web.design.actions import drafts, versions
from peakend_web.design.queries import document_at
from peakend_web.models import Draft, DraftStep, Service
from tests.web.browser import browser
from tests.web.conftest import Clinic, browser_of, make_clinic
from tests.web.design.editor import (
    COMPOSE,
    MAP,
    SMALL,
    WAIT,
    Editor,
    finger,
    long_service,
    order,
    sends,
    stages,
    until,
    words,
    work_of,
)  # fmt: skip
from tests.web.test_accessibility import barriers_of, opened

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:No directory at"),
]

LONG = "/w/harbour/long/design/?lang=en"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any) -> Iterator[Clinic]:
    """The clinic for all tests of this module, each of which begins a draft of its own."""
    with django_db_blocker.unblock():
        with override_settings(PEAKEND_DATA=tmp_path_factory.mktemp("house")):
            made = make_clinic()
            versions.save_service_version(actor=made.wu, workspace=made.workspace, text=long_service())
            yield made
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def _django_db_helper(house: Clinic) -> None:
    """In the place of pytest-django's, which empties the database after each test: this module does at its end."""


@pytest.fixture(autouse=True)
def _pages(house: Clinic, settings: Any, generated: Path) -> None:
    settings.STATICFILES_DIRS = [generated]


@pytest.fixture
def draft(house: Clinic) -> Draft:
    """A draft without a step."""
    for standing in Draft.objects.filter(service=house.service, ended_at=None):
        drafts.drop_draft(actor=house.wu, draft=standing)
    return drafts.open_draft(actor=house.wu, service=house.service)


@pytest.fixture
def wu(chromium: Browser, live_server: Any, house: Clinic, draft: Draft) -> Iterator[Editor]:
    editor = Editor(opened(chromium, live_server.url, house.wu, viewport={"width": 1280, "height": 900}), live_server)
    yield editor
    editor.close()


@pytest.fixture
def olivia(chromium: Browser, live_server: Any, house: Clinic, draft: Draft) -> Iterator[Editor]:
    context = opened(chromium, live_server.url, house.olivia, viewport={"width": 1280, "height": 900})
    editor = Editor(context, live_server)
    yield editor
    editor.close()


def test_a_cell_is_written_by_enter_saved_when_it_is_left_and_there_after_a_reload(wu: Editor) -> None:
    wu.open()
    wu.at(f"{WAIT}/thinks")
    wu.press("Enter")
    wu.page.keyboard.type("Have they forgotten me?")
    wu.press("Tab")
    wu.saved()
    assert (wu.here(), wu.cell(f"{WAIT}/thinks")) == ("TEXTAREA", "Have they forgotten me?")
    wu.press("Escape")
    assert words("thinks") == "Have they forgotten me?"
    wu.page.reload()
    assert wu.cell(f"{WAIT}/thinks") == "Have they forgotten me?"
    wu.at(f"{WAIT}/emotion")
    wu.press("F2")
    wu.page.keyboard.type("−1.5")
    wu.press("Enter")
    wu.saved()
    assert (wu.here(), words("emotion")) == (f"{WAIT}/emotion", None) or words("emotion.planned") == -1.5
    assert wu.wrong == []


def test_the_grid_is_walked_through_and_its_columns_are_moved_by_keys_alone(wu: Editor) -> None:
    wu.open()
    wu.at("touchpoints:register")
    walked = []
    for key in ("ArrowRight", "ArrowDown", "End", "Home", "PageDown", "Control+End", "Control+Home", "ArrowDown"):
        wu.press(key)
        walked.append(wu.here())
    assert walked[:5] == [
        WAIT, f"{WAIT}/customer", "touchpoints:consult/customer", "touchpoints:register/customer",
        "touchpoints:consult/customer",
    ]  # fmt: skip
    assert walked[5] == "touchpoints:consult/fails"
    wu.at(WAIT)
    wu.press("Space", "ArrowLeft", "Space")
    until(wu.page, lambda: order() == ["wait", "register", "consult"])
    assert (wu.here(), "is now 1 of 2" in wu.said()) == (WAIT, True)
    wu.press("Alt+ArrowRight", "Alt+ArrowRight")
    until(wu.page, lambda: order() == ["register", "wait", "consult"] and words("title", "stages:consult") is not None)
    wu.saved()
    assert wu.here() == WAIT
    wu.press("Space", "ArrowLeft", "Escape")
    assert order() == ["register", "wait", "consult"]
    wu.press("Control+z", "Control+z", "Control+z")
    until(wu.page, lambda: order() == ["register", "wait", "consult"])
    wu.press("Control+Shift+z")
    until(wu.page, lambda: order() == ["wait", "register", "consult"])
    assert wu.wrong == []


def test_a_touchpoint_is_added_named_removed_and_brought_back_without_a_mouse(wu: Editor) -> None:
    wu.open()
    wu.at("touchpoints:register")
    wu.press("Insert")
    wu.page.keyboard.type("Triage by the nurse")
    wu.press("Enter")
    until(wu.page, lambda: order() == ["register", "triage-by-the-nurse", "wait", "consult"])
    until(wu.page, lambda: wu.here() == "touchpoints:triage-by-the-nurse")
    wu.press("Delete")
    until(wu.page, lambda: order() == ["register", "wait", "consult"])
    assert "was removed" in wu.said()
    wu.page.locator("[data-undo]").click()
    until(wu.page, lambda: order() == ["register", "triage-by-the-nurse", "wait", "consult"])
    until(wu.page, lambda: wu.cell("touchpoints:triage-by-the-nurse") == "Triage by the nurse")


@pytest.mark.parametrize("typed", ["houzhen", "ㄏㄡˋㄓㄣˇ"])
def test_nothing_is_saved_moved_or_left_before_an_input_method_has_committed(wu: Editor, typed: str) -> None:
    wu.open()
    wu.at(f"{WAIT}/fears")
    wu.press("Enter")
    wu.page.evaluate(COMPOSE, typed)
    wu.page.wait_for_timeout(1300)
    assert (wu.here(), DraftStep.objects.filter(field="fears").count()) == ("TEXTAREA", 0)
    wu.page.evaluate("""() => { const area = document.activeElement; area.value = "候診";
      area.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true, data: "候診" })); }""")
    until(wu.page, lambda: words("fears") == "候診", 4)
    DraftStep.objects.filter(field="fears").delete()


def test_what_is_pasted_is_plain_text_and_cut_at_the_limit_with_a_word_about_it(wu: Editor) -> None:
    wu.context.grant_permissions(["clipboard-read", "clipboard-write"])
    wu.open()
    wu.at(f"{WAIT}/expects")
    wu.press("Enter")
    wu.page.evaluate("""async () => { const text = "a bold wish ".repeat(400).slice(0, 4100);
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": new Blob([text], { type: "text/plain" }),
      "text/html": new Blob([`<b>${text}</b><table><tr><td>x</table>`], { type: "text/html" }) })]); }""")
    wu.press("Control+v")
    assert "cut after 4000" in wu.said()
    wu.press("Enter")
    wu.saved()
    kept = words("expects")
    assert (len(kept) in (3999, 4000), "<" in kept, kept[:11]) == (True, False, "a bold wish")
    assert wu.wrong == []


def test_what_olivia_does_is_seen_by_wu_within_three_seconds_and_never_under_his_hands(
    wu: Editor, olivia: Editor
) -> None:
    wu.open()
    olivia.open()
    olivia.at(f"{WAIT}/customer")
    olivia.press("Enter")
    olivia.page.keyboard.type("Sits down")
    olivia.press("Enter")
    olivia.saved()
    took = until(wu.page, lambda: wu.cell(f"{WAIT}/customer").startswith("Sits down"))
    assert took <= 3.0
    until(wu.page, lambda: wu.page.locator("[data-others]").inner_text() == "Also here: Olivia Wang")
    wu.at(f"{WAIT}/customer")
    wu.press("Enter")
    wu.page.keyboard.type(" and waits")
    olivia.press("Enter")
    olivia.page.keyboard.type(", bored")
    olivia.press("Enter")
    until(wu.page, lambda: wu.page.locator("#clashes .clash").count() == 1)
    clash = wu.page.locator("#clashes .clash")
    assert [clash.locator(f"[data-{which}]").inner_text() for which in ("theirs", "mine")] in (
        ["Sits down, bored", "Sits down and waits"], ["Sits down and waits", "Sits down, bored"],
    )  # fmt: skip


def test_of_two_texts_both_are_kept_where_somebody_says_so(wu: Editor, house: Clinic, draft: Draft) -> None:
    wu.open()
    wu.at(f"{WAIT}/customer")
    wu.press("Enter")
    wu.page.keyboard.type(" Reads")
    sends(house.olivia, draft, "customer", "Sleeps")
    wu.press("Enter")
    clash = wu.page.locator("#clashes .clash")
    clash.wait_for()
    assert "Olivia Wang has changed this meanwhile" in clash.inner_text()
    offered = [button for button in clash.locator("button").all() if button.is_visible()]
    assert [button.inner_text() for button in offered] == ["Keep Olivia Wang’s", "Keep mine", "Keep both"]
    clash.locator("[data-keep=both]").click()
    until(wu.page, lambda: str(words("customer")).startswith("Sleeps\n") and str(words("customer")).endswith("Reads"))
    assert wu.page.locator("#clashes .clash").count() == 0


def test_what_olivia_has_removed_comes_back_with_the_words_of_whoever_was_writing(
    wu: Editor, house: Clinic, draft: Draft
) -> None:
    wu.open()
    wu.at(f"{WAIT}/customer")
    wu.press("Enter")
    wu.page.keyboard.type(" and reads")
    drafts.edit_draft(actor=house.olivia, draft=draft, edit=drafts.Edit("remove", WAIT))
    wu.press("Enter")
    clash = wu.page.locator("#clashes .clash")
    clash.wait_for()
    assert "Olivia Wang removed “Wait to be called”" in clash.inner_text()
    clash.locator("[data-keep=back]").click()
    until(wu.page, lambda: "wait" in order() and str(words("customer")).endswith("and reads"))
    until(wu.page, lambda: wu.cell(f"{WAIT}/customer").endswith("and reads"))


def test_what_was_written_without_a_connection_is_sent_once_after_a_reload(wu: Editor) -> None:
    wu.open()
    wu.page.route("**/design/steps/**", lambda route: route.abort())
    wu.at(f"{WAIT}/support")
    wu.press("Enter")
    wu.page.keyboard.type("Records")
    wu.press("Enter")
    wu.page.wait_for_function("() => document.querySelector('[data-status]').dataset.status === 'again'")
    assert (wu.cell(f"{WAIT}/support"), words("support")) == ("Records", None)
    wu.page.unroute("**/design/steps/**")
    wu.page.reload()
    until(wu.page, lambda: words("support") == "Records")
    until(wu.page, lambda: wu.cell(f"{WAIT}/support") == "Records")
    assert DraftStep.objects.filter(field="support").count() == 1


def test_sixty_touchpoints_are_ready_within_a_second_and_typing_waits_for_nobody(
    wu: Editor, house: Clinic, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of work: what others do on the machine meanwhile does not count."""
    drafts.open_draft(actor=house.wu, service=Service.objects.get(slug="long"))
    client = browser_of(house.wu)
    made = min(work_of(lambda: client.get(LONG)) for _ in range(3))
    devtools = wu.context.new_cdp_session(wu.page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})
    drawn = []
    for _ in range(3):
        page = wu.open(LONG)
        metrics = {each["name"]: each["value"] for each in devtools.send("Performance.getMetrics")["metrics"]}
        drawn.append(metrics["TaskDuration"])
    page.evaluate("""() => { const ask = window.fetch;
      window.fetch = (...asked) => new Promise((answer) => setTimeout(() => answer(ask(...asked)), 1500)); }""")
    wu.at("touchpoints:point-0-0/fears")
    wu.press("Enter")
    began = time.monotonic()
    page.keyboard.type("x" * 20)
    wu.press("Tab")
    page.keyboard.type("y" * 20)
    typed = time.monotonic() - began
    with capsys.disabled():
        print(f"\n60 touchpoints: {made:.2f} s to make, {min(drawn):.2f} s to draw; 40 keys took {typed:.2f} s")
    assert (made + min(drawn) <= 1.0, typed < 1.4) == (True, True)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    drafts.drop_draft(actor=house.wu, draft=Draft.objects.get(service__slug="long", ended_at=None))


@pytest.mark.parametrize("width", [1280, 800, 360])
def test_grid_panel_and_outline_have_no_barrier_and_targets_as_large_as_a_thumb(wu: Editor, width: int) -> None:
    wu.page.set_viewport_size({"width": width, "height": 800})
    page = wu.open()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    if width >= 640:
        wu.at(WAIT)
        wu.press("p")
        page.locator("#panel textarea").first.wait_for()
    assert (barriers_of(page), page.evaluate(SMALL), wu.wrong) == ([], [], [])
    if width < 640:
        assert (page.locator("[role=grid]").first.is_visible(), page.locator("#outline .stop").count()) == (False, 3)


def test_the_panel_saves_every_field_as_it_is_left_and_moves_the_touchpoint_by_taps(wu: Editor) -> None:
    page = wu.open()
    page.locator(f'[data-cell="{WAIT}"] .words').click()
    page.locator("#panel textarea").first.wait_for()
    for folded in page.locator("#panel details:not([open]) > summary").all()[::-1]:
        folded.click()
    page.locator("#panel [name=designed_as]").select_option("peak")
    page.locator("#panel [name='new-standards']").fill("Told after 15 minutes")
    page.locator("#panel [name=fears]").fill("To be forgotten")
    page.locator("#panel [name=expects]").focus()
    until(page, lambda: (words("designed_as"), words("fears")) == ("peak", "To be forgotten"))
    until(page, lambda: "Told after 15 minutes" in wu.cell(f"{WAIT}/standards"))
    page.locator("#panel textarea", has_text="Told after 15 minutes").wait_for()
    page.locator("#panel form[data-stay] button").first.click()
    until(page, lambda: order() == ["wait", "register", "consult"])
    assert wu.wrong == []


def test_a_map_of_three_stages_and_eight_touchpoints_is_made_by_keys_alone_in_under_four_minutes(wu: Editor) -> None:
    """At two keys a second, which is slow typing."""
    wu.open()
    keys = 0
    for name in ("stages:arrive", "stages:consult"):
        wu.at(name)
        wu.press("Delete")
        until(wu.page, lambda name=name: name not in stages())  # type: ignore[misc]
        keys += 2
    for at, (stage, points) in enumerate({"Arrive": ["Door", "Desk", "Wait"], "Stay": ["Room", "Bath", "Bed"],
                                          "Leave": ["Bill", "Taxi"]}.items()):  # fmt: skip
        wu.page.locator(".corner").focus()
        wu.press("End", "Insert") if at else wu.press("Insert")
        wu.page.keyboard.type(stage)
        wu.press("Enter")
        until(
            wu.page,
            lambda stage=stage: wu.here() == f"stages:{stage.lower()}-2" or wu.here() == f"stages:{stage.lower()}",
        )  # type: ignore[misc]
        wu.press("ArrowDown")
        keys += 5 + len(stage)
        for n, point in enumerate(points):
            wu.press("Insert")
            wu.page.keyboard.type(point)
            wu.press("Enter")
            until(wu.page, lambda point=point: wu.here().startswith(f"touchpoints:{point.lower()}"))  # type: ignore[misc]
            wu.press("ArrowDown", "ArrowDown", "ArrowDown", "Enter")
            wu.page.keyboard.type(str(n - 1))
            wu.press("Enter", "ArrowUp", "ArrowUp", "ArrowUp")
            keys += 12 + len(point)
    wu.saved()
    assert (len(stages()), len(order()), keys / 2 < 240) == (3, 8, True)
    working = document_at(Draft.objects.get(ended_at=None, service__slug="outpatient"))
    feelings = [working.value(f"touchpoints:{id}", "emotion.planned") for id in order()]
    assert feelings == [-1, 0, 1, -1, 0, 1, -1, 0]
    assert wu.wrong == []


def test_heads_are_dragged_and_stages_are_moved_and_removed_by_taps(wu: Editor) -> None:
    page = wu.open()
    page.locator('[data-cell="touchpoints:register"] .handle').hover()
    page.wait_for_function("() => window.Sortable")  # no hand is as quick as this one
    page.locator('[data-cell="touchpoints:register"] .handle').drag_to(page.locator(f'[data-cell="{WAIT}"] .words'))
    until(page, lambda: order() == ["wait", "register", "consult"])
    page.locator('[data-cell="touchpoints:register"] .handle').drag_to(
        page.locator('[data-cell="touchpoints:consult"] .words')
    )
    until(page, lambda: order() == ["wait", "consult", "register"])
    page.locator('[data-cell="stages:consult"]').hover()
    page.locator('[data-cell="stages:consult"] [data-do=earlier]').click()
    until(page, lambda: stages() == ["stages:consult", "stages:arrive"])
    page.locator('[data-cell="stages:consult"]').hover()
    page.locator('[data-cell="stages:consult"] [data-do=add]').click()
    page.keyboard.type("Pay")
    page.keyboard.press("Enter")
    until(page, lambda: order() == ["consult", "register", "pay", "wait"])
    page.locator('[data-cell="stages:arrive"]').hover()
    page.locator('[data-cell="stages:arrive"] [data-do=remove]').click()
    until(page, lambda: stages() == ["stages:consult"])
    page.get_by_role("button", name="Add a stage").click()
    page.keyboard.type("After")
    page.keyboard.press("Enter")
    until(page, lambda: stages() == ["stages:consult", "stages:after"])
    page.locator('[data-cell="stages:after/empty"]').click()
    page.keyboard.type("Call next day")
    page.keyboard.press("Enter")
    until(page, lambda: order()[-1] == "call-next-day")
    assert wu.wrong == []


def test_on_a_phone_the_outline_is_edited_without_losing_ones_place(wu: Editor) -> None:
    wu.page.set_viewport_size({"width": 360, "height": 640})
    page = wu.open()
    page.evaluate("window.stayed = true")
    button = page.get_by_role("button", name="Move “Wait to be called” earlier", exact=True).last
    button.scroll_into_view_if_needed()
    where = page.evaluate("scrollY")
    button.click()
    until(page, lambda: order() == ["wait", "register", "consult"])
    until(page, lambda: page.locator("#outline .stop a").first.inner_text() == "Wait to be called")
    assert (page.evaluate("window.stayed"), abs(page.evaluate("scrollY") - where) < 120) == (True, True)
    page.locator("#next1").fill("Triage")
    page.locator("#next1").press("Enter")
    until(page, lambda: order() == ["wait", "register", "triage", "consult"])
    until(page, lambda: page.evaluate("document.activeElement.id") == "next1")
    assert (page.evaluate("window.stayed"), wu.wrong) == (True, [])


def test_words_that_are_being_written_are_kept_where_somebody_goes_over_to_another_language(wu: Editor) -> None:
    page = wu.open()
    wu.at(f"{WAIT}/thinks")
    wu.press("Enter")
    page.keyboard.type("Me?")
    page.locator("nav a", has_text="简体中文").click()
    page.wait_for_url("**lang=zh-Hans")
    until(page, lambda: words("thinks") == "Me?")
    until(page, lambda: wu.cell(f"{WAIT}/thinks") == "Me?")
    assert page.locator(f'[data-cell="{WAIT}/thinks"].missing').count() == 1


def test_who_may_only_look_walks_through_the_map_in_force_and_changes_nothing(
    chromium: Browser, live_server: Any, house: Clinic, draft: Draft
) -> None:
    victor = Editor(opened(chromium, live_server.url, house.victor), live_server)
    page = victor.open()
    victor.at("touchpoints:register")
    victor.press("ArrowRight", "Enter", "p", "Delete", "Insert", "Space", "Alt+ArrowLeft")
    assert (victor.here(), page.locator("[role=grid]").get_attribute("aria-readonly")) == (WAIT, "true")
    assert (page.locator("main :is(textarea, .handle, [data-do])").count(), victor.wrong) == (0, [])
    victor.close()


def test_without_scripts_the_outline_is_edited_and_the_map_is_read(
    chromium: Browser, live_server: Any, house: Clinic, draft: Draft
) -> None:
    context = opened(chromium, live_server.url, house.wu, java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url + MAP)
    assert (page.locator("[role=grid]").is_visible(), page.locator("#outline").is_visible()) == (True, True)
    page.locator("#next1").fill("Triage")
    page.locator("#next1").press("Enter")
    assert order() == ["register", "wait", "triage", "consult"]
    context.close()


def test_what_drags_comes_when_a_finger_first_goes_to_a_handle_and_that_drag_is_done(
    chromium: Browser, live_server: Any, house: Clinic, draft: Draft
) -> None:
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
    wu = Editor(opened(chromium, live_server.url, house.wu, **phone), live_server)
    page = wu.open()
    assert page.evaluate("typeof Sortable") == "undefined"
    handles = page.locator("#outline .stop .handle")
    handles.nth(1).evaluate("handle => handle.scrollIntoView({ block: 'center' })")
    above, below = (handles.nth(at).bounding_box() or {} for at in (0, 1))
    x, y = below["x"] + 22, below["y"] + 22
    touch = partial(finger, wu.context.new_cdp_session(page))
    touch("touchStart", {"x": x, "y": y})
    page.wait_for_function("() => window.Sortable")
    page.wait_for_timeout(250)
    for part in range(1, 9):
        touch("touchMove", {"x": x, "y": y + (above["y"] + 4 - y) * part / 8})
        page.wait_for_timeout(20)
    touch("touchEnd")
    until(page, lambda: order() == ["wait", "register", "consult"])
    assert wu.wrong == []
    wu.close()


def test_what_is_typed_while_the_panel_is_drawn_anew_is_kept(wu: Editor) -> None:
    page = wu.open()
    wu.at("touchpoints:register")
    wu.press("p")
    page.locator("#panel summary", has_text="Behind the lines").click()
    page.locator("#panel [name='new-backstage']").fill("Prints the slip")
    page.evaluate("""() => { const ask = window.fetch;
      window.fetch = (...asked) => new Promise((answer) => setTimeout(() => answer(ask(...asked)), 300)); }""")
    wu.press("Tab")
    page.keyboard.type("Keeps the ", delay=30)
    page.locator("#panel textarea", has_text="Prints the slip").wait_for()
    page.keyboard.type("printer going")
    support = page.locator("#panel [name='new-support']")
    assert (support.input_value(), support.evaluate("field => field === document.activeElement")) == (
        "Keeps the printer going", True,
    )  # fmt: skip
    assert wu.wrong == []
