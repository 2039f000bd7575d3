"""A message to Mrs Lin, and a gateway that leads nowhere."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from peakend_web.models import Channel, Message, Workspace
from peakend_web.sending.actions import queue_message
from peakend_web.sending.gateways import Gateway

LIN = "lin@customers.example"
PHONE = "+886912345678"
TEMPLATE = '{"phone": "{to}", "message": "{text}", "id": "{id}"}'


def queued(workspace: Workspace, number: int = 1, to: str = LIN, **more: Any) -> Message:
    """A message to Mrs Lin about one invitation."""
    now: datetime = timezone.now()
    known: dict[str, Any] = {
        "kind": "email",
        "to": to,
        "lang": "zh-Hant",
        "subject": "您今天的看診",
        "text": "請告訴我們您的感受。",
        "about": f"invitation:{number}",
        "key": f"invitation:{number}:first",
        "due_at": now,
        "not_after": None,
    }
    return queue_message(workspace=workspace, **{**known, **more})


def a_channel(workspace: Workspace) -> Channel:
    """A gateway that nobody has asked yet."""
    gateway = Gateway("https://sms.example/send", "json", TEMPLATE)
    return Channel.objects.create(
        workspace=workspace, kind="sms_webhook", name="SMS", settings=gateway.settings(), per_minute=60
    )


def given_up(workspace: Workspace) -> Message:
    """A message that may be sent again."""
    message = queued(workspace)
    message.state, message.ended_at = Message.State.GIVEN_UP, timezone.now()
    message.save()
    return message
