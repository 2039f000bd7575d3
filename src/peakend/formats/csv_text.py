"""Text with separators: CSV as it comes from Excel, survey tools and databases.

One reader, Python's, in its strict mode: it knows the line of everything, and a row that has too many or too few cells,
a quote that never closes, a NUL are refused with their line instead of being mended by guesswork.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import pyarrow as pa

from peakend.errors import FormatError
from peakend.formats.encodings import decode

from .sheet import MOST_SHARED, Head, Note, Sheet, blanks, head_rows, header, join_heads, named_columns

DELIMITERS: Final = (",", "\t", ";", "|", "｜")
CHUNK: Final = 20_000
LONGEST_CELL: Final = 1_000_000
LONGEST_LINE: Final = 16_000_000
"""Bytes of a line: no table has longer ones, and a text takes four times its bytes when it is taken apart."""

Record = tuple[int, list[str]]
"""A row with the line on which it begins."""


def read_csv_text(
    data: bytes, file: str, *, encoding: str | None = None, delimiter: str | None = None, head: Head = 1
) -> Sheet:
    """The table in a text with separators; `head` is the number of the line that names the columns, or the numbers of
    several.

    Raises FormatError: `format.line_long`, `format.encoding…`,
    `format.nul`, `format.quote`, `format.ragged`, `format.header_twice`, `format.no_rows` …
    """
    _no_long_line(data)
    decoded = decode(data, encoding)
    text = decoded.text
    if "\0" in text:
        raise FormatError("format.nul", line=text.count("\n", 0, text.index("\0")) + 1)
    separator = delimiter or _separator(text)
    records = _records(text, separator)
    line, cells = _head(records, head_rows(head))
    names, doubled = header(cells, line)
    chunks, lines, blank = _chunks(records, names)
    columns, notes = named_columns(names, chunks)
    read = Note("note.read_text", {"encoding": decoded.encoding, "delimiter": _NAMES.get(separator, separator)})
    return Sheet(file, columns, lambda row: lines[row], (read, *notes, *blanks(blank)), doubled)


def _no_long_line(data: bytes) -> None:
    """Refuse a file one line of which is too long before anything is made of it."""
    begin = 0
    while len(data) - begin > LONGEST_LINE:
        end = max(data.rfind(sign, begin, begin + LONGEST_LINE) for sign in (b"\n", b"\r"))
        if end < 0:
            raise FormatError("format.line_long", line=data.count(b"\n", 0, begin) + 1, most=f"{LONGEST_LINE:,}")
        begin = end + 1


_NAMES: Final = {"\t": "TAB"}


def _separator(text: str) -> str:
    """The separator that cuts the first rows into the most columns, equally many in each; a comma where none does."""
    sample = text[:65_536]
    whole = len(sample) == len(text)
    return max(DELIMITERS, key=lambda each: _regular(sample, each, whole=whole))


def _regular(sample: str, separator: str, *, whole: bool) -> tuple[int, int]:
    rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=separator))[:50]
    widths = Counter(len(row) for row in (rows if whole or len(rows) < 2 else rows[:-1]) if row)
    if not widths:
        return 0, 0
    (width, times), *_ = widths.most_common(1)
    return (times, width) if width > 1 else (0, 1)


def _records(text: str, separator: str) -> Iterator[Record]:
    """Every row with its line, blank lines passed over."""
    previous = csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    start = 1
    try:
        for row in reader:
            if row:
                yield start, row
            start = reader.line_num + 1
    except csv.Error as error:
        raise _broken(text, start, str(error)) from None
    finally:
        csv.field_size_limit(previous)


def _broken(text: str, line: int, reason: str) -> FormatError:
    lines = io.StringIO(text, newline="").readlines()
    shown = lines[line - 1].strip()[:60] if line <= len(lines) else ""
    quote = "unexpected end" in reason or "field larger" in reason or "expected after" in reason
    return FormatError("format.quote" if quote else "format.broken", line=line, text=shown, reason=reason)


def _head(records: Iterator[Record], heads: Sequence[int]) -> Record:
    """The names of the columns, and the line of the last row of heads. Without a word about it, the first row that
    holds anything is the head.
    """
    found: list[Record] = []
    for record in records:
        if record[0] in heads or list(heads) == [1]:
            found.append(record)
        if record[0] >= heads[-1]:
            break
    if len(found) < len(heads):
        raise FormatError("format.no_header", line=heads[-1])
    return found[-1][0], join_heads([cells for _, cells in found])


def _chunks(records: Iterator[Record], names: list[str]) -> tuple[list[pa.ChunkedArray], list[int], int]:
    """The columns in pieces, the line of each row, and how many rows held nothing."""
    width = len(names)
    pieces: list[list[pa.Array]] = [[] for _ in names]
    lines: list[int] = []
    blank: list[int] = []
    for rows in _by_chunk(records, width, blank):
        lines += [line for line, _ in rows]
        if len(lines) * width > MOST_SHARED:
            raise FormatError("format.cells_many", most=f"{MOST_SHARED:,}")
        for piece, cells in zip(pieces, zip(*(row for _, row in rows), strict=True), strict=True):
            piece.append(pa.array(cells, pa.string()))
    if not lines:
        raise FormatError("format.no_rows", columns=", ".join(name for name in names if name)[:200])
    # Empty rows behind the last are the end of the file, which spreadsheets like to write.
    return [pa.chunked_array(piece, pa.string()) for piece in pieces], lines, sum(line < lines[-1] for line in blank)


def _by_chunk(records: Iterator[Record], width: int, blank: list[int]) -> Iterator[list[Record]]:
    rows: list[Record] = []
    for record in records:
        if not any(cell.strip() for cell in record[1]):
            blank.append(record[0])
            continue
        if len(record[1]) != width:
            raise FormatError(
                "format.ragged", line=record[0], found=len(record[1]), expected=width, text=" | ".join(record[1])[:60]
            )
        rows.append(record)
        if len(rows) == CHUNK:
            yield rows
            rows = []
    if rows:
        yield rows
