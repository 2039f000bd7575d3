"""The grid of a document: a table for each journey, and single pieces of it by their keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from peakend.service.edits import WorkingDocument
from peakend.service.edits.names import kind_of
from peakend.terms import Lang

from .cells import MAP_ROWS, Cell, Head, Lane, StageHead, Words, columns, head, journeys, stage_head, stages, words_of
from .contents import cell

Piece = StageHead | Head | Cell
_LANE: Final = {lane.key: lane for lane in MAP_ROWS}


@dataclass(frozen=True)
class Table:
    """The grid of one journey."""

    name: str
    title: Words
    stages: Sequence[StageHead]
    heads: Sequence[Head]
    rows: Sequence[tuple[Lane, Sequence[Cell]]]

    @property
    def count(self) -> int:
        """How many touchpoints it has."""
        return sum(len(stage.points) for stage in self.stages)


def tables(working: WorkingDocument, lang: Lang) -> list[Table]:
    """The grids of all journeys."""
    return [_table(working, name, lang) for name in journeys(working)]


def _table(working: WorkingDocument, name: str, lang: Lang) -> Table:
    its_stages = stages(working, name)
    its_columns = [column for stage in its_stages for column in columns(working, stage)]
    return Table(
        name,
        words_of(working.value(name, "title"), lang)[0],
        [stage_head(working, stage, lang) for stage in its_stages],
        [head(working, column, lang) for column in its_columns],
        [(lane, [cell(working, column, lane, lang) for column in its_columns]) for lane in MAP_ROWS],
    )


def pieces(working: WorkingDocument, keys: Iterable[str], lang: Lang) -> Iterator[Piece]:
    """The pieces of these keys, as far as they are still there."""
    for key in keys:
        column, _, lane = key.rpartition("/")
        if lane in _LANE and _is_column(working, column):
            yield cell(working, column, _LANE[lane], lang)
        elif kind_of(key) == "stages" and working.has(key):
            yield stage_head(working, key, lang)
        elif _is_column(working, key):
            yield head(working, key, lang)


def _is_column(working: WorkingDocument, key: str) -> bool:
    """Whether this is the name of a touchpoint, or the room in a stage that is there."""
    room = kind_of(key) == "stages" and key.endswith("/empty") and working.has(key.removesuffix("/empty"))
    return room or (kind_of(key) == "touchpoints" and working.has(key))
