"""The page of channels: Wu sets a gateway up, sends a test and reads its reply, and sends again what did not arrive."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django.utils import timezone

from peakend_web.models import AuditEntry, Channel, Message, OutboxEntry
from peakend_web.sending.actions.channels import send_test
from peakend_web.sending.actions.delivery import deliver_due
from tests.web.conftest import Clinic, browser_of, left_by

from .examples import LIN, PHONE, TEMPLATE, queued
from .servers import HANG, Desk, MailBox

PAGE = "/w/harbour/channels/"
ENGLISH = {"accept-language": "en"}


def words(response: Any) -> str:
    """What a page says, in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def typed(desk: Desk, **more: str) -> dict[str, str]:
    known = {"name": "Taipei SMS", "url": f"{desk.url}?user=wu", "format": "json", "template": TEMPLATE}
    return {**known, "header": "Authorization", "secret": "Bearer s3cret", "expects": '"code": 0', **more}


def test_where_nothing_is_set_up_the_page_says_what_to_do(clinic: Clinic, settings: Any) -> None:
    settings.PEAKEND_MAIL = None
    said = words(browser_of(clinic.wu).get(PAGE, headers=ENGLISH))
    assert "No message can be sent yet: set up e-mail or text messages here." in said
    assert "PEAKEND_MAIL=smtp://user:password@mail.example.org:587?from=feedback@example.org" in said
    assert "Nothing was sent yet" in said


