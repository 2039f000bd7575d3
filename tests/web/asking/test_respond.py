"""A guest answers: tap by tap, twice, late, wrongly, and without a script."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.test.client import RequestFactory
from django.urls import resolve

from peakend.errors import catalogue
from peakend.service import as_data, loads
from peakend_web.asking import survey_cache
from peakend_web.asking.actions import add_place, close_survey, publish_survey
from peakend_web.asking.answers import now_us
from peakend_web.asking.render_tokens import make_token
from peakend_web.models import Answer, IdempotencyKey, Response, ServiceVersion, Site, Survey
from peakend_web.store.identity import public_name
from tests.web.conftest import OUTPATIENT, Clinic, service
from tests.web.surveys import (
    EVERYTHING,
    LIN,
    clinic_survey,
    hotel_survey,
    kept,
    name_of_lin,
    nothing_is_kept,
    said,
    send,
)

MEASURES = ("item", "construct", "role", "touchpoint", "state", "value", "text", "low", "high")


def counted(survey: Survey, *, done: bool = False, newest: int = 0, **counts: int) -> dict[str, Any]:
    """The reply to Mrs Lin's page: what it kept, and how it came to be."""
    whole = {"new": 0, "repeated": 0, "revised": 0, "conflicting": 0, **counts}
    there = {"newest": newest} if newest else {}
    saved = sum(whole.values()) - whole["conflicting"]
    return {"response": name_of_lin(survey), "saved": saved, "done": done, **there, **whole}


