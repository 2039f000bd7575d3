"""The scripts of the studio: what was brought along is what its authors published, and all of it is light."""

from __future__ import annotations

import gzip
import hashlib
import re
from pathlib import Path

import peakend_web

STATIC = Path(peakend_web.__file__).parent / "static"
NOTICE = Path(__file__).parents[3] / "NOTICE"
OWN = ("studio.js", "grid.js", "grid_edit.js")
SORTABLE = STATIC / "lib" / "sortablejs-1.15.7" / "Sortable.min.js"
KB = 1024


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
    """Acceptance 15. Packed, as they are sent: what one loads who only looks at a map, what one who edits it, and with
    what drags, which comes when somebody first goes to a handle.
    """
    studio, grid, edit = (STATIC / "peakend_web" / name for name in OWN)
    sizes = {
        "looks": (packed(grid), 3),
        "edits a part": (packed(studio), 6.5),
        "edits the map": (packed(studio, grid, edit), 16.5),
        "studio.js and Sortable": (packed(studio, SORTABLE), 25),
    }
    assert {what: size for what, (size, most) in sizes.items() if size > most * KB} == {}
