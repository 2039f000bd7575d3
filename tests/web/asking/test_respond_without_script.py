"""A guest answers with a browser that runs no script: by forms, which lose nothing and lead on to pages only."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from peakend_web.asking.actions import add_place
from peakend_web.models import IdempotencyKey, Response
from peakend_web.store.identity import public_name
from tests.web.conftest import Clinic
from tests.web.surveys import LIN, clinic_survey, hotel_survey, kept, nothing_is_kept


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def after(reply: Any, phone: Client) -> str:
    """The page that a form leads to; a form itself is never answered by a page, which a browser could not go
    back to.
    """
    assert (reply.status_code, reply.content) == (303, b"")
    return phone.get(reply["Location"]).content.decode()


def test_without_a_script_a_word_that_was_taken_out_is_taken_out(clinic: Clinic) -> None:
    survey, phone = hotel_survey(clinic), Client()
    filled = {"response": LIN, "recommend": "2", "nights": "3", "missed.tea": "1", "lang": "en"}
    after(phone.post(f"/s/{survey.token}", {**filled, "rev": "1", "why": "please delete my name"}), phone)
    assert ("why", "answered", "please delete my name") in kept("item", "state", "text")
    emptied = {"response": LIN, "recommend": "2", "lang": "en", "rev": "2", "why": "", "nights": ""}
    after(phone.post(f"/s/{survey.token}", emptied), phone)
    assert kept("item", "state", "value", "text") == sorted(
        [
            ("recommend", "answered", 2.0, None),
            ("why", "skipped", None, None),
            ("nights", "skipped", None, None),
            *(("missed", "skipped", None, None) for _ in range(2)),
            *(("matters", "skipped", None, None) for _ in range(3)),
            *(("weighs", "skipped", None, None) for _ in range(3)),
            ("came", "skipped", None, None),
            ("reach", "skipped", None, None),
        ],
        key=str,
    )


def test_what_a_form_said_is_shown_again_to_its_sender_alone(clinic: Clinic) -> None:
    survey, phone, stranger = hotel_survey(clinic), Client(), Client()
    led = phone.post(f"/s/{survey.token}", {"response": LIN, "why": "a word", "lang": "en"})["Location"]
    assert ">a word</textarea>" in phone.get(led).content.decode()
    assert "a word" not in stranger.get(f"/s/{survey.token}").content.decode()
    assert LIN not in led
    other = clinic_survey(clinic)
    assert "a word" not in phone.get(led.replace(survey.token, other.token)).content.decode()


def test_after_sending_a_browser_without_script_is_told_that_it_has_sent_until_it_asks_for_another(
    clinic: Clinic,
) -> None:
    survey, phone = clinic_survey(clinic), Client(headers={"accept-language": "en"})
    place = add_place(actor=clinic.wu, survey=survey, label="Tablet")
    at = f"/s/{survey.token}?at={place.code}"
    form = {**hidden(phone.get(at).content.decode()), "recommend": "9", "send": "1"}
    assert "/thanks" in phone.post(f"/s/{survey.token}", form)["Location"]
    again = f"/s/{place.code}?new=1"
    page = phone.get(at).content.decode()
    assert ("have arrived" in page, "<form" in page, f'href="{again}"' in page) == (True, False, True)
    assert "Answer as another person" not in phone.get(f"/s/{survey.token}").content.decode()
    assert "<form" in phone.get(again).content.decode()
    assert "<form" in phone.get(at).content.decode()


def test_without_a_script_mrs_lin_changes_the_language_makes_a_mistake_and_finishes_and_nothing_is_lost(
    clinic: Clinic,
) -> None:
    survey, phone = hotel_survey(clinic), Client(headers={"accept-language": "zh-TW"})
    page = phone.get(f"/s/{survey.token}").content.decode()
    form = hidden(page)
    assert '<html lang="zh-Hant">' in page
    filled = {**form, "used.room": "na", "why": "床很軟", "purpose": "work", "missed.tea": "1"}
    page = after(phone.post(f"/s/{survey.token}", {**filled, "lang": "en"}), phone)
    assert '<html lang="en">' in page
    assert hidden(page) == {**form, "rev": "2", "was": "en"}
    for still in (
        'value="na" checked',
        ">床很軟</textarea>",
        'value="work" checked',
        'name="missed.tea" value="1" id="q-missed--tea" checked',
    ):
        assert still in page
    assert len(kept("item")) == 4
    refused = phone.post(f"/s/{survey.token}", {**filled, **hidden(page), "overall": "9", "send": "1"})
    assert refused["Location"].endswith("#q-recommend")  # the first of two on the page
    page = after(refused, phone)
    assert '<a href="#q-overall">“9” is not an answer to “All in all?”; it takes whole numbers from 1 to 5.</a>' in page
    assert 'id="q-overall-e"' in page
    assert ">床很軟</textarea>" in page
    required = after(phone.post(f"/s/{survey.token}", {**filled, **hidden(page), "overall": "4", "send": "1"}), phone)
    assert '<a href="#q-recommend">“Would you recommend us?” still needs an answer.</a>' in required
    assert (4.0, "overall") in kept("value", "item")  # what is right is kept, as the page says
    done = phone.post(
        f"/s/{survey.token}", {**filled, **hidden(required), "overall": "4", "recommend": "8", "send": "1"}
    )
    assert (done.status_code, done["Location"]) == (303, f"/s/{survey.token}/thanks?lang=en")
    assert "Come back soon." in phone.get(done["Location"]).content.decode()
    assert {state for (state,) in kept("state")} == {"answered", "not_applicable", "skipped", "not_shown"}
    assert Response.objects.values_list("response", "language").get() == (
        public_name(settings.SECRET_KEY, survey.pk, form["response"]),
        "en",
    )
    assert Response.objects.get().completed_us


@pytest.mark.parametrize("length", [4_001, 70_000])
def test_without_a_script_a_text_that_is_too_long_is_told_by_how_much_and_stays_as_it_was_typed(
    clinic: Clinic, length: int
) -> None:
    survey, phone = clinic_survey(clinic), Client(headers={"accept-language": "en"})
    page = phone.get(f"/s/{survey.token}").content.decode()
    assert "maxlength" not in page, "a browser cuts what is pasted without a word"
    typed = "很" * length
    reply = phone.post(f"/s/{survey.token}", {**hidden(page), "recommend": "3", "why": typed, "send": "1"})
    page = (phone.get(reply["Location"]) if reply.status_code == 303 else reply).content.decode()
    assert f"is too long by {length - 4_000}: it has {length} characters, and 4000 fit." in page
    assert f">{typed}</textarea>" in page
    assert kept("item", "state") == [("recommend", "answered")]


def test_a_form_that_is_sent_twice_is_one_delivery(clinic: Clinic) -> None:
    survey, phone = clinic_survey(clinic), Client()
    form = {**hidden(phone.get(f"/s/{survey.token}").content.decode()), "recommend": "9", "send": "1"}
    assert [phone.post(f"/s/{survey.token}", form).status_code for _ in range(2)] == [303, 303]
    assert (Response.objects.count(), IdempotencyKey.objects.count()) == (1, 1)


def test_an_empty_form_says_kindly_that_one_answer_is_enough(clinic: Clinic) -> None:
    survey, phone = clinic_survey(clinic), Client(headers={"accept-language": "en"})
    page = after(
        phone.post(f"/s/{survey.token}", {**hidden(phone.get(f"/s/{survey.token}").content.decode()), "send": "1"}),
        phone,
    )
    assert "One answer is enough: choose one, or write a few words." in page
    assert nothing_is_kept()


def test_what_was_written_cannot_run_on_the_page(clinic: Clinic) -> None:
    survey, phone = hotel_survey(clinic), Client()
    bad = "</textarea><script>alert(1)</script>"
    page = after(
        phone.post(f"/s/{survey.token}?at=%22%3E%3Cscript%3E", {"why": bad, "lang": "en", "place": '"><script>'}), phone
    )
    assert bad not in page
    assert "<script>" not in page.replace('<script src="', "")
