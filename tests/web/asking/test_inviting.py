"""Customers are invited after what happened to them, once, as far as they agreed and are left in peace."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from peakend.service import as_data
from peakend_web.asking import jobs
from peakend_web.asking.actions import close_survey, publish_survey, reopen_survey
from peakend_web.asking.actions.inviting import (
    Planned,
    expire_due,
    invite_customers,
    note_outcome,
    remind_due,
    send_due,
    withdraw_invitations,
)
from peakend_web.asking.jobs import plan_and_send
from peakend_web.asking.queries.invitations import counted_by_reason, is_in_sample, verdicts
from peakend_web.customers.actions import NewCustomer, add_customers
from peakend_web.customers.queries import reachable
from peakend_web.deciding import occasions
from peakend_web.models import Answer, Consent, Event, Message, OutboxEntry, Survey, SurveyInvitation
from tests.web.answers import deliver, happen, recommend
from tests.web.conftest import OUTPATIENT, Clinic, read
from tests.web.conftest import service as make_service
from tests.web.surveys import hotel_survey, said

from .test_personal_links import send_by

State, Reason = SurveyInvitation.State, SurveyInvitation.Reason


@pytest.fixture(autouse=True)
def _ways_out(settings: Any) -> None:
    settings.PEAKEND_MAIL = "smtp://mail.example"
    settings.PEAKEND_ADDRESS = "https://feedback.harbour.example"


def asked(clinic: Clinic, limits: str = "", **said: Any) -> Survey:
    """Harbour Clinic's survey, with more said of how it is sent; asked by name."""
    more = "".join(f"    {name}: {value}\n" for name, value in {"anonymous": "false", **said}.items())
    text = OUTPATIENT.replace("  - id: after-visit\n", f"  - id: after-visit\n{more}")
    document = read(f"{text}\n{limits}")
    version = clinic.service.versions.create(
        number=clinic.service.versions.count() + 1, document=as_data(document), text=text, made_by=clinic.olivia
    )
    clinic.service.current = version
    clinic.service.save()
    return publish_survey(actor=clinic.wu, service=clinic.service, item="after-visit")


def customers(clinic: Clinic, many: int = 1, prefix: str = "lin") -> list[str]:
    """People who agreed to be asked; the keys under which the facts know them."""
    rows = [NewCustomer([f"{prefix}{at}@example.com"], "Mrs Lin", f"{prefix}{at:03}") for at in range(many)]
    add_customers(actor=clinic.wu, workspace=clinic.workspace, rows=rows, purpose="feedback", how="on paper")
    return [row.number for row in rows]


def states() -> list[tuple[str, str]]:
    return list(SurveyInvitation.objects.order_by("pk").values_list("state", "reason"))


def served(clinic: Clinic, key: str, minutes_ago: float = 0, **more: Any) -> None:
    """Somebody was called after waiting."""
    at_us = round((timezone.now() - timedelta(minutes=minutes_ago)).timestamp() * 1e6)
    happen(clinic.service, [{"kind": "serve", "touchpoint": "wait", "customer": key, "at_us": at_us, **more}])


def link_in(message: Message) -> str:
    found = re.search(r"https://feedback\.harbour\.example(/i/[a-z0-9]+)\n", message.text)
    assert found
    return found[1]


def pass_time(**ago: float) -> None:
    """What was sent was sent so long ago."""
    for each in SurveyInvitation.objects.exclude(sent_at=None):
        each.sent_at = each.sent_at - timedelta(**ago) if each.sent_at else None
        each.save()


