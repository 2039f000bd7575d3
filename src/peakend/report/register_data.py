"""A register as the data that `register.typ` sets: every length in points, every word with its face."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any, Final

import segno

from peakend.draw.font import print_font
from peakend.draw.palette import LIGHT, PRINT
from peakend.report.ink import BOLD, face_of, prepare, read, svg_text, whiten
from peakend.report.pages import Imprint, place_of
from peakend.service.drawings.blocks import LEADING, Block, Named, Space, Words
from peakend.service.drawings.canvas import CODE, Caption
from peakend.service.drawings.paper import Paper, PaperName
from peakend.service.drawings.pen import TONES, Pen
from peakend.service.drawings.table import AIR, GUTTER, NARROWEST, Row, Table, in_rows
from peakend.service.drawings.typeset import UNBROKEN, end_of, even, printed, with_thin_spaces
from peakend.terms import Lang

WHOLE: Final = 0.5
"""Rows that belong together are kept on one page where they take at most this share of it; so is a single row, where it
takes at most the next share.
"""
WHOLE_ROW: Final = 0.8
FOOT: Final = 2.6
"""How high the foot of a page is, in its size of type."""
Data = dict[str, Any]


@dataclass(frozen=True)
class Register:
    """What stands on the pages: the caption of the view, its tables, and the pictures before them."""

    caption: Caption
    tables: tuple[Table, ...]
    paper: PaperName
    lang: Lang
    pictures: tuple[str, ...] = ()
    meant: int | None = None
    """On how many pages it is meant to stand: type is smaller, within the least of the paper, where it then does."""
    is_hung: bool = False
    """Whether it hangs where people work."""


@dataclass(frozen=True)
class Setting:
    """A register in a size of type."""

    register: Register
    paper: Paper
    pages: int = 1
    """How many pages it has, those of its pictures among them."""
    filled: float = 1.0
    """Which share of the last of them it fills."""

    @property
    def is_too_narrow(self) -> bool:
        """Whether English words would break in a column of a table."""
        tables = (in_rows(table, self.paper) for table in self.register.tables)
        return any(room < NARROWEST * self.paper.body for table in tables for room in _rooms(table, self.paper))

    @property
    def is_over(self) -> bool:
        """Whether it has more pages than it is meant to have."""
        return self.register.meant is not None and self.pages > self.register.meant


def is_headed(table: Table) -> bool:
    """Whether its columns have heads."""
    return not table.cards and any(column.head for column in table.columns)


def inputs_of(title: str, settings: Sequence[Setting], imprint: Imprint) -> dict[str, str]:
    """What the program is given: registers one after another, each from a page of its own on."""
    (lang, region), day, paper = place_of(imprint.lang), imprint.dated, settings[0].paper
    given = {
        "title": title, "description": settings[0].register.caption.sentence, "lang": lang, "region": region,
        "day": [day.year, day.month, day.day],
        "page": {"width": paper.width, "height": paper.height, "margin": paper.margin},
        "leading": LEADING - 1, "bold": BOLD, "unbroken": UNBROKEN,
        "tones": {tone: PRINT.get(tone, LIGHT[tone]) for tone in TONES},
        "registers": [_Data(each.register, each.paper, each.pages).register() for each in settings],
    }  # fmt: skip
    return {"booklet": json.dumps(given, ensure_ascii=False, separators=(",", ":"))}


def _rooms(table: Table, paper: Paper) -> list[float]:
    """How wide the words of each column may be."""
    whole, last = sum(column.share for column in table.columns), len(table.columns) - 1
    gutter = GUTTER * paper.body
    if table.cards:
        free = paper.room - 1.5 * gutter * last
        return [free * column.share / whole for column in table.columns]
    return [
        paper.room * column.share / whole - (gutter if at < last else 0.0) for at, column in enumerate(table.columns)
    ]


@dataclass(frozen=True)
class _Data:
    """A register in a size of type, on its way to the program."""

    given: Register
    paper: Paper
    pages: int

    @property
    def lang(self) -> Lang:
        return self.given.lang

    def register(self) -> Data:
        """Everything."""
        paper, caption = self.paper, self.given.caption
        first = not self.given.pictures
        size = paper.title if first else paper.heading
        between = " · " if self.lang == "en" else "　"
        return {
            "pages": self.pages,
            "body": paper.body, "heading": paper.heading, "least": paper.least, "foot": FOOT * paper.least,
            "gutter": GUTTER * paper.body, "air": AIR * paper.body,
            "running": self._faced(caption.title), "corner": self._faced(between.join(caption.corner)),
            "head": {"lines": self._even(caption.title, size), "size": size},
            "sentence": self._even(caption.sentence, paper.heading) if first else [],
            "code": self._code() if self._has_code else None,
            "pictures": [{"svg": self._printed(sheet), "told": caption.sentence} for sheet in self.given.pictures],
            "tables": [self._table(in_rows(table, paper)) for table in self.given.tables],
        }  # fmt: skip

    def _faced(self, words: str) -> Data:
        """Words as they are set: without what the font cannot draw, with the face that has them."""
        return {"text": print_font().drawn(with_thin_spaces(words)), "font": face_of(words, self.lang)}

    def _ended(self, words: str) -> Data:
        """Words whose last ones do not part."""
        whole = with_thin_spaces(words)
        end = end_of(whole)
        return self._faced(whole.removesuffix(end)) | {"end": self._faced(end)["text"]}

    def _even(self, words: str, size: float) -> list[Data]:
        """The lines of a heading."""
        room = self.paper.room - (CODE * self.paper.title + GUTTER * self.paper.body if self._has_code else 0.0)
        return [self._faced(line) for line in even(words, size, room, measure=printed(self.lang))] if words else []

    @property
    def _has_code(self) -> bool:
        """Whether the code for cameras stands here: it does not where a picture has it."""
        return bool(self.given.caption.address) and not self.given.pictures

    def _printed(self, svg: str) -> str:
        root = read(svg)
        whiten(root)
        return svg_text(prepare(root, self.lang))

    # --- tables -------------------------------------------------------------------------------------------------------

    def _table(self, table: Table) -> Data:
        rooms = _rooms(table, self.paper)
        heading = table.heading[:1].upper() + table.heading[1:]
        return {
            "heading": self._faced(heading) if heading else None,
            "cards": table.cards,
            "headed": is_headed(table),
            "heads": [self._faced(column.head) for column in table.columns],
            "shares": [column.share for column in table.columns],
            "rows": list(self._rows(table, rooms)),
        }

    def _rows(self, table: Table, rooms: Sequence[float]) -> Iterator[Data]:
        rows = list(table.rows)
        at = 0
        while at < len(rows):
            count = 1 if table.cards else _together(rows, at)
            yield from self._belonging(rows[at : at + count], rooms)
            at += count

    def _belonging(self, rows: Sequence[Row], rooms: Sequence[float]) -> Iterator[Data]:
        """Rows whose first cell is said once: it spans them where a page may hold them all, and is said again, quietly,
        where they may part.
        """
        page = (self.paper.height or 0) - 2 * self.paper.margin
        heights = [self._height(row, rooms) for row in rows]
        is_one = sum(heights) <= WHOLE * page
        for at, (row, height) in enumerate(zip(rows, heights, strict=True)):
            cells = [list(cell) for cell in row.cells] + [[]] * (len(rooms) - len(row.cells))
            if at and not is_one:
                cells[0] = [_quietly(block) for block in rows[0].cells[0][:1]]
            held = list(zip(cells, rooms, strict=True))[1 if at and is_one else 0 :]
            spans = len(rows) if is_one and not at else 1
            yield {
                "group": self._faced(row.group) if row.group else None,
                "breaks": height > WHOLE_ROW * page,
                "cells": [
                    {
                        "rows": spans if place == 0 and not at else 1,
                        "blocks": [self._block(each, room) for each in cell],
                    }
                    for place, (cell, room) in enumerate(held)
                ],
            }

    def _height(self, row: Row, rooms: Sequence[float]) -> float:
        tallest = (
            sum(line.height for block in cell for line in block.lines(self.paper, room))
            for cell, room in zip(row.cells, rooms, strict=False)
        )
        return max(tallest, default=0.0) + 2 * AIR * self.paper.body

    # --- blocks -------------------------------------------------------------------------------------------------------

    def _block(self, block: Block, room: float) -> Data:
        paper = self.paper
        match block:
            case Words():
                lead = self._faced(f"{block.lead} ") if block.lead else None
                size = max(paper.least, paper.body * block.size)
                return {"kind": "words", "lead": lead, "words": self._ended(block.text), "size": size,
                        "tone": block.tone, "bold": block.bold, "heads": block.heads}  # fmt: skip
            case Named():
                wide = block.wide * paper.body
                held = block.blocks or (Words("–", tone="faint"),)
                inner = [self._block(each, room - wide) for each in held]
                return {"kind": "named", "name": self._faced(block.name), "wide": wide, "blocks": inner}
            case Space():
                return {"kind": "space", "high": block.high * paper.body}
            case _:
                return self._drawing(block, room)

    def _drawing(self, block: Block, room: float) -> Data:
        """A small drawing, as wide as its column."""
        pen, y = Pen(self.lang, "light", printed(self.lang)), 0.0
        for line in block.lines(self.paper, room):
            line.draw(pen, 0.0, y)
            y += line.height
        wide, high = ceil(room), ceil(y)
        svg = pen.finish(wide, high, block.told, block.told, id="drawing", style=False)
        return {"kind": "drawing", "svg": self._printed(svg), "told": block.told, "width": wide, "height": high}

    def _code(self) -> Data:
        """The address as a code for cameras."""
        address, side = self.given.caption.address, CODE * self.paper.title
        pen = Pen(self.lang, "light")
        pen.code(0, 0, side, segno.make(address, error="m", micro=False).matrix)
        svg = pen.finish(side, side, address, address, id="code", style=False)
        return {"kind": "drawing", "svg": self._printed(svg), "told": address, "width": side, "height": side}


def _together(rows: Sequence[Row], at: int) -> int:
    """How many rows from a place on belong together: the first cell of those after it is said by the first."""
    count = 1
    while at + count < len(rows) and not rows[at + count].cells[0] and not rows[at + count].group and rows[at].cells[0]:
        count += 1
    return count


def _quietly(block: Block) -> Block:
    return replace(block, tone="quiet", bold=False) if isinstance(block, Words) else block
