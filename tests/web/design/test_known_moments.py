"""The moments of truth beside what was measured: the planned peak and end beside the real ones, how each moment was
rated, and how far it is.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from peakend.figures import number
from peakend.methods.csat import csat
from peakend.methods.peak_end import peak_end
from peakend_web.store import door
from tests.web.answers import deliver, rate
from tests.web.conftest import OUTPATIENT, Clinic, browser_of
from tests.web.findings.test_live_journey import write
from tests.web.findings.test_pages import read

from .test_studio import DESIGN

PAGE = f"{DESIGN}faces/moments/"
PLANNED = OUTPATIENT.replace(
    "- {id: consult, title: {en: Talk with the doctor, zh-Hant: 與醫師談話, zh-Hans: 与医生谈话}}",
    """- id: consult
            title: {en: Talk with the doctor, zh-Hant: 與醫師談話, zh-Hans: 与医生谈话}
            designed_as: peak
            emotion: {planned: 4}
            moment_of_truth: {}
            standards: [{id: six, text: {en: Six minutes, zh-Hant: 六分鐘, zh-Hans: 六分钟}}]
          - id: pay
            title: {en: Pay, zh-Hant: 繳費, zh-Hans: 缴费}
            designed_as: end
            emotion: {planned: 2}""",
)
NOON = 1_793_620_800_000_000
"""Noon on the second of November 2026, in microseconds."""
WAY = {"register": 4, "wait": 2, "consult": 3, "pay": 4}
"""The touchpoints of a visit in their order, with the lower of the two scores that are given."""


def visits(many: int, way: dict[str, int] | None = None, name: str = "p") -> list[dict[str, Any]]:
    """Visits that are rated along the way and judged afterwards."""
    drawn = random.Random(7)  # noqa: S311 — no secret
    rows: list[dict[str, Any]] = []
    for at in range(many):
        scores = {place: low + drawn.choice((0, 1)) for place, low in (way or WAY).items()}
        remembered = round((max(scores.values()) + [*scores.values()][-1]) / 2 + drawn.choice((-1, 0, 0)))
        own = {"visit": f"{name}{at}", "customer": f"{name}{at}", "response": f"{name}{at}"}
        for minute, (place, score) in enumerate(scores.items()):
            rows += rate(place, score, **own, at_us=NOON + minute * 60_000_000)
        judged = {"item": "remembered", "construct": "overall", "role": "remembered", "low": 1.0, "high": 5.0}
        rows.append({**judged, "value": float(remembered), **own, "at_us": NOON + 3_600_000_000})
    return rows


@pytest.fixture
def walked(clinic: Clinic) -> Clinic:
    """Sixty visits end at the till, twenty are over when the doctor is; the register is rated best, not the doctor."""
    write(clinic.service, PLANNED)
    short = {name: low for name, low in WAY.items() if name != "pay"}
    deliver(clinic.service, [*visits(60), *visits(20, short, "q")])
    return clinic


def test_planned_peak_and_end_stand_beside_the_real_ones_to_the_digit_of_the_methods(walked: Clinic) -> None:
    said = read(browser_of(walked.mei), PAGE)
    facts = door.facts(walked.mei, walked.service)
    rated = {row.construct: row for row in csat(facts, construct=[*WAY], measure="mean")}
    ends = {row.about: row for row in peak_end(facts, show="endings")}
    doctor, till = rated["consult"], ends["pay"]
    assert (till.n, sum(row.n for row in ends.values())) == (60, 80)
    assert doctor.value is not None
    assert doctor.low is not None
    assert doctor.high is not None
    assert "The planned peak is “Talk with the doctor”. By the answers" in said
    interval = f"95% confidence interval {number(doctor.low, 2)} to {number(doctor.high, 2)}"
    assert f"Planned Talk with the doctor planned emotion +4 · rated {number(doctor.value, 2)}" in said
    assert f"{interval} · {doctor.n} answers" in said
    assert "The planned end is “Pay”. Of 80 rated visits 60 were last rated at “Pay”." in said
    assert "Visits last rated at “Pay” 60 of 80" in said
    assert till.value is not None
    assert till.low is not None
    assert till.high is not None
    low = f"{number(till.value)}% 95% confidence interval {number(till.low)} to {number(till.high)} · n 60"
    assert f"of these, end below the middle of the scale {low}" in said


def test_visits_that_end_elsewhere_count_too_where_they_are_too_few_to_tell_of(clinic: Clinic) -> None:
    """Sixty end at the till; seven, of whom no figure is told, with the doctor; three, who are hidden, in the queue."""
    write(clinic.service, PLANNED)
    to_doctor = {name: low for name, low in WAY.items() if name != "pay"}
    deliver(clinic.service, [*visits(60), *visits(7, to_doctor, "q"), *visits(3, {"register": 4, "wait": 2}, "r")])
    said = read(browser_of(clinic.mei), PAGE)
    assert "Of more than 67 rated visits 60 were last rated at “Pay”." in said
    assert "Visits last rated at “Pay” 60 of more than 67" in said


def test_what_is_remembered_is_said_as_the_method_says_it_with_its_version(walked: Clinic) -> None:
    facts = door.facts(walked.mei, walked.service)
    row = next(row for row in peak_end(facts) if row.about == "peak_end")
    said = read(browser_of(walked.mei), PAGE)
    assert peak_end(facts).method.say(row, "en") in said
    assert row.version in said


def test_what_raising_a_moment_may_do_is_said_on_demand_as_the_method_says_it(walked: Clinic) -> None:
    browser = browser_of(walked.mei)
    assert "If one moment is rated higher" not in read(browser, PAGE)
    said = read(browser, f"{PAGE}?beside=1")
    rows = peak_end(door.facts(walked.mei, walked.service), show="what_if", moments=("peak", "trough", "end"))
    sentences = [rows.method.say(row, "en") for row in rows]
    assert ([sentence in said for sentence in sentences], len(sentences)) == ([True] * 3, 3)
    assert all("if the association is causal" in sentence for sentence in sentences)


def test_each_moment_shows_its_planned_feeling_its_rating_and_how_far_it_is(walked: Clinic) -> None:
    said = read(browser_of(walked.mei), PAGE)
    card = said[said.index("● Named") :]
    assert card.startswith("● Named – done ● Standard set – done ● Asked – done ○ Improved – not yet")
    assert "Planned emotion, from −5 to +5 +4 Rated 3." in card


def test_without_answers_it_says_so_and_shows_no_figure(clinic: Clinic) -> None:
    write(clinic.service, PLANNED)
    said = read(browser_of(clinic.mei), PAGE)
    assert "The planned peak is “Talk with the doctor”. No touchpoint has enough answers to tell where it is." in said
    assert "The planned end is “Pay”. At which touchpoint visits end is not known yet." in said
    assert "Rated – no answers yet" in said


def test_of_fewer_than_ten_answers_there_is_no_figure_and_of_fewer_than_thirty_a_pale_one(clinic: Clinic) -> None:
    write(clinic.service, PLANNED)
    deliver(clinic.service, rate("consult", 4, 9))
    assert "Rated – Too few answers to tell yet (9 of 10)." in read(browser_of(clinic.mei), PAGE)
    deliver(clinic.service, rate("consult", 5, 9))
    page = browser_of(clinic.mei).get(PAGE).content.decode()
    assert 'class="known-line pale"' in page
    assert "18 of 30" in page
    assert "By the answers it is" not in page


def test_victor_who_sees_what_is_released_reads_no_order_of_single_visits(walked: Clinic) -> None:
    said = read(browser_of(walked.victor), PAGE)
    assert "of 80 visits" not in said
