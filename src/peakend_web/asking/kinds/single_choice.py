"""One of several options, each a button."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.kind_words import KindWords, in_three
from peakend_web.asking.controls.options import OneOf

CONTROL = OneOf(kind="single_choice")
WORDS = KindWords(
    group="choice",
    name=_("One of several"),
    use=_("One option is chosen"),
    picture="◉ ○ ○",
    asks=in_three("Which one applies to you?", "哪一項符合您的情況？", "哪一项符合您的情况？"),
)
