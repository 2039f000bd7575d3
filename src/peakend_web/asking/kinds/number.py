"""A number, in a line."""

from __future__ import annotations

from peakend_web.asking.controls.lines import Number

CONTROL = Number(kind="number")
