"""The recommendation, on a scale."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.kind_words import KindWords, in_three
from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="nps")
WORDS = KindWords(
    group="score",
    name=_("Recommendation"),
    use=_("Would they recommend you, 0 to 10"),
    picture="0 1 … 10",
    asks=in_three(
        "How likely are you to recommend us to a friend?", "您有多願意向朋友推薦我們？", "您有多愿意向朋友推荐我们？"
    ),
)
