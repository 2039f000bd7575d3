"""Two versions of a journey side by side: the touchpoints of both in the order of the newer, what became of each, and
the words that changed in its lanes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from typing import Final, Literal

from peakend.service.difference import Change, difference
from peakend.service.journeys import Journey, Stage, Touchpoint
from peakend.service.schema import ServiceDocument

Fate = Literal["same", "changed", "added", "removed", "moved"]


@dataclass(frozen=True)
class Pair:
    """One touchpoint in both versions: None where it is not in one of them; and what became of it. What moved may have
    changed, too.
    """

    old: Touchpoint | None
    new: Touchpoint | None
    fate: Fate

    @property
    def touchpoint(self) -> Touchpoint:
        """As it is in the newer version, or was where it is gone."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a pair of nothing")
        return found


@dataclass(frozen=True)
class Comparison:
    """A journey in two versions of a service; None where it is in one alone."""

    service: ServiceDocument
    old: Journey | None
    new: Journey | None
    changes: Sequence[Change]

    @cached_property
    def union(self) -> Journey:
        """The newer journey with what was removed at its old place."""
        if self.new is None or self.old is None:
            return self._only
        stages = [(stage, list(stage.touchpoints)) for stage in self.new.stages]
        kept = {point.id for point in self.new.touchpoints}
        before: str | None = None
        for stage in self.old.stages:
            for point in stage.touchpoints:
                if point.id not in kept:
                    _insert(stages, stage, point, before)
                before = point.id
        return self.new.model_copy(
            update={"stages": tuple(stage.model_copy(update={"touchpoints": tuple(held)}) for stage, held in stages)}
        )

    @property
    def _only(self) -> Journey:
        found = self.new or self.old
        if found is None:
            raise ValueError("a comparison of nothing")
        return found

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The touchpoints of both versions, in the order of the newer."""
        old, new = _by_id(self.old), _by_id(self.new)
        moved = {
            change.holders[-1].id
            for change in self.changes
            if change.kind == "moved" and change.holders and change.holders[-1].kind == "touchpoints"
        }
        names = (point.id for point in self.union.touchpoints)
        return tuple(
            Pair(old.get(name), new.get(name), _fate(old.get(name), new.get(name), name in moved)) for name in names
        )

    def count(self, fate: Fate) -> int:
        """To how many touchpoints this happened."""
        return sum(pair.fate == fate for pair in self.pairs)

    @cached_property
    def old_slots(self) -> Mapping[str | None, tuple[str, ...]]:
        """Where the moved touchpoints stood: behind which of those that stayed (None: before all), in their order."""
        moved = {pair.touchpoint.id for pair in self.pairs if pair.fate == "moved"}
        found: dict[str | None, tuple[str, ...]] = {}
        before: str | None = None
        for point in self.old.touchpoints if self.old else ():
            if point.id in moved:
                found[before] = (*found.get(before, ()), point.id)
            else:
                before = point.id
        return found


def compare(old: ServiceDocument, new: ServiceDocument) -> tuple[Comparison, ...]:
    """Every journey of two versions of a service, in the order of the newer, those that are gone last."""
    changes = difference(old, new)
    was, now = ({each.id: each for each in service.journeys} for service in (old, new))
    ids = [*now, *(id for id in was if id not in now)]
    every = (Comparison(new, was.get(id), now.get(id), changes) for id in ids)
    return tuple(each for each in every if each.union.touchpoints)


def _by_id(journey: Journey | None) -> Mapping[str, Touchpoint]:
    return {point.id: point for point in journey.touchpoints} if journey else {}


def _fate(old: Touchpoint | None, new: Touchpoint | None, moved: bool) -> Fate:  # noqa: FBT001
    if old is None:
        return "moved" if moved else "added"
    if new is None:
        return "removed"
    return "moved" if moved else "same" if old == new else "changed"


Stages = list[tuple[Stage, list[Touchpoint]]]


def _insert(stages: Stages, stage: Stage, point: Touchpoint, before: str | None) -> None:
    """Put a touchpoint that is gone behind the one it followed, where that still stands in the same stage; else first
    in its stage; in a stage that is gone, too, behind the stage of the one it followed.
    """
    own = next((at for at, (each, _) in enumerate(stages) if each.id == stage.id), None)
    if own is None:
        holding = next((at for at, (_, held) in enumerate(stages) if any(each.id == before for each in held)), -1)
        stages.insert(holding + 1, (stage, [point]))
        return
    held = stages[own][1]
    place = next((at for at, each in enumerate(held) if each.id == before), -1)
    held.insert(place + 1, point)


# --- words ------------------------------------------------------------------------------------------------------------

Piece = tuple[Literal["same", "old", "new"], str]
_TOKEN: Final = re.compile("[\u3400-\u9fff]|[^\\W\u3400-\u9fff]+|\\s+|.", re.DOTALL)


def pieces(old: str, new: str) -> Iterator[Piece]:
    """Two texts as one: what both have, what the older alone has, and what the newer alone has, word by word, in
    Chinese character by character.
    """
    was, now = _TOKEN.findall(old), _TOKEN.findall(new)
    for verb, a, b, c, d in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if verb == "equal":
            yield "same", "".join(was[a:b])
            continue
        if a < b:
            yield "old", "".join(was[a:b])
        if c < d:
            yield "new", "".join(now[c:d])
