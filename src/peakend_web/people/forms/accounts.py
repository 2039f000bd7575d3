"""Forms about oneself: set up, sign in, and one's own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from peakend_web.base.forms import VerbForm, address_field, code_field, known_password, new_password, zone_field
from peakend_web.base.refusals import Refusal
from peakend_web.models import Language, Person
from peakend_web.people import sign_in_attempts
from peakend_web.people.actions import accounts


def name_field() -> forms.CharField:
    """How one is called."""
    return forms.CharField(label=_("Your name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "name"}))


def email_field() -> forms.EmailField:
    """What one signs in with; no mail is sent to it."""
    return forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )


class SetUp(VerbForm):
    """The first person, and their workspace."""

    name = name_field()
    email = email_field()
    password = new_password()
    workspace = forms.CharField(label=_("Name of your organisation"), max_length=100)
    timezone = zone_field(guess=True)
    address = address_field()
    samples = forms.BooleanField(
        label=_("Include the sample data"),
        required=False,
        help_text=_(
            "What 2,831 airport passengers and 104 kiosk users said, in a separate workspace. It takes about ten "
            "seconds."
        ),
    )

    def save(self, language: str) -> Person | None:
        """Set up the installation."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "samples"}
        slug = slugify(given["workspace"])[:40] or "workspace"
        return self.attempt(lambda: accounts.set_up(**given, slug=slug, language=language))


class SignIn(VerbForm):
    """E-mail and password."""

    email = email_field()
    password = known_password()

    def save(self, request: HttpRequest) -> Person | None:
        """Who this is; nobody where the two do not match. One answer for an unknown e-mail and for a wrong password."""
        return self.attempt(lambda: self._sign_in(request))

    def _sign_in(self, request: HttpRequest) -> Person:
        email = self.cleaned_data["email"].lower()
        return sign_in_attempts.attempt(
            sign_in_attempts.at_sign_in(request, email), lambda: self._authenticate(request, email)
        )

    def _authenticate(self, request: HttpRequest, email: str) -> Person:
        person = authenticate(request, email=email, password=self.cleaned_data["password"])
        if not isinstance(person, Person):
            raise Refusal("web.sign_in_wrong")
        return person


class Code(VerbForm):
    """A code of the authenticator app."""

    code = code_field()


class Profile(VerbForm):
    """One's own name and language."""

    name = name_field()
    language = forms.ChoiceField(
        label=_("Language"), choices=[("", _("Same as the browser")), *Language.choices], required=False
    )

    def save(self, actor: Person) -> Person | None:
        """Change them."""
        return self.attempt(lambda: accounts.change_profile(actor=actor, **self.cleaned_data))


class NewPassword(VerbForm):
    """Another password, by who knows the one before."""

    current = known_password()
    password = new_password()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["current"].label = _("Current password")
        self.fields["password"].label = _("New password")

    def save(self, actor: Person) -> Person | None:
        """Change it."""
        return self.attempt(lambda: self._change(actor))

    def _change(self, actor: Person) -> Person:
        sign_in_attempts.attempt(sign_in_attempts.inside(actor), lambda: self._is_current(actor))
        return accounts.change_password(actor=actor, password=self.cleaned_data["password"])

    def _is_current(self, actor: Person) -> None:
        if not actor.check_password(self.cleaned_data["current"]):
            raise Refusal("web.password_wrong")
