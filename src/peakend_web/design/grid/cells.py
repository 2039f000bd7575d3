"""The cells of the journey map: one column a touchpoint, one row a lane, stages above; and under which key each is
found, so that one that changed is sent alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from django.utils.text import capfirst

from peakend.documents.parts import nearest_language
from peakend.service.edits import WorkingDocument
from peakend.service.edits.kinds import WHOLE
from peakend.service.edits.names import kind_of
from peakend.terms import Lang, label
from peakend_web.base.languages import reader_language

Takes = Literal["words", "number", "panel"]
"""What is written into a cell: words, a number, or several things, for which the panel has the room."""


@dataclass(frozen=True)
class Lane:
    """A row of the grid: its key, the field of a touchpoint that it shows, what it takes, the term that it is called
    by, and which line of the blueprint, if any, it stands under.
    """

    key: str
    field: str
    takes: Takes = "words"
    term: str = ""
    under: str = ""

    @property
    def name(self) -> str:
        """How the reader calls it."""
        return capfirst(label(self.term or f"part.{self.field}", reader_language()))


MAP_ROWS: Final = (
    Lane("customer", "customer"),
    Lane("thinks", "thinks", term="map.thinks"),
    Lane("emotion", "emotion.planned", "number", "map.emotion"),
    Lane("expects", "expects"),
    Lane("fears", "fears"),
    Lane("evidence", "evidence", "panel"),
    Lane("wait", "wait", "panel"),
    Lane("frontstage", "frontstage", under="line.interaction"),
    Lane("backstage", "backstage", under="line.visibility"),
    Lane("support", "support", under="line.internal"),
    Lane("standards", "standards", "panel", under="other"),
    Lane("promises", "promises", "panel"),
    Lane("fails", "fails", "panel"),
)
LANES_OF_FIELD: Final[Mapping[str, Sequence[str]]] = {
    **{lane.field.partition(".")[0]: (lane.key,) for lane in MAP_ROWS},
    "title": ("",),
    "designed_as": ("",),
    "moment_of_truth": ("", "thinks"),
    "standard": ("standards",),
    "promise": ("promises",),
}
"""In which rows the fields of a touchpoint show; the empty one is its head."""
MOST_LINES: Final = 4
"""Lines that a cell shows before somebody asks for more."""
LINE: Final = 12.5
"""How many Han characters fit into a line of a cell, about."""


@dataclass(frozen=True)
class Words:
    """Words of a cell, and the language that they are in."""

    text: str
    lang: str = ""
    label: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell: its key in the grid, the part and field that an edit of it names, what it takes, what one begins to edit
    with, and what it shows. `missing` where its words are shown in another language, for this one lacks them.
    """

    key: str
    lane: str
    part: str
    field: str
    takes: Takes
    value: str
    shown: Sequence[Words]
    missing: bool = False

    @property
    def is_long(self) -> bool:
        """Whether it is cut until somebody asks for more."""
        return sum(math.ceil(_width(words) / LINE) for words in self.shown) > MOST_LINES


@dataclass(frozen=True)
class Head:
    """The head of a touchpoint's column, or of the room that a stage without one keeps."""

    key: str
    id: str
    title: Words
    value: str
    stage: str
    mark: str = ""
    decides: bool = False


@dataclass(frozen=True)
class StageHead:
    """The head of a stage, over the columns of its touchpoints."""

    key: str
    title: Words
    value: str
    columns: int
    points: Sequence[str]

    @property
    def is_empty(self) -> bool:
        """Whether no touchpoint stands in it yet."""
        return not self.points


def _width(words: Words) -> float:
    """About how wide words are, in Han characters."""
    return sum(1.0 if ord(char) > 0x2E7F else 0.52 for char in words.label + words.text)


def words_of(words: Mapping[str, str] | None, lang: Lang) -> tuple[Words, bool]:
    """Words in a language, or in the nearest that is there; and whether this one is missing."""
    there = words or {}
    found = nearest_language(there, lang) if there else ""
    return Words(there.get(found, ""), found), bool(there) and found != lang


def journeys(working: WorkingDocument) -> list[str]:
    """The names of the journeys."""
    return working.names_in(WHOLE, "journeys")


def stages(working: WorkingDocument, journey: str) -> list[str]:
    """The names of the stages of a journey."""
    return working.names_in(journey, "stages")


def points(working: WorkingDocument, stage: str) -> list[str]:
    """The names of the touchpoints of a stage."""
    return working.names_in(stage, "touchpoints")


def columns(working: WorkingDocument, stage: str) -> list[str]:
    """The columns of a stage: its touchpoints, or the room that it keeps where there is none."""
    return points(working, stage) or [f"{stage}/empty"]


def stage_head(working: WorkingDocument, stage: str, lang: Lang) -> StageHead:
    """The head of a stage."""
    title = working.value(stage, "title")
    there = points(working, stage)
    return StageHead(stage, words_of(title, lang)[0], (title or {}).get(lang, ""), max(1, len(there)), there)


def head(working: WorkingDocument, column: str, lang: Lang) -> Head:
    """The head of a column."""
    if kind_of(column) != "touchpoints":
        return Head(column, "", Words(""), "", column.removesuffix("/empty"))
    part = working.held(column)
    title = part.data.get("title", {})
    return Head(
        column,
        part.data["id"],
        words_of(title, lang)[0],
        title.get(lang, ""),
        part.around,
        part.data.get("designed_as", ""),
        "moment_of_truth" in part.data,
    )
