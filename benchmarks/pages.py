"""What a page costs right after a new answer: `python -m benchmarks.pages [--rows 1000000 10000000] [--times 25]`.

For each size an installation is filled (SQLite, by one statement: how answers come in is measured elsewhere), copied
once, and served. Manager Wu opens the home page, the page of the promoter score, the journey with what happened at each
touchpoint (of every visit an arrival and a wait, of one in fifty a failure), the blueprint, the map of the design and
the faces of it that show what was measured: for the first time, again, and each time right after one more answer, which
is on disk and counted before the page is asked for. CPU time is that of the server's process; the time of the page is
the clock's.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.refresh import HOME, SESSION, get
from benchmarks.serving import Installation, installation, percentile, stop

FILL = """
import sys, time
import django
django.setup()
from django.db import connection
from peakend_web.models import Service
from peakend_web.store import columnar
from peakend_web.store.deliveries import take_numbers
visits = int(sys.argv[1]) // 4
service = Service.objects.get()
DAY, SPAN = 86_400_000_000, 2 * 365 * 86_400_000_000
names = ("workspace_id", "service_id", "seq", "first_seq", "visit", "at_us", "day", "site", "channel", "segments", "touchpoint", "value", "source",
         "source_key", "revision", "response", "respondent_kind", "survey", "item", "construct", "role", "state", "low", "high", "weight", "text")
with connection.cursor() as cursor:
    first, events = take_numbers(visits * 5), take_numbers(visits * 3)
    cursor.execute(f'''
        WITH RECURSIVE v(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM v WHERE i < {visits - 1}),
        said AS (SELECT i, q.*, 1730000000000000 + i * ({SPAN} / {visits}) AS at, abs(random()) AS r FROM v, (
            SELECT 0 AS k, 'recommend' AS item, 'nps' AS construct, NULL AS touchpoint, 0.0 AS low, 10.0 AS high, 'score' AS role
            UNION ALL SELECT 1, 'register', 'register', 'register', 1.0, 5.0, 'score'
            UNION ALL SELECT 2, 'wait', 'wait', 'wait', 1.0, 5.0, 'score'
            UNION ALL SELECT 3, 'consult', 'consult', 'consult', 1.0, 5.0, 'score'
            UNION ALL SELECT 4, 'why', 'wait', 'wait', NULL, NULL, 'comment') q WHERE k < 4 OR i % 25 = 0)
        INSERT INTO peakend_web_answer ({", ".join(names)})
        SELECT {service.workspace_id}, {service.pk}, {first} + 5 * i + k, {first} + 5 * i + k, 'v' || i, at, at / {DAY},
               CASE i % 2 WHEN 0 THEN 'east' ELSE 'west' END, 'link', '{{"language":"' || CASE i % 3 WHEN 0 THEN 'en' ELSE 'zh-Hant' END || '"}}',
               touchpoint, CASE WHEN k = 4 OR r % 33 = 0 THEN NULL WHEN k = 0 THEN (r % 4) + 7.0 ELSE 1.0 + (r / 7) % 5 END, 'bench', i || ':' || k, 0, 'v' || i,
               'customer', 'after-visit', item, construct, role, CASE WHEN k < 4 AND r % 33 = 0 THEN 'skipped' ELSE 'answered' END, low, high, 1.0,
               CASE WHEN k = 4 THEN CASE r % 3 WHEN 0 THEN 'waited two hours' ELSE 'the doctor listened ' || i END END FROM said''')
    cursor.execute(f'''
        WITH RECURSIVE v(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM v WHERE i < {visits - 1}),
        went AS (SELECT i, q.*, 1730000000000000 + i * ({SPAN} / {visits}) + k * 60000000 AS at, abs(random()) AS r FROM v, (
            SELECT 0 AS k, 'arrive' AS kind, 'register' AS touchpoint, NULL AS indicator
            UNION ALL SELECT 1, 'wait', 'wait', NULL
            UNION ALL SELECT 2, 'fail', 'register', 'card-unread') q WHERE k < 2 OR i % 50 = 0)
        INSERT INTO peakend_web_event (workspace_id, service_id, seq, first_seq, visit, at_us, until_us, day, site, channel, segments, touchpoint,
                                       kind, indicator, value, source, source_key, revision)
        SELECT {service.workspace_id}, {service.pk}, {events} + 3 * i + k, {events} + 3 * i + k, 'v' || i, at,
               CASE WHEN k = 1 THEN at + 60000000 * (1 + r % 40) END, at / {DAY}, CASE i % 2 WHEN 0 THEN 'east' ELSE 'west' END, 'link', '{{}}',
               touchpoint, kind, indicator, CASE WHEN k = 1 THEN 20.0 END, 'bench', i || ':' || k, 0 FROM went''')
begun = time.perf_counter()
table = columnar.refresh(service.workspace_id).tables["answers"]
took = time.perf_counter() - begun
columnar.tidy(service.workspace_id)
print(table.rows, took)
"""

NPS = HOME + "methods/nps/"
FACES = ("moments", "people", "standards", "strategy")
"""Faces of the design that show what was measured."""


def cpu_s(pid: int) -> float:
    """Seconds of processor time that a process and its children have used."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if pid in {int(stat.parent.name), int(fields[1]), int(fields[2])}:
            total += (int(fields[11]) + int(fields[12])) / 100
    return total


def measured(rows: int, times: int) -> dict[str, float]:
    with installation("sqlite") as installed:
        filled, copied = installed.python(FILL, str(rows)).split()[-2:]
        found = {"rows": float(filled), "first copy": float(copied) * 1000}
        cookie = installed.python(SESSION)
        server = installed.start()
        try:
            installed.wait(600)
            for name, page in (
                ("home", HOME),
                ("nps", NPS),
                ("journey", HOME + "journey/"),
                ("blueprint", HOME + "blueprint/"),
                ("map", HOME + "design/"),
                *((face, f"{HOME}design/faces/{face}/") for face in FACES),
            ):
                found[f"{name} first"] = get(installed, page, cookie)
                warm = sorted(get(installed, page, cookie) for _ in range(times))
                found |= {f"{name} warm p50": percentile(warm, 0.5), f"{name} warm p95": percentile(warm, 0.95)}
                begun = cpu_s(server.pid)
                after = sorted(after_an_answer(installed, page, cookie, f"{name}{each}") for each in range(times))
                found[f"{name} after CPU"] = (cpu_s(server.pid) - begun) / times * 1000
                found |= {f"{name} after p50": percentile(after, 0.5), f"{name} after p95": percentile(after, 0.95)}
        finally:
            stop(server)
    return found


def after_an_answer(installed: Installation, page: str, cookie: str, key: str) -> float:
    answer = {
        "key": f"fresh-{key:0>8}",
        "response": f"fresh-{key:0>16}",
        "answers": [{"field": "recommend", "value": 9, "revision": 1}],
    }
    assert installed.post(json.dumps(answer).encode())[0] == 200
    return get(installed, page, cookie)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--times", type=int, default=25)
    asked = parser.parse_args()
    found = [measured(rows, asked.times) for rows in asked.rows]
    print(
        "| ms |" + "".join(f" {int(each['rows']):,} answers |" for each in found) + "\n| --- |" + " --: |" * len(found)
    )
    for name in found[0]:
        if name != "rows":
            print(f"| {name} | " + " | ".join(f"{each[name]:.0f}" for each in found) + " |")


if __name__ == "__main__":
    main()
