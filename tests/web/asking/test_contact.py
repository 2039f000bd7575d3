"""Mrs Lin leaves her address with her answers: it is kept with the customers and nowhere else, as long as she wants."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser

from peakend.service import check
from peakend.service.purposes import FEEDBACK
from peakend_web.asking.actions.quarantine import delete_responses, release_responses
from peakend_web.customers.actions import NewCustomer, add_customers
from peakend_web.customers.queries import reachable
from peakend_web.models import Answer, Consent, Contact, Customer, IdempotencyKey, OutboxEntry, Response, Survey
from peakend_web.running import jobs
from peakend_web.store import columnar, writer
from tests.web.asking.test_receipts import CODE, ask, finished, told
from tests.web.browser import tap
from tests.web.conftest import Clinic, left_by, make_clinic
from tests.web.surveys import EVERYTHING, hotel_survey, kept, said, send
from tests.web.traces import in_tables, places

LIN = "lin@example.com"
LEFT = [said("reach", "Lin@Example.com"), said("reach.name", "Mrs Lin"), said("reach.agreed", 1)]


def reached(clinic: Clinic) -> list[tuple[str, str, str]]:
    return [(each.address, each.name, each.lang) for each in reachable(clinic.elsewhere, "feedback").values()]


def facts() -> list[tuple[Any, ...]]:
    return [row for row in kept("item", "state", "value", "text") if row[0] == "reach"]


def test_her_address_goes_to_the_customers_and_the_facts_say_only_that_one_was_left(clinic: Clinic) -> None:
    finished(hotel_survey(clinic), said("recommend", 9), *LEFT, lang="zh-Hant")
    assert (reached(clinic), facts()) == ([(LIN, "Mrs Lin", "zh-Hant")], [("reach", "answered", 1.0, None)])
    consent = Consent.objects.get()
    assert (consent.purpose, consent.wording[:6], consent.how) == ("feedback", "我同意你們透", "survey")
    assert consent.response == Response.objects.get().response
    assert in_tables([LIN, "Lin@Example.com", "Mrs Lin"]) == {"peakend_web_contact", "peakend_web_customer"}
    assert left_by(clinic.elsewhere)[-1][1:] == (None, "give_consent", "customer", None, {"purpose": "feedback"})


@pytest.mark.parametrize(
    "left",
    [
        [said("reach", LIN)],
        [said("reach", LIN), said("reach.agreed", 0)],
        [said("reach.agreed", 1), said("reach.name", "Mrs Lin")],
        [],
    ],
)
def test_without_an_address_and_a_tick_nothing_is_kept(clinic: Clinic, left: list[dict[str, Any]]) -> None:
    finished(hotel_survey(clinic), said("recommend", 9), *left)
    assert (facts(), Customer.objects.count()) == ([("reach", "skipped", None, None)], 0)
    assert in_tables([LIN, "Mrs Lin"]) == set()


def test_before_the_end_nothing_of_it_is_kept_and_what_is_no_address_is_told_at_the_end(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    assert send(survey, said("recommend", 9), *LEFT)[0] == 200
    assert (facts(), Customer.objects.count()) == ([("reach", "skipped", None, None)], 0)
    wrong = [said("recommend", 9), said("reach", "lin at home"), said("reach.agreed", 1)]
    status, reply = send(survey, *wrong, key="another-key", done=True)
    assert (status, reply["error"], reply["field"]) == (422, "survey.contact_unclear", "reach")
    assert Customer.objects.count() == 0
    assert not any(LIN in json.dumps(row) for row in IdempotencyKey.objects.values_list("key", "fingerprint", "reply"))


def test_an_anonymous_survey_cannot_ask_it_and_nobody_is_made_to_answer_it() -> None:
    assert check(EVERYTHING) == []
    anonymous = EVERYTHING.replace("anonymous: false", "anonymous: true")
    (problem,) = check(anonymous)
    assert (problem.id, problem.fields["item"]) == ("document.anonymous_contact", "reach")
    assert "keeps nothing that says who answered" in problem.message("en")
    for more, why in (
        ("kind: contact, required: true,", "document.contact_required"),
        ("kind: contact,", "document.condition_contact"),
    ):
        text = EVERYTHING.replace("kind: contact,", more)
        if why.endswith("condition_contact"):
            text += "      - {id: last, kind: nps, show_if: {item: reach, answered: true}, wording: {en: Last?}}\n"
        assert why in [problem.id for problem in check(text)]


def test_with_her_code_she_sees_changes_and_deletes_it(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    finished(survey, said("recommend", 9), *LEFT)
    page = told(ask().content.decode())
    assert page[-4:] == [
        "May we write to you?",
        f"E-mail or phone number {LIN}",
        "Name (optional) Mrs Lin",
        f"{FEEDBACK.wording['en']} ✓",
    ]
    assert LIN in ask("/r/answers.txt").content.decode()
    form = ask(f"/s/{survey.token}/change").content.decode()
    assert (f'value="{LIN}"' in form, 'value="Mrs Lin"' in form) == (True, True)
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    same = {**hidden, "recommend": "9", "reach": "0912345678", "reach.agreed": "1", "send": "1"}
    assert "/thanks" not in Client().post(f"/s/{survey.token}", same)["Location"], "no country is known here"
    same["reach"] = "+886 912 345 678"
    assert "/thanks" in Client().post(f"/s/{survey.token}", same)["Location"]
    Response.objects.update(aside=None)
    assert reached(clinic) == [("+886912345678", "", "en")]
    assert ask("/r/delete")["Location"] == "/r/?gone=1&lang="
    assert (reached(clinic), Contact.objects.count(), Consent.objects.filter(response="").count()) == ([], 0, 2)
    finished(survey, said("recommend", 9), *LEFT)
    assert (reached(clinic), Answer.objects.count()) == ([], 0), "the same delivery brings nothing back"


def test_unticked_again_it_goes_and_what_was_agreed_elsewhere_stays(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    row = NewCustomer([LIN], "Lin Mei-hua", "H-17")
    add_customers(actor=clinic.sam, workspace=clinic.elsewhere, rows=[row], purpose="feedback", how="paper")
    finished(survey, said("recommend", 9), *LEFT)
    assert Consent.objects.count() == 2
    shown = " ".join(told(ask().content.decode()))
    assert (LIN in shown, "Mei-hua" in shown) == (True, False), "what the house knows from elsewhere is not shown"
    unticked = [said("recommend", 9), said("reach", LIN, 2), said("reach.agreed", 0, 2)]
    assert send(survey, *unticked, response=CODE, done=True, amends=True, key="once-more-then")[0] == 200
    assert (reached(clinic), Consent.objects.exclude(customer=None).count()) == ([(LIN, "Lin Mei-hua", "")], 1)
    assert ask("/r/delete").status_code == 303
    assert reached(clinic) == [(LIN, "Lin Mei-hua", "")]


def test_without_a_script_she_is_told_before_sending_and_keeps_all_through_a_change_of_language(clinic: Clinic) -> None:
    survey, phone = hotel_survey(clinic), Client(headers={"accept-language": "zh-CN"})
    page = phone.get(f"/s/{survey.token}").content.decode()
    assert "只有勾选" in page
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    filled = {**form, "recommend": "9", "reach": LIN, "reach.name": "林太太", "reach.agreed": "1"}
    turned = phone.get(phone.post(f"/s/{survey.token}", {**filled, "lang": "zh-Hant"})["Location"]).content.decode()
    assert (f'value="{LIN}"' in turned, 'value="林太太"' in turned, "只有勾選" in turned) == (True, True, True)
    assert re.search(r'name="reach.agreed" value="1" id="q-reach--agreed" checked', turned)
    assert Customer.objects.count() == 0
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', turned))
    sent = phone.post(f"/s/{survey.token}", {**filled, **hidden, "was": "zh-Hant", "send": "1"})
    assert "/thanks" in sent["Location"]
    assert (reached(clinic), Contact.objects.count()) == ([], 1), "sent at once: in quarantine nobody is written to"
    quarantine = {"actor": clinic.sam, "survey": survey, "responses": [Response.objects.get().pk]}
    release_responses(**quarantine)
    assert reached(clinic) == [(LIN, "林太太", "zh-Hant")]


def test_a_response_in_quarantine_that_is_deleted_takes_what_it_left_along(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    finished(survey, said("recommend", 9), *LEFT)
    Response.objects.update(aside="quarantine")
    assert reached(clinic) == []
    delete_responses(actor=clinic.sam, survey=survey, responses=[Response.objects.get().pk])
    assert in_tables([LIN, "Mrs Lin"]) == set()


@pytest.fixture
def house(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    monkeypatch.setattr(columnar.manifest, "GRACE_S", 0)
    yield make_clinic()
    writer.close()


def test_deleted_by_her_code_no_byte_of_her_address_or_name_is_left(house: Clinic) -> None:
    marks = ("purple.giraffe@example.com", "紫色長頸鹿太太")
    left = [said("reach", marks[0]), said("reach.name", marks[1]), said("reach.agreed", 1)]
    finished(hotel_survey(house), said("recommend", 1), *left)
    jobs.run_once()
    assert all(places(mark) for mark in marks)
    ask("/r/delete")
    for _ in range(2):
        jobs.run_once()
    assert [places(mark) for mark in marks] == [[], []]
    assert in_tables(marks) == set()
    assert OutboxEntry.objects.filter(done_at=None).count() == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.filterwarnings("ignore:No directory at")
def test_on_her_phone_it_is_sent_with_the_last_answer_alone_also_out_of_a_tunnel(
    chromium: Browser, live_server: Any, survey: Survey
) -> None:
    phone = chromium.new_context(viewport={"width": 360, "height": 640}, has_touch=True, locale="zh-TW")
    page, bodies = phone.new_page(), list[str]()
    page.on("request", lambda request: bodies.append(request.post_data or ""))
    page.goto(f"{live_server.url}/s/{survey.token}")
    tap(page, "recommend", "9")
    page.locator('input[name="reach"]').fill(LIN)
    page.locator('input[name="reach.name"]').fill("林太太")
    page.locator("[data-unticked]").filter(has_text="未勾選").wait_for()
    assert Axe().run(page).response["violations"] == []
    phone.set_offline(True)
    page.locator('label:has(input[name="reach.agreed"])').click()
    page.locator("[data-unticked]").filter(has_not_text="未勾選").wait_for(state="attached")
    page.wait_for_timeout(1_000)
    assert not any(LIN in body for body in bodies)
    assert LIN not in page.evaluate("JSON.stringify(localStorage)")
    page.locator("button.send").click()
    page.wait_for_timeout(200)
    phone.set_offline(False)
    page.wait_for_url("**/thanks*", timeout=20_000)
    assert list(Contact.objects.values_list("address", "customer__name")) == [(LIN, "林太太")]
    assert LIN not in page.evaluate("JSON.stringify(localStorage) + JSON.stringify(sessionStorage)")
    phone.close()
