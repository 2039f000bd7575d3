"""What it costs to see new answers: `python -m benchmarks.refresh [--rows 1000000] [--new 10000] [--database
sqlite|postgres]`.

A million answers of a quarter of a million visits are kept and copied. Then, in rounds, ten thousand new ones come in
and the copy is refreshed; against it stands the rebuild of the whole copy. CPU time is compared beside wall time. At
the end the copy is proved equal to the truth, and the home page is opened as manager Wu would open it: warm, and right
after new answers.
"""

from __future__ import annotations

import argparse
import http.client
import json
import time

from benchmarks.serving import Installation, installation, percentile, stop

FILL = """
import json, random, sys, time
import django
django.setup()
from peakend_web.models import Service
from peakend_web.store.rows import AnswerRow
from peakend_web.store import columnar, statements, writer
from peakend_web.store.deliveries import Delivery
rows, new, rounds = map(int, sys.argv[1:])
service = Service.objects.get()
TOUCHPOINTS = ("register", "wait", "consult")
DAY = 86_400_000_000
def fixed(at, visit, site, language):
    own = {"workspace_id": service.workspace_id, "service_id": service.pk, "source": "bench", "visit": visit, "response": visit}
    return {**own, "at_us": at, "day": at // DAY, "site": site, "channel": "link", "survey": "after-visit", "segments": '{"language":"%s"}' % language}
def visit_rows(number, chance):
    visit, site, language = f"v{number}", chance.choice(("east", "west")), chance.choice(("en", "zh-Hant", "zh-Hans"))
    at = 1_730_000_000_000_000 + number * 120_000_000
    head = fixed(at, visit, site, language)
    def row(item, construct, touchpoint, value, low, high, role="score", text=None):
        state = "answered" if value is not None or text else "skipped"
        said = {"item": item, "construct": construct, "touchpoint": touchpoint, "role": role, "state": state, "value": value, "text": text}
        return AnswerRow(**head, **said, low=low, high=high, source_key=f"{visit}:{item}")
    yield row("recommend", "nps", None, float(min(10, max(0, round(chance.gauss(8, 2))))), 0.0, 10.0)
    for place, mean in zip(TOUCHPOINTS, (4, 2.8, 4.4)):
        yield row(place, place, place, float(min(5, max(1, round(chance.gauss(mean, 1))))) if chance.random() > 0.03 else None, 1.0, 5.0)
    if number % 25 == 0:
        yield row("why", "wait", "wait", None, None, None, "comment", chance.choice(("waited two hours", "the doctor listened", "nobody told us")))
def keep(first, many, chance):
    kept, number = 0, first
    while kept < many:
        batch = []
        while len(batch) < 2_000 and kept + len(batch) < many:
            batch.extend(visit_rows(number, chance))
            number += 1
        writer.deliver(Delivery(workspace=service.workspace_id, answers=batch))
        kept += len(batch)
    return number
def timed(work):
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return time.perf_counter() - wall, time.process_time() - cpu, result
chance = random.Random(11)
fill = time.perf_counter()
number = keep(0, rows, chance)
filled = time.perf_counter() - fill
first = timed(lambda: columnar.refresh(service.workspace_id))[:2]
refreshes, rebuilds = [], []
for _ in range(rounds):
    number = keep(number, new, chance)
    refreshes.append(timed(lambda: columnar.refresh(service.workspace_id))[:2])
    rebuilds.append(timed(lambda: columnar.rebuild(service.workspace_id))[:2])
nothing = min(timed(lambda: columnar.refresh(service.workspace_id))[0] for _ in range(20))
proved = timed(lambda: columnar.verify(service.workspace_id))
table = columnar.refresh(service.workspace_id).tables["answers"]
print(json.dumps({"filled": rows / filled, "first": first, "refreshes": refreshes, "rebuilds": rebuilds, "nothing": nothing,
                  "proved": proved[0], "different": len(proved[2]), "rows": table.rows, "number": number}))
writer.close()
"""

