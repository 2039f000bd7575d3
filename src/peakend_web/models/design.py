"""Services and the versions of their design."""

from __future__ import annotations

import uuid
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


TO_BE: Final = "to-be"
"""The label of a version that is not in force yet but is to be; what else stands as a label, somebody wrote."""


class Service(models.Model):
    """Something an organisation does for its customers. Its design is the document of its current version, the one in
    force: which is asked, measured and acted on. Others may stand beside it, older ones and such as are to be.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="services")
    slug = models.SlugField(max_length=60)
    title = models.JSONField(default=dict, help_text="By language, as in the current document.")
    current = models.ForeignKey(
        "peakend_web.ServiceVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)
    begun_as = models.UUIDField(
        null=True, blank=True, help_text="Of the form that it was begun with: what is sent twice makes one."
    )

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="service_once"),
            models.UniqueConstraint(fields=["workspace", "begun_as"], name="service_begun_once"),
        ]

    def __str__(self) -> str:
        return self.slug


class ServiceVersion(models.Model):
    """One saved state of a service's document: as data, and as the text its author wrote, comments and all. Never
    changed. With it is kept what earlier ones had and this one has no more, so that nobody need read them all;
    nothing with versions from before that was kept.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    text = models.TextField()
    note = models.TextField(blank=True)
    label = models.CharField(
        max_length=60, blank=True, help_text="What its makers call it, where it is to be told apart."
    )
    former_names = models.JSONField(
        null=True,
        help_text="What ids of earlier versions that it does not have were called last, by id and language.",
    )
    former_parts = models.JSONField(
        null=True, help_text="Parts of earlier versions that it does not have, by name as edits call them."
    )
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    LARGE: ClassVar = ("document", "text", "former_names", "former_parts")
    """What is not read along where a page only names a version."""

    class Meta:
        ordering: ClassVar = ["-number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["service", "number"], name="service_version_once")]

    def __str__(self) -> str:
        return f"{self.service} {self.number}"

    @property
    def note_in_words(self) -> str:
        """Its note as a reader sees it."""
        return note_in_words(self.note)

    @property
    def label_in_words(self) -> str:
        """What it is called, as a reader sees it."""
        return gettext("To-be design") if self.label == TO_BE else self.label


class Draft(models.Model):
    """The next version of a service while it is being made: a version, and small edits after it in their order.

    `folded` is the document after the edit numbered `folded_seq`, from which on the edits are done again, `added` are
    the names of all parts that were added up to there; `seq` is the number of the last one. It ends when it is
    published, as `published`, or given up.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="drafts")
    area = models.CharField(max_length=80, default="design", help_text="Whose: the design's, one survey's, the rules'.")
    base = models.ForeignKey(ServiceVersion, on_delete=models.PROTECT, related_name="+")
    begun_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField(auto_now_add=True)
    folded = models.JSONField()
    folded_seq = models.PositiveIntegerField(default=0)
    added = models.JSONField(null=True)
    seq = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    published = models.ForeignKey(ServiceVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["service", "area"], condition=models.Q(ended_at=None), name="one_open_draft_of_an_area"
            )
        ]

    def __str__(self) -> str:
        return f"{self.service} draft {self.pk}"


class DraftStep(models.Model):
    """One edit of a draft: who asked for what, and in `effects` what it did, piece by piece, so that it can be done
    again and undone. `undoes` is the step that it took back. `name` is made where it was asked for: a step that is sent
    twice is kept once.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="steps")
    seq = models.PositiveIntegerField()
    name = models.UUIDField(default=uuid.uuid4)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    verb = models.CharField(max_length=20)
    target = models.CharField(max_length=200)
    field = models.CharField(max_length=200, blank=True)
    lang = models.CharField(max_length=10, blank=True)
    effects = models.JSONField()
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="undone_by")

    class Meta:
        ordering: ClassVar = ["seq"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["draft", "seq"], name="draft_step_in_order"),
            models.UniqueConstraint(fields=["draft", "name"], name="draft_step_once"),
        ]

    def __str__(self) -> str:
        return f"{self.draft} step {self.seq}"


class SharedMap(models.Model):
    """A link by which whoever has it looks at the map of a service without signing in, up to a day. Of the link itself
    only a digest is kept. It shows one version, or where none is named the one that is in force.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="shared_maps")
    version = models.ForeignKey(ServiceVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    reader = models.CharField(max_length=100, help_text="For whom it was made.")
    until = models.DateField(help_text="The last day on which it opens, as days are in its workspace.")
    shows_words = models.BooleanField(default=False, help_text="Whether what customers think, say and fear is shown.")
    shows_people = models.BooleanField(default=False, help_text="Whether those who do the work are named.")
    shows_scores = models.BooleanField(default=False, help_text="Whether live scores are shown.")
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.service} for {self.reader}"
