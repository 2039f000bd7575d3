"""Heads in the tables of a PDF. The program that sets pages marks the heads of columns; that a cell names its row it
cannot say, and below a group of rows that has a head of its own it forgets those of the columns. Whoever has a table
read aloud would hear values without what and whose they are. Here it is said in the file itself: every cell names the
head of its column, of its group and of its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

_REFERENCES: Final = re.compile(rb"\nxref\n0 \d+\n")
_OFFSET: Final = re.compile(rb"(\d{10}) 00000 n")
_START: Final = re.compile(rb"startxref\n\d+")
_KIDS: Final = re.compile(rb"/K\[((?:\d+ 0 R ?)+)\]")
_KID: Final = re.compile(rb"(\d+) 0 R")
_ID: Final = re.compile(rb"/ID\((\w+)\)")
_HEADS: Final = re.compile(rb"/Headers\[([^\]]*)\]")
_SPAN: Final = re.compile(rb"/(Row|Col)Span (\d+)")
_NAMES: Final = re.compile(rb"/IDTree<</Names\[([^\]]*)\]")
_NAME: Final = re.compile(rb"\((\w+)\)(\d+) 0 R")


def with_row_heads(pdf: bytes, columns: Sequence[int | None]) -> bytes:
    """The same pages with all heads in their tags. `columns`: of each table that has heads, the column whose cells name
    their rows; None where none does.

    A file that is not laid out as is expected here comes back as it is: its words are the same, with fewer heads.
    """
    references = _REFERENCES.search(pdf)
    if references is None:
        return pdf
    file = _File.of(pdf, references.end())
    tables = [at for at, told in file.objects.items() if b"/S/Table/" in told and file.is_headed(at)]
    if len(tables) != len(columns):
        return pdf
    named = dict(head for at, column in zip(tables, columns, strict=True) for head in _Table(file, column).mark(at))
    file.enter(named)
    return file.written(pdf[references.start() + 1 :])


@dataclass(frozen=True)
class _File:
    """A file in parts: what stands before its objects, and these by their numbers."""

    begin: bytes
    objects: dict[int, bytes]

    @classmethod
    def of(cls, pdf: bytes, references: int) -> _File:
        offsets = [int(found) for found in _OFFSET.findall(pdf, references)]
        ends = [*sorted(offsets), pdf.rindex(b"\nxref\n") + 1]
        until = dict(pairwise(ends))
        return cls(pdf[: ends[0]], {at: pdf[begin : until[begin]] for at, begin in enumerate(offsets, 1)})

    def kids(self, at: int) -> list[int]:
        """The objects within a tag."""
        found = _KIDS.search(self.objects[at])
        return [int(kid) for kid in _KID.findall(found[1])] if found else []

    def is_headed(self, table: int) -> bool:
        """Whether a table has heads."""
        return any(b"/S/THead/" in self.objects[part] for part in self.kids(table))

    def enter(self, named: dict[bytes, int]) -> None:
        """Enter heads in the list by which they are found, which is in order of their names."""
        for at, told in self.objects.items():
            if found := _NAMES.search(told):
                known = {name: int(place) for name, place in _NAME.findall(found[1])} | named
                listed = b"".join(b"(%s)%d 0 R" % (name, known[name]) for name in sorted(known))
                self.objects[at] = told[: found.start(1)] + listed + told[found.end(1) :]

    def written(self, end: bytes) -> bytes:
        """The file, with the places of its objects as they are now."""
        body, places = bytearray(self.begin), []
        for told in self.objects.values():
            places.append(b"%010d 00000 n" % len(body))
            body += told
        given = iter(places)
        return bytes(body) + _START.sub(b"startxref\n%d" % len(body), _OFFSET.sub(lambda _: next(given), end))


@dataclass
class _Table:
    """A table while its rows are gone through."""

    file: _File
    column: int | None
    heads: dict[int, bytes] = field(default_factory=dict)
    """The heads of the columns, by the place of each."""
    group: bytes = b""
    taken: dict[int, int] = field(default_factory=dict)
    """How many further rows a cell above takes of a column."""
    row: bytes = b""

    def mark(self, table: int) -> Iterator[tuple[bytes, int]]:
        """Mark the cells of a table; the name and the number of each head of a row."""
        for part in self.file.kids(table):
            for row in self.file.kids(part):
                placed = list(self._placed(self.file.kids(row)))
                if any(b"/S/TH/" in self.file.objects[cell] for _, cell in placed):
                    self._hold_heads(placed)
                    continue
                own = dict(placed).get(self.column) if self.column is not None else None
                if own is not None:
                    yield self._make_head(own), own
                for column, cell in placed:
                    self._name_heads(column, cell, b"" if cell == own else self.row)

    def _placed(self, cells: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The cells of a row with their columns: those that cells above reach into are passed over."""
        above, self.taken = self.taken, {column: left - 1 for column, left in self.taken.items() if left > 1}
        column = 0
        for cell in cells:
            while column in above:
                column += 1
            spans = {kind: int(count) for kind, count in _SPAN.findall(self.file.objects[cell])}
            yield column, cell
            wide, high = spans.get(b"Col", 1), spans.get(b"Row", 1)
            self.taken |= dict.fromkeys(range(column, column + wide), high - 1) if high > 1 else {}
            column += wide

    def _hold_heads(self, placed: Sequence[tuple[int, int]]) -> None:
        """Keep the heads of columns, or the one of a group, of which it is not said that all columns are its heads."""
        for column, cell in placed:
            told = self.file.objects[cell]
            found, above = _ID.search(told), _HEADS.search(told)
            if found and above and above[1]:
                self.group = found[1]
                self.file.objects[cell] = _HEADS.sub(b"/Headers[]", told, count=1)
            elif found:
                self.heads[column] = found[1]

    def _make_head(self, cell: int) -> bytes:
        told, self.row = self.file.objects[cell].replace(b"/S/TD/", b"/S/TH/", 1), b"%sr%d" % (self._name, cell)
        told = re.sub(rb"(/P \d+ 0 R)", rb"\1/ID(%s)" % self.row, told, count=1)
        self.file.objects[cell] = told.replace(b"<</O/Table/", b"<</O/Table/Scope/Row/", 1)
        return self.row

    @property
    def _name(self) -> bytes:
        """How the names of the heads of this table begin."""
        return next(iter(self.heads.values())).split(b"x")[0]

    def _name_heads(self, column: int, cell: int, row: bytes) -> None:
        names = b"".join(b"(%s)" % name for name in (self.heads.get(column, b""), self.group, row) if name)
        self.file.objects[cell] = _HEADS.sub(b"/Headers[%s]" % names, self.file.objects[cell], count=1)
