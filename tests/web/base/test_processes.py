"""Work that is done in a process beside the server: a few wait for it, the rest are told to come again, and its end is
one piece's end.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

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


# --- on whose behalf --------------------------------------------------------------------------------------------------


def stopped(made: Processes, many: int) -> list[int]:
    """The processes, begun and each made to hang."""
    together = threading.Barrier(many)

    def begin(of: int) -> None:
        together.wait()
        made.ask(ASKED, of)

    everybody = [threading.Thread(target=begin, args=(of,)) for of in range(many)]
    for each in everybody:
        each.start()
    for each in everybody:
        each.join(10)
    for pid in made.pids:
        os.kill(pid, signal.SIGSTOP)
    return sorted(made.pids)


def test_whoever_asks_for_much_holds_up_themselves_and_nobody_else() -> None:
    """Two processes, and a workspace that asks for twenty things, each of which takes for ever: another workspace is
    served at once by the process that is left.
    """
    made = Processes("peakend_web.people.password_process", many=2, waiting=6, patience_s=8)
    try:
        pids = stopped(made, 2)
        outcomes: list[str] = []
        everybody = [threading.Thread(target=flood, args=(made, outcomes)) for _ in range(20)]
        for each in everybody:
            each.start()
        wait_until(lambda: len(outcomes) == 14)
        assert outcomes == ["web.busy"] * 14, "six of eight places are the most that one has"
        (idle,) = idle_ones(made)
        os.kill(idle, signal.SIGCONT)
        begun = time.monotonic()
        assert made.ask(ASKED, "neighbour")
        assert time.monotonic() - begun < 2
        os.kill(next(pid for pid in pids if pid != idle), signal.SIGCONT)
        for each in everybody:
            each.join(10)
        assert outcomes[14:] == ["done"] * 6
    finally:
        made.close()


def flood(made: Processes, outcomes: list[str]) -> None:
    """Ask once more on behalf of the same, and write down what came of it."""
    try:
        outcomes.append("done" if made.ask(ASKED, "flood") else "nothing")
    except Busy as busy:
        outcomes.append(busy.id)


def wait_until(is_so: Callable[[], bool]) -> None:
    """For ten seconds at most."""
    until = time.monotonic() + 10
    while not is_so() and time.monotonic() < until:
        time.sleep(0.01)


def idle_ones(made: Processes) -> list[int]:
    """The processes that have nothing to do."""
    return [process.pid for process in list(made._free.queue) if process]


def test_what_a_piece_of_work_takes_beyond_its_room_it_is_not_given(tmp_path: Path) -> None:
    """One that asks for memory without end ends itself, and the next is done."""
    (tmp_path / "greedy.py").write_text(
        "from peakend_web.base.workers.pipe import serve\n"
        "serve(lambda asked: b'x' * min(3, len(bytearray(int(asked)))), room=400_000_000)\n"
    )
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("PYTHONPATH", path)
        made = Processes("greedy", patience_s=10)
        try:
            with pytest.raises(Busy, match=r"web\.busy"):
                made.ask(b"4000000000")
            assert made.ask(b"3") == b"xxx"
        finally:
            made.close()
