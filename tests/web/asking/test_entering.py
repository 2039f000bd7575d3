"""Chen at the desk types in what Mrs Lin said on paper: kept as facts, told apart, and nobody's words in the trail."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser

from peakend.instants import SECOND
from peakend_web.asking.actions import add_place, close_survey
from peakend_web.asking.receipts import random_code
from peakend_web.models import Case, Membership, Place, Response, Survey
from peakend_web.recovery.jobs import open_from_answers
from peakend_web.store import writer
from tests.web.browser import tap
from tests.web.conftest import Clinic, browser_of, left_by, make_clinic
from tests.web.findings.test_pages import HOME, read
from tests.web.store.test_aside import counts
from tests.web.surveys import clinic_survey, kept, nothing_is_kept, said, send

PAPER_AT = "2026-11-28T09:30"
PAPER_US = 1_795_829_400 * SECOND
"""Half past nine in Taipei."""


@pytest.fixture
def asked(clinic: Clinic) -> Survey:
    return clinic_survey(clinic)


@pytest.fixture
def counter(clinic: Clinic, asked: Survey) -> Place:
    return add_place(actor=clinic.olivia, survey=asked, label="Counter", site="east", channel="branch")


def page_of(survey: Survey) -> str:
    return f"{HOME}surveys/{survey.pk}/enter/"


def enter(browser: Client, survey: Survey, response: str = "", **fields: Any) -> Any:
    """Type a form in, as the page sends it; the reply."""
    form = {
        "entered:how": "paper",
        "response": response or random_code(20),
        "rev": "1",
        "was": "en",
        "send": "1",
        **fields,
    }
    return browser.post(page_of(survey), form)


MRS_LIN = {"recommend": "3", "waiting": "2", "why": "Nobody told me how long"}


def test_what_staff_type_in_are_facts_of_the_place_and_time_with_how_it_was_heard_set_apart_as_theirs(
    clinic: Clinic, asked: Survey, counter: Place
) -> None:
    chen = browser_of(clinic.chen)
    reply = enter(chen, asked, **MRS_LIN, place=counter.code, **{"entered:at": PAPER_AT})
    assert reply.status_code == 302
    (name,) = {name for (name,) in kept("response")}
    columns = ("item", "role", "value", "text", "state", "site", "channel", "touchpoint", "respondent_kind", "aside",
               "segments", "at_us", "response", "source")  # fmt: skip
    heard = '{"heard":"paper","language":"en"}'
    common = ("answered", "east", "branch")
    own = ("customer", "staff", heard, PAPER_US, name, f"survey:{asked.pk}")
    assert kept(*columns) == sorted(
        [
            ("recommend", "score", 3.0, None, *common, None, *own),
            ("waiting", "score", 2.0, None, *common, "wait", *own),
            ("why", "comment", None, "Nobody told me how long", *common, None, *own),
        ],
        key=str,
    )
    response = Response.objects.get()
    assert (response.aside, response.reasons, response.place, response.completed_us is None) == (
        "staff", "paper", counter, False,
    )  # fmt: skip
    assert left_by(clinic.workspace)[-1][1:] == (
        "Chen", "enter_answers", "survey", None, {"heard": "paper", "place": "Counter"},
    )  # fmt: skip


def test_the_customer_gets_a_code_once_with_which_the_answers_are_found(
    clinic: Clinic, asked: Survey, counter: Place
) -> None:
    chen = browser_of(clinic.chen)
    made = re.search(r'name="response" value="(\w+)"', chen.get(page_of(asked)).content.decode())
    assert made
    enter(chen, asked, made[1], **MRS_LIN, place=counter.code)
    page = chen.get(page_of(asked)).content.decode()
    code = re.search(r'<output id="code">([\w-]+)<', page)
    assert code
    assert code[1].replace("-", "").lower() == made[1]
    assert 'id="code"' not in chen.get(page_of(asked)).content.decode(), "it is shown once"
    found = Client(headers={"accept-language": "en"}).post("/r/", {"code": code[1]}).content.decode()
    assert "Nobody told me how long" in found


def test_figures_leave_them_out_show_them_with_the_rest_and_show_them_alone_and_the_rate_is_without_them(
    clinic: Clinic, asked: Survey, counter: Place
) -> None:
    for at in range(6):
        send(asked, said("recommend", 9), response=f"a-guest-of-the-day-{at}", key=f"key-of-guest-{at}", done=True)
    browser_of(None).get(f"/s/{asked.token}")
    olivia = browser_of(clinic.olivia)
    for recommendation in range(5):
        enter(olivia, asked, recommend=str(recommendation), **{"entered:how": "phone"})
    assert counts(clinic.olivia, clinic) == {"counted": 6, "sure": 6, "all": 11}
    figures = {
        query: [row["n"] for row in olivia.get(f"{HOME}methods/nps.json?{query}").json()]
        for query in ("", "aside=all", "aside=staff")
    }
    assert figures == {"": [6], "aside=all": [11], "aside=staff": [5]}
    course = read(olivia, f"{HOME}surveys/{asked.pk}/course/")
    assert "6 people have answered to the end" in course
    assert "Staff entered 5 responses for customers, which are counted apart." in course
    open_from_answers(workspace=clinic.workspace)
    assert not Case.objects.exists(), "what is set apart opens no case"


def test_the_same_form_sent_twice_is_kept_and_told_once(clinic: Clinic, asked: Survey) -> None:
    olivia, name = browser_of(clinic.olivia), "abcdefghjkmnpqrstuvw"
    for _ in range(2):
        assert enter(olivia, asked, name, **MRS_LIN).status_code == 302
    told = [verb for _, _, verb, *_ in left_by(clinic.workspace)]
    assert (Response.objects.count(), told.count("enter_answers")) == (1, 1)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"recommend": "11"}, "recommend"),
        ({"recommend": "9", "entered:how": "dream"}, "Select a valid choice"),
        ({"recommend": "9", "entered:at": "2999-01-01T00:00"}, "This time is in the future"),
        ({"recommend": "9", "entered:at": "yesterday"}, "Enter a valid date/time."),
        ({"recommend": "9", "place": "nosuch"}, "Select a valid choice"),
        ({}, "Nothing has been answered yet."),
    ],
)
def test_what_is_wrong_is_said_beside_it_with_everything_still_there_and_nothing_kept(
    clinic: Clinic, asked: Survey, fields: dict[str, str], words: str
) -> None:
    reply = enter(browser_of(clinic.olivia), asked, why="", **fields)
    assert (reply.status_code, nothing_is_kept()) == (422, True)
    page = reply.content.decode()
    assert (words in page, 'role="alert"' in page) == (True, True)


def test_another_language_brings_everything_along(clinic: Clinic, asked: Survey) -> None:
    browser, form = browser_of(clinic.olivia), {"recommend": "9", "why": "Waited", "entered:how": "phone"}
    reply = browser.post(page_of(asked), {**form, "response": "abcdefghjkmnpqrstuvw", "rev": "1", "lang": "zh-Hant"})
    page = reply.content.decode()
    assert ('<html lang="zh-Hant">' in page, 'value="phone" checked' in page, ">Waited<" in page) == (True, True, True)
    assert nothing_is_kept()


def test_whoever_is_limited_to_sites_enters_at_places_there_and_a_viewer_nothing(
    clinic: Clinic, asked: Survey, counter: Place
) -> None:
    west = add_place(actor=clinic.olivia, survey=asked, label="Kiosk in the west", site="west")
    chen = browser_of(clinic.chen)
    page = chen.get(page_of(asked)).content.decode()
    assert (counter.code in page, west.code in page, "No place in particular" in page) == (True, False, False)
    for place in ("", west.code):
        assert enter(chen, asked, recommend="9", place=place).status_code == 422
    assert browser_of(clinic.victor).get(page_of(asked)).status_code == 403
    assert browser_of(clinic.sam).get(page_of(asked)).status_code == 404
    Membership.objects.filter(person=clinic.chen).delete()
    assert chen.post(page_of(asked), {"recommend": "9", "send": "1"}).status_code == 404
    assert nothing_is_kept()


def test_paper_of_a_closed_survey_is_entered_with_a_time_before_it_closed(clinic: Clinic, asked: Survey) -> None:
    close_survey(actor=clinic.wu, survey=asked)
    olivia = browser_of(clinic.olivia)
    assert enter(olivia, asked, recommend="9").status_code == 422
    before = timezone.localtime() - timedelta(days=30)
    at = {"entered:at": before.strftime("%Y-%m-%dT%H:%M")}
    assert enter(olivia, asked, recommend="9", **at).status_code == 302
    assert kept("item", "aside")[:1] == [("recommend", "staff")]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:No directory at")
def test_olivia_types_in_what_was_said_on_the_phone_and_prints_the_code(chromium: Browser, live_server: Any) -> None:
    clinic = make_clinic()
    asked = clinic_survey(clinic)
    cookie = browser_of(clinic.olivia).cookies[settings.SESSION_COOKIE_NAME]
    context = chromium.new_context(viewport={"width": 360, "height": 740}, locale="en")
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{page_of(asked)}")
    page.locator('label:has(input[value="phone"])').click()
    assert Axe().run(page).response["violations"] == []
    page.locator("button.send[name=send]").last.click()
    page.locator("#errors").wait_for()
    assert page.locator('input[value="phone"]').is_checked()
    assert Axe().run(page).response["violations"] == []
    tap(page, "recommend", "4")
    page.locator("textarea").fill("The line was long")
    page.locator("button.send[name=send]").last.click()
    page.locator("#code").wait_for()
    assert Axe().run(page).response["violations"] == []
    page.emulate_media(media="print")
    assert (page.locator("#code").is_visible(), page.locator("a.go").is_visible()) == (True, False)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
    assert kept("item", "value", "text", "aside")[0] == ("recommend", 4.0, None, "staff")
    writer.close()
