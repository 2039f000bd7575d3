"""What one group of deliveries does to the facts: its rows, questionnaires and keys, written within the transaction
that is open.

A *delivery* is what one request brings: rows of facts, the questionnaire they belong to, and a key. The key is kept in
the transaction that keeps the rows, so a delivery that is repeated, at the same time or after a crash, changes nothing
and is told what the first was told; the same key with other content is refused. Which deliveries make a group, and when
it is committed, `writer` decides.

Numbers (`seq`) are taken from the one row of `FactClock` in the first statement of the transaction. That statement is
also the lock: it takes SQLite's write lock, or PostgreSQL's lock on the row, and keeps it until the commit, so the
order of numbers is the order of commits for every process that writes.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from typing import Any

import msgspec
from django.db import connection

from peakend.errors import PeakendError
from peakend.facts.sql import quoted_name
from peakend_web.base.refusals import Conflict
from peakend_web.models import Answer, Event, FactClock, IdempotencyKey, Removal

from .codes import ids_of_codes
from .fresh_answers import FreshAnswers, answer_of
from .ledger import MOST_NAMED, Clash, Counts, Effect, Ledger, Manner
from .quotas import QuotaPlace, QuotaPlaces
from .responses import ResponseKey, StoredResponses, rows_of_response
from .rows import AnswerRow, EventRow, Row
from .statements import (
    ANSWERS,
    EVENTS,
    KEY_COLUMNS,
    REMOVAL_COLUMNS,
    RESPONSE_KEY,
    WHOLE_ROW,
    Shape,
    Values,
    driver_cursor,
    in_one_go,
    insert,
    insert_facts,
    plain_insert,
    table_name,
    upsert_facts,
    upsert_responses,
    with_driver_marks,
)
from .stored_rows import StoredRows, find_rows, give_way


class DeliveryError(PeakendError):
    """A delivery that was not kept, and says whether trying again will help.

    `delivery.busy`: too many are waiting, nothing was kept; try again. `delivery.outcome_unknown`: the disk did not
    answer in time; try again with the same key. `delivery.key_reused`: this key was used for other content.
    `delivery.conflicting`: rows say something else than what stands under their identity, and are no revisions of it.
    `delivery.of_another`: what stands there is of another response or visit. `delivery.not_kept`: the database refused
    it.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one request brings. That of the questionnaire has the order of `RESPONSE_COLUMNS`.

    A row that is there already is changed by a higher revision, where a respondent speaks (`revises`) also by one that
    is as high, and by a file when the rest of it is in. A questionnaire that is finished changes only by a delivery
    that says so (`amends`). `key` may be empty where the rows' own identity is enough, as in an import. `reply` words
    what the sender is told from what became of the rows. `known_upto` is the number up to which it is known that no
    question of its answers is answered in another row; where there is one, what came later is looked at under the lock.
    `fields` are the names of all fields of the questionnaire: where it is set apart, so is what was answered before.
    `cleared` is a reason for that which this delivery does away with.
    `quotas` are those in which the response that it ends asks for a place.
    """

    workspace: int
    key: str = ""
    fingerprint: str = ""
    reply: Callable[[Counts], str] = Counts.as_json
    made_us: int = 0
    answers: Sequence[AnswerRow] = ()
    events: Sequence[EventRow] = ()
    response: Values | None = None
    fields: Collection[str] = ()
    revises: bool = False
    amends: bool = False
    cleared: str = ""
    known_upto: int | None = None
    quotas: tuple[QuotaPlace, ...] = ()

    @property
    def manner(self) -> Manner:
        """How its rows meet what is there."""
        if self.revises:
            return "answers"
        brought = any(rows and rows[0].imported_id for rows in (self.answers, self.events))
        return "adds" if brought else "corrects"


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What the sender is told: the reply, and whether it is the reply to an earlier delivery. `later` are rows of a
    file that correct others.
    """

    reply: str
    repeated: bool = False
    counts: Counts = field(default_factory=Counts)
    later: Sequence[Row] = ()


Outcome = Acknowledgement | DeliveryError | Conflict


