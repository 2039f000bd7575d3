"""Forms about cases: which are looked for, and what was done for a customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from peakend_web.base.forms import VerbForm
from peakend_web.models import Case, Person

from . import actions as cases
from .queries import CaseFilter

STATES = (
    ("open", pgettext_lazy("cases", "Open")),
    ("closed", pgettext_lazy("cases", "Closed")),
    ("all", pgettext_lazy("cases", "All")),
)


class FindCases(VerbForm):
    """Which cases are looked for; as it is opened, those that are not closed."""

    state = forms.ChoiceField(label=_("Which"), choices=STATES, required=False)
    q = forms.CharField(
        label=_("Words or number"), max_length=200, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    touchpoint = forms.ChoiceField(label=_("Touchpoint"), required=False)

    def __init__(self, *args: Any, touchpoints: Mapping[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["touchpoint"].choices = [("", _("Any")), *touchpoints.items()]  # type: ignore[attr-defined]
        if not touchpoints:
            del self.fields["touchpoint"]

    def case_filter(self) -> CaseFilter:
        """What is looked for; what stands there from the beginning, where it was filled in with something else."""
        if not self.is_valid():
            return CaseFilter()
        given = self.cleaned_data
        return CaseFilter(given["state"] or "open", given["q"], given.get("touchpoint", ""))


class CloseCase(VerbForm):
    """What was done for the customer."""

    note = forms.CharField(label=_("What was done"), required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def save(self, actor: Person, case: Case) -> Case | None:
        """Close the case."""
        return self.attempt(lambda: cases.close_case(actor=actor, case=case, note=self.cleaned_data["note"]))
