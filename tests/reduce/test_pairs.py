"""The kernel of pairs: the two sides of one response, and the state of what is not whole."""

from __future__ import annotations

import pytest

from peakend.facts import conform
from peakend.instants import DAY as A_DAY
from peakend.reduce import pairs
from tests.reduce.rows import NOON, cells, said


def test_a_pair_joins_the_two_sides_of_one_response() -> None:
    answers = {"lin": (1.0, 5.0), "chen": (1.0, 5.0), "wu": (3.0, 3.0), "mei": (2.0, None)}
    sides = ("functional", "dysfunctional")
    facts = conform(
        [
            said(who, "wifi", value, role)
            for who, both in answers.items()
            for value, role in zip(both, sides, strict=True)
        ]
    )
    counts = pairs(facts, left="functional", right="dysfunctional")
    assert counts.keys == ("construct", "state", "left", "right")
    assert {cell: n for cell, (n, *_) in cells(counts).items()} == {
        ("wifi", "answered", 1.0, 5.0): 2,
        ("wifi", "answered", 3.0, 3.0): 1,
        ("wifi", "skipped", None, None): 1,
    }


@pytest.mark.parametrize(
    ("left", "right", "state"),
    [
        ("answered", "answered", "answered"),
        ("answered", None, "skipped"),
        ("skipped", "answered", "skipped"),
        ("invalid", "skipped", "invalid"),
        ("invalid", "not_shown", "not_shown"),
        ("not_applicable", "not_shown", "not_applicable"),
        ("not_applicable", None, "not_applicable"),
    ],
)
def test_a_half_answered_pair_has_no_values_and_the_strongest_state(left: str, right: str | None, state: str) -> None:
    rows = [
        said("lin", "wifi", 2.0, role, state=side)
        for role, side in (("functional", left), ("dysfunctional", right))
        if side is not None
    ]
    assert pairs(conform(rows), left="functional", right="dysfunctional").cells == (
        ("wifi", state, *((2.0, 2.0) if state == "answered" else (None, None))),
    )


def test_a_pair_without_a_construct_is_joined_by_its_item() -> None:
    rows = [said("lin", None, 5.0, role, item="q1") for role in ("expectation", "perception")]
    assert pairs(conform(rows), left="expectation", right="perception").cells == (("q1", "answered", 5.0, 5.0),)


def test_a_pair_that_crosses_midnight_belongs_to_its_first_day() -> None:
    rows = [
        said("lin", "wifi", 1.0, "functional", at_us=NOON),
        said("lin", "wifi", 5.0, "dysfunctional", at_us=NOON + A_DAY),
    ]
    assert pairs(conform(rows), ("day",), left="functional", right="dysfunctional").cells == (
        ("2026-11-23", "wifi", "answered", 1.0, 5.0),
    )
