"""A rating of touchpoints: a scale for each, explained once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from peakend.service.questions import AnswerField
from peakend.service.surveys import Item
from peakend_web.asking.controls.kind_words import KindWords, in_three
from peakend_web.asking.controls.scale import Scale
from peakend_web.base.refusals import Refusal


@dataclass(frozen=True, kw_only=True)
class TouchpointRating(Scale):
    """One scale serves many rows."""

    explains_its_scale_once: ClassVar[bool] = True

    def default_wording(self, item: Item) -> str:
        """What is asked of all of them."""
        del item
        return _("How was each of these for you?")

    def unknown_field(self, item: Item, fields: Sequence[AnswerField], name: str) -> Refusal:
        """Which touchpoints are rated."""
        touchpoint = name.partition(".")[2]
        if not touchpoint:
            return super().unknown_field(item, fields, name)
        known = ", ".join(str(field.touchpoint) for field in fields)
        return Refusal("survey.touchpoint_unknown", item=item.id, touchpoint=touchpoint, known=known, field=name)


CONTROL = TouchpointRating(kind="touchpoint_rating")
WORDS = KindWords(
    group="score",
    name=gettext_lazy("Touchpoints"),
    use=gettext_lazy("Rate one or several touchpoints"),
    picture="▤ 1…5",
    asks=in_three("How was this for you?", "您對這項的感受如何？", "您对这项的感受如何？"),
    also_needs=frozenset({"touchpoint", "wording"}),
)
