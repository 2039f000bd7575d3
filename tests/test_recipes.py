"""Every recipe of CONTRIBUTING.md and every page of the documentation names files that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STANDS_FOR = {
    "NAME": "nps",
    "PACKAGE": "kano",
    "AREA": "recovery",
    "PAGE": "cases",
    "KIND": "kano",
    "FORM": "xlsx",
    "FACE": "senses",
    "INSTRUMENT": "nps",
}
"""For each placeholder of a recipe one that exists."""
TEXTS = {".py", ".toml", ".yaml", ".html", ".css", ".js"}
SPEAKS = re.compile(r"""[\"':(]zh-Han[st]\b|\blang [!=]= ['"]""")
"""A language by its name, and not in prose; or words chosen by a condition on it."""
PATH = re.compile(r"`((?:src|tests|docs|tools|benchmarks|notebooks)/[^`\s]*)`")


def recipes(text: str) -> dict[str, str]:
    """Each recipe by its heading."""
    parts = re.split(r"^### ", text.partition("## Recipes")[2], flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0]: part for part in parts}


def missing(recipe: str) -> list[str]:
    """The paths of a recipe that are not there."""
    found = {
        path: re.sub("|".join(STANDS_FOR), lambda name: STANDS_FOR[name[0]], path) for path in PATH.findall(recipe)
    }
    return [path for path, example in found.items() if not any(ROOT.glob(example.rstrip("/")))]


ALL = recipes((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ALL)
def test_a_recipe_names_files_that_are_there(name: str) -> None:
    gone = missing(ALL[name])
    assert gone == [], (
        f"CONTRIBUTING.md, “{name}”, names {', '.join(gone)}: "
        "say where it is now, or, of a new placeholder, what stands for it"
    )


PAGES = sorted((ROOT / "docs").rglob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_of_the_documentation_names_files_that_are_there(page: Path) -> None:
    gone = missing(page.read_text(encoding="utf-8"))
    assert gone == [], f"{page.relative_to(ROOT)} names {', '.join(gone)}: say where it is now"


def test_the_recipe_of_a_language_names_every_file_that_speaks_one() -> None:
    paths = tuple(str(ROOT / path) for path in PATH.findall(ALL["Add a language"]))
    elsewhere = ("migrations", "samples", "locale")
    files = [path for path in (ROOT / "src").rglob("*.*") if path.suffix in TEXTS and not {*elsewhere} & {*path.parts}]
    speakers = [path for path in files if SPEAKS.search(path.read_text(encoding="utf-8"))]
    assert [str(path) for path in speakers if not str(path).startswith(paths)] == [], "name it in CONTRIBUTING.md"


def test_a_recipe_that_names_a_file_that_is_not_there_is_found() -> None:
    planted = (
        "`src/peakend/methods/NAME.py`, `src/peakend_web/views/`, `src/peakend_web/AREA/grant.py`, `tests/web/NOUN/`"
    )
    assert missing(planted) == ["src/peakend_web/views/", "src/peakend_web/AREA/grant.py", "tests/web/NOUN/"]
    assert len(ALL) >= 10
