"""What every area stands on: the trail of a verb (an audit entry, and an outbox entry for what must happen because of
it), how far the jobs are, and the installation's own settings.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models

from .people import Person, Workspace


class AuditEntry(models.Model):
    """Who did what to which object, before and after.

    Entries of a workspace are numbered without gaps and chained: `digest` is keyed with the installation's secret and
    covers the entry and the digest before it, so that an edited, removed or reordered entry shows.
    """

    workspace = models.ForeignKey(Workspace, null=True, on_delete=models.PROTECT, related_name="audit")
    number = models.PositiveBigIntegerField()
    actor = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["workspace", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "number"], name="audit_number"),
            models.UniqueConstraint(
                fields=["number"], condition=models.Q(workspace__isnull=True), name="audit_number_installation"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.verb}"


class OutboxEntry(models.Model):
    """Something to be done because a change was committed: written with the change, done later, done at least once.

    `area` is whose it is to do. It is empty as the verb leaves it, which knows none of its readers; a worker makes of
    it one entry for each area that reads the kind. It takes an entry by setting `leased_until` where it is free;
    `message` stays the same over every try, so that whoever receives it twice can tell.
    """

    workspace = models.ForeignKey(Workspace, null=True, on_delete=models.CASCADE, related_name="outbox")
    message = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    area = models.CharField(max_length=40, blank=True)
    payload = models.JSONField(default=dict)
    made_at = models.DateTimeField(auto_now_add=True)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(default=0)
    problem = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="outbox_waiting", condition=models.Q(done_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.message}"


class Progress(models.Model):
    """How far a job has come in a workspace's facts: everything numbered up to `seq` was looked at."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    job = models.CharField(max_length=40)
    seq = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "job"], name="progress_once")]

    def __str__(self) -> str:
        return f"{self.job} {self.seq}"


class Trouble(models.Model):
    """What keeps a job from its work in a workspace, until it does it again; and what it had to leave out, by name, for
    a week.

    `about` is empty where the whole job failed; else it names the row or the rule that was left out.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="troubles")
    job = models.CharField(max_length=40)
    about = models.CharField(max_length=200, blank=True)
    what = models.CharField(max_length=500)
    tries = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    last_at = models.DateTimeField()
    again_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["job", "about"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "job", "about"], name="trouble_once")]

    def __str__(self) -> str:
        return f"{self.job} {self.about}".strip()


class Remark(models.Model):
    """What a member said to the others about a part of a service, by the name that edits have for it, or about one
    field of the part. It belongs to the part and not to a version: it outlives publishing, and the part too.

    The words stand here alone, so that they can be erased; they are empty then. `name` is made where it was written: a
    remark that is sent twice is kept once.
    """

    service = models.ForeignKey("peakend_web.Service", on_delete=models.PROTECT, related_name="remarks")
    part = models.CharField(max_length=200)
    field = models.CharField(max_length=200, blank=True)
    words = models.TextField(blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    name = models.UUIDField(default=uuid.uuid4)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["service", "name"], name="remark_once")]
        indexes: ClassVar = [models.Index(fields=["service", "part"], name="remarks_of_a_part")]

    def __str__(self) -> str:
        return f"{self.part} {self.pk}"


class File(models.Model):
    """What somebody sent as a file, as it is kept, and the thing that it belongs to; its bytes lie on the disk
    (`base.files`).

    `about` names the thing, as `answer:survey:12:…`. `name` is what it is called in its address and on the disk, and
    says nothing of either. What is sent twice for one thing is kept once.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+", db_index=False)
    about = models.TextField()
    name = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40, help_text="Its media type.")
    size = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, help_text="The SHA-256 of its bytes.")
    sent = models.CharField(max_length=64, help_text="A keyed hash of what was sent.")
    at = models.DateTimeField(help_text="When it was given.")

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "about", "sent"], name="file_once")]

    def __str__(self) -> str:
        return self.name


class Installation(models.Model):
    """The one row of an installation's own settings."""

    public_address = models.TextField(
        blank=True, help_text="Where customers reach it, without a slash at the end; printed codes carry it."
    )
    set_up_by = models.ForeignKey("peakend_web.Person", null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.public_address
