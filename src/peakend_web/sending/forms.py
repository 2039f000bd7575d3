"""Forms of the page of channels: a gateway for short messages, and a test."""

from __future__ import annotations

from typing import Final

from django import forms
from django.core.validators import EmailValidator, RegexValidator
from django.utils.translation import gettext_lazy as _

from peakend_web.base.forms import VerbForm
from peakend_web.models import Channel, Message, Person, Workspace

from .actions.channels import add_gateway, send_test
from .gateways import Gateway

MAIL_EXAMPLE: Final = "PEAKEND_MAIL=smtp://user:password@mail.example.org:587?from=feedback@example.org"
EXAMPLE: Final = '{"to": "{to}", "text": "{text}", "id": "{id}"}'


class NewGateway(VerbForm):
    """How a gateway is spoken to."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As you call your provider."))
    url = forms.CharField(
        label=_("Address of the gateway"),
        max_length=2000,
        widget=forms.URLInput(attrs={"placeholder": "https://sms.example.com/send", "autocomplete": "off"}),
    )
    format = forms.ChoiceField(
        label=_("What it takes"), choices=[("json", "JSON"), ("form", _("Form fields"))], widget=forms.RadioSelect
    )
    template = forms.CharField(
        label=_("Template"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "lines", "spellcheck": "false"}),
        help_text=_(
            "Write {to} for the number, {text} for the message, {id} for a name that stays the same when it is tried "
            "again, {secret} for the secret. Form fields: to={to}&text={text}"
        ),
    )
    header = forms.CharField(
        label=_("Header with the secret"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "Authorization", "autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=_("Secret"),
        max_length=1000,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("The value of this header, or of {secret}. It is not shown again."),
    )
    expects = forms.CharField(
        label=_("What a good reply contains"),
        max_length=200,
        required=False,
        help_text=_("Many gateways answer 200 even when they refuse. Empty: every 2xx counts as sent."),
        widget=forms.TextInput(attrs={"placeholder": '"code": 0', "autocomplete": "off"}),
    )

    def save(self, actor: Person, workspace: Workspace) -> Channel | None:
        """Add it."""
        said = dict(self.cleaned_data)
        name = said.pop("name")
        return self.attempt(lambda: add_gateway(actor=actor, workspace=workspace, name=name, gateway=Gateway(**said)))


class Test(VerbForm):
    """Whom a real message is sent to."""

    kind = forms.ChoiceField(choices=Channel.Kind.choices, widget=forms.HiddenInput)
    to = forms.CharField(label=_("Send a test to"), max_length=254)

    def __init__(self, *args: object, kind: str, **options: object) -> None:
        options = {"initial": {"kind": kind}, "auto_id": f"{kind}_%s", **options}
        super().__init__(*args, **options)
        is_email = kind == Channel.Kind.EMAIL
        field = self.fields["to"]
        field.validators = [EmailValidator() if is_email else RegexValidator(r"^[+0-9][0-9 ()./-]{5,30}$")]
        field.widget.attrs |= {"type": "email" if is_email else "tel", "autocomplete": "email" if is_email else "tel"}

    def save(self, actor: Person, workspace: Workspace) -> Message | None:
        """Send it."""
        return self.attempt(lambda: send_test(actor=actor, workspace=workspace, **self.cleaned_data))
