"""Tables of results for eyes: numbers as people read them, aligned; what is not there is a dash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from peakend.field.kano.classes import TERMS
from peakend.figures import figure
from peakend.result import Table
from peakend.terms import Lang, label, term_label

NOTHING: Final = "–"
CLASS_COLUMNS: Final = frozenset({"category", "sequence"})
"""Columns that hold classes of Kano by their letters."""


@dataclass(frozen=True)
class Cell:
    """A text, whether it is a number, and what it leads to."""

    text: str
    numeric: bool = False
    href: str = ""


@dataclass(frozen=True)
class Column:
    """A heading."""

    label: str
    numeric: bool


@dataclass(frozen=True)
class Sheet:
    """A table as a page shows it."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheet(name: str, table: Table, lang: Lang, links: Mapping[str, str] = MappingProxyType({})) -> Sheet:
    """A table for eyes, without columns that say nothing in any row; a text that has an address in `links` leads
    there.
    """
    kept = [at for at in range(len(table.columns)) if any(row[at] not in (None, 0, "") for row in table.rows)]
    numeric = {at for at in kept if all(row[at] is None or isinstance(row[at], int | float) for row in table.rows)}
    columns = tuple(Column(table.labels[at], at in numeric) for at in kept)
    return Sheet(
        name,
        columns,
        tuple(
            tuple(Cell(_cell(table.columns[at], row[at], lang), at in numeric, _link(row[at], links)) for at in kept)
            for row in table.rows
        ),
    )


def _link(value: Any, links: Mapping[str, str]) -> str:
    return links.get(value, "") if isinstance(value, str) else ""


def _cell(column: str, value: Any, lang: Lang) -> str:
    """A cell by its column: a class of Kano by its name, with its letter ("must-be M"), wave by wave where there are
    several.
    """
    if column in CLASS_COLUMNS and isinstance(value, str):
        return " → ".join(
            f"{label(TERMS[letter], lang)} {letter}" if letter in TERMS else label(letter, lang)
            for letter in value.split(" → ")
        )
    return as_text(value, lang)


def as_text(value: Any, lang: Lang) -> str:
    """A value of a result's table, as text."""
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return term_label("yes" if value else "no", lang)
    if isinstance(value, int | float):
        return _number(value)
    return _words(value, lang)


def _number(value: float) -> str:
    return (
        f"{value:,}"
        if isinstance(value, int)
        else figure(value, 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3)
    )


def _words(value: Any, lang: Lang) -> str:
    """A term, a refusal, named counts, or the two ends of an interval."""
    if isinstance(value, str):
        return label(value, lang)
    if isinstance(value, Mapping):
        return (
            str(value["what"])
            if "what" in value
            else " · ".join(f"{label(str(key), lang)} {as_text(one, lang)}" for key, one in value.items())
        )
    return " … ".join(as_text(one, lang) for one in value)
