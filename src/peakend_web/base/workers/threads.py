"""Threads that work for an event loop, and whose turn it is: each address in its turn, however many requests stand
behind it.

Most threads wait most of the time: for the disk, for a password's hash, for a picture. Those that compute sit at a few
desks, for the interpreter runs one thread at a time: the event loop, which keeps the answers, stands in one line with
all that compute, and sixty pages at once would make every answer wait for sixty turns.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

T = TypeVar("T")
Job = tuple["asyncio.Future[Any]", Callable[..., Any], tuple[Any, ...]]


class Threads:
    """A bounded number of threads. Whoever gives them work waits without holding one. With `desks` they compute at
    these.
    """

    def __init__(self, many: int, waiting: int, desks: Desks | None = None) -> None:
        self._line: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._many = many
        self._desks = desks or Desks(many)
        self._turns = Turns(many, waiting)
        self._started = 0

    async def run(self, address: str, work: Callable[..., T], *args: Any) -> T:
        """Do the work in a thread, when it is this address's turn; raises `Full`."""
        await self._turns.take(address)
        try:
            if self._started < self._many:
                self._started += 1
                threading.Thread(target=self._work, name=f"peakend-{self._started}", daemon=True).start()
            done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
            self._line.put((done, work, args))
            return await asyncio.shield(done)
        finally:
            self._turns.give()

    def close(self) -> None:
        """End each thread after what it is doing."""
        for _ in range(self._started):
            self._line.put(None)

    def _work(self) -> None:
        while job := self._line.get():
            done, work, args = job
            try:
                with self._desks.one():
                    result, error = work(*args), None
            except BaseException as problem:  # whoever waits for it is told
                result, error = None, problem
            done.get_loop().call_soon_threadsafe(_settle, done, result, error)


PATIENCE_S: Final = 1.0
"""Who finds no desk for so long computes without one: a few long computations hold up others no longer, and nobody
waits for ever for a desk whose holder waits for a lock of theirs.
"""


class Desks:
    """Places at which threads compute."""

    def __init__(self, many: int, patience_s: float = PATIENCE_S) -> None:
        self._free = threading.Semaphore(many)
        self._patience_s = patience_s

    @contextmanager
    def one(self) -> Iterator[None]:
        """Compute at a desk; `aside` leaves it meanwhile."""
        desk = _here.desk = Desk(self._free, self._patience_s)
        desk.sit()
        try:
            yield
        finally:
            _here.desk = None
            desk.leave()


class Desk:
    """A desk for one thread, which may have got none."""

    def __init__(self, free: threading.Semaphore, patience_s: float) -> None:
        self._free, self._patience_s, self._mine = free, patience_s, False
        self.stepped_aside = False
        """Whether its thread waits for somebody else just now, and will come back."""

    def sit(self) -> None:
        """Take one, if one becomes free soon."""
        self._mine = self._free.acquire(timeout=self._patience_s)

    def leave(self) -> None:
        """Give it back."""
        if self._mine:
            self._mine = False
            self._free.release()


class _Here(threading.local):
    desk: Desk | None = None


_here: Final = _Here()


def is_serving() -> bool:
    """Whether this thread works for the event loop of a server."""
    return _here.desk is not None


@contextmanager
def aside() -> Iterator[None]:
    """While this thread waits for somebody else, another may compute at its desk. Who has stepped aside already, comes
    back once.
    """
    desk = _here.desk
    if desk is None or desk.stepped_aside:
        yield
        return
    desk.stepped_aside = True
    desk.leave()
    try:
        yield
    finally:
        desk.stepped_aside = False
        desk.sit()


class Full(Exception):
    """As many wait here already as may."""


class Turns:
    """A number of places, given out to addresses in turn: a flood from one of them makes its own line longer and nobody
    else's.
    """

    def __init__(self, places: int, waiting: int) -> None:
        self._free = places
        self._waiting = waiting
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}

    async def take(self, address: str) -> None:
        """Wait for a place; raises `Full` where too many of this address wait. Every place that is taken is to be given
        back.
        """
        if self._free:
            self._free -= 1
            return
        line = self._lines.setdefault(address, deque())
        if len(line) >= self._waiting:
            raise Full
        mine = asyncio.get_running_loop().create_future()
        line.append(mine)
        try:
            await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled():
                self.give()
            raise

    def give(self) -> None:
        """Give a place to the first of the next address's line."""
        while self._lines:
            address, line = next(iter(self._lines.items()))
            del self._lines[address]
            mine = line.popleft()
            if line:
                self._lines[address] = line
            if not mine.done():
                mine.set_result(None)
                return
        self._free += 1


def _settle(done: asyncio.Future[Any], result: Any, error: BaseException | None) -> None:
    if done.cancelled():
        return
    if error is None:
        done.set_result(result)
    else:
        done.set_exception(error)
