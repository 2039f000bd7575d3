"""Who may say by which channels customers are reached, and see what was sent; the channels concern every site."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from peakend_web.base.grants import Standing, declare, is_everywhere, leads
from peakend_web.models import Channel, Message

declare(manage_channels=leads & is_everywhere)


def visible_channels(here: Standing) -> QuerySet[Channel]:
    """The workspace's own channels, and that of the installation."""
    of_here = Q(workspace=here.workspace) | Q(workspace=None)
    channels = Channel.objects.filter(of_here, removed_at=None).order_by("pk")
    return channels if here.sites is None else channels.none()


def visible_messages(here: Standing) -> QuerySet[Message]:
    """The messages of the workspace, the newest first."""
    messages = Message.objects.filter(workspace=here.workspace).select_related("channel").order_by("-pk")
    return messages if here.sites is None else messages.none()
