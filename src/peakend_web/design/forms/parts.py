"""The form of a part of a draft: its words in one language, its values; each field that was changed becomes one edit.

Beside each field stands, hidden, what was there when the form was drawn: so that somebody else's words are never
written over, and a field that nobody touched is no edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from django import forms
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from peakend.documents.parts import LONGEST_TEXT
from peakend.errors import PeakendError
from peakend.service.edits import Draft as Working
from peakend.service.edits import Edit
from peakend.service.journeys import EMOTION, LANES, SENSES
from peakend.terms import Lang, label
from peakend_web.base.languages import reader_language
from peakend_web.base.refusals import Denied, Missing
from peakend_web.design.actions.drafts import ChangedMeanwhile, Seen, edit_draft
from peakend_web.models import Draft, Person

Takes = Literal["words", "number", "choice", "mark"]
BEHAVIOURS: Final = ("welcome", "listen", "respond", "resolve", "follow_up")


@dataclass(frozen=True)
class Field:
    """One field of a part: the path of its keys, what it takes, and the term that it is called by."""

    path: str
    takes: Takes = "words"
    term: str = ""
    rows: int = 2

    @property
    def key(self) -> str:
        """Its name in the form."""
        return self.path.replace(".", "-")

    @property
    def name(self) -> str:
        """How the reader calls it."""
        return capfirst(label(self.term or f"part.{self.path.rpartition('.')[2]}", reader_language()))


@dataclass(frozen=True)
class Group:
    """Fields that stand together under a heading."""

    title: str | Promise
    fields: Sequence[Field]


TOUCHPOINT: Final = (
    Group(
        _("What the customer lives through"),
        [
            Field("title", rows=1),
            Field("customer"),
            Field("thinks", term="map.thinks"),
            Field("expects"),
            Field("fears"),
            Field("emotion.planned", "number"),
            Field("emotion.why"),
            Field("designed_as", "choice"),
        ],
    ),
    Group(_("Evidence for the five senses"), [Field(f"evidence.{sense}") for sense in SENSES]),
    Group(_("Behind the lines"), [Field("owner", "choice"), *(Field(lane) for lane in LANES)]),
    Group(
        _("The wait"),
        [
            Field("wait", "mark"),
            Field("wait.typical_minutes", "number"),
            Field("wait.promised_minutes", "number"),
            Field("wait.care_after_minutes", "number"),
            Field("wait.text"),
            Field("wait.care"),
        ],
    ),
    Group(
        _("Moment of truth"),
        [
            Field("moment_of_truth", "mark"),
            Field("moment_of_truth.trigger"),
            Field("moment_of_truth.thinks", term="map.thinks"),
            Field("moment_of_truth.words"),
            *(Field(f"moment_of_truth.behaviours.{name}", term=f"behaviour.{name}") for name in BEHAVIOURS),
            Field("moment_of_truth.delight"),
        ],
    ),
)


@dataclass(frozen=True)
class Clash:
    """A field that somebody else has changed since: both texts."""

    field: Field
    who: str
    theirs: Any
    mine: Any


class PartForm(forms.Form):
    """The fields of one part in one language."""

    template_name = "peakend_web/base/parts/fields.html"
    use_required_attribute = False

    def __init__(self, working: Working, target: str, groups: Sequence[Group], lang: Lang, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.working, self.target, self.lang = working, target, lang
        self.own = [field for group in groups for field in group.fields if self._is_shown(field)]
        self.groups = groups
        self.clashes: list[Clash] = []
        for field in self.own:
            self.fields[field.key] = self._control(field)
            self.fields[f"was-{field.key}"] = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
            self.initial[field.key] = self.initial[f"was-{field.key}"] = self._there(field)

    def sections(self) -> Iterator[tuple[str | Promise, list[tuple[forms.BoundField, forms.BoundField]]]]:
        """The headings, with the fields under each and what was there beside them."""
        for group in self.groups:
            yield group.title, [(self[one.key], self[f"was-{one.key}"]) for one in group.fields if one in self.own]

    def save(self, actor: Person, draft: Draft) -> int:
        """Do each change as an edit of its own; how many were done. Those in somebody's way are in `clashes`."""
        return sum(self._save(actor, draft, field) for field in self.own)

    def _save(self, actor: Person, draft: Draft, field: Field) -> int:
        was, now = self._given(f"was-{field.key}", field), self._given(field.key, field)
        edit = self._edit(field, was, now)
        if edit is None:
            return 0
        seen = None if field.takes == "mark" else Seen(was)
        try:
            return 1 if edit_draft(actor=actor, draft=draft, edit=edit, seen=seen) else 0
        except ChangedMeanwhile as error:
            self.clashes.append(Clash(field, str(error.fields["name"]), error.theirs, error.mine))
        except (Denied, Missing):
            raise
        except PeakendError as error:
            self.add_error(field.key, f"{error.message(reader_language())} {error.hint(reader_language())}")
        return 0

    def _edit(self, field: Field, was: Any, now: Any) -> Edit | None:
        if was == now:
            return None
        if field.takes == "words":
            verb: Literal["set_text", "clear_text"] = "set_text" if now else "clear_text"
            return Edit(verb, self.target, field.path, self.lang, now)
        return Edit("set_value", self.target, field.path, value=({} if now else None) if field.takes == "mark" else now)

    def _given(self, key: str, field: Field) -> Any:
        """What was sent, as it would stand in the document; None where nothing does."""
        found = self.cleaned_data.get(key)
        if field.takes == "mark":
            return found in (True, "True", "on")
        if field.takes == "number":
            return float(found) if found not in (None, "") else None
        return str(found).replace("\r\n", "\n").strip() or None if found is not None else None

    def _is_shown(self, field: Field) -> bool:
        """Whether it is edited here: a lane of steps is edited step by step, a thought where it is written."""
        at_the_moment = self.working.value(self.target, "moment_of_truth.thinks") is not None
        if field.path.endswith("thinks") and at_the_moment != (field.path != "thinks"):
            return False
        return not isinstance(self.working.value(self.target, field.path), list)

    def _there(self, field: Field) -> Any:
        found = self.working.value(self.target, field.path)
        if field.takes == "mark":
            return found is not None
        if field.takes == "words":
            return (found or {}).get(self.lang, "")
        return "" if found is None else found

    def _control(self, field: Field) -> forms.Field:
        match field.takes:
            case "words":
                widget = forms.Textarea(attrs={"rows": field.rows, "lang": self.lang})
                return forms.CharField(label=field.name, required=False, max_length=LONGEST_TEXT, widget=widget)
            case "number":
                low, high, step = (-EMOTION, EMOTION, 0.5) if field.path == "emotion.planned" else (0, 525_600, 0.5)
                return forms.FloatField(label=field.name, required=False, min_value=low, max_value=high, step_size=step)
            case "choice":
                return forms.ChoiceField(label=field.name, required=False, choices=self._choices(field))
        return forms.BooleanField(label=field.name, required=False)

    def _choices(self, field: Field) -> list[tuple[str, Any]]:
        if field.path == "designed_as":
            return [
                ("", "—"),
                ("peak", label("map.peak", reader_language())),
                ("end", label("map.end", reader_language())),
            ]
        people = self.working.parts("document:", "stakeholders")
        names = [(person["id"], _words(person.get("name"), person["id"], self.lang)) for person in people]
        here = str(self._there(field))
        return [("", "—"), *names, *([(here, here)] if here and here not in dict(names) else [])]


def _words(words: Any, otherwise: str, lang: Lang) -> str:
    return str(words.get(lang) or next(iter(words.values()))) if isinstance(words, dict) and words else otherwise
