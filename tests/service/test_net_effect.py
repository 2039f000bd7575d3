"""`difference` lists exactly what verbs come to in the end: nothing that was taken back, nothing twice, nothing less.

What they come to is worked out here in another way: the parts of both documents are held against each other by their
names, as the schema has them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from peakend.errors import DocumentError
from peakend.service import Change, difference, loads, of_data
from peakend.service.difference import Holder
from peakend.service.edits import Edit, WorkingDocument
from peakend.service.edits.kinds import WHOLE, kind_of_list, kinds, part_lists
from peakend.service.edits.verbs import effects_of
from peakend.terms import LANGUAGES
from tests.service.any_edit import any_edit
from tests.service.clinic import CLINIC
from tests.service.ward import WARD

Told = tuple[str, str, tuple[str, ...]]
"""A kind of change, of which part, and of which of its fields."""
BY_VALUE = frozenset({"exchanges", "limits"})
"""Parts without an id or a day, whose whole list is told as one value."""


@dataclass(frozen=True)
class Stands:
    """A part: in which other, under which key, and what it says itself."""

    around: str
    key: str
    own: dict[str, Any]
    lists: frozenset[str]


def parts_of(data: dict[str, Any], name: str = WHOLE, around: str = "", key: str = "") -> Iterator[tuple[str, Stands]]:
    lists = part_lists(kinds()[name.partition(":")[0]].model)
    inner = {key for key, value in data.items() if key in lists and key not in BY_VALUE and isinstance(value, list)}
    own = {key: value for key, value in data.items() if key not in inner}
    yield name, Stands(around, key, own, frozenset(inner))
    for list_key in inner:
        for part in data[list_key]:
            yield from parts_of(part, kinds()[kind_of_list(list_key)].name_of(part, name), name, list_key)


def fields_that_differ(old: Any, new: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, tuple[str, ...]]]:
    if old == new:
        return
    groups = all(isinstance(side, dict) and not (side and side.keys() <= set(LANGUAGES)) for side in (old, new))
    if groups:
        for key in old.keys() | new.keys():
            yield from fields_that_differ(old.get(key), new.get(key), (*path, key))
    else:
        yield "added" if old is None else "removed" if new is None else "changed", path


def longest_run(places: list[int]) -> int:
    tails: list[int] = []
    for place in places:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
    return len(tails)


def net_effect(old: dict[str, Any], new: dict[str, Any]) -> Counter[Told]:
    """What is to be told, beside what has moved among those that stand in the same list."""
    was, now = dict(parts_of(old)), dict(parts_of(new))
    told: Counter[Told] = Counter()
    told.update(("removed", name, ()) for name, part in was.items() if is_alone(name, part, now))
    told.update(("added", name, ()) for name, part in now.items() if is_alone(name, part, was))
    for name in was.keys() & now.keys():
        before, after = was[name], now[name]
        told["moved", name, ()] += (after.around, after.key) != (before.around, before.key)
        sides = [with_lanes(side, other) for side, other in ((before, after), (after, before))]
        told.update((kind, name, path) for kind, path in fields_that_differ(*sides))
    return +told


def is_alone(name: str, part: Stands, others: dict[str, Stands]) -> bool:
    """Whether a part is in this document alone, in a list that the other one could have had it in."""
    return name not in others and part.around in others and not isinstance(others[part.around].own.get(part.key), dict)


def with_lanes(part: Stands, other: Stands) -> dict[str, Any]:
    """What a part says itself; with a mark where it has steps in a lane that the other has in words."""
    lanes = [key for key in part.lists if isinstance(other.own.get(key), dict)]
    return part.own | dict.fromkeys(lanes, "steps")


def moves_within(old: dict[str, Any], new: dict[str, Any]) -> dict[tuple[str, str], int]:
    """Of each list of parts, how many of those that stayed in it have moved at least."""
    was, now = (in_lists(side) for side in (old, new))
    stayed = {place: [was[place].index(name) for name in names if name in was[place]] for place, names in now.items()}
    return {place: many for place, order in stayed.items() if (many := len(order) - longest_run(order))}


def in_lists(data: dict[str, Any]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name, part in parts_of(data):
        found[part.around, part.key].append(name)
    return found


def name_of(change: Change) -> str:
    if not change.holders:
        return WHOLE
    name = WHOLE
    for holder in change.holders:
        kind = kinds()[kind_of_list(holder.kind)]
        name = kind.name_of({kind.identity: holder.id}, name)
    return name


def within_its_list(change: Change) -> bool:
    """Whether a part has moved among those that stand beside it: then it is said which of them it follows now."""
    return change.kind == "moved" and change.old is None


def compared(first: WorkingDocument, last: WorkingDocument) -> None:
    old, new = of_data(first.data), of_data(last.data)
    changes = difference(old, new)
    plain = [service.model_dump(mode="json", by_alias=True, exclude_defaults=True) for service in (old, new)]
    stayed = [change for change in changes if within_its_list(change)]
    others = Counter((change.kind, name_of(change), change.fields) for change in changes if not within_its_list(change))
    assert others == net_effect(*plain)
    now = dict(parts_of(plain[1]))
    where = Counter((now[name_of(change)].around, now[name_of(change)].key) for change in stayed)
    assert dict(where) == moves_within(*plain)
    assert len({(change.kind, change.path) for change in changes}) == len(changes)
    assert all(change.sentence(lang) for change in changes for lang in LANGUAGES)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.sampled_from([WARD, CLINIC]), st.data())
def test_the_difference_lists_exactly_what_edits_come_to(text: str, data: st.DataObject) -> None:
    first, draft = WorkingDocument.of(loads(text)), WorkingDocument.of(loads(text))
    for _ in range(data.draw(st.integers(1, 12))):
        try:
            effects_of(draft, any_edit(draft, data))
        except DocumentError:
            continue
    compared(first, draft)
    compared(draft, first)


def done(*edits: Edit) -> tuple[WorkingDocument, list[str]]:
    first, draft = WorkingDocument.of(loads(CLINIC)), WorkingDocument.of(loads(CLINIC))
    for edit in edits:
        effects_of(draft, edit)
    compared(first, draft)
    return draft, [change.sentence() for change in difference(of_data(first.data), of_data(draft.data))]


NEW_STAGE = Edit(
    "add", "journeys:visit", "stages", value={"id": "rest", "title": {"en": "Rest"}}, after="stages:arrive"
)


def test_a_touchpoint_that_went_into_a_new_stage_has_moved_and_was_not_removed() -> None:
    _draft, told = done(NEW_STAGE, Edit("move", "touchpoints:wait", around="stages:rest"))
    assert told == [
        "Added: stage “Rest” in journey “From worry to relief”.",
        "Moved: touchpoint “Wait to be called” from stage “Arrive” to stage “Rest”.",
    ]


def test_a_touchpoint_that_left_a_stage_which_is_gone_has_moved_and_was_not_added() -> None:
    _draft, told = done(Edit("move", "touchpoints:wait", around="stages:consult"), Edit("remove", "stages:arrive"))
    assert [sentence for sentence in told if "Wait to be called" in sentence] == [
        "Moved: touchpoint “Wait to be called” from stage “Arrive” to stage “See the doctor”."
    ]


def test_what_was_done_and_undone_by_hand_is_told_by_nobody() -> None:
    _draft, told = done(
        Edit("set_text", "touchpoints:wait", "thinks", "en", "Is it my turn?"),
        Edit("clear_text", "touchpoints:wait", "thinks", "en"),
        NEW_STAGE,
        Edit("remove", "stages:rest"),
    )
    assert told == []


def test_a_part_is_named_by_where_it_stands() -> None:
    changes = difference(loads(CLINIC), loads(CLINIC.replace("minutes_at_most: 3", "minutes_at_most: 2")))
    assert [(name_of(change), change.holders[-1]) for change in changes] == [
        ("touchpoints:register", Holder("touchpoints", "register", changes[0].holders[-1].title))
    ]
