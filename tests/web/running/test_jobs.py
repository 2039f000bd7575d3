from __future__ import annotations

import errno
import itertools
import json
import secrets
import sqlite3
import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from peakend.service import as_data, check, loads
from peakend_web.asking import actions as surveys
from peakend_web.asking import survey_cache
from peakend_web.asking.answers import GivenAnswer, Submission, now_us
from peakend_web.asking.arrivals import MINUTE_US
from peakend_web.asking.render_tokens import make_token
from peakend_web.base import storage, troubles
from peakend_web.base.documents import document_of
from peakend_web.base.jobs import Job
from peakend_web.base.storage import StorageError, outage
from peakend_web.deciding.live import Match
from peakend_web.models import Answer, Case, Service, ServiceVersion, Survey, Trouble
from peakend_web.recovery import jobs as recovery
from peakend_web.recovery.jobs import open_from_answers
from peakend_web.running import jobs
from tests.web.conftest import OUTPATIENT, Clinic, browser_of, left_by, make_clinic


def told(survey: Survey, response: str, answers: Sequence[GivenAnswer]) -> None:
    token = make_token(survey.pk, "", response, now_us() - MINUTE_US)
    sent = Submission(response=response, key=secrets.token_hex(8), token=token, answers=answers)
    reply = surveys.submit(survey=survey_cache.find(survey.token), sent=sent).reply
    assert json.loads(reply)["saved"] == len(answers)


@pytest.fixture
def survey(clinic: Clinic) -> Survey:
    return surveys.publish_survey(actor=clinic.wu, service=clinic.service, item="after-visit")


def waiting(clinic: Clinic) -> list[tuple[object, ...]]:
    found = Case.objects.filter(workspace=clinic.workspace).order_by("pk")
    return list(found.values_list("item", "value", "low", "high", "words", "rule", "receiver", "owner_role", "state"))


def test_a_low_answer_opens_a_case_by_the_rule_of_the_document_and_later_words_join_it(
    clinic: Clinic, survey: Survey
) -> None:
    told(survey, "mrs-lin", [GivenAnswer(field="recommend", value=3)])
    told(survey, "mr-wang", [GivenAnswer(field="recommend", value=5)])
    assert open_from_answers(workspace=clinic.workspace) == 1
    expected = ("recommend", 3.0, 0.0, 10.0, "", "low-recommend", "head-nurse", "frontline", "open")
    assert waiting(clinic) == [expected]
    told(survey, "mrs-lin", [GivenAnswer(field="why", text="等了兩個小時，沒有人說明。")])
    assert open_from_answers(workspace=clinic.workspace) == 0
    assert waiting(clinic) == [(*expected[:4], "等了兩個小時，沒有人說明。", *expected[5:])]
    case = Case.objects.get()
    assert case.due_at - case.opened_at == timedelta(hours=24)
    assert left_by(clinic.workspace)[-1][1:4] == (None, "open_case", "case")


def test_three_low_answers_of_one_person_are_one_case(clinic: Clinic, survey: Survey) -> None:
    document = loads(
        OUTPATIENT.replace(
            "rules:\n",
            "rules:\n  - {id: low-wait, open: case, touchpoint: wait, score_at_most: 2, to: head-nurse, clock_hours: "
            "4}\n",
        )
    )
    version = ServiceVersion.objects.create(
        service=clinic.service, number=2, document=as_data(document), text="", made_by=clinic.olivia
    )
    Service.objects.filter(pk=clinic.service.pk).update(current=version)
    told(survey, "mrs-lin", [GivenAnswer(field="recommend", value=3)])
    open_from_answers(workspace=clinic.workspace)
    told(survey, "mrs-lin", [GivenAnswer(field="waiting", value=1)])
    told(survey, "mr-wang", [GivenAnswer(field="recommend", value=0), GivenAnswer(field="waiting", value=2)])
    assert open_from_answers(workspace=clinic.workspace) == 1
    found = Case.objects.order_by("pk").values_list("item", "value", "further")
    further = [[(one["item"], one["touchpoint"], one["value"]) for one in more] for _, _, more in found]
    assert [(item, value) for item, value, _ in found] == [("recommend", 3.0), ("recommend", 0.0)]
    assert further == [[("waiting", "wait", 1.0)], [("waiting", "wait", 2.0)]]
    assert [case.due_at - case.opened_at < timedelta(hours=5) for case in Case.objects.all()] == [True, True]
    assert [entry[2] for entry in left_by(clinic.workspace)[-3:]] == ["open_case", "open_case", "join_case"]


