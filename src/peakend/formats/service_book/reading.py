"""A workbook of a service, read back whole or refused: every problem with its sheet, row and column, and what to do.

Sheets and columns are known by the heads of their second row alone, so that tabs may be called and ordered as people
like. A part without an id is given one, from its title. Nothing is read half: a sheet that is missing is refused, for
without it everything on it would be gone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from peakend.documents.problems import InvalidDocument, Problem, guess, of_schema
from peakend.documents.source import LARGEST_DOCUMENT
from peakend.errors import DocumentError, FormatError
from peakend.formats.sheet import letter
from peakend.formats.xlsx import Grid, read_grids
from peakend.service.check import check
from peakend.service.document import dump_json
from peakend.service.edits.kinds import DOCUMENT
from peakend.service.edits.names import ids_in
from peakend.service.schema import ServiceDocument
from peakend.service.titles import new_id
from peakend.terms import LANGUAGES, label

from .places import Places
from .registers import LANE, Column, Head, Register, head_of, registers
from .values import UnreadableCell, value_of

LARGEST_BOOK: Final = 16 * 1024 * 1024
"""Bytes of a workbook of a service; the largest document fills a twentieth of them."""
_LARGEST_UNPACKED: Final = 64 * 1024 * 1024
_MOST_CELLS: Final = 3_000_000
_MOST_PROBLEMS: Final = 100
"""After so many nobody reads on, and nothing more is looked for."""
_HEADS: Final = 2
"""The row, from 1, whose cells name the columns."""


@dataclass(frozen=True)
class Sheet:
    """A sheet that holds a register: its heads by the letter of their column, and its rows with their numbers."""

    name: str
    register: Register
    heads: dict[str, Head]
    rows: list[tuple[int, dict[str, str]]]

    def cell(self, column: str, row: int) -> str:
        """How a person finds a cell."""
        return f"{self.name}!{column}{row}"


def is_book(data: bytes) -> bool:
    """Whether a file is a workbook that was written of a service."""
    return any(_register_of(grid) for grid in _grids(data))


def read_book(data: bytes, taken: Collection[str] = ()) -> ServiceDocument:
    """The service in a workbook. `taken` are names such as `touchpoints:pay` that no new id may be of.

    Raises FormatError where it is no such workbook, or none can be read; InvalidDocument, with every problem at its
    cell, where it is no service.
    """
    problems: list[Problem] = []
    sheets = _sheets(_grids(data), problems)
    _refuse(problems)
    return _Reading(taken).document(sheets)


def unread_sheets(data: bytes) -> tuple[Problem, ...]:
    """The sheets of such a workbook that hold words and no register, beside the one that tells about it."""
    about = {label("book.about_1", lang) for lang in LANGUAGES}
    found = []
    for grid in _grids(data):
        words = [row for row in grid.rows if any(cell.strip() for cell in row)]
        if words and not _register_of(grid) and about.isdisjoint(words[0]):
            found.append(Problem("book.sheet_unread", grid.name, level="advice", fields={"rows": len(words)}))
    return tuple(found)


def _grids(data: bytes) -> list[Grid]:
    if len(data) > LARGEST_BOOK:
        raise FormatError("format.large", megabytes=len(data) // 2**20, most=LARGEST_BOOK // 2**20)
    return read_grids(data, largest=_LARGEST_UNPACKED, most=_MOST_CELLS)


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidDocument(problems)


def _register_of(grid: Grid) -> str:
    """Which register a sheet holds; empty where none."""
    row = grid.rows[_HEADS - 1] if len(grid.rows) >= _HEADS else []
    return next((head.register for cell in row if (head := head_of(cell))), "")


def _sheets(grids: Sequence[Grid], problems: list[Problem]) -> dict[str, Sheet]:
    found: dict[str, Sheet] = {}
    for grid in grids:
        name = _register_of(grid)
        if not name:
            continue
        problems.extend(_merges(grid))
        if name in found:
            problems.append(_problem("book.sheet_twice", grid.name, first=found[name].name))
            continue
        found[name] = _sheet(grid, registers()[name], problems)
    if not found:
        raise FormatError("book.none")
    missing = [name for name in registers() if name not in found]
    problems.extend(_problem("book.sheet_missing", name, head=f"{name}.…") for name in missing)
    return found


def _merges(grid: Grid) -> Iterator[Problem]:
    yield from (
        _problem("format.merged", f"{grid.name}!{cells}", cells=cells) for row, cells in grid.merged if row >= _HEADS
    )


def _problem(id: str, place: str, **fields: object) -> Problem:
    return Problem(id, place, fields=fields)


def _sheet(grid: Grid, register: Register, problems: list[Problem]) -> Sheet:
    known = {(*column.path,) for column in register.columns}
    around = {*register.parents, *([LANE] if len(register.keys) > 1 else [])}
    heads: dict[str, Head] = {}
    for at, cell in enumerate(grid.rows[_HEADS - 1]):
        head, where = head_of(cell), f"{grid.name}!{letter(at)}{_HEADS}"
        if head is None or head.register != register.name or (head.path not in known and head.parent not in around):
            problems.extend(_unnamed(grid, at, cell, where, register) if len(problems) < _MOST_PROBLEMS else ())
        elif head in heads.values():
            problems.append(_problem("book.column_twice", where, head=cell))
        else:
            heads[letter(at)] = head
    rows = [
        (number, {letter(at): cell for at, cell in enumerate(row) if cell.strip() and letter(at) in heads})
        for number, row in enumerate(grid.rows[_HEADS:], _HEADS + 1)
    ]
    return Sheet(grid.name, register, heads, [(number, row) for number, row in rows if row])


def _unnamed(grid: Grid, at: int, cell: str, where: str, register: Register) -> Iterator[Problem]:
    """What is wrong with a column whose head says nothing: nothing, where nothing stands in it."""
    if cell.strip():
        heads = register.heads(register.in_languages(("en", "zh-Hant", "zh-Hans")))
        yield _problem("book.column_unknown", where, head=cell.strip()[:60], known=guess(cell.strip()[:60], heads))
    elif any(row[at].strip() for row in grid.rows[_HEADS:]):
        yield _problem("book.column_nameless", where, column=letter(at))


class _Reading:
    """Puts the rows together, part into part, and keeps where each came from."""

    def __init__(self, taken: Collection[str]) -> None:
        self.taken = set(taken)
        self.places = Places()
        self.problems: list[Problem] = []
        self.parts: dict[tuple[str, tuple[str, ...]], dict[str, Any]] = {}

    def document(self, sheets: dict[str, Sheet]) -> ServiceDocument:
        whole = sheets[DOCUMENT]
        if len(whole.rows) != 1:
            raise InvalidDocument([_problem("book.one_row", whole.name, count=len(whole.rows))])
        number, cells = whole.rows[0]
        data = self._part(whole, number, cells)
        self.parts[DOCUMENT, ()] = data
        for name in _outer_first():
            self._read(sheets[name], data)
        _refuse(self.problems)
        return self._valid(data)

    def _valid(self, data: dict[str, Any]) -> ServiceDocument:
        try:
            service = ServiceDocument.model_validate(data)
        except ValidationError as error:
            found = of_schema(error, data, None, ServiceDocument)
            raise InvalidDocument(self.places.tell(found, data)) from None
        size = len(dump_json(service).encode())
        if size > LARGEST_DOCUMENT:
            raise DocumentError("document.large", size=size, largest=LARGEST_DOCUMENT)
        errors = [problem for problem in check(service) if problem.level == "error"]
        _refuse(self.places.tell(errors, data))
        return service

    def _read(self, sheet: Sheet, data: dict[str, Any]) -> None:
        register = sheet.register
        parts = [(number, self._part(sheet, number, cells), cells) for number, cells in sheet.rows]
        if register.needs_id and not register.is_map:
            self._give_ids(register, [part for _number, part, _cells in parts])
        for name, weighed in self.parts.items() if register.is_map else ():
            if name[0] == register.parents[-1]:
                weighed.setdefault(register.keys[0], {})
        for number, part, cells in parts:
            if len(self.problems) < _MOST_PROBLEMS:
                around, ids = self._around(sheet, number, cells, data)
                key = self._key(sheet, number, cells)
                if around is not None and key and self._hang(sheet, number, part, (around, key)):
                    self._keep(sheet, number, part, ids)

    def _hang(self, sheet: Sheet, number: int, part: dict[str, Any], into: tuple[dict[str, Any], str]) -> bool:
        """Put a part under a key of the one that it stands in; whether it is one that others may stand in."""
        around, key = into
        if sheet.register.is_map:
            self._weigh(sheet, number, part, around)
        elif isinstance(around.setdefault(key, []), list):
            around[key].append(part)
            return True
        else:
            self._tell(sheet, number, "book.lane", lane=key)
        return False

    def _weigh(self, sheet: Sheet, number: int, row: dict[str, Any], around: dict[str, Any]) -> None:
        """One number of a map of the author's own keys."""
        own, places = str(row.get("id", "")), self.places.rows[id(around)][1]
        weights, place = around[sheet.register.keys[0]], (sheet.register.keys[0], own)
        if own in weights:
            self._tell(sheet, number, "document.duplicate", name=own, first=places[place])
        weights[own] = row.get("value")
        places.setdefault(place, sheet.cell("A", number))

    def _keep(self, sheet: Sheet, number: int, part: dict[str, Any], ids: tuple[str, ...]) -> None:
        """Let what stands in this part find it; an id that is there already is refused."""
        own = str(part.get(sheet.register.identity, ""))
        if not own:
            return
        name = (sheet.register.name, (*ids, own) if sheet.register.is_local else (own,))
        if name in self.parts:
            first = self.places.rows[id(self.parts[name])][0]
            self._tell(sheet, number, "document.duplicate", name=own, first=first)
        self.parts.setdefault(name, part)

    def _part(self, sheet: Sheet, number: int, cells: dict[str, str]) -> dict[str, Any]:
        part: dict[str, Any] = {}
        fields: dict[tuple[str, ...], str] = {}
        forms = {column.path: column for column in sheet.register.columns}
        for column, text in self._whole_cells(sheet, cells):
            head = sheet.heads[column]
            form = forms[head.path].form
            plain = form if head.lang or form not in {"text", "texts"} else "json"
            where = sheet.cell(column, number)
            fields[(*head.path, *([head.lang] if head.lang else []))] = where
            fields.setdefault(head.path, where)
            try:
                value = value_of(text, Column(head.path, "json" if text.startswith("[") and form == "ids" else plain))
            except UnreadableCell as error:
                self.problems.append(_problem(str(error), where))
            else:
                _put(part, head, form, value)
        _pair_lines(part, forms.values(), fields, self.problems)
        self.places.note(part, sheet.cell("A", number), fields)
        return part

    def _whole_cells(self, sheet: Sheet, cells: dict[str, str]) -> Iterator[tuple[str, str]]:
        """The cells of fields, the pieces of a long one put together."""
        named = [(column, sheet.heads[column]) for column in cells if not sheet.heads[column].parent]
        for column, head in named:
            if head.at == 1:
                more = sorted(
                    (other.at, cells[name]) for name, other in named if other.path == head.path and other.at > 1
                )
                yield column, cells[column] + "".join(text for _at, text in more)

    def _around(
        self, sheet: Sheet, number: int, cells: dict[str, str], data: dict[str, Any]
    ) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
        """The part that a row stands in, with its ids; None where there is none, which is told."""
        register = sheet.register
        if not register.parents:
            return data, ()
        columns = {head.parent: column for column, head in sheet.heads.items() if head.parent}
        ids = tuple(cells.get(columns.get(parent, ""), "").strip() for parent in register.parents)
        ids = tuple(id.removesuffix(" 00:00:00") for id in ids)
        parent = register.parents[-1]
        found = self.parts.get((parent, ids))
        if found is None:
            known = [names[-1] for name, names in self.parts if name == parent]
            named = "book.parent_unknown" if all(ids) else "book.parent_missing"
            place = sheet.cell(columns.get(parent, "A"), number)
            self.problems.append(_problem(named, place, name="/".join(ids), known=guess(ids[-1][:60], known)))
        return found, ids

    def _key(self, sheet: Sheet, number: int, cells: dict[str, str]) -> str:
        """Under which key a row stands in its part: the lane that it names, where there are several; empty where that
        is none, which is told.
        """
        if len(sheet.register.keys) == 1:
            return sheet.register.keys[0]
        column = next((column for column, head in sheet.heads.items() if head.parent == LANE), "A")
        lane = cells.get(column, "").strip()
        if lane in sheet.register.keys:
            return lane
        known = ", ".join(sheet.register.keys)
        self.problems.append(_problem("document.not_one_of", sheet.cell(column, number), value=lane, known=known))
        return ""

    def _give_ids(self, register: Register, parts: Sequence[dict[str, Any]]) -> None:
        """An id for every part that has none, from its title; it is not one that anything has or had."""
        taken = {str(part[register.identity]) for part in parts if register.identity in part}
        taken |= ids_in(self.taken, register.name)
        for part in parts:
            if register.identity == "id" and "id" not in part:
                part["id"] = new_id(part, register.name, taken)
                taken.add(part["id"])

    def _tell(self, sheet: Sheet, number: int, id: str, **fields: object) -> None:
        self.problems.append(_problem(id, sheet.cell("A", number), **fields))


