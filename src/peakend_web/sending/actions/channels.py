"""Verbs on channels: a gateway for short messages added and removed, and a real message sent to try one out."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from peakend_web.base import trail
from peakend_web.base.grants import one, require
from peakend_web.base.languages import reader_language
from peakend_web.base.locks import lock_rows
from peakend_web.base.refusals import Conflict, Refusal
from peakend_web.models import Channel, Message, Person, Workspace
from peakend_web.sending.gateways import Gateway, require_usable
from peakend_web.sending.grants import visible_channels, visible_messages
from peakend_web.sending.queries import AGAIN, TEST, usable_kinds

from .messages import queue_message

SHORT_MESSAGES_PER_MINUTE: Final = 60
TEST_WITHIN: Final = timedelta(minutes=10)


@transaction.atomic
def add_gateway(*, actor: Person, workspace: Workspace, name: str, gateway: Gateway) -> Channel:
    """Have short messages go by a gateway; a workspace has one at a time.

    Raises Refusal `web.gateway_address`, `web.gateway_template`, `web.gateway_header`, and Conflict
    `web.gateway_there`.
    """
    require(actor, "manage_channels", workspace)
    require_usable(gateway)
    if Channel.objects.filter(workspace=workspace, kind=Channel.Kind.SMS_WEBHOOK, removed_at=None).exists():
        raise Conflict("web.gateway_there")
    channel = Channel.objects.create(
        workspace=workspace,
        kind=Channel.Kind.SMS_WEBHOOK,
        name=name,
        settings=gateway.settings(),
        secret=gateway.secret,
        per_minute=SHORT_MESSAGES_PER_MINUTE,
    )
    trail.leave("add_channel", actor=actor, workspace=workspace, about=channel, after={"name": name})
    return channel


@transaction.atomic
def remove_channel(*, actor: Person, channel: Channel) -> Channel:
    """Send nothing more by a gateway. Its secret is erased; what waits is sent by the next gateway, or given up."""
    here = require(actor, "manage_channels", _workspace_of(channel))
    held = one(lock_rows(visible_channels(here)), pk=channel.pk, workspace=here.workspace)
    held.removed_at, held.secret, held.settings = timezone.now(), "", {}
    held.save(update_fields=["removed_at", "secret", "settings"])
    trail.leave("remove_channel", actor=actor, workspace=here.workspace, about=held, before={"name": held.name})
    return held


def _workspace_of(channel: Channel) -> Workspace:
    """Whose a channel is. Raises Conflict `web.channel_of_installation` where it is nobody's to change here."""
    if channel.workspace is None:
        raise Conflict("web.channel_of_installation")
    return channel.workspace


@transaction.atomic
def send_test(*, actor: Person, workspace: Workspace, kind: str, to: str) -> Message:
    """Send a real message, once, to see what the channel replies. Raises Refusal `web.channel_missing`."""
    require(actor, "manage_channels", workspace)
    if kind not in usable_kinds(workspace):
        raise Refusal("web.channel_missing")
    now = timezone.now()
    message = queue_message(
        workspace=workspace,
        kind=kind,
        to=to,
        lang=reader_language(),
        subject=gettext("Test message"),
        text=gettext("This is a test from Peakend. Messages reach you this way."),
        about=TEST,
        key=f"{TEST}:{secrets.token_hex(8)}",
        due_at=now,
        not_after=now + TEST_WITHIN,
    )
    trail.leave("test_channel", actor=actor, workspace=workspace, about=message, after={"kind": kind})
    return message


@transaction.atomic
def send_again(*, actor: Person, message: Message) -> Message:
    """Have a message tried anew that was refused or given up. Raises Conflict `web.message_not_again` where it is not
    over, was erased, or its time is over.
    """
    here = require(actor, "manage_channels", message.workspace)
    trail.lock_end(here.workspace)
    held, now = one(lock_rows(visible_messages(here)), pk=message.pk), timezone.now()
    if held.state not in AGAIN or not held.recipient or (held.not_after and held.not_after < now):
        raise Conflict("web.message_not_again")
    before = {"state": str(held.state)}
    held.state = Message.State.UNKNOWN if held.unsure else Message.State.WAITING
    held.tries, held.due_at, held.next_at, held.ended_at = 0, now, now, None
    held.save(update_fields=["state", "tries", "due_at", "next_at", "ended_at"])
    after = {"state": str(held.state), "about": held.about}
    trail.leave("send_again", actor=actor, workspace=here.workspace, about=held, before=before, after=after)
    return held
