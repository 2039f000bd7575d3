"""The columnar copy and the home page over many answers: `python -m benchmarks.refresh [--answers 1000000] [--new 10000] [--database sqlite|postgres]`.

The airport's answers are brought in again and again, each time by other passengers, until there are as many as asked for. Then the copy is
rebuilt from the truth, new answers come in, and the copy is refreshed by what is new; both are timed as CPU time of the process, and the
copy is compared with the truth. The home page is then asked for, warm, and once more after each of a few new answers.
"""

from __future__ import annotations

import argparse
import json

from benchmarks.serving import installation

MEASURE = """
import json, sys, time
import django
django.setup()
import pyarrow as pa
from django.test import Client
from peakend import samples
from peakend.facts import conform
from peakend_web import copy, shown
from peakend_web.actions import demo
from peakend_web.actions.imports import import_facts
from peakend_web.models import Answer

many, new = int(sys.argv[1]), int(sys.argv[2])
made = demo.set_up_demo()
service = made.workspace.services.get(slug="airport")
rows = samples.sample("airport").frame.collect().to_arrow()

def bring(times, first, most):
    parts = []
    for k in range(first, first + times):
        for name in ("response", "visit", "customer", "source_key"):
            if name in rows.column_names:
                column = pa.compute.binary_join_element_wise(rows[name].cast(pa.string()), pa.scalar(str(k)), "~")
                part = rows if name == "response" else part
                part = part.set_column(part.column_names.index(name), name, column)
        parts.append(part)
    table = pa.concat_tables(parts).slice(0, most)
    import_facts(actor=made.person, service=service, name=f"more-{first}", digest=f"more-{first}-{most}", answers=conform(table, check=False))

import pyarrow.compute
held = Answer.objects.filter(service=service).count()
step = 5
k = 1
while held < many:
    bring(step, k, min(step * rows.num_rows, many - held))
    k += step
    held = Answer.objects.filter(service=service).count()

def cost(work):
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu

copy.refresh(made.workspace.pk)
rebuild = sorted(cost(lambda: copy.rebuild(made.workspace.pk)) for _ in range(3))[1]
refreshes = []
for n in range(3):
    bring(1, 10_000 + n, new)
    refreshes.append(cost(lambda: copy.refresh(made.workspace.pk)))
refresh = sorted(refreshes)[1]
wrong = copy.verify(made.workspace.pk)

client = Client(SERVER_NAME="127.0.0.1")
client.force_login(made.person, backend="django.contrib.auth.backends.ModelBackend")
address = "/w/demo/airport/"
def ask():
    begun = time.perf_counter()
    assert client.get(address).status_code == 200
    return 1000 * (time.perf_counter() - begun)
first = ask()
warm = sorted(ask() for _ in range(100))
after = []
for n in range(10):
    bring(1, 20_000 + n, 1)
    after.append(ask())
print(json.dumps({"answers": Answer.objects.filter(service=service).count(), "rebuild": rebuild, "refresh": refresh, "differences": [str(each) for each in wrong],
    "first": first, "warm": warm, "after": sorted(after)}))
"""


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--answers", type=int, default=1_000_000)
    parser.add_argument("--new", type=int, default=10_000)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    asked = parser.parse_args()
    with installation(asked.database) as made:
        found = json.loads(made.python(MEASURE, str(asked.answers), str(asked.new)).splitlines()[-1])
    warm, after = found["warm"], found["after"]
    print(f"{found['answers']:,} answers on {asked.database}; the copy differs from the truth in {len(found['differences'])} days\n")
    print("".join(f"{each}\n" for each in found["differences"]))
    print("| what | wall s | CPU s |\n| --- | --- | --- |")
    for what in ("rebuild", "refresh"):
        print(f"| {what} | {found[what][0]:.2f} | {found[what][1]:.2f} |")
    print(f"| refresh ÷ rebuild | {found['refresh'][0] / found['rebuild'][0]:.3f} | {found['refresh'][1] / found['rebuild'][1]:.3f} |\n")
    print(f"home page: first {found['first']:.0f} ms; warm p50 {warm[50]:.0f} ms, p95 {warm[95]:.0f} ms;", end=" ")
    print(f"right after a new answer p50 {after[5]:.0f} ms, worst {after[-1]:.0f} ms")


if __name__ == "__main__":
    main()
