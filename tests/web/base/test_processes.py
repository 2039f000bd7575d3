"""Work that is done in a process beside the server: a few wait for it, the rest are told to come again, and its end is
one piece's end.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator

import msgspec
import pytest

from peakend_web.base.refusals import Busy
from peakend_web.base.workers.processes import Processes
from peakend_web.people.password_process import Check, Hash

ASKED = msgspec.msgpack.encode(Hash(b"a long walk by the sea", b"sixteen of these", 1, 64, 1, 32))


@pytest.fixture
def hashes() -> Iterator[Processes]:
    made = Processes("peakend_web.people.password_process", waiting=3, patience_s=10)
    yield made
    made.close()


def test_a_few_people_wait_and_the_rest_are_told_to_come_again(hashes: Processes) -> None:
    hashes.ask(ASKED)
    (pid,) = hashes.pids
    os.kill(pid, signal.SIGSTOP)
    outcomes: list[str] = []

    def come() -> None:
        try:
            outcomes.append("done" if hashes.ask(ASKED) else "nothing")
        except Busy as busy:
            outcomes.append(busy.id)

    everybody = [threading.Thread(target=come) for _ in range(9)]
    for each in everybody:
        each.start()
    while len(outcomes) < 5:
        time.sleep(0.01)
    os.kill(pid, signal.SIGCONT)
    for each in everybody:
        each.join(10)
    assert outcomes == ["web.busy"] * 5 + ["done"] * 4


def test_a_process_that_is_killed_at_its_work_ends_that_piece_and_the_next_has_another(hashes: Processes) -> None:
    made = hashes.ask(ASKED)
    (pid,) = hashes.pids
    os.kill(pid, signal.SIGSTOP)
    threading.Timer(0.3, os.kill, (pid, signal.SIGKILL)).start()
    with pytest.raises(Busy, match=r"web\.busy"):
        hashes.ask(ASKED)
    assert (hashes.ask(ASKED), pid in hashes.pids) == (made, False)


def test_of_a_process_that_was_killed_while_idle_nobody_hears(hashes: Processes) -> None:
    made = hashes.ask(ASKED)
    (pid,) = hashes.pids
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert (hashes.ask(ASKED), pid in hashes.pids) == (made, False)


def test_a_process_ends_with_whoever_asks_it(hashes: Processes) -> None:
    hashes.ask(ASKED)
    (pid,) = hashes.pids
    hashes.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_forked_child_has_a_process_of_its_own(hashes: Processes) -> None:
    hashes.ask(ASKED)
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        hashes.ask(ASKED)
        os.write(write, str(hashes.pids).encode())
        hashes.close()
        os._exit(0)
    os.waitpid(child, 0)
    theirs = os.read(read, 100).decode()
    assert theirs not in {"set()", str(hashes.pids)}


@pytest.mark.parametrize("hashed", [b"", b"$argon2id$v=19$m=64,t=1,p=1$bm90IGEgaGFzaA", b"nothing of the kind"])
def test_what_is_no_hash_has_no_password(hashes: Processes, hashed: bytes) -> None:
    assert hashes.ask(msgspec.msgpack.encode(Check(b"a long walk by the sea", hashed))) == b""
