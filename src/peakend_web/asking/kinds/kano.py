"""The two questions about a feature, each with Kano's five answers in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.kind_words import KindWords
from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="kano")
WORDS = KindWords(
    group="pair",
    name=_("Feature, there or not"),
    use=_("How they would feel with it and without it"),
    picture="± ",
)
