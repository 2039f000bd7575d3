"""Carrying messages out: taken by one worker, tried once, and what became of the try written down.

A worker holds the message and its channel by a lease in the database, so that any number of workers may run and one
channel is asked by one of them at a time. Before anything leaves, the message is written down as *unknown*: whoever
dies from then on leaves it so, and the next try says that it may be a repeat. So nothing is lost, and whatever arrives
twice says so.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext

from peakend_web.base import trail
from peakend_web.base.locks import lock_rows
from peakend_web.base.workers.waits import wait_after
from peakend_web.models import Channel, Message, Workspace
from peakend_web.people.queries import brand_of
from peakend_web.sending import gateways, mail
from peakend_web.sending.gateways import gateway_of
from peakend_web.sending.outcomes import Outcome, refused, unknown
from peakend_web.sending.queries import TEST

log = logging.getLogger(__name__)

LEASE: Final = timedelta(minutes=2)
"""The longest that one try takes, and as much again."""
MOST_TRIES: Final = 12
LONGEST: Final = timedelta(hours=72)
LONGEST_WAIT: Final = timedelta(hours=6)
MINUTE_S: Final = 60.0
EMAILS_PER_MINUTE: Final = 100
OPEN: Final = (Message.State.WAITING, Message.State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Held:
    """A message that this worker tries, and whether an earlier try of it may have arrived."""

    message: Message
    channel: Channel
    may_repeat: bool


def deliver_due() -> int:
    """Try everything that is due, by every channel that is free; how many tries that were."""
    tries = 0
    while held := _take():
        _settle(held, *_timed(held))
        tries += 1
    return tries


# --- taking -----------------------------------------------------------------------------------------------------------


def due_messages(now: datetime) -> QuerySet[Message]:
    """What is to be tried now and nobody is at."""
    return Message.objects.filter(
        Message.at_rest(now),
        Q(not_after=None) | Q(not_after__gte=now),
        state__in=OPEN,
        next_at__lte=now,
    ).exclude(recipient="")


def _take() -> Held | None:
    """A message that is due, with its channel, both held; None where there is none, or every channel has its fill."""
    if not due_messages(timezone.now()).exists():
        return None
    for channel in _free_channels():
        if held := _hold(channel.pk):
            return held
    return None


def _free_channels() -> list[Channel]:
    """The channels that nobody is at and that may be used again."""
    if settings.PEAKEND_MAIL:
        Channel.objects.get_or_create(
            workspace=None, kind=Channel.Kind.EMAIL, defaults={"per_minute": EMAILS_PER_MINUTE}
        )
    now = timezone.now()
    free = Channel.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now), removed_at=None).order_by("pk")
    return [each for each in free if _may_be_used(each, now)]


def _may_be_used(channel: Channel, now: datetime) -> bool:
    """Whether it is set up, nobody is at it, and its tries of the last minute are fewer than its budget."""
    is_set_up = channel.kind != Channel.Kind.EMAIL or settings.PEAKEND_MAIL is not None
    is_free = channel.leased_until is None or channel.leased_until < now
    return is_set_up and is_free and channel.removed_at is None and len(_recent(channel, now)) < channel.per_minute


def _recent(channel: Channel, now: datetime) -> list[tuple[float, int]]:
    """When its tries of the last minute began, and for which workspace."""
    return [(at, workspace) for at, workspace in channel.used if at > now.timestamp() - MINUTE_S]


@transaction.atomic
def _hold(number: int) -> Held | None:
    """Take a channel and the message that is next by it; the message is unknown from now on, until it is known."""
    channel, now = lock_rows(Channel.objects.all()).get(pk=number), timezone.now()
    if not _may_be_used(channel, now):
        return None
    message = _next_message(channel, now)
    if message is None:
        return None
    may_repeat = message.unsure
    message.channel, message.tries, message.tried_at = channel, message.tries + 1, now
    message.leased_until, message.state, message.unsure = now + LEASE, Message.State.UNKNOWN, True
    message.save(update_fields=["channel", "tries", "tried_at", "leased_until", "state", "unsure"])
    channel.leased_until = now + LEASE
    channel.used = [*_recent(channel, now), (now.timestamp(), message.workspace_id)]
    channel.save(update_fields=["leased_until", "used"])
    return Held(message, channel, may_repeat)


def _next_message(channel: Channel, now: datetime) -> Message | None:
    """What is due first by a channel. Where several workspaces share it, the one whose turn it is: nobody waits behind
    another's thousand.
    """
    due = due_messages(now).filter(kind=channel.kind)
    workspace = channel.workspace_id
    if workspace is None:
        used = [each for _, each in _recent(channel, now)]
        waiting = sorted(set(due.order_by().values_list("workspace", flat=True)))
        workspace = min(waiting, key=used.count, default=None)
    held = lock_rows(due.filter(workspace=workspace).order_by("next_at", "pk"))
    return held.select_related("workspace").first()


# --- trying -----------------------------------------------------------------------------------------------------------


def _timed(held: Held) -> tuple[Outcome, int]:
    """What became of a try, and how many milliseconds it took."""
    began = time.monotonic()
    try:
        outcome = _try(held)
    except Exception:
        log.exception("a message of kind %s could not be tried", held.message.kind)
        outcome = unknown("failed")
    return outcome, round((time.monotonic() - began) * 1000)


def _try(held: Held) -> Outcome:
    message, identity = held.message, str(held.message.identity)
    if held.channel.kind == Channel.Kind.SMS_WEBHOOK:
        text = _marked(held, " ")
        return gateways.send(gateway_of(held.channel), to=message.recipient, text=text, identity=identity)
    if settings.PEAKEND_MAIL is None:
        return refused("settings")
    email = mail.email_of(
        settings.PEAKEND_MAIL,
        brand=brand_of(message.workspace).name or message.workspace.name,
        to=message.recipient,
        lang=message.language,
        subject=message.subject,
        text=_marked(held, "\n\n"),
        identity=identity,
    )
    return mail.send(settings.PEAKEND_MAIL, email)


def _marked(held: Held, between: str) -> str:
    """The text; where an earlier try may have arrived it says so first, in its own language."""
    if not held.may_repeat:
        return held.message.text
    with translation.override(held.message.language.lower()):
        mark = gettext("[Possible repeat]")
    return f"{mark}{between}{held.message.text}"


# --- what became of it ------------------------------------------------------------------------------------------------


@transaction.atomic
def _settle(held: Held, outcome: Outcome, took_ms: int) -> None:
    """Write down what became of a try, and let go of the channel. What another worker has taken over since, because
    this one took longer than its lease, is that one's to write down.
    """
    Channel.objects.filter(pk=held.channel.pk, leased_until=held.channel.leased_until).update(leased_until=None)
    trail.lock_end(held.message.workspace)  # before the message: whoever erases a person may hold it already
    message = lock_rows(Message.objects.select_related("workspace")).get(pk=held.message.pk)
    if message.tries != held.message.tries or message.leased_until != held.message.leased_until:
        return
    now = timezone.now()
    message.leased_until, message.took_ms, message.code = None, took_ms, outcome.code
    message.reply = outcome.reply if message.recipient else ""
    if outcome.what == "delivered":
        end_message(message, Message.State.SENT, now)
    elif message.state in OPEN:
        _try_again(message, held, outcome, now)
    message.save()


def _try_again(message: Message, held: Held, outcome: Outcome, now: datetime) -> None:
    """Have it tried once more, later each time; or end it where that would not help, or was done often enough."""
    if outcome.what == "refused":
        message.unsure = held.may_repeat
    message.state = Message.State.UNKNOWN if message.unsure else Message.State.WAITING
    message.next_at = now + wait_after(message.tries, LONGEST_WAIT)
    if outcome.is_final and not message.unsure:
        end_message(message, Message.State.REFUSED, now)
    elif outcome.is_final or message.tries >= MOST_TRIES or message.next_at > last_moment(message):
        end_message(message, Message.State.GIVEN_UP, now)
    elif message.about == TEST:
        end_message(message, Message.State.GIVEN_UP if message.unsure else Message.State.REFUSED, now)


def last_moment(message: Message) -> datetime:
    """Until when it is tried at most."""
    longest = message.due_at + LONGEST
    return min(longest, message.not_after) if message.not_after else longest


def end_message(message: Message, state: Message.State, now: datetime) -> None:
    """Be done with a message, and tell those who asked for it; the caller saves it, in its transaction."""
    message.state, message.ended_at = state, now
    more = {"about": message.about, "key": message.key, "state": str(state)}
    after = {"about": message.about, "state": str(state), "code": message.code}
    if state == Message.State.SENT:
        trail.leave("message_sent", actor=None, workspace=message.workspace, about=message, after=after, more=more)
    else:
        trail.leave("message_refused", actor=None, workspace=message.workspace, about=message, after=after, more=more)


# --- what is over -----------------------------------------------------------------------------------------------------


def end_late() -> int:
    """Give up what nobody could send in its time: no channel of its kind was there, or all its tries failed; how many
    messages that were.
    """
    workspaces = Workspace.objects.filter(pk__in=_late().order_by().values("workspace"))
    return sum(_end_late(workspace) for workspace in workspaces)


def _late() -> QuerySet[Message]:
    """What is not over, nobody is at, and is not to be sent any more. Its next try would be due: no try is put off
    beyond the last moment.
    """
    now = timezone.now()
    late = Q(not_after__lt=now) | Q(due_at__lt=now - LONGEST)
    return Message.objects.filter(late, Message.at_rest(now), state__in=OPEN, next_at__lte=now)


@transaction.atomic
def _end_late(workspace: Workspace) -> int:
    trail.lock_end(workspace)
    found, now = list(lock_rows(_late().filter(workspace=workspace).order_by("pk"))[:PORTION]), timezone.now()
    for message in found:
        message.code = message.code or "late"
        end_message(message, Message.State.GIVEN_UP, now)
        message.save(update_fields=["code", "state", "ended_at"])
    return len(found)


PORTION: Final = 200
"""Messages that are ended in one transaction, so that answers do not wait for it."""
TEXTS_KEPT: Final = timedelta(days=30)


def erase_old(*, workspace: int) -> int:
    """Erase addresses and texts of what was over thirty days ago; how many messages that were. The rows stay."""
    old = Message.objects.filter(workspace=workspace, ended_at__lt=timezone.now() - TEXTS_KEPT).exclude(recipient="")
    return old.update(recipient="", subject="", text="", reply="")
