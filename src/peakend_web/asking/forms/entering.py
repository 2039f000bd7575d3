"""What somebody on the staff says of answers that they type in for a customer: how they were heard, where and when."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from peakend.instants import SECOND
from peakend_web.asking.entered import IN_PERSON, PAPER, PHONE, WAYS, Entered
from peakend_web.base.forms import VerbForm
from peakend_web.models import Place

WORDS: Final = {PAPER: _("On paper"), PHONE: _("By phone"), IN_PERSON: _("In person")}
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Hearing(VerbForm):
    """How, where and when it was heard. Its fields are called as no question of a survey can be."""

    how = forms.ChoiceField(choices=[(way, WORDS[way]) for way in WAYS], initial=PAPER)
    place = forms.ChoiceField(required=False)
    at = forms.DateTimeField(required=False)

    def __init__(self, *args: Any, places: Sequence[Place], must_name_place: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        nowhere = [] if must_name_place else [("", _("No place in particular"))]
        self.fields["place"].choices = [*nowhere, *((each.code, each.label) for each in places)]  # type: ignore[attr-defined]
        self.fields["place"].required = must_name_place

    def add_prefix(self, field_name: str) -> str:
        """The name of a field on the page: that of the place is the survey's own."""
        return field_name if field_name == "place" else f"entered:{field_name}"

    def clean_at(self) -> datetime:
        """When it was said; now, where nothing is named."""
        at: datetime = self.cleaned_data["at"] or timezone.now()
        if not EARLIEST <= at <= timezone.now():
            raise forms.ValidationError(_("This time is in the future, or before the year 2000."))
        return at

    @property
    def entered(self) -> Entered:
        """How and when it was heard, of a form that is valid."""
        at: datetime = self.cleaned_data["at"]
        return Entered(self.cleaned_data["how"], int(at.timestamp() * SECOND))
