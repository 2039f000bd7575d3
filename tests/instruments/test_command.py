"""`peakend instruments`: which there are, the questions as they are asked, and one put into a document."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from peakend import cli
from peakend.instruments import IDS
from peakend.service import check, load
from peakend.templates import template_text
from peakend.terms import LANGUAGES, Lang

Captured = pytest.CaptureFixture[str]


def said(capsys: Captured, *words: str, lang: Lang = "en", code: int = 0) -> str:
    """What the command line says."""
    assert cli.main(["instruments", *words, "--lang", lang]) == code
    out, err = capsys.readouterr()
    return err if code else out


@pytest.fixture
def hotel(tmp_path: Path) -> Path:
    path = tmp_path / "hotel.service.yaml"
    path.write_text(template_text("hotel"), encoding="utf-8")
    return path


def test_all_are_listed_with_who_answers_what_reads_them_how_many_questions_and_minutes(capsys: Captured) -> None:
    found: list[dict[str, Any]] = json.loads(said(capsys, "--json"))
    assert [one["id"] for one in found] == list(IDS)
    by_id = {one["id"]: (one["respondents"], one["methods"], one["items"], one["minutes"]) for one in found}
    assert by_id["nps"] == ("customer", ["nps"], 2, 1)
    assert by_id["servqual"] == ("customer", ["servqual", "gaps", "reliability"], 23, 4)
    assert by_id["kano"] == ("customer", ["kano"], 10, 2)
    assert {one["id"]: one["for_each"] for one in found if one["id"] in {"nps", "kano"}} == {
        "nps": [],
        "kano": ["features"],
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_is_a_table_in_the_readers_language(capsys: Captured, lang: Lang) -> None:
    head, _, first, *_ = said(capsys, lang=lang).splitlines()
    assert (
        head.split()
        == {
            "en": ["id", "title", "respondents", "method", "question", "minutes"],
            "zh-Hant": ["id", "名稱", "填答者", "方法", "題目", "分鐘"],
            "zh-Hans": ["id", "名称", "受访者", "方法", "题目", "分钟"],
        }[lang]
    )
    assert first.startswith(IDS[0])


def test_what_a_service_lacks_stands_in_the_list_in_place_of_a_number(capsys: Captured, tmp_path: Path) -> None:
    bare = tmp_path / "bare.service.yaml"
    bare.write_text("service: bare\ntitle: {en: Bare}\nlanguages: [en]\n", encoding="utf-8")
    found = {one["id"]: one for one in json.loads(said(capsys, "--json", "--service", str(bare)))}
    assert (found["kano"]["items"], found["nps"]["items"]) == (None, 2)
    assert found["kano"]["missing"] == "This instrument asks about features, and the service names none yet."


def test_a_question_is_shown_as_it_is_asked(capsys: Captured) -> None:
    shown = said(capsys, "show", "ces2", lang="zh-Hant").partition("— ")[2].splitlines()
    assert shown == [
        "好辦嗎？",
        "",
        "1. 你們讓我很輕鬆就把要辦的事辦好了。（必答）",
        "     1 非常不同意 … 7 非常同意",
        "",
        "2. 為什麼這樣覺得？",
        "     ____ (文字填寫)",
        "   → 在哪裡卡住了？什麼讓您費力？",
        "   → 是什麼讓事情變得容易？",
    ]


def test_pairs_options_and_what_was_not_used_are_shown_for_the_service_that_is_named(
    capsys: Captured, hotel: Path
) -> None:
    kano = said(capsys, "show", "kano", "--service", str(hotel))
    assert "      1 I like it that way\n      2 It must be that way\n" in kano
    pair = said(capsys, "show", "importance-performance", "--service", str(hotel), "--touchpoint", "breakfast")
    assert pair.partition("1. ")[2].splitlines()[1:] == [
        "   · How important is “Breakfast” to you?",
        "     1 Not important … 7 Very important",
        "   · How good was “Breakfast” this time?",
        "     1 Very poor … 7 Very good",
    ]
    assert "     ○ Did not have it\n" in said(capsys, "show", "touchpoint-pulse", "--service", str(hotel))
    assert "   ○ Too little" in said(capsys, "show", "too-much").replace("     ○", "   ○")


@pytest.mark.parametrize("id", IDS)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_instrument_can_be_printed(capsys: Captured, id: str, lang: Lang) -> None:
    shown = said(capsys, "show", id, lang=lang)
    assert "{" not in shown
    assert "1. " in shown


def test_an_instrument_is_put_into_a_file_and_every_line_that_was_there_stays(capsys: Captured, hotel: Path) -> None:
    before = hotel.read_text(encoding="utf-8").splitlines()
    first = said(capsys, "add", "kano", str(hotel), "--json")
    assert json.loads(first) == {"file": str(hotel), "id": "kano-2", "items": 10, "instrument": "kano"}
    assert said(capsys, "add", "nps", str(hotel)).startswith(f"Added to {hotel}: survey “nps”, 2 questions.")
    said(capsys, "add", "nps", str(hotel))
    after = hotel.read_text(encoding="utf-8").splitlines()
    lines = iter(after)
    assert all(line in lines for line in before), "what was there is there, in its order"
    added = [(survey.id, survey.instrument) for survey in load(hotel).surveys[-3:]]
    assert added == [("kano-2", "kano"), ("nps", "nps"), ("nps-2", "nps")]
    assert [problem.id for problem in check(hotel) if problem.level == "error"] == []


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("show", "nope"), "There is no instrument “nope”."),
        (("burn", "nps"), "There is no command “instruments burn”."),
        (("add", "nps", "nowhere.yaml"), "nowhere.yaml"),
        (("add", "kano"), "FILE"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(capsys: Captured, words: tuple[str, ...], refusal: str) -> None:
    assert refusal in said(capsys, *words, code=2)


def test_a_document_that_lacks_what_is_asked_about_is_left_as_it_was(capsys: Captured, tmp_path: Path) -> None:
    bare = tmp_path / "bare.service.yaml"
    bare.write_text("service: bare\ntitle: {zh-Hant: 空}\nlanguages: [zh-Hant]\n", encoding="utf-8")
    refused = said(capsys, "add", "touchpoint-pulse", str(bare), lang="zh-Hant", code=2)
    assert refused == (
        "✗ 這個量表要問接觸點，但這項服務還沒有接觸點。\n"
        "  → 請先在旅程裡加入接觸點：文件中的 `journeys:`，或「設計」的「旅程」。\n"
    )
    assert bare.read_text(encoding="utf-8") == "service: bare\ntitle: {zh-Hant: 空}\nlanguages: [zh-Hant]\n"


def test_a_document_with_errors_takes_nothing_before_they_are_mended(capsys: Captured, hotel: Path) -> None:
    hotel.write_text(hotel.read_text(encoding="utf-8").replace("service: hotel", "servis: hotel"), encoding="utf-8")
    assert "servis" in said(capsys, "add", "nps", str(hotel), code=2)


def test_what_was_judged_becomes_the_table_that_its_method_reads(capsys: Captured, tmp_path: Path) -> None:
    facts, votes = tmp_path / "answers.csv", tmp_path / "votes.csv"
    scores = {"wanted-tea": (5, 4), "worth-tea": (4, 4), "wanted-sofa": (2, 1), "worth-sofa": (3, 2)}
    rows = [
        f"{who},2026-03-09T10:00:00Z,{item},{item.partition('-')[2]},score,answered,{given[at]},1,5,{kind}"
        for at, (who, kind) in enumerate((("wu", "manager"), ("chen", "frontline")))
        for item, given in scores.items()
    ]
    head = "response,at,item,construct,role,state,value,low,high,respondent_kind"
    facts.write_text("\n".join((head, *rows)), encoding="utf-8")
    assert said(capsys, "table", "screening", str(facts), "--out", str(votes)) == ""
    assert cli.main(["screening", str(votes), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {row["concept"]: row["value"] for row in found} == {"tea": 4.25, "sofa": 2.0}
    coded = json.loads(said(capsys, "table", "agreement", str(facts), "--json"))
    assert sorted((row["unit"], row["coder"], row["code"]) for row in coded)[:2] == [
        ("wanted-sofa", "frontline", "1"),
        ("wanted-sofa", "manager", "2"),
    ]
    assert len(coded) == 8
