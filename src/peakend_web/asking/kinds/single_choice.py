"""One of several options, each a button."""

from __future__ import annotations

from peakend_web.asking.controls.options import OneOf

CONTROL = OneOf(kind="single_choice")
