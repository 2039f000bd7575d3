"""A service as a workbook: every sheet with two rows of heads, the first for people, the second for programs.

Every cell of words is written as text, so that nothing in it runs as a formula; the same service is the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from peakend.errors import DocumentError
from peakend.service.check import check
from peakend.service.document import as_data
from peakend.service.schema import ServiceDocument
from peakend.terms import Lang, label

from .registers import Column, Register, head_of, registers, sheet_title
from .values import Cell, cells_of, languages_of, rows_by_register

MADE: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""The day that every workbook says it was made on, so that the same service is the same bytes."""
NARROW: Final = 14
WIDE: Final = 30
ABOUT: Final = 5
"""Lines of the sheet that says how to use the others."""


def write_book(service: ServiceDocument, lang: Lang = "en") -> bytes:
    """The workbook, its heads for people in a language. Raises DocumentError `document.duplicate` where two parts have
    one id: a row could not say in which of them it stands.
    """
    for problem in check(service):
        if problem.id == "document.duplicate":
            raise DocumentError(problem.id, **problem.fields)
    data = as_data(service)
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": MADE.replace(tzinfo=None), "title": service.title[lang]})
        looks = _Looks(book)
        languages, rows = languages_of(data, service.languages), rows_by_register(data)
        _about(book.add_worksheet(label("book.about", lang)), looks, lang)
        taken: set[str] = {label("book.about", lang).casefold()}
        for register in registers().values():
            sheet = book.add_worksheet(_free(sheet_title(register.name, lang), register.name, taken))
            columns = register.in_languages(languages)
            filled = [{**row.around, **cells_of(row.part, columns, register.name)} for row in rows[register.name]]
            _fill(sheet, register, filled, _with_pieces(register, columns, filled), _Hand(looks, lang))
    return out.getvalue()


class _Looks:
    """How cells look; all are text to the program, so that an id such as 1-2 does not become a day when it is typed."""

    def __init__(self, book: Workbook) -> None:
        text: dict[str, Any] = {"num_format": "@", "valign": "top"}
        self.words: Format = book.add_format({**text, "text_wrap": True})
        self.plain: Format = book.add_format({"valign": "top"})
        self.typed: Format = book.add_format(text)
        self.head: Format = book.add_format({**text, "bold": True, "text_wrap": True, "bottom": 1})
        self.code: Format = book.add_format({**text, "font_size": 8})


@dataclass(frozen=True)
class _Hand:
    """How a sheet is written, and in which language its heads for people."""

    looks: _Looks
    lang: Lang


def _free(title: str, name: str, taken: set[str]) -> str:
    """A name of a tab that no other has; two kinds may be called alike in a language."""
    found = title if title.casefold() not in taken else f"{title[: 28 - len(name)]} ({name})"
    taken.add(found.casefold())
    return found


def _about(sheet: Worksheet, looks: _Looks, lang: Lang) -> None:
    sheet.set_column(0, 0, 100, looks.words)
    for line in range(ABOUT):
        sheet.write_string(line, 0, label(f"book.about_{line + 1}", lang), looks.words)


def _fill(
    sheet: Worksheet,
    register: Register,
    filled: Sequence[Mapping[str, Cell]],
    columns: list[Column],
    hand: _Hand,
) -> None:
    heads, looks = register.heads(columns), hand.looks
    for at, (head, words) in enumerate(zip(heads, register.words(columns, hand.lang), strict=True)):
        sheet.write_string(0, at, words, looks.head)
        sheet.write_string(1, at, head, looks.code)
        empty = bool(filled) and not any(head in row for row in filled)
        wide = ":" in head or "#" in head
        form = looks.words if wide else looks.typed
        sheet.set_column(at, at, WIDE if wide else NARROW, form, {"level": 1, "hidden": True} if empty else {})
    for number, row in enumerate(filled, 2):
        for at, head in enumerate(heads):
            if head in row:
                _write(sheet, number, at, row[head], looks, wide=":" in head)
    sheet.freeze_panes(2, 1 + len(register.parents))


def _with_pieces(register: Register, columns: list[Column], filled: Sequence[Mapping[str, Cell]]) -> list[Column]:
    """The columns, and beside them those for what did not fit: JSON, and its further pieces."""
    heads = {column.head(register.name) for column in columns}
    more = {head for row in filled for head in row if head not in heads and "^" not in head}
    pieces = [Column(found.path, "json", at=found.at) for head in sorted(more) if (found := head_of(head))]
    last = {column.path: at for at, column in enumerate(columns)}
    ordered = [(at, 0, column) for at, column in enumerate(columns)]
    ordered += [(last[piece.path], piece.at, piece) for piece in pieces]
    return [column for _at, _piece, column in sorted(ordered, key=lambda each: each[:2])]


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, looks: _Looks, *, wide: bool) -> None:
    """One cell, by its type; a number that a workbook would round stands there as text."""
    match cell:
        case bool():
            sheet.write_boolean(row, column, cell, looks.plain)
        case int() | float() if float(f"{cell:.16G}") == cell and abs(cell) < 1e15:
            sheet.write_number(row, column, cell, looks.plain)
        case _:
            text = cell if isinstance(cell, str) else repr(cell)
            sheet.write_string(row, column, text, looks.words if wide else looks.typed)
