"""The form with which a service begins."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peakend.errors import PeakendError
from peakend.formats.journey_lists import SCENES
from peakend.service.document import of_data
from peakend.service.schema import ServiceDocument
from peakend.service.titles import LONGEST_TITLE
from peakend.templates import IDS
from peakend.terms import LANGUAGES, Lang, label
from peakend_web.base.forms import VerbForm
from peakend_web.base.languages import NAMES, reader_language
from peakend_web.design.actions.beginning import begin_service
from peakend_web.design.starters.beginning import BLANK, Beginning
from peakend_web.design.starters.steps import Steps
from peakend_web.models import Person, Service, Workspace

OWN_STEPS: Final = ("centre", "before", "after", "steps")
QUESTIONS: Final = ("hurts", "peak", "end")


def _industries() -> list[tuple[str, Any]]:
    lang = reader_language()
    return [(BLANK, _("My own steps")), *((id, label(f"template.{id}", lang)) for id in IDS)]


def _some_lines(title: Any, rows: int, help_text: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "class": "lines"})
    return forms.CharField(label=title, required=False, max_length=10_000, widget=widget, help_text=help_text)


def _one_line(title: Any, help_text: Any = "", example: Any = "") -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **({"placeholder": example} if example else {})})
    return forms.CharField(label=title, required=False, max_length=LONGEST_TITLE, widget=widget, help_text=help_text)


def _one_of_the_steps(title: Any) -> forms.CharField:
    return forms.CharField(label=title, required=False, max_length=LONGEST_TITLE, widget=forms.Select)


class NewService(VerbForm):
    """The industry, the steps with the central one first, where it hurts, its peak and its end; how it is called, for
    whom and where it is, and in which languages it speaks.
    """

    template = forms.ChoiceField(label=_("Start from"), choices=_industries, widget=forms.RadioSelect, initial=BLANK)
    centre = _one_line(_("Which moment is it all about?"), example=_("for example: See the doctor"))
    before = _some_lines(
        _("What happens before it? One step per line"),
        4,
        _("A line may end with the planned emotion, from −5 to +5: “Wait −3”."),
    )
    after = _some_lines(_("What happens after it?"), 3)
    steps = _some_lines(
        _("Or paste all steps here, one per line"), 6, _("A line that begins with # names a stage: “# Arrive”.")
    )
    hurts = _one_of_the_steps(_("Where does it hurt?"))
    peak = _one_of_the_steps(_("What is the peak?"))
    end = _one_of_the_steps(_("How does it end?"))
    name = _one_line(
        _("Name of the service"),
        _("As your colleagues call it, for example “Outpatient clinic, East”. You can change it later."),
    )
    for_whom = _one_line(_("For whom is it?"), example=_("for example: families with small children"))
    sites = _some_lines(_("Sites, one per line"), 2)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=[(lang, NAMES[lang]) for lang in LANGUAGES],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("In which your customers and colleagues read."),
    )
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        lang = reader_language()
        options["initial"] = {"languages": [lang], "token": uuid.uuid4(), **options.get("initial", {})}
        super().__init__(*args, **options)
        for scene in SCENES:
            known = label(f"scene.{scene}", lang)
            self.fields[f"scene_{scene}"] = _one_line(known, example=known)

    def clean(self) -> dict[str, Any]:
        """One begins from one's own steps or from a template, and types steps in one of the two places."""
        given = self.cleaned_data
        typed = [name for name in OWN_STEPS if str(given.get(name, "")).strip()]
        if typed and given.get("template") not in (BLANK, None):
            self.add_error(typed[-1], gettext("To begin with your own steps, choose “My own steps” above."))
        elif "steps" in typed and len(typed) > 1:
            self.add_error("steps", gettext("Type the steps one by one or paste all of them here, not both."))
        return given

    def beginning(self) -> Beginning:
        """What was said so far, as far as it can be read."""
        given: Mapping[str, Any] = getattr(self, "cleaned_data", {})
        languages: Sequence[Lang] = [lang for lang in LANGUAGES if lang in given.get("languages", ())]
        lang = reader_language()
        scenes = [given.get(f"scene_{scene}", "") for scene in SCENES]
        return Beginning(
            lang if not languages or lang in languages else languages[0],
            given.get("template", BLANK),
            languages,
            steps=Steps(
                given.get("before", ""), given.get("centre", ""), given.get("after", ""), given.get("steps", ""), scenes
            ),
            **{name: given.get(name, "") for name in ("name", "for_whom", "sites", *QUESTIONS)},
        )

    def sketch(self) -> ServiceDocument | None:
        """The service as it would begin by now; None where nothing was said of it yet, or what was said cannot be."""
        beginning = self.beginning()
        try:
            if beginning.template == BLANK and not beginning.steps.stages(beginning.lang):
                return None
            service = of_data(beginning.data())
        except PeakendError as error:
            if not self.non_field_errors():  # what the verb has refused is said already
                self.refuse(error)
            return None
        self._offer(service, beginning)
        return service

    def _offer(self, service: ServiceDocument, beginning: Beginning) -> None:
        """Ask the three questions about the touchpoints that are there."""
        points = service.journeys[0].touchpoints
        titles = [point.title[beginning.lang] for point in points]
        marks = {str(point.designed_as): point.title[beginning.lang] for point in points}
        said = QueryDict(mutable=True)
        said.update(self.data)
        for name in QUESTIONS:
            field = cast(forms.ChoiceField, self.fields[name])
            field.widget.choices = [("", _("Not decided yet")), *((title, title) for title in titles)]
            if name in marks:  # a template has its own peak and end
                said[name] = marks[name]
        self.data = said

    def section(self, *names: str) -> list[tuple[BoundField, Any]]:
        """Some of its fields, each with its errors, as `base/parts/fields.html` draws them."""
        return [(self[name], self[name].errors) for name in names]

    @property
    def sections(self) -> dict[str, list[tuple[BoundField, Any]]]:
        """Its fields in the order of the page."""
        return {
            "industry": self.section("template"),
            "steps": self.section("centre", "before", "after"),
            "scenes": self.section(*(f"scene_{scene}" for scene in SCENES)),
            "paste": self.section("steps"),
            "questions": self.section(*QUESTIONS),
            "name": self.section("name", "for_whom"),
            "where": self.section("sites", "languages"),
        }

    def save(self, actor: Person, workspace: Workspace) -> Service | None:
        """Begin it."""
        beginning, token = self.beginning(), self.cleaned_data["token"]
        return self.attempt(lambda: begin_service(actor=actor, workspace=workspace, beginning=beginning, token=token))
