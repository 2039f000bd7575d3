"""How the page of changes tells of messages and of the channels they go by."""

from __future__ import annotations

from django.utils.translation import gettext_noop

from peakend_web.base.audit_lines import declare

declare(
    "messages",
    withdraw_messages=gettext_noop("Messages that were not sent yet were withdrawn: %(messages)s."),
    forget_recipient=gettext_noop("Messages lost their address and their text for good: %(messages)s."),
)
