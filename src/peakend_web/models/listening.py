"""What came in as a file, and what was taken back."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Import(models.Model):
    """A file of facts brought in, known by its hash: the same file a second time changes nothing.

    A file is in or out. Its rows count from the number `counted_seq` on, which it is given when the last of them is
    written; an import that is running, was cancelled or died has none, and counts nowhere.
    """

    class Status(models.TextChoices):
        """How far it is: cancelled before it was done, or taken back after."""

        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        FAILED = "failed"
        STOPPED = "stopped"
        """Its process ended before it was done."""
        TAKEN_BACK = "taken_back"

    workspace = models.ForeignKey("peakend_web.Workspace", on_delete=models.PROTECT, related_name="imports")
    service = models.ForeignKey("peakend_web.Service", on_delete=models.PROTECT, related_name="imports")
    name = models.TextField()
    digest = models.CharField(max_length=64)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    total = models.BigIntegerField(default=0)
    written = models.BigIntegerField(default=0)
    repeated = models.BigIntegerField(default=0, help_text="Rows that had been delivered before, and changed nothing.")
    revised = models.BigIntegerField(
        default=0, help_text="Rows that corrected others by a higher revision; they stay if it is taken back."
    )
    older = models.BigIntegerField(
        default=0, help_text="Rows that were left out, for a later revision stands in their place."
    )
    counted_seq = models.BigIntegerField(
        null=True, help_text="The number from which on its rows count; none while they count nowhere."
    )
    started_at = models.DateTimeField(auto_now_add=True)
    moved_at = models.DateTimeField(auto_now=True)
    by = models.ForeignKey("peakend_web.Person", on_delete=models.PROTECT, related_name="+")
    was_there = False
    """Whether the file had been brought in before, so that this time nothing was done. Of this call alone, not kept."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "service", "digest"], name="import_digest")
        ]

    def __str__(self) -> str:
        return self.name


class TakeBack(models.Model):
    """Rows that somebody took back: what they had been brought in by, and how many there were; neither the key of one
    row nor a source that somebody else has named, for either may name a person.

    From its number (`seq`) on they count nowhere, all at once; they are then erased from the truth a few at a time,
    until `erased_at`.
    """

    workspace = models.ForeignKey("peakend_web.Workspace", on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey("peakend_web.Service", on_delete=models.PROTECT, related_name="+")
    imported = models.ForeignKey(Import, null=True, on_delete=models.PROTECT, related_name="+")
    source = models.TextField(blank=True)
    delivery = models.TextField(blank=True)
    rows = models.BigIntegerField(default=0)
    seq = models.BigIntegerField()
    by = models.ForeignKey("peakend_web.Person", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [
            models.Index(fields=["workspace"], name="taking_back", condition=models.Q(erased_at__isnull=True))
        ]

    def __str__(self) -> str:
        return self.source or self.delivery or str(self.imported)
