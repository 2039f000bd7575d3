"""How the page of changes tells of messages and of the channels they go by."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from peakend.terms import Lang
from peakend_web.base.audit_lines import Row, declare, declare_rows
from peakend_web.models import Channel, Message

KINDS: Mapping[str, object] = {
    Channel.Kind.EMAIL: pgettext_lazy("a message", "E-mail"),
    Channel.Kind.SMS_WEBHOOK: _("Text message (SMS)"),
}

declare(
    "keys",
    add_channel=gettext_noop("%(who)s added the SMS gateway “%(what)s”."),
    remove_channel=gettext_noop("%(who)s removed the SMS gateway “%(what)s”."),
)
declare(
    "messages",
    test_channel=gettext_noop("%(who)s sent a test: %(what)s."),
    message_sent=gettext_noop("A message was sent: %(what)s."),
    message_refused=gettext_noop("A message could not be sent: %(what)s."),
    send_again=gettext_noop("%(who)s had a message sent again: %(what)s."),
    withdraw_messages=gettext_noop("Messages that were not sent yet were withdrawn: %(messages)s."),
    forget_recipient=gettext_noop("Messages lost their address and their text for good: %(messages)s."),
)


def _message(message: Message, _lang: Lang, _sites: Mapping[str, str]) -> str:
    return f"{KINDS[message.kind]} · {message.pk}"


declare_rows([Row(Message, _message), Row(Channel, said="name")])
