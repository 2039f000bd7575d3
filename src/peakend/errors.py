"""Every refusal of the library: an id, what was found, where, and what to do, in three languages.

An error is raised with its catalogue id and the facts of the case; the words are in `errors.toml`
beside this file, once, so that the command line, the notebook, the page and the API say the same. Whatever stands on
the library may add a catalogue of its own (`add_catalogue`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from string import Formatter
from typing import Any, Final, Protocol, runtime_checkable


@runtime_checkable
class Sayable(Protocol):
    """A fact that each language writes in its own way: a list, a range."""

    def say(self, lang: str) -> str:
        """As the language writes it."""
        ...


class _Counting(Formatter):
    """Fills a text as `str.format` does; and "{n:visit|visits}" as "1 visit" or "2,746 visits"."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if "|" not in format_spec:
            return str(super().format_field(value, format_spec))
        one, _, more = format_spec.partition("|")
        shown = f"{value:,}" if isinstance(value, int) else str(value)
        return f"{shown} {one if shown == '1' else more}"


def fill(text: str, fields: Mapping[str, object]) -> str:
    """A text with the facts of a case in it, one of a thing in the singular where English has one."""
    return _Counting().vformat(text, (), dict(fields))


class PeakendError(Exception):
    """The base of every error that the library raises on purpose.

    `id` is stable and may be searched for; `fields` are the facts of this case; `message(lang)` says what was found
    and where, `hint(lang)` what to do about it.
    """

    def __init__(self, id: str, **fields: object) -> None:
        self.id = id
        self.fields = fields
        super().__init__(id)

    def message(self, lang: str = "en", said: Mapping[str, object] | None = None) -> str:
        """What was found, and where; `said` are the facts of this case as the reader calls them, where that is
        otherwise.
        """
        return fill(_words(self.id, lang)["what"], self.fields_in(lang) if said is None else said)

    def hint(self, lang: str = "en", said: Mapping[str, object] | None = None) -> str:
        """What to do about it."""
        return fill(_words(self.id, lang)["do"], self.fields_in(lang) if said is None else said)

    def fields_in(self, lang: str) -> dict[str, object]:
        """The facts of this case; those that are written otherwise in each language, in this one."""
        return {name: value.say(lang) if isinstance(value, Sayable) else value for name, value in self.fields.items()}

    def as_dict(self, lang: str = "en") -> dict[str, object]:
        """The error as data, for the API and `--json`."""
        fields = {
            name: value if isinstance(value, int | float | str) else str(value) for name, value in self.fields.items()
        }
        return {"error": self.id, "what": self.message(lang), "do": self.hint(lang), **fields}

    def __str__(self) -> str:
        return f"[{self.id}] {self.message()} {self.hint()}"


class FactsError(PeakendError):
    """A table that is not of the shape or the values that facts have."""


class MethodError(PeakendError):
    """A method cannot be computed on these facts, and says what would make it possible."""


class DocumentError(PeakendError):
    """A service document, or a mapping, that cannot be read or does not hold together."""


class FormatError(PeakendError):
    """A file from outside that cannot be read."""


_catalogues: Final[list[Traversable]] = [files("peakend").joinpath("errors.toml")]


def add_catalogue(file: Traversable) -> None:
    """Read this catalogue too from now on: a TOML file of the same form, with the ids that another package raises.

    A package says so where it is imported (`files(__package__).joinpath(…)`), so that it holds in each of its
    processes. An id that stands in two catalogues is a ValueError of `catalogue`.
    """
    if file not in _catalogues:
        _catalogues.append(file)
        catalogue.cache_clear()


@cache
def catalogue() -> dict[str, dict[str, dict[str, str]]]:
    """Every error id of every catalogue, with its words by language: `{id: {lang: {"what": …, "do": …}}}`."""
    entries: dict[str, dict[str, dict[str, str]]] = {}
    for file in _catalogues:
        own = tomllib.loads(file.read_text(encoding="utf-8"))
        if twice := entries.keys() & own.keys():
            raise ValueError(f"in two catalogues of errors: {', '.join(sorted(twice))}")
        entries |= own
    return entries


def check_language(lang: str) -> None:
    """Raise PeakendError `language.unknown` for a language in which nothing is written."""
    known = catalogue()["language.unknown"]
    if lang not in known:
        raise PeakendError("language.unknown", found=lang, known=", ".join(known))


def _words(id: str, lang: str) -> dict[str, str]:
    check_language(lang)
    return catalogue()[id][lang]
