"""Forms about a workspace itself, and about where customers reach the installation."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from peakend_web.base.forms import VerbForm, address_field, zone_field
from peakend_web.models import Installation, Person, Workspace
from peakend_web.models.people import SMALLEST_CELL
from peakend_web.people.actions import workspaces
from peakend_web.store import least_sizes


class WorkspaceSettings(VerbForm):
    """What a workspace is called and whose midnight begins its day."""

    name = forms.CharField(label=_("Name"), max_length=100)
    timezone = zone_field()
    least_cell = forms.IntegerField(
        label=_("Show nothing about fewer people than"),
        min_value=SMALLEST_CELL,
        max_value=least_sizes.LOW_BASE,
        required=False,
        help_text=_("Five protects people in most surveys. Three is the least."),
    )
    weighted = forms.BooleanField(
        label=_("Lead with figures that use survey weights"),
        required=False,
        help_text=_("Where answers carry weights and both figures are known; the unweighted one is shown beside it."),
    )

    def save(self, actor: Person, workspace: Workspace) -> Workspace | None:
        """Change them."""
        return self.attempt(lambda: workspaces.change_workspace(actor=actor, workspace=workspace, **self.cleaned_data))


class PublicAddress(VerbForm):
    """Where customers reach the installation."""

    address = address_field()

    def save(self, actor: Person) -> Installation | None:
        """Say it."""
        return self.attempt(lambda: workspaces.change_address(actor=actor, address=self.cleaned_data["address"]))
