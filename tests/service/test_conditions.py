"""Conditions of questions: what they may say, when they can never be met, and how they read.

Wu runs a tea house; Mei writes its survey.
"""

from __future__ import annotations

from typing import Any

import pytest

from peakend.documents.problems import InvalidDocument
from peakend.formats.service_book import read_book, write_book
from peakend.service import check, difference, dump, loads
from peakend.service.condition_words import condition_sentence
from peakend.service.document import as_data, of_data
from peakend.service.edits import Edit, WorkingDocument
from peakend.service.edits.verbs import effects_of, undo
from peakend.service.paths import Given, items_on_path, verdict
from peakend.service.questions import ShowIf
from peakend.terms import LANGUAGES, Lang

TEA_HOUSE = """
service: tea-house
title: {en: Tea house, zh-Hant: 茶館, zh-Hans: 茶馆}
languages: [en, zh-Hant, zh-Hans]
surveys:
  - id: table
    title: {en: At the table, zh-Hant: 桌邊, zh-Hans: 桌边}
    items:
      - {id: recommend, kind: nps, required: true,
         wording: {en: Would you recommend us?, zh-Hant: 您會推薦我們嗎？, zh-Hans: 您会推荐我们吗？}}
      - id: drink
        kind: single_choice
        wording: {en: What did you drink?, zh-Hant: 您喝了什麼？, zh-Hans: 您喝了什么？}
        options:
          - {id: tea, title: {en: Tea, zh-Hant: 茶, zh-Hans: 茶}}
          - {id: coffee, title: {en: Coffee, zh-Hant: 咖啡, zh-Hans: 咖啡}}
      - id: missed
        kind: multi_choice
        wording: {en: What did you miss?, zh-Hant: 少了什麼？, zh-Hans: 缺了什么？}
        options:
          - {id: cake, title: {en: Cake, zh-Hant: 蛋糕, zh-Hans: 蛋糕}}
          - {id: time, title: {en: Time, zh-Hant: 時間, zh-Hans: 时间}}
      - {id: cups, kind: number, wording: {en: How many cups?, zh-Hant: 喝了幾杯？, zh-Hans: 喝了几杯？}}
      - id: why
        kind: text
        wording: {en: What went wrong?, zh-Hant: 哪裡不好？, zh-Hans: 哪里不好？}
        show_if: CONDITION
      - id: more
        kind: text
        wording: {en: What else?, zh-Hant: 還有嗎？, zh-Hans: 还有吗？}
        show_if: {item: why, answered: true}
"""
UNHAPPY = (
    "{any: [{item: recommend, at_most: 6}, "
    "{all: [{item: drink, chosen: [tea]}, {not: {item: missed, answered: true}}]}]}"
)


def tea_house(condition: str = UNHAPPY) -> str:
    return TEA_HOUSE.replace("CONDITION", condition)


def problems(condition: str) -> list[tuple[str, str]]:
    return [(problem.id, problem.path.removeprefix("surveys/table/items/")) for problem in check(tea_house(condition))]


@pytest.mark.parametrize(
    "condition",
    [
        UNHAPPY,
        "{item: recommend, at_most: 6}",
        "{all: [{item: missed, chosen: [cake]}, {item: missed, chosen: [time]}]}",
        "{all: [{item: missed, chosen: [cake]}, {not: {item: missed, chosen: [time]}}]}",
        "{not: {item: drink, chosen: [tea, coffee]}}",
        "{all: [{item: cups, at_least: 2}, {not: {item: cups, at_least: 3}}]}",
        "{not: {not: {not: {item: cups, at_least: 2}}}}",
    ],
)  # fmt: skip
def test_a_condition_that_some_answers_meet_has_no_problem(condition: str) -> None:
    assert problems(condition) == []


