"""What is counted apart: kept, in no figure by default, and in both numbers where somebody asks for them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import transaction

import peakend
from peakend.methods import BY_ID
from peakend_web.models import Answer, Person, Survey
from peakend_web.store import columnar, deliveries, door
from peakend_web.store.door import ASIDES, Filters
from peakend_web.store.responses import ResponseKey
from tests.web.answers import deliver, recommend
from tests.web.conftest import Clinic, browser_of
from tests.web.findings.test_pages import HOME
from tests.web.surveys import clinic_survey, name_of_lin, said, send


def counts(who: Person, clinic: Clinic) -> dict[str, int]:
    """How many recommendations each position of the switch counts."""
    found = {aside: door.facts(who, clinic.service, Filters(aside=aside)) for aside in ASIDES}
    return {aside: sum(row.n for row in BY_ID["nps"].run(facts)) for aside, facts in found.items()}


@pytest.fixture
def answered(clinic: Clinic) -> Clinic:
    """Ten customers, six forged answers in quarantine, five that came late, and five that were too fast to be read."""
    deliver(clinic.service, recommend(9, 10))
    deliver(clinic.service, recommend(0, 6, aside="quarantine"))
    deliver(clinic.service, recommend(7, 5, aside="late"))
    deliver(clinic.service, recommend(10, 5, aside="questionable"))
    return clinic


def test_what_is_set_apart_counts_nowhere_until_somebody_asks_and_what_is_questionable_until_somebody_asks_without_it(
    answered: Clinic,
) -> None:
    both = {"counted": 15, "sure": 10, "all": 26}
    assert (counts(answered.olivia, answered), counts(answered.victor, answered)) == (both, both), (
        "of what is released in groups too: each reason has groups of its own"
    )


def test_whoever_names_a_reason_sees_those_alone(answered: Clinic) -> None:
    late = door.facts(answered.olivia, answered.service, Filters({"aside": ("late", "quarantine")}))
    assert [row.n for row in BY_ID["nps"].run(late)] == [11]


@pytest.mark.parametrize(("query", "n"), [("", 15), ("?aside=sure", 10), ("?aside=all", 26), ("?aside=late", 5)])
def test_pages_and_programs_have_the_same_switch(answered: Clinic, query: str, n: int) -> None:
    rows = browser_of(answered.olivia).get(f"{HOME}methods/nps.json{query}").json()
    assert [row["n"] for row in rows] == [n]


def test_the_page_of_a_finding_says_both_numbers_and_leads_to_the_other(answered: Clinic) -> None:

    def others(query: str = "") -> dict[str, str]:
        page = browser_of(answered.olivia).get(f"{HOME}methods/nps/{query}").content.decode()
        return dict(re.findall(r'<p class="evidence"><a href="[^"]*/nps/([^"]*)">([^<]*)</a><br>', page))

    with_all = "With the 11 that are set apart (came late 5, in quarantine 6)"
    without, otherwise = "Without the 5 that are questionable", "As it is counted otherwise"
    assert {query: others(query) for query in ("", "?aside=sure", "?aside=all", "?aside=late")} == {
        "": {"?aside=sure": without, "?aside=all": with_all},
        "?aside=sure": {"": otherwise, "?aside=all": with_all},
        "?aside=all": {"": otherwise, "?aside=sure": without},
        "?aside=late": {},
    }


def test_a_file_taken_away_gives_the_page_s_figure_and_says_what_was_set_apart_where_that_was_asked_for(
    answered: Clinic, tmp_path: Path
) -> None:
    def exported(aside: Any) -> tuple[int, list[int]]:
        path = tmp_path / f"{aside}.parquet"
        rows = door.write_rows(answered.service, Filters(aside=aside), None, path)
        return rows, [row.n for row in peakend.nps(str(path))]

    assert [exported(aside) for aside in ASIDES] == [(15, [15]), (10, [10]), (26, [15])]
    reasons = pq.read_table(tmp_path / "all.parquet").column("aside").value_counts().to_pylist()
    assert {each["values"]: each["counts"] for each in reasons} == {
        None: 10,
        "quarantine": 6,
        "late": 5,
        "questionable": 5,
    }


def of_lin(survey: Survey, *fields: str) -> ResponseKey:
    return ResponseKey(survey.service_id, f"survey:{survey.pk}", name_of_lin(survey), fields)


def set_apart(survey: Survey, aside: str | None) -> None:
    with transaction.atomic():
        deliveries.set_apart(survey.workspace_id, [of_lin(survey, "recommend", "why", "reason")], aside)


def test_a_response_that_is_set_apart_later_leaves_copy_and_sums_and_comes_back_when_it_counts(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    deliver(clinic.service, recommend(9, 3))
    send(survey, said("recommend", 2))
    before = counts(clinic.olivia, clinic)
    set_apart(survey, "quarantine")
    apart, copied = counts(clinic.olivia, clinic), columnar.verify(clinic.workspace.pk)
    set_apart(survey, "quarantine")
    again = Answer.objects.values_list("seq", "first_seq", "aside").get(source_key__startswith=name_of_lin(survey))
    set_apart(survey, None)
    assert (before, apart, counts(clinic.olivia, clinic)) == (
        {"counted": 4, "sure": 4, "all": 4},
        {"counted": 3, "sure": 3, "all": 4},
        {"counted": 4, "sure": 4, "all": 4},
    )
    assert (copied, again) == ([], (5, 4, "quarantine")), "to say so twice changes nothing"
