"""What others may ask about messages: by what a workspace can reach anybody, and what became of what was said; and what
the page of channels shows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from django.conf import settings

from peakend_web.base.grants import Standing
from peakend_web.models import Channel, Message, Workspace

from .grants import visible_channels, visible_messages

__all__ = ["AGAIN", "TEST", "gateways_here", "last_messages", "last_tests", "messages_about", "unsent", "usable_kinds"]

TEST: Final = "test"
"""What a message is about that only tries a channel out."""
AGAIN: Final = (Message.State.REFUSED, Message.State.GIVEN_UP)
"""Over, and not arrived as far as anybody knows: it may be sent again."""
LAST: Final = 20


def usable_kinds(workspace: Workspace) -> tuple[str, ...]:
    """The kinds of message that can be sent from here now, of `Channel.Kind`; none where nothing is set up."""
    email = (str(Channel.Kind.EMAIL),) if settings.PEAKEND_MAIL else ()
    own = Channel.objects.filter(workspace=workspace, removed_at=None).order_by("pk").values_list("kind", flat=True)
    return (*email, *own)


def messages_about(workspace: Workspace, abouts: Collection[str]) -> Mapping[str, Message]:
    """The latest message about each of these things, by what it is about; what nothing was sent about is left out."""
    found = Message.objects.filter(workspace=workspace, about__in=abouts).order_by("pk")
    return {message.about: message for message in found}


# --- the page of channels ---------------------------------------------------------------------------------------------


def gateways_here(here: Standing) -> list[Channel]:
    """The workspace's own channels."""
    return list(visible_channels(here).filter(workspace=here.workspace))


def last_messages(here: Standing) -> list[Message]:
    """The newest messages, without tests."""
    return list(visible_messages(here).exclude(about=TEST)[:LAST])


def unsent(here: Standing) -> tuple[list[Message], int]:
    """The newest of those that were refused or given up and may be sent again, and how many there are."""
    found = visible_messages(here).filter(state__in=AGAIN).exclude(about=TEST).exclude(recipient="")
    return list(found[:LAST]), found.count()


def last_tests(here: Standing) -> Mapping[str, Message]:
    """The last test of each kind of channel."""
    found = {kind: visible_messages(here).filter(about=TEST, kind=kind).first() for kind in map(str, Channel.Kind)}
    return {kind: message for kind, message in found.items() if message}