def test_mrs_lin_s_first_tap_is_a_fact_with_everything_that_is_known_of_it(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    place = add_place(actor=clinic.wu, survey=survey, label="Waiting room", site="east", touchpoint="wait")
    status, reply = send(survey, said("recommend", 9), lang="zh-Hant", place=place.code)
    assert (status, reply) == (200, counted(survey, new=1))
    answer, name = Answer.objects.values().get(), name_of_lin(survey)
    answer.pop("id")
    at_us, day = answer.pop("at_us"), answer.pop("day")
    assert day == (at_us + 8 * 3_600_000_000) // 86_400_000_000  # Taipei's midnight begins the day
    assert answer == {
        "workspace_id": clinic.workspace.pk, "service_id": clinic.service.pk, "imported_id": None, "seq": 1,
        "first_seq": 1, "customer": None,
        "visit": name, "site": "east", "channel": None, "segments": '{"language":"zh-Hant"}', "touchpoint": None,
        "value": 9.0,
        "source": f"survey:{survey.pk}", "source_key": f"{name}:recommend", "revision": 1, "response": name,
        "respondent_kind": "customer",
        "survey": "after-visit", "wave": None, "item": "recommend", "construct": "nps", "role": "score",
        "state": "answered", "low": 0.0,
        "high": 10.0, "text": None, "weight": 1.0, "aside": None, "delivery": None,
    }  # fmt: skip
    assert Response.objects.values_list("response", "place", "language", "completed_us").get() == (
        name,
        place.pk,
        "zh-Hant",
        None,
    )


def test_every_kind_of_question_becomes_the_facts_it_is_for(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    answers = [
        said("recommend", 3), said("why", "The lift.\r\nTwice."), said("used.check-in", 5),
        said("used.room", not_used=True), said("clean", 5), said("dinner", 2), said("worth", 4),
        said("staff.greeted", 5), said("staff.served", not_used=True), said("quietness.adequate", 6),
        said("quietness.expectation", 4), said("quietness.perception", 7), said("overall", 4),
        said("ease", 7), said("cared.expectation", 6), said("cared.perception", 2), said("late.functional", 1),
        said("late.dysfunctional", 5),
        said("sleep.importance", 7), said("sleep.score", 3), said("nights", 2.5), said("purpose", "leisure"),
        said("matters.bed", 2), said("matters.view", 1), said("weighs.empathy", 70), said("weighs.quiet", 30),
        said("came", "2026-03-09"), said("shown", 2), said("missed.tea", 1),
        said("reach", "lin@example.com"), said("reach.name", "Mrs Lin"), said("reach.agreed", 1),
    ]  # fmt: skip
    assert send(survey, *answers, done=True) == (200, counted(survey, new=30, done=True))
    assert kept(*MEASURES) == sorted(
        [
            ("recommend", "nps", "score", None, "answered", 3.0, None, 0.0, 10.0),
            ("why", "why", "comment", None, "answered", None, "The lift.\nTwice.", None, None),
            ("used", "check-in", "score", "check-in", "answered", 5.0, None, 1.0, 5.0),
            ("used", "room", "score", "room", "not_applicable", None, None, 1.0, 5.0),
            ("used", "breakfast", "score", "breakfast", "skipped", None, None, 1.0, 5.0),
            ("clean", "clean", "score", None, "answered", 5.0, None, 1.0, 5.0),
            ("dinner", "dinner", "score", None, "answered", 2.0, None, 1.0, 5.0),
            ("worth", "worth", "score", None, "answered", 4.0, None, 1.0, 5.0),
            ("reach", "reach", "choice", None, "answered", 1.0, None, 0.0, 1.0),
            ("staff.greeted", "empathy", "score", None, "answered", 5.0, None, 1.0, 5.0),
            ("staff.listened", "empathy", "score", None, "skipped", None, None, 1.0, 5.0),
            ("staff.served", "breakfast", "score", "breakfast", "not_applicable", None, None, 1.0, 5.0),
            ("quietness", "quiet", "adequate", None, "answered", 6.0, None, 1.0, 9.0),
            ("quietness", "quiet", "expectation", None, "answered", 4.0, None, 1.0, 9.0),
            ("quietness", "quiet", "perception", None, "answered", 7.0, None, 1.0, 9.0),
            ("overall", "csat", "score", None, "answered", 4.0, None, 1.0, 5.0),
            ("ease", "ces", "score", None, "answered", 7.0, None, 1.0, 7.0),
            ("cared", "empathy", "expectation", None, "answered", 6.0, None, 1.0, 7.0),
            ("cared", "empathy", "perception", None, "answered", 2.0, None, 1.0, 7.0),
            ("late", "late-checkout", "functional", None, "answered", 1.0, None, 1.0, 5.0),
            ("late", "late-checkout", "dysfunctional", None, "answered", 5.0, None, 1.0, 5.0),
            ("sleep", "quiet", "importance", None, "answered", 7.0, None, 1.0, 7.0),
            ("sleep", "quiet", "score", None, "answered", 3.0, None, 1.0, 7.0),
            ("nights", "nights", "score", None, "answered", 2.5, None, None, None),
            ("purpose", "purpose", "choice", None, "answered", 2.0, "leisure", 1.0, 2.0),
            ("matters", "matters.bed", "importance", None, "answered", 2.0, None, 1.0, 2.0),
            ("matters", "matters.view", "importance", None, "answered", 1.0, None, 1.0, 2.0),
            ("matters", "matters.price", "importance", None, "skipped", None, None, 1.0, 2.0),
            ("weighs", "empathy", "importance", None, "answered", 70.0, None, 0.0, 100.0),
            ("weighs", "tangibles", "importance", None, "answered", 0.0, None, 0.0, 100.0),
            ("weighs", "quiet", "importance", None, "answered", 30.0, None, 0.0, 100.0),
            ("came", "came", "choice", None, "answered", 20521.0, "2026-03-09", None, None),
            ("shown", "shown", "choice", None, "answered", 2.0, None, None, None),
            ("missed", "tea", "choice", None, "answered", 1.0, None, 0.0, 1.0),
            ("missed", "plugs", "choice", None, "answered", 0.0, None, 0.0, 1.0),
        ],
        key=str,
    )
    assert set(Answer.objects.values_list("segments", flat=True)) == {'{"language":"en","purpose":"leisure"}'}


def test_at_a_place_the_whole_is_judged_as_the_whole_and_what_names_nothing_is_about_the_place(clinic: Clinic) -> None:
    text = EVERYTHING.replace("service: stay", "service: inn").replace(
        "      - {id: nights,",
        "      - {id: remark, kind: text, wording: {en: Anything else?, zh-Hant: 還有嗎？, zh-Hans: 还有吗？}}\n      "
        "- {id: nights,",
    )
    survey = publish_survey(actor=clinic.sam, service=service(clinic.elsewhere, text, clinic.sam), item="morning-after")
    place = add_place(actor=clinic.sam, survey=survey, label="Breakfast room", site="north", touchpoint="breakfast")
    answers = [
        said("recommend", 3), said("why", "The lift."), said("used.check-in", 5), said("overall", 4), said("ease", 7),
        said("cared.perception", 2),
        said("late.functional", 1), said("remark", "The coffee."), said("nights", 2),
    ]  # fmt: skip
    assert send(survey, *answers, place=place.code)[0] == 200
    about = dict(Answer.objects.values_list("source_key", "touchpoint"))
    assert {key.partition(":")[2]: touchpoint for key, touchpoint in about.items()} == {
        "recommend": None, "why": None, "used.check-in": "check-in", "overall": None, "ease": None,
        "cared.perception": None,
        "late.functional": None, "remark": "breakfast", "nights": "breakfast",
    }  # fmt: skip
    assert {*Answer.objects.values_list("site", flat=True), Response.objects.get().place_id} == {"north", place.pk}, (
        "where it was asked is known"
    )


def test_a_changed_mind_replaces_the_answer_and_a_late_retry_of_the_old_one_does_not_bring_it_back(
    clinic: Clinic,
) -> None:
    survey = clinic_survey(clinic)
    send(survey, said("recommend", 3, revision=1), key="first-tap")
    send(survey, said("recommend", 8, revision=2), key="second-tap")
    late = send(survey, said("recommend", 4, revision=1), said("why", "slow", revision=2), key="late-retry")
    assert late == (200, counted(survey, new=1, conflicting=1, newest=2))
    Answer.objects.filter(item="why").delete()
    assert kept("value", "revision", "first_seq", "seq") == [(8.0, 2, 1, 2)]
    send(survey, said("recommend", None, revision=3), key="taken-back")
    assert kept("state", "value", "revision") == [("skipped", None, 3)]


def test_whoever_reads_the_name_of_a_response_cannot_write_under_it(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    _, told = send(survey, said("recommend", 9))
    assert send(survey, said("recommend", 0, revision=9), key="somebody-else", response=told["response"])[0] == 200
    assert sorted(Answer.objects.values_list("response", "value")) == sorted(
        [(name_of_lin(survey), 9.0), (public_name(settings.SECRET_KEY, survey.pk, told["response"]), 0.0)]
    )
    assert LIN not in json.dumps(
        [*Answer.objects.values(), *Response.objects.values(), *IdempotencyKey.objects.values()], default=str
    )


def test_a_finished_response_changes_only_by_what_says_that_it_amends_it(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    send(survey, said("recommend", 9))
    send(survey, said("recommend", 9), done=True, key="the-end-of-it")
    late = send(survey, said("recommend", 2, revision=5), said("why", "afterwards", revision=6), key="after-the-end")
    assert (late[0], late[1].pop("ended"), late[1]) == (200, True, counted(survey, conflicting=2, newest=1))
    assert send(survey, said("recommend", 9, revision=7), key="says-the-same") == (200, counted(survey, repeated=1))
    assert dict(Answer.objects.values_list("item", "state"))["why"] == "skipped"
    assert send(survey, said("recommend", 2, revision=9), key="that-amends-it", amends=True) == (
        200,
        counted(survey, revised=1),
    )
    assert dict(Answer.objects.values_list("item", "value"))["recommend"] == 2.0


def test_a_revision_beyond_what_anybody_counts_to_is_refused_and_a_form_that_says_one_is_taken_as_the_first(
    clinic: Clinic,
) -> None:
    survey = clinic_survey(clinic)
    status, told = send(survey, said("recommend", 9, revision=10_001))
    assert (status, told["error"]) == (400, "survey.body_broken")
    for digits in ("9" * 5_000, "²", "-1"):
        Client().post(f"/s/{survey.token}", {"response": LIN, "recommend": "3", "rev": digits, "lang": "en"})
    assert Answer.objects.values_list("value", "revision").get() == (3.0, 1)


def test_the_same_delivery_again_is_told_the_same_and_changes_nothing(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    first = send(survey, said("recommend", 9, ago=0))
    again = send(survey, said("recommend", 9, ago=90_000))
    assert first == again == (200, counted(survey, new=1))
    assert (Answer.objects.count(), Response.objects.count(), IdempotencyKey.objects.count()) == (1, 1, 1)


def test_the_same_key_with_another_body_is_refused_and_in_another_survey_is_another_key(clinic: Clinic) -> None:
    survey, other = clinic_survey(clinic), hotel_survey(clinic)
    send(survey, said("recommend", 9))
    status, reply = send(survey, said("recommend", 2))
    assert (status, reply["error"]) == (409, "delivery.key_reused")
    assert kept("value") == [(9.0,)]
    assert send(other, said("recommend", 2))[0] == 200


REFUSED: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    ("an item nobody asked", said("price", 3), "survey.item_unknown", {"item": "price"}),
    (
        "a touchpoint that is not rated",
        said("used.pool", 3),
        "survey.touchpoint_unknown",
        {"known": "check-in, room, breakfast"},
    ),
    ("a step above the scale", said("recommend", 11), "survey.value_outside", {"value": "11", "low": 0, "high": 10}),
    ("a step below the scale", said("overall", 0), "survey.value_outside", {"value": "0", "low": 1, "high": 5}),
    ("half a step", said("overall", 3.5), "survey.value_outside", {"value": "3.5"}),
    ("words on a scale", said("overall", "good"), "survey.value_outside", {"value": "good"}),
    ("not used where that cannot be", said("recommend", not_used=True), "survey.value_outside", {"value": "not used"}),
    (
        "a choice that is not offered",
        said("purpose", "pilgrimage"),
        "survey.option_unknown",
        {"known": "work, leisure"},
    ),
    (
        "words where a number belongs",
        said("nights", "two"),
        "survey.number_needed",
        {"item": "How many nights?", "field": "nights"},
    ),
    ("a number where words belong", said("why", 4), "survey.words_needed", {"item": "Why?", "field": "why"}),
    ("201 characters where 200 fit", said("why", "很" * 201), "survey.text_long", {"length": 201, "longest": 200}),
    ("a character that cannot be kept", said("why", "a\x00b"), "survey.text_nul", {"item": "Why?"}),
]


@pytest.mark.parametrize(
    ("answer", "error", "facts"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_a_wrong_answer_gets_its_own_error_and_nothing_of_the_delivery_is_kept(
    clinic: Clinic, answer: dict[str, Any], error: str, facts: dict[str, Any]
) -> None:
    status, reply = send(hotel_survey(clinic), said("ease", 5), answer)
    assert (status, reply["error"], [each["error"] for each in reply["problems"]]) == (422, error, [error])
    assert {name: reply[name] for name in facts} == facts
    assert reply["problems"][0]["field"] == answer["field"]
    assert reply["what"]
    assert reply["do"]
    assert nothing_is_kept()


BROKEN = [
    (b'{"key": "abcdefgh", "respon', "survey.body_broken"),
    (b"", "survey.body_broken"),
    (b"[]", "survey.body_broken"),
    (b'{"key": "short", "response": "0123456789abcdef", "answers": []}', "survey.body_broken"),
    (b'{"key": "abcdefgh", "response": "no", "answers": []}', "survey.body_broken"),
    (
        b'{"key": "abcdefgh", "response": "0123456789abcdef", "answers": [{"field": "recommend", "valeu": 3}]}',
        "survey.body_broken",
    ),
    (
        b'{"key": "abcdefgh", "response": "0123456789abcdef", "answers": [{"field": "recommend", "value": 1e999}]}',
        "survey.body_broken",
    ),
    (
        b'{"key": "abcdefgh", "response": "0123456789abcdef", "answers": [{"field": "why", "text": "\xff\xfe"}]}',
        "survey.body_broken",
    ),
    (b'{"key": "abcd\xe8efgh", "response": "0123456789abcdef", "answers": []}', "survey.body_broken"),
    (b'{"key": "abcdefgh", "response": "0123456789abcdef", "answers": []}', "survey.nothing_sent"),
    (b'{"key": "abcdefgh", "response": "0123456789abcdef", "place": "nowhere", "answers": []}', "survey.place_unknown"),
]


@pytest.mark.parametrize(("body", "error"), BROKEN)
def test_a_body_that_is_broken_is_refused_with_a_reason(clinic: Clinic, body: bytes, error: str) -> None:
    reply = Client().post(f"/s/{clinic_survey(clinic).token}/answers", body, content_type="application/json")
    assert (reply.status_code, reply.json()["error"]) == (400 if error == "survey.body_broken" else 422, error)
    assert nothing_is_kept()


def test_a_request_that_ends_before_its_announced_length_is_refused(clinic: Clinic) -> None:
    whole = json.dumps({"key": "abcdefgh", "response": LIN, "answers": [said("recommend", 9)]}).encode()
    survey = clinic_survey(clinic)
    asked = RequestFactory().post(f"/s/{survey.token}/answers", whole[:-20], content_type="application/json")
    asked.META["CONTENT_LENGTH"] = str(len(whole))
    told = resolve(asked.path).func(asked, token=survey.token)
    assert told.status_code == 400
    assert (
        json.loads(told.content)["what"]
        == f"The request ends too early or is not what was expected: {len(whole) - 20} of {len(whole)} bytes."
    )
    assert nothing_is_kept()


def test_more_than_is_taken_at_once_is_refused_before_it_is_read(clinic: Clinic) -> None:
    reply = Client().post(f"/s/{clinic_survey(clinic).token}/answers", b"x" * 300_000, content_type="application/json")
    assert (reply.status_code, reply.json()["error"]) == (413, "survey.body_large")


def test_an_unknown_survey_is_missing_and_a_closed_one_is_gone_for_script_form_and_reader(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    assert Client().get("/s/nosuchsurvey").status_code == 404
    assert (
        Client().post("/s/nosuchsurvey/answers", b"{}", content_type="application/json").json()["error"]
        == "survey.unknown"
    )
    assert Client().get(f"/s/{survey.token}").status_code == 200
    close_survey(actor=clinic.wu, survey=survey)
    survey_cache.forget(survey.token)  # the test's transaction never commits, which is when this happens
    opened_since = make_token(survey.pk, "", LIN, now_us())
    status, reply = send(survey, said("recommend", 9), token=opened_since)
    assert (status, reply["error"]) == (410, "survey.closed")
    page = Client().get(f"/s/{survey.token}", headers={"accept-language": "en"})
    assert (page.status_code, "This survey is closed." in page.content.decode()) == (410, True)
    assert Client().post(f"/s/{survey.token}", {"recommend": "9", "send": "1"}).status_code == 410
    assert nothing_is_kept()


def test_an_error_is_told_in_the_language_that_the_device_asks_for(clinic: Clinic) -> None:
    survey, body = (
        clinic_survey(clinic),
        json.dumps({"key": "abcdefgh", "response": LIN, "answers": [said("recommend", 11)]}),
    )
    told = {
        asked: Client()
        .post(f"/s/{survey.token}/answers", body, content_type="application/json", headers={"accept-language": asked})
        .json()["do"]
        for asked in ("zh-TW,zh;q=0.9", "zh-CN", "de, en;q=0.5", "*")
    }
    words = catalogue()["survey.value_outside"]
    assert told == {
        "zh-TW,zh;q=0.9": words["zh-Hant"]["do"],
        "zh-CN": words["zh-Hans"]["do"],
        "de, en;q=0.5": words["en"]["do"],
        "*": words["en"]["do"],
    }


PATHS: list[tuple[str, list[dict[str, Any]], list[str], list[str]]] = [
    ("nothing leads there", [said("recommend", 9)], [], ["missed", "which", "who"]),
    ("a low score leads to the next", [said("recommend", 3)], ["missed"], ["which", "who"]),
    ("a tick leads further", [said("recommend", 3), said("missed.tea", 1)], ["which"], ["who"]),
    ("another tick does not", [said("recommend", 3), said("missed.plugs", 1)], [], ["which", "who"]),
    ("words lead on", [said("recommend", 3), said("missed.tea", 1), said("which", "green")], ["who"], []),
    (
        "to the end",
        [said("recommend", 3), said("missed.tea", 1), said("which", "green"), said("who", "night desk")],
        [],
        [],
    ),
    (
        "an answer off the way leads nowhere",
        [said("recommend", 9), said("missed.tea", 1)],
        [],
        ["missed", "which", "who"],
    ),
]
LONG_WAY = """      - id: missed
        kind: multi_choice
        required: true
        show_if: {item: recommend, at_most: 6}
        wording: {en: What did you miss?, zh-Hant: 您覺得缺了什麼？, zh-Hans: 您觉得缺了什么？}
        options:
          - {id: tea, title: {en: Tea, zh-Hant: 茶, zh-Hans: 茶}}
          - {id: plugs, title: {en: Plugs, zh-Hant: 插座, zh-Hans: 插座}}
      - id: which
        kind: text
        required: true
        show_if: {item: missed, chosen: [tea]}
        wording: {en: Which tea?, zh-Hant: 哪一種茶？, zh-Hans: 哪一种茶？}
      - id: who
        kind: text
        required: true
        show_if: {item: which, answered: true}
        wording: {en: Whom did you ask?, zh-Hant: 您問了誰？, zh-Hans: 您问了谁？}
"""


@pytest.mark.parametrize(
    ("answers", "demanded", "not_shown"), [each[1:] for each in PATHS], ids=[each[0] for each in PATHS]
)
def test_what_is_required_is_demanded_along_the_way_that_was_walked_and_nowhere_else(
    clinic: Clinic, answers: list[dict[str, Any]], demanded: list[str], not_shown: list[str]
) -> None:
    text = re.sub(
        r"      - id: missed\n.*", LONG_WAY, EVERYTHING.replace("service: stay", "service: inn"), flags=re.DOTALL
    )
    survey = publish_survey(actor=clinic.sam, service=service(clinic.elsewhere, text, clinic.sam), item="morning-after")
    words = {"missed": "What did you miss?", "which": "Which tea?", "who": "Whom did you ask?"}
    status, told = send(survey, *answers, done=True)
    assert [each["what"] for each in told.get("problems", [])] == [
        f"“{words[item]}” still needs an answer." for item in demanded
    ]
    assert status == (422 if demanded else 200)
    if not demanded:
        assert sorted({item for item, state in kept("item", "state") if state == "not_shown"}) == sorted(not_shown)


def test_an_answer_that_left_the_way_when_an_earlier_one_was_changed_is_not_counted(clinic: Clinic) -> None:
    survey = hotel_survey(clinic)
    send(survey, said("recommend", 3), said("missed.tea", 1), key="first-tap")
    send(survey, said("recommend", 9, revision=2), said("missed.tea", 1), key="changed-mind", done=True)
    assert [row for row in kept("item", "construct", "state", "value") if row[0] == "missed"] == [
        ("missed", "plugs", "not_shown", None),
        ("missed", "tea", "not_shown", None),
    ]


def test_a_site_in_another_time_zone_begins_its_day_by_its_own_midnight(clinic: Clinic) -> None:
    Site.objects.filter(pk=clinic.west.pk).update(timezone="Pacific/Kiritimati")
    survey = clinic_survey(clinic)
    place = add_place(actor=clinic.wu, survey=survey, label="West desk", site="west")
    send(survey, said("recommend", 9), place=place.code)
    at_us, day = Answer.objects.values_list("at_us", "day").get()
    assert day == (at_us + 14 * 3_600_000_000) // 86_400_000_000


def test_an_answer_that_waited_for_a_connection_keeps_the_time_at_which_it_was_given(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    send(survey, said("recommend", 9, ago=3_600_000), said("why", "late", ago=0))
    times = dict(Answer.objects.values_list("item", "at_us"))
    assert times["why"] - times["recommend"] == 3_600_000_000


def test_a_survey_in_one_language_asks_in_that_language_alone(clinic: Clinic) -> None:
    written = OUTPATIENT.replace("languages: [en, zh-Hant, zh-Hans]", "languages: [zh-Hant]")
    version = ServiceVersion.objects.create(
        service=clinic.service, number=2, document=as_data(loads(written)), text=written, made_by=clinic.olivia
    )
    clinic.service.current = version
    clinic.service.save()
    survey = clinic_survey(clinic)
    for asked in ("en", "zh-CN", "zh-TW"):
        page = Client().get(f"/s/{survey.token}", headers={"accept-language": asked}).content.decode()
        assert '<html lang="zh-Hant">' in page
        assert 'name="lang"' not in page.partition("<header>")[2].partition("</header>")[0]


def test_two_words_on_one_question_in_one_delivery_are_taken_in_their_order_and_the_last_stands(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    assert send(survey, said("recommend", 9), said("recommend", 1)) == (200, counted(survey, new=1, revised=1))
    assert kept("item", "value", "revision") == [("recommend", 1.0, 1)]
