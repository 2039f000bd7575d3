"""Options in words: a button for each of which one is chosen, or a box for each that is ticked or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from peakend.service.questions import AnswerField
from peakend.service.surveys import Item
from peakend.terms import Lang
from peakend_web.asking.answers import GivenAnswer
from peakend_web.base.refusals import Refusal

from .control import Choice, Control, Look, Reading
from .scale import read_step


@dataclass(frozen=True, kw_only=True)
class OneOf(Control):
    """One of the options of its field."""

    sends: ClassVar[Literal["text"]] = "text"

    def look(self, item: Item, field: AnswerField, lang: Lang, said: str) -> Look:
        """A button for each option."""
        del field
        choices = (Choice(option.id, option.title[lang], said == option.id) for option in item.options)
        return Look(choices=tuple(choices), is_list=True)

    def read(self, field: AnswerField, given: GivenAnswer) -> Reading:
        """The option, and its place among them; raises `survey.option_unknown`."""
        chosen = (given.text or "").strip()
        if not chosen and given.value is None:
            return "skipped", None, None
        if chosen not in field.options:
            said = chosen or f"{given.value:g}"
            raise Refusal(
                "survey.option_unknown",
                item=field.name,
                value=said,
                known=", ".join(field.options),
                field=field.name,
            )
        return "answered", float(field.options.index(chosen) + 1), chosen


@dataclass(frozen=True, kw_only=True)
class Ticks(Control):
    """Any of several options, each a field that says yes or no."""

    sends: ClassVar[Literal["tick"]] = "tick"
    can_be_emptied: ClassVar[bool] = True

    def look(self, item: Item, field: AnswerField, lang: Lang, said: str) -> Look:
        """The box of one option."""
        del item
        return Look(choices=(Choice("1", field.label[lang] if field.label else field.name, said == "1"),))

    def read(self, field: AnswerField, given: GivenAnswer) -> Reading:
        """Yes or no."""
        return read_step(field, given)
