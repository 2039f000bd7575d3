"""What is true of the whole installation."""

from __future__ import annotations

from django.db import models


class Installation(models.Model):
    """The one row of an installation's own settings."""

    public_address = models.TextField(
        blank=True, help_text="Where customers reach it, without a slash at the end; printed codes carry it."
    )
    set_up_by = models.ForeignKey("peakend_web.Person", null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.public_address
