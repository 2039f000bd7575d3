"""How many new responses come, by place and by neighbourhood on the network, and where that is more than people.

What is counted is people who begin, not answers. Up to a good hour's rush in five minutes nobody is asked for
anything; beyond it the page solves a puzzle while its owner reads (`render_tokens`), and its answers count as before;
and beyond what any room full of people could do, answers are kept in quarantine. Nobody is refused. A shop, a hall, a
carrier is one neighbourhood: five hundred guests behind one address in five minutes are a good evening.

A rush is looked for among those whose pages were made in the same minutes, so that what has waited on a device all day
is no rush when it comes at once. All of it is in the memory of the process that takes answers, and nowhere else: an
address is counted and never kept.
"""

from __future__ import annotations

import ipaddress
import threading
from collections import Counter, OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

from django.conf import settings

from peakend.instants import SECOND
from peakend_web.base.cache import on_forget

MINUTE_US: Final = 60 * SECOND
MINUTES: Final = 5
RUSH: Final = 60
"""New responses in so many minutes at a place, or from a neighbourhood, up to which nobody is asked for anything.
Beyond PEAKEND_CROWD of them no puzzle helps.
"""
ANYWHERE: Final = 10
"""A link that names no place is opened everywhere: it is a crowd with so many times as many."""
ROOM: Final = 200_000
"""Responses of which it is known that they have begun."""
ONE_BY_ONE: Final = 30
"""New responses in so many minutes on one kiosk: one person after the other gives no more, the quickest among them."""
Room = Literal["free", "puzzle", "full"]
Key = tuple[str, ...]


@dataclass(slots=True)
class Minutes:
    """How many came in each minute, by place or neighbourhood."""

    counts: dict[int, Counter[Key]] = field(default_factory=dict)

    def add(self, minute: int, key: Key) -> None:
        """Count one more."""
        counts = self.counts.get(minute)
        if counts is None:
            counts = self.counts[minute] = Counter()
        counts[key] += 1

    def level(self, minute: int, key: Key) -> int:
        """How many came up to a minute, in five."""
        found = map(self.counts.get, range(minute - MINUTES + 1, minute + 1))
        return sum(counts.get(key, 0) for counts in found if counts)

    def forget_before(self, minute: int) -> None:
        """Let go of what is over."""
        for each in [each for each in self.counts if each < minute]:
            del self.counts[each]


class Arrivals:
    """The counts of this process."""

    def __init__(self) -> None:
        self.opened, self.come = Minutes(), Minutes()
        self._begun: OrderedDict[bytes, Room] = OrderedDict()
        self._lock = threading.Lock()
        self._swept = 0

    def room_for(self, response: bytes, place: Key, network: str, opened_us: int, now_us: int) -> Room:
        """Whether there is room for a response; one that has begun keeps the room it found."""
        with self._lock:
            if (known := self._begun.get(response)) is not None:
                return known
            opened, now = opened_us // MINUTE_US, now_us // MINUTE_US
            self._sweep(now)
            keys = [(key, times) for key, times in ((place, 1 if place[-1] else ANYWHERE), ((network,), 1))]
            if any(self.come.level(now, key) >= times * settings.PEAKEND_CROWD for key, times in keys):
                found: Room = "full"
            else:
                rush = any(self.opened.level(opened, key) >= times * RUSH for key, times in keys)
                found = "puzzle" if rush else "free"
                for key, _ in keys:
                    self.opened.add(opened, key)
                    self.come.add(now, key)
            self._note(response, found)
            return found

    def is_rhythm(self, response: bytes, device: str, opened_us: int, now_us: int) -> bool:
        """Whether a new response on a kiosk comes as people do who stand in a line. A kiosk is a place of the house's
        own, so nobody there is asked for a puzzle, and it fills no budget of its place and neighbourhood.
        """
        with self._lock:
            if (known := self._begun.get(response)) is None:
                minute, key = opened_us // MINUTE_US, ("device", device)
                self._sweep(now_us // MINUTE_US)
                known = "free" if self.opened.level(minute, key) < ONE_BY_ONE else "full"
                self.opened.add(minute, key)
                self._note(response, known)
            return known == "free"

    def prove(self, response: bytes) -> None:
        """Ask a response for nothing more: its page has solved the puzzle."""
        with self._lock:
            if response in self._begun:
                self._begun[response] = "free"

    def is_rush(self, place: Key, network: str, now_us: int) -> bool:
        """Whether a page that is made now is to bring its puzzle along."""
        minute = now_us // MINUTE_US
        return self.opened.level(minute, place) >= RUSH * (1 if place[-1] else ANYWHERE) or (
            self.opened.level(minute, (network,)) >= RUSH
        )

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self.opened, self.come = Minutes(), Minutes()
            self._begun.clear()

    def _note(self, response: bytes, room: Room) -> None:
        self._begun[response] = room
        if len(self._begun) > ROOM:
            self._begun.popitem(last=False)

    def _sweep(self, now: int) -> None:
        if now != self._swept:
            self._swept = now
            self.come.forget_before(now - MINUTES)
            self.opened.forget_before(now - 24 * 60)


arrivals: Final = Arrivals()
on_forget(arrivals.forget)


@lru_cache(4_096)
def network_of(address: str) -> str:
    """The neighbourhood of an address: its /24, or /56 of IPv6, which one shop or one household has."""
    found = ipaddress.ip_address(address)
    return str(ipaddress.ip_network((found, 24 if found.version == 4 else 56), strict=False))
