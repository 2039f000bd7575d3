"""What a field takes: what stands there, with which control it is changed, and which edits a change is; one class each.

A control of words, numbers, choices and marks says in `data-part`, `data-field`, `data-lang` and `data-takes` what it
is of, so that a script may save it while the page is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.utils.translation import gettext as _

from peakend.service.edits import Edit, Verb
from peakend.service.edits.kinds import key_at, kind_of_list, kinds, limits_of
from peakend.service.edits.names import id_of, name_of
from peakend.service.titles import longest_words
from peakend_web.design.actions.drafts import Seen
from peakend_web.design.queries import words_in

from .choices import choices, part_choices
from .part_fields import Field, Takes
from .setting import Setting

LAST: Final = "last"
"""Behind whatever is there: a part that follows none that is known comes last."""
_OTHER: Final = object()
"""Something else than whatever may stand in a document."""


class Take:
    """What all of them can; a value by itself."""

    compares: ClassVar = True
    """Whether another's change of the same is in the way."""
    is_saved_by_script: ClassVar = True
    """Whether a script may save it while the page is open."""

    def there(self, at: Setting, field: Field) -> Any:
        """What stands there, as its control shows it."""
        return self.shown(at.working.value(field.target, field.path))

    def shown(self, value: Any) -> Any:
        """A value as its control shows it."""
        return "" if value is None else value

    def seen(self, at: Setting, field: Field, was: Any, edit: Edit) -> Seen | None:
        """What must still stand there, so that nobody else's change is written over."""
        del at
        return Seen(was) if self.compares and edit.field == field.path else None

    def hidden(self, there: Any) -> str:
        """How what stands there is sent along with the form."""
        return str(there)

    def control(self, at: Setting, field: Field, attrs: Mapping[str, Any]) -> forms.Field:
        """With what it is changed."""
        raise NotImplementedError

    def sent(self, found: Any) -> Any:
        """What was sent, as it would stand in the document; None where nothing does."""
        return str(found).replace("\r\n", "\n").strip() or None if found is not None else None

    def edits(self, at: Setting, field: Field, was: Any, now: Any) -> Iterator[Edit]:
        """Which edits a change is."""
        del at, was
        yield Edit("set_value", field.target, field.path, value=now)


class Words(Take):
    """Words in one language."""

    def there(self, at: Setting, field: Field) -> Any:
        """The words in this language."""
        return (at.working.value(field.target, field.path) or {}).get(field.lang or at.lang, "")

    def control(self, at: Setting, field: Field, attrs: Mapping[str, Any]) -> forms.Field:
        """Lines to write in; what stands there in another language is shown in grey."""
        words = at.working.value(field.target, field.path) if field.takes == "words" else None
        lang = field.lang or at.lang
        hint = {"placeholder": words_in(words, lang)} if words and lang not in words else {}
        widget = forms.Textarea(attrs={"rows": field.rows, "lang": lang, "dir": "auto", **hint, **attrs})
        return forms.CharField(label=field.name, required=False, max_length=longest_words(field.path), widget=widget)

    def edits(self, at: Setting, field: Field, was: Any, now: Any) -> Iterator[Edit]:
        """Words are set or cleared; a part that would be left without a word goes, where nobody has changed it."""
        if now:
            yield Edit("set_text", field.target, field.path, field.lang or at.lang, now)
        elif self._is_last(at, field) and self.there(at, field) == was:
            yield Edit("set_value", field.target, field.single) if field.single else Edit("remove", field.target)
        else:
            yield Edit("clear_text", field.target, field.path, field.lang or at.lang)

    def _is_last(self, at: Setting, field: Field) -> bool:
        """Whether a step, standard or promise would be left without a word."""
        words = at.working.value(field.target, field.path)
        is_its_text = field.last_key == "text" and (bool(field.single) or not field.is_own)
        return is_its_text and set(words or ()) == {at.lang}


