"""What keeps a job from its work in a workspace: written down, said once, tried again ever more seldom, and shown to
who manages it.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from django.db import models
from django.utils import timezone

from peakend_web.models import Trouble

from .workers.waits import wait_after

LOG: Final = logging.getLogger(__name__)
LONGEST_WAIT: Final = timedelta(hours=1)
"""What fails is our own work, which somebody waits for: it is looked at again soon after its cause is gone."""
MEMORY: Final = timedelta(days=7)


def note(workspace: int, job: str, error: Exception, about: str = "") -> None:
    """Write down that a job failed, or that it left something out. The log hears of each trouble once, and again where
    it is another one.
    """
    now, what = timezone.now(), f"{type(error).__name__}: {error}"[:500].replace("\0", "")
    known = Trouble.objects.filter(workspace=workspace, job=job, about=about[:200]).first()
    if known is None or known.what != what:
        LOG.error(
            "%s in workspace %d failed%s; it is tried again",
            job,
            workspace,
            f" at {about}" if about else "",
            exc_info=error,
        )
    tries = known.tries + 1 if known else 1
    wait = wait_after(tries, LONGEST_WAIT)
    Trouble.objects.update_or_create(
        workspace_id=workspace,
        job=job,
        about=about[:200],
        defaults={"what": what, "tries": tries, "last_at": now, "again_at": None if about else now + wait},
        create_defaults={
            "what": what,
            "tries": tries,
            "since": now,
            "last_at": now,
            "again_at": None if about else now + wait,
        },
    )


def over(workspace: int, job: str) -> None:
    """The job does its work again."""
    Trouble.objects.filter(workspace=workspace, job=job, about="").delete()


def retries(job: str) -> dict[int, bool]:
    """The workspaces in which this job has failed, and whether it is too early to try again."""
    now = timezone.now()
    failed = Trouble.objects.filter(job=job, about="").values_list("workspace", "again_at")
    return {workspace: again_at is not None and again_at > now for workspace, again_at in failed}


def forget_old() -> None:
    """Forget what was left out a week ago."""
    Trouble.objects.filter(last_at__lt=timezone.now() - MEMORY).exclude(about="").delete()


def of(workspace: int) -> models.QuerySet[Trouble]:
    """What is wrong in a workspace."""
    return Trouble.objects.filter(workspace=workspace)
