"""Five hundred people behind one address, and a flood beside them: `python -m benchmarks.crowd [--seconds 300]
[--people 500] [--forged 10000] [--database sqlite|postgres]`.

Each person opens the page, reads for a moment, taps once, and sends; where the page is given a puzzle it solves it, as
its worker would. Meanwhile a machine posts answers without a page: without a token, with one that is made up, and with
one that it has seen. Afterwards it is counted who was refused, and who is in the figures.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import re
import time
from collections import Counter
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from benchmarks.serving import ITEM, Installation, installation, percentile, stop

COUNTED = """
import json
import django
django.setup()
from peakend_web.models import Answer
rows = Answer.objects.filter(state="answered", item="recommend").values_list("value", "aside")
print(json.dumps([[value, aside] for value, aside in rows]))
"""
HARDEST = 130_000
FORGED, HONEST = 0, 9
"""What a machine and what people answer, by which they are told apart afterwards."""
READING_S = (1.0, 4.0)
CROWD = 600
"""As it is set where nobody says otherwise."""


@dataclass
class Found:
    """What people and the machine were told, and how long people waited for it."""

    latencies: list[float] = field(default_factory=list)
    people: Counter[int] = field(default_factory=Counter)
    machine: Counter[int] = field(default_factory=Counter)
    puzzles: int = 0
    seen: list[str] = field(default_factory=list)


async def ask(port: int, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
    """One request by a connection of its own."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{head}Content-Type: application/json\r\n\r\n".encode() + body)
    reply = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    head_of_reply, _, rest = reply.partition(b"\r\n\r\n")
    return int(head_of_reply[9:12]), rest


def solution(token: str, puzzle: str) -> int | None:
    """The number that is hidden in a hash, as the page's worker finds it."""
    return next(
        (each for each in range(HARDEST) if hashlib.sha256(f"{token}.{each}".encode()).hexdigest() == puzzle), None
    )


async def person(installed: Installation, found: Found, solver: Executor) -> None:
    """Somebody opens the page, reads, taps, and sends."""
    page = (await ask(installed.port, "GET", f"/s/{installed.token}"))[1].decode()
    response, token = (_field(page, f'name="{name}" value="([^"]+)"') for name in ("response", "token"))
    found.seen.append(token)
    begun, puzzle, proof = time.perf_counter(), _field(page, 'data-puzzle="([^"]+)"'), {}
    loop = asyncio.get_running_loop()
    if puzzle:
        found.puzzles += 1
        proof = {"proof": await loop.run_in_executor(solver, solution, token, puzzle)}
    await asyncio.sleep(max(0.0, random.uniform(*READING_S) - (time.perf_counter() - begun)))
    for at, done in enumerate((False, True)):
        answer = {"field": ITEM, "value": HONEST, "revision": 1}
        sent: dict[str, Any] = {"response": response, "token": token, "answers": [answer], "done": done, **proof}
        told = await _post(installed, found, {**sent, "key": f"{response}-{at}"})
        if puzzle := json.loads(told).get("puzzle") if told else None:
            found.puzzles += 1
            proof = {"proof": await loop.run_in_executor(solver, solution, token, puzzle)}
            await _post(installed, found, {**sent, **proof, "key": f"{response}-{at}-solved"})


def _field(page: str, pattern: str) -> str:
    named = re.search(pattern, page)
    return named[1] if named else ""


async def _post(installed: Installation, found: Found, sent: dict[str, Any]) -> bytes:
    begun = time.perf_counter()
    status, told = await ask(installed.port, "POST", f"/s/{installed.token}/answers", json.dumps(sent).encode())
    found.latencies.append((time.perf_counter() - begun) * 1000)
    found.people[status] += 1
    return told if status == 200 else b""


async def forge(installed: Installation, found: Found, at: int) -> None:
    """A machine answers without a page."""
    tokens = ("", f"{time.time_ns() // 1000:x}.{'a' * 22}", random.choice(found.seen or [""]))
    answer = {"field": ITEM, "value": FORGED, "revision": 1}
    sent = {"key": f"forged-{at:08d}", "response": f"forged-without-end-{at:08d}", "token": tokens[at % 3]}
    body = json.dumps({**sent, "answers": [answer], "done": True}).encode()
    found.machine[(await ask(installed.port, "POST", f"/s/{installed.token}/answers", body))[0]] += 1


async def crowd(installed: Installation, people: int, forged: int, seconds: float) -> Found:
    """All of them, each at its time."""
    found, begun = Found(), time.perf_counter()
    with ProcessPoolExecutor(1) as solver:

        async def at(when: float, what: Any) -> None:
            await asyncio.sleep(max(0.0, begun + when - time.perf_counter()))
            await what

        arrivals = [at(seconds * each / people, person(installed, found, solver)) for each in range(people)]
        flood = [at(seconds * each / forged, forge(installed, found, each)) for each in range(forged)]
        await asyncio.gather(*arrivals, *flood)
    return found


def report(found: Found, rows: list[tuple[float, str | None]], people: int) -> int:
    """Print the figures; the number of things that are not as promised."""
    latencies = sorted(found.latencies)
    refused = sum(many for status, many in found.people.items() if status != 200)
    counted = Counter(value for value, aside in rows if aside is None)
    print(f"people {people}: replies {dict(found.people)}, counted {counted[HONEST]}, puzzles {found.puzzles}")
    print(f"forged: replies {dict(found.machine)}, counted {counted[FORGED]}")
    shares = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
    print("  ".join(f"{name} {percentile(latencies, share):.1f} ms" for name, share in shares.items()))
    return refused + counted[FORGED] + people - counted[HONEST]


def main() -> int:
    """Let them come, then count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    parser.add_argument("--forged", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=300)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    asked = parser.parse_args()
    with installation(asked.database) as installed:
        installed.crowd = CROWD
        server = installed.start()
        try:
            installed.wait()
            found = asyncio.run(crowd(installed, asked.people, asked.forged, asked.seconds))
        finally:
            stop(server)
        return report(found, json.loads(installed.python(COUNTED)), asked.people)


if __name__ == "__main__":
    raise SystemExit(main())
