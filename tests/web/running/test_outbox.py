"""The outbox: every area that reads of a change does what it has to do about it, once, and by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError
from django.utils import timezone

from peakend_web.base.jobs import Reader
from peakend_web.models import OutboxEntry
from peakend_web.people.actions import workspaces
from peakend_web.running import jobs, outbox
from tests.imports import SOURCE
from tests.web.conftest import Clinic

TEMPLATES = SOURCE / "peakend_web/templates/peakend_web"


def rename(clinic: Clinic, *names: str) -> None:
    for name in names:
        workspaces.change_workspace(actor=clinic.olivia, workspace=clinic.workspace, name=name, timezone="UTC")


def test_it_is_worked_off_in_order_and_each_entry_once(clinic: Clinic) -> None:
    rename(clinic, "A", "B")
    heard: list[int] = []
    readers = {"change_workspace": {"recovery": lambda entry: heard.append(entry.payload["audit"])}}
    assert [jobs.run_once(readers), jobs.run_once(readers), heard] == [2, 0, [1, 2]]


def test_what_failed_is_tried_again_later_and_says_why(clinic: Clinic) -> None:
    rename(clinic, "A")
    tries: list[str] = []

    def unreliable(entry: OutboxEntry) -> None:
        tries.append(str(entry.message))
        if len(tries) < 3:
            raise ConnectionError("the line is dead")

    readers = {"change_workspace": {"recovery": unreliable}}
    assert jobs.run_once(readers) == 0
    entry = OutboxEntry.objects.get()
    assert (entry.tries, entry.problem, entry.done_at, entry.due_at > timezone.now() + timedelta(seconds=5)) == (
        1,
        "ConnectionError: the line is dead",
        None,
        True,
    )
    for expected in (0, 1):
        OutboxEntry.objects.update(due_at=timezone.now())
        assert jobs.run_once(readers) == expected
    entry.refresh_from_db()
    assert (entry.tries, entry.problem, entry.done_at is not None, len(set(tries))) == (3, "", True, 1)


def test_an_entry_that_another_worker_holds_is_left_until_its_lease_has_run_out(clinic: Clinic) -> None:
    rename(clinic, "A")
    OutboxEntry.objects.update(leased_until=timezone.now() + timedelta(minutes=1))
    assert jobs.run_once() == 0
    OutboxEntry.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert jobs.run_once() == 1


def test_a_receiver_that_hangs_holds_up_its_own_messages_alone(clinic: Clinic) -> None:
    rename(clinic, "A")
    loops = {name for name, _, _ in jobs.Worker(readers={"x": {"a": print, "b": print}, "y": {"a": print}})._loops}
    assert {"outbox x a", "outbox x b", "outbox y a", "cases", "copy", "check", "erasure", "outbox"} <= loops
    readers = {"x": {"a": lambda _: None}, "change_workspace": {"a": lambda _: None}}
    assert [outbox.empty("x", "a", readers), outbox.empty("change_workspace", "a", readers)] == [0, 1]


def test_a_job_that_does_not_work_is_called_by_its_name() -> None:
    page = (TEMPLATES / "people/parts/troubles.html").read_text(encoding="utf-8")
    unnamed = [job.name for job in jobs.JOBS if f'one.job == "{job.name}"' not in page]
    assert unnamed == [], "say in people/parts/troubles.html what does not work then"


# --- several areas that read one kind ---------------------------------------------------------------------------------


def left_to_do() -> list[tuple[str, int]]:
    """Whose what is waiting is, and which entry of the trail it is about."""
    waiting = OutboxEntry.objects.filter(done_at=None).order_by("pk")
    return [(each.area, each.payload["audit"]) for each in waiting]


def test_two_areas_each_read_an_entry_once_and_one_that_fails_is_tried_again_by_itself(clinic: Clinic) -> None:
    rename(clinic, "A", "B")
    heard: list[tuple[str, int]] = []
    line = ["dead"]

    def of_sending(entry: OutboxEntry) -> None:
        if line:
            raise ConnectionError
        heard.append(("sending", entry.payload["audit"]))

    readers = outbox.by_kind(
        [
            (
                "recovery",
                [Reader("change_workspace", lambda entry: heard.append(("recovery", entry.payload["audit"])))],
            ),
            ("sending", [Reader("change_workspace", of_sending)]),
        ]
    )
    assert (jobs.run_once(readers), heard) == (2, [("recovery", 1), ("recovery", 2)])
    assert left_to_do() == [("sending", 1), ("sending", 2)]
    line.clear()
    OutboxEntry.objects.filter(done_at=None).update(due_at=timezone.now())
    assert [jobs.run_once(readers), jobs.run_once(readers), left_to_do()] == [2, 0, []]
    assert heard == [("recovery", 1), ("recovery", 2), ("sending", 1), ("sending", 2)]


def test_whoever_dies_while_sharing_out_has_shared_nothing_and_nothing_is_lost(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename(clinic, "A")
    heard: list[str] = []
    readers = {"change_workspace": {"a": lambda _: heard.append("a"), "b": lambda _: heard.append("b")}}

    def die(_entries: object) -> None:
        raise IntegrityError

    with monkeypatch.context() as dying:
        dying.setattr(OutboxEntry.objects, "bulk_create", die)
        with pytest.raises(IntegrityError):
            outbox.empty("change_workspace", "a", readers)
    assert (left_to_do(), heard) == ([("", 1)], [])
    assert (jobs.run_once(readers), sorted(heard)) == (2, ["a", "b"])


def test_whoever_dies_between_two_areas_leaves_the_second_its_work_and_the_first_none(clinic: Clinic) -> None:
    rename(clinic, "A")
    heard: list[str] = []
    readers = {"change_workspace": {"a": lambda _: heard.append("a"), "b": lambda _: heard.append("b")}}
    outbox.empty("change_workspace", "a", readers)
    assert (heard, left_to_do()) == (["a"], [("b", 1)])
    assert (jobs.run_once(readers), heard) == (1, ["a", "b"])


def test_an_area_reads_a_kind_once_or_nothing_starts() -> None:
    twice = [Reader("take_back", print), Reader("take_back", print)]
    with pytest.raises(ImproperlyConfigured, match="recovery reads “take_back” twice"):
        outbox.by_kind([("recovery", twice)])


def test_what_an_area_was_to_do_that_reads_it_no_more_is_done(clinic: Clinic) -> None:
    rename(clinic, "A")
    OutboxEntry.objects.update(area="attic")
    assert (jobs.run_once({"change_workspace": {"recovery": print}}), left_to_do()) == (1, [])
