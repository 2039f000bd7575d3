"""What customers does by itself: whoever is known is known as long as they were told, and no longer."""

from __future__ import annotations

from typing import Final

from peakend_web.base.jobs import Job

from .actions.erasure import erase_ended

DAILY_S: Final = 24 * 3600.0


def _know_no_longer(workspace: int) -> None:
    erase_ended(workspace=workspace)


JOBS: Final = (Job("customers", DAILY_S, _know_no_longer),)
