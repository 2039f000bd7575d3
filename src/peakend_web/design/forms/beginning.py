"""The form with which a service begins."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peakend.templates import IDS
from peakend.terms import LANGUAGES, label
from peakend_web.base.forms import VerbForm
from peakend_web.base.languages import NAMES, reader_language
from peakend_web.design.actions.beginning import BLANK, begin_service
from peakend_web.models import Person, ServiceVersion, Workspace


def _industries() -> list[tuple[str, Any]]:
    lang = reader_language()
    return [*((id, label(f"template.{id}", lang)) for id in IDS), (BLANK, _("None of these: begin with four steps"))]


class NewService(VerbForm):
    """What kind of service it is, how it is called, and in which languages it speaks."""

    template = forms.ChoiceField(label=_("Industry"), choices=_industries, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name of the service"),
        max_length=100,
        required=False,
        help_text=_("As your colleagues call it, for example “Outpatient clinic, East”. You can change it later."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=[(lang, NAMES[lang]) for lang in LANGUAGES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In which your customers and colleagues read."),
    )

    steps = forms.CharField(
        label=_("Or your own steps, one a line"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "With “none of these”: paste what your customers do, in order. A line that begins with # names a stage."
        ),
    )

    def clean_steps(self) -> str:
        """One begins from one's own steps or from a template, not from both."""
        steps = str(self.cleaned_data["steps"])
        if steps.strip() and self.cleaned_data.get("template") not in (BLANK, None):
            raise forms.ValidationError(gettext("To begin with your own steps, choose “None of these” above."))
        return steps

    def save(self, actor: Person, workspace: Workspace) -> ServiceVersion | None:
        """Begin it."""
        given = self.cleaned_data
        languages = [lang for lang in LANGUAGES if lang in given["languages"]]
        lang = reader_language()
        own = lang if lang in languages else languages[0]
        return self.attempt(
            lambda: begin_service(
                actor=actor,
                workspace=workspace,
                template=given["template"],
                name=given["name"],
                languages=languages,
                lang=own,
                steps=given["steps"],
            )
        )
