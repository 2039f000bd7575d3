"""Any of several options, each a box."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.kind_words import KindWords, in_three
from peakend_web.asking.controls.options import Ticks

CONTROL = Ticks(kind="multi_choice")
WORDS = KindWords(
    group="choice",
    name=_("Any of several"),
    use=_("Any number of options is ticked"),
    picture="☑ ☐ ☑",
    asks=in_three("Which of these apply to you?", "哪些符合您的情況？", "哪些符合您的情况？"),
)
