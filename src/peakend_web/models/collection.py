"""What was asked and what came in: surveys, places, responses, the two fact tables, imports and the keys of what was
delivered.

The columns of `Answer` and `Event` are those of the two fact tables (`peakend.facts`), with the segment columns
together in one JSON object, plus what the application needs: the workspace and service they belong to, and `seq`.

`seq` counts upwards in the order of commits: every transaction that writes facts takes its numbers from the one row of
`FactClock` and holds that row until it ends, so whoever has seen number n has seen every fact numbered below it. That
makes `seq` a watermark: the columnar copy asks only for what is newer. `first_seq` keeps the number a row was born
with; a row with `first_seq < seq` has been revised. Rows are written by `peakend_web.store.deliveries` alone.
"""

from __future__ import annotations

import uuid
from typing import ClassVar, Final

from django.db import models

RESETS_AFTER: Final = 90


class FactClock(models.Model):
    """The one row that numbers the facts, and names this database so that a copy made of another is recognised."""

    value = models.BigIntegerField(default=0)
    identity = models.UUIDField(default=uuid.uuid4, editable=False)


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

    def __str__(self) -> str:
        return self.label


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

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "response"], name="response_once")]

    def __str__(self) -> str:
        return self.response


class Fact(models.Model):
    """What the two fact tables share."""

    workspace = models.ForeignKey("peakend_web.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey("peakend_web.Service", on_delete=models.PROTECT, related_name="+", db_index=False)
    imported = models.ForeignKey(Import, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    seq = models.BigIntegerField()
    first_seq = models.BigIntegerField()
    customer = models.TextField(null=True)
    visit = models.TextField(null=True)
    at_us = models.BigIntegerField(null=True, help_text="UTC, in microseconds since 1970.")
    day = models.IntegerField(null=True, help_text="The local day, in days since 1970-01-01.")
    site = models.TextField(null=True)
    channel = models.TextField(null=True)
    segments = models.TextField(default="{}", help_text="The segment columns of this row, a JSON object of texts.")
    touchpoint = models.TextField(null=True)
    value = models.FloatField(null=True)
    source = models.TextField()
    source_key = models.TextField()
    delivery = models.TextField(
        null=True, help_text="Which program brought it in, and in which delivery; none for surveys and files."
    )
    revision = models.BigIntegerField(
        default=0, help_text="Counts up as what was said is said anew; the highest stays."
    )

    class Meta:
        abstract = True


class Answer(Fact):
    """One answered, or visibly unanswered, question."""

    response = models.TextField()
    respondent_kind = models.TextField(default="customer")
    survey = models.TextField(null=True)
    wave = models.TextField(null=True)
    item = models.TextField(null=True)
    construct = models.TextField(null=True)
    role = models.TextField(default="score")
    state = models.TextField(default="answered")
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    text = models.TextField(null=True)
    weight = models.FloatField(default=1.0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "service", "source", "source_key"], name="answer_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "seq"], name="answer_seq"),
            models.Index(fields=["imported"], name="answer_imported", condition=models.Q(imported__isnull=False)),
            models.Index(fields=["delivery"], name="answer_delivery", condition=models.Q(delivery__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.source_key


class Event(Fact):
    """One thing that happened."""

    until_us = models.BigIntegerField(null=True)
    kind = models.TextField()
    indicator = models.TextField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "service", "source", "source_key"], name="event_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "seq"], name="event_seq"),
            models.Index(fields=["imported"], name="event_imported", condition=models.Q(imported__isnull=False)),
            models.Index(fields=["delivery"], name="event_delivery", condition=models.Q(delivery__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.source_key


class Removal(models.Model):
    """A fact that is gone from the truth, so that the columnar copy lets go of it too."""

    workspace = models.ForeignKey("peakend_web.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False)
    table = models.CharField(max_length=8)
    fact = models.BigIntegerField()
    seq = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "table", "seq"], name="removal_seq"),
            models.Index(fields=["table", "fact"], name="removal_fact"),
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.fact}"


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


class Release(models.Model):
    """What was decided last of the rows of a service that people see in batches (`released`), so that a lost folder is
    written anew as it was.

    `state` is what the folder's own note says, `rows` the Parquet file that it names.
    """

    service = models.ForeignKey("peakend_web.Service", on_delete=models.CASCADE, related_name="+", db_index=False)
    table = models.CharField(max_length=8)
    state = models.TextField()
    rows = models.BinaryField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["service", "table"], name="release_once")]

    def __str__(self) -> str:
        return f"{self.service_id} {self.table}"


class IdempotencyKey(models.Model):
    """A delivery that was accepted: its whole identity, what it said, and what it was told. Written in the transaction
    that keeps its rows.
    """

    workspace = models.ForeignKey("peakend_web.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    reply = models.TextField()
    made_us = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "key"], name="key_once")]

    def __str__(self) -> str:
        return self.key
