"""Forms of the staff about surveys: which to publish, and the places where one hangs."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peakend.service.schema import ServiceDocument
from peakend_web.asking.actions import publish_survey
from peakend_web.asking.actions.places import Spot, add_places, rename_place
from peakend_web.base.forms import VerbForm, require_visible
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


LONGEST_NAME: Final = 100
MOST_PLACES: Final = 200


class NewPlaces(VerbForm):
    """Where codes hang, one place a line, and what their answers are therefore about."""

    label = forms.CharField(
        label=_("Where the codes are displayed"),
        max_length=MOST_PLACES * LONGEST_NAME,
        widget=forms.Textarea(attrs={"rows": 3, "class": "lines"}),
        help_text=_("One place per line; you can paste a list. The name of a site after a comma puts a place there."),
    )
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

        self._sites = {name.casefold(): key for key, name in sites} | {key.casefold(): key for key, _name in sites}

    def clean_label(self) -> list[tuple[str, str]]:
        """The lines as names, each with the site that it says, empty where it says none."""
        spots = [self._spot(line.strip()) for line in self.cleaned_data["label"].splitlines() if line.strip()]
        for label, _site in spots:
            require_visible(label)
            if len(label) > LONGEST_NAME:
                raise ValidationError(gettext("“%(name)s…” is too long: a name has %(most)s characters at most.") % {
                    "name": label[:20], "most": LONGEST_NAME,
                })  # fmt: skip
        if len(spots) > MOST_PLACES:
            raise ValidationError(
                gettext("More than %(most)s places: add them in several steps.") % {"most": MOST_PLACES}
            )
        return spots

    def _spot(self, line: str) -> tuple[str, str]:
        """A line as a name and a site; what stands behind its last comma and is no site belongs to the name."""
        named = re.fullmatch(r"(.*\S)\s*[,，、\t|]\s*([^,，、\t|]+)", line)
        site = self._sites.get(named[2].casefold(), "") if named else ""
        return (named[1], site) if named and site else (line, "")

    def save(self, actor: Person, survey: Survey) -> list[Place] | None:
        """Give the places their codes."""
        given = {name: value for name, value in self.cleaned_data.items() if value is not None}
        lines, usual = given.pop("label"), given.pop("site", "")
        spots = [Spot(label, site or usual or None) for label, site in lines]
        return self.attempt(lambda: add_places(actor=actor, survey=survey, spots=spots, **given))


class PlaceName(VerbForm):
    """What a place is called."""

    label = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)

    def save(self, actor: Person, survey: Survey, place: Place) -> Place | None:
        """Rename it."""
        return self.attempt(lambda: rename_place(actor=actor, survey=survey, place=place, **self.cleaned_data))