def write(group: Sequence[Delivery]) -> list[Outcome]:
    """Write a group of deliveries within the open transaction; an outcome for each, in their order."""
    with closing(driver_cursor()) as clock, closing(driver_cursor()) as cursor, in_one_go():
        many = sum(len(each.answers) + len(each.events) for each in group)
        _ask_for_numbers(clock, many)
        known = _replies(cursor, group)
        books = [_Book(shape, find_rows(cursor, shape, _rows(shape, group))) for shape in (ANSWERS, EVENTS)]
        responses = StoredResponses(cursor, [each.response for each in group if each.response is not None])
        answered, quotas = FreshAnswers(cursor, _known_numbers(group)), QuotaPlaces(cursor)
        outcomes = [_outcome(each, known, books, responses, answered, quotas=quotas) for each in group]
        fresh = [
            (each, outcome)
            for each, outcome in zip(group, outcomes, strict=True)
            if isinstance(outcome, Acknowledgement) and not outcome.repeated
        ]
        _insert(cursor, fresh, books, responses, _numbers(clock, many))
        quotas.mark()
        return outcomes


def take_numbers(many: int) -> int:
    """Lock the facts for this transaction and return the first of `many` numbers. Must be the transaction's first
    statement.
    """
    with closing(driver_cursor()) as cursor:
        return _take_numbers(cursor, many)


def set_apart(workspace: int, keys: Iterable[ResponseKey], aside: str | None) -> None:
    """Have answers that are there count apart for a reason, or count again (None), within the open transaction: each is
    revised, so that the copy and all sums follow.
    """
    with closing(driver_cursor()) as cursor:
        _take_numbers(cursor, 0)
        for key in keys:
            _set_apart(cursor, workspace, key, aside)


def _set_apart(cursor: Any, workspace: int, key: ResponseKey, aside: str | None) -> None:
    ids = [fact for fact, before in rows_of_response(cursor, workspace, key) if before != aside]
    if ids:
        seq = _take_numbers(cursor, len(ids))
        update = f"UPDATE {table_name(Answer)} SET aside = %s, seq = %s WHERE id = %s"  # noqa: S608 — our own names
        cursor.executemany(with_driver_marks(update), [(aside, seq + at, fact) for at, fact in enumerate(ids)])


def remove_responses(workspace: int, keys: Iterable[ResponseKey]) -> None:
    """Remove all that responses say within the open transaction, and leave word of it for the columnar copy."""
    with closing(driver_cursor()) as cursor:
        _take_numbers(cursor, 0)
        for key in keys:
            _remove(cursor, Answer, workspace, [fact for fact, _ in rows_of_response(cursor, workspace, key)])


def remove(model: type[Answer | Event], workspace: int, ids: Sequence[int]) -> None:
    """Remove facts by id within the open transaction, and leave word of it for the columnar copy."""
    with closing(driver_cursor()) as cursor:
        _remove(cursor, model, workspace, ids)


def _remove(cursor: Any, model: type[Answer | Event], workspace: int, ids: Sequence[int]) -> None:
    seq = _take_numbers(cursor, len(ids))
    removals = [(workspace, model._meta.model_name, fact, seq + at) for at, fact in enumerate(ids)]
    insert(cursor, plain_insert(Removal, REMOVAL_COLUMNS), removals, slice(2, 3))
    _delete(cursor, model, workspace, ids)


def erase(model: type[Answer | Event], workspace: int, ids: Sequence[int]) -> None:
    """Erase facts by id within the open transaction, of which no reader knows any more, or did yet."""
    with closing(driver_cursor()) as cursor:
        _delete(cursor, model, workspace, ids)


def _delete(cursor: Any, model: type[Answer | Event], workspace: int, ids: Sequence[int]) -> None:
    delete = f"DELETE FROM {table_name(model)} WHERE id = %s AND workspace_id = %s"  # noqa: S608 — our own names
    cursor.executemany(with_driver_marks(delete), [(fact, workspace) for fact in ids])


# --- one group --------------------------------------------------------------------------------------------------------


def _take_numbers(cursor: Any, many: int) -> int:
    _ask_for_numbers(cursor, many)
    return _numbers(cursor, many)


