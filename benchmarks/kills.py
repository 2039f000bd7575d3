"""Kill the server while it keeps answers: `python -m benchmarks.kills [--kills 200] [--database sqlite|postgres]
[--clients 8]`.

Clients post answers without pause, each under its own key, and repeat what was not acknowledged until it is, some of it
on two connections at once. Again and again, at a random moment, the whole process group of the server is killed with
SIGKILL and started anew. At the end every acknowledged answer must be stored exactly once, with its questionnaire and
its key, the database must be sound, and the columnar copy must equal it.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass, field

from benchmarks.serving import Installation, delivery, installation, kill, percentile, stop, stored_name
from peakend_web.store.identity import identity

CHECK = """
import json
import django
django.setup()
from django.db import connection
from peakend_web.models import Survey
from peakend_web.store import columnar
def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
sound = "ok"
if connection.vendor == "sqlite":
    sound = rows("PRAGMA integrity_check")[0][0]
else:
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        cursor.execute("SELECT bt_index_check(c.oid, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam "
                       "JOIN pg_class t ON t.oid = i.indrelid WHERE a.amname = 'btree' AND t.relname LIKE 'peakend_web_%%'")
answers = dict(rows("SELECT response, COUNT(*) FROM peakend_web_answer GROUP BY response"))
questionnaires = dict(rows("SELECT response, COUNT(*) FROM peakend_web_response GROUP BY response"))
keys = dict(rows("SELECT key, COUNT(*) FROM peakend_web_idempotencykey GROUP BY key"))
numbers = rows("SELECT COUNT(*), COUNT(DISTINCT seq) FROM peakend_web_answer")[0]
different = len(columnar.verify(Survey.objects.get().workspace_id))
print(json.dumps([sound, answers, questionnaires, list(keys), Survey.objects.get().pk, numbers, different]))
"""


@dataclass
class Tally:
    """What the clients saw."""

    posted: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    repeats: int = 0
    other: dict[int, int] = field(default_factory=dict)
    first_ack: asyncio.Event = field(default_factory=asyncio.Event)
    stopping: bool = False


async def post(port: int, token: str, body: bytes) -> int:
    """One request by a connection of its own; its status, 0 where none came back."""
    try:
        reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 5)
    except (OSError, TimeoutError):
        return 0
    try:
        head = (
            f"POST /s/{token}/answers HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
            f"application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        line = await asyncio.wait_for(reader.readline(), 15)
        return int(line[9:12]) if len(line) > 12 else 0
    except (OSError, TimeoutError, ValueError):
        return 0
    finally:
        writer.close()


async def client(number: int, installed: Installation, tally: Tally, chance: random.Random) -> None:
    """Post one answer after another; each until it is acknowledged."""
    count = 0
    while not tally.stopping:
        count += 1
        name = f"c{number:02d}n{count:07d}"
        body = delivery(name, 5 + count % 6)
        tally.posted.add(name)
        while not tally.stopping:
            at_once = 2 if chance.random() < 0.2 else 1
            statuses = await asyncio.gather(*(post(installed.port, installed.token, body) for _ in range(at_once)))
            if 200 in statuses:
                tally.acknowledged.add(name)
                tally.first_ack.set()
                break
            tally.repeats += 1
            for status in statuses:
                if status not in (0, 503):
                    tally.other[status] = tally.other.get(status, 0) + 1
            await asyncio.sleep(chance.uniform(0.05, 0.2) if set(statuses) == {0} else chance.uniform(0.005, 0.05))


async def torment(installed: Installation, kills: int, clients: int, seed: int) -> tuple[Tally, list[float]]:
    """Start, kill at a random moment after the first acknowledgement, and again."""
    chance, tally, restarts = random.Random(seed), Tally(), []
    tasks = [
        asyncio.create_task(client(number, installed, tally, random.Random(seed + number))) for number in range(clients)
    ]
    for round_ in range(kills + 1):
        tally.first_ack.clear()
        begun = time.perf_counter()
        server = await asyncio.to_thread(installed.start)
        await asyncio.wait_for(tally.first_ack.wait(), 120)
        restarts.append(time.perf_counter() - begun)
        await asyncio.sleep(chance.uniform(0, 1))
        if round_ < kills:
            await asyncio.to_thread(kill, server)
        if sys.stderr.isatty():
            print(f"\r{round_}/{kills} kills, {len(tally.acknowledged)} acknowledged", end="", file=sys.stderr)
    tally.stopping = True
    await asyncio.gather(*tasks)
    await asyncio.to_thread(stop, server)
    return tally, restarts


def judge(installed: Installation, tally: Tally, restarts: list[float], kills: int) -> int:
    """Print what was found; the number of things that are not as promised."""
    sound, answers, questionnaires, keys, survey, numbers, different = json.loads(installed.python(CHECK))
    posted = {stored_name(survey, name): identity("survey", survey, f"key-{name}") for name in tally.posted}
    named = {posted.get(response, response) for response in answers}
    missing = {name for name in tally.acknowledged if answers.get(stored_name(survey, name)) != 1}
    twice = sum(1 for count in answers.values() if count != 1)
    halves = len(answers.keys() ^ questionnaires.keys()) + len(named ^ set(keys))
    restarts.sort()
    print(
        f"{kills} kills; {len(tally.acknowledged)} acknowledged, {len(answers)} stored; {tally.repeats} repeated "
        f"requests; other statuses {tally.other}"
    )
    print(
        f"missing {len(missing)}; stored twice {twice}; half-written {halves}; numbers used twice "
        f"{numbers[0] - numbers[1]}"
    )
    print(f"database {sound}; days on which the copy differs {different}")
    print(
        f"start to first acknowledgement: p50 {percentile(restarts, 0.5):.2f} s, p99 {percentile(restarts, 0.99):.2f} "
        f"s, max {restarts[-1]:.2f} s"
    )
    return len(missing) + twice + halves + numbers[0] - numbers[1] + different + (sound != "ok") + len(tally.other)


def main() -> int:
    """Torment, then judge."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    asked = parser.parse_args()
    with installation(asked.database) as installed:
        tally, restarts = asyncio.run(torment(installed, asked.kills, asked.clients, asked.seed))
        return judge(installed, tally, restarts, asked.kills)


if __name__ == "__main__":
    raise SystemExit(main())
