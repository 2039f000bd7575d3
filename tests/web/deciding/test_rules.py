"""Which answers fulfil which rule of a document, each looked at once."""

from __future__ import annotations

from typing import Any

import pytest

from peakend.service import loads
from peakend.service.rules import Effect, Rule
from peakend_web.deciding import live
from peakend_web.deciding.conditions import first_rule
from peakend_web.models import Answer, Progress
from tests.web.answers import deliver, recommend, remark
from tests.web.conftest import OUTPATIENT, Clinic


def matches(clinic: Clinic, *, mark: bool = True) -> list[tuple[str, str | None]]:
    """What is found of Harbour Clinic: the response, and the rule that it fulfils."""
    found = []
    for portion in live.look(clinic.workspace, "test", "case"):
        found += [(match.answer.response, match.rule.id) for match in portion.matches()]
        assert not mark or portion.mark()
    return found


def test_low_answers_that_have_come_fulfil_the_rule_once(clinic: Clinic) -> None:
    deliver(clinic.service, [*recommend(4, response="mrs-lin"), *recommend(5, response="mr-wang")])
    assert [matches(clinic), matches(clinic)] == [[("mrs-lin", "low-recommend")], []]
    deliver(clinic.service, recommend(0, response="miss-chen"))
    assert matches(clinic) == [("miss-chen", "low-recommend")]
    assert matches(clinic) == []


def test_what_nobody_acted_on_is_found_again(clinic: Clinic) -> None:
    deliver(clinic.service, recommend(1, response="mrs-lin"))
    assert [matches(clinic, mark=False), matches(clinic)] == [[("mrs-lin", "low-recommend")]] * 2


def test_many_are_handed_on_a_few_at_a_time_each_with_the_number_up_to_which_it_looked(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "AT_A_TIME", 2)
    monkeypatch.setattr(live, "REST_S", 0)
    deliver(clinic.service, recommend(1, 5))
    numbers = list(Answer.objects.order_by("seq").values_list("seq", flat=True))
    portions = list(live.look(clinic.workspace, "test", "case"))
    assert [(len(each.answers), each.upto) for each in portions] == [(2, numbers[1]), (2, numbers[3]), (1, numbers[4])]


def test_of_two_that_look_at_once_one_alone_may_act(clinic: Clinic) -> None:
    deliver(clinic.service, recommend(1))
    first, second = (next(live.look(clinic.workspace, "test", "case")) for _ in range(2))
    assert [first.mark(), second.mark()] == [True, False]
    assert Progress.objects.get(job="test").seq == first.upto


def test_words_are_looked_at_beside_the_scores_and_fulfil_no_rule_themselves(clinic: Clinic) -> None:
    deliver(clinic.service, [remark("wait", "Cold.", response="mrs-lin"), *recommend(1, response="mrs-lin")])
    (portion,) = live.look(clinic.workspace, "test", "case")
    assert [each.text for each in portion.comments()] == ["Cold."]
    assert [match.answer.item for match in portion.matches()] == ["recommend"]


@pytest.mark.parametrize(
    ("answer", "fits"),
    [
        ({}, True),
        ({"value": 5.0}, False),
        ({"value": None}, False),
        ({"item": "waiting"}, False),
        ({"survey": "other"}, False),
        ({"role": "importance"}, False),
        ({"role": "perception"}, True),
    ],
)
def test_every_part_of_a_condition_must_hold(answer: dict[str, Any], fits: bool) -> None:
    said = Answer(**{"survey": "after-visit", "item": "recommend", "value": 4.0, "role": "score", **answer})
    rules = loads(OUTPATIENT).rules
    assert (first_rule(rules, said, "case") is not None) is fits


def test_of_several_rules_the_first_that_fits_is_meant() -> None:
    rules = [
        Rule(id="cue", cue="care", score_at_most=4, to="x"),
        Rule(id="survey", invite="pulse", score_at_most=4, to="x"),
        Rule(id="low", open="case", score_at_most=2, to="x"),
        Rule(id="high", open="case", score_at_most=4, to="x"),
    ]
    named = [first_rule(rules, Answer(value=value, role="score"), "case") for value in (1.0, 3.0, 9.0)]
    assert [rule and rule.id for rule in named] == ["low", "high", None]
    others: list[Effect] = ["care", "invite", "delight"]
    named = [first_rule(rules, Answer(value=3.0, role="score"), other) for other in others]
    assert [rule and rule.id for rule in named] == ["cue", "survey", None]
