"""The form of a touchpoint in a draft: its words in one language, its values, and those of the parts in it; each field
that was changed becomes one edit.

Beside each field stands, hidden, what was there when the form was drawn: so that somebody else's words are never
written over, and a field that nobody touched is no edit.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from peakend.documents.parts import LONGEST_TEXT
from peakend.errors import PeakendError
from peakend.service.edits import Edit, WorkingDocument
from peakend.service.edits.kinds import kind_of_list
from peakend.service.journeys import EMOTION
from peakend.terms import Lang, label
from peakend_web.base.languages import reader_language
from peakend_web.base.refusals import Denied, Missing, words_of
from peakend_web.design.actions.drafts import ChangedMeanwhile, Seen, edit_draft
from peakend_web.design.queries import new_id, words_in
from peakend_web.models import Draft, Person

from .touchpoint_fields import Field, fields_of

MOST_MINUTES: Final = 525_600
LAST: Final = "last"
"""Behind whatever is there: a part that follows none that is known comes last."""


@dataclass(frozen=True)
class Clash:
    """A field that somebody else has changed since: both texts."""

    field: Field
    who: str
    theirs: Any
    mine: Any


class TouchpointForm(forms.Form):
    """All of a touchpoint in one language."""

    use_required_attribute = False

    def __init__(self, working: WorkingDocument, target: str, lang: Lang, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.working, self.target, self.lang = working, target, lang
        self.groups = list(fields_of(working, target))
        self.fields["token"] = forms.UUIDField(required=False, widget=forms.HiddenInput)
        self.initial["token"] = uuid.uuid4()
        self.clashes: list[Clash] = []
        for field in self._all():
            self.fields[field.key] = self._control(field)
            self.fields[field.key].widget.attrs |= self._sent_as(field)
            self.fields[f"was-{field.key}"] = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
            there = self._there(field)
            self.initial[field.key] = there
            self.initial[f"was-{field.key}"] = " ".join(there) if isinstance(there, list) else there

    def _all(self) -> Iterator[Field]:
        return (field for _title, fields in self.groups for field in fields)

    def sections(self) -> Iterator[tuple[str | Promise, list[tuple[forms.BoundField, forms.BoundField, bool]]]]:
        """The headings, with the fields under each, what was there beside them, and whether a list is ticked."""
        for title, fields in self.groups:
            yield title, [(self[one.key], self[f"was-{one.key}"], one.takes == "ids") for one in fields]

    def save(self, actor: Person, draft: Draft) -> int:
        """Do each change as an edit of its own; how many were done. Those in somebody's way are in `clashes`."""
        return sum(self._save(actor, draft, field) for field in self._all())

    def _save(self, actor: Person, draft: Draft, field: Field) -> int:
        was, now = self._given(f"was-{field.key}", field), self._given(field.key, field)
        seen = None if field.takes in {"mark", "ids", "part"} else Seen(was)
        try:
            edits = self._edits(draft, field, was, now) if was != now else ()
            done = [
                edit_draft(actor=actor, draft=draft, edit=edit, name=self._step_name(field, edit), seen=seen)
                for edit in edits
            ]
            return sum(step is not None for step in done)
        except ChangedMeanwhile as error:
            self.clashes.append(Clash(field, str(error.fields["name"]), error.theirs, error.mine))
        except (Denied, Missing):
            raise
        except PeakendError as error:
            self.add_error(field.key, words_of(error))
        return 0

    def _step_name(self, field: Field, edit: Edit) -> uuid.UUID | None:
        """What is sent twice from one page, by a double tap or after a clash, is done once."""
        token = self.cleaned_data.get("token")
        return uuid.uuid5(token, f"{field.key}|{edit.verb}|{_what(edit)}") if token else None

    def _edits(self, draft: Draft, field: Field, was: Any, now: Any) -> Iterator[Edit]:
        match field.takes:
            case "words" if now:
                yield Edit("set_text", field.target, field.path, self.lang, now)
            case "words" if self._is_last_word(field):
                yield Edit("remove", field.target)
            case "words":
                yield Edit("clear_text", field.target, field.path, self.lang)
            case "mark":
                yield Edit("set_value", field.target, field.path, value={} if now else None)
            case "ids":
                yield from (Edit("link", field.target, field.path, value=id) for id in now if id not in was)
                yield from (Edit("unlink", field.target, field.path, value=id) for id in was if id not in now)
            case "part":
                yield self._new_part(draft, field, now)
            case _:
                yield Edit("set_value", field.target, field.path, value=now)

    def _is_last_word(self, field: Field) -> bool:
        """Whether a step, standard or promise would be left without a word: then it goes."""
        words = self.working.value(field.target, field.path)
        return field.path == "text" and not field.target.startswith("touchpoints:") and set(words or ()) == {self.lang}

    def _new_part(self, draft: Draft, field: Field, text: str) -> Edit:
        kind = kind_of_list(field.path)
        id = new_id(draft, kind, text if text.isascii() else "")
        parts = self.working.parts(field.target, field.path)
        # Words that stand in a lane become its first step as this one comes, whose name is not known yet: behind it.
        after = self.working.name_in(field.target, field.path, parts[-1]) if parts else LAST
        return Edit("add", field.target, field.path, value={"id": id, "text": {self.lang: text}}, after=after)

    def _given(self, key: str, field: Field) -> Any:
        """What was sent, as it would stand in the document; None where nothing does."""
        found = self.cleaned_data.get(key)
        match field.takes:
            case "mark":
                return found in (True, "True", "on")
            case "ids":
                return found.split() if isinstance(found, str) else list(found or ())
            case "number":
                return _number(found)
        return str(found).replace("\r\n", "\n").strip() or None if found is not None else None

    def _there(self, field: Field) -> Any:
        found = self.working.value(field.target, field.path)
        match field.takes:
            case "mark":
                return found is not None
            case "words":
                return (found or {}).get(self.lang, "")
            case "ids":
                return list(found or ())
            case "part":
                return ""
        return "" if found is None else found

    def _sent_as(self, field: Field) -> dict[str, str]:
        """By which part and field a control is saved as soon as it is left, where the page has a script."""
        sent = {"data-part": field.target, "data-field": field.path, "data-takes": field.takes}
        if field.takes == "part":
            parts = self.working.parts(field.target, field.path)
            sent["data-after"] = self.working.name_in(field.target, field.path, parts[-1]) if parts else LAST
        return sent | ({"data-lang": self.lang} if field.takes in {"words", "part"} else {})

    def _control(self, field: Field) -> forms.Field:
        match field.takes:
            case "words" | "part":
                widget = forms.Textarea(attrs={"rows": field.rows, "lang": self.lang})
                name = _("Add: %(what)s") % {"what": field.name} if field.takes == "part" else field.name
                return forms.CharField(label=name, required=False, max_length=LONGEST_TEXT, widget=widget)
            case "number":
                low, high = (-EMOTION, EMOTION) if field.path == "emotion.planned" else (0, MOST_MINUTES)
                exact = forms.NumberInput(attrs={"step": "any"})
                return forms.FloatField(label=field.name, required=False, min_value=low, max_value=high, widget=exact)
            case "choice":
                return forms.ChoiceField(label=field.name, required=False, choices=self._choices(field))
            case "ids":
                ticked = forms.CheckboxSelectMultiple
                choices = self._parts("failures")
                return forms.MultipleChoiceField(label=field.name, required=False, choices=choices, widget=ticked)
        return forms.BooleanField(label=field.name, required=False)

    def _choices(self, field: Field) -> list[tuple[str, Any]]:
        lang = reader_language()
        match field.path:
            case "designed_as":
                return [("", "—"), ("peak", label("map.peak", lang)), ("end", label("map.end", lang))]
            case "freedom":
                return [("", "—"), ("fixed", _("Fixed")), ("may bend", _("Staff may adapt it"))]
        here, names = str(self._there(field)), self._parts("stakeholders")
        return [("", "—"), *names, *([(here, here)] if here and here not in dict(names) else [])]

    def _parts(self, kind: str) -> list[tuple[str, str]]:
        """The parts of a kind that may be named, with what they are called."""
        parts = self.working.parts("document:", kind)
        titles = ((part["id"], part.get("title") or part.get("name")) for part in parts)
        return [(id, words_in(title, self.lang) if title else id) for id, title in titles]


def _what(edit: Edit) -> Any:
    """What an edit is about, without the id that a new part gets."""
    return edit.value["text"] if edit.verb == "add" else edit.value


def _number(sent: Any) -> float | None:
    """A number as it was sent; None where nothing was, or no number in the hidden field of what was there."""
    try:
        return float(sent) if sent not in (None, "") else None
    except ValueError:
        return None
