"""Messages as other areas see them: queued once, withdrawn in time, and rid of whom they went to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone

from peakend_web.base.mail_server import MailServer, mail_server
from peakend_web.models import Channel, Message
from peakend_web.sending.actions import forget_recipient, withdraw_messages
from peakend_web.sending.queries import messages_about, usable_kinds
from tests.web.conftest import Clinic, left_by

from .examples import LIN, queued


def test_what_is_queued_twice_under_one_key_is_one_message_as_it_was_first(clinic: Clinic) -> None:
    first, again = queued(clinic.workspace), queued(clinic.workspace, text="Another text.")
    other = queued(clinic.elsewhere)
    assert (first.pk, again.text, Message.objects.count()) == (again.pk, "請告訴我們您的感受。", 2)
    assert (other.pk != first.pk, first.identity != other.identity, first.state) == (True, True, "waiting")
    assert left_by(clinic.workspace) == []


def test_only_that_of_which_nothing_arrived_is_withdrawn(clinic: Clinic) -> None:
    waiting, begun, arrived, elsewhere = (
        queued(clinic.workspace),
        queued(clinic.workspace, key="reminder"),
        queued(clinic.workspace, key="second reminder"),
        queued(clinic.elsewhere),
    )
    Message.objects.filter(pk=begun.pk).update(leased_until=timezone.now() + timedelta(minutes=1))
    Message.objects.filter(pk=arrived.pk).update(state=Message.State.SENT)
    done = [withdraw_messages(workspace=clinic.workspace, about="invitation:1") for _ in range(2)]
    states = dict(Message.objects.values_list("pk", "state"))
    assert (done, [states[each.pk] for each in (waiting, begun, arrived, elsewhere)]) == (
        [1, 0],
        ["withdrawn", "waiting", "sent", "waiting"],
    )
    after = {"about": "invitation:1", "messages": 1}
    assert left_by(clinic.workspace) == [(1, None, "withdraw_messages", "", None, after)]


def test_whoever_is_forgotten_is_in_no_message_any_more_and_the_rows_stay_as_counts(clinic: Clinic) -> None:
    sent, waiting = queued(clinic.workspace), queued(clinic.workspace, 2, to=" Lin@Customers.example ")
    others = [queued(clinic.workspace, 3, to="chen@customers.example"), queued(clinic.elsewhere)]
    Message.objects.filter(pk=sent.pk).update(state=Message.State.SENT, reply=f"250 {LIN} queued")
    assert [forget_recipient(workspace=clinic.workspace, to="LIN@customers.example") for _ in range(2)] == [2, 0]
    rows = Message.objects.order_by("pk").values_list("pk", "recipient", "subject", "text", "reply", "state")
    kept = [(each.pk, each.recipient, each.subject, each.text, "", "waiting") for each in others]
    assert list(rows) == [
        (sent.pk, "", "", "", "", "sent"),
        (waiting.pk, "", "", "", "", "withdrawn"),
        *kept,
    ]
    assert left_by(clinic.workspace) == [(1, None, "forget_recipient", "", None, {"messages": 2})]


def test_a_number_is_found_however_it_is_written(clinic: Clinic) -> None:
    assert queued(clinic.workspace, kind="sms_webhook", to="+886 912-345 678").recipient == "+886912345678"
    assert forget_recipient(workspace=clinic.workspace, to="+886 (912) 345678") == 1


def test_the_latest_message_about_each_thing_tells_what_became_of_it(clinic: Clinic) -> None:
    queued(clinic.workspace)
    reminder, second = queued(clinic.workspace, key="reminder"), queued(clinic.workspace, 2)
    queued(clinic.elsewhere, 3)
    asked = [f"invitation:{number}" for number in (1, 2, 3)]
    assert messages_about(clinic.workspace, asked) == {"invitation:1": reminder, "invitation:2": second}


def test_a_workspace_reaches_people_by_the_mail_server_of_the_installation_and_by_its_own_gateway(
    clinic: Clinic, settings: Any
) -> None:
    settings.PEAKEND_MAIL = None
    assert usable_kinds(clinic.workspace) == ()
    Channel.objects.create(workspace=clinic.workspace, kind="sms_webhook", per_minute=60)
    settings.PEAKEND_MAIL = mail_server("smtp://127.0.0.1:25?from=feedback@harbour.example")
    assert usable_kinds(clinic.workspace) == ("email", "sms_webhook")
    assert usable_kinds(clinic.elsewhere) == ("email",)
    Channel.objects.update(removed_at=timezone.now())
    assert usable_kinds(clinic.workspace) == ("email",)


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("", None),
        (
            "smtp://wu:p%40ss@mail.example.org?from=a@b.example",
            MailServer("mail.example.org", 587, "a@b.example", "wu", "p@ss", starttls=True),
        ),
        ("smtps://mail.example.org?from=a@b.example", MailServer("mail.example.org", 465, "a@b.example", tls=True)),
        ("smtp://localhost:25?from=a@b.example", MailServer("localhost", 25, "a@b.example")),
        ("smtp://relay:25?from=a@b.example&starttls=no", MailServer("relay", 25, "a@b.example")),
    ],
)
def test_the_mail_server_is_one_address_and_secret_unless_it_is_on_this_machine(
    address: str, read: MailServer | None
) -> None:
    assert mail_server(address) == read


@pytest.mark.parametrize(
    "address", ["mail.example.org", "http://a?from=a@b.example", "smtp://a:b:c/?from=a@b.example", "smtp://u:secret@a"]
)
def test_a_mail_server_that_cannot_be_read_is_said_at_the_start_without_its_password(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="PEAKEND_MAIL cannot be read") as refused:
        mail_server(address)
    assert "secret" not in str(refused.value)
