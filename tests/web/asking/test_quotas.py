"""Quotas: exact whoever finishes at once, kind to whoever comes too late, and nothing of it is lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.test import Client

from peakend_web.asking import survey_cache
from peakend_web.asking.actions import delivery_of, publish_survey
from peakend_web.asking.answers import GivenAnswer, Submission
from peakend_web.models import Answer, QuotaCount, Response, Survey
from peakend_web.store import writer
from peakend_web.store.writer import Writer
from tests.web.asking.tea import TEA_HOUSE, tea_survey
from tests.web.conftest import Clinic, make_clinic
from tests.web.surveys import said, send


def drinks(survey: Survey, who: str, drink: str = "tea") -> dict[str, Any]:
    own = {"key": f"end-{who}", "response": f"{who}-at-the-table", "done": True}
    status, told = send(survey, said("drink", drink), said("taste", 4), **own)
    assert status == 200
    return told


def over() -> list[str | None]:
    return sorted(Response.objects.values_list("over_quota", flat=True), key=str)


def test_a_quota_takes_so_many_and_whoever_was_answering_when_it_filled_is_kept_and_marked(clinic: Clinic) -> None:
    survey = tea_survey(clinic)
    send(survey, said("drink", "tea"), key="slow-tap", response="slow-mrs-lin-at-tea")
    told = [drinks(survey, who) for who in ("mei-at-noon", "chen-at-one", "wu-at-two-oh")]
    assert [each.get("over_quota") for each in told] == [None, None, "tea-drinkers"]
    assert drinks(survey, "olivia-at-3", "juice").get("over_quota") is None
    late = send(
        survey, said("drink", "tea"), said("taste", 5), key="slow-end", response="slow-mrs-lin-at-tea", done=True
    )
    assert (late[0], late[1]["over_quota"]) == (200, "tea-drinkers")
    assert over() == [None, None, None, "tea-drinkers", "tea-drinkers"]
    assert QuotaCount.objects.get().taken == 2
    assert Answer.objects.filter(item="taste", state="answered").count() == 5  # figures count them all


def test_the_same_end_sent_again_and_an_answer_changed_after_it_take_no_second_place(clinic: Clinic) -> None:
    survey = tea_survey(clinic)
    first = drinks(survey, "mei-at-noon")
    assert drinks(survey, "mei-at-noon") == first
    changed = send(survey, said("drink", "tea", revision=2), said("taste", 1, revision=2), key="changed mind",
                   response="mei-at-noon-at-the-table", done=True, amends=True)  # fmt: skip
    assert changed[0] == 200
    assert QuotaCount.objects.get().taken == 1


def test_a_new_version_of_the_survey_counts_on(clinic: Clinic) -> None:
    survey = tea_survey(clinic)
    drinks(survey, "mei-at-noon")
    service = survey.service
    version = service.current
    service.current = service.versions.create(number=2, document=version.document, text=version.text,
                                              made_by=clinic.sam)  # fmt: skip
    service.save()
    newer = publish_survey(actor=clinic.sam, service=service, item="table")
    assert newer.pk != survey.pk
    assert [drinks(newer, who).get("over_quota") for who in ("chen-at-one", "wu-at-two-oh")] == [None, "tea-drinkers"]


def test_of_somebody_new_in_a_full_quota_nothing_more_is_demanded_and_what_they_said_is_kept(clinic: Clinic) -> None:
    survey = tea_survey(clinic)
    for who in ("mei-at-noon", "chen-at-one"):
        drinks(survey, who)
    survey_cache.forget(survey.token)
    page = Client().get(f"/s/{survey.token}").content.decode()
    assert "data-full=" in page
    status, told = send(survey, said("drink", "tea"), key="turned-away", response="victor-at-the-table", done=True)
    assert (status, told["over_quota"]) == (200, "tea-drinkers")
    assert (
        send(survey, said("drink", "juice"), key="somebody else", response="sam-at-the-table-too", done=True)[0] == 422
    )
    kind = Client().get(f"/s/{survey.token}/thanks?full=1", headers={"accept-language": "zh-TW"}).content.decode()
    assert "與您情況相近的顧客，我們已經收到足夠的回覆，因此不再請您往下作答。" in kind


def test_a_page_knows_only_the_quotas_that_are_full(clinic: Clinic) -> None:
    assert "data-full=" not in Client().get(f"/s/{tea_survey(clinic).token}").content.decode()


@pytest.fixture
def house(transactional_db: None) -> Any:
    yield make_clinic()
    writer.close()


def test_of_many_who_end_at_once_through_two_writers_exactly_as_many_are_taken_as_there_are_places(
    house: Clinic,
) -> None:
    token = tea_survey(house, TEA_HOUSE.replace("at_most: 2", "at_most: 25")).token
    survey = survey_cache.find(token)
    writers = [Writer(), Writer()]
    answers = [GivenAnswer(field="drink", text="tea"), GivenAnswer(field="taste", value=4)]

    def end(number: int) -> bool:
        sent = Submission(response=f"tea-drinker-number-{number}", key=f"end {number}", answers=answers, done=True)
        return "over_quota" in writers[number % 2].deliver(delivery_of(survey=survey, sent=sent)).reply

    with ThreadPoolExecutor(20) as pool:
        told = list(pool.map(end, range(80)))
    for each in writers:
        each.close()
    assert (sum(told), QuotaCount.objects.get().taken, over().count("tea-drinkers")) == (55, 25, 55)
