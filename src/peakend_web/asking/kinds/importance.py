"""How important it is and how good it was, each on a scale."""

from __future__ import annotations

from peakend_web.asking.controls.scale import Scale

CONTROL = Scale(kind="importance")
