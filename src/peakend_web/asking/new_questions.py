"""What a new question of each kind says as long as nobody has worded it, and what it needs beside its words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from peakend.service.edits import WorkingDocument
from peakend.service.edits.kinds import WHOLE
from peakend.service.kinds import KINDS
from peakend.terms import Lang
from peakend_web.asking.controls.kind_words import in_three
from peakend_web.asking.kinds import WORDS

_OPTION: Final = (
    in_three("First option", "第一個選項", "第一个选项"),
    in_three("Second option", "第二個選項", "第二个选项"),
)
_NAMED: Final[Mapping[str, str]] = {"construct": "constructs", "feature": "features"}
"""In which list of the document stands what a kind cannot do without."""


def new_question(working: WorkingDocument, kind: str) -> dict[str, Any] | None:
    """A question of a kind with words of ours, in the languages of the document; None where the document lacks what
    such a question is about.
    """
    langs: list[Lang] = working.data["languages"]
    item: dict[str, Any] = {"kind": kind}
    for key in sorted(KINDS[kind].needs | WORDS[kind].also_needs):
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
    return _in_languages(WORDS[kind].asks, langs)


def _in_languages(words: Mapping[Lang, str], langs: Sequence[Lang]) -> dict[Lang, str]:
    """Words in the languages of a document, as far as we have them."""
    return {lang: words[lang] for lang in langs if lang in words}
