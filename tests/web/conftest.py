"""The people of the tests, and the database they live in.

`PEAKEND_TEST_DATABASE=postgres` runs every test of this folder on a PostgreSQL server that is started for them.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from benchmarks.serving import Installation, installation
from django.conf import settings as configured
from django.db import connections
from django.test import Client, override_settings

from peakend.service import as_data, loads
from peakend_web.base import cache
from peakend_web.models import (
    AuditEntry,
    Membership,
    OutboxEntry,
    Person,
    Role,
    Service,
    ServiceVersion,
    Site,
    Workspace,
)
from peakend_web.running.front import in_utf_8
from peakend_web.settings import database

from . import ready
from .postgres import binaries, cluster

read = functools.cache(loads)
"""A document is read once for all clinics of a process: each is built of the same two, and reading takes longer than
the rest of a clinic.
"""
PASSWORD = "a long walk by the sea"  # noqa: S105


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> Iterator[None]:
    if os.environ.get("PEAKEND_TEST_DATABASE") != "postgres":
        yield
        return
    folder = binaries()
    if folder is None:
        pytest.skip("PostgreSQL: no server's binaries on this machine")
    with cluster(folder) as address:
        connections.settings["default"] = connections.configure_settings(
            {"default": {**database(address, Path()), "CONN_MAX_AGE": 0}}
        )["default"]
        del connections["default"]
        yield
        connections.close_all()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """As pytest-django does it; on SQLite one process migrates for all."""

    def migrate() -> None:
        request.getfixturevalue("django_db_setup")

    if connections["default"].vendor == "sqlite":
        ready.with_tables(ready.shared_by_all(tmp_path_factory), migrate)
    else:
        migrate()


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of generated files, to be looked at or copied."""
    return ready.chart_library(ready.shared_by_all(tmp_path_factory))


@pytest.fixture(scope="session")
def tables(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """A database of SQLite with all its tables and no rows of ours, to be copied; None where all tests run on
    PostgreSQL.
    """
    return ready.shared_by_all(tmp_path_factory) / ready.DATABASE if connections["default"].vendor == "sqlite" else None


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def installed(request: pytest.FixtureRequest, generated: Path, tables: Path | None) -> Iterator[Installation]:
    """An installation whose servers can be killed, on either database."""
    if request.param == "postgres" and binaries() is None:
        pytest.skip("PostgreSQL: no server's binaries on this machine")
    own = tables if request.param == "sqlite" else None
    with installation(request.param, prepare=lambda data: ready.install(data, generated, own)) as found:
        yield found


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """A hash that does not cost a quarter of a second, for the houses too that a module builds once."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _plain_static_files() -> Iterator[None]:
    """Files by their own names, between two tests as well: a page of the last one may still be asking when its settings
    go, and what it then loads would stay for the next.
    """
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**configured.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(autouse=True)
def _installation(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A data directory of the test's own, no jobs behind its back; and it is November 2026."""
    monkeypatch.setattr("peakend_web.store.months.this_month", lambda: 2026 * 12 + 11)
    settings.PEAKEND_DATA = tmp_path
    settings.PEAKEND_WORKER = False
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    cache.forget()


@dataclass(frozen=True)
class Clinic:
    """Harbour Clinic: two sites, one service, everybody who works there; and Sam, who works somewhere else."""

    workspace: Workspace
    east: Site
    west: Site
    service: Service
    olivia: Person
    wu: Person
    mei: Person
    chen: Person
    victor: Person
    elsewhere: Workspace
    other_service: Service
    sam: Person


OUTPATIENT = (Path(__file__).parent / "outpatient.yaml").read_text(encoding="utf-8")
STAY = OUTPATIENT.replace("service: outpatient", "service: stay").replace("Outpatient visit", "A night's stay")


def person(name: str, email: str, **fields: Any) -> Person:
    return Person.objects.create_user(email, PASSWORD, name=name, **fields)


def service(workspace: Workspace, text: str, by: Person) -> Service:
    document = read(text)
    made = Service.objects.create(workspace=workspace, slug=document.service, title=document.title.root)
    made.current = ServiceVersion.objects.create(
        service=made, number=1, document=as_data(document), text=text, made_by=by
    )
    made.save()
    return made


@pytest.fixture
def clinic(db: None) -> Clinic:
    return make_clinic()


def make_clinic() -> Clinic:
    workspace = Workspace.objects.create(slug="harbour", name="Harbour Clinic", timezone="Asia/Taipei")
    elsewhere = Workspace.objects.create(slug="lakeside", name="Lakeside Hotel")
    east, west = (Site.objects.create(workspace=workspace, key=key, name=key.title()) for key in ("east", "west"))
    olivia, wu, mei = (
        person("Olivia Wang", "olivia@harbour.example"),
        person("Wu", "wu@harbour.example"),
        person("Mei", "mei@harbour.example"),
    )
    chen, victor = (
        person("Chen", "chen@harbour.example", language="zh-hant"),
        person("Victor", "victor@harbour.example"),
    )
    sam = person("Sam", "sam@lakeside.example")
    roles = {olivia: Role.OWNER, wu: Role.MANAGER, mei: Role.ANALYST, chen: Role.FRONTLINE, victor: Role.VIEWER}
    for who, role in roles.items():
        Membership.objects.create(workspace=workspace, person=who, role=role)
    Membership.objects.get(workspace=workspace, person=chen).sites.add(east)
    Membership.objects.create(workspace=elsewhere, person=sam, role=Role.OWNER)
    return Clinic(
        workspace=workspace,
        east=east,
        west=west,
        service=service(workspace, OUTPATIENT, olivia),
        olivia=olivia,
        wu=wu,
        mei=mei,
        chen=chen,
        victor=victor,
        elsewhere=elsewhere,
        other_service=service(elsewhere, STAY, sam),
        sam=sam,
    )


@pytest.fixture
def olivia(clinic: Clinic) -> Client:
    return browser_of(clinic.olivia)


def client_at_the_front(**options: Any) -> Client:
    """A client whose requests come as the front hands them on."""
    client = Client(**options)
    behind = client.handler
    client.handler = lambda environ: behind(in_utf_8(environ))  # type: ignore[assignment]
    return client


def browser_of(who: Person | None, **options: Any) -> Client:
    """A browser in which this person is signed in."""
    client = client_at_the_front(**options)
    if who:
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
    return client


def left_by(workspace: Workspace | None) -> list[tuple[int, str | None, str, str, Any, Any]]:
    """The trail of a workspace, whole; and its outbox holds an entry for each of its entries, in the same order, beside
    what its readers are told more.
    """
    entries = AuditEntry.objects.filter(workspace=workspace).order_by("number").select_related("actor")
    outbox = OutboxEntry.objects.filter(workspace=workspace).order_by("pk")
    sent = [(each.kind, {name: each.payload[name] for name in ("audit", "object", "id")}) for each in outbox]
    assert sent == [
        (each.verb, {"audit": each.number, "object": each.object_type, "id": each.object_id}) for each in entries
    ]
    return [
        (each.number, each.actor.name if each.actor else None, each.verb, each.object_type, each.before, each.after)
        for each in entries
    ]
