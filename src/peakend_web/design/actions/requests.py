"""An edit as a page sends it: read and looked at before anything is done, so that whatever is sent is answered in
words.
"""

from __future__ import annotations

import json
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, get_args

from peakend.errors import DocumentError
from peakend.service.edits import Edit, Verb, WorkingDocument
from peakend.service.edits.kinds import WHOLE
from peakend.service.edits.names import kind_of
from peakend.terms import LANGUAGES
from peakend_web.base.refusals import Refusal

from .drafts import Seen

Asked = Literal["edit", "undo", "redo", "restore"]
NOT_HERE: Final = frozenset({"surveys", "rules"})
"""What is written elsewhere, with drafts of its own."""
LONGEST_NAME: Final = 200
DEEPEST: Final = 12
LARGEST: Final = 1e15


@dataclass(frozen=True)
class Request:
    """What a page asks for, under the name that it gave to it; `since` is the last step that it knows of."""

    name: uuid.UUID
    asked: Asked
    edit: Edit
    seen: Seen | None
    since: int


def read(body: bytes) -> Request:
    """What was sent. Raises Refusal `web.edit_unreadable` where it is no edit."""
    try:
        return _request(_plain(json.loads(body, parse_constant=_no_number)))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Refusal("web.edit_unreadable") from error


def _plain(sent: Any) -> Mapping[str, Any]:
    if not isinstance(sent, dict) or not _is_plain(sent):
        raise ValueError
    return sent


def _request(sent: Mapping[str, Any]) -> Request:
    verb = sent["verb"]
    asked: Asked = verb if verb in ("undo", "redo", "restore") else "edit"
    if asked == "edit" and verb not in get_args(Verb):
        raise ValueError
    texts = {key: _name(sent.get(key)) for key in ("target", "field", "around", "after")}
    lang = sent.get("lang") or None
    if lang not in (None, *LANGUAGES):
        raise ValueError
    since = sent.get("since", 0)
    value = sent.get("value")
    if verb == "set_text" and isinstance(value, str):
        value = value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()
        verb = verb if value else "clear_text"
    return Request(
        uuid.UUID(_name(sent["name"])),
        asked,
        Edit("set_value" if asked != "edit" else verb, lang=lang, value=value or None if lang else value, **texts),
        Seen(sent["seen"] or None if lang else sent["seen"]) if "seen" in sent else None,
        max(0, min(int(since), 2**31 - 1)),
    )


def _name(found: Any) -> str:
    """The name of a part or a field; empty where there is none."""
    if found is None:
        return ""
    if not isinstance(found, str) or len(found) > LONGEST_NAME or not found.isprintable():
        raise ValueError
    return found


def _no_number(found: str) -> Any:
    raise ValueError(found)


def _is_plain(value: Any, deep: int = 0) -> bool:
    """Whether any database can keep it: no text with a NUL or half a character, no number beyond all measure."""
    if deep > DEEPEST:
        return False
    if isinstance(value, str):
        return not any(unicodedata.category(char) in {"Cs", "Cc"} and char not in "\n\t\r" for char in value)
    if isinstance(value, int | float):
        return -LARGEST <= value <= LARGEST
    if isinstance(value, list):
        return all(_is_plain(each, deep + 1) for each in value)
    if isinstance(value, dict):
        return all(_is_plain(key) and _is_plain(each, deep + 1) for key, each in value.items())
    return True


def require_here(working: WorkingDocument, edit: Edit) -> None:
    """Surveys and rules are written on pages of their own. Raises DocumentError `edit.not_there`."""
    if any(key in NOT_HERE for key in _keys_around(working, edit)):
        raise DocumentError("edit.not_there", verb=edit.verb, field=edit.field)


def _keys_around(working: WorkingDocument, edit: Edit) -> Iterator[str]:
    """Under which keys of the document an edit would change something."""
    for target in {edit.target, edit.around} - {""}:
        while working.has(target) and target != WHOLE:
            held = working.held(target)
            yield held.key
            target = held.around  # noqa: PLW2901 — one step outwards
    if edit.target == WHOLE:
        yield edit.field.partition(".")[0]


def as_meant(working: WorkingDocument, edit: Edit) -> Edit:
    """The edit that a cell which was emptied comes to: a step, standard or promise without a word is none."""
    if edit.verb == "clear_text" and edit.field == "text" and working.has(edit.target):
        held = working.held(edit.target)
        words = held.data.get("text")
        if kind_of(held.around) == "touchpoints" and isinstance(words, dict) and set(words) == {edit.lang}:
            return Edit("remove", edit.target)
    return edit
