"""A question that one response answers twice counts once, whichever way it came in: pages, API and library agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa
import pytest

from peakend import nps
from peakend.errors import FactsError, PeakendError
from peakend.facts import Facts, conform
from peakend_web.base.refusals import Conflict, Refusal
from peakend_web.listening.actions import imports
from peakend_web.listening.actions.take_backs import take_back
from peakend_web.listening.queries.origins import Origin
from peakend_web.models import Answer, ApiKey, Import
from peakend_web.store import deliveries, door, writer
from peakend_web.store.identity import identity
from peakend_web.store.ledger import Counts
from peakend_web.store.rows import AnswerRow
from tests.web.conftest import Clinic, make_clinic
from tests.web.test_together import together

LATER: dict[str, Any] = {"at_us": 1_700_000_600_000_000, "value": 0.0}


def told(response: str = "r0", **more: Any) -> dict[str, Any]:
    """One answer to the question how likely one is to recommend the clinic: ten of ten, unless it says otherwise."""
    row = {
        "response": response,
        "item": "recommend",
        "construct": "nps",
        "role": "score",
        "value": 10.0,
        "low": 0.0,
        "high": 10.0,
    }
    return {**row, "at_us": 1_700_000_000_000_000, **more}


def table(*rows: dict[str, Any]) -> Facts:
    return conform(pa.Table.from_pylist(list(rows)))


def bring(clinic: Clinic, *rows: dict[str, Any], digest: str = "d1") -> Import:
    return imports.import_facts(
        actor=clinic.mei, service=clinic.service, name=f"{digest}.csv", digest=digest, answers=table(*rows)
    )


def send(clinic: Clinic, *rows: dict[str, Any], key: str = "k1") -> None:
    own = {"name": "till", "digest": "till", "scope": "write", "made_by": clinic.mei}
    program, _ = ApiKey.objects.get_or_create(workspace=clinic.workspace, prefix="till", defaults=own)
    imports.keep_batch(
        key=program, service=clinic.service, facts=table(*rows), delivery_key=key, fingerprint=identity(str(rows))
    )


def seen(clinic: Clinic) -> tuple[int, int, int]:
    """What a page counts: answers, promoters, detractors; and what the library counts of the same rows is the same."""
    read = door.facts(clinic.mei, clinic.service)
    (page,) = nps(read)
    (library,) = nps(conform(read.frame.collect("pyarrow").to_native()))
    assert (page.n, page.promoters, page.detractors) == (library.n, library.promoters, library.detractors)
    return page.n, page.promoters, page.detractors


DOORS = pytest.mark.parametrize("come_in", [bring, send], ids=["a file", "the API"])


@DOORS
def test_of_two_answers_that_come_together_the_latest_comes_in(clinic: Clinic, come_in: Any) -> None:
    come_in(clinic, told(), told(**LATER), told("r1"))
    assert seen(clinic) == (2, 1, 1)


@DOORS
def test_two_that_come_together_and_leave_open_which_is_the_latest_are_refused(clinic: Clinic, come_in: Any) -> None:
    with pytest.raises(FactsError) as caught:
        come_in(clinic, told(), told(value=0.0))
    assert (caught.value.id, Answer.objects.count()) == ("facts.answer_twice", 0)


@DOORS
def test_an_answer_to_a_question_that_is_answered_is_refused_with_where_it_stands(clinic: Clinic, come_in: Any) -> None:
    come_in(clinic, told(), told("r1"))
    for again, more in ((bring, {"digest": "d2"}), (send, {"key": "k2"})):
        with pytest.raises(Conflict) as caught:
            again(clinic, told("r2"), told(**LATER), **more)
        assert (caught.value.id, caught.value.fields["response"], caught.value.fields["item"]) == (
            "facts.answered_again",
            "r0",
            "recommend",
        )
    assert seen(clinic) == (2, 2, 0)


def test_other_questions_others_roles_and_choices_are_no_repetition(clinic: Clinic) -> None:
    bring(clinic, told(), told(item="why", construct="reason", role="choice", low=None, high=None))
    send(clinic, told("r1"), told(item="waited", construct="wait", low=1.0, high=5.0, value=4.0))
    send(clinic, told(item="why", construct="reason", role="choice", low=None, high=None, value=2.0), key="k2")
    assert (seen(clinic), Answer.objects.count()) == ((2, 2, 0), 5)


def test_a_correction_under_the_same_identity_comes_in_and_a_repeated_delivery_changes_nothing(clinic: Clinic) -> None:
    own = {"source": "till", "source_key": "1"}
    send(clinic, told(**own))
    send(clinic, told(**own))
    send(clinic, told(**own, **LATER, revision="1"), key="k2")
    assert seen(clinic) == (1, 0, 1)


def test_a_file_that_was_taken_back_stands_in_nobodys_way(clinic: Clinic) -> None:
    first = bring(clinic, told(), told("r1"))
    take_back(actor=clinic.mei, service=clinic.service, origin=Origin(imported=first))
    bring(clinic, told(value=0.0), told("r1"), told("r2"), digest="d2")
    assert seen(clinic) == (3, 2, 1)


def test_who_changes_an_answer_on_the_page_has_answered_once(clinic: Clinic) -> None:
    for revision, value in enumerate((10.0, 2.0)):
        row = told("r7", value=value, source="survey:after-visit", source_key="r7:recommend", revision=revision)
        whole = AnswerRow(workspace_id=clinic.workspace.pk, service_id=clinic.service.pk, **row)
        writer.deliver(deliveries.Delivery(workspace=clinic.workspace.pk, answers=[whole], revises=True))
    assert seen(clinic) == (1, 0, 1)


# --- another scale ----------------------------------------------------------------------------------------------------


@DOORS
def test_a_score_on_another_scale_than_the_service_asks_is_refused(clinic: Clinic, come_in: Any) -> None:
    with pytest.raises(Refusal) as caught:
        come_in(clinic, told(), told("r1", value=5.0, low=1.0, high=5.0))
    found = {name: caught.value.fields[name] for name in ("row", "found", "scale")}
    assert (caught.value.id, found, Answer.objects.count()) == (
        "facts.scale_other",
        {"row": 2, "found": "1–5", "scale": "0–10"},
        0,
    )


# --- at the same moment -----------------------------------------------------------------------------------------------


@pytest.fixture
def house(transactional_db: None) -> Iterator[Clinic]:
    """The clinic in a database that other threads see too."""
    yield make_clinic()
    writer.close()


def test_of_four_who_answer_one_question_at_once_one_is_kept_and_the_others_are_refused(house: Clinic) -> None:
    send(house, told("first"), key="first")

    def answer(till: int, number: int) -> Callable[[], None]:
        row = told(f"r{number}", value=float(till), source=f"till {till}", source_key=str(number))
        return lambda: send(house, row, key=f"{till} {number}")

    outcomes = [sorted(map(str, together(*(answer(till, number) for till in range(4))))) for number in range(6)]
    assert outcomes == [["None", *["facts.answered_again"] * 3]] * 6
    assert seen(house)[0] == Answer.objects.count() == 7


def test_what_a_group_is_about_to_write_is_answered_too(clinic: Clinic) -> None:
    def delivery(source: str, response: str, upto: int | None = 0, **more: Any) -> deliveries.Delivery:
        row = told(response, source=source, source_key=response, **more)
        whole = AnswerRow(workspace_id=clinic.workspace.pk, service_id=clinic.service.pk, **row)
        return deliveries.Delivery(workspace=clinic.workspace.pk, answers=[whole], known_upto=upto)

    group = [
        delivery("survey:1", "r0", None), delivery("till", "r0"), delivery("till", "r1"), delivery("gate", "r1"),
        delivery("till", "r1", revision=1, value=0.0), delivery("gate", "r2", state="skipped", value=None),
        delivery("till", "r2"),
    ]  # fmt: skip
    outcomes = [each.id if isinstance(each, PeakendError) else each.counts for each in deliveries.write(group)]
    refused, new = "facts.answered_again", Counts(new=1)
    assert outcomes == [new, refused, new, refused, Counts(revised=1), new, new]


def test_a_file_is_refused_whole_where_a_question_of_it_is_answered_while_it_comes_in(clinic: Clinic) -> None:
    facts = table(told("r0"), told("ｒ1"), told("r2"))
    own = {"actor": clinic.mei, "service": clinic.service, "name": "d1.csv", "digest": "d1", "answers": facts}
    with pytest.raises(Conflict) as caught:
        imports.import_facts(**own, progress=lambda *_: send(clinic, told("r1", **LATER)))
    assert (caught.value.id, caught.value.fields["response"], caught.value.fields["count"]) == (
        "facts.answered_again",
        "r1",
        1,
    )
    assert (seen(clinic), Answer.objects.count()) == ((1, 0, 1), 1)


def test_an_id_in_other_letters_is_the_same_response(clinic: Clinic) -> None:
    send(clinic, told("r1"))
    with pytest.raises(Conflict) as caught:
        bring(clinic, told(" ｒ1 ", **LATER))
    assert caught.value.id == "facts.answered_again"