def _ask_for_numbers(cursor: Any, many: int) -> None:
    cursor.execute(with_driver_marks(f"UPDATE {table_name(FactClock)} SET value = value + %s RETURNING value"), [many])  # noqa: S608 — our own names


def _numbers(cursor: Any, many: int) -> int:
    """The first of the numbers asked for."""
    row = cursor.fetchone()
    if row is None:
        # A second process may be here too: the row has one fixed id, and the loser of the race counts on from the
        # winner's.
        cursor.execute(
            with_driver_marks(
                f"INSERT INTO {table_name(FactClock)} (id, value, identity) VALUES (1, %s, %s) "  # noqa: S608 — our own names
                f"ON CONFLICT (id) DO UPDATE SET value = {table_name(FactClock)}.value + excluded.value RETURNING value"
            ),
            [many, _uuid(uuid.uuid4())],
        )
        row = cursor.fetchone()
    return int(row[0]) - many + 1


def _replies(cursor: Any, group: Sequence[Delivery]) -> dict[tuple[int, str], tuple[str, str]]:
    """What is on disk already under the keys of a group: fingerprint and reply by (workspace, key)."""
    found: dict[tuple[int, str], tuple[str, str]] = {}
    keyed = sorted((each.workspace, each.key) for each in group if each.key)
    for workspace, pairs in groupby(keyed, key=lambda pair: pair[0]):
        cursor.execute(*_keys_query(workspace, [key for _, key in pairs]))
        found.update(((workspace, key), (fingerprint, reply)) for key, fingerprint, reply in cursor.fetchall())
    return found


def _keys_query(workspace: int, keys: list[str]) -> tuple[str, list[Any]]:
    """What asks for keys. To PostgreSQL they go as one value, so that it plans the statement once."""
    key = quoted_name("key")
    select = (
        f"SELECT {key}, fingerprint, reply "  # noqa: S608 — our own names
        f"FROM {table_name(IdempotencyKey)} "
        f"WHERE workspace_id = %s AND {key}"
    )
    if connection.vendor == "sqlite":
        return with_driver_marks(f"{select} IN ({', '.join(['%s'] * len(keys))})"), [workspace, *keys]
    return f"{select} = ANY(%s)", [workspace, keys]


class _Book:
    """One table: what stands in it, as far as a group touches it, and what becomes of that."""

    def __init__(self, shape: Shape, there: StoredRows) -> None:
        self.shape, self.there, self.ledger = shape, there, Ledger(there.rows)


def _rows(shape: Shape, group: Sequence[Delivery]) -> list[Row]:
    return list(chain.from_iterable(_rows_of(shape, each) for each in group))


def _rows_of(shape: Shape, delivery: Delivery) -> Sequence[Row]:
    return delivery.answers if shape is ANSWERS else delivery.events


def _known_numbers(group: Sequence[Delivery]) -> dict[int, int]:
    """The lowest of the numbers, by workspace."""
    asked = [(each.workspace, each.known_upto) for each in group if each.known_upto is not None]
    return {workspace: min(number for at, number in asked if at == workspace) for workspace, _ in asked}


def _outcome(
    delivery: Delivery,
    known: dict[tuple[int, str], tuple[str, str]],
    books: Sequence[_Book],
    responses: StoredResponses,
    answered: FreshAnswers,
    *,
    quotas: QuotaPlaces,
) -> Outcome:
    """What becomes of a delivery: told again what it was told, refused, or entered."""
    seen = known.get((delivery.workspace, delivery.key)) if delivery.key else None
    if seen is not None:
        return (
            Acknowledgement(seen[1], repeated=True)
            if seen[0] == delivery.fingerprint
            else DeliveryError("delivery.key_reused")
        )
    delivery, finished = _as_it_stands(delivery, responses)
    counts, taken = _effects(delivery, books, delivery.manner)
    if counts.revised and finished and not delivery.amends:
        counts, taken = _effects(delivery, books, "repeats")
        counts.ended = True
    if clashes := [clash for _, each in taken for clash in each.clashes]:
        return _conflict(clashes)
    if delivery.known_upto is not None and (again := answered.conflict(map(answer_of, delivery.answers))):
        return again
    for ledger, each in taken:
        ledger.enter(each)
    answered.note(entry.row for entry in taken[0][1].changes.values())
    if delivery.quotas and delivery.response and not responses.standing(delivery.response).finished:
        survey, response = delivery.response[RESPONSE_KEY]
        counts.over_quota = quotas.take(delivery.quotas, survey, response)
    kept = Acknowledgement(
        delivery.reply(counts), counts=counts, later=tuple(row for _, each in taken for row in each.later)
    )
    known[delivery.workspace, delivery.key] = (delivery.fingerprint, kept.reply)
    if delivery.response is not None:
        responses.note(delivery.response, delivery.cleared)
    return kept


