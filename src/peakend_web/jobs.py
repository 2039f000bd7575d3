"""What runs later: what the outbox holds, cases from low answers, rows that are to be erased, the columnar copy.

`peakend serve` starts a process for them, for a thread would hold the interpreter while answers wait to be kept; `peakend manage work`
is that process. Any number may run at once: an outbox entry is leased by one conditional update, and whoever dies while holding a lease is
followed by another once it has run out. So a thing is done at least once, and its message's name stays the same each time.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from django.db import close_old_connections, models
from django.utils import timezone

from peakend_web import upkeep
from peakend_web.actions.cases import open_from_answers
from peakend_web.models import OutboxEntry, Workspace

log = logging.getLogger(__name__)

PAUSE_S: Final = 1.0
REFRESH_S: Final = 10.0
LEASE: Final = timedelta(minutes=2)
LONGEST_WAIT: Final = timedelta(hours=6)
Handler = Callable[[OutboxEntry], None]

HANDLERS: Final[Mapping[str, Handler]] = {}
"""What is to be done about each kind of entry. A kind that nobody has asked to hear of is done as soon as it is seen."""


def run_once(handlers: Mapping[str, Handler] = HANDLERS) -> int:
    """Do everything that is due; how many outbox entries were done."""
    done = _pass_over(handlers) + sum(_work(entry, handlers) for entry in iter(_take, None))
    for workspace in Workspace.objects.all():
        open_from_answers(workspace=workspace)
    return done


def refresh_copies() -> None:
    """Bring every workspace's columnar copy up to the truth, so that the next page finds it so; what goes wrong in one is no other's."""
    for workspace in Workspace.objects.values_list("pk", flat=True):
        try:
            upkeep.look_after(workspace)
        except Exception:
            log.exception("the upkeep of workspace %d failed", workspace)


def _pass_over(handlers: Mapping[str, Handler]) -> int:
    """Be done, in one go, with what nobody has asked to hear of; how many there were."""
    waiting = _due().exclude(kind__in=handlers)
    return waiting.update(done_at=timezone.now()) if waiting.exists() else 0


def _due() -> models.QuerySet[OutboxEntry]:
    """What is to be done now and nobody is at."""
    now = timezone.now()
    return OutboxEntry.objects.filter(models.Q(leased_until=None) | models.Q(leased_until__lt=now), done_at=None, due_at__lte=now)


def _take() -> OutboxEntry | None:
    """The oldest entry that is due and free, leased."""
    while entry := _due().order_by("pk").first():
        taken = _due().filter(pk=entry.pk).update(leased_until=timezone.now() + LEASE, tries=models.F("tries") + 1)
        if taken:
            entry.refresh_from_db()
            return entry
    return None


def _work(entry: OutboxEntry, handlers: Mapping[str, Handler]) -> int:
    """Do what an entry asks for; where that fails, say why, and try again later, each time after twice as long."""
    try:
        handlers[entry.kind](entry)
    except Exception as error:
        log.exception("outbox entry %s failed", entry.message)
        wait = min(timedelta(seconds=10) * 2 ** min(entry.tries, 20), LONGEST_WAIT)
        _settle(entry, problem=f"{type(error).__name__}: {error}"[:500], leased_until=None, due_at=timezone.now() + wait)
        return 0
    _settle(entry, problem="", done_at=timezone.now())
    return 1


def _settle(entry: OutboxEntry, **fields: object) -> None:
    OutboxEntry.objects.filter(pk=entry.pk).update(**fields)


class Worker:
    """The loop. Beside a server it ends when the server does, however that ended."""

    def __init__(self, beside: int | None = None) -> None:
        self._stop = threading.Event()
        self._refreshed = 0.0
        self._beside = beside

    def run(self) -> None:
        """Work, pause, and again. Whatever goes wrong must not end the loop."""
        while not self._stop.wait(PAUSE_S) and self._beside in (None, os.getppid()):
            try:
                run_once()
                self._refresh()
            except Exception:
                log.exception("the jobs failed; they go on")
            finally:
                close_old_connections()

    def _refresh(self) -> None:
        if time.monotonic() - self._refreshed > REFRESH_S:
            refresh_copies()
            self._refreshed = time.monotonic()

    def stop(self) -> None:
        """End after what is being done."""
        self._stop.set()
