"""Durable submissions under an open load: `python -m benchmarks.load [--rate 1000] [--seconds 60] [--database
sqlite|postgres]`.

A generator in a process of its own sends one answer at each tick of a fixed schedule, whether or not earlier ones have
been answered, and measures each from the tick at which it was due. So a server that stalls is charged for everyone who
would have been waiting. Afterwards every acknowledged answer must be stored exactly once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections import Counter

from benchmarks.serving import ROOT, Installation, delivery, installation, percentile, stop, stored_name

STORED = """
import json, sys
import django
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT response, COUNT(*) FROM peakend_web_answer GROUP BY response")
    answers = dict(cursor.fetchall())
    cursor.execute("SELECT id FROM peakend_web_survey")
    print(json.dumps([cursor.fetchone()[0], answers]))
"""


class Line(asyncio.Protocol):
    """One connection that is kept open, with at most one request on it."""

    def __init__(self) -> None:
        self.reply: asyncio.Future[int] | None = None
        self.buffer = b""
        self.open = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), 0
        )
        if len(rest) >= length and self.reply and not self.reply.done():
            self.reply.set_result(int(head[9:12]))
            self.buffer = b""

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self.open = False
        if self.reply and not self.reply.done():
            self.reply.set_result(0)


async def generate(port: int, token: str, rate: float, seconds: float, prefix: str) -> dict[str, object]:
    """Send at every tick; latencies in ms from the tick, by the status that came back."""
    loop = asyncio.get_running_loop()
    idle: list[Line] = []
    head = f"POST /s/{token}/answers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ".encode()
    latencies: list[float] = []
    statuses: Counter[int] = Counter()
    kept: list[str] = []

    async def one(name: str, value: int, due: float) -> None:
        body = delivery(name, value)
        # A server closes a connection that has long been idle; like a browser, take another then.
        line = next((each for each in iter(lambda: idle.pop() if idle else None, None) if each.open), None)
        try:
            line = line or (await loop.create_connection(Line, "127.0.0.1", port))[1]
            line.reply = loop.create_future()
            line.transport.write(head + str(len(body)).encode() + b"\r\n\r\n" + body)
            status = await asyncio.wait_for(line.reply, 30)
        except (OSError, TimeoutError):
            status = -1
        latencies.append((time.perf_counter() - due) * 1000)
        statuses[status] += 1
        if status == 200 and line:
            kept.append(name)
            idle.append(line)

    idle.extend([(await loop.create_connection(Line, "127.0.0.1", port))[1] for _ in range(32)])
    running: set[asyncio.Task[None]] = set()
    begun = time.perf_counter() + 0.1
    for tick in range(int(rate * seconds)):
        due = begun + tick / rate
        if (delay := due - time.perf_counter()) > 0:
            await asyncio.sleep(delay)
        task = asyncio.create_task(one(f"{prefix}{tick:016d}", 2 if tick % 100 == 0 else 5 + tick % 6, due))
        running.add(task)
        task.add_done_callback(running.discard)
    await asyncio.gather(*running)
    elapsed = time.perf_counter() - begun
    return {"latencies": latencies, "statuses": dict(statuses), "kept": kept, "elapsed": elapsed}


def measure(installed: Installation, rate: float, seconds: float, prefix: str) -> dict[str, object]:
    """Run the generator in its own process."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.load",
        "--generate",
        str(installed.port),
        installed.token,
        prefix,
        "--rate",
        str(rate),
        "--seconds",
        str(seconds),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    found: dict[str, object] = json.loads(done.stdout)
    return found


def report(found: dict[str, object], survey: int, stored: dict[str, int], rate: float) -> int:
    """Print the figures; the number of things that are not as promised."""
    latencies = sorted(found["latencies"])  # type: ignore[call-overload]
    statuses = {int(status): count for status, count in found["statuses"].items()}  # type: ignore[attr-defined]
    kept: list[str] = found["kept"]  # type: ignore[assignment]
    errors = sum(count for status, count in statuses.items() if status != 200)
    missing = [name for name in kept if stored.get(stored_name(survey, name)) != 1]
    twice = [name for name, count in stored.items() if count > 1]
    print(
        f"offered {rate:g}/s; answered {len(latencies) / found['elapsed']:.0f}/s over {found['elapsed']:.1f} s; "
        f"statuses {statuses}"
    )  # type: ignore[operator]
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "p99.9": 0.999}
    print(
        "  ".join(f"{name} {percentile(latencies, share):.1f} ms" for name, share in shares.items()),
        f" max {latencies[-1]:.1f} ms",
    )
    print(f"errors {errors}; acknowledged {len(kept)}; missing {len(missing)}; stored twice {len(twice)}")
    return errors + len(missing) + len(twice)


def main() -> int:
    """Measure, then count what is on disk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--generate", nargs=3, metavar=("PORT", "TOKEN", "PREFIX"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.generate:
        print(
            json.dumps(
                asyncio.run(
                    generate(int(asked.generate[0]), asked.generate[1], asked.rate, asked.seconds, asked.generate[2])
                )
            )
        )
        return 0
    with installation(asked.database) as installed:
        server = installed.start()
        try:
            installed.wait()
            measure(installed, asked.rate / 4, 2, "warm")
            found = measure(installed, asked.rate, asked.seconds, "load")
        finally:
            stop(server)
        return report(found, *json.loads(installed.python(STORED)), asked.rate)


if __name__ == "__main__":
    raise SystemExit(main())
