"""The words of a question with the answers in them that it pipes: filled with what is known when the page is made, and
marked so that the page's script fills in what is answered on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe

from peakend.service.drawings.phrases import listed
from peakend.service.paths import Given
from peakend.service.piping import NEUTRAL, filled, number_words, pieces_of
from peakend.terms import Lang
from peakend_web.asking.controls.control import Choice, Look, Words
from peakend_web.asking.questionnaire import Question, Questionnaire

Pairs = list[tuple[str, str]]
"""The words of options or steps, by what is sent for them, in their order."""


class PipedWords:
    """The words of one questionnaire in one language, beside answers that were given to it."""

    def __init__(self, asked: Questionnaire, lang: Lang, given: Mapping[str, Given]) -> None:
        self._lang, self._known = lang, asked.piped
        self._pairs = {id: self._words_of(question) for id, question in asked.piped.items()}
        self._said = {id: self._answer(self._pairs[id], answer) for id, answer in given.items() if id in asked.piped}

    def plain(self, text: str) -> str:
        """A text with the answers in it, where nothing changes any more."""
        return filled(text, self._lang, self._known, self._said)

    def on_page(self, text: Words) -> Words:
        """The same as HTML: each answer in an element that names its question. What stands around is escaped."""
        if "{" not in str(text):
            return text
        pieces = (
            conditional_escape(piece)
            if isinstance(piece, str)
            else format_html(
                '<bdi data-said="{}" data-usual="{}">{}</bdi>',
                piece.item,
                piece.usual or NEUTRAL[self._lang],
                self._said.get(piece.item) or piece.usual or NEUTRAL[self._lang],
            )
            for piece in pieces_of(str(text), self._known)
        )
        return mark_safe("".join(pieces))  # noqa: S308 — every piece is escaped

    def look(self, look: Look) -> Look:
        """What a field shows, with the answers in its words."""
        unused = look.not_used and self._choice(look.not_used)
        choices = tuple(map(self._choice, look.choices))
        return replace(look, choices=choices, low=self.on_page(look.low), high=self.on_page(look.high), not_used=unused)

    def of_item(self, item: str) -> str:
        """What the script must know to pipe the answer to an item, as JSON; empty where nothing does."""
        return json.dumps(self._pairs[item], ensure_ascii=False) if item in self._known else ""

    def as_data(self, text: str) -> list[Any]:
        """A text for the script: words, and `{said, usual}` for each answer."""
        return [
            piece if isinstance(piece, str) else {"said": piece.item, "usual": piece.usual or NEUTRAL[self._lang]}
            for piece in pieces_of(text, self._known)
        ]

    def _choice(self, choice: Choice) -> Choice:
        """A button; what stands on it with answers in it is one piece of its row."""
        label = self.on_page(choice.label)
        return replace(choice, label=format_html("<span>{}</span>", label) if "{" in str(choice.label) else label)

    def _words_of(self, question: Question) -> Pairs:
        """The words on its buttons; a box that is ticked is known by its option."""
        looks = ((field, question.control.look(question.item, field, self._lang, "")) for field in question.fields)
        return [
            (field.option or choice.value, filled(str(choice.label), self._lang, self._known))
            for field, look in looks
            for choice in look.choices
        ]

    def _answer(self, pairs: Pairs, given: Given) -> str:
        chosen = [words for id, words in pairs if id in given.chosen]
        steps: Iterable[str] = map(number_words, sorted(given.values))
        return listed(chosen or [dict(pairs).get(step, step) for step in steps], self._lang)


def joints(lang: Lang) -> tuple[str, str]:
    """What stands between the first of several words, and before the last of them, as `listed` has it."""
    first, last = listed(["a", "b", "c"], lang).removeprefix("a").removesuffix("c").split("b")
    return first, last
