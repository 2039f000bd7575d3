"""Facts that lie in parts: every kernel gives what it gives on all rows together, and reduces a part once."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peakend.facts import PART, Facts, Unit, conform
from peakend.reduce import ends, follows, gaps, levels, moments, pairs, tally
from peakend.sums import Counts, Moments

DAY = 86_400_000_000


@dataclass
class Drawers:
    """Rows in drawers, each with a number that counts up when its rows change; what is computed is kept in a
    dictionary, and counted.
    """

    rows: list[list[dict[str, Any]]]
    table: Any = "answers"
    versions: list[int] = field(default_factory=list)
    kept: dict[Hashable, Any] = field(default_factory=dict)
    reduced: list[int] = field(default_factory=list)

    def keys(self, unit: Unit) -> tuple[Sequence[Hashable], Sequence[Hashable]]:  # noqa: ARG002 — no visitor is split here
        keys = [(at, version) for at, version in enumerate(self.versions or [0] * len(self.rows))]
        return keys[:-1], keys[-1:]

    def facts(self, unit: Unit, wanted: Sequence[Hashable]) -> Facts:  # noqa: ARG002
        self.reduced += [at for at, _ in wanted]  # type: ignore[misc]
        found = [{**row, PART: place} for place, (at, _) in enumerate(wanted) for row in self.rows[at]]  # type: ignore[misc, has-type]
        return conform(framed(found), self.table, check=False)

    def get(self, key: Hashable) -> Any:
        return self.kept.get(key)

    def put(self, key: Hashable, value: Any) -> None:
        self.kept[key] = value

    def whole(self) -> Facts:
        """All rows, in parts."""
        return replace(self.plain(), parts=self)

    def plain(self) -> Facts:
        """All rows, as if there were no parts."""
        return conform(framed([row for drawer in self.rows for row in drawer]), self.table, check=False)


KINDS = {
    "value": pa.float64(),
    "low": pa.float64(),
    "high": pa.float64(),
    "weight": pa.float64(),
    "at_us": pa.int64(),
    "day": pa.int64(),
    PART: pa.int64(),
}
TEXTS = ("response", "visit", "site", "item", "construct", "role", "touchpoint", "state", "kind")


def framed(rows: list[dict[str, Any]]) -> pa.Table:
    names = [*TEXTS, *KINDS] if not rows or PART in rows[0] else [*TEXTS, *(name for name in KINDS if name != PART)]
    return pa.table({name: pa.array([row.get(name) for row in rows], KINDS.get(name, pa.string())) for name in names})


ROLES = ("score", "expectation", "perception", "adequate", "importance", "functional", "dysfunctional", "remembered")


@st.composite
def visits(draw: st.DrawFn, at: int) -> list[dict[str, Any]]:
    """What one visitor said."""
    start = draw(st.integers(0, 5)) * DAY
    site, weight = draw(st.sampled_from(["east", "west", None])), draw(st.sampled_from([1.0, 0.1, 2.7]))
    rows = []
    for place in range(draw(st.integers(0, 6))):
        construct, item = draw(st.sampled_from(["queue", "desk", None])), draw(st.sampled_from(["a", "b", None]))
        value = draw(st.sampled_from([1.0, 2.0, 5.0, None]))
        own = {
            "response": f"r{at}",
            "visit": f"v{at}",
            "site": site,
            "weight": weight,
            "low": 1.0,
            "high": 5.0,
            "construct": construct,
            "item": item,
        }
        when = {
            "at_us": start + place * DAY // 2,
            "day": (start + place * DAY // 2) // DAY,
            "touchpoint": construct,
            "kind": "serve",
        }
        state = "answered" if value is not None else draw(st.sampled_from(["skipped", "not_shown"]))
        rows.append({**own, **when, "role": draw(st.sampled_from(ROLES)), "value": value, "state": state})
    return rows


@st.composite
def drawers(draw: st.DrawFn) -> list[list[dict[str, Any]]]:
    many = draw(st.integers(1, 4))
    found: list[list[dict[str, Any]]] = [[] for _ in range(many)]
    for at in range(draw(st.integers(0, 12))):
        found[draw(st.integers(0, many - 1))] += draw(visits(at))
    return found


CALLS = {
    "tally": lambda facts: tally(facts.where(role="score"), ("site", "month")),
    "pairs": lambda facts: pairs(facts, ("day",), left="functional", right="dysfunctional"),
    "moments": lambda facts: moments(facts, ("site",), columns=("construct", "role"), buckets=8, weighted=True),
    "pairs of means": lambda facts: moments(facts, pair=("expectation", "perception"), importance="importance"),
    "gaps": lambda facts: gaps(facts, ("site",), pair=("expectation", "perception")),
    "levels": lambda facts: levels(facts, roles=("adequate", "expectation", "perception")),
    "ends": lambda facts: ends(facts, ("week",)),
}


def same(one: Any, two: Any) -> bool:
    """Counts and groups to the last digit; sums of fractions as far as the order of adding leaves them."""
    if isinstance(one, Counts):
        return one == two
    if isinstance(one, Moments):
        return (one.by, one.responses) == (two.by, two.responses) and same_sums(one, two)
    if is_dataclass(one) and not isinstance(one, type):
        return all(same(getattr(one, each.name), getattr(two, each.name)) for each in fields(one))
    return bool(one == two)


def same_sums(one: Moments, two: Moments) -> bool:
    """Columns in which nobody answered may be missing."""
    names = sorted({*one.names, *two.names})
    one, two = (replace(each, names=tuple(names), groups=each._as(tuple(names))) for each in (one, two))
    return list(one.groups) == list(two.groups) and all(
        np.array_equal(a.bucket, b.bucket)
        and all(np.allclose(x, y, rtol=1e-12, atol=1e-12) for x, y in ((a.n, b.n), (a.s, b.s), (a.ss, b.ss)))
        for a, b in zip(one.groups.values(), two.groups.values(), strict=True)
    )


@pytest.mark.parametrize("call", CALLS)
@settings(max_examples=15)
@given(rows=drawers())
def test_a_kernel_over_parts_gives_what_it_gives_over_all_rows(call: str, rows: list[list[dict[str, Any]]]) -> None:
    lying = Drawers(rows)
    found, wanted = CALLS[call](lying.whole()), CALLS[call](lying.plain())
    assert same(found, wanted), (found, wanted)


@settings(max_examples=15)
@given(rows=drawers())
def test_steps_of_visits_in_parts_are_the_steps_of_all_visits(rows: list[list[dict[str, Any]]]) -> None:
    lying = Drawers(rows, "events")
    assert follows(lying.whole(), ("site",)) == follows(lying.plain(), ("site",))


def said(response: str, value: float, site: str = "east") -> dict[str, Any]:
    own = {
        "response": response,
        "visit": response,
        "site": site,
        "item": "nps",
        "construct": "nps",
        "role": "score",
        "state": "answered",
    }
    return {**own, "value": value, "low": 0.0, "high": 10.0, "weight": 1.0, "at_us": 0, "day": 0}


def test_only_the_part_that_changed_is_reduced_again() -> None:
    lying = Drawers([[said("a", 9)], [said("b", 3, "west")], [said("c", 7)]], versions=[0, 0, 0])
    assert tally(lying.whole()) == tally(lying.plain())
    assert lying.reduced == [0, 1, 2]
    lying.rows[2].append(said("d", 10))
    lying.versions[2] += 1
    assert tally(lying.whole()) == tally(lying.plain())
    assert lying.reduced == [0, 1, 2, 2]
    lying.rows[0].clear()
    lying.versions[0] += 1
    assert tally(lying.whole()) == tally(lying.plain())
    assert lying.reduced == [0, 1, 2, 2, 0]
    tally(lying.whole())
    assert lying.reduced == [0, 1, 2, 2, 0]


def test_what_was_kept_of_some_rows_is_not_taken_for_others() -> None:
    lying = Drawers([[said("a", 9), said("b", 3, "west")], [said("c", 7)]])
    every, east = lying.whole(), lying.whole().where(site="east")
    assert [
        int(tally(facts).count.sum()) for facts in (every, east, every.where(site="west"), every, east.between(1, None))
    ] == [3, 2, 1, 3, 0]
    assert tally(east, ("site",)) == tally(lying.plain().where(site="east"), ("site",))
    assert len(tally(every, keys=("item",)).cells[0]) == len(tally(every, ("day",)).cells[0]) - 1


def test_half_of_the_items_is_half_of_what_was_asked_in_any_part() -> None:
    def side(response: str, item: str, role: str) -> dict[str, Any]:
        return {**said(response, 4), "construct": "queue", "item": item, "role": role}

    one = [side("a", "i1", role) for role in ("expectation", "perception")]
    others = [side("b", item, role) for item in ("i1", "i2", "i3") for role in ("expectation", "perception")]
    lying = Drawers([one, []], versions=[0, 0])
    assert moments(lying.whole(), pair=("expectation", "perception")).groups[()].n.max() == 1
    lying.rows[1] += others
    lying.versions[1] += 1
    found, wanted = (moments(facts, pair=("expectation", "perception")) for facts in (lying.whole(), lying.plain()))
    assert found.groups[()].n.max() == 1 == wanted.groups[()].n.max()
