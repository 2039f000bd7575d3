"""A rating, on a scale."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.kind_words import KindWords
from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="rating")
WORDS = KindWords(
    group="score",
    name=_("Rating"),
    use=_("Anything on a scale of your own"),
    picture="1 2 3 4 5",
    about_a_touchpoint=True,
)
