"""Who is where in a draft: kept in this process's memory, for as long as somebody's page asks for changes.

One process serves the pages (`running/server.py`), so its memory knows everybody. Where somebody runs several, each
names those who asked it last. Nothing is written down, and only members who may edit are told.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Final

from peakend_web.base.cache import Cache
from peakend_web.models import Draft, Person

STAYS_S: Final = 40.0
"""Somebody whose page has not asked for so long is gone: a hidden page asks every 15 seconds."""

_present: Final = Cache(500)


@dataclass(frozen=True)
class Presence:
    """Somebody who has a draft open: which cell they are in, and when their page was last heard of."""

    name: str
    at: str
    heard: float


def note(draft: Draft, person: Person, at: str) -> list[Presence]:
    """Note where somebody is, and tell who else is there and where."""
    now = time.monotonic()
    before: dict[int, Presence] = _present.get(draft.pk) or {}
    there = {pk: each for pk, each in before.items() if now - each.heard < STAYS_S}
    there[person.pk] = Presence(person.name, at, now)
    _present.put(draft.pk, there)
    return sorted((each for pk, each in there.items() if pk != person.pk), key=lambda each: each.name)


def leave(draft: Draft, person: Person) -> None:
    """Somebody has closed the page."""
    before: dict[int, Presence] = _present.get(draft.pk) or {}
    _present.put(draft.pk, {pk: each for pk, each in before.items() if pk != person.pk})
