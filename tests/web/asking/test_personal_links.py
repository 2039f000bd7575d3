"""A link of one's own lets one person answer once, wherever and however often it is opened."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from peakend_web.asking import survey_cache
from peakend_web.asking.actions import close_survey
from peakend_web.asking.actions.invitations import make_links
from peakend_web.asking.answers import now_us
from peakend_web.asking.arrivals import MINUTE_US
from peakend_web.asking.queries.personal_links import MOST, new_token, response_of_invitation
from peakend_web.asking.receipts import new_receipt
from peakend_web.asking.render_tokens import make_token
from peakend_web.base.logs import without_secrets
from peakend_web.models import Answer, AuditEntry, Event, OutboxEntry, Response, Survey, SurveyInvitation
from tests.web.conftest import Clinic
from tests.web.surveys import clinic_survey, hotel_survey, said

State = SurveyInvitation.State
RECOMMEND = {"nps": ("recommend", 9)}


def links(survey: Survey, many: int = 1) -> list[str]:
    return make_links(actor=survey.published_by, survey=survey, many=many)


def open_link(token: str, lang: str = "en", **more: Any) -> Any:
    return Client().get(f"/i/{token}", headers={"accept-language": lang, **more})


def send_by(
    token: str, survey: Survey, *answers: dict[str, Any], response: str = "", key: str = "the-first-key", **more: Any
) -> tuple[int, dict[str, Any]]:
    """Send answers as the page that a link opened does, a minute after that; the status and what was replied."""
    response = response or response_of_invitation(SurveyInvitation.objects.get())
    page = make_token(survey.pk, "", response, now_us() - MINUTE_US)
    body = {"key": key, "response": response, "token": page, "answers": list(answers), **more}
    reply = Client().post(
        f"/i/{token}/answers?of={survey.token}",
        json.dumps(body),
        content_type="application/json",
        headers={"accept-language": "en"},
    )
    return reply.status_code, reply.json()


def furthest() -> list[tuple[str, bool, bool]]:
    return list(SurveyInvitation.objects.values_list("state", "seen", "begun"))


def test_a_thousand_prefetches_of_mail_scanners_use_no_link_up_and_count_as_seen_by_nobody(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    tokens, scanner = links(survey, 20), Client()
    ahead = ({}, {"Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"})
    statuses = set()
    for at in range(1_000):
        ask = scanner.get if at % 4 == 0 else scanner.head
        statuses.add(ask(f"/i/{tokens[at % 20]}", headers={"accept-language": "en", **ahead[at % 3]}).status_code)
    assert statuses == {200}
    assert furthest() == [(State.SENT, False, False)] * 20
    assert not Response.objects.exists()
    assert set(Event.objects.values_list("kind", flat=True)) == {"invited"}


def test_the_answers_of_one_asked_by_name_are_one_response_on_two_devices_and_use_the_link_up_once(
    clinic: Clinic,
) -> None:
    survey = hotel_survey(clinic)
    (token,) = links(survey)
    assert Client().post(f"/i/{token}/seen").status_code == 204
    assert furthest() == [(State.OPENED, True, False)]
    assert send_by(token, survey, said("recommend", 9))[0] == 200
    on_the_tablet = open_link(token).content.decode()
    assert f'name="response" value="{response_of_invitation(SurveyInvitation.objects.get())}"' in on_the_tablet
    assert 'name="rev" value="2"' in on_the_tablet
    assert re.search(r'value="9" checked', on_the_tablet)
    status, reply = send_by(token, survey, said("recommend", 9), key="the-second-key", done=True)
    assert (status, reply.get("done")) == (200, True)
    assert furthest() == [(State.FINISHED, True, True)]
    assert (Response.objects.count(), Response.objects.filter(completed_us__isnull=False).count()) == (1, 1)


def test_whoever_finishes_twice_is_told_the_same_and_nothing_is_doubled(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    (token,) = links(survey)
    first = send_by(token, survey, said("recommend", 9), done=True)
    again = send_by(token, survey, said("recommend", 9), done=True)
    assert first == again
    assert send_by(token, survey, said("recommend", 2, 7), key="another-key", done=True)[1]["saved"] == 0
    assert list(Answer.objects.filter(item="recommend").values_list("value", flat=True)) == [9.0]
    assert [each[2] for each in SurveyInvitation.objects.values_list("pk", "seen", "state")] == [State.FINISHED]
    kinds = list(Event.objects.order_by("pk").values_list("kind", "record"))
    record = SurveyInvitation.objects.get().record
    assert kinds == [(kind, record) for kind in ("invited", "begun", "finished")]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "This link was already used to answer."),
        ("zh-TW", "這個連結已經作答過了。"),
        ("zh-CN", "这个链接已经作答过了。"),
    ],
)
def test_a_used_link_says_so_and_what_can_still_be_done(clinic: Clinic, lang: str, words: str) -> None:
    survey = clinic_survey(clinic)
    (token,) = links(survey)
    assert send_by(token, survey, said("recommend", 9), response=new_receipt(), done=True)[0] == 200
    page = open_link(token, lang)
    assert (page.status_code, words in page.content.decode(), 'href="/r/?lang=' in page.content.decode()) == (
        200, True, True,
    )  # fmt: skip


def test_links_that_are_over_say_what_to_do_and_take_nothing(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    (token,) = links(survey)
    over = {
        State.WITHDRAWN: ("This link was withdrawn.", "survey.link_withdrawn"),
        State.EXPIRED: ("This link has expired.", "survey.link_expired"),
    }
    for state, (words, refusal) in over.items():
        SurveyInvitation.objects.update(state=state)
        assert (open_link(token).status_code, words in open_link(token).content.decode()) == (410, True)
        status, reply = send_by(token, survey, said("recommend", 9), response=new_receipt())
        assert (status, reply["error"]) == (410, refusal)
    SurveyInvitation.objects.update(state=State.SENT, expires_at=timezone.now() - timedelta(minutes=1))
    assert "This link has expired." in open_link(token).content.decode()
    SurveyInvitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    close_survey(actor=clinic.wu, survey=survey)
    survey_cache.forget(survey.token)
    closed = open_link(token)
    assert (closed.status_code, "This survey is closed." in closed.content.decode()) == (410, True)
    assert not Answer.objects.exists()


def test_a_link_opens_however_it_was_copied(clinic: Clinic) -> None:
    (token,) = links(clinic_survey(clinic))
    for typed in (f"{token}/", f"{token}.", f"{token}。", token.upper(), f"{token}）。"):
        lead = Client().get(f"/i/{typed}")
        assert (lead.status_code, lead.headers["Location"]) == (303, f"/i/{token}")
    assert Client().get(f"/I/{token.upper()}").headers["Location"] == f"/i/{token}"


def test_a_forged_token_finds_nothing_and_many_of_them_must_wait_while_a_right_one_opens(clinic: Clinic) -> None:
    (token,) = links(clinic_survey(clinic))
    tries = [open_link(new_token(), "zh-TW") for _ in range(MOST["link"] + 2)]
    assert [each.status_code for each in tries] == [404] * MOST["link"] + [429] * 2
    assert "這個連結打不開問卷。" in tries[0].content.decode()
    assert open_link(token).status_code == 200


def test_the_page_is_kept_nowhere_and_tells_nobody_where_one_comes_from(clinic: Clinic) -> None:
    (token,) = links(clinic_survey(clinic))
    page = open_link(token)
    assert (page.headers["Cache-Control"], page.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert token not in without_secrets(f'"GET /i/{token} HTTP/1.1" 200')


def test_without_a_script_a_form_uses_the_link_up_and_leads_to_the_thanks(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    (token,) = links(survey)
    name = new_receipt()
    form = {
        "response": name,
        "token": make_token(survey.pk, "", name, now_us() - MINUTE_US),
        "recommend": "9",
        "send": "1",
    }
    browser = Client(headers={"accept-language": "en"})
    sent = browser.post(f"/i/{token}?of={survey.token}", form)
    assert (sent.status_code, sent.headers["Location"].partition("?")[0]) == (303, f"/i/{token}/thanks")
    assert "Your answers have arrived." in browser.get(sent.headers["Location"]).content.decode()
    assert "already used" in browser.get(f"/i/{token}").content.decode()
    assert furthest() == [(State.FINISHED, True, True)]


def test_a_ticket_of_an_anonymous_survey_lets_one_response_end_and_no_other(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    (token,) = links(survey)
    phone, tablet = new_receipt(), new_receipt()
    assert send_by(token, survey, said("recommend", 9), response=phone, key="of-the-phone")[0] == 200
    assert send_by(token, survey, said("recommend", 4), response=tablet, key="of-the-tablet")[0] == 200
    done = {"done": True}
    assert send_by(token, survey, said("recommend", 9), response=phone, key="phone-is-done", **done)[0] == 200
    assert send_by(token, survey, said("recommend", 9), response=phone, key="phone-is-done", **done)[0] == 200
    status, reply = send_by(token, survey, said("recommend", 4), response=tablet, key="tablet-is-done", **done)
    assert (status, reply["error"]) == (409, "survey.link_used")
    assert Response.objects.filter(completed_us__isnull=False).count() == 1


def test_nothing_that_is_kept_leads_from_an_anonymous_answer_to_its_ticket(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    (token, _other) = links(survey, 2)
    ticket = SurveyInvitation.objects.order_by("pk")[0]
    before = (AuditEntry.objects.count(), OutboxEntry.objects.count(), Event.objects.count())
    Client().post(f"/i/{token}/seen")
    assert send_by(token, survey, said("recommend", 9), response=new_receipt(), done=True)[0] == 200
    assert (AuditEntry.objects.count(), OutboxEntry.objects.count(), Event.objects.count()) == before
    ticket.refresh_from_db()
    assert (ticket.state, ticket.seen, ticket.begun) == (State.FINISHED, True, True)
    of_the_answer = _values(Response, Answer) - _values(Survey)
    of_the_ticket = {ticket.pk, ticket.record, *(getattr(ticket, each) for each in ("made_at", "sent_at", "due_at"))}
    times = {int(each.timestamp() * 1e6) for each in of_the_ticket if hasattr(each, "timestamp")}
    assert not of_the_answer & {str(each) for each in (*times, ticket.record)}
    assert {row.customer for row in Answer.objects.all()} == {None}
    assert {row.visit == row.response for row in Answer.objects.all()} == {True}
    assert _references(SurveyInvitation) == {"InvitationLink"}
    named = {field.name for model in (Response, Answer) for field in model._meta.get_fields()}
    assert not {each for each in named if "invit" in each or "link" in each}


def _values(*models: Any) -> set[str]:
    """Everything that stands in the rows of some tables."""
    found: set[str] = set()
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f"SELECT * FROM {model._meta.db_table}")  # noqa: S608
            found |= {str(value) for row in cursor.fetchall() for value in row}
    return found


def _references(model: Any) -> set[str]:
    return {each.related_model.__name__ for each in model._meta.related_objects}


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "This link is yours and works once"),
        ("zh-TW", "這個連結只屬於您"),
        ("zh-CN", "这个链接只属于您"),
    ],
)
def test_before_the_first_question_it_is_said_that_the_link_is_personal(clinic: Clinic, lang: str, words: str) -> None:
    (token,) = links(clinic_survey(clinic))
    assert words in open_link(token, lang).content.decode()


def test_a_link_of_one_workspace_opens_the_survey_of_that_one_alone(clinic: Clinic) -> None:
    ours, theirs = clinic_survey(clinic), hotel_survey(clinic)
    (token,) = links(ours)
    status, reply = send_by(token, theirs, said("recommend", 9), response=new_receipt())
    assert (status, reply["saved"]) == (200, 1)
    assert set(Answer.objects.values_list("workspace", flat=True)) == {clinic.workspace.pk}
