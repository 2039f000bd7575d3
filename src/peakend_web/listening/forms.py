"""Which rows are meant: those of a file, or of a source."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from peakend_web.base.forms import VerbForm


class TakeBackForm(VerbForm):
    """What brought the rows in."""

    survey = forms.ChoiceField(label=_("Survey"), required=False)
    source = forms.CharField(
        label=_("Or another source"),
        max_length=200,
        required=False,
        help_text=_("As the rows name it, for example till-3."),
    )
    source_key = forms.CharField(
        label=_("Key of one row"),
        max_length=400,
        required=False,
        help_text=_("Leave it empty to mean all of the source."),
    )
    imported = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=2**62)

    def __init__(self, *args: Any, surveys: Mapping[str, str], **options: Any) -> None:
        """`surveys` names the sources that are surveys of this service."""
        super().__init__(*args, **options)
        self.fields["survey"].choices = [("", "–"), *surveys.items()]  # type: ignore[attr-defined]
        if not surveys:
            del self.fields["survey"]
            self.fields["source"].label = _("Source")

    def clean(self) -> dict[str, Any]:
        """Something must be named: without a name it would be everything."""
        named = super().clean() or {}
        named["source"] = named.get("survey") or named.get("source")
        if not named.get("source") and not named.get("imported"):
            raise ValidationError(_("Name a source."))
        return named