SESSION = """
import django
django.setup()
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from peakend_web.models import Person
wu = Person.objects.get()
session = SessionStore()
session[SESSION_KEY] = str(wu.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = wu.get_session_auth_hash()
session.save()
print(session.session_key)
"""

HOME = "/w/harbour/outpatient/"


def get(installed: Installation, where: str, cookie: str) -> float:
    """Open a page; how many ms until it is whole."""
    connection = http.client.HTTPConnection("127.0.0.1", installed.port, timeout=120)
    begun = time.perf_counter()
    connection.request("GET", where, headers={"Cookie": f"peakend_session={cookie}", "Accept-Language": "en"})
    reply = connection.getresponse()
    body = reply.read()
    took = (time.perf_counter() - begun) * 1000
    connection.close()
    assert reply.status == 200, (reply.status, body[:500])
    return took


def pages(installed: Installation, times: int) -> None:
    """Print how fast the home page opens."""
    cookie = installed.python(SESSION)
    server = installed.start()
    try:
        installed.wait(120)
        cold = get(installed, HOME, cookie)
        warm = sorted(get(installed, HOME, cookie) for _ in range(times))
        narrowed = sorted(
            get(installed, f"{HOME}?site=east&language=en&from=2024-11-{1 + each % 28:02d}", cookie)
            for each in range(times // 4)
        )
        after = []
        for each in range(times // 4):
            answer = {
                "key": f"fresh-{each:08d}",
                "response": f"fresh-{each:016d}",
                "answers": [{"field": "recommend", "value": 9, "revision": 1}],
            }
            assert installed.post(json.dumps(answer).encode())[0] == 200
            after.append(get(installed, HOME, cookie))
    finally:
        stop(server)
    after.sort()
    print(
        f"home page: first {cold:.0f} ms; warm p50 {percentile(warm, 0.5):.0f} ms, p95 {percentile(warm, 0.95):.0f} ms"
    )
    print(f"narrowed, each filter new: p50 {percentile(narrowed, 0.5):.0f} ms, p95 {percentile(narrowed, 0.95):.0f} ms")
    print(f"each right after a new answer: p50 {percentile(after, 0.5):.0f} ms, p95 {percentile(after, 0.95):.0f} ms")


def main() -> int:
    """Measure and print; 1 where the copy is wrong or refreshing costs more than a tenth of rebuilding."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--new", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--pages", type=int, default=100)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    asked = parser.parse_args()
    with installation(asked.database) as installed:
        found = json.loads(installed.python(FILL, str(asked.rows), str(asked.new), str(asked.rounds)).splitlines()[-1])
        wall, cpu = (sorted(each[at] for each in found["refreshes"])[asked.rounds // 2] for at in (0, 1))
        whole_wall, whole_cpu = (sorted(each[at] for each in found["rebuilds"])[asked.rounds // 2] for at in (0, 1))
        print(
            f"kept {found['filled']:.0f} answers/s in batches of 2,000; first copy of {asked.rows} in "
            f"{found['first'][0]:.2f} s"
        )
        print(
            f"refresh after {asked.new}: {wall * 1000:.0f} ms ({cpu * 1000:.0f} ms CPU); rebuild: {whole_wall:.2f} s "
            f"({whole_cpu:.2f} s CPU)"
        )
        print(
            f"ratio {wall / whole_wall:.3f} ({cpu / whole_cpu:.3f} by CPU); with nothing new "
            f"{found['nothing'] * 1000:.1f} ms"
        )
        print(
            f"proof that copy and truth are equal: {found['proved']:.2f} s, {found['different']} days differ, "
            f"{found['rows']} rows"
        )
        pages(installed, asked.pages)
        return int(found["different"] > 0 or cpu / whole_cpu > 0.1)


if __name__ == "__main__":
    raise SystemExit(main())
