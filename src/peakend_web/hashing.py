"""Password hashes, two at a time: each takes a hundred megabytes and a tenth of a second, which sixty people at once would take from others."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar

from django.contrib.auth.hashers import Argon2PasswordHasher

from peakend_web.refusals import Busy
from peakend_web.turns import aside

T = TypeVar("T")
AT_ONCE: Final = 2
WAITING: Final = 16
GIVES_WAY: Final = 19


def _give_way() -> None:
    """Let whoever keeps an answer go first. On Linux a thread has a niceness of its own; elsewhere it is the whole process's, and is left."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), GIVES_WAY)


class Line:
    """A few threads that compute hashes, and a bounded number of people who wait for them."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._threads = ThreadPoolExecutor(at_once, "peakend-hash", initializer=_give_way)
        self._places = threading.BoundedSemaphore(at_once + waiting)

    def compute(self, work: Callable[[], T]) -> T:
        """Do this in turn; raises Busy where too many wait already."""
        if not self._places.acquire(blocking=False):
            raise Busy("web.busy", seconds=2)
        try:
            with aside():
                return self._threads.submit(work).result()
        finally:
            self._places.release()


line: Final = Line()


class Argon2(Argon2PasswordHasher):
    """Django's own hash, computed in turn."""

    parallelism = 2

    def encode(self, password: str, salt: str) -> str:
        """The hash to be kept; raises Busy."""
        return line.compute(partial(super().encode, password, salt))

    def verify(self, password: str, encoded: str) -> bool:
        """Whether this is the password; raises Busy."""
        return line.compute(partial(super().verify, password, encoded))
