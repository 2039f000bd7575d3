"""An installation as an earlier version left it, brought up to date: `python -m tests.web.running.upgrading MIGRATION`,
in a process of its own.

The rows are written through the models of that time; the pages are then read with what is there now. What was read is
printed as JSON.
"""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from peakend_web.running.commands import open_installation

open_installation("var")

import django  # noqa: E402 — the installation must be open before Django reads its settings

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.migrations.executor import MigrationExecutor  # noqa: E402
from django.test import Client  # noqa: E402

from peakend.service import as_data, loads  # noqa: E402
from peakend_web.base import trail  # noqa: E402
from peakend_web.base.trail import chain  # noqa: E402
from peakend_web.models import Person, Workspace  # noqa: E402
from peakend_web.running import server  # noqa: E402
from peakend_web.store import columnar  # noqa: E402

NOW = datetime(2026, 11, 2, 4, tzinfo=UTC)
DAY = 20_759
TOKEN = "the-old-token"  # noqa: S105 — a survey's public address
OUTPATIENT = (Path(__file__).parents[1] / "outpatient.yaml").read_text(encoding="utf-8")
PAGES = (
    "",
    "journey/",
    "methods/",
    "methods/nps/",
    "words/",
    "surveys/",
    "data/",
    "versions/",
    "versions/1/",
    "answers.parquet",
)
WORKSPACE = ("", "cases/", "cases/1/", "people/", "settings/", "keys/", "audit/", "services/")


def as_it_was(migration: str) -> None:
    """The tables of that time, with rows in each."""
    call_command("migrate", "peakend_web", migration, verbosity=0)
    executor = MigrationExecutor(connection)
    apps = executor.loader.project_state([("peakend_web", migration)]).apps
    made = {model.__name__: model.objects for model in apps.get_app_config("peakend_web").get_models()}
    olivia = made["Person"].create(email="olivia@harbour.example", name="Olivia Wang", is_active=True)
    workspace = made["Workspace"].create(slug="harbour", name="Harbour Clinic", timezone="Asia/Taipei")
    made["Site"].create(workspace=workspace, key="east", name="East")
    made["Membership"].create(workspace=workspace, person=olivia, role="owner")
    service = made["Service"].create(workspace=workspace, slug="outpatient", title={"en": "Outpatient visit"})
    service.current = made["ServiceVersion"].create(
        service=service, number=1, document=as_data(loads(OUTPATIENT)), text=OUTPATIENT, made_by=olivia
    )
    service.save()
    facts_of(made, workspace, service, olivia)
    said = {
        "verb": "change_workspace",
        "object_type": "workspace",
        "object_id": "1",
        "after": {"name": "Harbour Clinic"},
    }
    entry = made["AuditEntry"].model(workspace=workspace, number=1, actor=olivia, at=NOW, **said)
    entry.digest = chain.digest(entry, "")
    entry.save()


def facts_of(made: dict[str, Any], workspace: Any, service: Any, olivia: Any) -> None:
    """A survey that hangs at a counter, its answers, a file, an event, a case, and a key that was used."""
    survey = made["Survey"].create(
        workspace=workspace,
        service=service,
        version=service.current,
        item="after-visit",
        token=TOKEN,
        published_by=olivia,
    )
    place = made["Place"].create(survey=survey, code="counter1", label="Counter 1", site="east")
    imported = made["Import"].create(
        workspace=workspace,
        service=service,
        name="visits.csv",
        digest="d1",
        status="done",
        total=2,
        written=2,
        by=olivia,
    )
    if hasattr(imported, "counted_seq"):
        imported.counted_seq = 44
        imported.save()
    common = {"workspace": workspace, "service": service, "day": DAY, "site": "east", "survey": "after-visit"}
    for n in range(42):
        own = {
            "seq": n + 1,
            "first_seq": n + 1,
            "response": f"r{n}",
            "at_us": DAY * 86_400_000_000 + n,
            "source_key": f"{n}/recommend",
        }
        source = {"source": "file:d1", "imported": imported} if n >= 40 else {"source": "survey:1"}
        score = {"item": "recommend", "construct": "nps", "value": 9.0 if n % 2 else 3.0, "low": 0.0, "high": 10.0}
        made["Answer"].create(**common, **own, **source, **score, segments='{"purpose": "first"}')
        made["Response"].create(
            workspace=workspace,
            survey=survey,
            place=place,
            response=f"r{n}",
            language="en",
            started_us=1,
            moved_us=2,
            completed_us=2,
        )
    made["Answer"].create(
        **common,
        seq=43,
        first_seq=43,
        response="r0",
        source="survey:1",
        source_key="0/why",
        item="why",
        role="comment",
        text="Cold.",
    )
    made["Event"].create(
        workspace=workspace,
        service=service,
        seq=44,
        first_seq=44,
        visit="v1",
        at_us=1,
        day=DAY,
        kind="arrive",
        source="door",
        source_key="1",
    )
    made["FactClock"].create(pk=1, value=44)
    made["IdempotencyKey"].create(workspace=workspace, key="k", fingerprint="f", reply="{}", made_us=1)
    made["Case"].create(
        workspace=workspace, service=service, source="survey:1", source_key="0/recommend", response="r0",
        touchpoint="wait", site="east",
        item="recommend", value=3.0, low=0.0, high=10.0, words="Cold.", opened_at=NOW, due_at=NOW,
    )  # fmt: skip


def as_it_is() -> dict[str, Any]:
    """What somebody reads after the upgrade, which is what each start does."""
    server.bring_up_to_date(sys.stderr)
    client = Client(SERVER_NAME="127.0.0.1", headers={"accept-language": "en"})
    client.force_login(Person.objects.get(), backend="django.contrib.auth.backends.ModelBackend")
    replies = {where: client.get(f"/w/harbour/outpatient/{where}") for where in PAGES}
    replies |= {f"/{where}": client.get(f"/w/harbour/{where}", follow=True) for where in WORKSPACE}
    replies |= {
        where: Client(SERVER_NAME="127.0.0.1").get(where, follow=True)
        for where in (f"/s/{TOKEN}", f"/s/{TOKEN}?at=counter1")
    }
    reply = client.get("/w/harbour/outpatient/methods/nps.json")
    (figures,) = (
        reply.json() if reply.status_code == 200 else [{"n": reply.status_code, "promoters": 0, "detractors": 0}]
    )
    return {
        "pages": {where: reply.status_code for where, reply in replies.items() if reply.status_code != 200},
        "nps": [figures["n"], figures["promoters"], figures["detractors"]],
        "file": bool(re.search("visits.csv.*2 new rows", replies["data/"].content.decode(), re.DOTALL)),
        "copy": columnar.verify(Workspace.objects.get().pk),
        "trail": trail.first_broken(Workspace.objects.get()),
    }


if __name__ == "__main__":
    as_it_was(sys.argv[1])
    print(json.dumps(as_it_is()))
