"""docs/instruments.md is what the files of the instruments say now (`make pages` prints it again)."""

from __future__ import annotations

from tools import instrument_pages


def test_the_page_of_instruments_is_printed_from_their_files() -> None:
    assert instrument_pages.PAGE.read_text(encoding="utf-8") == instrument_pages.page(), "make pages"
