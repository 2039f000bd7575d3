"""Work that is done in a process beside the server, so that whatever becomes of it ends one piece of work and nobody
else's.

The process is a module that calls `pipe.serve`. A piece of work has a time; where that is overstepped, or the process
breaks down, whoever asked is told so (503), and the next is done by a new process. So many may wait, and no more.
"""

from __future__ import annotations

import atexit
import logging
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from peakend_web.base.refusals import Busy

from .pipe import DONE, receive, send
from .threads import aside

LOG: Final = logging.getLogger(__name__)


class Process:
    """One process of a module."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._line, theirs = socket.socketpair()
        command = [sys.executable, "-m", module, str(theirs.fileno()), *arguments]
        with theirs:
            self._running = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])  # noqa: S603 — our own command

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._running.pid

    def ask(self, asked: bytes, until: float) -> bytes:
        """What it made of this; raises OSError where it is gone, too slow, or could not do it."""
        self._line.settimeout(max(0.01, until - time.monotonic()))
        send(self._line, asked)
        reply = receive(self._line)
        if reply[:1] != DONE:
            raise OSError(reply[1:].decode(errors="replace") or f"the process ended with {self._exit_code()}")
        return reply[1:]

    @property
    def has_ended(self) -> bool:
        """Whether the process is gone already, through nobody's piece of work."""
        return self._running.poll() is not None

    def _exit_code(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self._running.wait(1)
        return self._running.poll()

    def end(self) -> None:
        """End the process."""
        self._line.close()
        self._running.kill()
        self._running.wait()


class Processes:
    """A few processes of one module, each begun when it is needed, and the bounded number of people who wait
    for them.

    Who asks for much waits for themselves: on behalf of one, at most three quarters of the places are taken, and where
    there are several processes never all of them.
    """

    def __init__(
        self,
        module: str,
        *arguments: str,
        many: int = 1,
        waiting: int = 16,
        patience_s: float = 20.0,
        failed: str = "web.busy",
    ) -> None:
        self._command, self._many, self._waiting = (module, *arguments), many, waiting
        self._patience_s, self._failed = patience_s, failed
        self._begin_anew()
        os.register_at_fork(after_in_child=self._begin_anew)
        atexit.register(self.close)

    def _begin_anew(self) -> None:
        """With no process yet; a forked child does not share those of its parent."""
        self._line = Line(self._many, self._many + self._waiting)
        self._free: queue.LifoQueue[Process | None] = queue.LifoQueue()
        self.pids: set[int] = set()
        for _ in range(self._many):
            self._free.put(None)

    def ask(self, asked: bytes, of: Hashable = None) -> bytes:
        """What a process made of this, on behalf of somebody where that is said; raises Busy `web.busy` where too many
        wait, and as `failed` says where it could not be done.
        """
        until = time.monotonic() + self._patience_s
        with self._line.place(of), aside(), self._line.turn(of, until):
            return self._ask(asked, until)

    def close(self) -> None:
        """End the processes that nobody is waiting for."""
        with suppress(queue.Empty):
            while True:
                process = self._free.get_nowait()
                if process:
                    process.end()

    def _ask(self, asked: bytes, until: float) -> bytes:
        process = self._free.get()
        try:
            if process is not None and process.has_ended:
                self._let_go(process)
                process = None
            if process is None:
                process = Process(*self._command)
                self.pids.add(process.pid)
            return process.ask(asked, until)
        except OSError as error:
            LOG.error("%s: %s", self._command[0], error)  # noqa: TRY400 — one line: it is that process's fault
            if process is not None:
                self._let_go(process)
                process = None
            raise Busy(self._failed, seconds=5) from None
        finally:
            self._free.put(process)

    def _let_go(self, process: Process) -> None:
        self.pids.discard(process.pid)
        process.end()


class Line:
    """Who waits for a few processes, in the order in which they came, and on whose behalf."""

    def __init__(self, many: int, places: int) -> None:
        self._many, self._places = many, places
        self._changed = threading.Condition()
        self._here: Counter[Hashable] = Counter()
        self._at_work: Counter[Hashable] = Counter()
        self._waiting: list[_Waiting] = []

    @contextmanager
    def place(self, of: Hashable) -> Iterator[None]:
        """Be one of those who are here; raises Busy where there are too many, or too many on behalf of the same."""
        with self._changed:
            is_full = self._here.total() >= self._places
            if is_full or (of is not None and self._here[of] >= max(1, self._places * 3 // 4)):
                raise Busy("web.busy", seconds=2)
            self._here[of] += 1
        try:
            yield
        finally:
            with self._changed:
                self._here[of] -= 1

    @contextmanager
    def turn(self, of: Hashable, until: float) -> Iterator[None]:
        """Wait until it is this one's turn; raises Busy where it does not come in time."""
        mine = _Waiting(of)
        with self._changed:
            self._waiting.append(mine)
            came = self._changed.wait_for(lambda: self._next() is mine, until - time.monotonic())
            self._waiting.remove(mine)
            if not came:
                raise Busy("web.busy", seconds=2)
            self._at_work[of] += 1
            self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._at_work[of] -= 1
                self._changed.notify_all()

    def _next(self) -> _Waiting | None:
        """Whose turn it is: the first of those on whose behalf least is done; nobody's where all processes work."""
        if self._at_work.total() >= self._many:
            return None
        most = max(1, self._many - 1)
        able = [each for each in self._waiting if each.of is None or self._at_work[each.of] < most]
        return min(able, key=lambda each: self._at_work[each.of], default=None)


@dataclass(eq=False, frozen=True, slots=True)
class _Waiting:
    """Somebody who waits, and on whose behalf."""

    of: Hashable
