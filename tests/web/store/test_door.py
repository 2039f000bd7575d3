"""The door to the facts: each person sees the answers of their sites, as fresh as the last one that came in."""

from __future__ import annotations

from datetime import date

import pytest

from peakend.methods import BY_ID
from peakend_web.base.refusals import Missing, Refusal
from peakend_web.models import Person, Service
from peakend_web.store.door import Filters, Freshness, facts, freshness, manifest_of
from tests.web.answers import deliver, rate, recommend
from tests.web.conftest import Clinic
from tests.web.surveys import clinic_survey, said, send


def count(who: Person, service: Service, filters: Filters | None = None) -> int:
    rows = BY_ID["nps"].run(facts(who, service, filters))
    return sum(row.n for row in rows)


@pytest.fixture
def answered(clinic: Clinic) -> Clinic:
    """Six customers in the east, four in the west, one by a link that names no site; and somebody at the hotel."""
    deliver(clinic.service, recommend(9, 6, site="east", who={"language": "zh-Hant"}, on=date(2026, 11, 2)))
    deliver(
        clinic.service,
        recommend(3, 4, site="west", who={"language": "en", "purpose": "check-up"}, on=date(2026, 11, 9)),
    )
    deliver(clinic.service, recommend(7, 1, site=None))
    deliver(clinic.other_service, recommend(1, 5))
    return clinic


def test_everybody_sees_the_answers_of_their_own_sites_and_a_stranger_none(answered: Clinic) -> None:
    seen = {
        who.name: count(who, answered.service)
        for who in (answered.olivia, answered.victor, answered.chen, answered.sam)
    }
    assert seen == {"Olivia Wang": 11, "Victor": 6, "Chen": 6, "Sam": 0}, (
        "Victor sees what is released: five at a time of each site"
    )
    assert count(answered.sam, answered.other_service) == 5


def test_a_filter_never_widens_what_a_person_sees(answered: Clinic) -> None:
    with pytest.raises(Missing):
        count(answered.chen, answered.service, Filters({"site": ("west",)}))
    assert count(answered.chen, answered.service, Filters({"site": ("east",)})) == 6


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters({"site": ("west",)}), 4),
        (Filters({"site": ("east", "west")}), 10),
        (Filters({"language": ("en",), "purpose": ("check-up",)}), 4),
        (Filters({"language": ("it's; DROP TABLE",)}), 0),
        (Filters(since=date(2026, 11, 3)), 4),
        (Filters(until=date(2026, 11, 2)), 7),
        (Filters(since=date(2026, 11, 2), until=date(2026, 11, 9)), 11),
        (Filters({"site": ()}), 11),
    ],
)
def test_filters_narrow_by_column_and_by_local_day(answered: Clinic, filters: Filters, expected: int) -> None:
    assert count(answered.olivia, answered.service, filters) == expected


def test_a_column_that_nobody_brought_is_refused_and_those_there_are_named(answered: Clinic) -> None:
    with pytest.raises(Refusal) as refused:
        facts(answered.olivia, answered.service, Filters({"mood": ("good",)}))
    assert refused.value.id == "web.column_closed"
    assert "language, purpose" in refused.value.hint()


def test_the_copy_s_own_columns_are_neither_seen_nor_asked_for(answered: Clinic) -> None:
    assert {"id", "seq", "service", "workspace"} & set(facts(answered.olivia, answered.service).columns) == set()
    with pytest.raises(Refusal):
        facts(answered.olivia, answered.service, Filters({"seq": ("1",)}))


def test_a_tap_is_in_the_very_next_count_and_a_changed_one_is_counted_once(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    assert count(clinic.olivia, clinic.service) == 0
    send(survey, said("recommend", 3, revision=1), key="first-tap")
    assert count(clinic.olivia, clinic.service) == 1
    send(survey, said("recommend", 9, revision=2), key="second-tap")
    (row,) = BY_ID["nps"].run(facts(clinic.olivia, clinic.service))
    assert (row.n, row.as_dict()["promoters"], row.as_dict()["detractors"]) == (1, 1, 0)


def fresh(service: Service) -> Freshness:
    return freshness(service, manifest_of(service))


def test_the_page_can_say_how_fresh_it_is(clinic: Clinic) -> None:
    assert (fresh(clinic.service).newest_us, fresh(clinic.service).pending) == (None, 0)
    deliver(clinic.service, rate("wait", 4, 3))
    told = fresh(clinic.service)
    assert (told.pending, told.version) == (0, 3)
    assert told.newest_us
    assert told.as_of_us > told.newest_us - 400 * 86_400_000_000
