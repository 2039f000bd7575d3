"""Drawn orders and quotas in the document: what is refused, and that they go wherever the document goes."""

from __future__ import annotations

import pytest

from peakend.formats.service_book import read_book, write_book
from peakend.service import check, difference, dump, loads
from peakend.service.document import as_data, of_data
from peakend.service.edits import Edit, WorkingDocument
from peakend.service.edits.verbs import effects_of, undo
from tests.service.test_conditions import tea_house

PLAIN = tea_house("{item: recommend, at_most: 6}")
DRAWN = PLAIN.replace(
    "    items:\n",
    "    shuffle: [[drink, missed, cups]]\n"
    "    quotas: [{id: unhappy, when: {any: [{item: recommend, at_most: 6}, {item: drink, chosen: [tea]}]}, "
    "at_most: 50}]\n"
    "    items:\n",
    1,
).replace("{id: coffee, ", "{id: coffee, fixed: true, ")


def problems(
    shuffle: str = "[[drink, missed, cups]]", when: str = "{item: drink, chosen: [tea]}"
) -> list[tuple[str, str]]:
    text = PLAIN.replace(
        "    items:\n", f"    shuffle: {shuffle}\n    quotas: [{{id: few, when: {when}, at_most: 5}}]\n    items:\n", 1
    )
    return [(problem.id, problem.path.removeprefix("surveys/table/")) for problem in check(text)]


def test_questions_that_do_not_hang_on_each_other_may_change_places() -> None:
    assert problems() == []
    assert check(DRAWN) == []


@pytest.mark.parametrize(
    ("shuffle", "problem"),
    [
        ("[[drink, cake]]", ("document.no_item", "shuffle/1/2")),
        ("[[drink, cups], [missed, cups]]", ("document.shuffle_twice", "shuffle/2/2")),
        ("[[drink, why], [cups, more]]", ("document.shuffle_depends", "shuffle/1")),
        ("[[recommend, why]]", ("document.shuffle_depends", "shuffle/1")),
        ("[[recommend, more]]", ("document.shuffle_depends", "shuffle/1")),
        ("[[drink]]", ("document.too_few", "shuffle/1")),
    ],
)
def test_what_cannot_change_places_is_a_problem_with_its_place(shuffle: str, problem: tuple[str, str]) -> None:
    assert problems(shuffle)[:1] == [problem]


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        ("{item: drink, chosen: [coke]}", ("document.condition_no_option", "quotas/few/when")),
        ("{item: recommend, at_least: 11}", ("document.show_never", "quotas/few/when")),
    ],
)
def test_a_quota_into_which_nobody_can_fall_is_a_problem(when: str, problem: tuple[str, str]) -> None:
    assert problems(when=when) == [problem]


def test_drawn_orders_and_quotas_survive_yaml_and_a_workbook_and_their_difference_is_said() -> None:
    old, new = loads(PLAIN), loads(DRAWN)
    assert loads(dump(new)) == new
    assert of_data(as_data(new)) == new
    assert read_book(write_book(new, "zh-Hant")) == new
    assert [change.sentence() for change in difference(old, new)] == [
        "Added: stays in its place of option “Coffee”.",
        "Added: drawn order of survey “At the table”.",
        "Added: quota “unhappy” in survey “At the table”.",
    ]


def test_when_a_question_goes_it_goes_from_the_drawn_order_and_the_quotas_and_comes_back_undone() -> None:
    before = loads(DRAWN)
    draft = WorkingDocument.of(before)
    effects_of(draft, Edit("remove", "items:table/drink"))
    effects_of(draft, Edit("remove", "items:table/cups"))
    assert draft.value("surveys:table", "shuffle") is None
    assert draft.value("quotas:table/unhappy", "when") == {"any": [{"item": "recommend", "at_most": 6}]}
    effects_of(draft, Edit("remove", "items:table/recommend"))
    assert draft.parts("surveys:table", "quotas") == []
    again = WorkingDocument.of(before)
    done = effects_of(again, Edit("remove", "items:table/drink"))
    undo(again, done)
    assert of_data(again.data) == before
