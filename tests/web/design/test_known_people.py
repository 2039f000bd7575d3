"""Personas beside the real answers of the segment that each stands for: its figures beside those of all others, what it
rates clearly otherwise, its own words; and what is said where none of it can be told.
"""

from __future__ import annotations

from typing import Any

import pytest

from peakend import extremes
from peakend.figures import number
from peakend.methods.csat import csat
from peakend_web.models import AuditEntry
from peakend_web.store import door
from peakend_web.store.door import Filters
from tests.web.answers import deliver, rate, recommend, remark
from tests.web.conftest import OUTPATIENT, Clinic, browser_of
from tests.web.findings.test_live_journey import write
from tests.web.findings.test_pages import read

from .test_studio import DESIGN

PAGE = f"{DESIGN}faces/people/"
PEOPLE = OUTPATIENT.replace(
    "stakeholders:\n",
    """personas:
  - {id: lin, name: {en: Mrs Lin, zh-Hant: 林太太, zh-Hans: 林太太}, segment: {purpose: treatment}}
stakeholders:
""",
    1,
)
PLACES = ("register", "wait", "consult")
OWN, OTHERS = {"purpose": "treatment"}, {"purpose": "check-up"}


def answers(many: int, who: dict[str, str], scores: tuple[int, int, int]) -> list[dict[str, Any]]:
    """So many rate each touchpoint so, every second of them a point higher; and the whole as the doctor."""
    rows = [
        row
        for place, score in zip(PLACES, scores, strict=True)
        for at in (0, 1)
        for row in rate(place, score + at, many // 2, who=who)
    ]
    return rows + [row for at in (0, 1) for row in whole(scores[2] + at, many // 2, who)]


def whole(score: int, times: int, who: dict[str, str]) -> list[dict[str, Any]]:
    """So many judge the whole so."""
    return [{**row, "touchpoint": None} for row in rate("overall", score, times, who=who)]


@pytest.fixture
def told(clinic: Clinic) -> Clinic:
    """Eighty who come for treatment wait unhappily; a hundred others do not. Who did not say is of neither."""
    write(clinic.service, PEOPLE)
    deliver(clinic.service, answers(80, OWN, (4, 1, 3)))
    deliver(clinic.service, answers(100, OTHERS, (4, 3, 3)))
    deliver(clinic.service, rate("wait", 5, 40))
    deliver(clinic.service, [remark("wait", f"Forgotten on chair {at}", who=dict(OWN)) for at in range(12)])
    return clinic


def of(clinic: Clinic, filters: Filters) -> dict[str | None, Any]:
    facts = door.facts(clinic.mei, clinic.service, filters)
    return {row.construct: row for row in csat(facts, construct=[*PLACES, "overall"], measure="mean")}


def test_the_segment_stands_beside_all_others_to_the_digit_of_the_method(told: Clinic) -> None:
    said = read(browser_of(told.mei), PAGE)
    own, others = (of(told, Filters({"purpose": (value,)}))["overall"] for value in ("treatment", "check-up"))
    for name, row in (("of these customers", own), ("of all others", others)):
        interval = f"95% confidence interval {number(row.low, 2)} to {number(row.high, 2)} · {row.n} answers"
        assert f"overall, {name} {number(row.value, 2)} {interval}" in said
    assert (own.n, others.n) == (80, 100)
    assert own.version in said


def test_only_what_differs_by_a_test_over_all_touchpoints_is_named(told: Clinic) -> None:
    said = read(browser_of(told.mei), PAGE)
    own, others = (of(told, Filters({"purpose": (value,)})) for value in ("treatment", "check-up"))
    tested = extremes.apart([(own[place], others[place]) for place in (*PLACES, "overall")])
    assert [bool(below.any()) for below in tested] == [False, True, False, False]
    assert (
        "80 answers are from these customers; they rate 1 of 3 touchpoints clearly differently from all others." in said
    )
    assert "Wait to be called 1.50 ▼ clearly lower · all others 3.50, n 100" in said
    assert "clearly higher" not in said


def test_their_own_words_are_quoted_where_ten_spoke_and_the_trail_says_who_read_them(told: Clinic) -> None:
    said = read(browser_of(told.mei), PAGE)
    assert "Forgotten on chair" in said
    assert AuditEntry.objects.filter(verb="read_words", actor=told.mei).exists()
    assert "Forgotten on chair" not in read(browser_of(told.victor), PAGE)


def test_words_that_come_back_with_a_form_that_was_refused_are_in_the_trail_too(told: Clinic) -> None:
    told_wu = browser_of(told.wu).post(f"{PAGE}edit/", {"do": "nothing"})
    assert (told_wu.status_code, b"Forgotten on chair" in told_wu.content) == (422, True)
    assert AuditEntry.objects.filter(verb="read_words", actor=told.wu).exists()


def test_of_few_voices_none_is_quoted(clinic: Clinic) -> None:
    write(clinic.service, PEOPLE)
    deliver(clinic.service, answers(80, OWN, (4, 1, 3)))
    deliver(clinic.service, [remark("wait", f"Forgotten on chair {at}", who=dict(OWN)) for at in range(9)])
    assert "Forgotten on chair" not in read(browser_of(clinic.mei), PAGE)


def test_of_seven_answers_it_says_that_three_more_are_needed_and_where_they_are_asked_for(clinic: Clinic) -> None:
    write(clinic.service, PEOPLE)
    deliver(clinic.service, answers(100, OTHERS, (4, 3, 3)))
    deliver(clinic.service, whole(4, 7, OWN))
    page = browser_of(clinic.mei).get(PAGE).content.decode()
    assert "Too few answers from these customers to tell yet: 3 more needed." in page
    assert '<progress class="progress" max="10" value="7"' in page
    assert "Survey more of them" in page
    assert "of all others" not in page


def test_where_fewer_judged_the_whole_than_would_recommend_it_those_are_counted(clinic: Clinic) -> None:
    write(clinic.service, PEOPLE)
    deliver(clinic.service, [*whole(4, 3, OWN), *recommend(9, 6, who=OWN)])
    assert "Too few answers from these customers to tell yet: 4 more needed." in read(browser_of(clinic.mei), PAGE)


def test_of_twelve_answers_the_figure_is_pale_and_nothing_is_called_otherwise(clinic: Clinic) -> None:
    write(clinic.service, PEOPLE)
    deliver(clinic.service, answers(100, OTHERS, (4, 3, 3)))
    deliver(clinic.service, answers(12, OWN, (4, 1, 3)))
    page = browser_of(clinic.mei).get(PAGE).content.decode()
    assert 'class="known-line pale"' in page
    assert "12 of 30" in page
    assert "no touchpoint has enough answers to compare them with all others." in page
    assert "clearly lower" not in page


def test_without_a_segment_the_one_way_out_is_to_name_it(clinic: Clinic) -> None:
    write(clinic.service, PEOPLE.replace(", segment: {purpose: treatment}", ""))
    said = read(browser_of(clinic.wu), PAGE)
    assert "It is not set yet which customers in the data are meant, so no answers are shown here." in said
    assert "Name its segment" in said
    assert "Name its segment" not in read(browser_of(clinic.victor), PAGE)


def test_nurse_chen_who_sees_one_site_reads_no_segment_within_it(told: Clinic) -> None:
    """What is released holds for one column of people at a time: a site or a segment."""
    told.chen.language = "en"
    told.chen.save()
    said = read(browser_of(told.chen), PAGE)
    assert "of these customers" not in said
    assert "answers are from these customers" not in said


def test_a_segment_that_the_service_does_not_know_opens_no_column(clinic: Clinic) -> None:
    write(clinic.service, PEOPLE.replace("{purpose: treatment}", "{response: r1}"))
    deliver(clinic.service, answers(40, OWN, (4, 1, 3)))
    assert "answers are from these customers" not in read(browser_of(clinic.mei), PAGE)
