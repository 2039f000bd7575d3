"""Forms about a workspace: its name, its people, its keys, its services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peakend_web.base.documents import site_names
from peakend_web.base.forms import ROLES, TITLES, VerbForm, address_field, zone_field
from peakend_web.base.grants import Standing
from peakend_web.base.languages import reader_language
from peakend_web.models import ApiKey, Installation, Invitation, Membership, Person, Role, Workspace
from peakend_web.models.people import SMALLEST_CELL
from peakend_web.people.actions import keys, people
from peakend_web.people.grants import visible_sites
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
        return self.attempt(lambda: people.change_workspace(actor=actor, workspace=workspace, **self.cleaned_data))


class PublicAddress(VerbForm):
    """Where customers reach the installation."""

    address = address_field()

    def save(self, actor: Person) -> Installation | None:
        """Say it."""
        return self.attempt(lambda: people.change_address(actor=actor, address=self.cleaned_data["address"]))


class Sites(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # it has no parameters where it runs
    """Sites to tick. A number that no database can hold is none of them; Django asks SQLite for it and fails."""

    def clean(self, value: Any) -> Any:
        """The sites; raises ValidationError."""
        try:
            return super().clean(value)
        except OverflowError:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": "…"}
            ) from None


class RoleForm(VerbForm):
    """A role, and the sites it is for."""

    role = forms.TypedChoiceField(label=_("Role"), choices=list(ROLES.items()), coerce=Role, initial=Role.VIEWER)
    sites = Sites(
        label=_("Sites"),
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all of them."),
    )

    def __init__(self, *args: Any, here: Standing, **options: Any) -> None:
        super().__init__(*args, **options)
        self.here = here
        own = here.sites or ()
        self.fields["role"].choices = [(role, words) for role, words in ROLES.items() if here.may_grant(role, own)]  # type: ignore[attr-defined]
        sites = self.fields["sites"]
        kept = [str(TITLES[role]) for role in ROLES if not here.may_grant(role, own)]
        if kept:
            self.fields["role"].help_text = _(
                "You cannot assign: %(roles)s. They may do things you may not, such as exporting single answers. Ask "
                "an owner."
            ) % {"roles": gettext(", ").join(kept)}
        names = site_names(here.workspace, reader_language())
        sites.queryset = visible_sites(here)  # type: ignore[attr-defined]
        sites.label_from_instance = lambda site: names.get(site.key, site.name)  # type: ignore[attr-defined]
        if own:
            sites.required, sites.help_text = True, ""
        elif not sites.queryset.exists():  # type: ignore[attr-defined]
            del self.fields["sites"]

    def grant(self) -> dict[str, Any]:
        """The role and the sites that were chosen."""
        return {"role": self.cleaned_data["role"], "sites": list(self.cleaned_data.get("sites", []))}


class Invite(RoleForm):
    """Somebody's e-mail, and what they will be."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    field_order = ("email", "role", "sites")

    def save(self) -> tuple[Invitation, str] | None:
        """Invite them."""
        email = self.cleaned_data["email"]
        return self.attempt(
            lambda: people.invite(actor=self.here.person, workspace=self.here.workspace, email=email, **self.grant())
        )


class ChangeRole(RoleForm):
    """Another role, or other sites, of a member."""

    def save(self, membership: Membership) -> Membership | None:
        """Change them."""
        return self.attempt(lambda: people.change_role(actor=self.here.person, membership=membership, **self.grant()))


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
