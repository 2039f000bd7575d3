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
from contextlib import suppress
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
        self._places = threading.BoundedSemaphore(self._many + self._waiting)
        self._free: queue.LifoQueue[Process | None] = queue.LifoQueue()
        self.pids: set[int] = set()
        for _ in range(self._many):
            self._free.put(None)

    def ask(self, asked: bytes) -> bytes:
        """What a process made of this; raises Busy `web.busy` where too many wait, and as `failed` says where it could
        not be done.
        """
        if not self._places.acquire(blocking=False):
            raise Busy("web.busy", seconds=2)
        try:
            with aside():
                return self._ask(asked, time.monotonic() + self._patience_s)
        finally:
            self._places.release()

    def close(self) -> None:
        """End the processes that nobody is waiting for."""
        with suppress(queue.Empty):
            while True:
                process = self._free.get_nowait()
                if process:
                    process.end()

    def _ask(self, asked: bytes, until: float) -> bytes:
        try:
            process = self._free.get(timeout=max(0.01, until - time.monotonic()))
        except queue.Empty:
            raise Busy("web.busy", seconds=2) from None
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
