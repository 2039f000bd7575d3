"""What the store does by itself: the copy is brought up to the truth, and now and then looked at, whether it is as the
truth.
"""

from __future__ import annotations

import os
import time
from typing import Final

from peakend_web.base.jobs import REFRESH_S, Job

from . import columnar, copy_check

CHECK_S: Final = float(os.environ.get("PEAKEND_CHECK_S", "3600"))
"""Seconds between two looks at the whole of a copy, and fifty times as long as the last one took if that is more."""
_last_checks: dict[int, tuple[float, float]] = {}
"""When the copy of a workspace was looked at, and for how long it is left alone then."""


def renew(workspace: int) -> None:
    """Bring the copy up to the truth, and its files into order."""
    columnar.refresh(workspace)
    columnar.tidy(workspace)


def check(workspace: int) -> None:
    """Now and then look whether the copy is as the truth."""
    begun = time.monotonic()
    last, rest = _last_checks.get(workspace, (begun, CHECK_S / 60))
    _last_checks.setdefault(workspace, (last, rest))
    if begun - last < rest and not copy_check.is_doubtful(workspace):
        return
    copy_check.check(workspace)
    _last_checks[workspace] = (begun, max(CHECK_S, 50 * (time.monotonic() - begun)))


JOBS: Final = (Job("copy", REFRESH_S, renew), Job("check", REFRESH_S, check))
