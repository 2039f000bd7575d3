"""The two fact tables, the clock that numbers them, and what else the writer and the copy of the facts keep.

The columns of `Answer` and `Event` are those of the two fact tables (`peakend.facts`), with the segment columns
together in one JSON object, plus what the application needs: the workspace and service they belong to, and `seq`.

`seq` counts upwards in the order of commits: every transaction that writes facts takes its numbers from the one row of
`FactClock` and holds that row until it ends, so whoever has seen number n has seen every fact numbered below it. That
makes `seq` a watermark: the columnar copy asks only for what is newer. `first_seq` keeps the number a row was born
with; a row with `first_seq < seq` has been revised. Rows are written by `peakend_web.store.deliveries` alone.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models


class FactClock(models.Model):
    """The one row that numbers the facts, and names this database so that a copy made of another is recognised."""

    value = models.BigIntegerField(default=0)
    identity = models.UUIDField(default=uuid.uuid4, editable=False)


class Fact(models.Model):
    """What the two fact tables share."""

    workspace = models.ForeignKey("peakend_web.Workspace", on_delete=models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey("peakend_web.Service", on_delete=models.PROTECT, related_name="+", db_index=False)
    imported = models.ForeignKey(
        "peakend_web.Import", null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
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
    aside = models.TextField(null=True, help_text="Why it is counted apart; none where nothing speaks against it.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "service", "source", "source_key"], name="answer_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "seq"], name="answer_seq"),
            models.Index(fields=["imported"], name="answer_imported", condition=models.Q(imported__isnull=False)),
            models.Index(fields=["delivery"], name="answer_delivery", condition=models.Q(delivery__isnull=False)),
            # Of codes alone: they are looked up by their comment whenever one is changed or withdrawn.
            models.Index(fields=["workspace", "response"], name="answer_code", condition=models.Q(role="code")),
        ]

    def __str__(self) -> str:
        return self.source_key


class Event(Fact):
    """One thing that happened."""

    record = models.TextField(
        null=True, help_text="What the step belongs to, as case:12; such a step stands in nobody's journey."
    )
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

    @classmethod
    def of(cls, table: type[models.Model]) -> models.Exists:
        """Of a row of a table that is asked for: whether it was taken back."""
        return models.Exists(cls.objects.filter(table=table._meta.model_name, fact=models.OuterRef("pk")))


class Release(models.Model):
    """What was decided last of the rows of a service that people see in batches (`store.release`), so that a lost
    folder is written anew as it was.

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