def test_words_that_came_first_are_in_the_case_from_the_beginning(clinic: Clinic, survey: Survey) -> None:
    told(
        survey,
        "mrs-lin",
        [GivenAnswer(field="why", text="Nobody told us anything."), GivenAnswer(field="recommend", value=0)],
    )
    open_from_answers(workspace=clinic.workspace)
    assert [case.words for case in Case.objects.all()] == ["Nobody told us anything."]


def test_ten_cases_are_opened_with_as_many_questions_to_the_database_as_one_for_answers_wait_meanwhile(
    clinic: Clinic, survey: Survey
) -> None:
    asked = []
    for people in (["mrs-lin"], [f"guest-{number}" for number in range(10)]):
        for person in people:
            told(survey, person, [GivenAnswer(field="recommend", value=1), GivenAnswer(field="why", text=person)])
        with CaptureQueriesContext(connection) as queries:
            assert open_from_answers(workspace=clinic.workspace) == len(people)
        asked.append(len(queries))
    assert asked[1] <= asked[0]
    assert {case.words for case in Case.objects.all()} == {"mrs-lin", *(f"guest-{number}" for number in range(10))}


def test_looking_twice_opens_nothing_twice_and_a_changed_mind_leaves_the_case(clinic: Clinic, survey: Survey) -> None:
    told(survey, "mrs-lin", [GivenAnswer(field="recommend", value=2)])
    assert [open_from_answers(workspace=clinic.workspace) for _ in range(2)] == [1, 0]
    told(survey, "mrs-lin", [GivenAnswer(field="recommend", value=1, revision=1)])
    told(survey, "mrs-lin", [GivenAnswer(field="recommend", value=9, revision=2)])
    assert [open_from_answers(workspace=clinic.workspace), Case.objects.count()] == [0, 1]


def test_what_happened_elsewhere_is_not_looked_at(clinic: Clinic, survey: Survey) -> None:
    told(survey, "mrs-lin", [GivenAnswer(field="recommend", value=2)])
    assert open_from_answers(workspace=clinic.elsewhere) == 0
    assert Case.objects.count() == 0
    assert Answer.objects.filter(workspace=clinic.workspace, state="answered").count() == 1


# --- each by itself ---------------------------------------------------------------------------------------------------


def troubles_of(clinic: Clinic) -> list[tuple[object, ...]]:
    return list(Trouble.objects.values_list("workspace__slug", "job", "about", "tries"))


