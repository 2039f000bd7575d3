"""Verbs on messages: queued, withdrawn while nothing of them has arrived, sent again, and rid of whom they went to."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from peakend_web.base import trail
from peakend_web.base.locks import lock_rows
from peakend_web.models import Channel, Message, Workspace

_BETWEEN_DIGITS: Final = re.compile(r"[\s().\-–／/（）]")


def plain_recipient(to: str) -> str:
    """An address or number as it is kept: without what people write between its digits, e-mails in one spelling."""
    said = to.strip()
    return said.lower() if "@" in said else _BETWEEN_DIGITS.sub("", said)


@transaction.atomic
def queue_message(
    *,
    workspace: Workspace,
    kind: str,
    to: str,
    lang: str,
    subject: str,
    text: str,
    about: str,
    key: str,
    due_at: datetime,
    not_after: datetime | None,
) -> Message:
    """Have one person told something, from `due_at` on, in the transaction of what it is about.

    `kind` is one of `queries.usable_kinds`; where its channel is removed meanwhile, the message waits for another until
    it is given up. `subject` is for e-mail alone. What is queued twice under one `key` is one message, as it was queued
    first. After `not_after` nothing is sent any more. An address in the text with `/unsubscribe` in its path becomes
    the e-mail's List-Unsubscribe. Queueing leaves no line in the trail: the verb that asks for it leaves its own; what
    becomes of the message leaves `message_sent` or `message_refused`, whose outbox entries name `about` and `key`.
    """
    message, _new = Message.objects.get_or_create(
        workspace=workspace,
        key=key,
        defaults={
            "kind": Channel.Kind(kind),
            "recipient": plain_recipient(to),
            "language": lang,
            "subject": " ".join(subject.split()),
            "text": text,
            "about": about,
            "due_at": due_at,
            "next_at": due_at,
            "not_after": not_after,
        },
    )
    return message


@transaction.atomic
def withdraw_messages(*, workspace: Workspace, about: str) -> int:
    """Send nothing more about this; how many messages that was. Only those of which nothing can have arrived: one that
    is on its way, or that may have arrived, takes its course.
    """
    trail.lock_end(workspace)
    waiting = _at_rest(workspace).filter(about=about, state=Message.State.WAITING)
    now = timezone.now()
    count = waiting.update(state=Message.State.WITHDRAWN, ended_at=now)
    if count:
        trail.leave(
            "withdraw_messages",
            actor=None,
            workspace=workspace,
            about=None,
            after={"about": about, "messages": count},
        )
    return count


@transaction.atomic
def forget_recipient(*, workspace: Workspace, to: str) -> int:
    """Erase this person's address and all that was written to it; how many messages there were. The rows stay, as
    counts; what still waited is sent no more. Soon after no byte of it is left in the database's log either.
    """
    trail.lock_end(workspace)
    known = Q(recipient__iexact=plain_recipient(to)) | Q(recipient__iexact=to.strip())
    found = list(lock_rows(Message.objects.filter(known, workspace=workspace).exclude(recipient="")))
    now = timezone.now()
    for message in found:
        _erase(message, now)
    Message.objects.bulk_update(found, ["recipient", "subject", "text", "reply", "state", "ended_at"])
    if found:
        after = {"messages": len(found)}
        trail.leave("forget_recipient", actor=None, workspace=workspace, about=None, after=after)
    return len(found)


def _erase(message: Message, now: datetime) -> None:
    """Empty what says whom it went to, and end it where it is not over yet."""
    message.recipient = message.subject = message.text = message.reply = ""
    if message.state in (Message.State.WAITING, Message.State.UNKNOWN):
        unsure = message.state == Message.State.UNKNOWN
        message.state = Message.State.GIVEN_UP if unsure else Message.State.WITHDRAWN
        message.ended_at = now


def _at_rest(workspace: Workspace) -> QuerySet[Message]:
    """The messages of a workspace that are not on their way just now."""
    return Message.objects.filter(Message.at_rest(timezone.now()), workspace=workspace)