@pytest.mark.parametrize(
    ("condition", "problem"),
    [
        ("{all: [{item: drink, at_least: 1}]}", ("document.condition_no_number", "why/show_if/all/1")),
        ("{any: [{item: drink, chosen: [coke]}]}", ("document.condition_no_option", "why/show_if/any/1")),
        ("{item: cups, chosen: [one]}", ("document.condition_no_option", "why/show_if")),
        ("{not: {item: more, answered: true}}", ("document.show_later", "why/show_if/not")),
        ("{any: [{item: recommend, at_least: 11}, {item: cups, at_least: 1}]}",
         ("document.show_never", "why/show_if/any/1")),
        ("{all: [{item: recommend, at_most: 6}, {item: recommend, at_least: 9}]}",
         ("document.show_contradiction", "why/show_if")),
        ("{all: [{item: drink, chosen: [tea]}, {item: drink, chosen: [coffee]}]}",
         ("document.show_contradiction", "why/show_if")),
        ("{not: {item: recommend, at_least: 0}}", ("document.show_contradiction", "why/show_if")),
        ("{all: [{item: drink, chosen: [tea, coffee]}, {not: {item: drink, answered: true}}]}",
         ("document.show_contradiction", "why/show_if")),
        ("{at_most: 6}", ("document.condition_no_item", "why/show_if")),
        ("{}", ("document.condition_kinds", "why/show_if")),
        ("{item: recommend, at_most: 6, any: [{item: cups, at_least: 1}]}",
         ("document.condition_kinds", "why/show_if")),
        ("{not: {not: {not: {not: {item: cups, at_least: 1}}}}}", ("document.condition_large", "why/show_if")),
        ("{any: [" + ", ".join(["{item: cups, at_least: 1}"] * 13) + "]}",
         ("document.condition_large", "why/show_if")),
    ],
)  # fmt: skip
def test_a_condition_that_says_what_cannot_be_is_a_problem_with_its_place(
    condition: str, problem: tuple[str, str]
) -> None:
    assert problems(condition) == [problem]


def test_a_question_that_hangs_on_one_which_the_same_answers_hide_can_never_appear() -> None:
    text = tea_house("{item: recommend, at_most: 6}").replace(
        "{item: why, answered: true}", "{all: [{item: recommend, at_least: 9}, {item: why, answered: true}]}"
    )
    assert [(problem.id, problem.path) for problem in check(text)] == [
        ("document.show_contradiction", "surveys/table/items/more/show_if")
    ]


def test_a_large_condition_is_looked_at_in_a_moment() -> None:
    ways = ", ".join(f"{{any: [{{item: cups, at_least: {n}}}, {{item: missed, chosen: [cake]}}]}}" for n in range(6))
    assert problems(f"{{all: [{ways}]}}") == []


UNHAPPY_IN_WORDS = {
    "en": "Shown only to those who gave 0 to 6 to “Would you recommend us?”, or who chose “Tea” at “What did you "
    "drink?” and did not answer “What did you miss?”.",
    "zh-Hant": "只顯示給在「您會推薦我們嗎？」給了 0 到 6 分，或者在「您喝了什麼？」選了「茶」"
    "且沒有回答「少了什麼？」的人。",
    "zh-Hans": "只显示给在“您会推荐我们吗？”给了 0 到 6 分，或者在“您喝了什么？”选了“茶”且没有回答“缺了什么？”的人。",
}
NOT_EITHER = "{not: {any: [{item: drink, chosen: [tea]}, {item: recommend, at_least: 10}]}}"
NOT_EITHER_IN_WORDS = {
    "en": "Shown only to those who did not choose “Tea” at “What did you drink?” and who did not give 10 to “Would you "
    "recommend us?”.",
    "zh-Hant": "只顯示給在「您喝了什麼？」沒有選「茶」，而且在「您會推薦我們嗎？」沒有給 10 分的人。",
    "zh-Hans": "只显示给在“您喝了什么？”没有选“茶”，而且在“您会推荐我们吗？”没有给 10 分的人。",
}
MANY_CUPS = (
    "{all: [{item: cups, at_least: 2}, {any: [{item: drink, chosen: [tea, coffee]}, {item: missed, chosen: [time]}]}]}"
)
MANY_CUPS_IN_WORDS = {
    "en": "Only if you entered 2 or more at “How many cups?” and either chose “Tea” or “Coffee” at “What did you "
    "drink?” or chose “Time” at “What did you miss?”.",
    "zh-Hant": "您在「喝了幾杯？」填了 2 以上（含），而且（在「您喝了什麼？」選了「茶」或「咖啡」或在「少了什麼？」"
    "選了「時間」），才需要回答這一題。",
    "zh-Hans": "您在“喝了几杯？”填了 2 以上（含），而且（在“您喝了什么？”选了“茶”或“咖啡”或在“缺了什么？”"
    "选了“时间”），才需要回答这一题。",
}
PROMOTERS_IN_WORDS = {
    "en": "Only if you gave 9 to 10 to “Would you recommend us?”.",
    "zh-Hant": "您在「您會推薦我們嗎？」給了 9 到 10 分，才需要回答這一題。",
    "zh-Hans": "您在“您会推荐我们吗？”给了 9 到 10 分，才需要回答这一题。",
}


