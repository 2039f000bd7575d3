"""Bringing what stands at another place than it first did back there, once all that was done is undone."""

from __future__ import annotations

from collections.abc import Iterator

from peakend.service.edits.effects import Effect, Place
from peakend.service.edits.kinds import part_lists
from peakend.service.edits.working_document import WorkingDocument


def put_in_order(working: WorkingDocument, first: WorkingDocument) -> list[Effect]:
    """Bring what stands at another place than in `first` to the place that it has there; what was done for it. A list
    that holds something which is not there, or lacks something that is, stays as it is.

    Whoever undoes a step before a later one of somebody else can put a part back only beside what is left there, and of
    two who moved one part the later puts it back where it was between: when all is undone, this brings back the first
    places too.
    """
    done: list[Effect] = []
    for name in [name for name in first.names() if working.has(name)]:
        lists, data = part_lists(first.held(name).kind.model), first.held(name).data
        for key in [key for key, value in data.items() if isinstance(value, list)]:
            steps = _places_in(working, first, name, key) if key in lists else _ids_in(working, first, name, key)
            for effect in steps:
                working.take(effect)
                done.append(effect)
    return done


def _places_in(working: WorkingDocument, first: WorkingDocument, around: str, key: str) -> Iterator[Effect]:
    wanted, there = ([each.name_in(around, key, part) for part in each.parts(around, key)] for each in (first, working))
    if wanted == there or not all(map(working.has, wanted)) or not all(map(first.has, there)):
        return
    for name, after in zip(wanted, ["", *wanted], strict=False):
        place, before = Place(around, key, after), working.place_of(name)
        if place != before:
            yield Effect("move", name, place=place, before=before)


def _ids_in(working: WorkingDocument, first: WorkingDocument, name: str, key: str) -> Iterator[Effect]:
    wanted, there = first.value(name, key), working.value(name, key)
    if wanted != there and isinstance(there, list) and sorted(map(repr, wanted)) == sorted(map(repr, there)):
        yield Effect("set", name, key, was=there, now=wanted)
