from __future__ import annotations

from datetime import timedelta

import pytest

from peakend.errors import PeakendError
from peakend_web.models import Case, Role
from peakend_web.recovery import actions as cases
from tests.web.conftest import Clinic, left_by


def opened(clinic: Clinic, key: str = "r1:wait", **changes: object) -> Case:
    about: dict[str, object] = {
        "touchpoint": "wait",
        "site": "east",
        "item": "q3",
        "value": 1.0,
        "low": 1.0,
        "high": 5.0,
        "words": "兩個小時。",
    }
    case = cases.open_case(
        actor=None, service=clinic.service, source="survey", source_key=key, response="r1", rule="low-wait",
        receiver="head-nurse",
        owner_role=Role.FRONTLINE, clock_hours=24, **(about | changes),
    )  # fmt: skip
    assert case is not None
    return case


def test_a_low_answer_opens_one_case_however_often_it_is_delivered(clinic: Clinic) -> None:
    case = opened(clinic)
    again = cases.open_case(actor=None, service=clinic.service, source="survey", source_key="r1:wait", response="r1")
    assert (again, Case.objects.count(), case.due_at - case.opened_at) == (None, 1, timedelta(hours=24))
    after = {"service": "outpatient", "touchpoint": "wait", "rule": "low-wait", "owner_role": "frontline"}
    assert left_by(clinic.workspace) == [(1, None, "open_case", "case", None, after)]


def test_nurse_chen_takes_the_case_and_closes_it_with_a_note_that_the_trail_does_not_repeat(clinic: Clinic) -> None:
    case = opened(clinic)
    cases.take_case(actor=clinic.chen, case=case)
    cases.close_case(actor=clinic.chen, case=case, note=" 已致電林太太，道歉並安排快速看診。 ")
    case.refresh_from_db()
    assert (case.state, case.owner, case.closed_by, case.note) == (
        "closed",
        clinic.chen,
        clinic.chen,
        "已致電林太太，道歉並安排快速看診。",
    )
    states = [
        {"state": "open", "owner": None},
        {"state": "taken", "owner": clinic.chen.email},
        {"state": "closed", "owner": clinic.chen.email},
    ]
    assert left_by(clinic.workspace)[1:] == [
        (2, "Chen", "take_case", "case", states[0], states[1]),
        (3, "Chen", "close_case", "case", states[1], states[2]),
    ]
    for call in (
        lambda: cases.take_case(actor=clinic.wu, case=case),
        lambda: cases.close_case(actor=clinic.wu, case=case, note="again"),
    ):
        with pytest.raises(PeakendError, match=r"web\.case_closed"):
            call()


def test_a_case_is_not_closed_without_a_note(clinic: Clinic) -> None:
    with pytest.raises(PeakendError, match=r"web\.case_note"):
        cases.close_case(actor=clinic.wu, case=opened(clinic), note="  ")


@pytest.mark.parametrize(("site", "id"), [("west", "web.missing"), (None, "web.missing")])
def test_a_case_of_another_site_is_missing_for_nurse_chen_of_the_east(
    clinic: Clinic, site: str | None, id: str
) -> None:
    with pytest.raises(PeakendError) as caught:
        cases.take_case(actor=clinic.chen, case=opened(clinic, site=site))
    assert caught.value.id == id


def test_viewers_analysts_and_strangers_do_not_work_on_cases(clinic: Clinic) -> None:
    case = opened(clinic)
    for who in (clinic.mei, clinic.victor, clinic.sam):
        with pytest.raises(PeakendError, match=r"web\.not_allowed"):
            cases.close_case(actor=who, case=case, note="done")
    case.refresh_from_db()
    assert case.state == "open"
