"""One palette: every colour of charts, maps, posters, pages and style sheets is written in `peakend.draw.palette`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from peakend.draw.palette import BEGIN, DARK, END, LIGHT, PRINT, with_colours
from tests.imports import SOURCE

STATIC = SOURCE / "peakend_web" / "static" / "peakend_web"
SHEETS = sorted(STATIC.glob("*.css"))
FIRST = STATIC / "peakend.css"
"""The sheet of every page; one that is laid over it takes its colours and lengths from there."""
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}(?![0-9a-zA-Z_-])|\b(?:rgb|hsl|oklch|lab|lch|hwb)a?\(")
ELSEWHERE = {
    "peakend/draw/palette.py": "here they are written",
    "peakend_web/static/peakend_web/mark.svg": "a picture that knows no style sheet: held to the palette below",
}


def holds_colours(sheet: Path) -> bool:
    """Whether a sheet has colours of its own, or is laid over one that has."""
    return BEGIN in sheet.read_text(encoding="utf-8")


def without_the_palette(path: Path) -> str:
    """A file without the colours that were written into it."""
    return re.sub(f"{re.escape(BEGIN)}.*?{re.escape(END)}", "", path.read_text(encoding="utf-8"), flags=re.S)


def test_no_colour_is_written_outside_the_palette() -> None:
    files = [path for end in ("py", "css", "js", "html", "svg") for path in sorted(SOURCE.rglob(f"*.{end}"))]
    found = {
        str(path.relative_to(SOURCE)): COLOUR.findall(without_the_palette(path))
        for path in files
        if str(path.relative_to(SOURCE)) not in ELSEWHERE
    }
    assert {name: colours for name, colours in found.items() if colours} == {}


@pytest.mark.parametrize("sheet", [sheet for sheet in SHEETS if holds_colours(sheet)], ids=lambda sheet: sheet.name)
def test_a_style_sheet_holds_the_colours_of_the_palette(sheet: Path) -> None:
    """`make palette` writes them."""
    text = sheet.read_text(encoding="utf-8")
    assert with_colours(text) == text


def test_every_colour_is_there_by_day_and_by_night_and_the_sheets_use_what_there_is() -> None:
    assert LIGHT.keys() == DARK.keys() >= PRINT.keys()
    tokens = {f"--{name.replace('_', '-')}" for name in LIGHT}
    assert {sheet.name for sheet in SHEETS if holds_colours(sheet)} == {"peakend.css", "survey.css"}
    for sheet in SHEETS:
        text = sheet.read_text(encoding="utf-8")
        known = text if holds_colours(sheet) else text + FIRST.read_text(encoding="utf-8")
        assert set(re.findall(r"var\((--[a-z0-9-]+)", text)) - tokens <= set(re.findall(r"(--[a-z0-9-]+):", known))


def test_the_mark_has_the_colours_of_the_palette() -> None:
    mark = (STATIC / "mark.svg").read_text(encoding="utf-8")
    own = {colour.upper() for colour in re.findall(r"#[0-9a-fA-F]{6}", mark)}
    assert own == {LIGHT["ink"], DARK["ink"], LIGHT["trough_dot"], LIGHT["peak_dot"]}


def test_the_check_itself_finds_a_planted_colour() -> None:
    assert COLOUR.findall("a { color: #fff; background: rgb(0 0 0 / 0.5) }") == ["#fff", "rgb("]
    assert COLOUR.findall('<a href="#facade-x">&#x27; href="#main"') == []
