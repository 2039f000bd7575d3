"""Pictures drawn in a process beside the server, so that whatever becomes of the renderer ends one picture and nobody else's page.

A picture has a time and the process a room; where either is overstepped, or the renderer breaks down, whoever asked is told so (503), and the
next one is drawn by a new process, which is begun at once. So many may wait, and no more.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, Final, Literal

from peakend.draw import Chart, render
from peakend.terms import Lang
from peakend_web.pieces import received, sent
from peakend_web.refusals import Busy
from peakend_web.turns import aside

LOG: Final = logging.getLogger(__name__)
Kind = Literal["svg", "png"]
PAINTERS: Final = 1
WAITING: Final = 16
PATIENCE_S: Final = 20.0
ROOM: Final = 1536 * 1024 * 1024
"""What one process may take; a picture of ten thousand marks takes a third of it."""
POINT: Final[Mapping[str, Any]] = {"data": {"values": [{}]}, "mark": "point"}


class Painter:
    """One process that draws."""

    def __init__(self, room: int) -> None:
        self._line, theirs = socket.socketpair()
        command = [sys.executable, "-m", "peakend_web.painter", str(theirs.fileno()), str(room)]
        with theirs:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])  # noqa: S603 — our own command

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def paint(self, asked: bytes, until: float) -> bytes:
        """The picture; raises OSError where the process is gone, too slow, or could not draw it."""
        self._line.settimeout(max(0.01, until - time.monotonic()))
        sent(self._line, asked)
        told = received(self._line)
        if told[:1] != b"+":
            raise OSError(told[1:].decode(errors="replace") or f"the process ended with {self._ended()}")
        return told[1:]

    def _ended(self) -> int | None:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        return self._process.poll()

    def end(self) -> None:
        """End the process."""
        self._line.close()
        self._process.kill()
        self._process.wait()


class Painters:
    """A few processes that draw, each begun when it is needed, and the bounded number of people who wait for them."""

    def __init__(self, many: int = PAINTERS, *, waiting: int = WAITING, patience_s: float = PATIENCE_S, room: int = ROOM) -> None:
        self._places = threading.BoundedSemaphore(many + waiting)
        self._patience_s, self._room = patience_s, room
        self._free: queue.LifoQueue[Painter | None] = queue.LifoQueue()
        self.pids: set[int] = set()
        for _ in range(many):
            self._free.put(None)

    def paint(self, kind: Kind, spec: Mapping[str, Any], config: Mapping[str, Any]) -> bytes:
        """Draw this; raises Busy `web.busy` where too many wait, `web.picture_failed` where it could not be drawn."""
        if not self._places.acquire(blocking=False):
            raise Busy("web.busy", seconds=2)
        asked = json.dumps({"kind": kind, "spec": spec, "config": config}).encode()
        try:
            with aside():
                return self._painted(asked, time.monotonic() + self._patience_s)
        finally:
            self._places.release()

    def begin(self) -> None:
        """Begin a process, and its renderer by drawing a point, before somebody waits for it."""
        with suppress(Busy):
            self.paint("svg", POINT, {})

    def close(self) -> None:
        """End the processes that nobody is waiting for."""
        with suppress(queue.Empty):
            while True:
                if painter := self._free.get_nowait():
                    painter.end()

    def _painted(self, asked: bytes, until: float) -> bytes:
        try:
            painter = self._free.get(timeout=max(0.01, until - time.monotonic()))
        except queue.Empty:
            raise Busy("web.busy", seconds=2) from None
        try:
            if painter is None:
                painter = Painter(self._room)
                self.pids.add(painter.pid)
            return painter.paint(asked, until)
        except OSError as error:
            LOG.error("a picture could not be drawn: %s", error)  # noqa: TRY400 — one line: it is the renderer's fault
            if painter is not None:
                self.pids.discard(painter.pid)
                painter.end()
                painter = None
            raise Busy("web.picture_failed", seconds=5) from None
        finally:
            self._free.put(painter)


_made: dict[int, Painters] = {}
_making: Final = threading.Lock()


def painters() -> Painters:
    """Those of this process; a forked child makes its own."""
    with _making:
        return _made.setdefault(os.getpid(), _made.get(os.getpid()) or Painters())


def svg(chart: Chart, lang: Lang, *, dark: bool = False, narrow: bool = False) -> str:
    """A chart as SVG, as it draws itself; raises Busy."""
    return _drawn("svg", chart, lang, dark=dark, narrow=narrow).decode()


def png(chart: Chart, lang: Lang) -> bytes:
    """A chart as PNG, as it draws itself; raises Busy."""
    return _drawn("png", chart, lang)


def _drawn(kind: Kind, chart: Chart, lang: Lang, *, dark: bool = False, narrow: bool = False) -> bytes:
    beside = painters()
    try:
        return beside.paint(kind, render.laid_out(chart.spec, narrow=narrow), render.theme(lang, dark=dark, narrow=narrow))
    except Busy as error:
        if error.id == "web.picture_failed":
            threading.Thread(target=beside.begin, name="peakend-painting", daemon=True).start()
        raise


def close() -> None:
    """End the processes of this one."""
    if beside := _made.pop(os.getpid(), None):
        beside.close()


atexit.register(close)
