"""Questions out of a pasted list: what somebody has in a document, a message or a sheet becomes questions of a survey.

Each line is a question; lines under it that begin with a bullet, a letter or more white space are its options. How a
question is answered is read from what stands behind it, such as (0–10), (1-5) or （是／否）; where nothing does, from
its own words: what is asked openly is answered in words, all else on a scale from 1 to 5.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from peakend.documents.parts import LONGEST_TEXT
from peakend.ids import id_from
from peakend.service.kinds import multi_choice, nps, number, rating, single_choice, text
from peakend.service.titles import LONGEST_TITLE
from peakend.terms import Lang

MOST_QUESTIONS: Final = 100
MOST_OPTIONS: Final = 30
RECOMMENDATION, RATING, NUMBER, WORDS = nps.KIND.id, rating.KIND.id, number.KIND.id, text.KIND.id
ONE, SEVERAL = single_choice.KIND.id, multi_choice.KIND.id

_NUMBERED: Final = re.compile(
    r"^(?:(?:第\s*)?[一二三四五六七八九十百]{1,4}(?:題|题)?[、.．:：)）]|[(（][一二三四五六七八九十\d]{1,3}[)）]|"
    r"[①-⑳㈠-㈩]|Q?\d{1,3}(?:[.．、)）:：](?!\d)))\s*",
    re.IGNORECASE,
)
_BULLET: Final = re.compile(r"^(?:[-–—*•·●○◦▪□☐☑✓]|\[[ xX]?\]|[(（]?[A-Ha-h][.．)）、])\s*(?=\S)")
_TICKED: Final = re.compile(r"^(?:[□☐☑]|\[[ xX]?\])")
_BEHIND: Final = re.compile(r"\s*[(（\[【]([^()（）\[\]【】]{1,60})[)）\]】]\s*[:：]?\s*$")
_RANGE: Final = re.compile(r"^(\d{1,3})\s*(?:-|–|—|~|～|〜|to|至|到)\s*(\d{1,3})\s*(?:分|points?)?$", re.IGNORECASE)
_BARE_RANGE: Final = re.compile(r"\s+(\d{1,2})\s*[-–~～至到]\s*(\d{1,2})\s*分?\s*$")
_PLACE: Final = re.compile(r"[:：]?\s*[_＿]{2,}\s*$")
_SEVERAL: Final = re.compile(r"複選|多選|多选|可複選|all that apply|several|multiple", re.IGNORECASE)
_ONE: Final = re.compile(r"單選|单选|choose one|one only|single", re.IGNORECASE)
_OPEN: Final = re.compile(r"開放|开放|填空|文字|簡答|简答|open|text|comment|words", re.IGNORECASE)
_NUMBER: Final = re.compile(r"^(?:數字|数字|number|how many)$", re.IGNORECASE)
_RECOMMENDS: Final = re.compile(r"recommend|推薦|推荐", re.IGNORECASE)
_ASKS_OPENLY: Final = re.compile(
    r"^(?:why|what|which|where|who|please (?:describe|tell|explain)|any |anything|tell us|describe)\b|"
    r"為什麼|为什么|為何|为何|"
    r"請說明|请说明|請描述|请描述|建議|建议|意見|意见|什麼|什么|哪些|哪裡|哪里|想說|想说|原因",
    re.IGNORECASE,
)
_YES_NO: Final = re.compile(
    r"^(?:yes|是|有|會|会|y)\s*[/／|、,，]\s*(?:no|否|不是|沒有|没有|無|无|不會|不会|n)$", re.IGNORECASE
)
_SPLIT: Final = re.compile(r"\s*[/／|｜]\s*")


@dataclass(frozen=True)
class PastedQuestion:
    """A question as it was read: its words, how it is answered, its scale where it has one, and its options."""

    words: str
    kind: str = RATING
    low: int = 1
    high: int = 5
    options: tuple[str, ...] = ()
    required: bool = False

    @property
    def scale(self) -> tuple[int, ...]:
        """The ends of its scale; none where it is not answered on one of its own."""
        return (self.low, self.high) if self.kind == RATING else ()

    def as_item(self, lang: Lang, taken: set[str]) -> dict[str, Any]:
        """The question as an item of a survey, in this language, under an id that is not taken; from now on it is."""
        id = id_from(self.words if self.words.isascii() else "", self.kind.replace("_", "-"), taken)
        taken.add(id)
        item: dict[str, Any] = {"id": id, "kind": self.kind, "wording": {lang: self.words}}
        if self.scale:
            item["scale"] = {"low": self.low, "high": self.high}
        if self.options:
            item["options"] = _options(self.options, lang)
        return item | ({"required": True} if self.required else {})


def questions_in(pasted: str) -> list[PastedQuestion]:
    """The questions in a pasted text, in its order; none in one that has no words. What comes after the most that a
    survey has room for is left out, and so is what is longer than words may be.
    """
    found: list[PastedQuestion] = []
    options: list[tuple[str, bool]] = []
    depth = 0
    for line in pasted.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ").split("\n"):
        words = _plain(line)
        if not words:
            continue
        indent = len(line) - len(line.lstrip())
        if found and _is_option(words, indent, depth):
            options.append((_BULLET.sub("", words)[:LONGEST_TITLE], bool(_TICKED.match(words))))
            continue
        if found:
            found[-1] = _with_options(found[-1], options)
        if len(found) == MOST_QUESTIONS:
            return found
        options, depth = [], indent
        found.append(_question(_NUMBERED.sub("", _BULLET.sub("", words))))
    return [*found[:-1], _with_options(found[-1], options)] if found else []


def items_in(pasted: str, lang: Lang) -> list[dict[str, Any]]:
    """The same as items of a survey whose words are in this language."""
    taken: set[str] = set()
    return [question.as_item(lang, taken) for question in questions_in(pasted)]


def _plain(line: str) -> str:
    """A line without what nobody sees."""
    seen = (char for char in line if unicodedata.category(char) not in {"Cc", "Cf", "Cs"} or char == " ")
    return " ".join("".join(seen).split())


def _is_option(words: str, indent: int, depth: int) -> bool:
    """Whether a line belongs to the question above it."""
    return bool(_BULLET.match(words)) or (indent > depth and not _NUMBERED.match(words))


def _question(words: str) -> PastedQuestion:
    required = words.endswith(("*", "＊"))
    words = words.rstrip("*＊ ").strip() or words
    behind = _BEHIND.search(words)
    if behind and words[: behind.start()].strip():
        read = _answered_by(words[: behind.start()].strip(), behind[1].strip())
        if read:
            return replace(_short(read), required=required)
    bare = _BARE_RANGE.search(words)
    if bare and words[: bare.start()].strip():
        return replace(_short(_scaled(words[: bare.start()].strip(), int(bare[1]), int(bare[2]))), required=required)
    return replace(_short(_by_its_words(words)), required=required)


def _answered_by(words: str, how: str) -> PastedQuestion | None:
    """A question with what stands in brackets behind it; None where that says nothing about how it is answered."""
    if span := _RANGE.match(how):
        return _scaled(words, int(span[1]), int(span[2]))
    if _YES_NO.match(how):
        return PastedQuestion(words, ONE, options=tuple(part.capitalize() for part in _SPLIT.split(how)))
    for pattern, kind in ((_SEVERAL, SEVERAL), (_ONE, ONE), (_NUMBER, NUMBER), (_OPEN, WORDS)):
        if pattern.search(how):
            return PastedQuestion(words, kind)
    parts = tuple(dict.fromkeys(part for part in _SPLIT.split(how) if part))
    return PastedQuestion(words, ONE, options=parts) if len(parts) > 1 else None


def _scaled(words: str, low: int, high: int) -> PastedQuestion:
    if (low, high) == (0, 10) and _RECOMMENDS.search(words):
        return PastedQuestion(words, RECOMMENDATION)
    low, high = min(low, high), max(low, high)
    return PastedQuestion(words, low=low, high=high) if 0 < high - low <= 10 else PastedQuestion(words, NUMBER)


def _by_its_words(words: str) -> PastedQuestion:
    without = _PLACE.sub("", words).strip()
    if without and without != words:
        return PastedQuestion(without, WORDS)
    if _ASKS_OPENLY.search(words):
        return PastedQuestion(words, WORDS)
    return PastedQuestion(words, RECOMMENDATION) if _RECOMMENDS.search(words) else PastedQuestion(words)


def _short(question: PastedQuestion) -> PastedQuestion:
    return replace(question, words=question.words[:LONGEST_TEXT], options=question.options[:MOST_OPTIONS])


def _with_options(question: PastedQuestion, lines: Sequence[tuple[str, bool]]) -> PastedQuestion:
    """A question with the options under it: one of them is chosen, or several where they are boxes, or it says so."""
    options = tuple(dict.fromkeys(words for words, _ticked in lines if words))[:MOST_OPTIONS]
    if not options:
        bare = question.kind in {ONE, SEVERAL} and not question.options
        return replace(question, kind=WORDS) if bare else question
    if len(options) == 1 and not question.options:
        return replace(question, words=f"{question.words} {options[0]}"[:LONGEST_TEXT])
    several = question.kind == SEVERAL or all(ticked for _words, ticked in lines)
    return PastedQuestion(question.words, SEVERAL if several else ONE, options=options, required=question.required)


def _options(options: Sequence[str], lang: Lang) -> list[dict[str, Any]]:
    return list(_named(options, lang))


def _named(options: Sequence[str], lang: Lang) -> Iterator[dict[str, Any]]:
    taken: set[str] = set()
    for words in options:
        id = id_from(words if words.isascii() else "", "option", taken)
        taken.add(id)
        yield {"id": id, "title": {lang: words}}
