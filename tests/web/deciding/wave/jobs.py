"""The job that waves."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from peakend_web.base.jobs import PAUSE_S, Job
from peakend_web.deciding import live
from peakend_web.deciding.live import Portion
from peakend_web.models import Workspace

from .actions import wave

JOB: Final = "waves"


def wave_at_answers(workspace: int) -> None:
    """Wave at those who gave an answer since the last time that a rule names."""
    here = Workspace.objects.get(pk=workspace)
    for portion in live.look(here, JOB, "care"):
        _act(here, portion)


@transaction.atomic
def _act(workspace: Workspace, portion: Portion) -> None:
    if portion.mark():
        wave(workspace=workspace, matches=list(portion.matches()))


JOBS: Final = (Job(JOB, PAUSE_S, wave_at_answers),)
