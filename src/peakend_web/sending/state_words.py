"""How a message stands, in words, and whom it goes to as far as a list may show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from peakend_web.base.masking import MASK, mask
from peakend_web.models import Message

CODES: Final[Mapping[str, str | Promise]] = {
    "timeout": gettext_lazy("no answer in time"),
    "cut": gettext_lazy("the connection broke off"),
    "connect": gettext_lazy("no connection"),
    "tls": gettext_lazy("no valid certificate"),
    "resolve": gettext_lazy("the host name is unknown"),
    "inside": gettext_lazy("the address leads into a private network"),
    "settings": gettext_lazy("the channel is not set up completely"),
    "address": gettext_lazy("the recipient’s address cannot be read"),
    "late": gettext_lazy("its time was over"),
    "failed": gettext_lazy("an error of this program"),
}
"""What went wrong before the channel said a code of its own."""


@dataclass(frozen=True, slots=True)
class Line:
    """A message as a list shows it. `again` is when it is tried next, where it waits for that."""

    message: Message
    to: str
    state: str
    again: datetime | None
    code: str
    reply: str

    @property
    def is_failed(self) -> bool:
        """Whether it did not arrive, or nobody knows, and it is over."""
        return self.message.state in (Message.State.REFUSED, Message.State.GIVEN_UP)

    @property
    def is_pending(self) -> bool:
        """Whether it is not over yet."""
        return self.message.ended_at is None


def line_of(message: Message) -> Line:
    """A message in the words of a list: its recipient is not shown, nor in what the channel replied."""
    return Line(
        message,
        hidden(message.recipient),
        _state(message),
        message.next_at if message.state in (Message.State.WAITING, Message.State.UNKNOWN) else None,
        _code(message),
        _without(message.reply, message.recipient),
    )


def hidden(recipient: str) -> str:
    """As much of an address as tells it from others to those who know it."""
    if not recipient:
        return ""
    name, at, domain = recipient.partition("@")
    return f"{name[:1]}{MASK}@{domain}" if at else f"{MASK}{recipient[-3:]}"


def _code(message: Message) -> str:
    """What the channel said, or what went wrong before it said anything."""
    if message.code.startswith("2") and message.state != Message.State.SENT:
        return _("%(code)s, but the reply does not contain what was expected") % {"code": message.code}
    return str(CODES.get(message.code, message.code))


def _without(reply: str, recipient: str) -> str:
    """A reply without whom the message went to."""
    return mask(reply.replace(recipient, MASK) if recipient else reply)


def _state(message: Message) -> str:
    if message.leased_until and message.leased_until > timezone.now():
        return _("being sent")
    if message.state == Message.State.GIVEN_UP and message.tries:
        return ngettext("given up after %(tries)d try", "given up after %(tries)d tries", message.tries) % {
            "tries": message.tries
        }
    if message.state == Message.State.WAITING:
        return _("not sent yet, tried before") if message.tries else pgettext("a message", "waiting")
    return {
        Message.State.SENT: pgettext("a message", "sent"),
        Message.State.REFUSED: pgettext("a message", "refused"),
        Message.State.UNKNOWN: _("not known whether it arrived"),
        Message.State.GIVEN_UP: pgettext("a message", "given up"),
        Message.State.WITHDRAWN: pgettext("a message", "withdrawn"),
    }[Message.State(message.state)]
