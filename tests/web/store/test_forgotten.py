"""Withdrawn is gone everywhere: looked for as bytes, in every file of the data directory and of the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from peakend_web.asking.actions import publish_survey
from peakend_web.listening.actions import imports
from peakend_web.listening.actions.take_backs import take_back
from peakend_web.listening.queries.origins import Origin
from peakend_web.models import Answer, AuditEntry, Case, OutboxEntry
from peakend_web.running import jobs
from peakend_web.store import columnar, writer
from tests.web.answers import deliver, remark
from tests.web.conftest import Clinic, browser_of, make_clinic
from tests.web.listening.test_imports import answers
from tests.web.surveys import said, send
from tests.web.traces import places

MARK = "𠮷野家門口的紫色長頸鹿"


@pytest.fixture
def house(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    monkeypatch.setattr(columnar.manifest, "GRACE_S", 0)
    yield make_clinic()
    writer.close()


def work() -> None:
    """What the jobs do within a minute."""
    for _ in range(2):
        jobs.run_once()


def test_words_that_their_writer_clears_are_gone_from_the_truth_the_case_the_log_and_the_copy(house: Clinic) -> None:
    survey = publish_survey(actor=house.wu, service=house.service, item="after-visit")
    send(survey, said("recommend", 1), said("why", MARK), key="the-first-key")
    work()
    assert (Case.objects.get().words, len(places(MARK)) > 0) == (MARK, True)
    send(survey, said("why", revision=2), key="the-second-key")
    work()
    assert Case.objects.get().words == ""
    assert places(MARK) == []
    trails = [
        *AuditEntry.objects.values_list("before", "after"),
        *OutboxEntry.objects.values_list("payload", "problem"),
    ]
    assert MARK not in str(trails)


def test_words_leave_a_closed_case_too(house: Clinic) -> None:
    survey = publish_survey(actor=house.wu, service=house.service, item="after-visit")
    send(survey, said("recommend", 1), said("why", MARK), key="the-first-key")
    work()
    browser_of(house.wu).post(f"/w/harbour/cases/{Case.objects.get().pk}/close/", {"note": "Called her."})
    send(survey, said("why", revision=2), key="the-second-key")
    work()
    assert (Case.objects.get().words, Case.objects.get().note, places(MARK)) == ("", "Called her.", [])


def test_rows_that_are_taken_back_are_gone_and_the_case_that_stood_on_them_is_closed(house: Clinic) -> None:
    survey = publish_survey(actor=house.wu, service=house.service, item="after-visit")
    send(survey, said("recommend", 1), said("why", MARK), key="the-first-key")
    deliver(house.service, [remark("wait", "The doctor listened.", source="till")])
    work()
    assert places(MARK) != []
    take_back(actor=house.wu, service=house.service, origin=Origin(source=f"survey:{survey.pk}"))
    work()
    case = Case.objects.get()
    assert (case.state, case.words, case.value, case.closed_by) == ("closed", "", None, house.wu)
    assert (places(MARK), list(Answer.objects.values_list("source", flat=True))) == ([], ["till"])


def test_the_key_of_one_row_that_is_taken_back_is_gone_too_for_it_may_name_a_person(house: Clinic) -> None:
    deliver(
        house.service, [remark("wait", "Good.", source="till", source_key=MARK), remark("wait", "Fine.", source="till")]
    )
    work()
    assert places(MARK) != []
    take_back(actor=house.wu, service=house.service, origin=Origin(source="till", source_key=MARK))
    work()
    assert (places(MARK), Answer.objects.count()) == ([], 1)


def test_an_import_that_is_taken_back_is_gone_whole(house: Clinic) -> None:
    texts: dict[str, Any] = {"text": [f"{MARK} {n}" for n in range(3_000)]}
    done = imports.import_facts(
        actor=house.mei, service=house.service, name="a.csv", digest="d1", answers=answers(3_000, **texts)
    )
    work()
    assert places(MARK) != []
    take_back(actor=house.mei, service=house.service, origin=Origin(imported=done))
    work()
    assert places(MARK) == []


def test_an_import_that_was_cancelled_is_gone_whole(house: Clinic) -> None:
    def cancel(written: int, total: int) -> None:
        del written, total
        imports.cancel_import(actor=house.wu, imported=house.service.imports.get())

    texts: dict[str, Any] = {"text": [f"{MARK} {n}" for n in range(3_000)]}
    with pytest.raises(Exception, match=r"import\.cancelled"):
        imports.import_facts(
            actor=house.mei,
            service=house.service,
            name="a.csv",
            digest="d1",
            answers=answers(3_000, **texts),
            progress=cancel,
        )
    work()
    assert places(MARK) == []
