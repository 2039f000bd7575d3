"""Who is where in a draft: kept in this process's memory, for as long as somebody's page asks for changes.

One process serves all pages (`running/server.py`: facts have one writer), so its memory knows everybody. To keep it in
the database would be a write every two seconds for each open page, and on SQLite writes wait for each other and for the
disk. Where somebody serves the application with several processes, on PostgreSQL, each knows those who asked it last:
names come and go. Nothing else depends on them: what two people change is told apart in the database.

Nothing is written down, and only members who may edit are told.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from zlib import crc32

from peakend_web.base.cache import Cache
from peakend_web.base.whole_numbers import whole_number
from peakend_web.models import Draft, Person

STAYS_S: Final = 40.0
"""Somebody whose page has not asked for so long is gone: a hidden page asks every 15 seconds."""

_present: Final = Cache(500)
_changing: Final = threading.Lock()
"""Pages ask in threads of their own: of two that note somebody at once, neither may lose the other."""


@dataclass(frozen=True)
class Presence:
    """Somebody who has a draft open: which cell they are in, and when their page was last heard of."""

    name: str
    at: str
    heard: float


@dataclass(frozen=True)
class News:
    """What a page that has a draft open is to be told: the steps since one, and who is there."""

    since: int
    people: Mapping[str, Any]


def news(draft: Draft, person: Person, asked: Mapping[str, str]) -> News | None:
    """What is new to the page of somebody that asks again and again, with the step and the people that it knows; None
    where nothing is, or where it says that it is being closed.
    """
    if asked.get("bye"):
        leave(draft, person)
        return None
    people = [[each.name, each.at] for each in note(draft, person, asked.get("at", "")[:200])]
    known = f"{crc32(str(people).encode()):x}"
    since = min(whole_number(asked.get("since", ""), draft.seq), draft.seq)
    if since == draft.seq and asked.get("people") == known:
        return None
    return News(since, {"people": people, "people_known": known})


def note(draft: Draft, person: Person, at: str) -> list[Presence]:
    """Note where somebody is, and tell who else is there and where."""
    there = _change(draft, person, Presence(person.name, at, time.monotonic()))
    return sorted((each for pk, each in there.items() if pk != person.pk), key=lambda each: each.name)


def leave(draft: Draft, person: Person) -> None:
    """Somebody has closed the page."""
    _change(draft, person, None)


def _change(draft: Draft, person: Person, presence: Presence | None) -> dict[int, Presence]:
    """Who is there once somebody is noted, or is gone."""
    now = time.monotonic()
    with _changing:
        before: dict[int, Presence] = _present.get(draft.pk) or {}
        there = {pk: each for pk, each in before.items() if now - each.heard < STAYS_S and pk != person.pk}
        there |= {person.pk: presence} if presence else {}
        _present.put(draft.pk, there)
    return there
