"""A table as it stands in a file: columns of text, and the place of every row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final

import pyarrow as pa

from peakend.errors import FormatError

MOST_COLUMNS: Final = 5_000
MOST_SHARED: Final = 200_000_000
_UNSEEN: Final = "\ufeff\u200b\u200c\u200d\u2060"


@dataclass(frozen=True)
class Note:
    """Something that was done or seen on reading: a term-like id with its facts, for the report."""

    id: str
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """The columns of one table, all text; an empty cell is the empty text.

    `file` names it in messages; `line(i)` is the number a person sees beside row i (from 0): the line of a text, the
    row of a workbook.
    """

    file: str
    columns: Mapping[str, pa.ChunkedArray]
    line: Callable[[int], int]
    notes: tuple[Note, ...] = ()
    doubled: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names that stand over several columns, with the letters of these; each of them is called by name and letter:
    "Comment [C]".
    """

    @cached_property
    def rows(self) -> int:
        """How many rows of data there are."""
        return len(next(iter(self.columns.values())))

    def without(self, rows: Sequence[int]) -> Sheet:
        """The same table without some of its rows (from 0)."""
        left_out = set(rows)
        kept = [row for row in range(self.rows) if row not in left_out]
        places, line = pa.array(kept, pa.int64()), self.line
        return replace(
            self,
            columns={name: column.take(places) for name, column in self.columns.items()},
            line=lambda row: line(kept[row]),
        )


Head = int | Sequence[int]
"""The number of the row that names the columns; or of several, whose names are joined."""


def head_rows(head: Head) -> tuple[int, ...]:
    """The rows of the head, in order."""
    return (head,) if isinstance(head, int) else tuple(sorted(head))


def join_heads(rows: Sequence[Sequence[str]]) -> list[str]:
    """One name a column of several rows of heads: an upper head goes on to the right until the next, the lowest stands
    over one column.
    """
    *upper, lowest = rows
    spread = [_spread(row, len(lowest)) for row in upper]
    parts = zip(*spread, lowest, strict=True)
    return [" ".join(dict.fromkeys(part for part in map(clean, names) if part)) for names in parts]


def _spread(row: Sequence[str], width: int) -> list[str]:
    found: list[str] = []
    for cell in [*row, *[""] * width][:width]:
        found.append(cell if clean(cell) or not found else found[-1])
    return found


def blanks(count: int) -> tuple[Note, ...]:
    """That rows with nothing in them were passed over."""
    return (Note("note.blank_rows", {"count": count}),) if count else ()


def header(cells: Sequence[str], line: int) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """The names of the columns as they will be called, without unseen characters and blanks around them; and those that
    stand there several times, with the letters of their columns, by which these are then told apart.

    Raises FormatError where there is no name at all, or there are too many.
    """
    names = [clean(cell) for cell in cells]
    if len(names) > MOST_COLUMNS:
        raise FormatError("format.columns_many", count=len(names), most=MOST_COLUMNS)
    if not any(names):
        raise FormatError("format.no_header", line=line)
    counts = Counter(name for name in names if name)
    doubled = {
        name: tuple(letter(i) for i, one in enumerate(names) if one == name)
        for name, count in counts.items()
        if count > 1
    }
    return [f"{name} [{letter(i)}]" if name in doubled else name for i, name in enumerate(names)], doubled


def clean(name: str) -> str:
    """A name without blanks around it and without characters that cannot be seen."""
    return "".join(char for char in name if char not in _UNSEEN).strip()


def letter(i: int) -> str:
    """The letter of a column (from 0) as a spreadsheet shows it: A … Z, AA …"""
    name = ""
    i += 1
    while i:
        i, rest = divmod(i - 1, 26)
        name = chr(65 + rest) + name
    return name


def named_columns(
    names: Sequence[str], columns: Iterable[pa.ChunkedArray]
) -> tuple[dict[str, pa.ChunkedArray], tuple[Note, ...]]:
    """The columns that have a name; those that have none are left out, and said so where something stands in them."""
    found, nameless = {}, []
    for i, (name, column) in enumerate(zip(names, columns, strict=True)):
        if name:
            found[name] = column
        elif any(value for value in column.unique().to_pylist()):
            nameless.append(letter(i))
    notes = (Note("note.nameless", {"columns": ", ".join(nameless)}),) if nameless else ()
    return found, notes
