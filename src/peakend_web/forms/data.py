"""Which rows are meant: those of a file, or of a source."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .base import VerbForm


class Which(VerbForm):
    """What brought the rows in."""

    source = forms.CharField(label=_("Source"), max_length=200, required=False, help_text=_("As the rows name it, for example till-3."))
    source_key = forms.CharField(label=_("Key of one row"), max_length=400, required=False, help_text=_("Leave it empty to mean all of the source."))
    imported = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)

    def clean(self) -> dict[str, Any]:
        """Something must be named: without a name it would be everything."""
        named = super().clean() or {}
        if not named.get("source") and not named.get("imported"):
            raise ValidationError(_("Name a source."))
        return named
