"""An earlier answer in the words of a later question: `How was your {drink|drink}?` asks “How was your tea?”.

`{item}` stands for the words of the options chosen there, a step in its words, or a number; `{item|words}` says what
stands there where nothing was answered. `{{` is a brace. What somebody wrote is never put into a question.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from peakend.documents.parts import Text
from peakend.service.questions import Asking, Design, ItemKeys
from peakend.terms import Lang

NEUTRAL: Final[Mapping[Lang, str]] = MappingProxyType(
    {"en": "your answer", "zh-Hant": "您的回答", "zh-Hans": "您的回答"}
)
"""What stands for an answer that is not there, where the author says nothing."""
_MARKS: Final = re.compile(r"\{\{|\{(?P<item>[^{}|]*)(?:\|(?P<usual>[^{}]*))?\}|\{")


@dataclass(frozen=True, slots=True)
class Pipe:
    """Where in a text an answer stands: the item, and the author's words for when there is none."""

    item: str
    usual: str = ""


def pieces_of(text: str, known: Collection[str]) -> Iterator[str | Pipe]:
    """A text in pieces: words, and the answers between them. What stands in braces and names none of the known items is
    words.
    """
    end = 0
    for mark in _MARKS.finditer(text):
        yield text[end : mark.start()]
        end = mark.end()
        if mark["item"] is not None and mark["item"] in known:
            yield Pipe(mark["item"], mark["usual"] or "")
        else:
            yield "{" if mark[0] == "{{" else mark[0]
    yield text[end:]


def filled(text: str, lang: Lang, known: Collection[str], said: Mapping[str, str] = MappingProxyType({})) -> str:
    """A text with the words of answers in their places; `said` are these by item, in the same language."""
    return "".join(
        piece if isinstance(piece, str) else said.get(piece.item) or piece.usual or NEUTRAL[lang]
        for piece in pieces_of(text, known)
    )


def without_answers(words: Text) -> Text:
    """Words as they read where nobody's answers are at hand: in reports, lists and files."""
    named = {name for text in words.root.values() for name in names_in_braces(text) if name}
    return Text({lang: filled(text, lang, named) for lang, text in words.root.items()})


def names_in_braces(text: str) -> Iterator[str | None]:
    """What stands in braces in a text; None for a brace that is opened and not closed."""
    for mark in _MARKS.finditer(text):
        if mark[0] != "{{":
            yield mark["item"]


def may_be_piped(design: Design, survey: Asking, item: ItemKeys) -> bool:
    """Whether the answer to an item has words of its own: options that are chosen, or one number."""
    if item.spec.is_written:
        return False
    if item.options:
        return not item.spec.is_numeric
    return item.spec.is_numeric and len(list(item.spec.fields(design, survey, item))) == 1


def number_words(value: float) -> str:
    """A number as people write it."""
    return f"{value:.12g}"
