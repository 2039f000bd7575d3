"""Desks: few threads compute at a time, whoever waits leaves its desk, and nobody waits for one for ever."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

from peakend_web.base.workers.threads import Desks, Threads, aside

SOON_S = 5.0


def together(desks: Desks, works: list[Callable[[], None]]) -> None:
    """Do these works, each in a thread and at a desk."""

    async def all_of_them() -> None:
        threads = Threads(len(works), 100, desks)
        await asyncio.gather(*(threads.run("192.0.2.1", work) for work in works))
        threads.close()

    asyncio.run(all_of_them())


class Room:
    """Counts how many are in it."""

    def __init__(self) -> None:
        self._lock, self.here, self.most = threading.Lock(), 0, 0

    def stay(self, seconds: float = 0.02) -> None:
        with self._lock:
            self.here += 1
            self.most = max(self.most, self.here)
        time.sleep(seconds)
        with self._lock:
            self.here -= 1


def test_of_many_threads_as_many_compute_together_as_there_are_desks() -> None:
    room = Room()
    together(Desks(2, patience_s=SOON_S), [room.stay] * 12)
    assert room.most == 2


def test_whoever_waits_for_something_else_leaves_the_desk_to_another() -> None:
    came = threading.Event()

    def waits() -> None:
        with aside():
            assert came.wait(SOON_S)

    together(Desks(1, patience_s=2 * SOON_S), [waits, came.set])


def test_a_long_computation_holds_up_others_no_longer_than_their_patience() -> None:
    ended = threading.Event()
    together(Desks(1, patience_s=0.05), [lambda: assert_true(ended.wait(SOON_S)), ended.set])


def assert_true(found: bool) -> None:
    assert found


def test_a_desk_whose_holder_waits_for_a_lock_of_one_who_stepped_aside_does_not_stop_both_for_ever() -> None:
    lock, taken = threading.Lock(), threading.Event()

    def makes() -> None:
        with lock, aside():
            taken.set()
            time.sleep(0.1)
            # It comes back to a desk that is now the other's, who waits for the lock.

    def waits() -> None:
        assert taken.wait(SOON_S)
        with lock:
            pass

    together(Desks(1, patience_s=0.2), [makes, waits])


def test_after_a_work_that_failed_its_desk_is_free() -> None:
    desks = Desks(1, patience_s=SOON_S)

    def fails() -> None:
        raise ValueError

    async def one_after_the_other() -> tuple[str, float]:
        threads = Threads(2, 100, desks)
        try:
            await threads.run("192.0.2.1", fails)
        except ValueError as error:
            told = type(error).__name__
        begun = time.monotonic()
        await threads.run("192.0.2.1", lambda: None)
        threads.close()
        return told, time.monotonic() - begun

    told, took = asyncio.run(one_after_the_other())
    assert (told, took < SOON_S / 2) == ("ValueError", True)


def test_whoever_steps_aside_while_aside_takes_one_desk_again_and_leaves_one() -> None:
    desks, room = Desks(2, patience_s=SOON_S), Room()

    def nested() -> None:
        with aside(), aside():
            pass

    together(desks, [nested] * 4)
    begun = time.monotonic()
    together(desks, [room.stay] * 4)
    assert (room.most, time.monotonic() - begun < SOON_S / 2) == (2, True)


def test_outside_of_the_server_there_is_no_desk_to_leave() -> None:
    with aside():
        pass