def test_half_an_hour_after_a_touchpoint_a_customer_is_invited_exactly_once_however_often_the_job_runs(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(clinic, when="{after: wait, minutes: 30}")
    (lin,) = customers(clinic)
    served(clinic, lin, 10, visit="of-lin", site="east")
    served(clinic, lin, 5, visit="of-lin", kind="arrive")
    served(clinic, "nobody-knows-whom", 10)
    with monkeypatch.context() as killed:
        killed.setattr(jobs, "plan_from_occasions", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            plan_and_send(workspace=clinic.workspace)
    assert states() == []
    for _ in range(3):
        plan_and_send(workspace=clinic.workspace)
        served(clinic, lin, 9, visit="of-lin")
    assert states() == [(State.PLANNED, "")]
    invitation = SurveyInvitation.objects.get()
    minutes = (invitation.due_at - timezone.now()).total_seconds() / 60
    assert (19 < minutes < 20.1, invitation.rule, invitation.visit, invitation.site) == (True, "when", "of-lin", "east")
    SurveyInvitation.objects.update(due_at=timezone.now())
    for _ in range(3):
        plan_and_send(workspace=clinic.workspace)
    (message,) = Message.objects.all()
    assert (states(), message.recipient, message.about) == (
        [(State.SENT, "")], "lin0@example.com", f"invitation:{invitation.pk}",
    )  # fmt: skip
    kinds = Event.objects.filter(record=f"invitation:{invitation.pk}").order_by("pk").values_list("kind", "customer")
    assert list(kinds) == [("planned", lin), ("invited", lin)]


def test_the_answers_of_whoever_was_invited_carry_the_customer_the_visit_and_the_site(clinic: Clinic) -> None:
    survey = asked(clinic, when="{after: wait}")
    (lin,) = customers(clinic)
    served(clinic, lin, visit="of-lin", site="east")
    plan_and_send(workspace=clinic.workspace)
    token = link_in(Message.objects.get()).removeprefix("/i/")
    assert send_by(token, survey, said("recommend", 9), done=True)[0] == 200
    assert set(Answer.objects.values_list("customer", "visit", "site")) == {(lin, "of-lin", "east")}


def test_a_rule_invites_after_a_low_answer_and_live_and_dry_run_find_the_same(clinic: Clinic) -> None:
    rule = "rules:\n  - {id: ask-more, invite: after-visit, survey: pulse, score_at_most: 4, to: nurse}\n"
    text = OUTPATIENT[: OUTPATIENT.index("rules:")] + rule
    asked(clinic)
    document = read(text.replace("to: nurse", "to: front"))
    (lin,) = customers(clinic)
    deliver(clinic.service, recommend(2, customer=lin, survey="pulse") + recommend(9, customer=lin, survey="pulse"))
    wishes = occasions.wishes_of(document)
    assert [(wish.survey, wish.rule) for wish in wishes] == [("after-visit", "ask-more")]
    found = Answer.objects.filter(wishes[0].rows)
    assert [each.value for each in found] == [2.0]


def test_what_was_imported_or_is_long_past_invites_nobody_and_the_dry_run_counts_it(clinic: Clinic) -> None:
    asked(clinic, when="{after: wait, minutes: 30}")
    (lin,) = customers(clinic)
    served(clinic, lin, 60 * 24 * 5)
    plan_and_send(workspace=clinic.workspace)
    assert states() == []
    assert len(occasions.occasions_since(clinic.service, 0)) == 1


def test_nobody_is_asked_by_two_surveys_within_the_quiet_days_judged_when_it_is_planned_and_when_it_is_sent(
    clinic: Clinic,
) -> None:
    first = asked(clinic, quiet_days=30)
    other = make_service(clinic.workspace, OUTPATIENT.replace("service: outpatient", "service: ward"), clinic.olivia)
    second = publish_survey(actor=clinic.wu, service=other, item="after-visit")
    (lin,) = customers(clinic)
    for survey in (first, second):
        assert invite_customers(actor=clinic.wu, survey=survey, keys=[lin]).planned == 1
    assert send_due(workspace=clinic.workspace) == 1
    assert states() == [(State.SENT, ""), (State.NOT_SENT, Reason.QUIET)]
    assert invite_customers(actor=clinic.wu, survey=second, keys=[lin]).reasons == {Reason.QUIET: 1}
    pass_time(days=31)
    assert invite_customers(actor=clinic.wu, survey=second, keys=[lin]).planned == 1
    assert invite_customers(actor=clinic.wu, survey=first, keys=[lin]).reasons == {Reason.ALREADY: 1}


def test_the_limits_of_contact_hold_over_all_surveys(clinic: Clinic) -> None:
    survey = asked(clinic, "contact_limits: {per_month: 1, hours_between: 24}")
    (lin,) = customers(clinic)
    invite_customers(actor=clinic.wu, survey=survey, keys=[lin])
    send_due(workspace=clinic.workspace)
    SurveyInvitation.objects.update(state=State.FINISHED)
    assert invite_customers(actor=clinic.wu, survey=survey, keys=[lin]).reasons == {Reason.LIMIT: 1}
    pass_time(days=31)
    assert invite_customers(actor=clinic.wu, survey=survey, keys=[lin]).planned == 1


def test_the_sample_is_the_same_on_repeat_and_as_large_as_was_said(clinic: Clinic) -> None:
    survey = asked(clinic, sample=0.3)
    keys = [f"customer-{at}" for at in range(2_000)]
    drawn = [is_in_sample(survey, 0.3, key) for key in keys]
    assert drawn == [is_in_sample(survey, 0.3, key) for key in keys]
    assert abs(sum(drawn) - 600) < 4 * (2_000 * 0.3 * 0.7) ** 0.5
    survey.wave = "next"
    assert drawn != [is_in_sample(survey, 0.3, key) for key in keys]
    survey.wave = ""
    people = customers(clinic, 40)
    within = sum(is_in_sample(survey, 0.3, key) for key in people)
    expected = {"": within, Reason.OUTSIDE_SAMPLE: 40 - within}
    assert counted_by_reason(verdicts(survey)) == expected
    assert counted_by_reason(verdicts(survey, people, sampled=False)) == {"": 40}


def test_who_withdraws_between_planning_and_sending_is_not_asked_and_the_reason_is_kept(clinic: Clinic) -> None:
    survey = asked(clinic)
    (lin,) = customers(clinic)
    invite_customers(actor=clinic.wu, survey=survey, keys=[lin])
    Consent.objects.update(withdrawn_at=timezone.now())
    send_due(workspace=clinic.workspace)
    assert (states(), Message.objects.count()) == ([(State.NOT_SENT, Reason.NO_CONSENT)], 0)


def test_a_survey_that_is_closed_meanwhile_or_nothing_to_send_by_sends_nothing(clinic: Clinic, settings: Any) -> None:
    survey = asked(clinic)
    lin, wang = customers(clinic, 2)
    invite_customers(actor=clinic.wu, survey=survey, keys=[lin])
    close_survey(actor=clinic.wu, survey=survey)
    send_due(workspace=clinic.workspace)
    assert states() == [(State.NOT_SENT, Reason.CLOSED)]
    reopen_survey(actor=clinic.wu, survey=survey)
    settings.PEAKEND_MAIL = None
    assert invite_customers(actor=clinic.wu, survey=survey, keys=[wang]).reasons == {Reason.NO_CHANNEL: 1}


def test_a_reminder_goes_once_with_a_link_of_its_own_to_whoever_has_not_answered(clinic: Clinic) -> None:
    survey = asked(clinic, remind_days=3)
    lin, wang = customers(clinic, 2)
    invite_customers(actor=clinic.wu, survey=survey, keys=[lin, wang])
    send_due(workspace=clinic.workspace)
    SurveyInvitation.objects.filter(customer__key=wang).update(state=State.FINISHED)
    assert remind_due(workspace=clinic.workspace) == 0
    pass_time(days=3)
    assert [remind_due(workspace=clinic.workspace) for _ in range(2)] == [1, 0]
    first, last = Message.objects.filter(recipient="lin0@example.com").order_by("pk")
    assert (last.subject.startswith("A reminder: "), link_in(first) != link_in(last)) == (True, True)
    for each in (first, last):
        assert Client().get(link_in(each)).status_code == 200
    SurveyInvitation.objects.update(expires_at=timezone.now())
    assert expire_due(workspace=clinic.workspace) == 1
    assert sorted(state for state, _ in states()) == [State.EXPIRED, State.FINISHED]


def test_what_the_gateway_says_is_noted_once(clinic: Clinic) -> None:
    survey = asked(clinic)
    lin, wang = customers(clinic, 2)
    invite_customers(actor=clinic.wu, survey=survey, keys=[lin, wang])
    send_due(workspace=clinic.workspace)
    arrived, refused = SurveyInvitation.objects.order_by("pk")
    for kind, about in (("message_sent", arrived), ("message_refused", refused)) * 2:
        note_outcome(entry=OutboxEntry(workspace=clinic.workspace, kind=kind, payload={"about": about.record}))
    found = SurveyInvitation.objects.order_by("pk").values_list("state", "reason", "delivered")
    assert list(found) == [(State.SENT, "", True), (State.NOT_SENT, Reason.REFUSED, False)]
    assert Event.objects.filter(kind="delivered").count() == 1


def test_one_tap_withdraws_the_consent_and_the_link_while_to_look_withdraws_nothing(clinic: Clinic) -> None:
    survey = asked(clinic)
    (lin,) = customers(clinic)
    invite_customers(actor=clinic.wu, survey=survey, keys=[lin])
    send_due(workspace=clinic.workspace)
    at = f"{link_in(Message.objects.get())}/unsubscribe"
    browser = Client(headers={"accept-language": "zh-TW"})
    assert "要停止寫信給您嗎？" in browser.get(at).content.decode()
    assert reachable(clinic.workspace, "feedback")
    assert "我們不會再寫信給您。" in browser.post(at, {"List-Unsubscribe": "One-Click"}).content.decode()
    assert (reachable(clinic.workspace, "feedback"), states()) == ({}, [(State.WITHDRAWN, "")])
    assert invite_customers(actor=clinic.wu, survey=survey, keys=[lin]).reasons == {Reason.NO_CONSENT: 1}


def test_a_manager_withdraws_all_that_wait_and_their_links_say_so(clinic: Clinic) -> None:
    survey = asked(clinic)
    lin, wang = customers(clinic, 2)
    invite_customers(actor=clinic.wu, survey=survey, keys=[lin])
    send_due(workspace=clinic.workspace)
    invite_customers(actor=clinic.wu, survey=survey, keys=[wang])
    assert withdraw_invitations(actor=clinic.wu, survey=survey) == 2
    assert Client().get(link_in(Message.objects.get())).status_code == 410
    assert [each.state for each in Message.objects.all()] == [Message.State.WITHDRAWN]
    assert send_due(workspace=clinic.workspace) == 0


def test_customers_of_one_workspace_are_nobody_to_another(clinic: Clinic) -> None:
    (lin,) = customers(clinic)
    theirs = hotel_survey(clinic)
    assert invite_customers(actor=clinic.sam, survey=theirs, keys=[lin]) == Planned(0, {})
    assert verdicts(theirs) == {}
    assert states() == []
