"""What others may ask about messages: by what a workspace can reach anybody, and what became of what was said."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.conf import settings

from peakend_web.models import Channel, Message, Workspace

__all__ = ["messages_about", "usable_kinds"]


def usable_kinds(workspace: Workspace) -> tuple[str, ...]:
    """The kinds of message that can be sent from here now, of `Channel.Kind`; none where nothing is set up."""
    email = (str(Channel.Kind.EMAIL),) if settings.PEAKEND_MAIL else ()
    own = Channel.objects.filter(workspace=workspace, removed_at=None).order_by("pk").values_list("kind", flat=True)
    return (*email, *own)


def messages_about(workspace: Workspace, abouts: Collection[str]) -> Mapping[str, Message]:
    """The latest message about each of these things, by what it is about; what nothing was sent about is left out."""
    found = Message.objects.filter(workspace=workspace, about__in=abouts).order_by("pk")
    return {message.about: message for message in found}
