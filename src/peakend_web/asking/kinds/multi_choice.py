"""Any of several options, each a box."""

from __future__ import annotations

from peakend_web.asking.controls.options import Ticks

CONTROL = Ticks(kind="multi_choice")
