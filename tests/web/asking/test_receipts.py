"""Mrs Lin finds her answers again by the code that she was shown after sending: sees, changes, takes along, deletes."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

import pytest
from django.test import Client

from peakend_web.asking import survey_cache
from peakend_web.asking.actions import add_place, close_survey
from peakend_web.asking.queries.given_answers import MOST
from peakend_web.asking.receipts import ALPHABET, LENGTH, in_groups, new_receipt, receipt_of
from peakend_web.models import Answer, AuditEntry, IdempotencyKey, Response, Survey, TakeBack
from tests.web.conftest import Clinic
from tests.web.surveys import clinic_survey, hotel_survey, kept, said, send

CODE = "k7mp2xqrabcd9ef4ghj5"
EVERYTHING = [
    said("recommend", 3), said("why", "The lift.\nTwice."), said("used.check-in", 5), said("used.room", not_used=True),
    said("overall", 4), said("cared.perception", 6), said("late.functional", 1), said("nights", 2),
    said("purpose", "work"), said("missed.tea", 1), said("missed.plugs", 1),
]  # fmt: skip


def finished(survey: Survey, *answers: dict[str, Any], code: str = CODE, **more: Any) -> None:
    assert send(survey, *(answers or EVERYTHING), response=code, done=True, key=f"the-end-of-{code}", **more)[0] == 200


def ask(where: str = "/r/", code: str = CODE, **more: str) -> Any:
    return Client(headers={"accept-language": "en"}).post(where, {"code": code, **more})


def told(page: str) -> list[str]:
    """The questions and answers of the page, in their order."""
    parts = re.findall(r"<d[td]>(.*?)</d[td]>", page, flags=re.DOTALL)
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part)).strip() for part in parts]


def test_a_code_has_99_random_bits_and_no_letter_that_is_taken_for_another() -> None:
    codes = {new_receipt() for _ in range(10_000)}
    assert (len(codes), ALPHABET.isascii(), len(ALPHABET) ** LENGTH > 2**99) == (10_000, True, True)
    assert not set("".join(codes)) & set("01ilo")


@pytest.mark.parametrize(
    "typed",
    [
        "K7MP-2XQR-ABCD-9EF4-GHJ5",
        " k7mp 2xqr abcd 9ef4 ghj5\n",
        "Ｋ７ＭＰ－２ＸＱＲ－ＡＢＣＤ－９ＥＦ４－ＧＨＪ５",
        "k7mp2xqr・abcd9ef4。ghj5",
    ],
)
def test_a_code_is_understood_however_it_is_typed(typed: str) -> None:
    assert receipt_of(typed) == CODE


@pytest.mark.parametrize("typed", ["", CODE[:-1], CODE + "a", CODE.replace("k", "i"), "我的代碼", "x" * 100_000])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert receipt_of(typed) == ""


def test_with_her_code_mrs_lin_sees_what_she_answered_in_words_and_in_each_language(clinic: Clinic) -> None:
    finished(hotel_survey(clinic))
    page = ask(code=in_groups(CODE)).content.decode()
    assert told(page) == [
        "Would you recommend us?", "3 (0–10)", "Why?", "The lift. Twice.",
        "How was each of these for you?", "Check-in 5 (1–5)", "Room Did not use", "All in all?", "4 (1–5)",
        "Empathy", "This hotel knew my wishes. 6 (1–7)",
        "Late check-out", "If you could leave at two, how would you feel? I like it that way", "How many nights?", "2",
        "What brought you here?", "Work", "What did you miss?", "Tea · Plugs",
    ]  # fmt: skip
    chinese = ask(lang="zh-Hant").content.decode()
    assert ("您的作答內容" in chinese, "您會推薦我們嗎？" in chinese, "出差" in chinese) == (True, True, True)
    assert '<html lang="zh-Hans">' in ask(lang="zh-Hans").content.decode()


def test_nothing_that_is_kept_holds_the_code_or_a_plain_hash_of_it_alone(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    finished(survey, said("recommend", 9), said("why", "Kind people."))
    stored = json.dumps(
        [*Answer.objects.values(), *Response.objects.values(), *IdempotencyKey.objects.values()], default=str
    )
    assert CODE not in stored
    assert hashlib.sha256(CODE.encode()).hexdigest() not in stored
    assert Response.objects.get().receipt != Response.objects.get().response


def test_a_response_that_is_not_finished_or_that_a_program_named_is_found_by_no_code(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    send(survey, said("recommend", 9), response=CODE)
    send(survey, said("recommend", 9), response="a-program-s-own-name", key="another-key", done=True)
    assert [Response.objects.filter(receipt=None).count(), ask().status_code] == [2, 422]


def test_a_wrong_code_is_told_alike_whatever_is_wrong_with_it(clinic: Clinic) -> None:
    finished(clinic_survey(clinic), said("recommend", 9))
    pages = [ask(code=typed) for typed in ("", "x", new_receipt(), "我的代碼", "\x00", CODE[::-1])]
    assert {page.status_code for page in pages} == {422}
    assert len({page.content for page in pages}) == 1
    assert "No answers are found with this code." in pages[0].content.decode()


def test_many_wrong_codes_from_one_address_are_slowed_and_a_right_one_from_there_still_opens(clinic: Clinic) -> None:
    finished(clinic_survey(clinic), said("recommend", 9))
    tries = [ask(code=new_receipt()).status_code for _ in range(MOST["receipt"] + 5)]
    assert tries == [422] * MOST["receipt"] + [429] * 5
    assert ask().status_code == 200


def test_she_takes_her_answers_along_as_text_and_as_data(clinic: Clinic) -> None:
    finished(hotel_survey(clinic), said("recommend", 3), said("why", "很慢"), said("used.room", 2))
    text = ask("/r/answers.txt", lang="en")
    assert text.headers["Content-Disposition"] == 'attachment; filename="answers.txt"'
    assert text.content.decode() == (
        "How was your night?\nLakeside Hotel\n\nWould you recommend us?\n3 (0–10)\n\nWhy?\n很慢\n\n"
        "How was each of these for you?\nRoom: 2 (1–5)\n\n"
    )
    data = json.loads(ask("/r/answers.json", lang="zh-Hant").content)
    assert data["answers"] == [
        {"question": "您會推薦我們嗎？", "row": "", "answer": "3 (0–10)"},
        {"question": "為什麼？", "row": "", "answer": "很慢"},
        {"question": "以下各項，您覺得如何？", "row": "客房", "answer": "2 (1–5)"},
    ]
    assert data["fields"] == [
        {"field": "recommend", "value": 3.0, "text": None, "not_used": False},
        {"field": "why", "value": None, "text": "很慢", "not_used": False},
        {"field": "used.room", "value": 2.0, "text": None, "not_used": False},
    ]


def test_she_changes_an_answer_and_the_later_one_stands(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    finished(survey, said("recommend", 3), said("why", "Too slow."))
    page = ask(f"/s/{survey.token}/change").content.decode()
    assert ('value="3" checked' in page, ">Too slow.</textarea>" in page) == (True, True)
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    assert form["response"] == CODE
    reply = Client().post(f"/s/{survey.token}", {**form, "recommend": "9", "why": "Kind after all.", "send": "1"})
    assert "/thanks" in reply["Location"]
    assert kept("item", "value", "text") == [
        ("recommend", 9.0, None), ("waiting", None, None), ("why", None, "Kind after all.")
    ]  # fmt: skip
    assert Response.objects.count() == 1


def test_a_closed_survey_s_answers_can_be_seen_and_deleted_and_not_changed(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    finished(survey, said("recommend", 3))
    close_survey(actor=clinic.wu, survey=survey)
    survey_cache.forget(survey.token)
    page = ask().content.decode()
    assert ("Change my answers" in page, "The survey is closed" in page, "Delete for good" in page) == (
        False,
        True,
        True,
    )
    assert ask(f"/s/{survey.token}/change").status_code == 410
    assert ask("/r/delete")["Location"] == "/r/?gone=1&lang="
    assert not Answer.objects.exists()


def test_she_deletes_them_and_only_that_one_response_was_deleted_is_left(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    finished(survey, said("recommend", 3), said("why", "Too slow."))
    finished(survey, said("recommend", 9), code=CODE[::-1])
    led = ask("/r/delete", lang="zh-Hans")
    assert (led.status_code, led["Location"]) == (303, "/r/?gone=1&lang=zh-Hans")
    assert "已删除" in Client().get(led["Location"]).content.decode()
    assert (kept("value"), Response.objects.count(), ask().status_code) == ([(9.0,), (None,), (None,)], 1, 422)
    gone = TakeBack.objects.get()
    assert (gone.source, gone.rows, gone.by, gone.erased_at is not None) == (f"survey:{survey.pk}", 3, None, True)
    entry = AuditEntry.objects.get(verb="delete_response")
    assert (entry.actor, entry.object_type, entry.object_id, entry.before, entry.after) == (
        None,
        "survey",
        str(survey.pk),
        {"service": "outpatient"},
        None,
    )
    assert ask("/r/delete")["Location"] == "/r/?gone=1&lang="
    assert TakeBack.objects.count() == 1


def test_the_same_delivery_after_the_deletion_brings_nothing_back(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    finished(survey, said("recommend", 3))
    ask("/r/delete")
    finished(survey, said("recommend", 3))
    assert (Answer.objects.count(), Response.objects.count()) == (0, 0)


def test_without_a_script_the_code_is_shown_after_sending_and_on_a_shared_device_only_once(clinic: Clinic) -> None:
    survey = clinic_survey(clinic)
    place = add_place(actor=clinic.wu, survey=survey, label="Tablet")
    for at, times in ((f"/s/{survey.token}", [True, True]), (f"/s/{place.code}", [True, False])):
        phone = Client(headers={"accept-language": "en"})
        page = phone.get(at).content.decode()
        form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        thanks = phone.post(f"/s/{survey.token}", {**form, "recommend": "9", "send": "1"})["Location"]
        code = in_groups(form["response"])
        shown = [phone.get(thanks).content.decode() for _ in times]
        assert [code in each for each in shown] == times
        assert 'src="data:image/svg+xml' in shown[0]
        assert form["response"] not in thanks
        assert code not in Client().get(thanks).content.decode()
        assert ask(code=code).status_code == 200
