"""The people served: who they are, how they are reached, and what they agreed to. Facts know them by a pseudonym alone,
and no entry of the audit holds a name, a number or an address.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from .people import Workspace


class Customer(models.Model):
    """Somebody who is served. What stands here of the person is gone once it is erased; the row itself stays empty."""

    class Made(models.TextChoices):
        """How the customer came to be known."""

        LIST = "list"
        STAFF = "staff"
        SURVEY = "survey"

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="customers")
    key = models.CharField(max_length=64, help_text="The pseudonym that stands in the facts' column `customer`.")
    name = models.TextField(blank=True)
    language = models.CharField(max_length=8, blank=True, help_text="In which to write: en, zh-Hant or zh-Hans.")
    number = models.CharField(max_length=64, null=True, blank=True, help_text="How the organisation numbers them.")
    made = models.CharField(max_length=6, choices=Made.choices)
    made_at = models.DateTimeField(auto_now_add=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="customer_once"),
            models.UniqueConstraint(fields=["workspace", "number"], name="customer_number_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Contact(models.Model):
    """Where a customer is reached; an address is of one customer alone."""

    class Kind(models.TextChoices):
        """How one writes there."""

        EMAIL = "email"
        PHONE = "phone"

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=5, choices=Kind.choices)
    address = models.CharField(
        max_length=254, help_text="In one spelling: an e-mail in small letters, a phone with its country code."
    )
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "kind", "address"], name="contact_once")]

    def __str__(self) -> str:
        return self.kind


class Consent(models.Model):
    """What a customer agreed to: a record that is added to and never changed but for the day on which it was withdrawn.
    Of an erased customer it says that somebody agreed, and no longer who.
    """

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, null=True, on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=64, help_text="Its id in a service's document.")
    wording = models.TextField(help_text="As it was shown, in the language in which it was shown.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the wording.")
    language = models.CharField(max_length=8)
    how = models.TextField(help_text="How it was given: a survey, a form of paper, by word of mouth.")
    given_at = models.DateTimeField()
    lasts_until = models.DateTimeField(null=True, help_text="As long as was said when it was given; none: no end.")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_how = models.TextField(blank=True)
    contact = models.ForeignKey(
        Contact, null=True, on_delete=models.SET_NULL, related_name="+", help_text="The address that was left with it."
    )
    response = models.CharField(
        max_length=64, blank=True, db_index=True, help_text="The response of a survey with which it was given."
    )

    class Meta:
        ordering: ClassVar = ["-given_at", "-pk"]
        indexes: ClassVar = [models.Index(fields=["workspace", "purpose", "withdrawn_at"], name="consent_live")]

    def __str__(self) -> str:
        return self.purpose

    @classmethod
    def live(cls, at: datetime) -> Q:
        """Of many, those that hold at a time: given, not withdrawn, not at their end."""
        return Q(given_at__lte=at, withdrawn_at=None) & (Q(lasts_until=None) | Q(lasts_until__gt=at))

    def is_live(self, at: datetime) -> bool:
        """Whether it holds at a time: what `live` says of many."""
        ended = self.lasts_until is not None and self.lasts_until <= at
        return self.given_at <= at and self.withdrawn_at is None and not ended
