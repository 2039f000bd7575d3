"""The two statements about a quality, each on a scale of agreement."""

from __future__ import annotations

from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="servqual")