class NewPart(Words):
    """The words of a part that is new."""

    compares = False

    def there(self, at: Setting, field: Field) -> Any:
        """Nothing yet."""
        del at, field
        return ""

    def control(self, at: Setting, field: Field, attrs: Mapping[str, Any]) -> forms.Field:
        """Lines to write in."""
        control = super().control(at, field, attrs)
        control.label = _("Add: %(what)s") % {"what": field.name}
        return control

    def edits(self, at: Setting, field: Field, was: Any, now: Any) -> Iterator[Edit]:
        """The part is added behind the last."""
        del was
        if not now:
            return
        # Words that stand in a lane become its first step as this one comes, whose name is not known yet: behind it.
        after = at.working.last_in(field.target, field.path) or LAST
        yield Edit("add", field.target, field.path, value={called_by(field): {at.lang: now}}, after=after)


def called_by(field: Field) -> str:
    """Under which key stand the words of a part that comes into a list: its title, or its text."""
    return next(key for key in ("text", "title") if key in kinds()[kind_of_list(field.path)].model.model_fields)


class Entry(Words):
    """One line of a list of words, or a further one."""

    is_saved_by_script = False

    def there(self, at: Setting, field: Field) -> Any:
        """The line in this language."""
        lines = at.working.value(field.target, field.path) or []
        return lines[field.at].get(at.lang, "") if field.at < len(lines) else ""

    def seen(self, at: Setting, field: Field, was: Any, edit: Edit) -> Seen | None:
        """The whole list, where this line of it is still what was there."""
        del edit
        is_same = self.there(at, field) == (was or "")
        return Seen(at.working.value(field.target, field.path) if is_same else _OTHER)

    def edits(self, at: Setting, field: Field, was: Any, now: Any) -> Iterator[Edit]:
        """The list is set, with the line changed; one without words goes."""
        del was
        lines = [dict(line) for line in at.working.value(field.target, field.path) or ()]
        lines += [{}] if field.at >= len(lines) else []
        line = {lang: text for lang, text in lines[field.at].items() if lang != at.lang}
        lines[field.at] = line | ({at.lang: now} if now else {})
        yield Edit("set_value", field.target, field.path, value=[line for line in lines if line] or None)


class Number(Take):
    """A number between the limits of the schema."""

    def shown(self, value: Any) -> Any:
        """A number, without a point where it is whole."""
        return "" if value is None else int(value) if float(value).is_integer() else value

    def control(self, at: Setting, field: Field, attrs: Mapping[str, Any]) -> forms.Field:
        """A number."""
        limits = limits_of(key_at(at.working.held(field.target).kind.model, field.path))
        kind: Any = forms.IntegerField if limits.whole else forms.FloatField
        widget = forms.NumberInput(attrs={"step": 1 if limits.whole else "any", **attrs})
        control: forms.Field = kind(
            label=field.name, required=False, min_value=limits.low, max_value=limits.high, widget=widget
        )
        return control

    def sent(self, found: Any) -> Any:
        """The number; None where nothing was sent, or no number in the hidden field of what was there."""
        try:
            return (found if isinstance(found, int) else float(found)) if found not in (None, "") else None
        except ValueError:
            return None


class Share(Number):
    """A share, which is written in percent."""

    is_saved_by_script = False

    def shown(self, value: Any) -> Any:
        """A share in percent."""
        return super().shown(None if value is None else float(f"{100 * value:.10g}"))

    def control(self, at: Setting, field: Field, attrs: Mapping[str, Any]) -> forms.Field:
        """A number from 0 to 100."""
        del at
        name = _("%(what)s, in percent") % {"what": field.name}
        widget = forms.NumberInput(attrs={"step": "any", **attrs})
        return forms.FloatField(label=name, required=False, min_value=0, max_value=100, widget=widget)

    def sent(self, found: Any) -> Any:
        """The share."""
        percent = super().sent(found)
        return None if percent is None else percent / 100


class Chosen(Take):
    """One of several values, or of the parts of a kind."""

    def there(self, at: Setting, field: Field) -> Any:
        """What is chosen, else what is usual."""
        return super().there(at, field) or field.usual

    def control(self, at: Setting, field: Field, attrs: Mapping[str, Any]) -> forms.Field:
        """A list to choose from."""
        return forms.ChoiceField(
            label=field.name, required=False, choices=choices(at, field), widget=forms.Select(attrs=dict(attrs))
        )