def test_wu_adds_a_gateway_and_reads_the_raw_reply_to_a_test(clinic: Clinic, desk: Desk) -> None:
    wu = browser_of(clinic.wu)
    page = wu.post(f"{PAGE}gateway/", typed(desk), follow=True, headers=ENGLISH)
    assert "Added. Send a test now" in words(page)
    assert f"http://127.0.0.1:{desk.port}/send" in words(page)
    assert [secret for secret in ("s3cret", "user=wu") if secret in page.content.decode()] == []
    desk.status, desk.body = 403, f"no credit for {PHONE}".encode()
    page = wu.post(f"{PAGE}test/", {"kind": "sms_webhook", "to": "+886 912-345-678"}, follow=True, headers=ENGLISH)
    assert "Last test : waiting · •••678" in words(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()
    deliver_due()
    page = wu.get(PAGE, headers=ENGLISH)
    took = Message.objects.get().took_ms
    assert f"Last test : refused · •••678 · Reply: 403, after {took} ms no credit for •••" in re.sub(
        r" · \S+ \d.*?(?= Reply)", " ·", words(page)
    )
    assert (PHONE in page.content.decode(), "every 2s" in page.content.decode()) == (False, False)
    assert (deliver_due(), len(desk.asked), desk.asked[0].headers["Authorization"]) == (0, 1, "Bearer s3cret")
    kept = str([*AuditEntry.objects.values(), *OutboxEntry.objects.values()])
    assert [secret for secret in ("s3cret", "user=wu", PHONE, "no credit") if secret in kept] == []
    assert [entry[1:4] for entry in left_by(clinic.workspace)] == [
        ("Wu", "add_channel", "channel"),
        ("Wu", "test_channel", "message"),
        (None, "message_refused", "message"),
    ]


def test_a_gateway_that_leads_inside_or_says_nothing_of_whom_and_what_is_refused_in_words(
    clinic: Clinic, desk: Desk
) -> None:
    wu = browser_of(clinic.wu)
    for more, said in (
        ({"url": "http://169.254.169.254/latest"}, "Nothing may be sent to “http://169.254.169.254/latest”."),
        ({"template": '{"to": "{to}"}'}, "What is to be sent cannot be made of this template."),
        ({"header": "a b"}, "A header cannot be called so"),
        ({"name": ""}, "This field is required."),
    ):
        page = wu.post(f"{PAGE}gateway/", typed(desk, **more), headers=ENGLISH)
        assert (page.status_code, said in words(page), "s3cret" in page.content.decode()) == (422, True, False)
    assert Channel.objects.count() == 0
    wu.post(f"{PAGE}gateway/", typed(desk))
    page = wu.post(f"{PAGE}gateway/", typed(desk), headers=ENGLISH)
    said = "There is an SMS gateway already." in words(page)
    assert (page.status_code, said, Channel.objects.count()) == (422, True, 1)


def test_a_gateway_is_removed_with_its_secret_and_by_its_own_house_alone(clinic: Clinic, channel: Channel) -> None:
    address = f"/w/lakeside/channels/{channel.pk}/remove/"
    assert browser_of(clinic.sam).post(address).status_code == 404
    assert (Channel.objects.get().removed_at, Channel.objects.get().secret) == (None, "s3cret")
    page = browser_of(clinic.wu).post(f"{PAGE}{channel.pk}/remove/", follow=True, headers=ENGLISH)
    assert "Removed, with its secret." in words(page)
    assert (Channel.objects.get().secret, Channel.objects.get().settings) == ("", {})
    Channel.objects.create(kind="email", per_minute=100)
    of_all = Channel.objects.get(kind="email")
    assert browser_of(clinic.olivia).post(f"{PAGE}{of_all.pk}/remove/").status_code == 404


def test_what_was_given_up_stands_first_and_is_sent_again(clinic: Clinic, mails: MailBox) -> None:
    queued(clinic.workspace)
    queued(clinic.elsewhere, to="ada@customers.example")
    mails.says["rcpt"] = f"550 no mailbox {LIN} here"
    deliver_due()
    wu = browser_of(clinic.wu)
    page = wu.get(PAGE, headers=ENGLISH)
    assert "1 message did not arrive. Find the cause, then send it again. refused E-mail · l•••@customers.example" in (
        words(page)
    )
    assert "550 · no mailbox ••• here Send again" in words(page)
    assert [each for each in (LIN, "ada") if each in page.content.decode()] == []
    mine, theirs = (Message.objects.get(workspace=each).pk for each in (clinic.workspace, clinic.elsewhere))
    assert wu.post(f"{PAGE}messages/{theirs}/again/").status_code == 404
    mails.says.clear()
    assert "It is sent again." in words(wu.post(f"{PAGE}messages/{mine}/again/", follow=True, headers=ENGLISH))
    deliver_due()
    assert ("Not delivered" in words(wu.get(PAGE, headers=ENGLISH)), len(mails.emails)) == (False, 1)
    again = wu.post(f"{PAGE}messages/{mine}/again/", headers=ENGLISH)
    assert (again.status_code, "This message cannot be sent again." in words(again)) == (409, True)


def test_each_state_is_said_in_words(clinic: Clinic, mails: MailBox) -> None:
    now = timezone.now()
    states: dict[str, dict[str, Any]] = {
        "waiting": {},
        "not sent yet, tried before": {"tries": 2, "code": "connect"},
        "being sent": {"state": "unknown", "leased_until": now + timedelta(minutes=1)},
        "not known whether it arrived": {"state": "unknown", "tries": 1, "code": "timeout"},
        "given up after 12 tries": {"state": "given_up", "tries": 12, "code": "503"},
        "given up": {"state": "given_up", "code": "late"},
        "withdrawn": {"state": "withdrawn", "recipient": ""},
        "sent": {"state": "sent", "code": "250"},
    }
    for number, fields in enumerate(states.values()):
        Message.objects.filter(pk=queued(clinic.workspace, number).pk).update(**fields)
    page = browser_of(clinic.wu).get(PAGE, headers=ENGLISH).content.decode()
    last = page.partition('id="last"')[2]
    assert re.findall(r"<strong>(.*?)</strong>", last) == list(reversed(states))
    for said in ("no connection", "no answer in time", "its time was over", "address deleted"):
        assert said in last


def test_who_works_at_some_sites_or_only_looks_sees_no_channels(clinic: Clinic, mails: MailBox) -> None:
    for who in (clinic.mei, clinic.chen, clinic.victor):
        assert browser_of(who).get(PAGE).status_code == 403
        assert browser_of(who).post(f"{PAGE}test/", {"kind": "email", "to": LIN}).status_code == 403
    assert Message.objects.count() == 0


def test_a_test_to_no_address_is_refused_and_a_hanging_server_does_not_hold_the_page(
    clinic: Clinic, mails: MailBox
) -> None:
    wu = browser_of(clinic.wu)
    for kind, to in (("email", "0912345678"), ("sms_webhook", LIN), ("pigeon", LIN), ("email", "")):
        assert wu.post(f"{PAGE}test/", {"kind": kind, "to": to}).status_code == 422, kind
    assert wu.post(f"{PAGE}test/", {"kind": "sms_webhook", "to": PHONE}).status_code == 422, "no gateway"
    mails.says["ehlo"] = HANG
    assert wu.post(f"{PAGE}test/", {"kind": "email", "to": LIN}).status_code == 302
    assert (send_test(actor=clinic.wu, workspace=clinic.workspace, kind="email", to=LIN).about) == "test"
