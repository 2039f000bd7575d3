"""What keeps a workspace's data in order, by itself: erased is what was withdrawn, to the last byte, and the copy is as
the truth.

A row that is deleted or revised is overwritten in the database, but its old page may still stand in the database's log,
and its old row in a segment of the copy. So where something was withdrawn the log is emptied and such segments are
written anew, about a minute later at most.
"""

from __future__ import annotations

import os
import time
from typing import Final

from django.db import connection
from django.db.models import F

from peakend_web.listening.actions.imports import FORGET
from peakend_web.models import Answer, Case, Event, Progress, Removal
from peakend_web.recovery.queries import silent_cases
from peakend_web.store import changes, columnar, copy_check, countable

CHECK_S: Final = float(os.environ.get("PEAKEND_CHECK_S", "3600"))
"""Seconds between two looks at the whole of a copy, and fifty times as long as the last one took if that is more."""
_checked: dict[int, tuple[float, float]] = {}


def renew(workspace: int) -> None:
    """Bring the copy up to the truth, and leave nothing of what was withdrawn."""
    columnar.refresh(workspace)
    _forget(workspace)
    columnar.tidy(workspace)


def _forget(workspace: int) -> None:
    """Leave no byte of what was withdrawn since the last time, as soon as the cases have been looked at too."""
    seen, _ = Progress.objects.get_or_create(workspace_id=workspace, job=FORGET)
    cases = Progress.objects.filter(workspace=workspace, job="cases").values_list("seq", flat=True).first()
    if silent_cases(workspace):
        return
    upto = min(changes.clock()[0], cases or 0)
    unsaid = seen.seq < 0
    if upto > seen.seq and (not (unsaid or _withdrawn(workspace, seen.seq, upto)) or _emptied(workspace)):
        Progress.objects.filter(pk=seen.pk).update(seq=upto)


def _withdrawn(workspace: int, after: int, upto: int) -> bool:
    """Whether rows were revised, removed or taken back between two numbers."""
    between = {"workspace": workspace, "seq__gt": after, "seq__lte": upto}
    return (
        Removal.objects.filter(**between).exists() or Answer.objects.filter(first_seq__lt=F("seq"), **between).exists()
    )


def _emptied(workspace: int) -> bool:
    """Empty what keeps old pages and old rows; whether that could be done now."""
    if countable.is_erasing(workspace):
        return False
    columnar.scrub(workspace)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return bool(cursor.fetchone()[0] == 0)
        for model in (Answer, Event, Case, Removal):
            cursor.execute(f"VACUUM {connection.ops.quote_name(model._meta.db_table)}")
    return True


def check(workspace: int) -> None:
    """Now and then look whether the copy is as the truth."""
    begun = time.monotonic()
    last, rest = _checked.get(workspace, (begun, CHECK_S / 60))
    _checked.setdefault(workspace, (last, rest))
    if begun - last < rest and not copy_check.is_doubtful(workspace):
        return
    copy_check.check(workspace)
    _checked[workspace] = (begun, max(CHECK_S, 50 * (time.monotonic() - begun)))
