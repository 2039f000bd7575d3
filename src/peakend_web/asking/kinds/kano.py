"""The two questions about a feature, each with Kano's five answers in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from peakend.service.questions import AnswerField
from peakend.service.surveys import Item
from peakend.terms import Lang
from peakend_web.asking.controls.control import Words
from peakend_web.asking.controls.scale import Ends, Scale

ANSWERS: Final = (
    _("I like it that way"),
    _("It must be that way"),
    _("I am neutral"),
    _("I can live with it"),
    _("I dislike it"),
)


@dataclass(frozen=True, kw_only=True)
class FeaturePair(Scale):
    """Its steps are words, so that its ends need none."""

    def ends_of(self, item: Item, field: AnswerField) -> Ends:
        """None."""
        del item, field
        return "", ""

    def step_words(self, item: Item, step: int, lang: Lang) -> Words:
        """Kano's words."""
        del item, lang
        return ANSWERS[step - 1]

    def is_in_words(self, item: Item) -> bool:
        """Always."""
        del item
        return True


CONTROL = FeaturePair(kind="kano", ends={})
