"""The vocabulary of the field: one id for each term, with its name and definition in three languages.

Every label that a person reads, in a chart, a table, a page or a report, comes from here. The words are in `terms.toml`
beside this file; they follow the usage of Taiwan (zh-Hant) and of the mainland (zh-Hans), which differ in more than script.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

Lang = Literal["en", "zh-Hant", "zh-Hans"]
LANGUAGES: Final[tuple[Lang, ...]] = ("en", "zh-Hant", "zh-Hans")


@dataclass(frozen=True, slots=True)
class Words:
    """The same words in the three languages."""

    en: str
    zh_Hant: str  # noqa: N815 — the names of the scripts are written so
    zh_Hans: str  # noqa: N815

    def __getitem__(self, lang: Lang) -> str:
        return str(getattr(self, lang.replace("-", "_")))


@dataclass(frozen=True, slots=True)
class Term:
    """One term: its names, its definition, where it comes from, and how it is always drawn."""

    id: str
    name: Words
    definition: Words | None
    source: str | None
    colour: str | None
    mark: str | None


@cache
def vocabulary() -> dict[str, Term]:
    """Every term by id."""
    loaded = tomllib.loads(files("peakend").joinpath("terms.toml").read_text(encoding="utf-8"))
    return {id: _term(id, entry) for id, entry in loaded.items()}


def term(id: str) -> Term:
    """The term with this id; KeyError where the vocabulary has none, for that is a programmer's mistake."""
    return vocabulary()[id]


def label(id: str, lang: Lang = "en") -> str:
    """The name of a term in a language; an id that is the user's own (a touchpoint, a segment) is shown as it is."""
    known = vocabulary().get(id)
    return known.name[lang] if known else id


def _term(id: str, entry: dict[str, object]) -> Term:
    return Term(
        id=id,
        name=_words(entry),
        definition=_words(entry["definition"]) if isinstance(entry.get("definition"), dict) else None,  # type: ignore[arg-type]
        source=_text(entry.get("source")),
        colour=_text(entry.get("colour")),
        mark=_text(entry.get("mark")),
    )


def _words(entry: dict[str, object]) -> Words:
    return Words(en=str(entry["en"]), zh_Hant=str(entry["zh-Hant"]), zh_Hans=str(entry["zh-Hans"]))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
