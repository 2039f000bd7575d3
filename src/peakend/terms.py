"""The vocabulary of the field: one id for each term, with its name and definition in three languages.

Every label that a person reads, in a chart, a table, a page or a report, comes from here. The words are in `terms.toml`
beside this file; they follow the usage of Taiwan (zh-Hant) and of the mainland (zh-Hans), which differ in more than
script.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final, Literal, Protocol

Lang = Literal["en", "zh-Hant", "zh-Hans"]
LANGUAGES: Final[tuple[Lang, ...]] = ("en", "zh-Hant", "zh-Hans")
LANGUAGE_NAMES: Final[Mapping[Lang, str]] = MappingProxyType(
    {"en": "English", "zh-Hant": "繁體中文", "zh-Hans": "简体中文"}
)
"""What each is called by those who speak it."""


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
    """The name of a term in a language. An id that is the user's own (a touchpoint, a segment) has the name that
    `using_names` gave it, or is shown as it is.
    """
    own = _own.get().get(id)
    if own is not None:
        return own[lang]
    return term_label(id, lang)


_WHOLES: Final = ("nps", "csat", "ces", "overall", "satisfaction", "loyalty", "all_together", "yes", "no")
_SIDES: Final = (
    "score",
    "expectation",
    "perception",
    "importance",
    "adequate",
    "remembered",
    "belief",
    "delivered",
    "promised",
    "comment",
    "choice",
    "code",
)
_STATES: Final = (
    "answered",
    "skipped",
    "missing",
    "invalid",
    "not_applicable",
    "not_shown",
    "customer",
    "manager",
    "frontline",
    "auditor",
    "coach",
    "panel",
    "participant",
)
NAMES: Final = frozenset((*_WHOLES, *_SIDES, *_STATES, "functional", "dysfunctional"))
"""Terms by which data call what the product knows as well; of all others an id in data means something else ("out",
"wait", "security").
"""


def data_label(id: str, lang: Lang = "en") -> str:
    """The name of what data call so (a touchpoint, a step, a site): what `using_names` gave it, one of `NAMES`, or the
    id as it is. A heading of ours that happens to be spelled alike is not its name.
    """
    return label(id, lang) if id in NAMES or id in _own.get() or id not in vocabulary() else id


def term_label(id: str, lang: Lang = "en") -> str:
    """The product's own name of an id, whatever a service calls it: headings, yes and no, totals. An unknown id is
    shown as it is.
    """
    known = vocabulary().get(id)
    return known.name[lang] if known else id


class WordsByLanguage(Protocol):
    """Words by language: of a service document, or of the vocabulary."""

    def __getitem__(self, lang: Lang, /) -> str:
        """The words in a language."""
        ...


_own: ContextVar[Mapping[str, WordsByLanguage]] = ContextVar("own", default=MappingProxyType({}))


@contextmanager
def using_names(names: Mapping[str, WordsByLanguage]) -> Iterator[None]:
    """Within it, ids of a service (touchpoints, features, segments) are written by their names: `with
    naming(service.names): …`.
    """
    before = _own.set(names)
    try:
        yield
    finally:
        _own.reset(before)


def _term(id: str, entry: dict[str, object]) -> Term:
    return Term(
        id=id,
        name=_words(entry),
        definition=_words(defined) if isinstance(defined := entry.get("definition"), dict) else None,
        source=_text(entry.get("source")),
        colour=_text(entry.get("colour")),
        mark=_text(entry.get("mark")),
    )


def _words(entry: dict[str, object]) -> Words:
    return Words(**{lang.replace("-", "_"): str(entry[lang]) for lang in LANGUAGES})


def _text(value: object) -> str | None:
    return None if value is None else str(value)


# Characters of the simplified set that Big5 also knows as rare ones of its own, so that the code tables alone would not
# tell.
_SIMPLIFIED_TOO: Final = frozenset(
    "万与么于丰价优体儿党凄厂听圣坏复宁并庄异怀怜惊愿扑扰据机极构柜气洁洒确离种筑篱网胜腊茧荐虫蚕蜡蝎触赶适几伞亲仅众优伤"
)
_TRADITIONAL_TOO: Final = frozenset("後徵於夥乾摺")
# Written in Taiwan as well, although Big5 has no place for them.
_BOTH: Final = frozenset("着喹硷")


def wrong_script(text: str, lang: Lang) -> set[str]:
    """The characters of a text that are not written in this language's script.

    A character belongs to one script only when the code table of that script (GB 2312, Big5) has it and the other's has
    not; characters that both use are never reported. English takes no Chinese character at all.
    """
    return {char for char in text if "㐀" <= char <= "鿿" and _FOREIGN[lang](char)}


def _is_simplified(char: str) -> bool:
    return char in _SIMPLIFIED_TOO or (char not in _BOTH and _encodes(char, "gb2312") and not _encodes(char, "big5"))


def _is_traditional(char: str) -> bool:
    return char in _TRADITIONAL_TOO or (_encodes(char, "big5") and not _encodes(char, "gb2312"))


def _encodes(char: str, table: str) -> bool:
    try:
        char.encode(table)
    except UnicodeEncodeError:
        return False
    return True


_FOREIGN: Final[Mapping[Lang, Callable[[str], bool]]] = {
    "en": lambda _: True,
    "zh-Hant": _is_simplified,
    "zh-Hans": _is_traditional,
}
"""Which Chinese characters a language does not write."""
