"""The place where everything is kept: made by a newer version, full, or closed to writing. Said in words, with
an id.
"""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from peakend_web.base.storage import StorageError
from peakend_web.running import server
from peakend_web.store import columnar, deliveries, writer
from peakend_web.store.columnar import files
from tests.web.answers import _row, deliver, recommend, remark
from tests.web.conftest import OUTPATIENT, PASSWORD, browser_of, make_clinic
from tests.web.surveys import clinic_survey


def no_more_room() -> None:
    """Let the database of this connection grow no further, as on a full disk."""
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")


def cramped(group: Sequence[deliveries.Delivery]) -> list[deliveries.Outcome]:
    no_more_room()
    return writer._commit(group)


def manage(data: Path, *words: str) -> tuple[int, str]:
    """A command of the installation in a process of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PEAKEND_", "DJANGO_"))}
    environment = {**kept, "PEAKEND_DATA": str(data), "LANG": "en_US.UTF-8", "LC_ALL": ""}
    done = subprocess.run(
        [sys.executable, "-m", "peakend.cli", "manage", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stderr


@pytest.mark.django_db
def test_a_database_that_a_newer_version_has_changed_is_refused_before_anything_is_done() -> None:
    MigrationRecorder(connection).record_applied("peakend_web", "9999_what_comes_later")
    said = StringIO()
    with pytest.raises(StorageError) as caught:
        server.bring_up_to_date(said)
    assert (caught.value.id, caught.value.fields, said.getvalue()) == (
        "storage.newer",
        {"found": "9999_what_comes_later"},
        "",
    )


def test_a_place_that_is_none_is_named_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    status, said = manage(tmp_path / "file" / "data", "audit")
    assert (status, len(said.splitlines())) == (1, 1)
    assert said.startswith("[storage.read_only] The place where everything is kept cannot be written to: ")


def test_what_is_kept_is_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o755)
    assert manage(data, "migrate", "-v", "0") == (0, "")
    found = {path.name: stat.S_IMODE(path.stat().st_mode) & 0o077 for path in (data, *data.rglob("*"))}
    assert {name: mode for name, mode in found.items() if mode} == {}
    assert "peakend.sqlite3" in found


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_is_told_to_whoever_sends_and_to_whoever_looks_in_one_line_each(
    caplog: pytest.LogCaptureFixture,
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a full disk is made here with SQLite's own limit")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # what tests before this one have freed is room, too
    house = make_clinic()
    long = {**remark("wait", "x" * 500_000), "source": "till"}
    with (
        closing(writer.Writer(work=cramped)) as cramped_writer,
        pytest.raises(deliveries.DeliveryError, match=r"delivery\.not_kept"),
    ):
        cramped_writer.deliver(deliveries.Delivery(workspace=house.workspace.pk, answers=[_row(house.service, long)]))
    assert [(record.levelname, record.exc_info) for record in caplog.records] == [("ERROR", None)]
    caplog.clear()
    no_more_room()
    text = OUTPATIENT + "# " + "x" * 400_000 + "\n"
    reply = browser_of(house.olivia).post(
        "/w/harbour/outpatient/versions/new/", {"text": text, "note": ""}, headers={"accept-language": "en"}
    )
    assert (reply.status_code, reply.context["error"]["id"]) == (507, "storage.full")
    assert [record.getMessage() for record in caplog.records if record.name == "peakend_web.base.guard"] == [
        "storage.full: database or disk is full"
    ]
    connection.close()


@contextmanager
def closed_to_writing() -> Iterator[None]:
    """A database that may only be read, as on a disk that was mounted so."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA query_only = on")
    try:
        yield
    finally:
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_where_no_session_can_be_kept_readers_read_on_and_whoever_does_something_is_told_why(
    caplog: pytest.LogCaptureFixture,
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("closed to writing here with SQLite's own switch")
    house = make_clinic()
    deliver(house.service, [*recommend(9, 40), *[remark("wait", f"Cold, said {n}.") for n in range(12)]])
    olivia, stranger = browser_of(house.olivia, raise_request_exception=False), Client(raise_request_exception=False)
    token = clinic_survey(house).token
    with closed_to_writing():
        for where in ("/w/harbour/outpatient/", "/w/harbour/outpatient/words/", "/w/harbour/cases/"):
            assert olivia.get(where).status_code == 200, where
        for where in ("/sign-in/", f"/s/{token}"):
            assert stranger.get(where).status_code == 200, where
        signing = {"email": house.olivia.email, "password": PASSWORD}
        told = {
            "sign in": stranger.post("/sign-in/", signing, headers={"accept-language": "en"}),
            "settings": olivia.post(
                "/w/harbour/settings/",
                {"name": "N", "timezone": "UTC", "least_cell": "5"},
                headers={"accept-language": "en"},
            ),
            "language": olivia.post("/language/", {"language": "zh-hant"}, headers={"accept-language": "en"}),
        }
    assert {
        what: (reply.status_code, b"cannot be written to" in reply.content) for what, reply in told.items()
    } == dict.fromkeys(told, (503, True))
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


@pytest.mark.django_db(transaction=True)
def test_where_the_copy_cannot_be_written_the_pages_show_what_was_counted_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    house = make_clinic()
    deliver(house.service, recommend(9, 40))
    browsers = [browser_of(who) for who in (house.olivia, house.wu)]
    assert [browser.get("/w/harbour/outpatient/methods/nps.json").json()[0]["n"] for browser in browsers] == [40, 40]
    before = columnar.refresh(house.workspace.pk)

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "put", full)
    deliver(house.service, recommend(0, 40))
    assert columnar.refresh(house.workspace.pk) == before
    assert [browser.get("/w/harbour/outpatient/methods/nps.json").json()[0]["n"] for browser in browsers] == [40, 40]
    monkeypatch.undo()
    assert columnar.refresh(house.workspace.pk).clock > before.clock
    writer.close()
