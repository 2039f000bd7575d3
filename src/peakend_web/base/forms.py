"""What all forms share: how they are drawn, and how a verb's refusal becomes a form's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peakend.documents.parts import require_readable
from peakend.errors import DocumentError, PeakendError
from peakend_web.models import Role

from .languages import reader_language
from .refusals import Busy, Denied, Missing, TooMany, words_of

T = TypeVar("T")

ROLES = {
    Role.OWNER: _("Owner: everything, and who may do what"),
    Role.MANAGER: _("Manager: services, surveys, people and cases"),
    Role.ANALYST: _("Analyst: results, comments and imports"),
    Role.FRONTLINE: _("Frontline: results of their sites, and cases"),
    Role.VIEWER: _("Viewer: results only"),
}
TITLES = {
    str(Role.OWNER): _("Owner"),
    str(Role.MANAGER): _("Manager"),
    str(Role.ANALYST): _("Analyst"),
    str(Role.FRONTLINE): _("Frontline"),
    str(Role.VIEWER): _("Viewer"),
}
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/"))
OFTEN = {
    "Asia/Taipei": _("Taipei"),
    "Asia/Shanghai": _("Beijing, Shanghai"),
    "Asia/Hong_Kong": _("Hong Kong"),
    "Asia/Macau": _("Macau"),
    "Asia/Singapore": _("Singapore"),
    "Asia/Tokyo": _("Tokyo"),
    "Europe/London": _("London"),
    "Europe/Berlin": _("Berlin"),
    "America/New_York": _("New York"),
    "America/Los_Angeles": _("Los Angeles"),
    "Australia/Sydney": _("Sydney"),
    "UTC": "UTC",
}
"""The zones that stand first, by their cities."""


def require_visible(line: str) -> None:
    """Refuse a line with a control character in it, or one that turns round how the words after it run: names and notes
    stand in other people's sentences. Raises ValidationError.
    """
    try:
        require_readable(line.replace("\n", "\0"))
    except DocumentError as error:
        raise ValidationError(words_of(error)) from error


class VerbForm(forms.Form):
    """A form whose saving is a verb."""

    template_name = "peakend_web/base/parts/fields.html"
    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **options})

    def full_clean(self) -> None:
        """Read what was sent; a line with a character in it that nobody sees is refused."""
        for field in self.fields.values():
            if isinstance(field, forms.CharField) and isinstance(field.widget, forms.TextInput):
                field.validators = [*field.validators, require_visible]
        super().full_clean()

    def attempt(self, verb: Callable[[], T]) -> T | None:
        """What the verb returns; where it refuses what was typed, None, and the form says why."""
        try:
            return verb()
        except (Denied, Missing, Busy, TooMany):
            raise
        except PeakendError as error:
            self.refuse(error)
        except ValidationError as error:
            self.add_error("password" if "password" in self.fields else None, error)
        return None

    def refuse(self, error: PeakendError) -> None:
        """Say at the head of the form what cannot be done, and what can."""
        self.add_error(None, words_of(error))


def address_field() -> forms.CharField:
    """Where customers reach the installation."""
    return forms.CharField(
        label=_("Public address"),
        required=False,
        max_length=200,
        widget=forms.URLInput(attrs={"placeholder": "https://feedback.example.org", "autocomplete": "off"}),
        help_text=_(
            "Where customers reach this installation. Links and printed codes carry it. "
            "You can enter it later, but codes printed before then work on this computer only."
        ),
    )


def zone_field(*, guess: bool = False) -> forms.ChoiceField:
    """Which clock a day follows: the usual zones first, then all by continent. With `guess` a browser that knows its
    own zone presets it.
    """
    widget = forms.Select(attrs={"data-zone": "guess"} if guess else {})
    return forms.ChoiceField(label=_("Time zone"), choices=_zones, initial=likely_zone, widget=widget)


def _zones() -> list[tuple[str, list[tuple[str, str]]]]:
    """The zones in groups; each stands once."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for zone in ZONES:
        continent, _slash, city = zone.partition("/")
        if zone not in OFTEN:
            groups.setdefault(continent, []).append((zone, city.replace("_", " ")))
    often = [(zone, str(city)) for zone, city in OFTEN.items()]
    return [(gettext("Often chosen"), often), *groups.items()]


def likely_zone() -> str:
    """The zone that whoever reads this language is most likely in; for English that of the machine, where it
    says one.
    """
    by_language = {"zh-Hant": "Asia/Taipei", "zh-Hans": "Asia/Shanghai"}
    there = Path("/etc/localtime").resolve().as_posix().partition("zoneinfo/")[2]
    return by_language.get(reader_language()) or (there if there in available_timezones() - {"Etc/UTC"} else "UTC")


def new_password() -> forms.CharField:
    """A password that is being chosen."""
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=widget,
        help_text=_("Ten characters or more; three or four words do well."),
    )


def known_password() -> forms.CharField:
    """A password that is there already."""
    return forms.CharField(
        label=_("Password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def code_field() -> forms.CharField:
    """A code of the authenticator app."""
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})
    return forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=widget,
        help_text=_("The six digits your app shows now, or a recovery code."),
    )
