"""The satisfaction, on a scale."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.kind_words import KindWords, in_three
from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="csat")
WORDS = KindWords(
    group="score",
    name=_("Satisfaction"),
    use=_("How satisfied they are, 1 to 5"),
    picture="1 2 3 4 5",
    asks=in_three("How satisfied are you with your visit?", "您對這次的服務滿意嗎？", "您对这次的服务满意吗？"),
    about_a_touchpoint=True,
)
