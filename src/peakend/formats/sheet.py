"""A table as it stands in a file: columns of text, and the place of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import pyarrow as pa

from peakend.errors import FormatError

MOST_COLUMNS: Final = 5_000
MOST_CELLS: Final = 200_000_000
_UNSEEN: Final = "\ufeff\u200b\u200c\u200d\u2060"


@dataclass(frozen=True)
class Note:
    """Something that was done or seen on reading: a term-like id with its facts, for the report."""

    id: str
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """The columns of one table, all text; an empty cell is the empty text.

    `file` names it in messages; `line(i)` is the number a person sees beside row i (from 0): the line of a text, the row of a workbook.
    """

    file: str
    columns: Mapping[str, pa.ChunkedArray]
    line: Callable[[int], int]
    notes: tuple[Note, ...] = ()

    @cached_property
    def rows(self) -> int:
        """How many rows of data there are."""
        return len(next(iter(self.columns.values())))


def header(cells: Sequence[str], line: int) -> list[str]:
    """The names of the columns as they will be called: without unseen characters and blanks around them.

    Raises FormatError where there is no name at all, one stands there twice, or there are too many.
    """
    names = [clean(cell) for cell in cells]
    if len(names) > MOST_COLUMNS:
        raise FormatError("format.columns_many", count=len(names), most=MOST_COLUMNS)
    if not any(names):
        raise FormatError("format.no_header", line=line)
    twice = next((name for i, name in enumerate(names) if name and name in names[:i]), None)
    if twice is not None:
        places = [letter(i) for i, name in enumerate(names) if name == twice]
        raise FormatError("format.header_twice", column=twice, first=places[0], second=places[1])
    return names


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


def named(names: Sequence[str], columns: Iterable[pa.ChunkedArray]) -> tuple[dict[str, pa.ChunkedArray], tuple[Note, ...]]:
    """The columns that have a name; those that have none are left out, and said so where something stands in them."""
    found, nameless = {}, []
    for i, (name, column) in enumerate(zip(names, columns, strict=True)):
        if name:
            found[name] = column
        elif any(value for value in column.unique().to_pylist()):
            nameless.append(letter(i))
    notes = (Note("note.nameless", {"columns": ", ".join(nameless)}),) if nameless else ()
    return found, notes
