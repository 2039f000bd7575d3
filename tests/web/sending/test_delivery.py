"""Delivered, refused, unknown: what becomes of a message, with a mail server and a gateway that really listen."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from peakend_web.base import trail
from peakend_web.models import Channel, Message
from peakend_web.people.actions.brand import change_brand
from peakend_web.sending import mail, posting
from peakend_web.sending.actions import delivery, forget_recipient
from peakend_web.sending.actions.channels import remove_channel, send_again
from peakend_web.sending.actions.delivery import deliver_due, end_late, erase_old
from tests.web.conftest import Clinic, left_by

from .examples import LIN, PHONE, queued
from .servers import CUT, HANG, Desk, MailBox


def again() -> Message:
    """The one message after it was tried once more."""
    Message.objects.update(next_at=timezone.now())
    deliver_due()
    return Message.objects.get()


def become(message: Message) -> tuple[Any, ...]:
    return (message.state, message.unsure, message.code, message.reply, message.tries)


# --- e-mail -----------------------------------------------------------------------------------------------------------


def test_an_e_mail_is_plain_words_from_the_house_and_says_how_to_cancel(clinic: Clinic, mails: MailBox) -> None:
    change_brand(actor=clinic.wu, workspace=clinic.workspace, name="海港門診", colour="")
    text = "您好：\n請告訴我們您的感受。\n.\n不想再收到：https://feedback.example/unsubscribe/abc"
    message = queued(clinic.workspace, text=text)
    queued(clinic.workspace, 2, due_at=timezone.now() + timedelta(hours=1))
    assert deliver_due() == 1
    email = mails.emails[0]
    assert (
        email["From"],
        email["To"],
        email["Subject"],
        email.get_content_type(),
        mails.raw[0].decode().partition("\r\n\r\n")[2],
    ) == (
        "海港門診 <feedback@harbour.example>",
        LIN,
        "您今天的看診",
        "text/plain",
        text.replace("\n", "\r\n") + "\r\n",
    )
    assert (email["Message-ID"], email["List-Unsubscribe"], email["Auto-Submitted"], email["Content-Language"]) == (
        f"<{message.identity}@harbour.example>",
        "<https://feedback.example/unsubscribe/abc>",
        "auto-generated",
        "zh-Hant",
    )
    message.refresh_from_db()
    assert (*become(message), message.channel and message.channel.workspace) == ("sent", True, "250", "queued", 1, None)
    assert (message.ended_at is not None, message.leased_until, deliver_due()) == (True, None, 0)
    assert left_by(clinic.workspace)[-1] == (
        2, None, "message_sent", "message", None, {"about": "invitation:1", "state": "sent", "code": "250"}
    )  # fmt: skip
    assert trail.not_done("message_sent", "asking", clinic.workspace.pk)[0] | {"audit": 0} == {
        "audit": 0, "object": "message", "id": str(message.pk),
        "about": "invitation:1", "key": "invitation:1:first", "state": "sent",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("says", "became"),
    [
        ({"rcpt": "550 no such user"}, ("refused", False, "550", "no such user", 1)),
        ({"rcpt": "450 later"}, ("waiting", False, "450", "later", 1)),
        ({"mail": "553 not you"}, ("waiting", False, "553", "not you", 1)),
        ({"data": "554 no"}, ("refused", False, "554", "no", 1)),
        ({"text": "552 too large"}, ("refused", False, "552", "too large", 1)),
        ({"text": "451 busy"}, ("waiting", False, "451", "busy", 1)),
        ({"rcpt": CUT}, ("waiting", False, "cut", "", 1)),
        ({"text": CUT}, ("unknown", True, "cut", "", 1)),
        ({"text": HANG}, ("unknown", True, "timeout", "", 1)),
        ({"rcpt": HANG}, ("waiting", False, "timeout", "", 1)),
    ],
    ids=lambda each: str(each) if isinstance(each, dict) else "",
)
def test_what_a_mail_server_says_decides_what_became_of_it(
    clinic: Clinic, mails: MailBox, monkeypatch: pytest.MonkeyPatch, says: dict[str, str], became: tuple[Any, ...]
) -> None:
    monkeypatch.setattr(mail, "STEP_S", 0.3)
    mails.says.update(says)
    queued(clinic.workspace)
    assert (deliver_due(), become(Message.objects.get())) == (1, became)
    ended = became[0] == "refused"
    assert [each[2:] for each in left_by(clinic.workspace)] == (
        [("message_refused", "message", None, {"about": "invitation:1", "state": "refused", "code": became[2]})]
        if ended
        else []
    )
    assert Channel.objects.get().leased_until is None


def test_a_mail_server_that_is_not_there_refuses_and_the_message_waits_longer_each_time(
    clinic: Clinic, mails: MailBox, settings: Any
) -> None:
    settings.PEAKEND_MAIL = type(mails.server)("127.0.0.1", 1, "feedback@harbour.example")
    queued(clinic.workspace)
    waits = []
    for _ in range(3):
        message = again()
        waits.append(round((message.next_at - timezone.now()).total_seconds(), -1))
    assert (become(message), waits) == (("waiting", False, "connect", "", 3), [10, 20, 40])
    settings.PEAKEND_MAIL = mails.server
    assert become(again()) == ("sent", True, "250", "queued", 4)
    assert "Possible" not in mails.emails[0].get_content()


def test_what_may_have_arrived_is_sent_again_under_the_same_name_and_says_so(clinic: Clinic, mails: MailBox) -> None:
    queued(clinic.workspace)
    mails.says["text"] = CUT
    again()
    mails.says["text"] = "451 busy"
    assert become(again())[:3] == ("unknown", True, "451")
    del mails.says["text"]
    assert become(again())[:3] == ("sent", True, "250")
    first, second = mails.emails
    assert first["Message-ID"] == second["Message-ID"]
    assert ["可能重複" in each.get_content() for each in (first, second)] == [False, True]


# --- short messages ---------------------------------------------------------------------------------------------------


def test_a_short_message_goes_by_the_gateway_with_its_secret_and_a_name_that_stays(
    clinic: Clinic, channel: Channel, desk: Desk
) -> None:
    text = 'She said "5 {to}"\n再來'
    message = queued(clinic.workspace, kind="sms_webhook", to=PHONE, text=text)
    deliver_due()
    asked = desk.asked[0]
    assert (asked.path, asked.said) == ("/send", {"phone": PHONE, "message": text, "id": str(message.identity)})
    names = ("Host", "X-Key", "Idempotency-Key", "Content-Type")
    assert [asked.headers[name] for name in names] == [
        f"127.0.0.1:{desk.port}", "s3cret", str(message.identity), "application/json; charset=utf-8"
    ]  # fmt: skip
    assert become(Message.objects.get()) == ("sent", True, "200", '{"code": 0}', 1)
    assert (channel.name, Message.objects.get().channel) == ("Taipei SMS", channel)


@pytest.mark.parametrize(
    "case",
    [
        ({"body": b'{"code": 7}'}, ("waiting", False, "200", '{"code": 7}')),
        ({"status": 400, "body": b"bad number"}, ("refused", False, "400", "bad number")),
        ({"status": 401, "body": b""}, ("waiting", False, "401", "")),
        ({"status": 429, "body": b"slow down"}, ("waiting", False, "429", "slow down")),
        ({"status": 500, "body": b"\x00oops"}, ("waiting", False, "500", "oops")),
        ({"status": 504, "body": b""}, ("unknown", True, "504", "")),
        ({"status": 302, "headers": {"Location": "http://127.0.0.1/"}}, ("waiting", False, "302", '{"code": 0}')),
        ({"body": b"x" * 100_000}, ("unknown", True, "200", "x" * 300)),
        ({"does": CUT}, ("unknown", True, "cut", "")),
        ({"does": HANG}, ("unknown", True, "timeout", "")),
    ],
    ids=["200 with an error", "400", "401", "429", "500", "504", "redirect", "endless", "cut", "hanging"],
)
def test_what_a_gateway_says_decides_what_became_of_it(
    clinic: Clinic,
    channel: Channel,
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    case: tuple[dict[str, Any], tuple[Any, ...]],
) -> None:
    answers, became = case
    monkeypatch.setattr(posting, "READ_S", 0.3)
    for name, value in answers.items():
        setattr(desk, name, value)
    queued(clinic.workspace, kind="sms_webhook", to=PHONE)
    assert (deliver_due(), become(Message.objects.get())[:4], len(desk.asked)) == (1, became, 1)
    assert desk.asked[0].path == "/send"


def test_a_gateway_that_drips_is_cut_after_the_time_of_one_try(
    clinic: Clinic, channel: Channel, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "WHOLE_S", 0.3)
    desk.does = HANG
    queued(clinic.workspace, kind="sms_webhook", to=PHONE)
    deliver_due()
    message = Message.objects.get()
    assert (message.state, (message.took_ms or 0) < 3000) == ("unknown", True)


# --- the end ----------------------------------------------------------------------------------------------------------


def test_after_twelve_tries_it_is_given_up_and_somebody_may_send_it_again(
    clinic: Clinic, channel: Channel, desk: Desk
) -> None:
    desk.status = 503
    queued(clinic.workspace, kind="sms_webhook", to=PHONE)
    tries = [become(again())[0] for _ in range(12)]
    assert (tries, len(desk.asked), deliver_due()) == (["waiting"] * 11 + ["given_up"], 12, 0)
    assert left_by(clinic.workspace)[-1][4:] == (None, {"about": "invitation:1", "state": "given_up", "code": "503"})
    send_again(actor=clinic.wu, message=Message.objects.get())
    desk.status = 200
    assert become(again())[::4] == ("sent", 1)
    assert {each.headers["Idempotency-Key"] for each in desk.asked} == {str(Message.objects.get().identity)}
    assert [each[2] for each in left_by(clinic.workspace)[-3:]] == ["message_refused", "send_again", "message_sent"]


def test_what_is_late_is_not_sent_and_is_given_up_so_that_whoever_asked_knows(clinic: Clinic, mails: MailBox) -> None:
    now = timezone.now()
    late = queued(clinic.workspace, not_after=now - timedelta(seconds=1))
    old = queued(clinic.workspace, 2, due_at=now - timedelta(hours=73), kind="sms_webhook", to=PHONE)
    assert (deliver_due(), mails.emails) == (0, [])
    queued(clinic.elsewhere, not_after=now + timedelta(hours=1))
    assert [end_late(), end_late()] == [2, 0]
    assert [become(Message.objects.get(pk=each.pk))[::2] for each in (late, old)] == [("given_up", "late", 0)] * 2
    assert [each[2] for each in left_by(clinic.workspace)] == ["message_refused"] * 2


def test_what_waits_while_a_gateway_is_replaced_goes_by_the_new_one(
    clinic: Clinic, channel: Channel, desk: Desk
) -> None:
    queued(clinic.workspace, kind="sms_webhook", to=PHONE)
    kept = {"settings": channel.settings, "secret": channel.secret}
    removed = remove_channel(actor=clinic.wu, channel=channel)
    assert (removed.secret, removed.settings, deliver_due()) == ("", {}, 0)
    Channel.objects.create(workspace=clinic.workspace, kind="sms_webhook", per_minute=60, **kept)
    assert (deliver_due(), len(desk.asked)) == (1, 1)


def test_texts_and_addresses_are_erased_thirty_days_after_the_end(clinic: Clinic, mails: MailBox) -> None:
    queued(clinic.workspace)
    deliver_due()
    assert erase_old(workspace=clinic.workspace.pk) == 0
    Message.objects.update(ended_at=timezone.now() - timedelta(days=31))
    queued(clinic.workspace, 2)
    assert erase_old(workspace=clinic.workspace.pk) == 1
    assert list(Message.objects.order_by("pk").values_list("recipient", "state")) == [("", "sent"), (LIN, "waiting")]


# --- budgets, tenants, several at once --------------------------------------------------------------------------------


def test_a_channel_begins_no_more_tries_in_a_minute_than_its_budget(clinic: Clinic, mails: MailBox) -> None:
    deliver_due()
    Channel.objects.create(kind="email", per_minute=3)
    for number in range(5):
        queued(clinic.workspace, number)
    assert [deliver_due(), deliver_due()] == [3, 0]
    channel = Channel.objects.get()
    channel.used = [[at - 60, workspace] for at, workspace in channel.used]
    channel.save()
    assert [deliver_due(), len(mails.emails)] == [2, 5]


def test_nobody_waits_behind_another_houses_thousand(clinic: Clinic, mails: MailBox) -> None:
    Channel.objects.create(kind="email", per_minute=4)
    for number in range(9):
        queued(clinic.workspace, number)
    for number in range(2):
        queued(clinic.elsewhere, number, to="ada@customers.example")
    deliver_due()
    assert sorted(each["To"] for each in mails.emails) == ["ada@customers.example"] * 2 + [LIN] * 2
    senders = {each["To"]: each["From"] for each in mails.emails}
    assert [senders[LIN].split(" <")[0], senders["ada@customers.example"].split(" <")[0]] == [
        '"Harbour Clinic"' if '"' in senders[LIN] else "Harbour Clinic",
        "Lakeside Hotel",
    ]


def test_a_message_of_one_house_never_goes_by_the_gateway_of_another(
    clinic: Clinic, channel: Channel, desk: Desk
) -> None:
    queued(clinic.elsewhere, kind="sms_webhook", to=PHONE)
    assert (deliver_due(), desk.asked, Message.objects.get().state) == (0, [], "waiting")


def test_a_worker_that_died_leaves_the_message_unknown_and_the_next_one_says_so(
    clinic: Clinic, channel: Channel, desk: Desk
) -> None:
    queued(clinic.workspace, kind="sms_webhook", to=PHONE)
    held = delivery._take()
    assert held
    assert (deliver_due(), Message.objects.get().state) == (0, "unknown"), "somebody is at it"
    past = timezone.now() - timedelta(seconds=1)
    Message.objects.update(leased_until=past)
    Channel.objects.update(leased_until=past)
    deliver_due()
    assert (Message.objects.get().state, desk.asked[0].said["message"][:6]) == ("sent", "【可能重複】")
    before = left_by(clinic.workspace)
    delivery._settle(held, delivery.refused("cut"), 1)
    assert (Message.objects.get().state, left_by(clinic.workspace)) == ("sent", before), "the first one comes too late"


def test_whoever_is_forgotten_while_a_message_is_on_its_way_is_in_no_reply_either(
    clinic: Clinic, mails: MailBox
) -> None:
    queued(clinic.workspace)
    held = delivery._take()
    assert held
    forget_recipient(workspace=clinic.workspace, to=LIN)
    delivery._settle(held, delivery.unknown("450", f"no {LIN}"), 1)
    message = Message.objects.get()
    assert (message.state, message.recipient, message.text, message.reply) == ("given_up", "", "", "")
    assert deliver_due() == 0
