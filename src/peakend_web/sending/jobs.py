"""What sending does by itself: it sends what is due, ends what is late, and lets nothing lie longer than it is needed.

Eight loops send side by side. A channel is held by one of them, so that a server that hangs holds up its own messages
alone, and nothing else that the jobs do.
"""

from __future__ import annotations

from typing import Final

from django.db import connection

from peakend_web.base.jobs import PAUSE_S, REFRESH_S, Job, Loop, Reader
from peakend_web.models import Message, OutboxEntry

from .actions.delivery import deliver_due, end_late, erase_old

AT_ONCE: Final = 8


HOURLY_S: Final = 3600.0


def _erase(workspace: int) -> None:
    erase_old(workspace=workspace)


def leave_no_byte(entry: OutboxEntry) -> None:
    """Empty what keeps old pages after somebody was forgotten. Raises BlockingIOError where others read at the moment:
    the outbox asks again.
    """
    del entry
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            if cursor.fetchone()[0]:
                raise BlockingIOError("the database's log is being read")
        else:
            cursor.execute(f"VACUUM {connection.ops.quote_name(Message._meta.db_table)}")


JOBS: Final = (Job("messages", HOURLY_S, _erase),)
LOOPS: Final = (Loop("sending", PAUSE_S, AT_ONCE, deliver_due), Loop("late messages", REFRESH_S, 1, end_late))
READERS: Final = (Reader("forget_recipient", leave_no_byte),)
