"""The form of a new device."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from peakend_web.asking.queries.kiosk_places import KioskPlace
from peakend_web.base.forms import VerbForm
from peakend_web.models import Device, Person, Workspace
from peakend_web.people.actions import devices
from peakend_web.people.actions.devices import Shown


class NewDevice(VerbForm):
    """What a device is called, and what it shows."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("For example: tablet at the exit."))
    shows = forms.ChoiceField(label=_("Survey and place"))

    def __init__(self, *args: Any, places: Sequence[KioskPlace], **options: Any) -> None:
        super().__init__(*args, **options)
        self._places = {each.code: each for each in places}
        self.fields["shows"].choices = [(each.code, each.words) for each in places]  # type: ignore[attr-defined]

    def save(self, actor: Person, workspace: Workspace) -> tuple[Device, str] | None:
        """Add the device."""
        name, place = self.cleaned_data["name"], self._places[self.cleaned_data["shows"]]
        shows = Shown(place.code, place.site)
        return self.attempt(lambda: devices.add_device(actor=actor, workspace=workspace, name=name, shows=shows))
