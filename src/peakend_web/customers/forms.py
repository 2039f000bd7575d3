"""Forms about customers: whom one looks for, a list that is pasted, and that they agreed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from peakend.errors import PeakendError
from peakend.formats.encodings import decode
from peakend.service.delivery import Purpose
from peakend.terms import LANGUAGES, Lang
from peakend_web.base.forms import VerbForm
from peakend_web.base.languages import NAMES, reader_language
from peakend_web.base.refusals import words_of
from peakend_web.models import Person, Workspace

from . import actions
from .lists import ReadList, read_list
from .rows import Added

LARGEST_FILE: Final = 2 * 1024 * 1024


class FindCustomers(VerbForm):
    """Whom one looks for."""

    q = forms.CharField(
        label=_("Name, address or number"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class CustomerList(VerbForm):
    """A list, as it was pasted or as it stands in a file."""

    text = forms.CharField(
        label=_("Customers, one per line"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_(
            "E-mail or phone, and if you have them name, customer number and language, in any order, as copied from a "
            "spreadsheet."
        ),
    )
    file = forms.FileField(label=_("Or a file (CSV)"), required=False, widget=forms.FileInput)

    def clean(self) -> dict[str, Any]:
        """What stands in the file is the list, where there is one."""
        given = super().clean() or {}
        file = given.get("file")
        if file is not None:
            given["text"] = self._text_of(file)
        if not (given.get("text") or "").strip():
            raise ValidationError(_("The list is empty."))
        return given

    def _text_of(self, file: Any) -> str:
        if file.size > LARGEST_FILE:
            raise ValidationError(_("The file is larger than 2 MB. Split it."))
        try:
            return decode(file.read()).text
        except PeakendError as error:
            raise ValidationError(words_of(error)) from error

    def read(self, workspace: Workspace) -> ReadList | None:
        """What is read of it; None where it is refused, and the form says why."""
        return (
            self.attempt(lambda: read_list(self.cleaned_data["text"], workspace.timezone)) if self.is_valid() else None
        )


class AgreedTo(VerbForm):
    """What the customers of a list agreed to, and that they did."""

    text = forms.CharField(widget=forms.HiddenInput, strip=False)
    purpose = forms.ChoiceField(label=_("What they agreed to"))
    language = forms.ChoiceField(
        label=_("In which language they were asked"),
        help_text=_("Used where a line of the list names no language."),
    )
    how = forms.CharField(
        label=_("How they agreed"),
        max_length=200,
        help_text=_("For example: form at the counter. Kept with each consent; name nobody here."),
    )
    given_on = forms.DateField(
        label=_("On which day"), widget=forms.DateInput(attrs={"type": "date"}), help_text=_("Of several the earliest.")
    )
    confirmed = forms.BooleanField(label=_("All customers on this list agreed to this."))

    def __init__(self, *args: Any, purposes: Mapping[str, Purpose], **options: Any) -> None:
        super().__init__(*args, **options)
        lang = reader_language()
        self.fields["purpose"].choices = [  # type: ignore[attr-defined]
            (id, f"{purpose.title[lang]} – {purpose.wording[lang]}") for id, purpose in purposes.items()
        ]
        self.fields["language"].choices = [(each, NAMES[each]) for each in LANGUAGES]  # type: ignore[attr-defined]
        self.fields["language"].initial = lang

    def given_at(self, workspace: Workspace) -> datetime:
        """When they agreed: as that day began here."""
        return datetime.combine(self.cleaned_data["given_on"], time(), ZoneInfo(workspace.timezone))

    def save(self, actor: Person, workspace: Workspace) -> Added | None:
        """Add the customers of the list that are fit."""
        given = self.cleaned_data
        lang: Lang = next(lang for lang in LANGUAGES if lang == given["language"])
        return self.attempt(
            lambda: actions.add_customers(
                actor=actor,
                workspace=workspace,
                rows=read_list(given["text"], workspace.timezone).rows,
                purpose=given["purpose"],
                how=given["how"],
                lang=lang,
                given_at=self.given_at(workspace),
            )
        )
