"""Tables and cards on sheets: rows whole, heads on every sheet, nothing lost, and type as large as the paper allows."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from peakend.service.drawings.blocks import Drawing, Named, Space, Words
from peakend.service.drawings.canvas import Canvas, Caption
from peakend.service.drawings.paper import PAPERS, PaperName
from peakend.service.drawings.table import Column, Row, Table, draw_cards, draw_table

CAPTION = Caption("What may fail", "Two failures weigh most.", ("1 May 2025",), "Two failures.")
COLUMNS = (Column("weight"), Column("failure", 3), Column("who", 2))


def canvas_of(paper: PaperName) -> Canvas:
    return Canvas(PAPERS[paper], "en", "light", CAPTION)


def words(svg: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]+)", re.sub(r"</?tspan[^>]*>", "", svg))


def rows(count: int, text: str = "The wrong bag") -> list[Row]:
    return [Row([[Words(str(at))], [Words(f"{text} {at}")], [Words("Nurse Chen")]]) for at in range(count)]


def test_heads_and_heading_stand_again_on_every_further_sheet_and_no_row_is_parted() -> None:
    canvas = canvas_of("A4")
    draw_table(canvas, Table(COLUMNS, rows(60), "Failures"))
    sheets = [words(svg) for svg in canvas.finish("failures", style=False)]
    assert len(sheets) > 1
    assert all(("Failures" in sheet, "weight" in sheet) == (True, True) for sheet in sheets)
    said = [line for sheet in sheets for line in sheet if line.startswith("The wrong bag")]
    assert said == [f"The wrong bag {at}" for at in range(60)]
    assert [sheet[-1] for sheet in sheets] == [f"1 May 2025 · {at}/{len(sheets)}" for at in range(1, len(sheets) + 1)]


def test_the_last_row_of_a_table_does_not_stand_on_a_further_sheet_alone() -> None:
    for count in range(2, 60):
        canvas = canvas_of("A4")
        draw_table(canvas, Table(COLUMNS, rows(count), "Failures"))
        last = words(canvas.finish("failures", style=False)[-1])
        assert sum(line.startswith("The wrong bag") for line in last) >= 2


def test_a_row_that_no_sheet_holds_goes_on_on_the_next_and_loses_nothing() -> None:
    canvas = canvas_of("A4")
    long = " ".join(f"word{at}" for at in range(4_000))
    draw_table(canvas, Table(COLUMNS, [Row([[Words("10")], [Words(long)], []])]))
    sheets = canvas.finish("failures", style=False)
    assert len(sheets) > 1
    assert re.findall(r"word\d+", " ".join(line for svg in sheets for line in words(svg))) == long.split()


def test_on_a_phone_a_row_is_a_block_in_which_the_columns_are_named() -> None:
    canvas = canvas_of("phone")
    draw_table(canvas, Table(COLUMNS, [Row([[Words("10")], [Words("The wrong bag")], [Words("Nurse Chen")]])]))
    (svg,) = canvas.finish("failures", style=False)
    assert words(svg)[-4:-1] == ["10", "failure The wrong bag", "who Nurse Chen"]


def test_what_has_no_words_stands_on_a_phone_below_the_name_of_its_column() -> None:
    canvas = canvas_of("phone")
    bar = Drawing(1, lambda pen, x, y, room, paper: pen.line(x, y, x + room, y + paper.body), "10 of 10")
    row = Row([[Words("Bag")], [bar], []])
    draw_table(canvas, Table(COLUMNS, [row]))
    (svg,) = canvas.finish("failures", style=False)
    assert words(svg)[-3:-1] == ["Bag", "failure"]
    assert row.told == "Bag | 10 of 10"


@pytest.mark.parametrize(("paper", "across"), [("phone", 1), ("A3", 3)])
def test_cards_stand_in_rows_of_equal_length_and_below_one_another_on_a_phone(paper: PaperName, across: int) -> None:
    canvas = canvas_of(paper)
    draw_cards(canvas, [[Words(f"Card {at}"), Space(), Named("owner", [])] for at in range(6)])
    (svg,) = canvas.finish("cards", style=False)
    places = [float(x) for x in re.findall(r'<text x="([\d.]+)"[^>]*>Card', svg)]
    assert list(Counter(places).values()) == [6 // across] * across
    assert words(svg).count("–") == 6, "a dash says that no owner is written there"


def test_a_sheet_is_filled_with_the_largest_type_in_which_all_stands_on_it() -> None:
    few, many = canvas_of("A3"), canvas_of("A3")
    few.fill(lambda canvas: draw_table(canvas, Table(COLUMNS, rows(3))))
    many.fill(lambda canvas: draw_table(canvas, Table(COLUMNS, rows(200))))
    assert few.paper.body > 2 * PAPERS["A3"].body
    assert many.paper == PAPERS["A3"]
    assert (len(few.sheets), len(many.sheets) > 1) == (1, True)


def test_a_long_source_is_wrapped_in_the_corner_and_reaches_no_row() -> None:
    caption = Caption("What may fail", "", ("1 May 2025", "proposals of many people " * 12), "")
    canvas = Canvas(PAPERS["A4"], "en", "light", caption)
    draw_table(canvas, Table(COLUMNS, rows(60)))
    for svg in canvas.finish("failures", style=False):
        lows = [float(y) for y in re.findall(r'<text x="[\d.]+" y="([\d.]+)"', svg)]
        corner = [y for y in lows if y > canvas.bottom]
        assert len(corner) >= 2
        assert max(corner) <= PAPERS["A4"].height - PAPERS["A4"].margin + 0.1  # type: ignore[operator]
