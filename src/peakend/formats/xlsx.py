"""Excel workbooks (.xlsx, .xlsm), read by calamine; what calamine would pass over in silence is looked for in the
file's own XML.

A cell with an error or with a formula that was never computed, cells that were merged, a number too long to have kept
its digits: each is refused with its place. Macros are not run; hidden sheets are not read; both are said.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree as ET

import pyarrow as pa
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from peakend.errors import FormatError

from .sheet import Head, Note, Sheet, blanks, head_rows, header, join_heads, letter, named_columns

LARGEST_UNPACKED: Final = 512 * 1024 * 1024
LARGEST_RATIO: Final = 400
"""Real workbooks unpack to about ten times their size, and seldom to a hundred times."""
LONGEST_NUMBER: Final = 1e15
MOST_SHARED: Final = 30_000_000
"""Cells of the rectangle that a sheet fills, empty ones counted: the reader sets memory aside for all of them."""
MOST_GRIDS: Final = 100
"""Sheets that are read of a workbook of which every sheet is wanted."""
LAST_ROW: Final = 1_048_576
LAST_COLUMN: Final = 16_384

_PLACE: Final = re.compile(rb"""<(?:\w+:)?(?:c|row)\b[^<>]*?\sr\s*=\s*["']([^"']*)["']""")
# What no program writes and would deceive or delay the patterns here: a tag in which another begins or that never ends,
# one that is longer than any, and one with an attribute that is still open at the first ">", where a place could hide.
_OPEN: Final = re.compile(rb"""<(?:\w+:)?(?:c|row|f)\b(?:[^<>]*(?:<|\Z)|[^<>]{1000}|[^<>]*=\s*(?:"[^">]*>|'[^'>]*>))""")
_CELL: Final = re.compile(rb"([A-Z]{0,3})(\d{1,7})")
# Whatever comes first in a tag is taken for good (`?>`, `*+`), so that no tag and no blank is looked through twice.
_AT: Final = rb'(?>[^<>]*?\sr="([A-Z]+\d+)")'
_ERROR: Final = re.compile(rb'<(?:\w+:)?c\b(?=[^<>]*\st="e")' + _AT)
_F: Final = rb"<(?:\w+:)?f\b(?:[^>]*/>|[^>]*[^/>]>[^<]*</(?:\w+:)?f>|>[^<]*</(?:\w+:)?f>)"
_BEFORE_F: Final = _AT + rb"[^<>/]*+>\s*+"
_UNCOMPUTED: Final = re.compile(
    rb"<(?:\w+:)?c\b" + _BEFORE_F + _F + rb"\s*+</(?:\w+:)?c>"
    # An empty value of a text (t="str") is a result; of anything else it is none.
    rb'|<(?:\w+:)?c\b(?![^<>]*\st="str")'
    + _BEFORE_F
    + _F
    + rb"\s*+<(?:\w+:)?v\s*(?:/>|>\s*</(?:\w+:)?v>)\s*</(?:\w+:)?c>"
)
_FORMULA: Final = re.compile(rb"<(?:\w+:)?c\b" + _BEFORE_F + rb"<(?:\w+:)?f\b")
# Written by programs that cannot compute: whatever value stands beside a formula then is a placeholder.
_PENDING: Final = re.compile(rb"""<(?:\w+:)?calcPr\b[^<>]*\sfullCalcOnLoad\s*=\s*["'](?:1|true)["']""")
_HIDDEN: Final = re.compile(
    rb"""<(?:\w+:)?row\b(?=[^<>]*\shidden\s*=\s*["'](?:1|true)["'])[^<>]*\sr\s*=\s*["'](\d+)["']"""
)


def read_workbook(data: bytes, file: str, *, sheet: str | None = None, head: Head = 1) -> Sheet:
    """The table in one sheet of a workbook; `head` is the number of the row that names the columns, or the numbers of
    several.

    Without `sheet`, the only visible sheet that holds anything. Raises FormatError: `format.unpacked_large`,
    `format.damaged`, `format.sheet_unknown`, `format.sheets_several`, `format.merged`, `format.error_cell`,
    `format.uncomputed`, `format.long_number` …
    """
    parts = _parts(data)
    _check_bounds(data)
    try:
        book = load_workbook(io.BytesIO(data))
        chosen, notes = _sheet_of(book, sheet)
        rows = chosen.to_python(skip_empty_area=False)
        merged = chosen.merged_cell_ranges or []
    except (CalamineError, OSError, ValueError) as error:
        raise FormatError("format.damaged", reason=str(error)[:120]) from None
    hidden = _silent(data, parts, chosen.name)
    _check_merges(merged, head_rows(head))
    macros = (Note("note.macros"),) if "xl/vbaProject.bin" in parts else ()
    unseen = (Note("note.hidden_rows", {"count": len(hidden), "first": hidden[0]}),) if hidden else ()
    return _sheet(
        rows,
        f"{file} · {chosen.name}",
        head_rows(head),
        (Note("note.read_sheet", {"sheet": chosen.name}), *notes, *macros, *unseen),
    )


@dataclass(frozen=True)
class Grid:
    """One sheet of a workbook as it stands: every row from the first as texts, and the cells that are merged."""

    name: str
    rows: list[list[str]]
    merged: tuple[tuple[int, str], ...] = ()
    """The number of the last row of each group of merged cells, and where they are."""


def read_grids(data: bytes, *, largest: int = LARGEST_UNPACKED, most: int = MOST_SHARED) -> list[Grid]:
    """Every sheet of a workbook, hidden ones too. Raises FormatError as `read_workbook` does, and `format.sheets_many`;
    `largest` is how many bytes it may unpack to, `most` how many cells its sheets may span in all.
    """
    parts = _parts(data, largest)
    _check_bounds(data, most, together=True)
    try:
        book = load_workbook(io.BytesIO(data))
        pages = [page.name for page in book.sheets_metadata if page.typ == SheetTypeEnum.WorkSheet]
        if len(pages) > MOST_GRIDS:
            raise FormatError("format.sheets_many", count=len(pages), most=MOST_GRIDS)
        sheets = [book.get_sheet_by_name(name) for name in pages]
        read = [(sheet, sheet.to_python(skip_empty_area=False), sheet.merged_cell_ranges or []) for sheet in sheets]
    except (CalamineError, OSError, ValueError) as error:
        raise FormatError("format.damaged", reason=str(error)[:120]) from None
    for sheet in sheets:
        _silent(data, parts, sheet.name)
    return [
        Grid(
            sheet.name,
            [[_text(cell, row, i) for i, cell in enumerate(cells)] for row, cells in enumerate(rows, 1)],
            tuple((bottom + 1, _span(top, left, bottom, right)) for (top, left), (bottom, right) in merged),
        )
        for sheet, rows, merged in read
    ]


def _span(top: int, left: int, bottom: int, right: int) -> str:
    return f"{letter(left)}{top + 1}:{letter(right)}{bottom + 1}"


def _parts(data: bytes, largest: int = LARGEST_UNPACKED) -> list[str]:
    """The names of the parts, once it is certain that unpacking them is harmless."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FormatError("format.damaged", reason=str(error)[:120]) from None
    size = sum(info.file_size for info in infos)
    if size > largest or size > LARGEST_RATIO * max(len(data), 10_000):
        raise FormatError("format.unpacked_large", megabytes=size // 2**20, most=largest // 2**20, ratio=LARGEST_RATIO)
    return [info.filename for info in infos]


def _check_bounds(data: bytes, most: int = MOST_SHARED, *, together: bool = False) -> None:
    """Refuse cells in places that no sheet has: one cell in row four billion would make the reader set aside memory for
    all before it. `together` where all sheets are read, which share what there is.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            left = most
            for part in archive.infolist():
                if b"sheetData" in (xml := _unpacked(archive, part)):
                    left -= _spanned(xml, left, most) * together
    except (zipfile.BadZipFile, OSError, RuntimeError, ValueError, EOFError, NotImplementedError, zlib.error) as error:
        raise FormatError("format.damaged", reason=str(error)[:120]) from None


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    """A part, which is no longer than its entry says: another reader takes no notice of that, and unpacks all of it."""
    part.file_size += 1
    found = archive.read(part)
    if len(found) == part.file_size:
        raise FormatError("format.damaged", reason=f"{part.filename[:40]}: > {part.file_size - 1}")
    return found


def _spanned(xml: bytes, left: int, most: int) -> int:
    """How many cells a sheet spans. Raises FormatError where these are more than are left, or are in no place."""
    if hidden := _OPEN.search(xml):
        raise FormatError("format.damaged", reason=hidden[0][:40].decode(errors="backslashreplace"))
    rows, columns = [1], [len(max(xml.split(b"<row"), key=lambda row: row.count(b"<c")).split(b"<c"))]
    for place in set(_PLACE.findall(xml)):
        found = _CELL.fullmatch(place)
        if not found:
            raise FormatError("format.damaged", reason=f"r={place[:20].decode(errors='backslashreplace')}")
        rows.append(int(found[2]))
        columns.append(_number(found[1]))
    if max(rows) > LAST_ROW or max(columns) > LAST_COLUMN or max(rows) * max(columns) > left:
        raise FormatError("format.cells_many", most=f"{most:,}")
    return max(rows) * max(columns)


def _number(letters: bytes) -> int:
    number = 0
    for char in letters:
        number = number * 26 + char - 64
    return number


def _sheet_of(book: CalamineWorkbook, sheet: str | None) -> tuple[CalamineSheet, tuple[Note, ...]]:
    pages = [page for page in book.sheets_metadata if page.typ == SheetTypeEnum.WorkSheet]
    if sheet is not None:
        if sheet not in {page.name for page in pages}:
            raise FormatError("format.sheet_unknown", sheet=sheet, found=", ".join(page.name for page in pages))
        return book.get_sheet_by_name(sheet), ()
    visible = [book.get_sheet_by_name(page.name) for page in pages if page.visible == SheetVisibleEnum.Visible]
    filled = [page for page in visible if page.end is not None]
    hidden = [page.name for page in pages if page.visible != SheetVisibleEnum.Visible]
    if len(filled) > 1:
        raise FormatError("format.sheets_several", found=", ".join(page.name for page in filled))
    if not filled:
        raise FormatError("format.empty")
    return filled[0], (Note("note.hidden_sheets", {"sheets": ", ".join(hidden)}),) if hidden else ()


def _silent(data: bytes, parts: Sequence[str], sheet: str) -> list[int]:
    """Refuse errors and formulas that nobody computed, which calamine gives as empty cells or as the placeholder beside
    them; the rows that are hidden.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            part = _part_of(archive, sheet)
            xml = archive.read(part) if part in parts else b""
            pending = bool(_PENDING.search(archive.read("xl/workbook.xml")))
    except (
        zipfile.BadZipFile,
        ET.ParseError,
        KeyError,
        OSError,
        RuntimeError,
        ValueError,
        NotImplementedError,
    ) as error:
        raise FormatError("format.damaged", reason=str(error)[:120]) from None
    if b"sheetData" not in xml:
        return []
    for name, pattern in (("format.error_cell", _ERROR), ("format.uncomputed", _FORMULA if pending else _UNCOMPUTED)):
        found = pattern.search(xml)
        if found:
            raise FormatError(name, cell=(found[1] or found[found.lastindex or 1]).decode(), sheet=sheet)
    return [int(row) for row in _HIDDEN.findall(xml)]


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The part that holds a sheet: workbook.xml names it, the relations say where it is."""
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 — expat limits what entities may expand to
    links = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    found = next((node for node in book.iter() if node.tag.endswith("}sheet") and node.get("name") == sheet), None)
    link = "" if found is None else next((value for key, value in found.items() if key.endswith("}id")), "")
    target = next((node.get("Target", "") for node in links if node.get("Id") == link), "")
    return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"


def _check_merges(merged: Sequence[tuple[tuple[int, int], tuple[int, int]]], heads: Sequence[int]) -> None:
    """Refuse cells merged among the data, and sideways in the row that names single columns; above it, and down to it,
    they only head others.
    """
    last = max(heads) - 1
    for (top, left), (bottom, right) in merged:
        if bottom > last or (bottom == last and not min(heads) - 1 <= top < last):
            raise FormatError("format.merged", cells=_span(top, left, bottom, right))


def _sheet(rows: list[list[Any]], file: str, heads: Sequence[int], notes: tuple[Note, ...]) -> Sheet:
    last = max(heads)
    if len(rows) < last:
        raise FormatError("format.empty")
    names, doubled = header(
        join_heads([[_text(cell, row, i) for i, cell in enumerate(rows[row - 1])] for row in heads]), last
    )
    texts = [
        (number, [_text(cell, number, i) for i, cell in enumerate(row)])
        for number, row in enumerate(rows[last:], last + 1)
    ]
    held = [(number, row) for number, row in texts if any(cell.strip() for cell in row)]
    if not held:
        raise FormatError("format.no_rows", columns=", ".join(name for name in names if name)[:200])
    columns, nameless = named_columns(
        names,
        (pa.chunked_array([pa.array(cells, pa.string())]) for cells in zip(*(row for _, row in held), strict=True)),
    )
    lines = [number for number, _ in held]
    return Sheet(
        file, columns, lambda row: lines[row], (*notes, *nameless, *blanks(lines[-1] - last - len(lines))), doubled
    )


def _text(value: Any, row: int, column: int) -> str:
    """A cell as the text a person would type: whole numbers without a point, dates and times as ISO 8601
    writes them.
    """
    match value:
        case str():
            return value
        case bool():
            return "TRUE" if value else "FALSE"
        case float() | int():
            if abs(value) >= LONGEST_NUMBER:
                raise FormatError("format.long_number", cell=f"{letter(column)}{row}", value=f"{value:g}")
            return str(int(value)) if value == int(value) else repr(value)
        case dt.datetime():
            return value.isoformat(sep=" ")
        case dt.date() | dt.time():
            return value.isoformat()
    return str(value)
