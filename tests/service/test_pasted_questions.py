"""A list from a document, a message or a sheet becomes the questions that its author meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peakend.service.pasted_questions import MOST_QUESTIONS, PastedQuestion, items_in, questions_in
from peakend.service.surveys import Item

ENGLISH = """
1. How likely are you to recommend us? (0-10)
2) How satisfied were you with the room? (1–7)*
Q3: What did you use?
   - Pool
   - Sauna
   - Nothing
4. Which of these would you like? (choose all that apply)
a) Later breakfast
b) A quieter room
5. Would you come back? (yes/no)
6. What should we do better?
7. Nights you stayed (number)
"""
CHINESE = """
一、您願意推薦我們嗎？（0～10分）
二、櫃檯人員的態度如何？ 1-5
（三）您是怎麼來的？
　　• 捷運
　　• 開車
④ 您用過哪些服務？（可複選）
□ 掛號
□ 領藥
五、是否還會再來？（是／否）
六、其他建議：＿＿＿＿
"""


def test_an_english_list_is_read_as_its_author_meant_it() -> None:
    assert questions_in(ENGLISH) == [
        PastedQuestion("How likely are you to recommend us?", "nps"),
        PastedQuestion("How satisfied were you with the room?", "rating", 1, 7, required=True),
        PastedQuestion("What did you use?", "single_choice", options=("Pool", "Sauna", "Nothing")),
        PastedQuestion("Which of these would you like?", "multi_choice", options=("Later breakfast", "A quieter room")),
        PastedQuestion("Would you come back?", "single_choice", options=("Yes", "No")),
        PastedQuestion("What should we do better?", "text"),
        PastedQuestion("Nights you stayed", "number"),
    ]


def test_a_chinese_list_with_chinese_numbering_is_read_too() -> None:
    assert questions_in(CHINESE) == [
        PastedQuestion("您願意推薦我們嗎？", "nps"),
        PastedQuestion("櫃檯人員的態度如何？", "rating", 1, 5),
        PastedQuestion("您是怎麼來的？", "single_choice", options=("捷運", "開車")),
        PastedQuestion("您用過哪些服務？", "multi_choice", options=("掛號", "領藥")),
        PastedQuestion("是否還會再來？", "single_choice", options=("是", "否")),
        PastedQuestion("其他建議", "text"),
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Was it clean?", "rating"),
        ("2024 was a good year for you?", "rating"),
        ("Why? (please be honest)", "text"),
        ("How warm was it? (in degrees)", "rating"),
        ("Where do you live? (north / south / west)", "single_choice"),
        ("How old are you? (0-120)", "number"),
    ],
)
def test_what_stands_behind_a_question_counts_only_where_it_says_how_to_answer(line: str, kind: str) -> None:
    (read,) = questions_in(line)
    assert read.kind == kind


def test_questions_have_ids_of_their_own_and_can_be_put_into_a_survey() -> None:
    items = items_in("How was it?\nHow was it?\n怎麼樣？\n怎麼樣？", "en")
    assert [item["id"] for item in items] == ["how-was-it", "how-was-it-2", "rating-1", "rating-2"]
    assert items[0] == {
        "id": "how-was-it", "kind": "rating", "wording": {"en": "How was it?"}, "scale": {"low": 1, "high": 5},
    }  # fmt: skip


@given(st.text(max_size=400))
def test_whatever_is_pasted_becomes_questions_that_are_valid_or_none(text: str) -> None:
    assert [Item.model_validate(item).id for item in items_in(text, "en")] == [
        item["id"] for item in items_in(text, "en")
    ]


def test_a_list_longer_than_any_survey_is_cut() -> None:
    assert len(questions_in("How was it?\n" * 5_000)) == MOST_QUESTIONS
