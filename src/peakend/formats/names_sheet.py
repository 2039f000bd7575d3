"""A plain sheet of names: a column of touchpoints, and perhaps one of stages before it; CSV, a text, or a workbook.

The head may be in any of the languages, or missing. A name may end with the planned emotion: "Wait −3". A stage that is
written once goes on down the sheet until another is named, also where its cells are merged.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Final

from peakend.documents.problems import Problem
from peakend.errors import FormatError
from peakend.formats.encodings import decode
from peakend.formats.journey_lists import MOST_STEPS, Listed, Row, Spot, listed, step_of, without_bullet
from peakend.formats.sheet import letter
from peakend.formats.xlsx import read_grids
from peakend.ids import fold_case
from peakend.terms import Lang

LARGEST_LIST: Final = 1_048_576
"""Bytes of a list of names."""
_MOST_CELLS: Final = 200_000
_SEPARATORS: Final = ("\t", ";", "|", ",", "，")
_STAGE: Final = frozenset({"stage", "stages", "phase", "phases", "階段", "阶段", "場景", "场景"})
_STEP: Final = frozenset(
    {"touchpoint", "touchpoints", "step", "steps", "contact", "接觸點", "觸點", "触点", "步驟", "步骤", "名稱", "名称"}
)


def read_names(data: bytes, lang: Lang = "en") -> Listed:
    """The stages and touchpoints of a list, and what of it is not read or doubtful. Raises FormatError: `names.none`,
    `names.many`, `names.long`, `names.columns`, `names.sheets`, and those of the file's form.
    """
    if len(data) > LARGEST_LIST:
        raise FormatError("names.large", size=len(data), most=LARGEST_LIST)
    rows, doubts = (_workbook_rows(data), []) if data.startswith(b"PK") else _text_rows(decode(data).text)
    filled = [(spot, cells) for spot, cells in rows if any(cells)]
    if not filled:
        raise FormatError("names.none")
    body, columns = _columns(filled)
    doubts += _unread(filled, body, columns)
    return listed(
        [_pair(spot, cells, *columns) for spot, cells in body], [spot for spot, _ in body], lang, doubts=doubts
    )


Rows = list[tuple[Spot, list[str]]]
Columns = tuple[int | None, int]
"""Where the stages stand, if they do, and where the steps."""


def _workbook_rows(data: bytes) -> Rows:
    grids = [grid for grid in read_grids(data, largest=32 * LARGEST_LIST, most=_MOST_CELLS) if _has_words(grid.rows)]
    if len(grids) > 1:
        raise FormatError("names.sheets", found=", ".join(grid.name for grid in grids))
    return [
        (Spot(number, grid.name), [cell.strip() for cell in row])
        for grid in grids
        for number, row in enumerate(grid.rows, 1)
    ]


def _has_words(rows: Sequence[Sequence[str]]) -> bool:
    return any(cell.strip() for row in rows for cell in row)


def _text_rows(text: str) -> tuple[Rows, list[Problem]]:
    """The lines of a text, cut where every line is cut alike into two; else a line is one name, commas and all, which
    is doubtful where half of them could be cut.
    """
    if "\0" in text:
        raise FormatError("format.nul", line=text.count("\n", 0, text.index("\0")) + 1)
    lines = text.splitlines()
    separator = next((sign for sign in _SEPARATORS if _cuts_alike(lines, sign)), "")
    if not separator:
        rows = [(Spot(number), [without_bullet(line)]) for number, line in enumerate(lines, 1)]
        return rows, _uncut(lines)
    try:
        cut = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise FormatError("format.broken", line=1, text="", reason=str(error)) from None
    return [(Spot(number), [cell.strip() for cell in row]) for number, row in enumerate(cut, 1)], []


def _uncut(lines: Sequence[str]) -> list[Problem]:
    """That lines could have been cut, where half of them hold the same sign."""
    filled = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    for sign in _SEPARATORS:
        holding = [number for number, line in filled if sign in line.strip()]
        if len(holding) > 1 and 2 * len(holding) >= len(filled):
            shown = "Tab" if sign == "\t" else sign
            return [Spot(holding[0]).doubt("names.one_name", sign=shown, count=len(holding), lines=len(filled))]
    return []


def _cuts_alike(lines: Sequence[str], sign: str) -> bool:
    counts = {line.count(sign) for line in lines[: 2 * MOST_STEPS] if line.strip()}
    return len(counts) == 1 and counts.pop() >= 1


def _columns(rows: Rows) -> tuple[Rows, Columns]:
    """The rows below the head, and which columns hold stages and steps: by what the head calls them, else by order."""
    heads = [fold_case(cell) for cell in rows[0][1]]
    stage = next((at for at, head in enumerate(heads) if head in _STAGE), None)
    step = next((at for at, head in enumerate(heads) if head in _STEP), None)
    body = rows[1:] if stage is not None or step is not None else rows
    if step is None:
        stage, step = _by_order(body, stage)
    return body, (stage, step)


def _unread(rows: Rows, body: Rows, columns: Columns) -> list[Problem]:
    """A head that could be a name, and the columns that hold something and are neither stages nor steps."""
    (spot, head), has_head = rows[0], len(body) < len(rows)
    named = [cell for cell in head if cell]
    doubts = [spot.doubt("names.head", text=named[0])] if has_head and len(named) == 1 else []
    for at in range(max((len(cells) for _, cells in body), default=0)):
        count = sum(1 for _, cells in body if at < len(cells) and cells[at])
        if count and at not in columns:
            name = head[at] if has_head and at < len(head) and head[at] else letter(at)
            doubts.append(spot.doubt("names.column_unread", name=name, count=count))
    return doubts


def _by_order(rows: Rows, stage: int | None) -> Columns:
    """Which columns hold stages and steps where the head does not say: the first two that hold anything, or the
    only one.
    """
    width = max((len(cells) for _, cells in rows), default=0)
    used = [at for at in range(width) if any(at < len(cells) and cells[at] for _, cells in rows) and at != stage]
    if len(used) > (2 if stage is None else 1):
        raise FormatError("names.columns", count=len(used))
    if stage is not None or len(used) < 2:
        return stage, used[0] if used else 0
    return used[0], used[1]


def _pair(spot: Spot, cells: Sequence[str], stage: int | None, step: int) -> Row:
    named = cells[stage] if stage is not None and stage < len(cells) else ""
    title = cells[step] if step < len(cells) else ""
    if stage is None and title.startswith("#"):
        return title.strip("# "), None
    return named, step_of(title, spot) if title else None
