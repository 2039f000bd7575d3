"""What every part of the document is made of: words by language, ids, days, and a base that takes no key it does not
know.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection
from datetime import date
from typing import Annotated, Final, Literal, TypeGuard, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, RootModel, model_validator
from pydantic_core import PydanticCustomError

from peakend.errors import DocumentError
from peakend.terms import LANGUAGES, Lang

LONGEST_TEXT: Final = 4000

T = TypeVar("T")
Many = Annotated[tuple[T, ...], Field(strict=False)]
"""A list of the document; it is read from lists as well as tuples, while what is in it stays strict."""
Id = Annotated[str, Field(pattern=r"^[^\W_][\w.-]{0,63}$")]
"""A name by which facts and other parts refer to this one: letters (of any script), digits, dot, hyphen, underscore."""


def _as_date(value: object) -> object:
    """A date as YAML reads it, or as JSON must write it."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("document.not_date", "not a date", {"value": value}) from None


Day = Annotated[date, BeforeValidator(_as_date)]


def _as_limit(value: object) -> object:
    if value == "today" or isinstance(value, date):
        return value
    return _as_date(str(value))


DayLimit = Annotated[date | Literal["today"], BeforeValidator(_as_limit)]
"""A day, or the day on which somebody answers."""
Share = Annotated[float, Field(ge=0, le=1)]
Amount = Annotated[float, Field(ge=0, le=1e12, allow_inf_nan=False)]
Minutes = Annotated[float, Field(ge=0, le=365 * 24 * 60, allow_inf_nan=False)]
Hours = Annotated[float, Field(ge=0, le=365 * 24, allow_inf_nan=False)]
"""A wait, a clock: at most a year."""
Days = Annotated[int, Field(ge=0, le=3_650)]
Times = Annotated[int, Field(ge=0, le=1_000_000)]


LONGEST_WORD: Final = 200


def _look_at_word(word: str) -> str:
    if len(word) > LONGEST_WORD:
        raise PydanticCustomError("document.long_text", "too long", {"length": len(word), "longest": LONGEST_WORD})
    if any(is_control(char) for char in word):
        raise PydanticCustomError("document.control_character", "a control character", {"value": repr(word[:40])})
    return word


Word = Annotated[str, AfterValidator(_look_at_word)]
"""A value that is in no language, such as that of a segment; like words, it holds no character that one cannot see."""


class Text(RootModel[dict[Lang, str]]):
    """The same words in one or more languages; at least one. `text[lang]` falls back to the nearest language that is
    there.
    """

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _is_words(cls, value: object) -> object:
        if isinstance(value, str) or not isinstance(value, dict | Text):
            raise PydanticCustomError("document.not_words", "not words by language", {"value": str(value)[:60]})
        words = value.root if isinstance(value, Text) else value
        if not words:
            raise PydanticCustomError("document.empty_text", "no words", {})
        for lang, text in words.items():
            _look_at_words(lang, text)
        return words

    def __getitem__(self, lang: Lang) -> str:
        return self.root[nearest_language(self.root, lang)]

    def has(self, lang: Lang) -> bool:
        """Whether the words are there in this very language."""
        return lang in self.root


_CODES: Final = frozenset(LANGUAGES)


def is_words(value: object) -> TypeGuard[dict[Lang, str]]:
    """Whether a value of plain data is words by language."""
    return isinstance(value, dict) and bool(value) and value.keys() <= _CODES


_NEAREST: Final[dict[Lang, tuple[Lang, ...]]] = {
    "en": ("en", "zh-Hant", "zh-Hans"),
    "zh-Hant": ("zh-Hant", "zh-Hans", "en"),
    "zh-Hans": ("zh-Hans", "zh-Hant", "en"),
}


def nearest_language(there: Collection[str], lang: Lang) -> Lang:
    """The language, of those that are there, in which words are read by whoever reads this one; at least one is."""
    return next(choice for choice in _NEAREST[lang] if choice in there)


def _look_at_words(lang: object, text: object) -> None:
    if lang not in LANGUAGES:
        raise PydanticCustomError(
            "document.unknown_language", "no such language", {"language": str(lang), "known": ", ".join(LANGUAGES)}
        )
    if not isinstance(text, str):
        raise PydanticCustomError("document.not_text", "not text", {"value": str(text)[:60]})
    if not text.strip():
        raise PydanticCustomError("document.empty_text", "empty", {})
    if len(text) > LONGEST_TEXT:
        raise PydanticCustomError("document.long_text", "too long", {"length": len(text), "longest": LONGEST_TEXT})
    if any(is_control(char) for char in text):
        raise PydanticCustomError("document.control_character", "a control character", {"value": repr(text[:40])})


def require_readable(words: str) -> None:
    """Refuse words with a character in them that nobody reads. Raises DocumentError `document.control_character`."""
    if any(map(is_control, words)):
        raise DocumentError("document.control_character", value=repr(words[:40]))


def is_control(char: str) -> bool:
    """Whether a character is none that one reads; among them those that turn round how the words after them run."""
    return (unicodedata.category(char) in {"Cc", "Cs"} and char != "\n") or unicodedata.bidirectional(char) in _TURNS


_TURNS: Final = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


class Part(BaseModel):
    """Any part of the document: strict, frozen, closed to unknown keys."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class NamedPart(Part):
    """Something with an id and a name."""

    id: Id
    title: Text
