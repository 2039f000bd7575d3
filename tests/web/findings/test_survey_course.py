"""Manager Wu looks how her survey goes: how many opened it, how far they come, and how many answers it still needs."""

from __future__ import annotations

from itertools import count

import pytest
from django.test import Client

from peakend_web.asking.actions import add_place
from peakend_web.asking.openings import openings
from peakend_web.models import Opening, Survey
from tests.web.conftest import Clinic, browser_of
from tests.web.surveys import clinic_survey, said, send

NUMBERS = count(1)


def course(survey: Survey, query: str = "") -> str:
    return f"/w/harbour/outpatient/surveys/{survey.pk}/course/{query}"


def answer(survey: Survey, *answers: dict[str, object], done: bool = True, **more: object) -> None:
    number = next(NUMBERS)
    status, reply = send(
        survey, *answers, key=f"delivery-{number:04d}", response=f"a-patient-of-today-{number:04d}", done=done, **more
    )
    assert status == 200, reply


def open_page(survey: Survey, at: str = "", times: int = 1, **headers: str) -> None:
    for _ in range(times):
        Client().get(f"/s/{at or survey.token}", headers=headers)


def test_an_opening_is_counted_once_an_hour_and_place_and_not_who_fetches_ahead_or_loads_again(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    door = add_place(actor=clinic.wu, survey=survey, label="Door")
    open_page(survey, times=3)
    open_page(survey, at=door.code, times=2)
    open_page(survey, **{"sec-purpose": "prefetch"})
    open_page(survey, **{"cache-control": "max-age=0"})
    Client().head(f"/s/{survey.token}")
    openings.add()
    assert sorted(Opening.objects.values_list("survey", "at", "times")) == [
        (survey.pk, "", 3),
        (survey.pk, door.code, 2),
    ]


def test_olivia_reads_how_many_opened_it_how_far_they_came_and_from_where(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    door = add_place(actor=clinic.wu, survey=survey, label="Door", site="east")
    open_page(survey, at=door.code, times=40)
    for _ in range(12):
        answer(survey, said("recommend", 9), place=door.code)
    for _ in range(4):
        answer(survey, said("recommend", 3), done=False, place=door.code)
    page = browser_of(clinic.olivia).get(course(survey)).content.decode()
    assert "12 people have answered to the end, in 30% of the 40 times the survey was opened." in page
    assert '<th scope="row">Door</th><td class="num">40</td><td class="num">16</td><td class="num">12</td>' in page
    assert "How far they come" in page


def test_who_sees_groups_reads_no_number_that_moves_with_a_single_answer(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    open_page(survey, times=3)
    answer(survey, said("recommend", 9))
    page = browser_of(clinic.wu).get(course(survey)).content.decode()
    assert "Answers are added in groups of at least" in page
    assert "times the survey was opened" not in page
    assert "From where" not in page


@pytest.mark.parametrize(
    ("margin", "words"),
    [("", "n 1,537"), ("?within=10", "385"), ("?within=3", "4,269"), ("?within=7", "1,537")],
)
def test_the_worst_case_is_reckoned_with_until_thirty_have_answered(clinic: Clinic, margin: str, words: str) -> None:
    survey = clinic_survey(clinic)
    for _ in range(10):
        answer(survey, said("recommend", 9))
    page = browser_of(clinic.olivia).get(course(survey, margin)).content.decode()
    assert f"{int(words.removeprefix('n ').replace(',', '')) - 10:,} more answers, and the" in page
