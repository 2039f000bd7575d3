"""Every method has its page in docs/methods, and what stands on it is what the code says now (`make pages` prints them
again).
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from tools import method_pages as pages

from peakend.methods import METHODS
from peakend.result import Method

EVERY = [pytest.param(method, id=method.id) for method in METHODS]


def text(method: Method[Any]) -> str:
    path = pages.PAGES / f"{method.id}.md"
    return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.mark.parametrize("method", EVERY)
def test_the_page_of_a_method_says_what_the_code_says(method: Method[Any]) -> None:
    """The output of the example is not run again; its figures are held by the tests of the method."""
    page = text(method)
    missing = [part.splitlines()[0] for part in pages.fixed(method) if part not in page]
    assert missing == [], f"print it again: make pages, or python -m tools.method_pages {method.id}"


@pytest.mark.parametrize("method", EVERY)
def test_the_page_shows_an_example_of_this_version_with_its_picture(method: Method[Any]) -> None:
    page = text(method)
    assert f"$ peakend {method.id} " in page
    assert f"\n{method.definition} · {method.checked}\n" in page
    pictures = re.findall(r"\]\((pictures/[^)]+)\)", page)
    assert pictures
    assert all((pages.PAGES / picture).stat().st_size < 80_000 for picture in pictures)


@pytest.mark.parametrize("method", EVERY)
def test_the_page_says_when_not_to_use_the_method(method: Method[Any]) -> None:
    assert re.search(r"## When not to use it\n\n- .{20,}", text(method))


@pytest.mark.parametrize("method", EVERY)
def test_the_page_tells_in_whole_sentences_how_the_method_is_computed(method: Method[Any]) -> None:
    told = re.search(r"## How it is computed\n\n(.+?)\n\n## ", text(method), re.DOTALL)
    paragraphs = told[1].split("\n\n") if told else [""]
    assert paragraphs[0].endswith((".", ":"))
    assert paragraphs[-1].endswith(".")
    assert not re.search(r"Checked\s+against", told[1] if told else "")


def test_the_list_of_methods_is_whole_and_no_page_is_left_over() -> None:
    assert (pages.PAGES / "README.md").read_text(encoding="utf-8") == pages.index()
    assert {path.stem for path in pages.PAGES.glob("*.md")} == {"README", *(method.id for method in METHODS)}
    assert {path.stem for path in (pages.PAGES / "pictures").glob("*.svg")} <= {method.id for method in METHODS}
    assert set(pages.notes()) <= {method.id for method in METHODS}
