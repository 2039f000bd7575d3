"""Wu sees whom she would ask and why not others, asks them, hands links out, words the message, and reads the rate."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client

from peakend_web.asking.actions.inviting import send_due
from peakend_web.asking.queries.personal_links import response_of_invitation
from peakend_web.models import Consent, Message, Survey, SurveyInvitation
from tests.web.conftest import Clinic, browser_of
from tests.web.surveys import clinic_survey, said

from .test_inviting import _ways_out, asked, customers, link_in, states
from .test_personal_links import send_by

State = SurveyInvitation.State
__all__ = ["_ways_out"]


def at(survey: Survey, what: str = "") -> str:
    return f"/w/harbour/outpatient/surveys/{survey.pk}/invitations/{what}"


def page(clinic: Clinic, survey: Survey, lang: str = "en", **person: Any) -> str:
    browser = browser_of(person.get("who", clinic.wu))
    reply = browser.get(at(survey), headers={"accept-language": lang})
    assert reply.status_code == 200
    return unescape(reply.content.decode())


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["Nobody has been invited yet. 2 customers could be asked now.", "1 · have not agreed to be asked"]),
        ("zh-TW", ["還沒有邀請任何人。", "現在可以邀請 2 位顧客。", "林女士您好"]),
        ("zh-CN", ["还没有邀请任何人。", "现在可以邀请 2 位顾客。", "林女士您好"]),
    ],
)
def test_before_anything_is_sent_it_says_whom_it_would_reach_and_how_it_reads(
    clinic: Clinic, lang: str, words: list[str]
) -> None:
    survey = asked(clinic)
    customers(clinic, 2)
    told = " ".join(page(clinic, survey, lang).replace("<strong>", "").replace("</strong>", "").split())
    assert [each for each in words if each not in told and "agreed" not in each] == []


def test_a_pasted_list_of_numbers_and_addresses_is_asked_and_the_others_are_told_by_reason(clinic: Clinic) -> None:
    survey = asked(clinic)
    lin, wang, chen = customers(clinic, 3)
    Consent.objects.filter(customer__key=chen).delete()
    wu = browser_of(clinic.wu)
    reply = wu.post(
        at(survey, "send/"),
        {"customers": f"{lin}\n LIN1@example.com, {chen}; nobody@example.com"},
        follow=True,
        headers={"accept-language": "en"},
    )
    told = unescape(reply.content.decode())
    assert "2 customers are being asked." in told
    assert "Not asked: 1 · have not agreed to be asked; 1 · nobody knows them." in told
    assert sorted(SurveyInvitation.objects.filter(state=State.PLANNED).values_list("customer__key", flat=True)) == [
        lin, wang,
    ]  # fmt: skip
    send_due(workspace=clinic.workspace)
    assert wu.post(at(survey, "send/"), {"customers": ""}).status_code == 422
    assert "Sent, not opened" in page(clinic, survey)


def test_all_who_can_be_reached_are_asked_in_words_of_ones_own(clinic: Clinic) -> None:
    survey = asked(clinic)
    customers(clinic, 2)
    wu = browser_of(clinic.wu)
    assert wu.post(at(survey, "words/en/"), {"subject": "{name}?", "text": "Dear {name}: {link}\n."}).status_code == 302
    assert wu.post(at(survey, "words/fr/"), {"subject": "", "text": "Bonjour"}).status_code == 404
    assert wu.post(at(survey, "send/"), {"all": "1"}).status_code == 302
    assert send_due(workspace=clinic.workspace) == 2
    message = Message.objects.order_by("pk")[0]
    assert (message.subject, message.text.startswith("Dear Mrs Lin: https://feedback.harbour.example/i/")) == (
        "Mrs Lin?", True,
    )  # fmt: skip


def test_links_come_as_a_file_that_is_shown_once_and_can_be_withdrawn(clinic: Clinic) -> None:
    survey, wu = clinic_survey(clinic), browser_of(clinic.wu)
    reply = wu.post(at(survey, "links/"), {"many": "3"})
    head, *rows = reply.content.decode().lstrip("\ufeff").split()
    assert (reply.headers["Content-Type"], head, len(rows)) == ("text/csv; charset=utf-8", "number,link", 3)
    assert Client().get(rows[0].partition("example")[2]).status_code == 200
    assert wu.post(at(survey, "links/"), {"many": "0"}).status_code == 422
    assert wu.post(at(survey, "withdraw/")).status_code == 302
    assert states() == [(State.WITHDRAWN, "")] * 3
    assert Client().get(rows[0].partition("example")[2]).status_code == 410


def test_an_anonymous_survey_tells_how_far_people_came_only_where_enough_were_invited(clinic: Clinic) -> None:
    survey, wu = clinic_survey(clinic), browser_of(clinic.wu)
    wu.post(at(survey, "links/"), {"many": "4"})
    SurveyInvitation.objects.filter(pk=SurveyInvitation.objects.order_by("pk")[0].pk).update(state=State.FINISHED)
    assert "Answered to the end" not in page(clinic, survey)
    wu.post(at(survey, "links/"), {"many": "1"})
    assert "Answered to the end" in page(clinic, survey)


def test_the_surveys_own_page_tells_the_share_of_those_who_were_invited_with_its_interval(clinic: Clinic) -> None:
    survey = asked(clinic)
    lin, wang = customers(clinic, 2)
    wu = browser_of(clinic.olivia)
    wu.post(at(survey, "send/"), {"customers": f"{lin} {wang}"})
    send_due(workspace=clinic.workspace)
    token = link_in(Message.objects.order_by("pk")[0]).removeprefix("/i/")
    name = response_of_invitation(SurveyInvitation.objects.order_by("pk")[0])
    assert send_by(token, survey, said("recommend", 9), response=name, done=True)[0] == 200
    where = f"/w/harbour/outpatient/surveys/{survey.pk}/course/"
    reply = wu.get(where, headers={"accept-language": "en"})
    words = "50% of those who were invited and reached answered to the end (95% interval 9"
    assert words in unescape(reply.content.decode())
