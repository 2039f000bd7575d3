"""Partial sums of the columnar copy: whatever came, was revised, removed or merged, they add up to what all rows
together give.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

import numpy as np
import pytest
from django.db import transaction

from peakend.facts import Facts
from peakend.reduce import ends, follows, gaps, moments, pairs, tally
from peakend.sums import Counts, Moments
from peakend_web.base.cache import Cache, size_of
from peakend_web.base.refusals import Missing
from peakend_web.listening.queries import comments as quotes
from peakend_web.models import Answer, Event
from peakend_web.store import columnar, deliveries, partial_sums, writer
from peakend_web.store.door import Filters, read
from peakend_web.store.rows import AnswerRow, EventRow
from tests.web.answers import DEFAULTS, deliver, rate, recommend, remark
from tests.web.conftest import Clinic, make_clinic

DAY = 86_400_000_000
ROLES = ("score", "expectation", "perception", "functional", "dysfunctional", "remembered")


@pytest.fixture
def house(transactional_db: None) -> Iterator[Clinic]:
    """The clinic in a database that other connections see too."""
    partial_sums.sums.clear()
    yield make_clinic()
    writer.close()


@dataclass
class Reception:
    """Visitors come, say one thing after another, correct themselves, come back days later, and some ask to be
    forgotten.
    """

    house: Clinic
    chance: random.Random
    visits: int = 0
    said: list[dict[str, Any]] = field(default_factory=list)

    def row(self, visit: int) -> dict[str, Any]:
        chance = self.chance
        at = 1_700_000_000_000_000 + visit * DAY // 3 + chance.randrange(DAY)
        own = {
            "workspace_id": self.house.workspace.pk,
            "service_id": self.house.service.pk,
            "source": "walk",
            "source_key": f"k{len(self.said)}",
        }
        what = {
            "construct": chance.choice(("queue", "desk")),
            "item": chance.choice(("a", "b")),
            "role": chance.choice(ROLES),
        }
        who = {
            "response": f"r{visit}.{chance.randrange(2)}",
            "visit": chance.choice((f"v{visit}", None)),
            "site": chance.choice(("east", "west")),
        }
        value = chance.choice((1.0, 2.0, 4.0, 5.0, None))
        said = {
            "value": value,
            "state": "skipped" if value is None else "answered",
            "low": 1.0,
            "high": 5.0,
            "weight": chance.choice((1.0, 0.1)),
        }
        segments = chance.choice(("{}", '{"language":"zh-Hant"}', '{"language":"en","purpose":"work"}'))
        return {
            **DEFAULTS,
            **own,
            **what,
            **who,
            **said,
            "at_us": at,
            "day": at // DAY,
            "segments": segments,
            "touchpoint": what["construct"],
        }

    def come(self) -> None:
        """New answers, most of new visits, some of earlier ones."""
        for _ in range(self.chance.randrange(1, 9)):
            self.visits += self.chance.random() < 0.6
            late = self.visits and self.chance.random() < 0.1
            self.said.append(self.row(self.chance.randrange(self.visits) if late else self.visits))
            self.keep([self.said[-1]])

    def correct(self) -> None:
        """Another value in the place of one that was given."""
        if self.said:
            row = self.chance.choice(self.said)
            row.update(revision=row.get("revision", 0) + 1, value=self.chance.choice((1.0, 3.0, 5.0)), state="answered")
            self.keep([row])

    def forget(self) -> None:
        """An answer is removed."""
        found = list(Answer.objects.values_list("pk", flat=True))
        if found:
            with transaction.atomic():
                deliveries.remove(Answer, self.house.workspace.pk, self.chance.sample(found, 1))

    def tidy(self) -> None:
        """Small chunks become large ones."""
        columnar.refresh(self.house.workspace.pk)
        columnar.tidy(self.house.workspace.pk)

    def keep(self, rows: list[dict[str, Any]]) -> None:
        made = [AnswerRow(**row) for row in rows]
        writer.deliver(deliveries.Delivery(workspace=self.house.workspace.pk, answers=made, revises=True))

    def happen(self) -> None:
        """One of these."""
        self.chance.choices((self.come, self.correct, self.forget, self.tidy), (6, 2, 1, 1))[0]()


CALLS = {
    "tally": lambda facts: tally(facts, ("site", "day"), keys=("construct", "role")),
    "pairs": lambda facts: pairs(facts, ("month",), left="functional", right="dysfunctional"),
    "moments": lambda facts: moments(facts, facts.segments, columns=("construct", "role"), buckets=4),
    "gaps": lambda facts: gaps(facts, pair=("expectation", "perception")),
    "ends": lambda facts: ends(facts, ("week",)),
}
FILTERS = (Filters(), Filters({"site": ("east",)}))


def same(one: Any, two: Any) -> bool:
    """Counts and groups to the last digit; sums of fractions to twelve."""
    if isinstance(one, Moments):
        names = tuple(sorted({*one.names, *two.names}))
        ours, theirs = (replace(each, names=names, groups=each._as(names)) for each in (one, two))
        return ours.responses == theirs.responses and ours.groups == theirs.groups
    if is_dataclass(one) and not isinstance(one, type | Counts):
        return all(same(getattr(one, each.name), getattr(two, each.name)) for each in fields(one))
    return bool(one == two)


def plain(facts: Facts) -> Facts:
    """The same rows, in no parts."""
    return replace(facts, parts=None)


@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_happens_parts_add_up_to_the_whole(house: Clinic, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar.chunks, "TAIL", 5)
    monkeypatch.setattr(columnar.chunks, "MERGE", ((20, 6), (60, 6)))
    reception, most = Reception(house, random.Random(seed)), 0  # noqa: S311
    for step in range(10):
        reception.come() if step < 5 else reception.happen()
        filters = FILTERS[step % 2]
        facts = read(house.service, filters)
        for name, call in CALLS.items():
            assert same(call(facts), call(plain(facts))), (name, filters)
        most = max(most, len(columnar.refresh(house.workspace.pk).tables["answers"].chunks))
    assert columnar.verify(house.workspace.pk) == []
    assert most > 2


def test_a_visit_whose_events_came_on_two_days_is_one_visit(house: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar.chunks, "TAIL", 0)

    def happened(visit: str, touchpoint: str, at: int) -> None:
        own = {
            "workspace_id": house.workspace.pk,
            "service_id": house.service.pk,
            "visit": visit,
            "touchpoint": touchpoint,
            "kind": "serve",
        }
        whole = {**own, "source": "walk", "source_key": f"{visit}{at}", "at_us": at, "day": at // DAY}
        made = [EventRow(**whole)]
        writer.deliver(deliveries.Delivery(workspace=house.workspace.pk, events=made))
        facts = read(house.service, Filters(), "events")
        assert follows(facts) == follows(plain(facts))

    for visit, touchpoint, at in (
        ("lin", "desk", 5),
        ("chen", "desk", 6),
        ("lin", "queue", 2),
        ("wu", "queue", 9),
        ("chen", "exit", 3 * DAY),
    ):
        happened(visit, touchpoint, at)
    facts = read(house.service, Filters(), "events")
    assert follows(facts)[()].edges == {("desk", "exit"): 1, ("queue", "desk"): 1}
    with transaction.atomic():
        deliveries.remove(Event, house.workspace.pk, [Event.objects.get(visit="chen", touchpoint="desk").pk])
    assert follows(read(house.service, Filters(), "events"))[()].edges == {("queue", "desk"): 1}


def test_a_new_answer_reads_the_last_chunk_alone(house: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar.chunks, "TAIL", 10)
    for score in (9, 3):
        deliver(house.service, recommend(score, 20))
        columnar.refresh(house.workspace.pk)
    asked: list[int] = []
    reading = partial_sums.rows_of
    monkeypatch.setattr(
        partial_sums,
        "rows_of",
        lambda queries, *more, small: asked.append(len(queries)) or reading(queries, *more, small=small),
    )

    def scores() -> list[int]:
        facts = read(house.service, Filters()).where(construct="nps")
        return tally(facts, keys=()).count.tolist()

    assert (scores(), scores(), asked) == ([20, 20], [20, 20], [3])
    deliver(house.service, recommend(3))
    assert (scores(), asked) == ([21, 20], [3, 1])
    deliver(house.other_service, recommend(3))
    assert (scores(), asked) == ([21, 20], [3, 1])


def test_nobody_is_told_from_what_was_kept_for_somebody_else(house: Clinic) -> None:
    deliver(house.service, recommend(9, 4, site="east") + recommend(2, 3, site="west") + rate("wait", 2, 5))

    def count(sites: tuple[str, ...] | None, **columns: tuple[str, ...]) -> int:
        return int(tally(read(house.service, Filters(columns), sites=sites).where(construct="nps")).count.sum())

    assert [count(None), count(("east",)), count(("west",)), count(()), count(None)] == [7, 4, 3, 0, 7]
    with pytest.raises(Missing):
        count(("west",), site=("east",))
    assert [count(None, site=("east",)), count(("west",))] == [4, 3]
    assert int(tally(read(house.other_service, Filters())).count.sum()) == 0


def test_a_response_is_one_though_most_are_split(house: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar.chunks, "TAIL", 0)
    monkeypatch.setattr(partial_sums, "MOST_SHARED", 3)
    for item in ("a", "b"):
        deliver(
            house.service,
            [{**rate("wait", 2)[0], "item": item, "response": f"r{each}", "role": "perception"} for each in range(9)],
        )
        columnar.refresh(house.workspace.pk)
        facts = read(house.service, Filters())
        found, wanted = (moments(each, columns=("item",)) for each in (facts, plain(facts)))
        assert same(found, wanted)
    assert found.responses == {(): 9}


def test_what_was_kept_falls_away_where_there_is_no_room_and_is_found_again() -> None:
    kept = Cache(10_000, size_of)
    for each in range(100):
        kept.put(each, np.zeros(100))
    assert kept.get(0) is None
    assert kept.get(99) is not None
    assert kept.weight <= 10_000
    kept.put("large", np.zeros(1_000))
    assert kept.get("large") is None
    kept.clear()
    assert (kept.weight, kept.get(99)) == (0, None)


def test_the_newest_words_are_the_newest_of_all_chunks(house: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar.chunks, "TAIL", 2)
    for each in (5, 1, 9, 3, 7, 2):
        deliver(
            house.service,
            [remark("wait", f"words {each}", at_us=each * DAY), remark("wait", f"undated {each}", at_us=None)],
        )
        comments = read(house.service, Filters()).where(role="comment")
        for size, skip in ((3, 0), (3, 2), (20, 0)):
            assert quotes._newest(comments, size, skip) == quotes._newest(plain(comments), size, skip)
    assert [row["text"] for row in quotes._newest(comments, 2, 1)] == ["words 7", "words 5"]
    with transaction.atomic():
        deliveries.remove(Answer, house.workspace.pk, [Answer.objects.get(text="words 7").pk])
    comments = read(house.service, Filters()).where(role="comment")
    assert [row["text"] for row in quotes._newest(comments, 2, 0)] == ["words 9", "words 5"]
