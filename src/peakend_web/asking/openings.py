"""How often surveys are opened: counted in memory, and added to the hours of the database every few seconds, so that
who opens a page never waits for a disk. A server that is killed loses the openings of its last seconds, and no answer.

Nothing is noted of who opened it. What only fetches the page ahead, and who loads it again, has not opened it.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections import Counter
from contextlib import suppress
from typing import Final

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest

from peakend_web.base.cache import on_forget
from peakend_web.base.workers.threads import aside
from peakend_web.models import Opening

EVERY_S: Final = 5.0
HOUR_S: Final = 3_600

Key = tuple[int, str, int]
"""Survey, code of the place, hour."""


class Openings:
    """The openings that are not yet in the database."""

    def __init__(self) -> None:
        self._counted: Counter[Key] = Counter()
        self._lock = threading.Lock()
        self._added = time.monotonic()

    def note(self, survey: int, at: str) -> None:
        """One more. Every few seconds whoever comes adds what has come together."""
        with self._lock:
            self._counted[survey, at, int(time.time()) // HOUR_S] += 1
            due = time.monotonic() - self._added >= EVERY_S
            if due:
                self._added = time.monotonic()
        if due:
            with aside():
                self.add()

    def clear(self) -> None:
        """Forget what has come together."""
        with self._lock:
            self._counted.clear()

    def add(self) -> None:
        """Add them to the database; where it takes nothing just now, later."""
        with self._lock:
            taken, self._counted = self._counted, Counter()
        if not taken:
            return
        try:
            with transaction.atomic():
                for key, times in taken.items():
                    _add(key, times)
        except DatabaseError:
            with self._lock:
                self._counted.update(taken)


def _add(key: Key, times: int) -> None:
    survey, at, hour = key
    row, _ = Opening.objects.get_or_create(survey_id=survey, at=at, hour=hour)
    Opening.objects.filter(pk=row.pk).update(times=F("times") + times)


openings: Final = Openings()
on_forget(openings.clear)


@atexit.register
def _add_the_last() -> None:
    with suppress(DatabaseError):
        openings.add()


def is_opening(request: HttpRequest) -> bool:
    """Whether somebody opened the page: not a browser that fetches it ahead, nor one that loads it again."""
    headers = request.headers
    ahead = "prefetch" in headers.get("Sec-Purpose", headers.get("Purpose", ""))
    return request.method == "GET" and not ahead and headers.get("Cache-Control") not in {"max-age=0", "no-cache"}
