"""What is asked: surveys that are out, the places where they hang, how often they were opened, and the questionnaires
that were begun.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models

RESETS_AFTER: Final = 90


class Survey(models.Model):
    """A survey of one version of a service document, put before people under a public token."""

    class Status(models.TextChoices):
        """Whether it takes answers."""

        OPEN = "open"
        REPLACED = "replaced"
        """A newer version stands at its address; whoever had it open may finish."""
        CLOSED = "closed"

    workspace = models.ForeignKey("peakend_web.Workspace", on_delete=models.PROTECT, related_name="surveys")
    service = models.ForeignKey("peakend_web.Service", on_delete=models.PROTECT, related_name="surveys")
    version = models.ForeignKey("peakend_web.ServiceVersion", on_delete=models.PROTECT, related_name="surveys")
    item = models.TextField(help_text="The survey's id in the service document.")
    wave = models.TextField(blank=True)
    token = models.CharField(max_length=32, unique=True)
    address = models.CharField(
        max_length=32, db_index=True, help_text="Printed and linked; the same for all versions of a survey and round."
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    published_at = models.DateTimeField(auto_now_add=True)
    published_by = models.ForeignKey("peakend_web.Person", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["service", "status"], name="survey_status")]

    def __str__(self) -> str:
        return f"{self.item} ({self.token})"


class Place(models.Model):
    """Where a QR code hangs: a site, a channel, perhaps one touchpoint. It belongs to the service and outlives what is
    published there.
    """

    service = models.ForeignKey("peakend_web.Service", on_delete=models.CASCADE, related_name="places")
    item = models.TextField(help_text="The id in the service document of the survey to which its code leads.")
    code = models.CharField(max_length=16, unique=True)
    label = models.TextField()
    site = models.TextField(null=True, blank=True)
    channel = models.TextField(null=True, blank=True)
    touchpoint = models.TextField(null=True, blank=True)
    resets_after = models.PositiveIntegerField(
        default=RESETS_AFTER,
        help_text="Seconds without a touch after which the page begins anew for the next person; 0: never.",
    )

    retired_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when its code leads to the survey without the place."
    )

    def __str__(self) -> str:
        return self.label


class Response(models.Model):
    """One filled-in questionnaire, from its first tap."""

    workspace = models.ForeignKey("peakend_web.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False)
    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses", db_index=False)
    response = models.CharField(max_length=64)
    place = models.ForeignKey(Place, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False)
    language = models.CharField(max_length=16)
    started_us = models.BigIntegerField()
    moved_us = models.BigIntegerField()
    completed_us = models.BigIntegerField(null=True)
    aside = models.TextField(null=True, help_text="Why its answers are counted apart, as each of them says.")
    reasons = models.TextField(default="", help_text="What speaks against it, a word each.")
    judged_at = models.DateTimeField(null=True, help_text="When somebody said that it counts; nothing changes that.")
    over_quota = models.TextField(
        null=True, help_text="The quota that was full when it was completed; it is kept all the same."
    )
    receipt = models.CharField(
        max_length=64, null=True, help_text="A hash of the code with which its respondent finds it again."
    )

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "response"], name="response_once")]
        indexes: ClassVar = [
            models.Index(fields=["survey", "aside"], name="response_aside", condition=models.Q(aside__isnull=False)),
            models.Index(fields=["receipt"], name="response_by_receipt", condition=models.Q(receipt__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.response


class Opening(models.Model):
    """How often a survey was opened in one hour at one place. Nothing of who opened it."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="openings", db_index=False)
    at = models.CharField(max_length=16, blank=True, help_text="The code of the place; empty for the survey's link.")
    hour = models.IntegerField(help_text="UTC, in hours since 1970.")
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "at", "hour"], name="opening_once")]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.at} {self.hour}: {self.times}"


class QuotaCount(models.Model):
    """How many responses have been taken into a quota of a survey and its round, over all versions of it."""

    service = models.ForeignKey("peakend_web.Service", on_delete=models.CASCADE, related_name="+")
    item = models.TextField(help_text="The survey's id in the service document.")
    wave = models.TextField(blank=True)
    quota = models.TextField(help_text="Its id in the service document.")
    taken = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "item", "wave", "quota"], name="quota_counted_once")
        ]

    def __str__(self) -> str:
        return f"{self.quota}: {self.taken}"
