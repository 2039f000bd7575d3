"""What keeps a job from its work: written down, said once, tried again ever more seldom, forgotten when it is over."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from peakend_web.base import troubles
from tests.web.conftest import Clinic


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The time; the test puts another in its place."""
    now = [timezone.now()]
    monkeypatch.setattr(troubles.timezone, "now", lambda: now[0])
    return now


def rows(clinic: Clinic) -> list[tuple[Any, ...]]:
    return list(troubles.of(clinic.workspace.pk).values_list("job", "about", "what", "tries"))


def test_a_job_that_fails_is_tried_again_ever_more_seldom_and_once_an_hour_at_least(
    clinic: Clinic, clock: list[datetime]
) -> None:
    waits = []
    for _ in range(11):
        troubles.note(clinic.workspace.pk, "copy", OSError("no space"))
        trouble = troubles.of(clinic.workspace.pk).get()
        assert trouble.again_at is not None
        waits.append((trouble.again_at - clock[0]).total_seconds())
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]
    assert rows(clinic) == [("copy", "", "OSError: no space", 11)]


def test_it_is_too_early_until_its_wait_is_over_and_no_other_job_or_workspace_waits(
    clinic: Clinic, clock: list[datetime]
) -> None:
    troubles.note(clinic.workspace.pk, "copy", OSError("no space"))
    assert (troubles.retries("copy"), troubles.retries("cases")) == ({clinic.workspace.pk: True}, {})
    clock[0] += timedelta(seconds=11)
    assert troubles.retries("copy") == {clinic.workspace.pk: False}
    assert list(troubles.of(clinic.elsewhere.pk)) == []


def test_when_the_job_works_again_its_trouble_is_over_and_what_it_left_out_still_stands(clinic: Clinic) -> None:
    troubles.note(clinic.workspace.pk, "cases", ValueError("odd"), about="rule · r1")
    troubles.note(clinic.workspace.pk, "cases", OSError("no space"))
    troubles.over(clinic.workspace.pk, "cases")
    assert rows(clinic) == [("cases", "rule · r1", "ValueError: odd", 1)]
    assert troubles.retries("cases") == {}, "the job goes on without what it left out"


def test_what_was_left_out_is_forgotten_after_a_week_and_what_still_fails_is_not(
    clinic: Clinic, clock: list[datetime]
) -> None:
    troubles.note(clinic.workspace.pk, "cases", ValueError("odd"), about="rule · r1")
    troubles.note(clinic.workspace.pk, "copy", OSError("no space"))
    clock[0] += timedelta(days=7)
    troubles.forget_old()
    assert len(rows(clinic)) == 2
    clock[0] += timedelta(seconds=1)
    troubles.forget_old()
    assert [job for job, *_ in rows(clinic)] == ["copy"]


def test_the_log_hears_of_each_trouble_once_and_of_another_one_again(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR, troubles.LOG.name)
    for error in ("no space", "no space", "read only"):
        troubles.note(clinic.workspace.pk, "copy", OSError(error), about="x")
    number = clinic.workspace.pk
    assert [record.getMessage() for record in caplog.records] == [
        f"copy in workspace {number} failed at x; it is tried again"
    ] * 2


def test_a_message_that_no_database_keeps_is_kept_without_what_it_cannot(clinic: Clinic) -> None:
    troubles.note(clinic.workspace.pk, "copy", ValueError("a\0b" + "c" * 900))
    ((_, _, what, _),) = rows(clinic)
    assert (what[:16], "\0" in what, len(what) <= 500) == ("ValueError: abcc", False, True)
