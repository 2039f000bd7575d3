"""The single writer: exactly once under concurrency, one bad delivery costs nobody else, and a full line says so."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from django.db import connection, transaction

from peakend.facts import TABLES, TableName
from peakend_web.models import Answer, Event, FactClock, IdempotencyKey, Removal
from peakend_web.store import changes, columnar, deliveries, statements, writer
from peakend_web.store.deliveries import Acknowledgement, Delivery, DeliveryError, Outcome
from peakend_web.store.identity import identity
from peakend_web.store.ledger import Counts
from peakend_web.store.rows import AnswerRow, EventRow
from peakend_web.store.writer import Writer
from tests.web.conftest import STAY, Clinic, make_clinic
from tests.web.conftest import service as make_service


@pytest.fixture
def house(transactional_db: None) -> Iterator[Clinic]:
    """The clinic in a database that other threads see too."""
    yield make_clinic()
    writer.close()


def answer(house: Clinic, key: str, value: float = 9, revision: int = 1, **more: Any) -> AnswerRow:
    own = {
        "workspace_id": house.workspace.pk,
        "service_id": house.service.pk,
        "source": "survey:1",
        "source_key": key,
        "response": key,
    }
    return AnswerRow(
        **{**own, "at_us": 1_700_000_000_000_000, "day": 19_675, "value": value, "revision": revision, **more}
    )


def event(house: Clinic, key: str, **more: Any) -> EventRow:
    own = {
        "workspace_id": house.workspace.pk,
        "service_id": house.service.pk,
        "source": "desk",
        "source_key": key,
        "kind": "wait",
    }
    return EventRow(**{**own, "at_us": 1_700_000_000_000_000, "day": 19_675, **more})


def delivery(house: Clinic, key: str, value: float = 9, fingerprint: str = "f", **more: Any) -> Delivery:
    rows = {"answers": [answer(house, key, value)], "revises": True, **more}
    return Delivery(
        workspace=house.workspace.pk, key=key, fingerprint=fingerprint, reply=lambda _: f"kept {key}", made_us=1, **rows
    )


def kept(key: str) -> Acknowledgement:
    """What a delivery of one new row is told."""
    return Acknowledgement(f"kept {key}", counts=Counts(new=1))


def test_fifty_phones_that_send_the_same_at_once_are_told_the_same_and_one_row_is_kept(house: Clinic) -> None:
    with ThreadPoolExecutor(50) as pool:
        told = list(pool.map(lambda _: writer.deliver(delivery(house, "tap")), range(50)))
    assert {each.reply for each in told} == {"kept tap"}
    assert sorted(each.repeated for each in told) == [False] + [True] * 49
    assert (Answer.objects.count(), IdempotencyKey.objects.count()) == (1, 1)


def test_of_fifty_who_use_one_key_for_different_content_one_is_kept_and_the_others_are_refused(house: Clinic) -> None:
    def attempt(value: int) -> str:
        try:
            return writer.deliver(delivery(house, "tap", value, fingerprint=str(value))).reply
        except DeliveryError as error:
            return error.id

    with ThreadPoolExecutor(50) as pool:
        told = sorted(pool.map(attempt, range(50)))
    assert told == ["delivery.key_reused"] * 49 + ["kept tap"]
    assert Answer.objects.count() == 1


def test_the_same_key_in_another_workspace_is_another_key(house: Clinic) -> None:
    writer.deliver(delivery(house, "tap"))
    other = Delivery(workspace=house.elsewhere.pk, key="tap", fingerprint="other", made_us=1)
    assert writer.deliver(other) == Acknowledgement(Counts().as_json())


def test_numbers_follow_the_order_of_commits_and_none_is_given_twice(house: Clinic) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda each: writer.deliver(delivery(house, f"tap {each}")), range(200)))
    numbers = sorted(Answer.objects.values_list("seq", flat=True))
    assert len(set(numbers)) == 200
    assert FactClock.objects.get().value >= numbers[-1]
    assert list(Answer.objects.order_by("pk").values_list("seq", flat=True)) == numbers


def test_one_bad_delivery_in_a_group_is_refused_alone_and_leaves_nothing_half_written(house: Clinic) -> None:
    bad = delivery(house, "bad", answers=[answer(house, "half"), answer(house, "bad", source=None)])
    group = [delivery(house, "one"), bad, delivery(house, "two")]
    writer = Writer()
    try:
        outcomes = together(writer, group)
    finally:
        writer.close()
    assert outcomes[0] == kept("one")
    assert outcomes[2] == kept("two")
    assert isinstance(outcomes[1], DeliveryError)
    assert outcomes[1].id == "delivery.not_kept"
    assert sorted(Answer.objects.values_list("source_key", flat=True)) == ["one", "two"]
    assert sorted(IdempotencyKey.objects.values_list("key", flat=True)) == ["one", "two"]


def together(writer: Writer, group: Sequence[Delivery]) -> list[Outcome]:
    """Deliver all at once, so that they wait for each other in one group."""

    def attempt(each: Delivery) -> Outcome:
        try:
            return writer.deliver(each)
        except DeliveryError as error:
            return error

    with ThreadPoolExecutor(len(group)) as pool:
        return list(pool.map(attempt, group))


def test_what_waits_while_one_commit_runs_shares_the_next(house: Clinic) -> None:
    groups: list[int] = []
    first, go_on = threading.Event(), threading.Event()

    def slow(group: Sequence[Delivery]) -> list[Outcome]:
        groups.append(len(group))
        first.set()
        go_on.wait(5)
        return [Acknowledgement(each.reply(Counts())) for each in group]

    writer = Writer(work=slow)
    with ThreadPoolExecutor(11) as pool:
        opening = pool.submit(writer.deliver, delivery(house, "opening"))
        first.wait(5)
        others = [pool.submit(writer.deliver, delivery(house, f"tap {each}")) for each in range(10)]
        while writer.waiting < 10:
            time.sleep(0.001)
        go_on.set()
        assert [each.result().reply for each in (opening, *others)] == [
            "kept opening",
            *(f"kept tap {each}" for each in range(10)),
        ]
    writer.close()
    assert groups == [1, 10]


def test_a_full_line_answers_busy_at_once_and_what_waited_is_still_kept(house: Clinic) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def stuck(group: Sequence[Delivery]) -> list[Outcome]:
        begun.set()
        go_on.wait(5)
        return [Acknowledgement(each.reply(Counts())) for each in group]

    writer = Writer(waiting=2, work=stuck)
    with ThreadPoolExecutor(3) as pool:
        accepted = [pool.submit(writer.deliver, delivery(house, "one"))]
        begun.wait(5)
        accepted += [pool.submit(writer.deliver, delivery(house, name)) for name in ("two", "three")]
        while writer.waiting < 2:
            time.sleep(0.001)
        with pytest.raises(DeliveryError) as refused:
            writer.deliver(delivery(house, "four"))
        go_on.set()
        assert [each.result().reply for each in accepted] == ["kept one", "kept two", "kept three"]
    writer.close()
    assert (refused.value.id, refused.value.fields) == ("delivery.busy", {"seconds": 1})


def test_closing_writes_what_is_waiting_and_takes_nothing_more(house: Clinic) -> None:
    writer = Writer()
    with ThreadPoolExecutor(20) as pool:
        told = [pool.submit(writer.deliver, delivery(house, f"tap {each}")) for each in range(20)]
        assert len([each.result() for each in told]) == 20
    writer.close()
    with pytest.raises(DeliveryError) as refused:
        writer.deliver(delivery(house, "late"))
    assert refused.value.id == "delivery.busy"
    assert Answer.objects.count() == 20


def test_a_lost_connection_costs_one_try_and_the_answer_is_kept(house: Clinic) -> None:
    tries: list[int] = []

    def unlucky(group: Sequence[Delivery]) -> list[Outcome]:
        tries.append(len(group))
        if len(tries) == 1:
            raise ConnectionError
        with transaction.atomic():
            return deliveries.write(group)

    writer = Writer(work=unlucky)
    assert writer.deliver(delivery(house, "tap")) == kept("tap")
    writer.close()
    assert tries == [1, 1]
    assert Answer.objects.count() == 1


def test_an_answer_that_comes_twice_in_one_group_ends_with_the_newest(house: Clinic) -> None:
    rows = [
        answer(house, "tap", 3, revision=1),
        answer(house, "tap", 7, revision=3),
        answer(house, "tap", 5, revision=2),
    ]
    writer.deliver(delivery(house, "all", answers=rows))
    assert Answer.objects.values_list("value", "revision").get() == (7.0, 3)


def test_what_says_the_same_keeps_its_number_so_that_nothing_has_to_be_copied_again(house: Clinic) -> None:
    writer.deliver(delivery(house, "first", answers=[answer(house, "tap", 3, revision=1)]))
    writer.deliver(delivery(house, "again", answers=[answer(house, "tap", 3, revision=2)]))
    assert Answer.objects.values_list("seq", "first_seq").get() == (1, 1)


def test_who_does_not_revise_is_told_where_it_differs_and_other_content_is_refused_whole(house: Clinic) -> None:
    def bring(*answers: AnswerRow, events: Sequence[EventRow] = ()) -> Acknowledgement:
        return writer.deliver(Delivery(workspace=house.workspace.pk, answers=answers, events=events))

    assert bring(answer(house, "a", 3), answer(house, "b", 4), events=[event(house, "a")]).counts == Counts(new=3)
    assert bring(answer(house, "a", 3), answer(house, "c", 5), events=[event(house, "a")]).counts == Counts(
        new=1, repeated=2
    )
    with pytest.raises(DeliveryError) as refused:
        bring(
            answer(house, "d", 1), answer(house, "a", 8), answer(house, "b", 8), events=[event(house, "a", value=2.0)]
        )
    assert (refused.value.id, refused.value.fields) == (
        "delivery.conflicting",
        {"count": 3, "rows": "survey:1 / a (value); survey:1 / b (value); desk / a (value)", "revision": 2},
    )
    assert bring(answer(house, "a", 8, revision=2), answer(house, "b", 9, revision=0)).counts == Counts(
        revised=1, conflicting=1, newest=1
    )
    assert bring(answer(house, "a", 3, revision=1)).counts == Counts(conflicting=1, newest=2)
    assert dict(Answer.objects.values_list("source_key", "value")) == {"a": 8.0, "b": 4.0, "c": 5.0}
    assert Event.objects.values_list("value", flat=True).get() is None


def test_a_revision_that_says_the_same_counts_when_an_older_one_comes_late(house: Clinic) -> None:
    for value, revision in ((3, 1), (3, 5), (4, 2)):
        writer.deliver(Delivery(workspace=house.workspace.pk, answers=[answer(house, "row", value, revision)]))
    assert Answer.objects.values_list("value", "revision", "seq").get() == (3.0, 5, 1)


def test_the_same_source_and_key_in_another_service_is_another_row_and_both_tables_know(house: Clinic) -> None:
    other = make_service(house.workspace, STAY.replace("service: stay", "service: ward"), house.olivia)
    for service, value in ((house.service, 3), (other, 8)):
        told = writer.deliver(
            Delivery(
                workspace=house.workspace.pk,
                answers=[answer(house, "row", value, service_id=service.pk)],
                events=[event(house, "row", service_id=service.pk)],
            )
        )
        assert told.counts == Counts(new=2)
    assert sorted(Answer.objects.values_list("service__slug", "value")) == [("outpatient", 3.0), ("ward", 8.0)]
    assert Event.objects.count() == 2


def test_in_one_group_each_delivery_is_told_what_those_before_it_left(house: Clinic) -> None:
    rows = [
        [answer(house, "row", 3)],
        [answer(house, "row", 3)],
        [answer(house, "row", 9)],
        [answer(house, "row", 8, revision=2)],
    ]
    with transaction.atomic():
        told = deliveries.write([Delivery(workspace=house.workspace.pk, answers=each) for each in rows])
    assert [each.counts if isinstance(each, Acknowledgement) else each.id for each in told] == [
        Counts(new=1), Counts(repeated=1), "delivery.conflicting", Counts(revised=1),
    ]  # fmt: skip
    assert Answer.objects.values_list("value", "revision", "first_seq", "seq").get() == (8.0, 2, 1, 1)


def test_a_row_is_made_by_name_and_a_column_that_is_missing_or_none_is_told(house: Clinic) -> None:
    assert answer(house, "a").source_key == "a"
    with pytest.raises(TypeError, match="response"):
        AnswerRow(workspace_id=1, service_id=1, source="s", source_key="k")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="valeu"):
        answer(house, "a", valeu=3)


@pytest.mark.parametrize("table", TABLES)
def test_a_table_has_the_columns_of_the_facts(table: TableName) -> None:
    ours = {"id", "workspace_id", "service_id", "imported_id", "seq", "first_seq", "segments", "delivery", "revision"}
    held = {str(each.column) for each in changes.MODELS[table]._meta.concrete_fields}
    assert held - ours == {column.name for column in TABLES[table]}, (
        "the columns of peakend/facts/shape.py stand in peakend_web/models/store.py too: then manage.py makemigrations"
    )


@pytest.mark.parametrize("shape", statements.SHAPES.values(), ids=statements.SHAPES)
def test_a_row_has_the_columns_of_its_model_and_their_defaults(shape: statements.Shape) -> None:
    given = [each for each in shape.model._meta.concrete_fields if each.column not in {"id", "seq", "first_seq"}]
    assert sorted(shape.columns) == sorted(str(each.column) for each in given), (
        "the columns of peakend_web/models/store.py stand in peakend_web/store/rows.py too"
    )
    optional = {str(each.column): each.get_default() for each in given if each.null or each.has_default()}
    assert {field.name: field.default for field in msgspec.structs.fields(shape.row) if not field.required} == optional


def test_two_names_are_one_only_where_every_part_is(house: Clinic) -> None:
    del house
    names = [identity("key", 1, "a" * 80 + end) for end in "xy"] + [
        identity("survey", 1, "a"),
        identity("key", 1, "a"),
        identity("key", "1a", ""),
    ]
    assert (len(set(names)), {len(each) for each in names}) == (5, {64})
    assert identity("key", 1, "a") == identity("key", "1", "a")


def test_within_a_transaction_a_delivery_is_as_durable_as_the_transaction(house: Clinic) -> None:
    with transaction.atomic():
        writer.deliver(delivery(house, "tap"))
        transaction.set_rollback(True)
    assert (Answer.objects.count(), IdempotencyKey.objects.count()) == (0, 0)


def test_a_removed_fact_leaves_word_for_the_copy(house: Clinic) -> None:
    writer.deliver(delivery(house, "one"))
    writer.deliver(delivery(house, "two"))
    assert columnar.refresh(house.workspace.pk).tables["answers"].watermark == 2
    with transaction.atomic():
        deliveries.remove(Answer, house.workspace.pk, [Answer.objects.get(source_key="one").pk])
    assert Removal.objects.values_list("table", "seq").get() == ("answer", 3)
    assert columnar.verify(house.workspace.pk) == []


def test_a_database_that_confirms_before_the_disk_has_it_is_refused(house: Clinic) -> None:
    weak, strong = (
        ("PRAGMA synchronous=NORMAL", "PRAGMA synchronous=FULL")
        if connection.vendor == "sqlite"
        else ("SET synchronous_commit=off", "SET synchronous_commit=on")
    )
    with connection.cursor() as cursor:
        writer.require_durable()
        cursor.execute(weak)
        with pytest.raises(DeliveryError) as refused:
            writer.require_durable()
        cursor.execute(strong)
    assert refused.value.id == "delivery.not_durable"