class OnDay(Take):
    """A day."""

    is_saved_by_script = False

    def control(self, at: Setting, field: Field, attrs: Mapping[str, Any]) -> forms.Field:
        """A day."""
        del at
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", **attrs})
        return forms.DateField(label=field.name, required=False, widget=widget)


class Mark(Take):
    """Whether something is so: whoever comes last says so."""

    compares = False

    def there(self, at: Setting, field: Field) -> Any:
        """Whether anything stands there, be it nothing more."""
        return at.working.value(field.target, field.path) is not None

    def control(self, at: Setting, field: Field, attrs: Mapping[str, Any]) -> forms.Field:
        """A box to tick."""
        del at
        widget = forms.CheckboxInput(attrs=dict(attrs))
        return forms.BooleanField(label=field.name, required=False, widget=widget)

    def sent(self, found: Any) -> Any:
        """Whether it is ticked."""
        return found in (True, "True", "on")

    def edits(self, at: Setting, field: Field, was: Any, now: Any) -> Iterator[Edit]:
        """It comes with nothing said about it, or goes with all that is."""
        del at, was
        yield Edit("set_value", field.target, field.path, value={} if now else None)


class Yes(Mark):
    """Whether something is so, which is said with yes or no."""

    def there(self, at: Setting, field: Field) -> Any:
        """What is said; where nothing is, what the schema takes it for."""
        said = at.working.value(field.target, field.path)
        key = key_at(at.working.held(field.target).kind.model, field.path)
        return bool(key.info and key.info.default) if said is None else said

    def edits(self, at: Setting, field: Field, was: Any, now: Any) -> Iterator[Edit]:
        """It is said so."""
        del at, was
        yield Edit("set_value", field.target, field.path, value=now)


class Ids(Take):
    """Some of the parts of a kind: each comes and goes by itself."""

    compares = False

    def there(self, at: Setting, field: Field) -> Any:
        """The ids that are named."""
        return list(at.working.value(field.target, field.path) or ())

    def hidden(self, there: Any) -> str:
        """The ids, which hold no space."""
        return " ".join(there)

    def control(self, at: Setting, field: Field, attrs: Mapping[str, Any]) -> forms.Field:
        """Boxes to tick."""
        found = part_choices(at, field)
        strange = [(id, id) for id in self.there(at, field) if id not in dict(found)]
        boxes = forms.CheckboxSelectMultiple(attrs=dict(attrs))
        return forms.MultipleChoiceField(label=field.name, required=False, choices=[*found, *strange], widget=boxes)

    def sent(self, found: Any) -> Any:
        """The ids that are ticked."""
        return found.split() if isinstance(found, str) else list(found or ())

    def edits(self, at: Setting, field: Field, was: Any, now: Any) -> Iterator[Edit]:
        """One edit for each that came or went."""
        del at
        yield from (Edit("link", field.target, field.path, value=id) for id in now if id not in was)
        yield from (Edit("unlink", field.target, field.path, value=id) for id in was if id not in now)


class Carriers(Ids):
    """Which other parts name this one: the touchpoints at which a failure may occur."""

    is_saved_by_script = False

    def there(self, at: Setting, field: Field) -> Any:
        """The ids of those that name it."""
        id = id_of(field.target)
        others = at.titles(field.kind)
        return [other for other in others if id in (at.working.value(name_of(field.kind, other), field.path) or ())]

    def edits(self, at: Setting, field: Field, was: Any, now: Any) -> Iterator[Edit]:
        """One edit of each part that names it from now on, or does so no more."""
        del at
        id = id_of(field.target)
        ways: list[tuple[Verb, Any, Any]] = [("link", now, was), ("unlink", was, now)]
        for verb, others, rest in ways:
            for other in others:
                if other not in rest:
                    yield Edit(verb, name_of(field.kind, other), field.path, value=id)


TAKES: Final[Mapping[Takes, Take]] = {
    "words": Words(),
    "entry": Entry(),
    "number": Number(),
    "share": Share(),
    "choice": Chosen(),
    "day": OnDay(),
    "mark": Mark(),
    "yes": Yes(),
    "ids": Ids(),
    "carriers": Carriers(),
    "part": NewPart(),
}
