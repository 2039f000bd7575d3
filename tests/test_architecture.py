"""The page of the architecture is what the imports are, and every path that a recipe names is there."""

from __future__ import annotations

from tools import architecture


def test_the_picture_and_the_table_of_rooms_are_those_of_the_imports() -> None:
    kept = architecture.PAGE.read_text(encoding="utf-8")
    assert architecture.page(kept) == kept, "docs/architecture.md is out of date: make architecture"
    drawn = architecture.PICTURE.read_text(encoding="utf-8")
    assert architecture.picture() == drawn, "docs/pictures/architecture.svg is out of date: make architecture"
