"""Words, in several lines."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.kind_words import KindWords, in_three
from peakend_web.asking.controls.lines import Comment

CONTROL = Comment(kind="text")
WORDS = KindWords(
    group="words",
    name=_("Words"),
    use=_("A comment, or why"),
    picture="✎",
    asks=in_three(
        "What is the main reason for your answer?", "您這樣評分的主要原因是什麼？", "您这样打分的主要原因是什么？"
    ),
)
