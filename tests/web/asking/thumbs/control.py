"""Two buttons."""

from __future__ import annotations

from peakend_web.asking.controls.kind_words import KindWords
from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="thumbs")
WORDS = KindWords(group="score", name="Thumb", use="Up or down", picture="👍 👎")
