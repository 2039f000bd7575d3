"""Who was asked to answer a survey by a link of their own, and what has become of it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class SurveyInvitation(models.Model):
    """One person is asked once, at a survey's address, which stands for the survey and its round.

    A link that was made to hand out is for whoever is given it. Of an
    anonymous survey nothing more is noted of an invitation that was followed than how far it came: no time, no trail
    and no name of a response, so that nothing joins it to the answers.
    """

    class State(models.TextChoices):
        """How far it is."""

        PLANNED = "planned"
        SENT = "sent"
        OPENED = "opened"
        FINISHED = "finished"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"
        NOT_SENT = "not_sent"

    class Reason(models.TextChoices):
        """Why one was not sent."""

        QUIET = "quiet"
        """The person was asked not long ago, in this survey or another."""
        LIMIT = "limit"
        """The person was contacted as often as the design allows."""
        NO_CONSENT = "no_consent"
        NO_CONTACT = "no_contact"
        NO_CHANNEL = "no_channel"
        """Nothing is set up by which the person could be written to."""
        OUTSIDE_SAMPLE = "outside_sample"
        ALREADY = "already"
        """The person has an invitation to the same survey and round that is still open."""
        CLOSED = "closed"
        REFUSED = "refused"
        """The gateway took the message and could not deliver it."""

    workspace = models.ForeignKey("peakend_web.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey("peakend_web.Service", on_delete=models.PROTECT, related_name="+", db_index=False)
    item = models.TextField(help_text="The survey's id in the service document.")
    wave = models.TextField(blank=True)
    address = models.CharField(max_length=32, help_text="The survey's own, which all its versions share.")
    customer = models.ForeignKey(
        "peakend_web.Customer",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        help_text="None of a link that was made to hand out.",
    )
    visit = models.TextField(null=True, help_text="The visit that gave rise to it, where one did.")
    site = models.TextField(null=True)
    touchpoint = models.TextField(null=True)
    rule = models.TextField(blank=True, help_text="What in the design planned it; empty where a person did.")
    occasion = models.CharField(max_length=64, null=True, help_text="A hash of what gave rise to it: once each.")
    state = models.CharField(max_length=9, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(max_length=16, choices=Reason.choices, blank=True)
    seen = models.BooleanField(default=False)
    begun = models.BooleanField(default=False)
    delivered = models.BooleanField(default=False, help_text="Whether the gateway said so, or a person took the link.")
    reminders = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(auto_now_add=True)
    quiet_days = models.PositiveIntegerField(default=0, help_text="Days in which the person is not asked again.")
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["service", "address", "occasion"],
                name="invitation_once",
                condition=Q(occasion__isnull=False),
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["service", "address", "state"], name="invitation_survey"),
            models.Index(
                fields=["customer", "sent_at"], name="invitation_customer", condition=Q(customer__isnull=False)
            ),
            models.Index(fields=["workspace", "due_at"], name="invitation_due", condition=Q(state="planned")),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.pk}"

    @property
    def record(self) -> str:
        """How its steps name it among the events."""
        return f"invitation:{self.pk}"


class InvitationLink(models.Model):
    """A link of an invitation: that of its message, or of a reminder. Of its token only the digest is kept."""

    invitation = models.ForeignKey(SurveyInvitation, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"{self.invitation_id}"


class InvitationText(models.Model):
    """In which words a survey's invitations are written in a language, where these are the house's own."""

    service = models.ForeignKey("peakend_web.Service", on_delete=models.CASCADE, related_name="+")
    item = models.TextField(help_text="The survey's id in the service document.")
    language = models.CharField(max_length=8)
    subject = models.TextField()
    text = models.TextField(help_text="With {name} and {link} in their places.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "item", "language"], name="invitation_text_once")
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.language}"
