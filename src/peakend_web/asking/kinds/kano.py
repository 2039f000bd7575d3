"""The two questions about a feature, each with Kano's five answers in words."""

from __future__ import annotations

from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="kano")
