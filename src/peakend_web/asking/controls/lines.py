"""A line to write in: a number, or words."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import ClassVar, Final, Literal

from peakend.service.questions import AnswerField
from peakend.service.surveys import Item
from peakend.terms import Lang
from peakend_web.asking.answers import GivenAnswer
from peakend_web.base.refusals import Refusal

from .control import Control, Look, Reading
from .scale import read_step

_CONTROL: Final = re.compile(r"[\x00\ud800-\udfff]")
_BLANKS: Final = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200B))
)
"""What a browser takes for blank at the ends of a text: page and server agree on whether anything was written."""


@dataclass(frozen=True, kw_only=True)
class Line(Control):
    """Something that is written."""

    can_be_emptied: ClassVar[bool] = True

    def look(self, item: Item, field: AnswerField, lang: Lang, said: str) -> Look:
        """What was written."""
        del item, field, lang
        return Look(text=said)


@dataclass(frozen=True, kw_only=True)
class Number(Line):
    """A number; a step of its scale, where it has one."""

    def read(self, field: AnswerField, given: GivenAnswer) -> Reading:
        """The number; raises `survey.number_needed`, `survey.value_outside`."""
        if given.value is None and not given.text:
            return "skipped", None, None
        if given.value is None or not math.isfinite(given.value):
            raise Refusal("survey.number_needed", item=field.name, field=field.name)
        return ("answered", float(given.value), None) if field.low is None else read_step(field, given)


@dataclass(frozen=True, kw_only=True)
class Comment(Line):
    """Words in several lines."""

    sends: ClassVar[Literal["text"]] = "text"

    def read(self, field: AnswerField, given: GivenAnswer) -> Reading:
        """The words; raises `survey.words_needed`, `survey.text_nul`, `survey.text_long`."""
        if given.value is not None or given.not_used:
            raise Refusal("survey.words_needed", item=field.name, field=field.name)
        text = (given.text or "").replace("\r\n", "\n").strip(_BLANKS)
        if _CONTROL.search(text):
            raise Refusal("survey.text_nul", item=field.name, field=field.name)
        if len(text) > field.longest:
            raise _too_long(field, len(text))
        return ("answered", None, text) if text else ("skipped", None, None)


def _too_long(field: AnswerField, length: int) -> Refusal:
    return Refusal(
        "survey.text_long",
        item=field.name,
        length=length,
        longest=field.longest,
        over=length - field.longest,
        field=field.name,
    )
