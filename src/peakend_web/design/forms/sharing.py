"""The form of a new link to a map."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peakend_web.base.forms import VerbForm
from peakend_web.design.actions.sharing import LONGEST, Shows, share_map, today_in
from peakend_web.models import Person, Service, ServiceVersion, SharedMap

USUAL = timedelta(days=30)
"""How long a link opens where nobody chooses."""


class NewLink(VerbForm):
    """For whom a link is, until when it opens, and what it shows."""

    reader = forms.CharField(label=_("For whom"), max_length=100)
    until = forms.DateField(
        label=_("Valid until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("At most one year. You can revoke it earlier at any time."),
    )
    version = forms.ChoiceField(label=_("Which version"), required=False)
    words = forms.BooleanField(label=_("Show what customers think, expect and fear"), required=False)
    people = forms.BooleanField(label=_("Show who does the work"), required=False)
    scores = forms.BooleanField(
        label=_("Show live scores"),
        required=False,
        help_text=_(
            "With the same minimum numbers of answers as on every page. A version that is not in force shows no scores."
        ),
    )

    def __init__(self, service: Service, versions: list[ServiceVersion], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        today = today_in(service.workspace)
        self._service, self._versions = service, versions
        self.fields["version"].choices = [  # type: ignore[attr-defined]
            ("", gettext("Always the version in force")),
            *((str(one.number), gettext("Version %(number)s") % {"number": one.number}) for one in versions),
        ]
        self.fields["until"].initial = today + USUAL
        limits = {"min": today.isoformat(), "max": (today + LONGEST).isoformat()}
        self.fields["until"].widget.attrs.update(limits)

    def save(self, actor: Person) -> tuple[SharedMap, str] | None:
        """Make the link."""
        given = self.cleaned_data
        version = next((one for one in self._versions if str(one.number) == given["version"]), None)
        shows = Shows(given["words"], given["people"], given["scores"])
        return self.attempt(
            lambda: share_map(
                actor=actor,
                service=self._service,
                reader=given["reader"],
                until=given["until"],
                version=version,
                shows=shows,
            )
        )