@pytest.mark.parametrize(
    ("condition", "reader", "words"),
    [
        (UNHAPPY, "maker", UNHAPPY_IN_WORDS),
        (NOT_EITHER, "maker", NOT_EITHER_IN_WORDS),
        (MANY_CUPS, "respondent", MANY_CUPS_IN_WORDS),
        ("{item: recommend, at_least: 9}", "respondent", PROMOTERS_IN_WORDS),
    ],
)
def test_a_condition_is_said_in_a_sentence(condition: str, reader: Any, words: dict[Lang, str]) -> None:
    service = loads(tea_house(condition))
    survey = service.surveys[0]
    why = survey.items[4].show_if
    assert why is not None
    assert {lang: condition_sentence(service, survey, why, lang, reader) for lang in LANGUAGES} == words


# --- it follows the document wherever that goes -----------------------------------------------------------------------


def test_conditions_of_any_depth_survive_yaml_json_and_a_workbook_and_their_difference_is_said() -> None:
    old, new = loads(tea_house("{item: recommend, at_most: 6}")), loads(tea_house())
    assert loads(dump(new)) == new
    assert of_data(as_data(new)) == new
    assert read_book(write_book(new, "zh-Hant")) == new
    assert read_book(write_book(old)) == old
    assert [change.sentence() for change in difference(old, new)] == [
        "Removed: condition · question of question “What went wrong?”: recommend.",
        "Removed: condition · at most of question “What went wrong?”: 6.",
        "Added: condition · any of these of question “What went wrong?”.",
    ]


def test_when_a_question_goes_the_conditions_on_it_go_and_the_rest_of_them_stays_and_comes_back_undone() -> None:
    before = loads(tea_house())
    draft = WorkingDocument.of(before)
    done = effects_of(draft, Edit("remove", "items:table/recommend"))
    assert draft.value("items:table/why", "show_if") == {
        "any": [{"all": [{"item": "drink", "chosen": ["tea"]}, {"not": {"item": "missed", "answered": True}}]}]
    }
    undo(draft, done)
    assert of_data(draft.data) == before


# --- the path ---------------------------------------------------------------------------------------------------------


def condition(text: str) -> ShowIf:
    found = loads(tea_house(text)).surveys[0].items[4].show_if
    assert found is not None
    return found


def test_what_is_said_of_a_question_that_was_not_shown_is_said_of_one_that_was_not_answered() -> None:
    items = loads(tea_house("{item: recommend, at_most: 6}")).surveys[0].items
    everything = {
        "recommend": Given(values=frozenset({9.0})),
        "why": Given(),
        "more": Given(),
    }
    assert items_on_path(items, everything) == {"recommend", "drink", "missed", "cups"}
    assert items_on_path(items, {**everything, "recommend": Given(values=frozenset({2.0}))}) == {
        "recommend", "drink", "missed", "cups", "why", "more",
    }  # fmt: skip


def test_a_number_lies_between_both_limits_and_not_two_numbers_one_within_each() -> None:
    between = condition("{item: recommend, at_least: 3, at_most: 6}")
    assert [
        verdict(between, {"recommend": Given(frozenset({low, high}))}) for low, high in ((1.0, 9.0), (1.0, 4.0))
    ] == [
        False,
        True,
    ]


def test_a_verdict_waits_only_for_answers_that_can_still_change_it() -> None:
    unhappy = condition(UNHAPPY)
    low, high = ({"recommend": Given(frozenset({value}))} for value in (3.0, 9.0))
    assert verdict(unhappy, low, {"drink", "missed"}) is True
    assert verdict(unhappy, high, {"drink", "missed"}) is None
    assert verdict(unhappy, {**high, "missed": Given()}, {"drink"}) is False


def test_a_document_from_before_conditions_could_be_joined_reads_as_it_did() -> None:
    assert condition("{item: drink, chosen: [tea]}") == ShowIf(item="drink", chosen=("tea",))
    with pytest.raises(InvalidDocument):
        loads(tea_house("{item: drink}"))
