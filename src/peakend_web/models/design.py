"""Services and the versions of their design."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext, gettext_noop

from .people import Person, Workspace

SUPPLIED: Final = gettext_noop("The sample as supplied")
"""The note of a version that no person wrote; it is kept in English and shown in the reader's language."""


def note_in_words(note: str) -> str:
    """What somebody wrote about a version, as it was written; the one note that is the product's own in the reader's
    language.
    """
    return gettext(note) if note == SUPPLIED else note


class Service(models.Model):
    """Something an organisation does for its customers. Its design is the document of its current version."""

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="services")
    slug = models.SlugField(max_length=60)
    title = models.JSONField(default=dict, help_text="By language, as in the current document.")
    current = models.ForeignKey(
        "peakend_web.ServiceVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "slug"], name="service_once")]

    def __str__(self) -> str:
        return self.slug


class ServiceVersion(models.Model):
    """One saved state of a service's document: as data, and as the text its author wrote, comments and all. Never
    changed.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    text = models.TextField()
    note = models.TextField(blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["service", "number"], name="service_version_once")]

    def __str__(self) -> str:
        return f"{self.service} {self.number}"

    @property
    def note_in_words(self) -> str:
        """Its note as a reader sees it."""
        return note_in_words(self.note)
