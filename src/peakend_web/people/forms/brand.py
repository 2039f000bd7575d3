"""The form on which a workspace says how customers know it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from peakend.draw.palette import LIGHT
from peakend_web.base.forms import VerbForm
from peakend_web.models import Brand, Person, Workspace
from peakend_web.people.actions.brand import change_brand, change_embedding


class BrandForm(VerbForm):
    """Name, colour and logo."""

    name = forms.CharField(
        label=_("Name that customers see"),
        max_length=80,
        required=False,
        help_text=_("Empty: the name of the workspace."),
    )
    colour = forms.CharField(
        label=_("Colour"),
        max_length=7,
        required=False,
        validators=[RegexValidator("^#[0-9a-fA-F]{6}$")],
        widget=forms.TextInput(attrs={"type": "color"}),
        help_text=_(
            "Of buttons, links and lines. It must be dark enough for words on white; in the dark it is lightened."
        ),
    )
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_(
            "PNG, JPEG or WebP, at most 4 MB. It is made small, and nothing but the picture is kept of the file."
        ),
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)

    def __init__(self, *args: Any, brand: Brand, **options: Any) -> None:
        known = {"name": brand.name, "colour": brand.colour or LIGHT["accent"].lower()}
        super().__init__(*args, initial=known, **options)
        if not brand.logo_digest:
            del self.fields["remove_logo"]

    def save(self, actor: Person, workspace: Workspace) -> Brand | None:
        """Change them; our own colour is none of the house's."""
        said = self.cleaned_data
        colour = "" if said["colour"].lower() == LIGHT["accent"].lower() else said["colour"]
        logo = said["logo"].read() if said["logo"] else None
        return self.attempt(
            lambda: change_brand(
                actor=actor,
                workspace=workspace,
                name=said["name"],
                colour=colour,
                logo=logo,
                remove_logo=said.get("remove_logo", False),
            )
        )


class Embedding(VerbForm):
    """On which websites surveys may be shown within a page."""

    origins = forms.CharField(
        label=_("Websites that may show your surveys"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "lines", "placeholder": "https://www.example.org"}),
        help_text=_("One per line, without what follows the first slash. Empty: none."),
    )

    def save(self, actor: Person, workspace: Workspace) -> Brand | None:
        """Say so."""
        return self.attempt(lambda: change_embedding(actor=actor, workspace=workspace, **self.cleaned_data))
