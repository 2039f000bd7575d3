"""Forms about the members of a workspace: invite, join, another role."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peakend_web.base.documents import site_names
from peakend_web.base.forms import ROLES, TITLES, VerbForm, new_password
from peakend_web.base.grants import Standing
from peakend_web.base.languages import reader_language
from peakend_web.models import Invitation, Membership, Role
from peakend_web.people.actions import members
from peakend_web.people.grants import visible_sites

from .accounts import name_field


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
            lambda: members.invite(actor=self.here.person, workspace=self.here.workspace, email=email, **self.grant())
        )


class ChangeRole(RoleForm):
    """Another role, or other sites, of a member."""

    def save(self, membership: Membership) -> Membership | None:
        """Change them."""
        return self.attempt(lambda: members.change_role(actor=self.here.person, membership=membership, **self.grant()))


class Join(VerbForm):
    """Accept an invitation as somebody new."""

    name = name_field()
    password = new_password()

    def save(self, secret: str, language: str) -> Membership | None:
        """Join the workspace."""
        return self.attempt(lambda: members.accept_invitation(secret=secret, **self.cleaned_data, language=language))
