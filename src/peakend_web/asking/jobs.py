"""What asking does by itself: words and photos are kept as long as their respondents were told, and no longer."""

from __future__ import annotations

from typing import Final

from peakend_web.base.files import disk
from peakend_web.base.jobs import Job

from .actions.keeping import expire_photos, expire_words

DAILY_S: Final = 24 * 3600.0


def _keep_no_longer(workspace: int) -> None:
    expire_words(workspace=workspace)
    expire_photos(workspace=workspace)
    disk.sweep(workspace)


JOBS: Final = (Job("keeping", DAILY_S, _keep_no_longer),)
