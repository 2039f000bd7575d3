"""What keeps a workspace's data in order, by itself: erased is what was taken back, and the copy is as the truth."""

from __future__ import annotations

import os
import time
from typing import Final

from peakend_web import copy, trust
from peakend_web.actions.imports import erase_uncounted
from peakend_web.actions.taking_back import erase_taken_back

CHECK_S: Final = float(os.environ.get("PEAKEND_CHECK_S", "3600"))
"""Seconds between two looks at the whole of a copy, and fifty times as long as the last one took if that is more."""
_checked: dict[int, tuple[float, float]] = {}


def look_after(workspace: int) -> None:
    """Erase what waits to be, bring the copy up to the truth, and now and then look whether it is."""
    erase_uncounted(workspace)
    erase_taken_back(workspace)
    copy.refresh(workspace)
    _check(workspace)


def _check(workspace: int) -> None:
    begun = time.monotonic()
    last, rest = _checked.get(workspace, (begun, CHECK_S / 60))
    _checked.setdefault(workspace, (last, rest))
    if begun - last < rest and not trust.is_doubtful(workspace):
        return
    trust.check(workspace)
    _checked[workspace] = (begun, max(CHECK_S, 50 * (time.monotonic() - begun)))
