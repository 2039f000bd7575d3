"""The two statements about a quality, each on a scale of agreement."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from peakend_web.asking.controls.kind_words import KindWords
from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="servqual")
WORDS = KindWords(
    group="pair",
    name=_("Expected and found"),
    use=_("What excellent services do, and yours"),
    picture="↕",
)
