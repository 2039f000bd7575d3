"""The effort, on a scale of agreement; its first edition on one of effort."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.kind_words import KindWords, in_three
from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="ces")
WORDS = KindWords(
    group="score",
    name=_("Effort"),
    use=_("Whether it was easy, 1 to 7"),
    picture="1 … 7",
    asks=in_three("We made it easy for you today.", "今天您辦事很輕鬆、不費力。", "今天您办事很轻松、不费力。"),
    about_a_touchpoint=True,
)
