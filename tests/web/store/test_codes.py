"""Codes go with the words that they were read out of, and stand nowhere where answers are counted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from peakend_web.listening.actions.take_backs import Origin, take_back
from peakend_web.models import Answer, Removal
from peakend_web.store import columnar, deliveries, door, writer
from peakend_web.store.rows import AnswerRow
from tests.web.answers import deliver, remark
from tests.web.conftest import Clinic, make_clinic


@pytest.fixture
def house(transactional_db: None) -> Iterator[Clinic]:
    """The clinic, where two patients said why, and a coder read three clauses out of it."""
    clinic = make_clinic()
    deliver(clinic.service, [comment("mei", "Slow. But kind."), comment("ann", "Fine.")])
    deliver(clinic.service, [code("mei", 1), code("mei", 2), code("ann", 1)])
    yield clinic
    writer.close()


def comment(response: str, text: str | None, **more: Any) -> dict[str, Any]:
    own = {"response": response, "source": "till", "source_key": f"{response}:why", "text": text}
    return {**remark("wait", ""), **own, **more}


def code(response: str, clause: int, aspect: str = "effort") -> dict[str, Any]:
    return {
        "response": response, "item": f"why#{clause}", "role": "code", "construct": aspect, "value": -0.5, "low": -1.0,
        "high": 1.0, "source": "coder:1", "source_key": f"{response}:{clause}:{aspect}",
    }  # fmt: skip


def codes() -> list[str]:
    return list(Answer.objects.filter(role="code").order_by("source_key").values_list("source_key", flat=True))


def copied(house: Clinic) -> list[str]:
    """The codes in the columnar copy."""
    rows = door.read(house.service, door.Filters()).where(role="code").frame.select("source_key").collect()
    return sorted(rows.to_dict(as_series=False)["source_key"])


ALL = ["ann:1:effort", "mei:1:effort", "mei:2:effort"]


@pytest.mark.parametrize("text", [None, "Quick."])
def test_what_was_read_out_of_words_goes_when_their_writer_changes_or_clears_them(
    house: Clinic, text: str | None
) -> None:
    assert copied(house) == ALL
    deliver(house.service, [comment("mei", text, revision=2)])
    assert codes() == copied(house) == ["ann:1:effort"]
    assert (Removal.objects.count(), columnar.verify(house.workspace.pk)) == (2, [])


def test_words_that_are_sent_again_as_they_were_keep_their_codes(house: Clinic) -> None:
    deliver(house.service, [comment("mei", "Slow. But kind.", revision=2)])
    assert codes() == ALL


def test_what_is_read_anew_out_of_new_words_stays(house: Clinic) -> None:
    deliver(house.service, [comment("mei", "Quick.", revision=2)])
    deliver(house.service, [code("mei", 1)])
    assert codes() == copied(house) == ["ann:1:effort", "mei:1:effort"]


def test_words_that_are_taken_back_take_their_codes_with_them(house: Clinic) -> None:
    made = take_back(actor=house.wu, service=house.service, origin=Origin(source="till", source_key="mei:why"))
    assert (codes(), copied(house), made.rows) == (["ann:1:effort"], ["ann:1:effort"], 1)
    take_back(actor=house.wu, service=house.service, origin=Origin(source="till"))
    assert (codes(), copied(house), Answer.objects.count()) == ([], [], 0)


def test_a_code_of_no_clause_keeps_nobody_from_taking_words_back(house: Clinic) -> None:
    """One from before such a row was refused, of whatever response."""
    deliver(house.service, [{**code("mei", 3), "item": "why"}, {**code("nobody", 3), "item": None}])
    assert take_back(actor=house.wu, service=house.service, origin=Origin(source="till")).rows == 2
    assert codes() == ["mei:3:effort", "nobody:3:effort"]


def test_codes_that_are_taken_back_leave_the_words(house: Clinic) -> None:
    made = take_back(actor=house.wu, service=house.service, origin=Origin(source="coder:1"))
    assert (codes(), made.rows, Answer.objects.count()) == ([], 3, 2)


def test_two_codes_of_one_clause_are_no_answer_to_a_question_twice(house: Clinic) -> None:
    """Under the lock, where a program is told of a question that is answered already."""
    row = {
        **code("mei", 1),
        "source_key": "another",
        "workspace_id": house.workspace.pk,
        "service_id": house.service.pk,
    }
    writer.deliver(deliveries.Delivery(workspace=house.workspace.pk, answers=[AnswerRow(**row)], known_upto=0))
    assert len(codes()) == 4


def test_a_code_is_nobodys_answer_to_a_survey(house: Clinic) -> None:
    """Sixty codes of one clause more people than ever said why."""
    deliver(house.service, [code(f"nobody {n}", 1) for n in range(60)])
    assert sum(door.respondents_by_survey(house.service, None).values()) <= 2
