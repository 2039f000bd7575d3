"""Options to put in order: a place to choose for each; with a script they are tapped in order and moved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peakend.service.questions import AnswerField
from peakend.service.surveys import Item
from peakend.terms import Lang
from peakend_web.asking.answers import AnswerFact, GivenAnswer
from peakend_web.asking.controls.control import Choice, Control, Look, Reading
from peakend_web.asking.controls.kind_words import KindWords
from peakend_web.asking.controls.scale import read_step
from peakend_web.base.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class Ranking(Control):
    """Each place is given once, from the first on."""

    script: ClassVar[str] = "peakend_web/survey_ranking.js"
    is_given_together: ClassVar[bool] = True
    can_be_emptied: ClassVar[bool] = True

    def look(self, item: Item, field: AnswerField, lang: Lang, said: str) -> Look:
        """The places."""
        del item, lang
        return Look(choices=tuple(Choice(str(place), str(place), said == str(place)) for place in field.steps))

    def read(self, field: AnswerField, given: GivenAnswer) -> Reading:
        """The place."""
        return read_step(field, given)

    def hint(self, item: Item) -> str:
        """How many places there are."""
        if item.top and item.top < len(item.options):
            return _("Choose the %(top)d most important, beginning with the first.") % {"top": item.top}
        return _("Put them in order, the most important first.")

    def conflicts(self, item: Item, given: Sequence[AnswerFact], *, done: bool) -> Iterator[Refusal]:
        """`survey.place_twice`; at the end also `survey.place_open`."""
        _first, last = item.range or (1, 1)
        places = [int(fact.value or 0) for fact in given]
        twice = [place for place in places if places.count(place) > 1]
        free = [place for place in range(1, int(last) + 1) if place not in places]
        if twice:
            yield Refusal("survey.place_twice", item=item.id, rank=min(twice), field=item.id)
        elif free and done:
            yield Refusal("survey.place_open", item=item.id, rank=free[0], field=item.id)


CONTROL = Ranking(kind="ranking")
WORDS = KindWords(
    group="choice",
    name=gettext_lazy("Order"),
    use=gettext_lazy("What comes first, second, third"),
    picture="1. 2. 3.",
)
