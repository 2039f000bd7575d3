"""The single writer of facts: whatever is waiting goes to disk in one transaction, and is acknowledged after the
commit.

Answers come in one at a time and each must be on disk before its person is told so. One commit for each would be bound
by the disk's flush; one writer that commits everything that is waiting shares a flush among all of them. The group
grows by itself under load and is a single delivery when it is quiet. When a group fails, its deliveries are written
again one by one, so that only the one at fault is refused. When too many are waiting the answer is an immediate "busy",
never an ever longer wait.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, Final

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import OperationalError, connection, transaction

from peakend_web.base.storage import outage, storage_fault
from peakend_web.base.workers.threads import aside

from .deliveries import Acknowledgement, Delivery, DeliveryError, Outcome, write

LOG: Final = logging.getLogger(__name__)

GROUP: Final = 256
"""Deliveries that share a commit: beyond it the flush is a small part of the time, and who came first waits longer."""
PATIENCE: Final = 10.0
"""Seconds after which a disk that has not answered is not waited for: what became of it is unknown, and whoever sent it
tries again with the same key.
"""
RETRY_AFTER: Final = 1
"""Seconds after which a sender is asked to try again: a group is on disk in much less."""
LOOK_MS: Final = 3
"""So often SQLite looks for the lock: left to itself it looks ever more seldom, and others come first."""
BY_INDEX: Final = (
    "SET enable_seqscan = off",
    "SET enable_hashjoin = off",
    "SET enable_mergejoin = off",
    "SET jit = off",
)
"""What keeps PostgreSQL to the indexes (`_set_up`)."""
BUSY: Final = frozenset({"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT"})


def deliver(delivery: Delivery) -> Acknowledgement:
    """Keep a delivery and return once it is on disk; raises `DeliveryError`, Conflict `facts.answered_again`
    (`known_upto`).

    Inside a transaction of the caller's own it is written there, and is as durable as that transaction.
    """
    if connection.in_atomic_block:
        return _settle(write([delivery])[0])
    return _writer().deliver(delivery)


async def deliver_soon(delivery: Delivery) -> Acknowledgement:
    """The same for an event loop: whoever waits for the commit holds no thread. Outside any transaction."""
    return await _writer().deliver_soon(delivery)


@dataclass(slots=True)
class _Ticket:
    """A delivery that waits for its commit. The lock is held until there is an outcome; it is the cheapest thing to
    wait on.
    """

    delivery: Delivery
    outcome: Outcome | None = None
    lock: Any = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.lock.acquire()

    def settle(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.lock.release()


@dataclass(frozen=True, slots=True)
class _Promise:
    """A delivery whose commit an event loop waits for."""

    delivery: Delivery
    outcome: asyncio.Future[Outcome]


def _settle_all(settled: Sequence[tuple[_Ticket | _Promise, Outcome]]) -> None:
    """Tell everyone of a group; those that wait on an event loop all in one call, for each call wakes it."""
    promised = [(each, outcome) for each, outcome in settled if isinstance(each, _Promise)]
    for loop, group in groupby(promised, key=lambda pair: pair[0].outcome.get_loop()):
        with suppress(RuntimeError):  # that loop has ended, and with it whoever waited
            loop.call_soon_threadsafe(_keep_promises, list(group))
    for each, outcome in settled:
        if isinstance(each, _Ticket):
            each.settle(outcome)


def _keep_promises(group: Sequence[tuple[_Promise, Outcome]]) -> None:
    for promise, outcome in group:
        if not promise.outcome.done():
            promise.outcome.set_result(outcome)


class Writer:
    """The thread that writes, and the bounded line of deliveries before it."""

    def __init__(
        self,
        waiting: int | None = None,
        group: int = GROUP,
        work: Callable[[Sequence[Delivery]], list[Outcome]] | None = None,
    ) -> None:
        room = settings.PEAKEND_INGEST_WAITING if waiting is None else waiting
        self._line: queue.Queue[_Ticket | _Promise | None] = queue.Queue(room)
        self._group = group
        self._work = work or _commit
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="peakend-ingest", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """How many deliveries are in the line."""
        return self._line.qsize()

    def deliver(self, delivery: Delivery) -> Acknowledgement:
        """Wait in line for the commit; raises `DeliveryError`."""
        ticket = _Ticket(delivery)
        self._enter(ticket)
        with aside():
            known = ticket.lock.acquire(timeout=PATIENCE)
        if not known:
            raise DeliveryError("delivery.outcome_unknown", seconds=RETRY_AFTER)
        return _settle(ticket.outcome)

    async def deliver_soon(self, delivery: Delivery) -> Acknowledgement:
        """Wait for the commit without a thread; raises `DeliveryError`."""
        promise = _Promise(delivery, asyncio.get_running_loop().create_future())
        self._enter(promise)
        unknown = DeliveryError("delivery.outcome_unknown", seconds=RETRY_AFTER)
        patience = promise.outcome.get_loop().call_later(PATIENCE, _keep_promises, [(promise, unknown)])
        try:
            return _settle(await promise.outcome)
        finally:
            patience.cancel()

    def _enter(self, waiting: _Ticket | _Promise) -> None:
        """Take a place in the line, where there is one."""
        if self._closing:
            raise DeliveryError("delivery.busy", seconds=RETRY_AFTER)
        try:
            self._line.put_nowait(waiting)
        except queue.Full:
            raise DeliveryError("delivery.busy", seconds=RETRY_AFTER) from None

    def close(self) -> None:
        """Take nothing more, write what is waiting, and stop."""
        self._closing = True
        self._line.put(None)
        self._thread.join(PATIENCE)

    def _run(self) -> None:
        while group := self._next():
            _settle_all(list(zip(group, self._attempt([each.delivery for each in group]), strict=True)))
        connection.close()

    def _next(self) -> list[_Ticket | _Promise]:
        """Everything that is waiting, up to a group; waits for the first. Empty when closing and nothing is left."""
        first = self._line.get()
        group = [first] if first else []
        while first and len(group) < self._group:
            try:
                following = self._line.get_nowait()
            except queue.Empty:
                break
            if following is None:
                self._line.put(None)
                break
            group.append(following)
        return group

    def _attempt(self, group: list[Delivery]) -> list[Outcome]:
        """All together; if that fails, each by itself once more, so that one bad delivery costs nobody else, nor does a
        lost connection.
        """
        try:
            return self._in_turn(group)
        except Exception as error:  # whatever it was must not stop the only writer
            if not storage_fault(error):
                LOG.warning("A group of %d deliveries failed; each is tried by itself.", len(group))
            _drop_connection()
            return [self._alone(each) for each in group]

    def _in_turn(self, group: list[Delivery]) -> list[Outcome]:
        """Work as soon as whoever else is writing has done. SQLite, left to itself, would look for the lock ever more
        seldom.
        """
        until = time.monotonic() + PATIENCE
        while True:
            try:
                outcomes = self._work(group)
            except OperationalError as error:
                if _why(error) not in BUSY or time.monotonic() > until:
                    raise
            else:
                outage.end("deliveries")
                return outcomes

    def _alone(self, delivery: Delivery) -> Outcome:
        try:
            (outcome,) = self._work([delivery])
        except Exception as error:
            _drop_connection()
            return _refusal(error)
        outage.end("deliveries")
        return outcome


_looked_at = threading.local()


def _commit(group: Sequence[Delivery]) -> list[Outcome]:
    connection.ensure_connection()
    if getattr(_looked_at, "connection", None) is not connection.connection:
        require_durable()
        _set_up()
        _looked_at.connection = connection.connection
    with transaction.atomic():
        return write(group)


def _set_up() -> None:
    """How this connection looks for what stands: with SQLite often for the lock, with PostgreSQL always by an index.

    PostgreSQL plans a statement once and keeps the plan. What it planned while the table was small would read the whole
    of it for each group, until somebody counts the rows anew.
    """
    with connection.cursor() as cursor:
        for each in [f"PRAGMA busy_timeout = {LOOK_MS}"] if connection.vendor == "sqlite" else BY_INDEX:
            cursor.execute(each)


def _why(error: OperationalError) -> str:
    return str(getattr(error.__cause__, "sqlite_errorname", ""))


def require_durable() -> None:
    """Refuse to work on a database that confirms a commit before the disk has it."""
    question = "PRAGMA synchronous" if connection.vendor == "sqlite" else "SHOW synchronous_commit"
    with connection.cursor() as cursor:
        cursor.execute(question)
        setting = str(cursor.fetchone()[0])
    if setting in {"0", "1", "off"}:
        raise DeliveryError("delivery.not_durable", setting=f"{question}: {setting}")


def _refusal(error: Exception) -> Outcome:
    if isinstance(error, DeliveryError):
        return error
    known = storage_fault(error)
    reason = str(error.__cause__ or error) if known or isinstance(error, DatabaseError) else type(error).__name__
    if known:
        outage.begin("deliveries", known)
    else:
        LOG.error("A delivery was not kept: %s.", reason, exc_info=error)
    return DeliveryError("delivery.not_kept", reason=reason)


def _drop_connection() -> None:
    if not connection.in_atomic_block:
        connection.close()


def _settle(outcome: Outcome | None) -> Acknowledgement:
    if isinstance(outcome, Acknowledgement):
        return outcome
    raise outcome or DeliveryError("delivery.outcome_unknown", seconds=RETRY_AFTER)


_writers: dict[int, Writer] = {}
_making = threading.Lock()


def _writer() -> Writer:
    """The writer of this process; a forked child makes its own."""
    writer = _writers.get(os.getpid())
    if writer is None:
        with _making:
            writer = _writers.setdefault(os.getpid(), _writers.get(os.getpid()) or Writer())
    return writer


def close() -> None:
    """Write what is waiting and stop the writer of this process; the next delivery starts another."""
    if writer := _writers.pop(os.getpid(), None):
        writer.close()


atexit.register(close)
