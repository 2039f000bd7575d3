"""Whether a document that is edited has room for what came: looked at where something came, so that a document that was
too large before can still be read, worded and made smaller.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from peakend.documents.source import walk
from peakend.errors import DocumentError
from peakend.service.bounds import MOST_IN_JOURNEY, MOST_IN_LIST, kind_in, most_of, refusal_of
from peakend.service.edits.effects import Effect
from peakend.service.edits.kinds import kind_of_list
from peakend.service.edits.names import id_of, kind_of, of_kind
from peakend.service.edits.working_document import WorkingDocument


def require_room(working: WorkingDocument, done: Sequence[Effect]) -> None:
    """After these effects there is no more of what they brought than a document may have. Raises DocumentError
    `document.long_list`, `document.many_touchpoints`, `document.many_in_journey`, `document.many_of_kind`.
    """
    for effect in done:
        if effect.does in {"put", "move", "link", "set"}:
            for length in _lengths(working, effect):
                _require(length, MOST_IN_LIST, "document.long_list")
    for kind in sorted({kind for effect in done for kind in _kinds_brought(effect)}):
        _require(len(of_kind(kind, working.names())), most_of(kind), refusal_of(kind))
    for name in sorted({name for effect in done for name in _journeys_touched(working, effect)}):
        found = sum(len(working.parts(stage, "touchpoints")) for stage in working.names_in(name, "stages"))
        _require(found, MOST_IN_JOURNEY, "document.many_in_journey", name=id_of(name))


def _require(found: int, most: int, refusal: str, **fields: object) -> None:
    if found > most:
        raise DocumentError(refusal, found=found, most=most, **fields)


def _lengths(working: WorkingDocument, effect: Effect) -> Iterator[int]:
    """The lengths of the lists that an effect made longer."""
    if effect.place is not None:
        yield len(working.parts(effect.place.around, effect.place.key))
    elif effect.does == "link":
        yield len(working.value(effect.target, effect.field))
    yield from (len(value) for _path, value in walk(effect.now) if isinstance(value, list))


def _kinds_brought(effect: Effect) -> Iterator[str]:
    """The kinds of the parts that came with an effect."""
    if effect.does == "put" and effect.place is not None:
        yield kind_of_list(effect.place.key)
    if effect.does in {"put", "set"}:
        for path, value in walk({effect.field or effect.target: effect.now}):
            if isinstance(value, dict) and path and isinstance(path[-1], int):
                yield kind_in(path)


def _journeys_touched(working: WorkingDocument, effect: Effect) -> Iterator[str]:
    """The journey into which touchpoints came."""
    if effect.does != "put" or not working.has(effect.target):
        return
    name: Any = effect.target
    while name and kind_of(name) != "journeys":
        name = working.held(name).around
    if name:
        yield name
