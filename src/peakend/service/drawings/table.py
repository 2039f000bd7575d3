"""Tables and cards on the sheets of a view. A row is kept whole; heads stand again on every further sheet; on a phone
every row becomes a block with the names of its columns in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from peakend.service.drawings.blocks import Block, Line, Words
from peakend.service.drawings.canvas import Canvas, Sheet
from peakend.service.drawings.paper import Paper
from peakend.service.drawings.pen import Tone

Cell = Sequence[Block]
GUTTER: Final = 1.6
"""Between two columns, in sizes of type."""
AIR: Final = 0.5
"""Above and below the words of a row."""
BETWEEN: Final = 2.4
"""Below a row of cards, and a table."""
NARROWEST: Final = 7.5
"""A column in which English words need not break, in sizes of type."""
FEWEST: Final = 6
"""So many lines of a row that no sheet holds are worth beginning at the end of one."""


def words_in_cell(text: str) -> Cell:
    """A cell of these words; an empty one where there are none."""
    return [Words(text)] if text else []


@dataclass(frozen=True)
class Column:
    """A column: its head, and how much of the room it takes beside the others."""

    head: str
    share: float = 1


@dataclass(frozen=True)
class Row:
    """A row of cells; `group` stands above it where a new group of rows begins."""

    cells: Sequence[Cell]
    group: str = ""

    @property
    def told(self) -> str:
        """What it says, for those who cannot see it."""
        cells = ("; ".join(block.told for block in cell if block.told) for cell in self.cells)
        return " | ".join(cell for cell in cells if cell)


@dataclass(frozen=True)
class Table:
    """Columns and their rows, under a heading of their own. `cards`: every cell stands for itself. `named_by`: the
    column whose cells say what a row is of; None where none does. `wide`: of cards that stand in rows as there is room,
    how wide each is at least, in sizes of type.
    """

    columns: Sequence[Column]
    rows: Sequence[Row]
    heading: str = ""
    cards: bool = False
    named_by: int | None = 0
    wide: float = 0

    @classmethod
    def of_cards(cls, cards: Sequence[Cell], *, wide: float = 30) -> Table:
        """Cards, each at least so many sizes of type wide."""
        return cls([Column("")], [Row([card]) for card in cards], cards=True, wide=wide)


def draw_table(canvas: Canvas, table: Table) -> None:
    """Draw a table on the sheets of a view, below what stands there: nothing where it has no rows, and no column in
    which nothing stands.
    """
    shown = _stacked(table) if canvas.paper.name == "phone" else without_empty(table)
    _Layout(canvas, shown).put(shown.rows)
    if shown.rows and not shown.cards and canvas.sheets:
        last = canvas.sheets[-1]
        last.y = max(last.y, min(canvas.bottom, last.y + (BETWEEN - AIR) * canvas.paper.body))


def draw_tables(canvas: Canvas, tables: Sequence[Table]) -> None:
    """Draw tables one below the other."""
    for table in tables:
        draw_table(canvas, table)


def draw_cards(canvas: Canvas, cards: Sequence[Cell], *, wide: float = 30) -> None:
    """Draw cards in rows of equal length, each card at least so many sizes of type wide, one below the other on a
    phone.
    """
    table = Table.of_cards(cards, wide=wide)
    placed = table if canvas.paper.name == "phone" else in_rows(table, canvas.paper)
    _Layout(canvas, placed).put(placed.rows)


def in_rows(table: Table, paper: Paper) -> Table:
    """Cards side by side, as many as there is room for, in rows of about equal length; any other table as it is."""
    cards = [card for row in table.rows for card in row.cells]
    if not (table.wide and cards):
        return table
    most = max(1, int(paper.room / (table.wide * paper.body)))
    across = ceil(len(cards) / ceil(len(cards) / most))
    rows = [Row(cards[at : at + across]) for at in range(0, len(cards), across)]
    return replace(table, columns=[Column("")] * across, rows=rows)


def without_empty(table: Table) -> Table:
    """The table without the columns in which no row has anything; cards keep their places."""
    held = [at for at in range(len(table.columns)) if table.cards or any(row.cells[at] for row in table.rows)]
    rows = [replace(row, cells=[row.cells[at] for at in held]) for row in table.rows]
    named_by = held.index(table.named_by) if table.named_by in held else None
    return replace(table, columns=[table.columns[at] for at in held], rows=rows, named_by=named_by)


def _stacked(table: Table) -> Table:
    """The table for a phone: one column, in which every cell but the first begins with the name of its column."""
    if table.cards:
        return replace(table, columns=[Column("")], rows=[Row([cell]) for row in table.rows for cell in row.cells])
    return replace(table, columns=[Column("")], rows=[replace(row, cells=[_block(table, row)]) for row in table.rows])


def _block(table: Table, row: Row) -> Cell:
    first, *others = row.cells
    named = (
        block for column, cell in zip(table.columns[1:], others, strict=True) for block in _with_name(column.head, cell)
    )
    return [*first, *named]


def _with_name(name: str, cell: Cell) -> Cell:
    if not cell or not name:
        return cell
    first, *others = cell
    if isinstance(first, Words) and not first.lead:
        return [replace(first, lead=name), *others]
    return [Words(name, tone="quiet"), *cell]


class _Layout:
    """A table while it is being drawn."""

    def __init__(self, canvas: Canvas, table: Table) -> None:
        self.canvas, self.table = canvas, table
        self.body = canvas.paper.body
        gutter = GUTTER * self.body * (1.5 if table.cards else 1)
        free = canvas.paper.room - gutter * (len(table.columns) - 1)
        whole = sum(column.share for column in table.columns)
        self.rooms = [free * column.share / whole for column in table.columns]
        self.lefts = [canvas.paper.margin + sum(self.rooms[:at]) + gutter * at for at in range(len(self.rooms))]
        self.canvas.too_narrow |= any(room < NARROWEST * self.body for room in self.rooms)
        self.sheet: Sheet | None = None
        self.head, self.heading = self._head_lines(), self._heading_lines()
        parts = (_depth(self.heading), max(map(_depth, self.head), default=0.0))
        self.top = sum(part + AIR * self.body for part in parts if part)
        self.most = canvas.whole - self.top

    def _head_lines(self) -> list[list[Line]]:
        heads = [Words(column.head, bold=True, tone="quiet") for column in self.table.columns]
        return [
            head.lines(self.canvas.paper, room) if head.text else []
            for head, room in zip(heads, self.rooms, strict=True)
        ]

    def put(self, rows: Sequence[Row]) -> None:
        """Draw the rows; of a table the last does not go to a further sheet alone."""
        laid = [self._laid(row) for row in rows]
        for at, (group, cells) in enumerate(laid):
            is_last_but_one = at == len(laid) - 2 and not self.table.cards
            self._put(group, cells, self._height(*laid[-1]) if is_last_but_one else 0.0)

    def _laid(self, row: Row) -> tuple[list[Line], list[list[Line]]]:
        """The lines of what stands above a row, and of its cells."""
        paper = self.canvas.paper
        cells = [
            [line for block in cell for line in block.lines(paper, room)]
            for cell, room in zip(row.cells, self.rooms, strict=False)
        ]
        return Words(row.group, bold=True).lines(paper, paper.room) if row.group else [], cells

    def _height(self, group: list[Line], cells: list[list[Line]]) -> float:
        return self._group_height(group) + self._row_height(cells)

    def _put(self, group: list[Line], cells: list[list[Line]], with_last: float) -> None:
        """Draw a row: whole where a sheet holds it, and with the last one where it holds both; else in parts."""
        height = self._height(group, cells)
        if height <= self.most:
            wanted = height + with_last
            self._draw(self._sheet_with(wanted if wanted <= self.most else height), group, cells)
            return
        while any(cells):
            sheet = self._sheet_with(self._group_height(group) + FEWEST * self.canvas.paper.leading)
            room = self.canvas.bottom - sheet.y - self._group_height(group) - 2 * AIR * self.body
            parts = [_first_lines(cell, room) for cell in cells]
            self._draw(sheet, group, parts)
            cells, group = [cell[len(part) :] for cell, part in zip(cells, parts, strict=True)], []

    def _sheet_with(self, height: float) -> Sheet:
        """The sheet with room for a row, its head drawn."""
        begun = bool(self.canvas.sheets) and self.canvas.sheets[-1] is self.sheet
        sheet = self.canvas.place(height if begun else height + self.top)
        if sheet is not self.sheet:
            self.sheet = sheet
            self._draw_top(sheet)
        return sheet

    def _heading_lines(self) -> list[Line]:
        paper = self.canvas.paper
        heading = self.table.heading
        wanted = Words(heading[:1].upper() + heading[1:], bold=True, size=paper.heading / paper.body)
        return wanted.lines(paper, paper.room) if wanted.text else []

    def _draw_top(self, sheet: Sheet) -> None:
        if self.heading:
            _write(sheet, self.canvas.paper.margin, sheet.y, self.heading)
            sheet.y += _depth(self.heading) + AIR * self.body
        if any(self.head):
            for x, lines in zip(self.lefts, self.head, strict=True):
                _write(sheet, x, sheet.y, lines)
            sheet.y += max(map(_depth, self.head)) + AIR * self.body

    def _group_height(self, group: list[Line]) -> float:
        return _depth(group) + 2 * AIR * self.body if group else 0.0

    def _row_height(self, cells: list[list[Line]]) -> float:
        tallest = max(map(_depth, cells), default=0.0)
        return tallest + (AIR + BETWEEN if self.table.cards else 2 * AIR) * self.body

    def _draw(self, sheet: Sheet, group: list[Line], cells: list[list[Line]]) -> None:
        if group:
            _write(sheet, self.canvas.paper.margin, sheet.y + 1.5 * AIR * self.body, group)
            sheet.y += self._group_height(group)
        self._rule(sheet, cells, firm=bool(group))
        for x, lines in zip(self.lefts, cells, strict=False):
            _write(sheet, x, sheet.y + AIR * self.body, lines)
        sheet.y += self._row_height(cells)

    def _rule(self, sheet: Sheet, cells: list[list[Line]], *, firm: bool) -> None:
        paper, thick = self.canvas.paper, max(1.0, 0.08 * self.body)
        if not self.table.cards:
            tone: Tone = "quiet" if firm else "hair"
            sheet.pen.line(paper.margin, sheet.y, paper.width - paper.margin, sheet.y, tone=tone, thick=0.75 * thick)
            return
        for x, room, lines in zip(self.lefts, self.rooms, cells, strict=False):
            if lines:
                sheet.pen.line(x, sheet.y, x + room, sheet.y, tone="ink", thick=1.5 * thick)


def _depth(lines: Sequence[Line]) -> float:
    return sum(line.height for line in lines)


def _write(sheet: Sheet, x: float, y: float, lines: Sequence[Line]) -> None:
    for line in lines:
        line.draw(sheet.pen, x, y)
        y += line.height


def _first_lines(lines: list[Line], room: float) -> list[Line]:
    """The lines that have so much room; one at least."""
    depth, count = 0.0, 0
    for line in lines:
        depth += line.height
        if depth > room and count:
            break
        count += 1
    return lines[:count]
