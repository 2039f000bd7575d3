"""The recommendation, on a scale."""

from __future__ import annotations

from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="nps")
