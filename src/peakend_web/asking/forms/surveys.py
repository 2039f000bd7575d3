"""Forms of the staff about surveys: which to publish, and the places where one hangs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peakend.service.schema import ServiceDocument
from peakend_web.asking.actions import add_place, publish_survey
from peakend_web.base.forms import VerbForm
from peakend_web.base.languages import reader_language
from peakend_web.models import Person, Place, Service, Survey
from peakend_web.models.asking import RESETS_AFTER


class Publish(VerbForm):
    """A survey of the document, and the round it is for."""

    item = forms.CharField(widget=forms.HiddenInput, max_length=64)
    wave = forms.CharField(
        label=_("Wave"), max_length=60, required=False, help_text=_("For example 2026 spring. May stay empty.")
    )

    def save(self, actor: Person, service: Service) -> Survey | None:
        """Publish it."""
        return self.attempt(lambda: publish_survey(actor=actor, service=service, **self.cleaned_data))


class NewPlace(VerbForm):
    """Where a code hangs, and what its answers are therefore about."""

    label = forms.CharField(label=_("Where the code is displayed"), max_length=100)
    site = forms.ChoiceField(label=_("Site"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    touchpoint = forms.ChoiceField(
        label=_("Touchpoint"),
        required=False,
        help_text=_(
            "What questions are about that name nothing themselves. The recommendation and other questions about the "
            "whole stay about the whole."
        ),
    )
    resets_after = forms.IntegerField(
        label=_("Start again after this many seconds without a touch"),
        min_value=0,
        max_value=3600,
        required=False,
        initial=RESETS_AFTER,
        help_text=_(
            "So that the next person at a shared device never sees what the last one answered. 0 where people use "
            "phones of their own."
        ),
    )

    def __init__(
        self,
        *args: Any,
        document: ServiceDocument,
        sites: list[tuple[str, str]],
        everywhere: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        lang = reader_language()
        known = {
            "site": sites,
            "channel": [(each.id, each.title[lang]) for each in document.channels],
            "touchpoint": [(each.id, each.title[lang]) for each in document.touchpoints],
        }
        for name, choices in known.items():
            if choices:
                self.fields[name].choices = [("", _("Not specified")), *choices]  # type: ignore[attr-defined]
            else:
                del self.fields[name]
        if not everywhere:
            # Whoever is limited to sites hangs codes there.
            self.fields["site"].required = True
            self.fields["site"].choices = sites  # type: ignore[attr-defined]

    def save(self, actor: Person, survey: Survey) -> Place | None:
        """Give the place its code."""
        given = {name: value for name, value in self.cleaned_data.items() if value is not None}
        return self.attempt(lambda: add_place(actor=actor, survey=survey, **given))
