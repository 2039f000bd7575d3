"""A number, in a line."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.kind_words import KindWords, in_three
from peakend_web.asking.controls.lines import Number

CONTROL = Number(kind="number")
WORDS = KindWords(
    group="words",
    name=_("Number"),
    use=_("Minutes, nights, a price"),
    picture="12",
    asks=in_three("How many minutes did you wait?", "您等了幾分鐘？", "您等了几分钟？"),
)
