"""The picture of the method `drivers`: each with its interval, in percent of R²."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peakend.draw import Axis, Chart, dots
from peakend.result import points
from peakend.terms import Lang, label

from .words import in_percent, say


def draw(rows: Sequence[Any], lang: Lang) -> Chart:
    """The drivers as points with their intervals, in percent of R²."""
    alt = " ".join(say(row, lang) for row in rows[:3] if row.value is not None) or label("too_few", lang)
    drawn = points([in_percent(row) for row in rows], lang, "driver")
    return dots(drawn, axis=Axis(title=label("percent", lang), format=".1f"), alt=alt, lang=lang)
