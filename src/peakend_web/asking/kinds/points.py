"""Points to divide: a number for each option, and how many are left."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peakend.service.questions import AnswerField
from peakend.service.surveys import Item
from peakend.terms import Lang
from peakend_web.asking.answers import AnswerFact
from peakend_web.asking.controls.control import Look
from peakend_web.asking.controls.kind_words import KindWords
from peakend_web.asking.controls.lines import Number
from peakend_web.base.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class Points(Number):
    """They add up to the total."""

    script: ClassVar[str] = "peakend_web/survey_points.js"
    is_given_together: ClassVar[bool] = True

    def look(self, item: Item, field: AnswerField, lang: Lang, said: str) -> Look:
        """The number that was written, and how many there are."""
        del item, lang
        return Look(text=said, least="0", most=f"{field.high:g}")

    def hint(self, item: Item) -> str:
        """How many there are, and what they mean."""
        _low, total = item.range or (0, 0)
        return _("Divide %(total)d points: the more important, the more points.") % {"total": total}

    def conflicts(self, item: Item, given: Sequence[AnswerFact], *, done: bool) -> Iterator[Refusal]:
        """`survey.points_over`; at the end also `survey.points_left`."""
        _low, total = item.range or (0, 0)
        off = sum(fact.value or 0 for fact in given) - total
        if off > 0 or (off and done):
            id = "survey.points_over" if off > 0 else "survey.points_left"
            fields = {"off": int(abs(off)), "given": int(total + off), "total": int(total)}
            yield Refusal(id, item=item.id, field=item.id, **fields)


CONTROL = Points(kind="points")
WORDS = KindWords(
    group="choice",
    name=gettext_lazy("Points to share out"),
    use=gettext_lazy("What matters, with 100 points to give"),
    picture="60 + 40",
)
