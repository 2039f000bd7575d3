"""What the store does by itself: the copy is brought up to the truth, and now and then looked at, whether it is as the
truth.
"""

from __future__ import annotations

import time
from typing import Final

from django.conf import settings

from peakend_web.base.jobs import REFRESH_S, Job

from . import columnar, copy_check

_last_checks: dict[int, tuple[float, float]] = {}
"""When the copy of a workspace was looked at, and for how long it is left alone then."""


def renew(workspace: int) -> None:
    """Bring the copy up to the truth, and its files into order."""
    columnar.refresh(workspace)
    columnar.tidy(workspace)


def check(workspace: int) -> None:
    """Now and then look whether the copy is as the truth: after the set time, or where a look takes long, after fifty
    times as long.
    """
    begun = time.monotonic()
    last, rest = _last_checks.get(workspace, (begun, settings.PEAKEND_CHECK_S / 60))
    _last_checks.setdefault(workspace, (last, rest))
    if begun - last < rest and not copy_check.is_doubtful(workspace):
        return
    copy_check.check(workspace)
    _last_checks[workspace] = (begun, max(settings.PEAKEND_CHECK_S, 50 * (time.monotonic() - begun)))


JOBS: Final = (Job("copy", REFRESH_S, renew), Job("check", REFRESH_S, check))
