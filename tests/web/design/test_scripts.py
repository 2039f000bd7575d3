"""The scripts of the studio: what was brought along is what its authors published, and all of it is light."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import peakend_web

STATIC = Path(peakend_web.__file__).parent / "static"
NOTICE = Path(__file__).parents[3] / "NOTICE"
OWN = ("studio.js", "grid.js")


def packed(*files: Path) -> int:
    """How many bytes are sent for these."""
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


def test_what_was_brought_along_is_as_its_authors_published_it_and_is_named_with_its_licence() -> None:
    notice = NOTICE.read_text(encoding="utf-8")
    named = dict(re.findall(r"^  (\S+)  sha256 ([0-9a-f]{64})$", notice, re.MULTILINE))
    there = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (STATIC / "lib").rglob("*")
        if file.is_file()
    }
    licences = {name for name in there if name == "LICENSE"}
    assert {name: digest for name, digest in there.items() if name not in licences} == named
    assert (licences, "SortableJS 1.15.7, MIT License" in notice) == ({"LICENSE"}, True)


def test_no_script_builds_code_or_markup_styles_out_of_text() -> None:
    for name in OWN:
        text = (STATIC / "peakend_web" / name).read_text(encoding="utf-8")
        assert re.findall(r"\beval\(|new Function|setAttribute\(\"style\"|document\.write", text) == [], name


def test_the_scripts_of_a_page_are_light() -> None:
    """Packed, as they are sent: what every page of the studio loads, with the dragging, and all that the map loads."""
    studio, grid = (STATIC / "peakend_web" / name for name in OWN)
    sortable = STATIC / "lib" / "sortablejs-1.15.7" / "Sortable.min.js"
    sizes = [packed(studio), packed(studio, sortable), packed(studio, grid, sortable)]
    assert [size <= most * 1024 for size, most in zip(sizes, (10, 25, 30), strict=True)] == [True, True, True], sizes
