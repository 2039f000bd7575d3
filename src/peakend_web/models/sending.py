"""How customers are reached: the channels that lead out of the house, and the messages that go by them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar, Final

from django.db import models

REPLY_KEPT: Final = 300
"""Characters of a raw reply that are kept."""


class Channel(models.Model):
    """A way out: the installation's mail server, or a workspace's gateway for short messages.

    The mail server is that of the installation, in whose environment its address and password are: its row has no
    workspace, and is there for the budget that all share. `secret` must be sent as it is, so it is kept as it is, and
    shown to nobody; it goes with the channel. `leased_until` is set while a message is on its way: one at a time.
    """

    class Kind(models.TextChoices):
        """By what a message goes."""

        EMAIL = "email"
        SMS_WEBHOOK = "sms_webhook"

    workspace = models.ForeignKey("peakend_web.Workspace", null=True, on_delete=models.CASCADE, related_name="channels")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.TextField(blank=True)
    settings = models.JSONField(default=dict)
    secret = models.TextField(blank=True)
    per_minute = models.PositiveSmallIntegerField(help_text="Tries that may begin within any minute.")
    used = models.JSONField(default=list, help_text="When tries began in the last minute, in seconds since 1970.")
    leased_until = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "kind"], condition=models.Q(removed_at__isnull=True), name="channel_of_a_kind_once"
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(workspace__isnull=True), name="channel_of_installation_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.kind)


class Message(models.Model):
    """Something to be said to one person, kept until it is known whether it arrived.

    `identity` is the same over all tries, so that whoever receives it twice can tell. `key` is the sender's own name
    for it: what is queued twice under one key is one message. `unsure` says that an earlier try may have arrived: the
    next one says so in its words. Recipient, subject, text and reply are empty once they were erased.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting"
        """Nothing of it has arrived yet; it is tried, or tried again, at `next_at`."""
        SENT = "sent"
        REFUSED = "refused"
        """It certainly did not arrive, and trying again would not help."""
        UNKNOWN = "unknown"
        """A try of it left the house and nobody said what became of it; it is tried again."""
        GIVEN_UP = "given_up"
        WITHDRAWN = "withdrawn"

    workspace = models.ForeignKey("peakend_web.Workspace", on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=20, choices=Channel.Kind.choices)
    channel = models.ForeignKey(
        Channel, null=True, on_delete=models.PROTECT, related_name="messages", help_text="By which it was last tried."
    )
    recipient = models.TextField(blank=True)
    language = models.CharField(max_length=16)
    subject = models.TextField(blank=True)
    text = models.TextField(blank=True)
    about = models.CharField(max_length=100, help_text="What it belongs to, such as invitation:12.")
    key = models.CharField(max_length=200)
    identity = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    made_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    not_after = models.DateTimeField(null=True, blank=True)
    next_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    unsure = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    code = models.CharField(
        max_length=40, blank=True, help_text="The channel's own code, or a word for what went wrong."
    )
    reply = models.CharField(max_length=REPLY_KEPT, blank=True)
    took_ms = models.PositiveIntegerField(null=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "key"], name="message_once")]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "about"], name="messages_about"),
            models.Index(
                fields=["next_at"], name="messages_to_send", condition=models.Q(state__in=("waiting", "unknown"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.identity}"

    @classmethod
    def at_rest(cls, at: datetime) -> models.Q:
        """Of many, those that no worker is at."""
        return models.Q(leased_until=None) | models.Q(leased_until__lt=at)
