"""The form of a new API key."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from peakend_web.base.forms import VerbForm
from peakend_web.models import ApiKey, Person, Workspace
from peakend_web.people.actions import keys


class NewKey(VerbForm):
    """What a key is for, and what it opens."""

    name = forms.CharField(label=_("Purpose"), max_length=100)
    scope = forms.TypedChoiceField(
        label=_("Permissions"),
        choices=[(ApiKey.Scope.READ, _("Read results")), (ApiKey.Scope.WRITE, _("Import answers and events"))],
        coerce=ApiKey.Scope,
    )

    def save(self, actor: Person, workspace: Workspace) -> tuple[ApiKey, str] | None:
        """Make the key."""
        return self.attempt(lambda: keys.make_key(actor=actor, workspace=workspace, **self.cleaned_data))
