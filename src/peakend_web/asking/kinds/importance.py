"""How important it is and how good it was, each on a scale."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.kind_words import KindWords
from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="importance")
WORDS = KindWords(
    group="pair",
    name=_("Importance and performance"),
    use=_("How much it matters, and how it was"),
    picture="⚖",
)
