"""What somebody decides about responses in quarantine: which of them, by a reason or one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peakend_web.asking.queries.quarantine import Quarantine
from peakend_web.base.forms import VerbForm


class Chosen(VerbForm):
    """All with one reason, or those that are ticked."""

    reason = forms.ChoiceField(required=False)
    response = forms.TypedMultipleChoiceField(required=False, coerce=int)

    def __init__(self, *args: Any, quarantine: Quarantine, **options: Any) -> None:
        super().__init__(*args, **options)
        self._quarantine = quarantine
        self.fields["reason"].choices = [("", ""), *((each.reason, each.reason) for each in quarantine.reasons)]  # type: ignore[attr-defined]
        self.fields["response"].choices = [(each, each) for each in quarantine.ids]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Something is chosen."""
        given = super().clean() or {}
        if not self.errors and not self._chosen(given):
            raise forms.ValidationError(_("Tick at least one response."))
        return given

    @property
    def chosen(self) -> Sequence[int]:
        """The responses that are meant."""
        return self._chosen(self.cleaned_data)

    def _chosen(self, given: dict[str, Any]) -> Sequence[int]:
        return self._quarantine.with_reason(given["reason"]) if given.get("reason") else given.get("response", ())
