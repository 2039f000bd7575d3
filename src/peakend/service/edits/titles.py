"""What a part is called, and the id that a new one has from it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import Any, Final

from peakend.ids import id_from
from peakend.service.edits.names import ids_of, of_kind

_CALLED_BY: Final = ("title", "name", "text", "said", "wording")
"""Under which keys stands what a part is called: what it has of them first."""


def title_words(part: Mapping[str, Any]) -> Mapping[str, str]:
    """The words that a part is called by, by language: its title or name, else those that it begins with; none where
    it has none.
    """
    return next((part[key] for key in _CALLED_BY if isinstance(part.get(key), Mapping)), {})


def new_id(part: Mapping[str, Any], kind: str, taken: Container[str]) -> str:
    """An id for a part of a kind that has none yet, from its title in English, else in its first language; `taken` are
    ids that others of the kind have or had.
    """
    words = title_words(part)
    return id_from(str(words.get("en") or next(iter(words.values()), "")), singular(kind), taken)


def ids_in(names: Iterable[str], kind: str) -> set[str]:
    """The ids of the parts of a kind among these names, wherever they stand."""
    return {ids_of(name)[-1] for name in of_kind(kind, names)}


def singular(kind: str) -> str:
    """What one part of a kind is called in its id."""
    return f"{kind.removesuffix('ies')}y" if kind.endswith("ies") else kind.removesuffix("s")
