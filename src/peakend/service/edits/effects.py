"""What an edit does to a document, in the smallest pieces: one words in one language, one value, one part, one link.

An effect says what was there before and what is there after it. So it can be turned round, which is what undoing is; it
can be done again to another version, and where something else stands by then it says so and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from peakend.terms import Lang

Does = Literal["set", "put", "take", "move", "link", "unlink"]
"""A value or words are set; a part is put in or taken out, or moved; an id is put into a list or taken out."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part stands: in which part, under which key, after which one; first where `after` is empty."""

    around: str
    key: str
    after: str = ""

    def as_data(self) -> dict[str, str]:
        """The place as plain data."""
        return {"around": self.around, "key": self.key, "after": self.after}


@dataclass(frozen=True, slots=True)
class Effect:
    """One piece of what an edit does to the part called `target`.

    `set`: under `field`, of words in `lang`, `was` becomes `now`; None is nothing. `put` and `take`: the part itself is
    `now` or `was`, at `place`. `move`: from the place `was` to the place `place`. `link` and `unlink`: `now` or `was`
    is the id, `after` which other it follows in the list.
    """

    does: Does
    target: str
    field: str = ""
    lang: Lang | None = None
    was: Any = None
    now: Any = None
    place: Place | None = None
    before: Place | None = None
    after: str = ""

    def reverse(self) -> Effect:
        """What undoes it."""
        turned: dict[Does, Does] = {"put": "take", "take": "put", "link": "unlink", "unlink": "link"}
        if self.does == "move":
            return replace(self, place=self.before, before=self.place)
        return replace(self, does=turned.get(self.does, self.does), was=self.now, now=self.was)

    def as_data(self) -> dict[str, Any]:
        """The effect as plain data, without what says nothing."""
        places = {"place": self.place, "before": self.before}
        data: dict[str, Any] = {
            "does": self.does,
            "target": self.target,
            "field": self.field,
            "lang": self.lang,
            "was": self.was,
            "now": self.now,
            "after": self.after,
            **{name: place.as_data() for name, place in places.items() if place},
        }
        return {key: value for key, value in data.items() if value is not None and value != ""}


def effect_of(data: dict[str, Any]) -> Effect:
    """The effect that plain data says."""
    places: dict[str, Any] = {name: Place(**data[name]) for name in ("place", "before") if name in data}
    return Effect(**(data | places))
