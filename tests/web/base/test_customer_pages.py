"""A customer whose survey does not open, or whose answers do not arrive, is spoken to as a customer: in her language,
without anything of the staff's.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from peakend_web.asking.views import respond
from peakend_web.base import error_pages
from peakend_web.base.customer_pages import USUAL, WORDS, is_customers, page
from peakend_web.base.refusals import Busy, Failed, Missing, Slow, TooMany, TooMuch
from peakend_web.base.replies import refusal_reply
from peakend_web.store.deliveries import DeliveryError
from tests.web.conftest import Clinic, client_at_the_front
from tests.web.surveys import clinic_survey, nothing_is_kept

OURS = (
    "Peakend",
    "Start page",
    "start page",
    "首頁",
    "首页",
    "<code>",
    "<nav",
    "<form",
    "/sign-in/",
    "web.",
    "survey.",
)
ASK = {"en": "please ask our staff", "zh-TW": "請向現場人員詢問", "zh-CN": "请向现场工作人员询问"}


def ours(page: str) -> list[str]:
    """What of the staff's pages stands on this one."""
    shown = page.replace("/static/peakend_web/survey.css", "")
    return [part for part in OURS if part in shown]


@pytest.mark.parametrize("language", ASK)
@pytest.mark.parametrize("where", ["/s/nosuchsurvey", "/s/nosuchsurvey/", "/s/nosuchsurvey/thanks", "/s/", "/s/a/b/c"])
def test_a_link_that_is_wrong_says_what_to_check_and_whom_to_ask(clinic: Clinic, where: str, language: str) -> None:
    reply = Client().get(where, headers={"accept-language": language})
    said = reply.content.decode()
    assert (reply.status_code, ASK[language] in said, ours(said)) == (404, True, [])


def test_the_language_that_was_tapped_is_spoken_also_where_nothing_is_found(clinic: Clinic) -> None:
    said = Client().get("/s/nosuchsurvey?lang=zh-Hans", headers={"accept-language": "en"}).content.decode()
    assert ('<html lang="zh-Hans">' in said, ASK["zh-CN"] in said) == (True, True)


def test_a_link_that_was_typed_in_capitals_leads_to_the_survey(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    led = Client().get(f"/S/{survey.token.upper()}?lang=en")["Location"]
    assert Client().get(led).status_code == 200


def test_whatever_goes_wrong_at_a_survey_is_told_to_a_customer(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    survey, client = (
        clinic_survey(clinic),
        client_at_the_front(raise_request_exception=False, headers={"accept-language": "en"}),
    )
    at = f"/s/{survey.token}"
    replies = {
        405: client.put(at),
        400: client.post(at, b"x", "application/x-www-form-urlencoded; charset=big5"),
        413: client.post(at, {f"f{n}": "x" for n in range(2_100)}),
    }
    monkeypatch.setattr(respond, "show_page", None)
    replies[500] = client.get(at)
    found = {status: (reply.status_code, ours(reply.content.decode())) for status, reply in replies.items()}
    assert found == {status: (status, []) for status in replies}
    assert "tell our staff" in replies[500].content.decode()
    assert nothing_is_kept()


@pytest.mark.parametrize(
    "error",
    [
        Busy("web.busy", seconds=1),
        TooMany("web.unfinished_many", seconds=5),
        Slow("web.too_slow"),
        Failed("web.failed"),
    ],
)
def test_what_the_front_refuses_at_a_survey_is_a_page_for_a_customer_and_elsewhere_plain_words(error: Any) -> None:
    environ = {"PATH_INFO": "/s/abc", "HTTP_ACCEPT_LANGUAGE": "zh-TW"}
    told = refusal_reply(environ, error, as_data=False)
    assert (told.status, '<html lang="zh-Hant">' in told.body.decode(), ours(told.body.decode())) == (
        error.status,
        True,
        [],
    )
    assert (
        refusal_reply({**environ, "PATH_INFO": "/w/harbour/"}, error, as_data=False).body.decode()
        == f"{error.message('zh-Hant')}\n{error.hint('zh-Hant')}\n"
    )


@pytest.mark.parametrize("status", sorted({*WORDS, 422}))
def test_a_customer_reads_a_sentence_and_what_to_do_in_each_language(status: int) -> None:
    said = [re.sub(r"<[^>]+>", " ", page(status, lang).partition("<main>")[2]) for lang in ("en", "zh-Hant", "zh-Hans")]
    assert len({*said}) == 3
    with translation.override("en"):
        assert str(WORDS.get(status, USUAL)[1]) in said[0].replace("&#x27;", "'")


def test_a_crowd_is_told_in_words_on_the_form_and_what_was_typed_stays(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey, client = clinic_survey(clinic), Client(headers={"accept-language": "en"})

    def busy(**_sent: Any) -> None:
        raise DeliveryError("delivery.busy", seconds=1)

    monkeypatch.setattr(respond, "submit", busy)
    reply = client.post(f"/s/{survey.token}", {"recommend": "3", "why": "two hours", "send": "1"})
    said = reply.content.decode()
    assert (
        reply.status_code,
        "Very many people are answering" in said,
        ">two hours</textarea>" in said,
        "key" in said,
    ) == (503, True, True, False)


def test_a_staff_member_at_an_address_of_the_house_keeps_the_way_home(clinic: Clinic) -> None:
    asked = RequestFactory().get("/w/nowhere/")
    assert "web.missing" in error_pages.missing_page(asked, Missing("web.missing")).content.decode()
    assert [is_customers(path) for path in ("/s", "/s/x", "/S/X", "/sign-in/", "/static/x", "/w/s/")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]
    assert TooMuch.status in WORDS
