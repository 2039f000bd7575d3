"""The kiosk users' facts against an independent reading by the csv module: order, pairs, those who never used one."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from importlib.resources import files
from typing import Any

import pytest

from peakend.methods.kano import kano
from peakend.samples import sample, service_of, words
from peakend.terms import vocabulary

ANSWERS = {
    "마음에 든다.": 1.0,
    "당연하다.": 2.0,
    "아무런 느낌이 없다.": 3.0,
    "하는 수 없다.": 4.0,
    "마음에 안 든다.": 5.0,
}
ROLES = {
    "E": "expectation",
    "P": "perception",
    "F": "functional",
    "D": "dysfunctional",
    "I": "importance",
    "S": "score",
}
NEVER = "사용한 적 없음"


@pytest.fixture(scope="module")
def people() -> list[dict[str, str]]:
    text = gzip.decompress(files("peakend.samples").joinpath("kiosk.csv.gz").read_bytes()).decode()
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    return list(sample("kiosk").frame.collect("pyarrow").to_native().to_pylist())


def value_by_hand(cell: str) -> float | None:
    return ANSWERS.get(cell, float(cell) if cell.isdigit() else None)


def test_every_cell_of_every_question_is_one_fact(people: list[dict[str, str]], answers: list[dict[str, Any]]) -> None:
    columns = [
        column
        for column in people[0]
        if column.startswith(("sq", "kano", "ipa")) or column in {"overall1", "overall2", "reuse", "recommend"}
    ]
    by_hand = {}
    for person in people:
        for column in columns:
            item, _, side = column.partition("_")
            value = value_by_hand(person[column])
            state = "answered" if value is not None else "not_applicable" if person["frequency"] == NEVER else "skipped"
            by_hand[person["respondent"], item, ROLES.get(side, "score")] = (state, value)
    facts = {
        (r["response"], r["item"], r["role"]): (r["state"], r["value"])
        for r in answers
        if r["role"] not in {"choice", "comment"}
    }
    assert facts == by_hand
    assert len(facts) == 104 * (48 + 58 + 48 + 4)


def test_only_the_two_who_never_used_a_kiosk_have_no_answer_and_theirs_are_not_applicable(
    answers: list[dict[str, Any]],
) -> None:
    unanswered = [row for row in answers if row["state"] != "answered"]
    assert {row["response"] for row in unanswered} == {"K157", "K204"}
    assert {row["state"] for row in unanswered} == {"not_applicable"}
    assert Counter(row["frequency"] for row in answers if row["item"] == "sq01" and row["role"] == "expectation") == {
        "weekly": 51, "monthly": 46, "half-yearly": 5, "never": 2,
    }  # fmt: skip


def test_the_questions_stand_in_their_true_order(answers: list[dict[str, Any]]) -> None:
    order = list(dict.fromkeys(row["item"] for row in answers))
    assert order == [
        *(f"sq{i:02}" for i in range(1, 25)), *(f"kano{i:02}" for i in range(1, 30)),
        *(f"ipa{i:02}" for i in range(1, 25)),
        "overall1", "overall2", "reuse", "recommend", "kinds_used", "motive",
    ]  # fmt: skip


def test_three_items_measure_each_of_the_eight_dimensions(answers: list[dict[str, Any]]) -> None:
    items: dict[str, set[str]] = {}
    for row in answers:
        if row["role"] == "expectation":
            items.setdefault(row["construct"], set()).add(row["item"])
    assert {construct: len(found) for construct, found in items.items()} == dict.fromkeys(
        ("reliability", "fun", "control", "economy", "personalisation", "convenience", "security", "tangibles"), 3
    )


def test_a_pair_of_kano_answers_is_counted_as_by_hand(people: list[dict[str, str]]) -> None:
    pairs = Counter((ANSWERS.get(person["kano01_F"]), ANSWERS.get(person["kano01_D"])) for person in people)
    row = next(row for row in kano(sample("kiosk")) if row.construct == "kano01")
    assert row.counts["O"] == pairs[1.0, 5.0]
    assert row.counts["A"] == sum(pairs[1.0, without] for without in (2.0, 3.0, 4.0))
    assert row.counts["M"] == sum(pairs[with_it, 5.0] for with_it in (2.0, 3.0, 4.0))
    assert (row.n, row.not_applicable) == (102, 2)


def test_several_choices_in_one_cell_become_a_row_each_even_where_an_option_holds_the_separator(
    people: list[dict[str, str]], answers: list[dict[str, Any]]
) -> None:
    chosen = Counter(row["construct"] for row in answers if row["role"] == "choice" and row["value"] == 1)
    holds = {
        "saves-ordering": "주문, 결제시간이 절약되어서",
        "easy-menu": "메뉴의 선택, 편집이 쉬워서",
        "no-other-way": "다른 주문 방법이 없어서",
    }
    assert {option: chosen[option] for option in holds} == {
        option: sum(words in p["motive"] for p in people) for option, words in holds.items()
    }
    assert chosen["atm"] == sum("ATM" in person["kinds_used"] for person in people)
    states = Counter((row["construct"], row["state"]) for row in answers if row["role"] == "choice")
    assert states
    assert all(count == (102 if state == "answered" else 2) for (_, state), count in states.items())


def test_what_people_wrote_themselves_is_kept_as_they_wrote_it(answers: list[dict[str, Any]]) -> None:
    own = {row["text"] for row in answers if row["role"] == "comment"}
    assert own == {
        "공항",
        "버스표 구매",
        "요즘 가게마다 주문은 거의 키오스크로해서",
        "아예 키오스크만 쓰는 곳이거나 그냥 앞에 있길래 가까워서 사용",
    }


def test_ids_are_those_of_the_service(answers: list[dict[str, Any]]) -> None:
    service = service_of("kiosk")
    known = {*vocabulary(), *(part.id for part in (*service.constructs, *service.features, *service.touchpoints))}
    options = {row["construct"] for row in answers if row["role"] == "choice"}
    assert {row["construct"] for row in answers if row["construct"]} - options <= known
    assert words("kiosk")["No need to face staff"]["zh-Hans"] == "不必面对店员"
