"""The effort, on a scale of agreement; its first edition on one of effort."""

from __future__ import annotations

from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="ces")
