"""A scale: a button for each step, and where it may not have been used, one for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peakend.service.questions import AnswerField
from peakend.service.surveys import Item
from peakend.terms import Lang
from peakend_web.asking.answers import GivenAnswer
from peakend_web.base.refusals import Refusal

from . import looks
from .control import NOT_USED, Choice, Control, Look, Reading, Words

Ends = tuple[Words, Words]
"""The words at the lowest and at the highest step."""

POOR_TO_GOOD: Final[Ends] = (gettext_lazy("Very poor"), gettext_lazy("Very good"))
AGREEMENT: Final[Ends] = (gettext_lazy("Strongly disagree"), gettext_lazy("Strongly agree"))


@dataclass(frozen=True, kw_only=True)
class Scale(Control):
    """`ends` are the usual words at the ends of the scale, by the role of the field."""

    ends: Mapping[str, Ends]

    def look(self, item: Item, field: AnswerField, lang: Lang, said: str) -> Look:
        """A button for each step."""
        low, high = self.ends_of(item, field)
        scale, many = item.scale, len(field.steps)
        shape = looks.shape_of(item.look)
        return Look(
            choices=tuple(
                Choice(
                    str(step),
                    self.step_words(item, step, lang),
                    said == str(step),
                    looks.drawing_of(item.look, at, many),
                )
                for at, step in enumerate(field.steps)
            ),
            low=scale.low_label[lang] if scale and scale.low_label else low,
            high=scale.high_label[lang] if scale and scale.high_label else high,
            is_list=self.is_in_words(item) and not shape,
            shape=shape,
            not_used=_not_used(field, lang, said),
        )

    def ends_of(self, item: Item, field: AnswerField) -> Ends:
        """The usual words at the ends of its scale; none where each step is in words."""
        return ("", "") if item.look == "agreement" else self.ends.get(field.role, POOR_TO_GOOD)

    def step_words(self, item: Item, step: int, lang: Lang) -> Words:
        """What stands on the button of a step."""
        named = item.scale.labels.get(str(step)) if item.scale else None
        if named:
            return named[lang]
        low, high = item.range or (step, step)
        return looks.words_of(item.look, int(step - low), int(high - low) + 1) or str(step)

    def is_in_words(self, item: Item) -> bool:
        """Whether words stand on its buttons."""
        return item.look == "agreement" or bool(item.scale and item.scale.labels)

    def read(self, field: AnswerField, given: GivenAnswer) -> Reading:
        """A step of the scale, or that it was not used."""
        return read_step(field, given)


def read_step(field: AnswerField, given: GivenAnswer) -> Reading:
    """A whole step between the lowest and the highest; raises `survey.value_outside`."""
    if given.not_used and field.not_used:
        return "not_applicable", None, None
    if given.value is None and not given.text and not given.not_used:
        return "skipped", None, None
    low, high = field.low or 0.0, field.high or 0.0
    if given.value is None or given.value % 1 or not low <= given.value <= high:
        said = given.text if given.value is None else f"{given.value:g}"
        raise Refusal(
            "survey.value_outside",
            item=field.name,
            value=said or "not used",
            low=int(low),
            high=int(high),
            field=field.name,
        )
    return "answered", float(given.value), None


def _not_used(field: AnswerField, lang: Lang, said: str) -> Choice | None:
    if not field.not_used:
        return None
    return Choice(NOT_USED, _("Did not use") if field.not_used is True else field.not_used[lang], said == NOT_USED)
