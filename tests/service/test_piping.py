"""An earlier answer in the words of a later question."""

from __future__ import annotations

import pytest

from peakend.service import check
from peakend.service.piping import filled
from tests.service.test_conditions import tea_house

KNOWN = {"drink", "cups", "missed", "recommend"}


def problems(wording: str) -> list[tuple[str, str, object]]:
    text = tea_house("{item: recommend, at_most: 6}").replace("What went wrong?", wording)
    found = check(text)
    return [(each.id, each.path.removeprefix("surveys/table/items/"), each.fields.get("name")) for each in found]


@pytest.mark.parametrize("wording", ["'What was wrong with your {drink}?'", "'{cups|Some} cups?'", "'{{braces}'"])
def test_what_names_an_earlier_answer_has_no_problem(wording: str) -> None:
    assert problems(wording) == []


@pytest.mark.parametrize(
    ("wording", "problem"),
    [
        ("'Your {drnk}?'", ("document.pipe_unknown", "why/wording/en", "drnk")),
        ("'Your {more}?'", ("document.pipe_unknown", "why/wording/en", "more")),
        ("'Your {why}?'", ("document.pipe_unknown", "why/wording/en", "why")),
        ("'Your {drink?'", ("document.pipe_open", "why/wording/en", None)),
    ],
)
def test_braces_that_name_no_earlier_answer_are_a_problem_with_its_place(
    wording: str, problem: tuple[str, str, object]
) -> None:
    assert problems(wording) == [problem]


def test_what_a_customer_writes_is_never_repeated() -> None:
    text = tea_house("{item: recommend, at_most: 6}").replace("What else?", "'Why {why}?'")
    assert [(each.id, each.path) for each in check(text)] == [
        ("document.pipe_wordless", "surveys/table/items/more/wording/en")
    ]


def test_answers_stand_in_their_places() -> None:
    said = {"drink": "茶", "missed": "蛋糕、時間"}
    assert filled("您的{drink|飲料}少了{missed}？", "zh-Hant", KNOWN, said) == "您的茶少了蛋糕、時間？"


def test_where_nothing_is_known_the_author_s_words_stand_there_else_neutral_ones_and_braces_stay_braces() -> None:
    text = "{drink|this visit}, {cups}, {{x}, {nobody}, {"
    assert filled(text, "en", KNOWN) == "this visit, your answer, {x}, {nobody}, {"
    assert filled("{cups}", "zh-Hant", KNOWN) == "您的回答"
