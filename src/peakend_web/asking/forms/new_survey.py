"""The form with which a survey begins: from a few questions of ours, from a pasted list, or as a copy of another."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from peakend.errors import DocumentError
from peakend.facts.shape import RESPONDENTS
from peakend.instruments import IDS, MOST_ASKED, Instrument, instrument
from peakend.instruments.expansion import edits_of
from peakend.service.document import of_data
from peakend.service.edits import Edit, WorkingDocument
from peakend.service.edits.kinds import WHOLE
from peakend.service.pasted_questions import PastedQuestion, items_in, questions_in
from peakend.service.titles import LONGEST_TITLE
from peakend.terms import LANGUAGES, Lang, label, wrong_script
from peakend_web.asking.actions.studio import begin_survey
from peakend_web.asking.kinds import WORDS
from peakend_web.base.forms import VerbForm
from peakend_web.base.languages import reader_language
from peakend_web.design.queries import parts_of, title_of
from peakend_web.models import Draft, Person, Service

PASTE: Final = "paste"
BLANK: Final = "blank"
COPY: Final = "copy:"
READY: Final = "instrument:"
FIRST: Final = f"{READY}pulse"
_LONGEST_LIST: Final = 40_000


@dataclass(frozen=True)
class Beginning:
    """Something that a survey may begin with: its value in the form, what it is called, and the question of a manager
    that it answers.
    """

    value: str
    title: str | Promise
    asks: str = ""


@dataclass(frozen=True)
class Beginnings:
    """A group of them under a heading; those that are asked for seldom stand in a fold."""

    title: str
    found: Sequence[Beginning]
    is_folded: bool = False


def beginnings(working: WorkingDocument) -> Iterator[Beginnings]:
    """What a survey may begin with: what is asked most, one's own questions, all that is ready by whom it asks, and
    copies.
    """
    lang = reader_language()
    ready = {id: instrument(id) for id in IDS}
    yield Beginnings(gettext("Asked most"), [_ready(ready[id], lang) for id in MOST_ASKED])
    own = [Beginning(PASTE, _("My own questions, pasted as a list")), Beginning(BLANK, _("Blank"))]
    yield Beginnings(gettext("Your own"), own)
    copies = [
        Beginning(f"{COPY}{part['id']}", gettext("A copy of “%(title)s”") % {"title": title_of(part, lang)})
        for part in working.parts(WHOLE, "surveys")
    ]
    if copies:
        yield Beginnings(gettext("Like another survey"), copies)
    for who in RESPONDENTS:
        found = [each for id, each in ready.items() if each.respondents == who and id not in MOST_ASKED]
        if found:
            title = gettext("Ready to ask: %(who)s") % {"who": _respondent(who)}
            yield Beginnings(title, [_ready(each, lang) for each in found], is_folded=True)


def _ready(asked: Instrument, lang: Lang) -> Beginning:
    return Beginning(f"{READY}{asked.instrument}", asked.title[lang], asked.asks[lang])


def _respondents() -> list[tuple[str, str]]:
    return [(who, _respondent(who)) for who in RESPONDENTS]


def _respondent(who: str) -> str:
    return capfirst(label(f"respondents.{who}", reader_language()))


class NewSurvey(VerbForm):
    """What it is called, who answers it and where, and with which questions it begins."""

    title = forms.CharField(label=_("What is it called?"), max_length=LONGEST_TITLE, required=False)
    respondents = forms.ChoiceField(label=_("Who answers?"), choices=_respondents, initial="customer")
    touchpoint = forms.ChoiceField(label=_("At which touchpoint?"), required=False)
    begins = forms.ChoiceField(label=_("Begin with"), widget=forms.RadioSelect, initial=FIRST)
    text = forms.CharField(
        label=_("Your questions, one per line"),
        required=False,
        max_length=_LONGEST_LIST,
        widget=forms.Textarea(attrs={"rows": 9, "class": "lines"}),
        help_text=_(
            "Options go under their question, with a dash or moved in. A scale may stand behind it: (0-10), (1-5), "
            "(yes/no)."
        ),
    )
    token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, working: WorkingDocument, **options: Any) -> None:
        super().__init__(*args, **options)
        self.working = working
        lang = reader_language()
        points = [(part["id"], title_of(part, lang)) for _name, part in parts_of(working, "touchpoints")]
        self.fields["touchpoint"].choices = [("", _("The visit as a whole")), *points]  # type: ignore[attr-defined]
        self.groups = list(beginnings(working))
        choices = [(each.value, each.title) for group in self.groups for each in group.found]
        self.fields["begins"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("token", uuid.uuid4())

    def clean(self) -> dict[str, Any]:
        """What is one's own has a name; a list that is to be read has at least one question."""
        cleaned = super().clean() or {}
        if not cleaned.get("title") and not str(cleaned.get("begins")).startswith(READY) and "title" not in self.errors:
            self.add_error("title", _("Give it a name, as your colleagues would call it."))
        if cleaned.get("begins") == PASTE and not self.errors.get("text") and not questions_in(cleaned.get("text", "")):
            self.add_error("text", _("Paste at least one question, or choose another beginning."))
        return cleaned

    @property
    def opened(self) -> str:
        """The group in which what is chosen stands."""
        chosen = str(self["begins"].value())
        return next((group.title for group in self.groups if chosen in {each.value for each in group.found}), "")

    def read(self) -> list[PastedQuestion]:
        """What the pasted list would become, also while the rest of the form is not filled in."""
        return questions_in(str(self.data.get("text", ""))[:_LONGEST_LIST]) if self.data.get("begins") == PASTE else []

    def save(self, actor: Person, service: Service) -> Draft | None:
        """Begin the survey."""
        name = self.cleaned_data.get("token")
        return self.attempt(lambda: begin_survey(actor=actor, service=service, name=name, **self._asked()))

    def _asked(self) -> dict[str, Any]:
        """The survey that was asked for, as data, and what comes before it."""
        given, langs = self.cleaned_data, self._languages()
        begins, touchpoint, written = str(given["begins"]), given["touchpoint"] or None, given["title"].strip()
        title = {"title": {self._written_in(written, langs): written}} if written else {}
        when = {"when": {"after": touchpoint}} if touchpoint else {}
        if begins.startswith(READY):
            *first, edit = self._ready(instrument(begins.removeprefix(READY)), touchpoint)
            return {"first": first, "survey": {**edit.value, **title, **when}}
        around = {**title, "respondents": given["respondents"], **when}
        if begins.startswith(COPY):
            return {"survey": self._copy(begins.removeprefix(COPY)) | around}
        items = self._pasted(langs) if begins == PASTE else []
        for item in items if touchpoint else ():
            if WORDS[item["kind"]].about_a_touchpoint:
                item["touchpoint"] = touchpoint
        return {"survey": {**around, **({"items": items} if items else {})}}

    def _ready(self, chosen: Instrument, touchpoint: str | None) -> list[Edit]:
        """What brings an instrument into the document; one that asks about the whole does so at a touchpoint too."""
        service = of_data(self.working.data)
        try:
            return edits_of(chosen, service, touchpoint=touchpoint)
        except DocumentError as error:
            if error.id != "instrument.of_the_whole":
                raise
            return edits_of(chosen, service)

    def _pasted(self, langs: list[Lang]) -> list[dict[str, Any]]:
        text = self.cleaned_data["text"]
        return items_in(text, self._written_in(text, langs))

    def _copy(self, survey: str) -> dict[str, Any]:
        """Another survey with all it has."""
        found = next(part for part in self.working.parts(WHOLE, "surveys") if part["id"] == survey)
        return {key: value for key, value in found.items() if key not in {"id", "archived"}}

    def _languages(self) -> list[Lang]:
        return [lang for lang in LANGUAGES if lang in self.working.data["languages"]]

    def _written_in(self, text: str, langs: list[Lang]) -> Lang:
        """The language that a text is written in, of those of the document: by its script, where that tells."""
        is_chinese = any("㐀" <= char <= "鿿" for char in text)
        fitting = [lang for lang in langs if is_chinese == (lang != "en") and not wrong_script(text, lang)]
        own = reader_language()
        return own if own in fitting else next(iter([*fitting, *(each for each in langs if each == own), *langs]))
