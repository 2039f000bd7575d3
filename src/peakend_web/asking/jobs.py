"""What asking does by itself: it invites customers as the design says and reminds them, and keeps words and photos as
long as their respondents were told, and no longer.
"""

from __future__ import annotations

import time
from typing import Final

from django.db import transaction

from peakend_web.base.files import disk
from peakend_web.base.jobs import REFRESH_S, Job, Reader
from peakend_web.deciding import occasions
from peakend_web.deciding.live import REST_S
from peakend_web.models import OutboxEntry, Workspace

from .actions.inviting import expire_due, note_outcome, plan_from_occasions, remind_due, send_due
from .actions.keeping import expire_photos, expire_words

DAILY_S: Final = 24 * 3600.0
HOURLY_S: Final = 3600.0
PLANNING: Final = "invitations"


def _keep_no_longer(workspace: int) -> None:
    expire_words(workspace=workspace)
    expire_photos(workspace=workspace)
    disk.sweep(workspace)


def plan_and_send(*, workspace: Workspace) -> None:
    """Plan what has given reason to invite since the last look, and send what is due."""
    while portion := occasions.look(workspace, PLANNING):
        with transaction.atomic():
            if not portion.mark():
                break
            plan_from_occasions(workspace=workspace, occasions=portion.occasions)
        time.sleep(REST_S if portion.occasions else 0)
    send_due(workspace=workspace)


def _invite(workspace: int) -> None:
    plan_and_send(workspace=Workspace.objects.get(pk=workspace))


def _remind(workspace: int) -> None:
    held = Workspace.objects.get(pk=workspace)
    remind_due(workspace=held)
    expire_due(workspace=held)


def _note(entry: OutboxEntry) -> None:
    note_outcome(entry=entry)


JOBS: Final = (
    Job("keeping", DAILY_S, _keep_no_longer),
    Job(PLANNING, REFRESH_S, _invite),
    Job("reminders", HOURLY_S, _remind),
)
READERS: Final = (Reader("message_sent", _note), Reader("message_refused", _note))