def _as_it_stands(delivery: Delivery, responses: StoredResponses) -> tuple[Delivery, bool]:
    """The delivery with its answers counted apart as its questionnaire is; and whether that was finished before."""
    if delivery.response is None:
        return delivery, False
    before = responses.standing(delivery.response)
    aside = before.after(delivery.response, delivery.cleared).aside
    if aside is None:
        return delivery, before.finished
    answers = [msgspec.structs.replace(row, aside=aside) for row in delivery.answers]
    return replace(delivery, answers=answers), before.finished


def _conflict(clashes: Sequence[Clash]) -> DeliveryError:
    if foreign := [clash for clash in clashes if clash.foreign]:
        return DeliveryError("delivery.of_another", count=len(foreign), rows="; ".join(map(str, foreign[:MOST_NAMED])))
    rows = "; ".join(map(str, clashes[:MOST_NAMED]))
    return DeliveryError("delivery.conflicting", count=len(clashes), rows=rows, revision=clashes[0].revision + 1)


def _effects(delivery: Delivery, books: Sequence[_Book], manner: Manner) -> tuple[Counts, list[tuple[Ledger, Effect]]]:
    counts = Counts()
    return counts, [(book.ledger, book.ledger.take(_rows_of(book.shape, delivery), counts, manner)) for book in books]


def _insert(
    cursor: Any,
    fresh: Sequence[tuple[Delivery, Acknowledgement]],
    books: Sequence[_Book],
    responses: StoredResponses,
    seq: int,
) -> None:
    """Write what has changed, numbered from `seq` on, with the questionnaires and the keys of deliveries that
    are new.
    """
    questionnaires = [responses.as_it_stands(each.response) for each, _ in fresh if each.response is not None]
    insert(cursor, upsert_responses(), questionnaires, RESPONSE_KEY)
    for book in books:
        changed = list(book.ledger.changes(seq))
        new = [change for change in changed if change.first_seq is None]
        give_way(cursor, book.shape, book.there, [change.row.identity for change in new])
        insert(cursor, insert_facts(book.shape), [change.values for change in new], WHOLE_ROW)
        revised = [change.values for change in changed if change.first_seq is not None]
        insert(cursor, upsert_facts(book.shape), revised, WHOLE_ROW)
        seq += len(changed)
    _remove_codes(cursor, books[0].ledger)
    for each, _ in fresh:
        if each.response is not None and responses.is_changed(each.response):
            _set_apart(cursor, each.workspace, _key_of(each), responses.standing(each.response).aside)
    keys = [(each.workspace, each.key, each.fingerprint, kept.reply, each.made_us) for each, kept in fresh if each.key]
    insert(cursor, plain_insert(IdempotencyKey, KEY_COLUMNS), keys, slice(0, 2))


def _key_of(delivery: Delivery) -> ResponseKey:
    """Where the answers stand of which a delivery brings some."""
    first = delivery.answers[0]
    return ResponseKey(first.service_id, first.source, first.response, delivery.fields)


def _remove_codes(cursor: Any, answers: Ledger) -> None:
    """Codes go with the words that they were read out of."""
    found = ids_of_codes(cursor, answers.changed_comments)
    for workspace in {workspace for workspace, _ in found}:
        _remove(cursor, Answer, workspace, [fact for of, fact in found if of == workspace])


def _uuid(value: uuid.UUID) -> Any:
    return FactClock._meta.get_field("identity").get_db_prep_value(value, connection)
