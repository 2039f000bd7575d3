"""Threads that work for an event loop, and whose turn it is: each address in its turn, however many requests stand behind it."""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")
Job = tuple["asyncio.Future[Any]", Callable[..., Any], tuple[Any, ...]]


class Threads:
    """A bounded number of threads. Whoever gives them work waits without holding one."""

    def __init__(self, many: int, waiting: int) -> None:
        self._line: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._many = many
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
                result, error = work(*args), None
            except BaseException as problem:  # whoever waits for it is told
                result, error = None, problem
            done.get_loop().call_soon_threadsafe(_settle, done, result, error)


class Full(Exception):
    """As many wait here already as may."""


class Turns:
    """A number of places, given out to addresses in turn: a flood from one of them makes its own line longer and nobody else's."""

    def __init__(self, places: int, waiting: int) -> None:
        self._free = places
        self._waiting = waiting
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}

    async def take(self, address: str) -> None:
        """Wait for a place; raises `Full` where too many of this address wait. Every place that is taken is to be given back."""
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
