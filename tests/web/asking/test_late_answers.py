"""Answers to a survey that is closed, replaced, or asks otherwise by now: kept against the version they were given to,
or refused with the reason.
"""

from __future__ import annotations

import datetime as dt

from django.test import Client

from peakend_web.asking import survey_cache
from peakend_web.asking.actions import close_survey, publish_survey
from peakend_web.models import Answer, Response, Survey
from tests.web.asking.tea import TEA_HOUSE, tea_survey
from tests.web.conftest import Clinic
from tests.web.surveys import kept, said, send


def close(clinic: Clinic, survey: Survey, hours_ago: int = 0) -> None:
    close_survey(actor=clinic.sam, survey=survey)
    closed_at = Survey.objects.values_list("closed_at", flat=True).get(pk=survey.pk)
    Survey.objects.filter(pk=survey.pk).update(closed_at=closed_at - dt.timedelta(hours=hours_ago))
    survey_cache.forget(survey.token)


def test_what_began_before_its_survey_was_closed_is_kept_and_marked_late(clinic: Clinic) -> None:
    survey = tea_survey(clinic)
    send(survey, said("drink", "tea"), key="in the tunnel")
    assert Response.objects.get().aside != "late"
    close(clinic, survey)
    assert send(survey, said("taste", 2), said("why", "cold"), key="out of the tunnel")[0] == 200
    status, told = send(
        survey, said("drink", "tea"), said("taste", 2), said("why", "cold"), key="at the end", done=True
    )
    assert (status, told["done"]) == (200, True)
    assert Response.objects.get().aside == "late"
    assert ("why", "answered", "cold") in kept("item", "state", "text")


def test_what_waited_on_a_phone_since_before_it_was_closed_is_kept_though_nothing_of_it_had_come(
    clinic: Clinic,
) -> None:
    survey = tea_survey(clinic)
    close(clinic, survey)  # the page was opened a minute before
    assert send(survey, said("drink", "tea"), said("taste", 4), done=True)[0] == 200
    assert Response.objects.get().aside == "late"


def test_whoever_begins_after_it_was_closed_is_told_so_in_their_language_and_nothing_is_kept(clinic: Clinic) -> None:
    survey = tea_survey(clinic)
    close(clinic, survey, hours_ago=1)
    status, told = send(survey, said("drink", "tea"))
    assert (status, told["error"]) == (410, "survey.closed")
    page = Client().get(f"/s/{survey.token}", headers={"accept-language": "zh-TW"})
    assert (page.status_code, "這份問卷已經結束" in page.content.decode()) == (410, True)
    assert not Response.objects.exists()


def test_what_began_before_is_kept_for_fourteen_days_and_no_longer(clinic: Clinic) -> None:
    survey = tea_survey(clinic)
    send(survey, said("drink", "tea"), key="in the tunnel")
    long_ago = dt.timedelta(days=15)
    Response.objects.update(started_us=Response.objects.get().started_us - int(2 * long_ago.total_seconds()) * 10**6)
    close(clinic, survey)
    Survey.objects.update(closed_at=Survey.objects.get().closed_at - long_ago)
    survey_cache.forget(survey.token)
    assert send(survey, said("taste", 2), key="out of the tunnel")[0] == 410


def test_answers_stay_with_the_version_they_were_given_to_though_a_newer_one_asks_otherwise(clinic: Clinic) -> None:
    survey = tea_survey(clinic)
    send(survey, said("drink", "coffee"), said("warmth", 5), key="before that")
    newer = published_without(clinic, survey, "coffee", "warmth")
    status, _ = send(survey, said("drink", "coffee"), said("taste", 4), said("warmth", 5), key="at the end", done=True)
    assert status == 200
    found = dict(Answer.objects.filter(state="answered").values_list("item", "text"))
    assert found == {"drink": "coffee", "taste": None, "warmth": None}
    assert [(each.survey_id, each.aside == "late") for each in Response.objects.all()] == [(survey.pk, False)]
    refused = send(newer, said("drink", "coffee"), said("warmth", 5), key="to the newer", response="mei-at-the-table")
    assert (refused[0], [each["error"] for each in refused[1]["problems"]]) == (
        422, ["survey.option_unknown", "survey.item_unknown"],
    )  # fmt: skip


def published_without(clinic: Clinic, survey: Survey, option: str, item: str) -> Survey:
    """The same survey anew, without an option and a question."""
    document = {**survey.service.current.document}
    own = {**document["surveys"][0], "shuffle": [["taste", "price"]]}
    own["items"] = [
        {**each, "options": [one for one in each["options"] if one["id"] != option]} if "options" in each else each
        for each in own["items"]
        if each["id"] != item
    ]
    service = survey.service
    service.current = service.versions.create(
        number=2, document={**document, "surveys": [own]}, text=TEA_HOUSE, made_by=clinic.sam
    )
    service.save()
    return publish_survey(actor=clinic.sam, service=service, item="table")


def test_of_a_closed_survey_that_was_replaced_before_late_answers_are_kept_too(clinic: Clinic) -> None:
    survey = tea_survey(clinic)
    send(survey, said("drink", "tea"), key="before that")
    newer = published_without(clinic, survey, "coffee", "warmth")
    close(clinic, newer)
    survey_cache.forget(survey.token)
    assert send(survey, said("drink", "tea"), said("taste", 4), key="at the end", done=True)[0] == 200
    assert Response.objects.get().aside == "late"
