"""Registers on pages to read: real tables, whole rows, heads on every page, the same figures as the drawing."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from datetime import date
from functools import cache

import pytest

from peakend.report.ink import MissingGlyph
from peakend.report.pages import Imprint
from peakend.report.printed import PrintedView
from peakend.report.register_data import Register
from peakend.report.registers import missing_in
from peakend.service.document import as_data, of_data
from peakend.service.drawings.blocks import Named, Words
from peakend.service.drawings.paper import PaperName
from peakend.service.drawings.subject import Chapter, Kept, Subject
from peakend.service.drawings.table import Row, Table, without_empty
from peakend.service.drawings.views import VIEWS, View, subject_of
from peakend.templates import IDS, template
from peakend.terms import LANGUAGES, Lang
from tests.report.test_print import printed, squeezed
from tests.service.test_view_limits import NOT_FIRST, NOT_LAST

DAY = date(2026, 11, 30)
REGISTERS: tuple[View, ...] = tuple(view for view, drawing in VIEWS.items() if drawing.chapters)
EACH = [(view, LANGUAGES[at % 3]) for at, view in enumerate(REGISTERS)]
"""Every register, each in one of the languages."""
PLEDGED = {"turn-on-phone": Kept(0.71, 0.68, 0.74, 1_204), "greeted-at-once": Kept(0.9, 0.7, 0.97, 12)}


def on_paper(view: View, lang: Lang, paper: PaperName = "A4", *, name: str = "hospital") -> PrintedView:
    service = template(name)
    subject = subject_of(service, lang=lang, kept=PLEDGED, dated=DAY.isoformat(), edition="Version 3")
    return PrintedView(view, subject, paper, Imprint(lang, DAY))


@cache
def pdf(view: View, lang: Lang) -> bytes:
    return on_paper(view, lang).pdf()


def chapters_of(view: View, subject: Subject) -> Sequence[Chapter]:
    chapters = VIEWS[view].chapters
    assert chapters
    return chapters(subject)


def tables_of(view: View, lang: Lang) -> list[Table]:
    chapters = chapters_of(view, on_paper(view, lang).subject)
    return [table for chapter in chapters for table in chapter.tables if table.rows]


def structure(file: bytes) -> str:
    """The tags of a PDF as a screen reader meets them."""
    done = subprocess.run(["pdfinfo", "-struct", "-"], input=file, capture_output=True, check=True)
    return done.stdout.decode(errors="replace")


def words_of(row: Row) -> list[str]:
    blocks = (block for cell in row.cells for block in cell if isinstance(block, Words | Named))
    return [squeezed(word) for block in blocks for word in re.split(r"[ 　]", block.told) if word]


def test_what_is_a_register_is_set_in_tables_and_what_is_a_picture_is_drawn() -> None:
    read = {"moments", "standards", "failures", "strategy", "stakeholders", "senses", "iceberg", "personas", "posts"}
    assert {*REGISTERS} == read
    kinds = {view: bool(on_paper(view, "en").booklet) for view in ("standards", "map", "ring")}
    assert kinds == {"standards": True, "map": False, "ring": False}
    assert on_paper("standards", "en", "A1").booklet is None, "on a wall it is a poster"


@pytest.mark.parametrize(("view", "lang"), EACH)
def test_a_register_is_tagged_as_tables_and_holds_every_word_of_its_rows(view: View, lang: Lang) -> None:
    """PDF/UA-1: the program that sets pages refuses what breaks it; every table has its rows, heads and cells."""
    file = pdf(view, lang)
    told = printed(file, "pdfinfo")
    assert (re.findall(r"Tagged: +(.*)", told), "Page size:       841.89 x 595.276 pts (A4)" in told) == (["yes"], True)
    tags = structure(file)
    tables = tables_of(view, lang)
    real = [table for table in tables if not table.cards]
    assert len(re.findall(r"^ *Table", tags, re.MULTILINE)) == len(real)
    assert len(re.findall(r"^ *THead", tags, re.MULTILINE)) >= len(real)
    assert ("TH <" in tags) == bool(real)
    assert tags.count("TR") >= sum(len(table.rows) for table in real)
    assert b"pdfuaid" in file
    words = squeezed(printed(file, "pdftotext", "-raw"))
    missing = [word for table in real for row in table.rows for word in words_of(row) if not _is_there(word, words)]
    assert missing == []


@pytest.mark.parametrize(("view", "lang"), EACH)
def test_every_cell_of_a_register_names_the_heads_of_its_column_its_group_and_its_row(view: View, lang: Lang) -> None:
    """Of contact limits, a single row of figures, no cell names the row; no head is named that is not there."""
    tags = structure(pdf(view, lang))
    tables = [without_empty(table) for table in tables_of(view, lang) if not table.cards]
    heads = re.findall(r"TH <(\w+)>", tags)
    cells = re.findall(r"\sT([DH])(?: <(\w+)>)?:?\n(?:\s+/Scope /\w+\n)?\s+/Headers \[(.*)\]", tags)
    assert {name for _, _, told in cells for name in re.findall(r"\w+", told)} <= {*heads}
    assert len(heads) == len({*heads})
    for number, table in enumerate(tables, 1):
        own = [(kind, told) for kind, name, told in cells if f"(U{number}x" in told or name.startswith(f"U{number}x")]
        plain = [told for kind, told in own if kind == "D"]
        assert all(re.search(rf"U{number}x\d+y0", told) for told in plain)
        named = [told for told in plain if re.search(rf"U{number}r\d+", told)]
        assert named == (plain if table.named_by is not None else [])
        groups = len([row for row in table.rows if row.group])
        assert len({*re.findall(rf"U{number}x0y(?!0\))\d+", " ".join(plain))}) == groups


def _is_there(word: str, words: str) -> bool:
    """Whether a word is there, be it on several lines between which others stand."""
    return word in words or all(word[at : at + 3] in words for at in range(0, max(1, len(word) - 2), 3))


@pytest.mark.parametrize(("view", "lang"), EACH)
def test_no_line_of_a_register_begins_or_ends_as_no_line_may(view: View, lang: Lang) -> None:
    """Acceptance 21, on pages to read."""
    boxes = printed(pdf(view, lang), "pdftotext", "-bbox-layout")
    lines = [re.findall(r">([^<>\n]+)</word>", line) for line in re.findall(r"<line.*?</line>", boxes, re.DOTALL)]
    torn = [line for line in lines if line and (line[0][0] in NOT_FIRST or line[-1][-1] in NOT_LAST)]
    assert torn == []


def test_figures_stand_with_interval_and_n_and_few_cases_are_not_called_below() -> None:
    words = squeezed(printed(pdf("standards", "en"), "pdftotext", "-raw"))
    assert "71%(68–74%,n1,204)" in words
    assert "90%(70–97%,n12)" in words
    assert "clearlybelow80%" in words
    assert words.count("clearlybelow") == 1
    assert words.count("Version3") == 2, "in the head of the first page, and in the foot of the second"


def test_heads_stand_on_every_page_and_no_row_is_cut() -> None:
    view, file = on_paper("standards", "en"), pdf("standards", "en")
    told = [printed(file, "pdftotext", "-raw", "-f", f"{at}", "-l", f"{at}") for at in range(1, view.pages + 1)]
    assert len(told) == 2
    assert ["measure" in page and "touchpoint" in page for page in told] == [True, True]
    pages = [squeezed(page) for page in told]
    for table in tables_of("standards", "en"):
        for row in table.rows:
            texts = [squeezed(block.told) for cell in row.cells for block in cell if block.told]
            assert any(all(text in page for text in texts) for page in pages), texts


def test_needs_are_a_document_of_two_pages_in_which_no_word_is_cut_or_broken() -> None:
    """The picture of all, and the table of all."""
    needs: tuple[tuple[str, Lang], ...] = (("hospital", "zh-Hant"), ("telecom", "en"), ("public", "zh-Hans"))
    for name, lang in needs:
        view = on_paper("iceberg", lang, name=name)
        picture = printed(view.pdf(), "pdftotext", "-raw", "-l", "1")
        assert (view.pages, "…" in picture, re.findall(r"\w+-$", picture, re.MULTILINE)) == (2, False, [])


@pytest.mark.parametrize("name", IDS)
def test_the_font_has_every_character_of_every_register_of_every_template(name: str) -> None:
    """Acceptance 24, on pages to read."""
    for lang in LANGUAGES:
        subject = subject_of(template(name), lang=lang)
        for view in REGISTERS:
            for chapter in chapters_of(view, subject):
                assert missing_in(Register(chapter.caption, tuple(chapter.tables), "A4", lang)) == ()


def test_of_answers_that_are_not_to_be_printed_it_is_not_said_that_they_are_too_few() -> None:
    service = template("hospital")
    points = [point.id for point in service.touchpoints]
    told = {}
    for n in (0, 7):
        subject = subject_of(service, scores={point: {"value": None, "n": n} for point in points})
        told[n] = "too few answers" in VIEWS["moments"].caption(subject).description
    assert told == {0: False, 7: True}


def test_a_sheet_that_hangs_grows_as_far_as_it_has_room_and_one_that_is_read_in_the_hand_does_not() -> None:
    sheets, read = on_paper("posts", "en", "A3").booklet, on_paper("personas", "en", "A3").booklet
    assert sheets
    assert read
    assert (len(sheets.settings), sheets.pages) == (14, 14)
    assert max(each.paper.body for each in sheets.settings) > 1.5 * 8
    assert read.body <= 1.4 * 8


def test_a_register_printed_twice_is_the_same_bytes() -> None:
    """Acceptance 26."""
    assert on_paper("failures", "zh-Hant").pdf() == on_paper("failures", "zh-Hant").pdf()


def test_whatever_is_written_in_a_register_is_printed_as_words_and_what_no_font_has_is_named() -> None:
    hostile = '#panic("no") $x$ `raw` <b> #image("/etc/passwd") \\u{1F600} 😀'
    data = as_data(template("hospital"))
    data["failures"][0]["title"]["en"] = hostile
    view = PrintedView("failures", subject_of(of_data(data)), "A4", Imprint("en", DAY))
    words = squeezed(printed(view.pdf(), "pdftotext", "-raw"))
    assert squeezed(hostile[:-2]) in words
    assert "root:" not in words
    assert view.missing() == (MissingGlyph("😀", "", "", hostile),)