def _put(part: dict[str, Any], head: Head, form: str, value: Any) -> None:
    """A value at its path; a mark only says that a group of keys is there."""
    *around, last = head.path
    for key in around:
        part = part.setdefault(key, {})
    if form == "mark":
        if value is not False:
            part.setdefault(last, {} if value is True else value)
    elif head.lang:
        words = part.setdefault(last, {})
        words[head.lang] = value
    else:
        part[last] = value


def _pair_lines(
    part: dict[str, Any],
    columns: Collection[Column],
    fields: dict[tuple[str, ...], str],
    problems: list[Problem],
) -> None:
    """Several texts, one a line: the lines of all languages side by side."""
    for column in columns:
        held = part.get(column.path[0]) if column.form == "texts" else None
        if not isinstance(held, dict):
            continue
        counts = {len(lines) for lines in held.values()}
        if len(counts) > 1:
            problems.append(_problem("book.lines", fields[column.path], counts=", ".join(map(str, sorted(counts)))))
            continue
        part[column.path[0]] = [dict(zip(held, texts, strict=True)) for texts in zip(*held.values(), strict=True)]


def _outer_first() -> list[str]:
    """The registers, each after the one that its parts stand in."""
    names = [name for name in registers() if name != DOCUMENT]
    return sorted(names, key=_depth)


def _depth(name: str) -> int:
    parents = registers()[name].parents
    return 1 + _depth(parents[-1]) if parents else 0
