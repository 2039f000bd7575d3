"""Budgets that know shops: whatever comes in whatever order, people have room and a flood has not."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peakend_web.asking.arrivals import ANYWHERE, MINUTE_US, MINUTES, RUSH, Arrivals, network_of

SHOP, LINK, WIFI = ("after-visit", "k7pm2x"), ("after-visit", ""), "203.0.113.0/24"
CROWD = 600
"""As the installation has it where nobody says otherwise."""


def rooms(minutes: list[int], place: tuple[str, str] = SHOP) -> list[str]:
    """The room that each of these finds, whose page was made in the minute in which it comes."""
    arrivals = Arrivals()
    return [
        arrivals.room_for(str(at).encode(), place, WIFI, minute * MINUTE_US, minute * MINUTE_US)
        for at, minute in enumerate(minutes)
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 30), max_size=2_000).map(sorted))
def test_up_to_a_rush_is_free_and_never_more_than_a_crowd_has_room_in_any_five_minutes(minutes: list[int]) -> None:
    found = rooms(minutes)
    taken: Counter[int] = Counter()
    for minute, room in zip(minutes, found, strict=True):
        before = sum(taken[each] for each in range(minute - MINUTES + 1, minute + 1))
        assert room == ("free" if before < RUSH else "puzzle" if before < CROWD else "full")
        taken[minute] += room != "full"


def test_five_hundred_guests_behind_one_address_in_five_minutes_are_a_good_evening() -> None:
    found = Counter(rooms([at // 100 for at in range(500)]))
    assert found == {"free": RUSH, "puzzle": 500 - RUSH}


def test_a_link_that_names_no_place_has_room_for_more_than_one_neighbourhood_and_each_of_these_as_a_shop() -> None:
    arrivals = Arrivals()
    found = [
        Counter(
            arrivals.room_for(f"{net}:{at}".encode(), LINK, f"198.51.{net}.0/24", MINUTE_US, MINUTE_US)
            for at in range(RUSH + 1)
        )
        for net in range(ANYWHERE)
    ]
    assert found[:-1] == [{"free": RUSH, "puzzle": 1}] * (ANYWHERE - 1)


def test_a_response_that_has_begun_keeps_the_room_it_found_and_one_that_has_solved_is_asked_no_more() -> None:
    arrivals = Arrivals()

    def room(name: bytes) -> Any:
        return arrivals.room_for(name, SHOP, WIFI, MINUTE_US, MINUTE_US)

    first = [room(str(at).encode()) for at in range(RUSH + 1)]
    arrivals.prove(str(RUSH).encode())
    assert (first[-1], room(b"0"), room(str(RUSH).encode()), room(b"another")) == ("puzzle", "free", "free", "puzzle")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2ff::1", "2001:db8:1:200::/56"),
        ("0.0.0.0", "0.0.0.0/24"),  # noqa: S104 — nobody's address
    ],
)
def test_a_neighbourhood_is_what_one_shop_or_household_has(address: str, network: str) -> None:
    assert network_of(address) == network