def test_one_workspaces_failure_is_its_own_is_logged_once_and_waits_longer_each_time(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    worked: list[int] = []

    def work(workspace: int) -> None:
        if workspace == clinic.workspace.pk:
            raise ValueError("a poisoned row")
        worked.append(workspace)

    job = Job("sums", 1, work)
    for _ in range(3):
        job.run()
    assert (worked, troubles_of(clinic)) == ([clinic.elsewhere.pk] * 3, [("harbour", "sums", "", 1)])
    Trouble.objects.update(again_at=timezone.now())
    job.run()
    trouble = Trouble.objects.get()
    assert (trouble.tries, trouble.what, trouble.again_at > timezone.now() + timedelta(seconds=15)) == (
        2,
        "ValueError: a poisoned row",
        True,
    )
    assert caplog.text.count("failed; it is tried again") == 1
    Trouble.objects.update(again_at=timezone.now())
    Job("sums", 1, worked.append).run()
    assert troubles_of(clinic) == []


def test_a_clock_that_no_calendar_holds_is_refused_where_it_is_written_and_opens_a_case_where_it_stands_already(
    clinic: Clinic,
) -> None:
    text = OUTPATIENT.replace("clock_hours: 24", "clock_hours: 1.0e+12")
    assert [(each.id, each.line is not None) for each in check(text)] == [("document.out_of_range", True)]
    survey = surveys.publish_survey(actor=clinic.wu, service=clinic.service, item="after-visit")
    told(survey, "mrs-lin", [GivenAnswer(field="recommend", value=3)])
    rule = next(each for each in document_of(clinic.service.current_id).rules if each.score_at_most is not None)
    endless = rule.model_copy(update={"clock_hours": 1e12})
    case = recovery.case_of(Match(Answer.objects.get(), endless, document_of(clinic.service.current_id)))
    assert case.due_at - case.opened_at == timedelta(days=365)


def test_an_answer_of_which_no_case_can_be_made_is_named_and_keeps_no_other_from_its_case(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    survey = surveys.publish_survey(actor=clinic.wu, service=clinic.service, item="after-visit")
    for name in ("mrs-lin", "mr-wang", "miss-chen"):
        told(survey, name, [GivenAnswer(field="recommend", value=3)])
    honest = recovery.case_of
    first, second, third = Answer.objects.order_by("seq")

    def of(match: Match) -> Case:
        case = honest(match)
        if match.answer == second:
            case.opened_at = None  # what the database refuses
        if match.answer == third:
            raise ZeroDivisionError
        return case

    monkeypatch.setattr(recovery, "case_of", of)
    assert open_from_answers(workspace=clinic.workspace) == 1
    assert [case.source_key for case in Case.objects.all()] == [first.source_key]
    assert {about.rpartition(" · ")[2] for _, _, about, _ in troubles_of(clinic)} == {
        second.source_key,
        third.source_key,
    }
    assert open_from_answers(workspace=clinic.workspace) == 0


@pytest.mark.django_db(transaction=True)
def test_while_one_loop_hangs_the_others_go_round() -> None:
    clinic = make_clinic()
    hanging, went_on = threading.Event(), threading.Event()
    worker = jobs.Worker()
    worker._loops = [
        ("hangs", 0.01, lambda: hanging.wait(20)),
        ("fails", 0.01, lambda: 1 / 0),
        ("cases", 0.01, went_on.set),
    ]
    running = threading.Thread(target=worker.run)
    running.start()
    assert went_on.wait(5)
    worker.stop()
    hanging.set()
    running.join(5)
    assert (running.is_alive(), clinic.workspace.slug) == (False, "harbour")


def test_who_manages_the_workspace_is_shown_what_does_not_work_and_nobody_else(clinic: Clinic) -> None:
    troubles.note(clinic.workspace.pk, "cases", ValueError("no such day"), about="low-recommend · mrs-lin:recommend")
    page = browser_of(clinic.olivia).get("/w/harbour/settings/").content.decode()
    assert [
        words in page
        for words in ("Opening cases from answers", "low-recommend · mrs-lin:recommend", "ValueError: no such day")
    ] == [True] * 3
    said = "An automatic task is not working at the moment."
    assert [
        said in browser_of(who).get("/w/harbour/cases/").content.decode()
        for who in (clinic.olivia, clinic.chen, clinic.victor)
    ] == [
        True,
        False,
        False,
    ]
    assert said not in browser_of(clinic.sam).get("/w/lakeside/cases/").content.decode()


def test_a_full_disk_is_said_in_one_line_by_all_loops_together_and_so_is_that_there_is_room_again(
    clinic: Clinic, caplog: pytest.LogCaptureFixture
) -> None:
    there_is_room, worked = threading.Event(), threading.Event()

    def work(workspace: int) -> None:
        if not there_is_room.is_set():
            raise OSError(errno.ENOSPC if workspace % 2 else errno.EDQUOT, "No space left on device")
        worked.set()

    job = Job("copy", 0.01, work)
    with pytest.raises(StorageError, match=r"storage\.full"):
        job.run()
    assert troubles_of(clinic) == [], "it is no workspace's own trouble"
    for name in ("cases", "copy", "cases"):
        outage.begin(name, StorageError("storage.full"))
    there_is_room.set()
    job.run()
    assert worked.is_set()
    for name in ("copy", "copy", "cases", "check"):
        outage.end(name)
    said = [record.getMessage() for record in caplog.records]
    assert said == [
        (
            "storage.full: There is no room left on the disk where everything is kept. Whatever cannot be kept waits "
            "and "
            "goes on by itself."
        ),
        "what is written is kept again; everything goes on",
    ]
    assert [record.exc_info for record in caplog.records] == [None, None]


@pytest.mark.django_db(transaction=True)
def test_a_loop_on_a_full_disk_goes_on_when_there_is_room(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "LONGEST_PAUSE_S", 0.01)
    tries, done = itertools.count(), threading.Event()

    def work() -> None:
        at = next(tries)
        if at < 20:
            raise OperationalError("database or disk is full") from sqlite_error(
                "SQLITE_FULL" if at % 2 else "SQLITE_IOERR"
            )
        done.set()

    worker = jobs.Worker()
    worker._loops = [("copy", 0.01, work), ("cases", 0.01, work)]
    running = threading.Thread(target=worker.run)
    running.start()
    assert done.wait(10)
    worker.stop()
    running.join(5)
    said = [record.levelname for record in caplog.records if record.name == "peakend_web.base.storage"]
    assert (said[:1], len(said) <= 4, [record for record in caplog.records if record.exc_info]) == (["ERROR"], True, [])


def sqlite_error(name: str) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = name
    return error


def test_whoever_manages_the_workspace_is_told_that_the_disk_is_full_and_nobody_else(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "The disk is full"
    assert said not in browser_of(clinic.olivia).get("/w/harbour/settings/").content.decode()
    monkeypatch.setattr(storage, "LEAST_ROOM", 2**62)
    assert said in browser_of(clinic.olivia).get("/w/harbour/settings/").content.decode()
    assert said not in browser_of(clinic.victor).get("/w/harbour/outpatient/").content.decode()
