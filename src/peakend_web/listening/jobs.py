"""What listening does by itself: what was withdrawn is erased, to the last byte.

A row that is deleted or revised is overwritten in the database, but its old page may still stand in the database's log,
and its old row in a chunk of the copy. So where something was withdrawn the log is emptied and such chunks are
written anew, about a minute later at most.
"""

from __future__ import annotations

from typing import Final

from django.db import connection
from django.db.models import F

from peakend.facts.sql import quoted_name
from peakend_web.base.jobs import REFRESH_S, Job
from peakend_web.models import Answer, Case, Event, Progress, Removal
from peakend_web.recovery.queries import looked_up_to, silent_cases
from peakend_web.store import changes, columnar, countable

from .actions.imports import FORGET, erase_uncounted, stop_dead
from .actions.take_backs import erase_taken_back


def erase(workspace: int) -> None:
    """Erase what was taken back, and what imports have left behind whose process has ended."""
    stop_dead(workspace)
    erase_uncounted(workspace)
    erase_taken_back(workspace)


def forget(workspace: int) -> None:
    """Leave no byte of what was withdrawn since the last time, as soon as the cases have been looked at too."""
    columnar.refresh(workspace)  # what is scrubbed is what the copy knows to be dead
    seen, _ = Progress.objects.get_or_create(workspace_id=workspace, job=FORGET)
    if silent_cases(workspace):
        return
    upto = min(changes.clock()[0], looked_up_to(workspace))
    unsaid = seen.seq < 0
    if upto > seen.seq and (not (unsaid or _has_withdrawn(workspace, seen.seq, upto)) or _scrub(workspace)):
        Progress.objects.filter(pk=seen.pk).update(seq=upto)


def _has_withdrawn(workspace: int, after: int, upto: int) -> bool:
    """Whether rows were revised, removed or taken back between two numbers."""
    between = {"workspace": workspace, "seq__gt": after, "seq__lte": upto}
    return (
        Removal.objects.filter(**between).exists() or Answer.objects.filter(first_seq__lt=F("seq"), **between).exists()
    )


def _scrub(workspace: int) -> bool:
    """Empty what keeps old pages and old rows; whether that could be done now."""
    if countable.is_erasing(workspace):
        return False
    columnar.scrub(workspace)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return bool(cursor.fetchone()[0] == 0)
        for model in (Answer, Event, Case, Removal):
            cursor.execute(f"VACUUM {quoted_name(model._meta.db_table)}")
    return True


def _erase_wholly(workspace: int) -> None:
    erase(workspace)
    forget(workspace)


JOBS: Final = (Job("erasure", REFRESH_S, _erase_wholly),)
