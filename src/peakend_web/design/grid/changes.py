"""What changed in the grid since somebody looked: from the steps that were kept since, the cells they touch, and the
order of the columns where that is another now.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from peakend.service.edits import WorkingDocument
from peakend.service.edits.names import kind_of, of_kind
from peakend_web.design.queries.changes import other_than
from peakend_web.models import DraftStep, Person

from .cells import LANES_OF_FIELD, MAP_ROWS, columns, journeys, stages

STRUCTURE: Final = frozenset({"journeys", "stages", "touchpoints"})
"""Kinds of part of which one more, one less or one elsewhere changes the columns."""


@dataclass
class Touched:
    """The cells that steps touched, each with who did it last, and whether the columns are others now."""

    cells: dict[str, str] = field(default_factory=dict)
    structure: bool = False


def touched_by(working: WorkingDocument, steps: Iterable[DraftStep], reader: Person) -> Touched:
    """What steps touched, in the document as it is now; with nobody's name what the reader did."""
    found = Touched()
    for step in steps:
        for effect in step.effects:
            if kind_of(effect["target"]) in STRUCTURE and effect["does"] in {"put", "take", "move"}:
                found.structure = True
            found.cells |= dict.fromkeys(_cells_of(working, effect), other_than(step, reader))
    return found


def _cells_of(working: WorkingDocument, effect: Mapping[str, Any]) -> Iterator[str]:
    """The keys of the cells that an effect touches."""
    target: str = effect["target"]
    key = effect.get("field", "").partition(".")[0]
    place = effect.get("place") or effect.get("before")
    if effect["does"] == "move" and kind_of(target) in STRUCTURE:
        return
    if effect["does"] == "put" and kind_of(target) in STRUCTURE:
        yield from _columns_within(working, target)
        return
    if effect["does"] in {"put", "take", "move"} and place:
        target, key = place["around"], place["key"]
    yield from _cells_of_field(working, target, key)


def _columns_within(working: WorkingDocument, target: str) -> Iterator[str]:
    """All cells of a part that came, with the columns in it."""
    if not working.has(target):
        return
    match kind_of(target):
        case "touchpoints":
            yield from keys_of_column(target)
        case "stages":
            yield target
            for column in columns(working, target):
                yield from keys_of_column(column)
        case "journeys":
            for stage in stages(working, target):
                yield from _columns_within(working, stage)


def _cells_of_field(working: WorkingDocument, target: str, key: str) -> Iterator[str]:
    """The cells in which a field of a part shows: its own, those of the touchpoint that it is a step, standard or
    promise of, or those of every touchpoint at which a failure is named.
    """
    if kind_of(target) == "failures":
        yield from (f"{name}/fails" for name in of_kind("touchpoints", working.names()))
    if not working.has(target):
        return
    if kind_of(target) == "stages":
        yield target
        return
    while target and kind_of(target) != "touchpoints":
        held = working.held(target)
        target, key = held.around, held.key
    for lane in LANES_OF_FIELD.get(key, ()) if target else ():
        yield f"{target}/{lane}" if lane else target


def keys_of_column(column: str) -> list[str]:
    """The keys of all cells of a column, its head first."""
    return [column, *(f"{column}/{lane.key}" for lane in MAP_ROWS)]


def order_of(working: WorkingDocument) -> list[dict[str, Any]]:
    """The stages of each journey with their columns, by name."""
    return [
        {
            "journey": journey,
            "stages": [[stage, columns(working, stage)] for stage in stages(working, journey)],
        }
        for journey in journeys(working)
    ]
