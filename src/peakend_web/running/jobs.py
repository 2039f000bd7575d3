"""The loops in which the jobs of all areas run, and in which the outbox is emptied; what is done is in each area's
`jobs.py`.

`peakend serve` starts a process for them, for a thread would hold the interpreter while answers wait to be kept;
`peakend manage work` is that process. Any number may run at once.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from functools import partial
from typing import Final

from django.db import close_old_connections

from peakend_web.apps import modules
from peakend_web.base import troubles
from peakend_web.base.jobs import PAUSE_S, Job, Loop
from peakend_web.base.storage import outage, storage_fault
from peakend_web.store import jobs as store

from . import outbox
from .outbox import Readers

log = logging.getLogger(__name__)

FORGET_S: Final = 3600.0
LONGEST_PAUSE_S: Final = 60.0

AREAS: Final = tuple(modules("jobs"))
READERS: Final = outbox.by_kind((area, getattr(jobs, "READERS", ())) for area, jobs in AREAS)
# From above to below: what cases let go of, listening erases, and the store's copy forgets.
JOBS: Final[tuple[Job, ...]] = (
    *(job for _, jobs in reversed(AREAS) for job in getattr(jobs, "JOBS", ())),
    *store.JOBS,
)

LOOPS: Final[tuple[Loop, ...]] = tuple(loop for _, jobs in AREAS for loop in getattr(jobs, "LOOPS", ()))


def run_once(readers: Readers = READERS) -> int:
    """Do everything that is due, one after the other; how many outbox entries were done."""
    done = outbox.pass_over(readers)
    done += sum(outbox.empty(kind, area, readers) for kind, areas in readers.items() for area in areas)
    for job in JOBS:
        job.run()
    for loop in LOOPS:
        loop.work()
    return done


class Worker:
    """The loops: one for each job, several where it says so, and one for each area and kind of outbox entry, so that a
    receiver that hangs holds up its own messages alone.

    Beside a server they end when the server does, however that ended.
    """

    def __init__(self, beside: int | None = None, readers: Readers = READERS) -> None:
        self._stop = threading.Event()
        self._beside = beside
        self._loops: list[tuple[str, float, Callable[[], object]]] = [
            *((job.name, job.every_s, job.run) for job in JOBS),
            *((f"{loop.name} {n}", loop.every_s, loop.work) for loop in LOOPS for n in range(1, loop.at_once + 1)),
            *(
                (f"outbox {kind} {area}", PAUSE_S, partial(outbox.empty, kind, area, readers))
                for kind, areas in readers.items()
                for area in areas
            ),
            ("outbox", PAUSE_S, partial(outbox.pass_over, readers)),
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
