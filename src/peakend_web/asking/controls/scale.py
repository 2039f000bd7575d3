"""A scale: a button for each step, and where it may not have been used, one for that."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from peakend.service.questions import AnswerField
from peakend.service.surveys import Item
from peakend.terms import Lang, term_label
from peakend_web.asking.answers import GivenAnswer
from peakend_web.base.refusals import Refusal

from . import looks
from .control import NOT_USED, Choice, Control, Look, Reading, Words


@dataclass(frozen=True, kw_only=True)
class Scale(Control):
    """A button for each step, and words at the ends."""

    def look(self, item: Item, field: AnswerField, lang: Lang, said: str) -> Look:
        """A button for each step."""
        ends = item.spec.ends_of(item, field.role)
        low, high = (term_label(end, lang) for end in ends) if ends else ("", "")
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

    def step_words(self, item: Item, step: int, lang: Lang) -> Words:
        """What stands on the button of a step."""
        named = item.scale.labels.get(str(step)) if item.scale else None
        if named:
            return named[lang]
        low, high = item.range or (step, step)
        if item.spec.steps:
            return term_label(item.spec.steps[int(step - low)], lang)
        return looks.words_of(item.look, int(step - low), int(high - low) + 1) or str(step)

    def is_in_words(self, item: Item) -> bool:
        """Whether words stand on its buttons."""
        return bool(item.spec.steps) or item.look == "agreement" or bool(item.scale and item.scale.labels)

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
