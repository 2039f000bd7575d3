"""Titles: under which keys a part has its own, how long they may be, and the id that a new part gets from one."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any, Final

from peakend.documents.parts import LONGEST_TEXT
from peakend.documents.source import Path, walk
from peakend.ids import id_from

LONGEST_TITLE: Final = 200
"""Characters of a title or a name: what has room at a place of a drawing, in a cell and in a menu."""
_TITLES: Final = frozenset({"title", "name"})
_CALLED_BY: Final = ("title", "name", "text", "said", "wording")
"""Under which keys stands what a part is called; the first that it has is it."""


def title_words(part: Mapping[str, Any]) -> Mapping[str, str]:
    """The words that a part is called by, by language: its title or name, else those that it begins with; none where
    it has none.
    """
    return next((part[key] for key in _CALLED_BY if isinstance(part.get(key), Mapping)), {})


def longest_words(path: str) -> int:
    """How many characters words may have that stand in a part under a path of keys."""
    return LONGEST_TITLE if path.rpartition(".")[2] in _TITLES else LONGEST_TEXT


def long_titles(data: Any) -> Iterator[tuple[Path, str]]:
    """The titles in plain data that are longer than they may be, each with its path."""
    for path, value in walk(data):
        if isinstance(value, str) and len(path) > 1 and path[-2] in _TITLES and len(value) > LONGEST_TITLE:
            yield path, value


def new_id(part: Mapping[str, Any], kind: str, taken: Container[str]) -> str:
    """An id for a part of a kind that has none yet, from its title in English, else in its first language; `taken` are
    ids that others of the kind have or had.
    """
    words = title_words(part)
    return id_from(str(words.get("en") or next(iter(words.values()), "")), singular(kind), taken)


def singular(kind: str) -> str:
    """What one part of a kind is called in its id."""
    return f"{kind.removesuffix('ies')}y" if kind.endswith("ies") else kind.removesuffix("s")
