"""The columnar copy: equal to the truth after whatever has happened, and made anew where it cannot be trusted."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings
from django.db import connection, transaction

from peakend_web.base.cache import forget
from peakend_web.models import Answer, FactClock
from peakend_web.store import changes, columnar, copy_check, deliveries, writer
from peakend_web.store.columnar import files
from peakend_web.store.rows import AnswerRow
from tests.web.answers import DEFAULTS, deliver, rate, recommend
from tests.web.conftest import Clinic, browser_of, make_clinic


@pytest.fixture
def house(transactional_db: None) -> Iterator[Clinic]:
    """The clinic in a database that other connections see too."""
    yield make_clinic()
    writer.close()


def say(house: Clinic, *rows: tuple[str, float | None, int], **more: Any) -> None:
    """Answers by key, value and revision."""
    made = []
    for key, value, revision in rows:
        own = {
            "workspace_id": house.workspace.pk,
            "service_id": house.service.pk,
            "source": "survey:1",
            "source_key": key,
            "response": key,
        }
        state = "skipped" if value is None else "answered"
        whole = {
            **DEFAULTS,
            **own,
            "at_us": 1_700_000_000_000_000,
            "day": 19_675,
            "value": value,
            "revision": revision,
            "state": state,
            **more,
        }
        made.append(AnswerRow(**whole))
    writer.deliver(deliveries.Delivery(workspace=house.workspace.pk, answers=made, revises=True))


def copied(house: Clinic, columns: str = "source_key, value") -> list[tuple[Any, ...]]:
    manifest = columnar.refresh(house.workspace.pk)
    return (
        columnar.engine()
        .execute(f"SELECT {columns} FROM ({columnar.source(house.workspace.pk, manifest, 'answers')}) ORDER BY 1")  # noqa: S608
        .fetchall()
    )


def folder(house: Clinic) -> Path:
    return Path(settings.PEAKEND_DATA) / "copy" / str(house.workspace.pk)


def test_what_is_new_is_added_and_what_is_revised_or_removed_is_not_seen_twice(house: Clinic) -> None:
    say(house, ("a", 3, 1), ("b", 5, 1), ("c", None, 1))
    assert copied(house) == [("a", 3.0), ("b", 5.0), ("c", None)]
    say(house, ("b", 9, 2), ("d", 1, 1))
    assert copied(house) == [("a", 3.0), ("b", 9.0), ("c", None), ("d", 1.0)]
    say(house, ("b", 7, 3), ("b", 8, 4), ("a", None, 2))
    with transaction.atomic():
        deliveries.remove(Answer, house.workspace.pk, [Answer.objects.get(source_key="d").pk])
    assert copied(house) == [("a", None), ("b", 8.0), ("c", None)]
    assert columnar.verify(house.workspace.pk) == []
    columnar.rebuild(house.workspace.pk)
    assert copied(house) == [("a", None), ("b", 8.0), ("c", None)]


def test_every_column_comes_through_with_its_type_and_each_segment_in_a_column_of_its_own(house: Clinic) -> None:
    say(house, ("a", 3, 1), text="等太久𠮷", segments='{"language":"zh-Hant"}')
    say(
        house,
        ("b", 4, 1),
        segments='{"purpose":"work","language":"en"}',
        weight=2.5,
        visit="v1",
        low=0.0,
        high=10.0,
        at_us=None,
        day=None,
    )
    assert copied(house, "source_key, text, language, purpose, weight, visit, low, at_us, day") == [
        ("a", "等太久𠮷", "zh-Hant", None, 1.0, None, None, 1_700_000_000_000_000, 19_675),
        ("b", None, "en", "work", 2.5, "v1", 0.0, None, None),
    ]
    assert copied(house, "DISTINCT typeof(at_us) || ' ' || typeof(value) || ' ' || typeof(purpose)") == [
        ("BIGINT DOUBLE VARCHAR",)
    ]
    assert columnar.refresh(house.workspace.pk).tables["answers"].own == ("language", "purpose")


def test_rows_from_before_that_cannot_be_read_whole_are_named_and_everything_else_stands(house: Clinic) -> None:
    say(house, ("good", 3, 1), segments='{"language":"en"}')
    say(house, ("capitals", 4, 1), segments='{"Language":"de","_part":"7","SITE":"x"}')
    say(house, ("nanoseconds", 5, 1), at_us=1_700_000_000_000_000_000, day=2**31 - 1)
    say(house, ("endless", 6, 1))
    Answer.objects.filter(source_key="endless").update(value=float("inf"), weight=float("inf"))
    assert copied(house, "source_key, value, weight, at_us, day, language, site") == [
        ("capitals", 4.0, 1.0, 1_700_000_000_000_000, 19_675, "de", "east"),
        ("endless", None, 1.0, 1_700_000_000_000_000, 19_675, None, "east"),
        ("good", 3.0, 1.0, 1_700_000_000_000_000, 19_675, "en", "east"),
        ("nanoseconds", 5.0, 1.0, None, None, None, "east"),
    ]
    assert columnar.verify(house.workspace.pk) == []
    assert sorted((each.key, each.column) for each in columnar.faults(house.workspace.pk)) == [
        ("capitals", "SITE"), ("capitals", "_part"), ("endless", "value"), ("endless", "weight"),
        ("nanoseconds", "at_us"), ("nanoseconds", "day"),
    ]  # fmt: skip
    page = browser_of(house.olivia, headers={"accept-language": "en"}).get("/w/harbour/outpatient/")
    assert page.status_code == 200
    assert "source “survey:1”, key “" in page.content.decode()
    with transaction.atomic():
        deliveries.remove(
            Answer, house.workspace.pk, list(Answer.objects.exclude(source_key="good").values_list("pk", flat=True))
        )
    columnar.refresh(house.workspace.pk)
    assert columnar.faults(house.workspace.pk) == ()


def test_many_rows_read_in_bulk_are_the_rows_that_are_read_one_by_one(house: Clinic) -> None:
    rows = (
        recommend(9, 15_000, segments="{}")
        + rate("wait", 2, 15_000)
        + [{"text": "late words", "weight": 0.5, "customer": "k1"}]
    )
    deliver(house.service, rows)
    bulk = list(changes.facts_since("answers", house.workspace.pk, 0, 10**9))
    with transaction.atomic():
        singly = list(changes.facts_since("answers", house.workspace.pk, 0, 10**9))
    assert [each.num_rows for each in bulk] == [30_001]
    assert bulk[0].sort_by("id").equals(singly[0].sort_by("id"))
    assert columnar.verify(house.workspace.pk) == []
    assert copied(house, "count(*), count(text), sum(weight)") == [(30_001, 1, 30_000.5)]


def test_a_workspace_is_copied_by_itself(house: Clinic) -> None:
    say(house, ("a", 3, 1))
    assert copied(house) == [("a", 3.0)]
    manifest = columnar.refresh(house.elsewhere.pk)
    assert [table.rows for table in manifest.tables.values()] == [0, 0]
    assert manifest.clock == 1


def test_where_nothing_is_new_nothing_is_written(house: Clinic) -> None:
    say(house, ("a", 3, 1))
    columnar.refresh(house.workspace.pk)
    before = {path.name: path.stat().st_mtime_ns for path in folder(house).iterdir()}
    columnar.refresh(house.workspace.pk)
    deliver(house.other_service, recommend(3))
    assert copied(house) == [("a", 3.0)]
    assert {path.name: path.stat().st_mtime_ns for path in folder(house).iterdir() if path.name != "lock"} == {
        name: at for name, at in before.items() if name != "lock"
    }


def largest(there: Path) -> Path:
    """The file that holds the answers, of those that count."""
    named = json.loads((there / "manifest.json").read_text(encoding="utf-8"))["files"]
    return max((there / name for name in named if name.startswith("answers-")), key=lambda path: path.stat().st_size)


def alter(path: Path) -> None:
    """A whole file of the same columns, in which everybody said 10."""
    table = pq.read_table(path)
    pq.write_table(
        table.set_column(table.column_names.index("value"), "value", pa.array([10.0] * table.num_rows)), path
    )


def leave_out(there: Path) -> None:
    manifest = json.loads((there / "manifest.json").read_text(encoding="utf-8"))
    tables = {**manifest["tables"], "answers": {**manifest["tables"]["answers"], "chunks": []}}
    rewrite(there, tables=tables)


DAMAGE = {
    "the manifest is half a file": lambda there: (there / "manifest.json").write_text('{"format": 1, "ident'),
    "the manifest is gone": lambda there: (there / "manifest.json").unlink(),
    "a chunk is gone": lambda there: next(there.glob("answers-*.parquet")).unlink(),
    "a chunk is cut short": lambda there: largest(there).write_bytes(largest(there).read_bytes()[:-200]),
    "a chunk is empty": lambda there: largest(there).write_bytes(b""),
    "a chunk is noise of the same size": lambda there: largest(there).write_bytes(bytes(range(256)) * 64),
    "a chunk holds other answers": lambda there: alter(largest(there)),
    "the manifest is not one": lambda there: (there / "manifest.json").write_bytes(b"\xff\x00[]"),
    "the manifest leaves a chunk out": leave_out,
    "the folder is gone": shutil.rmtree,
    "it is of another format": lambda there: rewrite(there, format=99),
    "it is of another database": lambda there: rewrite(there, identity="00000000-0000-0000-0000-000000000000"),
    "it is ahead of a restored database": lambda there: rewrite(there, clock=10**9),
}


def rewrite(there: Path, **changed: Any) -> None:
    manifest = json.loads((there / "manifest.json").read_text(encoding="utf-8"))
    (there / "manifest.json").write_text(json.dumps({**manifest, **changed}), encoding="utf-8")


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_copy_that_cannot_be_trusted_is_made_anew_by_itself(house: Clinic, damage: str) -> None:
    say(house, ("a", 3, 1), ("b", 5, 1))
    columnar.refresh(house.workspace.pk)
    DAMAGE[damage](folder(house))
    say(house, ("c", 7, 1))
    assert copied(house) == [("a", 3.0), ("b", 5.0), ("c", 7.0)]
    assert columnar.verify(house.workspace.pk) == []


def test_a_file_that_is_altered_without_a_trace_is_found_by_the_look_on_schedule(house: Clinic) -> None:
    say(house, ("a", 3, 1), ("b", 5, 1))
    columnar.refresh(house.workspace.pk)
    path, before = largest(folder(house)), largest(folder(house)).stat()
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not copy_check.check(house.workspace.pk)
    assert copied(house) == [("a", 3.0), ("b", 5.0)]
    assert (copy_check.check(house.workspace.pk), copy_check.is_doubtful(house.workspace.pk)) == (True, False)


def test_while_copy_and_truth_disagree_the_pages_say_so(house: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver(house.service, recommend(9, 40))
    client, home = browser_of(house.wu), "/w/harbour/outpatient/"
    banner = "Some figures may be off"
    assert banner not in client.get(home, headers={"accept-language": "en"}).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE peakend_web_answer SET value = 0")
    with monkeypatch.context() as patch:
        patch.setattr(columnar, "rebuild", lambda _: None)
        assert not copy_check.check(house.workspace.pk)
    assert banner in client.get(home, headers={"accept-language": "en"}).content.decode()
    assert not copy_check.check(house.workspace.pk), "what could not be mended is tried again"
    assert banner not in client.get(home, headers={"accept-language": "en"}).content.decode()
    assert copied(house, "sum(value)") == [(0.0,)]


def test_a_page_whose_copy_cannot_be_read_is_served_from_a_new_one(
    house: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver(house.service, recommend(9, 40))
    client, home = browser_of(house.wu), "/w/harbour/outpatient/methods/nps.json"
    shown = client.get(home).json()
    shown_before = [(row["n"], row["value"]) for row in shown]
    path = largest(folder(house))
    path.write_bytes(b"PAR1" + bytes(path.stat().st_size - 8) + b"PAR1")
    forget()
    # As where the file breaks between the look at it and the reading.
    real, looks = files.is_sound, iter([True] * 12)
    monkeypatch.setattr(files, "is_sound", lambda *given, **more: next(looks, False) or real(*given, **more))
    reply = client.get(home)
    assert (reply.status_code, [(row["n"], row["value"]) for row in reply.json()]) == (200, shown_before)
    assert columnar.verify(house.workspace.pk) == []


def test_what_an_interrupted_refresh_left_behind_is_not_counted(house: Clinic) -> None:
    say(house, ("a", 3, 1))
    columnar.refresh(house.workspace.pk)
    whole = next(path for path in folder(house).glob("answers-*.parquet"))
    (folder(house) / "answers-00000000000000000000000000000000.parquet").write_bytes(whole.read_bytes())
    (folder(house) / "answers-1.parquet.part").write_bytes(whole.read_bytes()[:100])
    (folder(house) / "manifest.json.part").write_text("{", encoding="utf-8")
    say(house, ("b", 5, 1))
    assert copied(house) == [("a", 3.0), ("b", 5.0)]


def test_verification_names_the_day_on_which_the_copy_is_wrong(house: Clinic) -> None:
    say(house, ("a", 3, 1))
    say(house, ("b", 5, 1), day=19_676)
    columnar.refresh(house.workspace.pk)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE peakend_web_answer SET value = 6 WHERE source_key = 'b'")
    (found,) = columnar.verify(house.workspace.pk)
    assert found == columnar.Difference("answers", 19_676, (1.0, 1.0, 6.0, 1.0, 2.0), (1.0, 1.0, 5.0, 1.0, 2.0))


def test_tidying_merges_chunks_and_lets_go_of_the_dead_while_an_old_reader_reads_on(
    house: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columnar.chunks, "TAIL", 0)
    for each in range(10):
        say(house, (f"row {each}", each, 1), ("changed", each, each))
        columnar.refresh(house.workspace.pk)
    before = columnar.refresh(house.workspace.pk)
    reading = columnar.source(house.workspace.pk, before, "answers")
    assert len(before.tables["answers"].chunks) == 11
    assert columnar.needs_tidying(before)
    columnar.tidy(house.workspace.pk)
    after = columnar.refresh(house.workspace.pk)
    assert [(each.rows, each.dead) for each in after.tables["answers"].chunks] == [(11, 0)]
    assert after.tables["answers"].tombstones is None
    expected = sorted([(f"row {each}", float(each)) for each in range(10)] + [("changed", 9.0)])
    assert copied(house) == expected
    assert columnar.engine().execute(f"SELECT source_key, value FROM ({reading}) ORDER BY 1").fetchall() == expected  # noqa: S608
    assert columnar.verify(house.workspace.pk) == []


def test_readers_that_refresh_while_answers_come_in_end_with_all_of_them(house: Clinic) -> None:
    stop, problems = threading.Event(), []

    def read() -> None:
        try:
            while not stop.is_set():
                copied(house, "count(*)")
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for each in range(60):
        say(house, (f"row {each}", each, 1), ("changed", each, each))
    stop.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert copied(house, "count(*), sum(value)") == [(61, sum(range(60)) + 59.0)]
    assert columnar.verify(house.workspace.pk) == []
    assert FactClock.objects.get().value == columnar.refresh(house.workspace.pk).clock


def test_the_database_is_opened_by_one_sqlite_library_alone(house: Clinic) -> None:
    """Two copies of the library in one process undo each other's locks; a refresh during writes then damages
    the file.
    """
    stop, problems = threading.Event(), list[Exception]()

    def look() -> None:
        try:
            while not stop.is_set():
                columnar.rebuild(house.workspace.pk)
        except Exception as error:
            problems.append(error)
        finally:
            connection.close()

    looking = threading.Thread(target=look)
    looking.start()
    for each in range(40):
        say(house, *((f"row {each}-{part}", part, 1) for part in range(400)))
    stop.set()
    looking.join()
    assert problems == []
    assert columnar.verify(house.workspace.pk) == []
    assert [name for name in sys.modules if name.startswith("adbc_driver_sqlite")] == []
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            assert cursor.fetchall() == [("ok",)]
