"""The loops in which the jobs of all areas run, and in which the outbox is emptied; what is done is in each area's
`jobs.py`.

`peakend serve` starts a process for them, for a thread would hold the interpreter while answers wait to be kept;
`peakend manage work` is that process. Any number may run at once: an outbox entry is leased by one conditional update,
and whoever dies while holding a lease is followed by another once it has run out. So a thing is done at least once, and
its message's name stays the same each time.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Final

from django.db import close_old_connections, models
from django.utils import timezone

from peakend_web.base import troubles
from peakend_web.base.jobs import PAUSE_S, Handler
from peakend_web.base.storage import outage, storage_fault
from peakend_web.listening import jobs as listening
from peakend_web.models import OutboxEntry
from peakend_web.recovery import jobs as recovery
from peakend_web.store import jobs as store

log = logging.getLogger(__name__)

FORGET_S: Final = 3600.0
LONGEST_PAUSE_S: Final = 60.0
LEASE: Final = timedelta(minutes=2)
LONGEST_WAIT: Final = timedelta(hours=6)

HANDLERS: Final[Mapping[str, Handler]] = {**recovery.HANDLERS}
"""What each area does about each kind of entry. A kind that nobody has asked to hear of is done as soon as it
is seen.
"""


JOBS: Final = (*recovery.JOBS, *listening.JOBS, *store.JOBS)


def run_once(handlers: Mapping[str, Handler] = HANDLERS) -> int:
    """Do everything that is due, one after the other; how many outbox entries were done."""
    done = _pass_over(handlers) + sum(empty(kind, handlers[kind]) for kind in handlers)
    for job in JOBS:
        job.run()
    return done


def empty(kind: str, handler: Handler) -> int:
    """Do what is due of one kind of entry; how many were done."""
    return sum(_work(entry, handler) for entry in iter(partial(_take, kind), None))


def _pass_over(handlers: Mapping[str, Handler]) -> int:
    """Be done, in one go, with what nobody has asked to hear of; how many there were."""
    waiting = _due().exclude(kind__in=handlers)
    return waiting.update(done_at=timezone.now()) if waiting.exists() else 0


def _due() -> models.QuerySet[OutboxEntry]:
    """What is to be done now and nobody is at."""
    now = timezone.now()
    return OutboxEntry.objects.filter(
        models.Q(leased_until=None) | models.Q(leased_until__lt=now), done_at=None, due_at__lte=now
    )


def _take(kind: str) -> OutboxEntry | None:
    """The oldest entry of a kind that is due and free, leased."""
    while entry := _due().filter(kind=kind).order_by("pk").first():
        taken = _due().filter(pk=entry.pk).update(leased_until=timezone.now() + LEASE, tries=models.F("tries") + 1)
        if taken:
            entry.refresh_from_db()
            return entry
    return None


def _work(entry: OutboxEntry, handler: Handler) -> int:
    """Do what an entry asks for; where that fails, say why, and try again later, each time after twice as long."""
    try:
        handler(entry)
    except Exception as error:
        if storage_fault(error):
            raise  # its lease runs out, and it is taken again
        log.exception("outbox entry %s failed", entry.message)
        wait = min(timedelta(seconds=10) * 2 ** min(entry.tries, 20), LONGEST_WAIT)
        _settle(
            entry, problem=f"{type(error).__name__}: {error}"[:500], leased_until=None, due_at=timezone.now() + wait
        )
        return 0
    _settle(entry, problem="", done_at=timezone.now())
    return 1


def _settle(entry: OutboxEntry, **fields: object) -> None:
    OutboxEntry.objects.filter(pk=entry.pk).update(**fields)


class Worker:
    """The loops: one for each job, and one for each kind of outbox entry, so that a receiver that hangs holds up its
    own messages alone.

    Beside a server they end when the server does, however that ended.
    """

    def __init__(self, beside: int | None = None, handlers: Mapping[str, Handler] = HANDLERS) -> None:
        self._stop = threading.Event()
        self._beside = beside
        self._loops: list[tuple[str, float, Callable[[], object]]] = [
            *((job.name, job.every_s, job.run) for job in JOBS),
            *((f"outbox {kind}", PAUSE_S, partial(empty, kind, handler)) for kind, handler in handlers.items()),
            ("outbox", PAUSE_S, partial(_pass_over, handlers)),
            ("troubles", FORGET_S, troubles.forget_old),
        ]

    def run(self) -> None:
        """Work until stopped."""
        for name, every_s, work in self._loops:
            threading.Thread(target=self._loop, args=(name, every_s, work), name=f"peakend-{name}", daemon=True).start()
        while not self._stop.wait(PAUSE_S) and self._beside in (None, os.getppid()):
            pass
        self._stop.set()

    def _loop(self, name: str, every_s: float, work: Callable[[], object]) -> None:
        """Work, pause, and again. Whatever goes wrong must not end the loop; what goes wrong again and again is said
        once.
        """
        said: set[str] = set()
        pause = every_s
        while not self._stop.wait(pause):
            try:
                work()
                outage.end(name)
                said, pause = set(), every_s
            except Exception as error:
                pause = min(max(pause, PAUSE_S) * 2, LONGEST_PAUSE_S)
                if fault := storage_fault(error):
                    outage.begin(name, fault)
                elif repr(error) not in said:
                    log.exception("%s failed; it goes on", name)
                    said.add(repr(error))
            finally:
                close_old_connections()

    def stop(self) -> None:
        """End after what is being done."""
        self._stop.set()
