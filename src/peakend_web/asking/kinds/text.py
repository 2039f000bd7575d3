"""Words, in several lines."""

from __future__ import annotations

from peakend_web.asking.controls.lines import Comment

CONTROL = Comment(kind="text")
