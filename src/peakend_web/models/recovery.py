"""Cases: a customer was let down, and somebody puts it right."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from .design import Service
from .people import Person, Role, Workspace


class Case(models.Model):
    """Opened from a low answer by the rule in the service's document; closed with a note of what was done.

    One person's low answers are one case: the first opens it, and (`service`, `source`, `source_key`) is that answer's
    own identity; `further` holds the others of the same questionnaire (source_key, item, touchpoint, value, low, high),
    in the order in which they came.
    """

    class State(models.TextChoices):
        """How far it is."""

        OPEN = "open"
        TAKEN = "taken"
        CLOSED = "closed"

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="cases")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="cases")
    source = models.TextField()
    source_key = models.TextField()
    response = models.TextField()
    touchpoint = models.TextField(null=True, blank=True)
    site = models.TextField(null=True, blank=True)
    item = models.TextField(null=True, blank=True)
    value = models.FloatField(null=True, blank=True)
    low = models.FloatField(null=True, blank=True)
    high = models.FloatField(null=True, blank=True)
    further = models.JSONField(default=list, blank=True)
    words = models.TextField(blank=True, help_text="What the customer wrote, in their own words.")
    rule = models.TextField(blank=True, help_text="The rule of the service's document that opened it.")
    receiver = models.TextField(blank=True, help_text="To whom the rule gives it: a stakeholder's id in the document.")
    owner_role = models.CharField(max_length=10, choices=Role.choices, default=Role.MANAGER)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar = ["due_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "source", "source_key"], name="case_once")
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "state", "due_at"], name="case_waiting")]

    def __str__(self) -> str:
        return f"{self.touchpoint} {self.source_key}"

    @property
    def questionnaire(self) -> tuple[int, str, str]:
        """Of one customer, who has no other name: the questionnaire in which it was opened."""
        return self.service_id, self.source, self.response

    @classmethod
    def overdue(cls) -> Q:
        """Of many cases, those that should be closed by now: what `is_overdue` says of one."""
        return ~Q(state=cls.State.CLOSED) & Q(due_at__lt=timezone.now())

    @property
    def is_overdue(self) -> bool:
        """Whether it should be closed by now and is not."""
        return self.state != self.State.CLOSED and self.due_at < timezone.now()
