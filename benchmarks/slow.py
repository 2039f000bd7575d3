"""Honest answers beside clients that hold on: `python -m benchmarks.slow [--slow 300] [--rate 1000] [--seconds 120]
[--sign-ins 0]`.

A third of the slow clients send the head of a request a byte at a time, a third its body, a third begin a body and send
nothing more; whoever is cut off comes again at once. With `--sign-ins` so many people try passwords without pause
instead, each at an address and at an account of their own: what is measured is the work of the passwords and not the
limits of one address. Meanwhile honest answers come in at their rate, each measured from when it was due. At the end
the server is told to stop while all of them hold on.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.load import STORED, measure, report
from benchmarks.serving import ROOT, Installation, installation, kill, percentile

TARGETS = {"slow": 50.0, "sign-ins": 100.0}
MEMORY_MB = 600


async def hold(port: int, token: str, kind: int, seen: Counter[str]) -> None:
    """One connection that is never done."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (
        f"POST /s/{token}/answers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: "
        "1000\r\n"
    )
    seen["begun"] += 1
    writer.write(head.encode() if kind == 0 else f"{head}\r\n{{".encode())
    try:
        while not reader.at_eof():
            with contextlib.suppress(TimeoutError):
                line = await asyncio.wait_for(reader.readline(), 1)
                if line.startswith(b"HTTP/"):
                    seen[line[9:12].decode()] += 1
            if kind != 2:
                writer.write(b"x" if kind else b"X")
                await writer.drain()
    finally:
        writer.close()


async def sign_in(port: int, token: str, kind: int, seen: Counter[str]) -> None:
    """One person who tries a password."""
    del token
    number = seen.total()
    told = f"X-Forwarded-For: 10.{kind % 256}.{number >> 8 & 255}.{number & 255}"
    status, headers, page = await _asked(port, "GET", "/sign-in/", told)
    cookies = SimpleCookie("; ".join(headers.get("set-cookie", [])))
    found = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page)
    if status == 200 and found:
        form = urlencode(
            {
                "csrfmiddlewaretoken": found[1].decode(),
                "email": f"nobody{kind}-{number}@harbour.example",
                "password": "a guess of mine",
            }
        )
        cookie = "; ".join(f"{name}={each.value}" for name, each in cookies.items())
        status, _, _ = await _asked(port, "POST", "/sign-in/", f"{told}\r\nCookie: {cookie}", form)
    seen[str(status)] += 1


async def _asked(
    port: int, method: str, path: str, own: str, body: str = ""
) -> tuple[int, dict[str, list[str]], bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        lines = [
            f"{method} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            "Connection: close",
            own,
            f"Content-Length: {len(body)}",
        ]
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Origin: http://127.0.0.1:{port}", "", body]
        writer.write("\r\n".join(lines).encode())
        head, _, page = (await reader.read()).partition(b"\r\n\r\n")
    finally:
        writer.close()
    headers: dict[str, list[str]] = {}
    for line in head.decode("latin-1").split("\r\n")[1:]:
        name, _, value = line.partition(": ")
        headers.setdefault(name.lower(), []).append(value)
    return int(head[9:12] or 0), headers, page


KINDS: dict[str, Callable[[int, str, int, Counter[str]], Awaitable[None]]] = {"slow": hold, "sign-ins": sign_in}


async def crowd(port: int, token: str, many: int, what: str) -> None:
    """So many of them at a time, for ever; what became of them is printed when the crowd is told to go."""
    seen: Counter[str] = Counter()

    async def one(number: int) -> None:
        while True:
            try:
                await KINDS[what](port, token, number % 3 if what == "slow" else number, seen)
            except (OSError, ValueError):
                seen["cut"] += 1
                await asyncio.sleep(0.1)

    tasks = [asyncio.create_task(one(number)) for number in range(many)]
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await ended.wait()
    for task in tasks:
        task.cancel()
    print(json.dumps(seen))


@contextmanager
def beside(installed: Installation, many: int, what: str) -> Iterator[Counter[str]]:
    """The crowd, in a process of its own; what became of it is there at the end."""
    seen: Counter[str] = Counter()
    command = [
        sys.executable,
        "-m",
        "benchmarks.slow",
        "--crowd",
        str(installed.port),
        installed.token,
        str(many),
        what,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        time.sleep(2)
        try:
            yield seen
        finally:
            process.terminate()
            seen.update(json.loads(process.communicate()[0]))


def end(server: subprocess.Popen[bytes]) -> float:
    """How long the server takes to end once it is told to; 60 where it must be killed."""
    begun = time.monotonic()
    server.terminate()
    try:
        server.wait(60)
    except subprocess.TimeoutExpired:
        kill(server)
    return time.monotonic() - begun


class Memory:
    """The most memory that a process and its children held, in MB."""

    def __init__(self, pid: int) -> None:
        self._pid = pid

    def peak(self) -> float:
        """As the kernel has it."""
        pids, found = [self._pid], 0.0
        while pids:
            pid = pids.pop()
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
            found = max(found, int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024)
            pids += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split())
        return found


def run(installed: Installation, *, many: int, what: str, rate: float, seconds: float) -> int:
    """Measure, and print; the number of things that are not as promised."""
    server = installed.start()
    try:
        installed.wait(90)
        measure(installed, rate / 4, 2, "warm")
        with beside(installed, many, what) as seen:
            found = measure(installed, rate, seconds, "load")
            peak = Memory(server.pid).peak()
            took = end(server)
    except BaseException:
        kill(server)
        raise
    wrong = report(found, *json.loads(installed.python(STORED)), rate)
    p99 = percentile(sorted(found["latencies"]), 0.99)  # type: ignore[call-overload]
    print(
        f"{many} {what}: {dict(seen)}; p99 {p99:.1f} ms of at most {TARGETS[what]:g}; largest process {peak:.0f} MB; "
        f"ended in {took:.1f} s"
    )
    return wrong + (p99 > TARGETS[what]) + (peak > MEMORY_MB) + (took > 15)


def main() -> int:
    """Slow clients, or people who sign in."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow", type=int, default=300)
    parser.add_argument("--sign-ins", type=int, default=0)
    parser.add_argument("--rate", type=float, default=1000)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--crowd", nargs=4, metavar=("PORT", "TOKEN", "MANY", "WHAT"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.crowd:
        port, token, many, what = asked.crowd
        asyncio.run(crowd(int(port), token, int(many), what))
        return 0
    many, what = (asked.sign_ins, "sign-ins") if asked.sign_ins else (asked.slow, "slow")
    with installation() as installed:
        if what == "sign-ins":
            installed.extra["PEAKEND_PROXIES"] = "127.0.0.1"
        return run(installed, many=many, what=what, rate=asked.rate, seconds=asked.seconds)


if __name__ == "__main__":
    raise SystemExit(main())
