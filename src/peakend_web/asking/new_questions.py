"""What a new question of each kind says as long as nobody has worded it, and what it needs beside its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from peakend.service.edits import WorkingDocument
from peakend.service.edits.kinds import WHOLE
from peakend.service.kinds import KINDS
from peakend.terms import Lang

Words = Mapping[Lang, str]


def _words(en: str, hant: str, hans: str) -> Words:
    return {"en": en, "zh-Hant": hant, "zh-Hans": hans}


RECOMMEND: Final = _words(
    "How likely are you to recommend us to a friend?", "您有多願意向朋友推薦我們？", "您有多愿意向朋友推荐我们？"
)
SATISFIED: Final = _words("How satisfied are you with your visit?", "您對這次的服務滿意嗎？", "您对这次的服务满意吗？")
WHY: Final = _words(
    "What is the main reason for your answer?", "您這樣評分的主要原因是什麼？", "您这样打分的主要原因是什么？"
)
EASY: Final = _words("We made it easy for you today.", "今天您辦事很輕鬆、不費力。", "今天您办事很轻松、不费力。")

_OPTION: Final = (
    _words("First option", "第一個選項", "第一个选项"),
    _words("Second option", "第二個選項", "第二个选项"),
)
_ASKS: Final[Mapping[str, Words]] = {
    "nps": RECOMMEND,
    "csat": SATISFIED,
    "ces": EASY,
    "text": WHY,
    "number": _words("How many minutes did you wait?", "您等了幾分鐘？", "您等了几分钟？"),
    "single_choice": _words("Which one applies to you?", "哪一項符合您的情況？", "哪一项符合您的情况？"),
    "multi_choice": _words("Which of these apply to you?", "哪些符合您的情況？", "哪些符合您的情况？"),
    "touchpoint_rating": _words("How was this for you?", "您對這項的感受如何？", "您对这项的感受如何？"),
}
_OTHERWISE: Final = _words("How was it for you?", "您覺得如何？", "您觉得怎么样？")
_NAMED: Final[Mapping[str, str]] = {"construct": "constructs", "feature": "features"}
"""In which list of the document stands what a kind cannot do without."""


def new_question(working: WorkingDocument, kind: str) -> dict[str, Any] | None:
    """A question of a kind with words of ours, in the languages of the document; None where the document lacks what
    such a question is about.
    """
    langs: list[Lang] = working.data["languages"]
    item: dict[str, Any] = {"kind": kind}
    needs = KINDS[kind].needs | ({"touchpoint", "wording"} if kind == "touchpoint_rating" else set())
    for key in sorted(needs):
        value = _value(working, kind, key, langs)
        if value is None:
            return None
        item[key] = value
    return item


def _value(working: WorkingDocument, kind: str, key: str, langs: Sequence[Lang]) -> Any:
    if key in {"options", "rows"}:
        return [{"id": f"option-{at}", "title": _in_languages(words, langs)} for at, words in enumerate(_OPTION, 1)]
    if key == "touchpoint":
        points = (name for name in working.names() if name.startswith("touchpoints:"))
        return next((working.held(name).data["id"] for name in points), None)
    if key in _NAMED:
        return next((part["id"] for part in working.parts(WHOLE, _NAMED[key])), None)
    return _in_languages(_ASKS.get(kind, _OTHERWISE), langs)


def _in_languages(words: Words, langs: Sequence[Lang]) -> dict[Lang, str]:
    """Words in the languages of a document, as far as we have them."""
    return {lang: words[lang] for lang in langs if lang in words}
