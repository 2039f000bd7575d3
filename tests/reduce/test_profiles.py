"""Whole rows, counted: which answers were given together, by responses or by customers, and that parts add up."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peakend.facts import conform
from peakend.reduce import profiles
from peakend.sums import Profiles

DAY = 86_400_000_000


def said(response: str, construct: str, value: float | None, **other: Any) -> dict[str, Any]:
    return {
        "response": response,
        "construct": construct,
        "item": construct,
        "role": "score",
        "value": value,
        "low": 1.0,
        "high": 5.0,
        **other,
    }


def test_equal_responses_are_one_row_and_what_was_not_answered_is_nan() -> None:
    rows = [
        said("lin", "desk", 4.0),
        said("lin", "wifi", 2.0),
        said("wu", "desk", 4.0),
        said("wu", "wifi", 2.0),
        said("chen", "desk", 4.0),
    ]
    found = profiles(conform(rows))
    values, count = found.groups[()]
    assert found.names == (("desk",), ("wifi",))
    np.testing.assert_array_equal(values, [[4, 2], [4, np.nan]])
    assert count.tolist() == [2, 1]


def test_a_customer_is_followed_from_wave_to_wave_and_who_has_no_name_is_left_out() -> None:
    rows = [
        said("r1", "desk", 2.0, wave="1", customer="lin"), said("r2", "desk", 5.0, wave="2", customer="lin"),
        said("r3", "desk", 3.0, wave="1", customer=None),
    ]  # fmt: skip
    found = profiles(conform(rows), columns=("construct", "wave"), of="customer")
    assert found.names == (("desk", "1"), ("desk", "2"))
    assert [part.tolist() for part in found.groups[()]] == [[[2.0, 5.0]], [1]]


some = st.lists(
    st.tuples(st.integers(0, 9), st.sampled_from(["desk", "wifi", "spa"]), st.integers(1, 3), st.sampled_from("AB")),
    max_size=25,
)


@settings(max_examples=15)
@given(some, st.randoms(use_true_random=False))
def test_parts_add_up_to_the_whole_in_any_order(answers: list[tuple[int, str, int, str]], rng: random.Random) -> None:
    held = {(who, what): said(f"r{who}", what, float(value), site="AB"[who % 2]) for who, what, value, _ in answers}
    rows = list(held.values())
    parts = [[row for (who, _), row in held.items() if who % 3 == part] for part in range(3)]
    whole = profiles(conform(rows), ("site",)) if rows else None
    rng.shuffle(rows)
    if whole is None:
        return
    one, *others = [profiles(conform(part), ("site",)) for part in parts if part]
    for other in others:
        one = one + other
    assert one == whole == profiles(conform(rows), ("site",))


def test_what_was_asked_by_other_groups_is_not_added() -> None:
    one = Profiles((("desk",),), ("site",), {})
    with pytest.raises(ValueError, match="cannot be added"):
        one + Profiles((("desk",),), (), {})
    assert one != Profiles((("wifi",),), ("site",), {})
    assert one.__eq__(3) is False
