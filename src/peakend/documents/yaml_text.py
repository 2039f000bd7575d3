"""Plain data as YAML that a person likes to read, and changes to a text that leave the rest of it alone.

A value goes on one line where it fits and is not deep (`title: {en: "Wait", zh-Hant: "候診"}`), else one line a part.
Words stand in double quotes, ids and numbers bare.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from peakend.errors import DocumentError
from peakend.terms import LANGUAGES

from .source import Node, Source, source_of

WIDEST: Final = 150
_BARE: Final = re.compile(r"[^\W\d_][\w.-]*")
_RESERVED: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_ESCAPED: Final = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")

Edit = tuple[int, int, str]
"""Replace the text from one offset to another."""


def yaml_text(data: Any) -> str:
    """Plain data as a whole YAML text."""
    return "".join(f"{line}\n" for line in _block(data, 0)) if data else f"{_inline(data)}\n"


def edit(text: str, data: Any) -> str:
    """The text, changed only where it must be to say `data`."""
    source = source_of(text)
    if _same(source.root.as_data(), data):
        return source.text
    changed = _apply(source.text, _Editor(source).edits(source.root, data))
    # The editor works on text; what it wrote is read again, and if it says anything else the document is written anew.
    return changed if _says(changed, data) else yaml_text(data)


def _says(text: str, data: Any) -> bool:
    try:
        return _same(source_of(text).root.as_data(), data)
    except DocumentError:
        return False


def _same(left: Any, right: Any) -> bool:
    """Equality of plain data in which a list is a list, whether Python holds it as one or as a tuple, and 1 is not
    true.
    """
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right) and isinstance(left, bool) == isinstance(right, bool)


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_scalar(key)}: {_value_text(key, inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_inline, value)) + "]"
    return _scalar(value)


def _value_text(key: str, value: Any) -> str:
    """A value after its key: the words of a language always stand in quotes."""
    return _in_quotes(value) if key in LANGUAGES and isinstance(value, str) else _inline(value)


def _in_quotes(text: str) -> str:
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))


def _scalar(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | date():
            return str(value)
        case float():
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else _float(value)
    if _BARE.fullmatch(value) and value.lower() not in _RESERVED and not value.startswith("."):
        return str(value)
    return _in_quotes(value)


def _float(value: float) -> str:
    text = repr(value)
    return text if "." in text or "e" not in text else text.replace("e", ".0e")


def _depth(value: Any) -> int:
    inner: Iterable[Any] = (
        value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    )
    return 1 + max(map(_depth, inner), default=0) if isinstance(value, dict | list | tuple) else 0


def _is_flat(value: Any, room: int) -> bool:
    """Whether a value goes on one line: nothing to break, or not deep and short enough."""
    return (
        not isinstance(value, dict | list | tuple) or not value or (_depth(value) <= 2 and len(_inline(value)) <= room)
    )


def _block(value: Any, indent: int) -> Iterator[str]:
    """The lines of a collection."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _pair(key, inner, indent)
    else:
        for inner in value:
            yield from _item(inner, indent)


def _pair(key: str, value: Any, indent: int) -> Iterator[str]:
    head = f"{' ' * indent}{_scalar(key)}:"
    if _is_flat(value, WIDEST - len(head) - 1):
        yield f"{head} {_value_text(key, value)}"
    else:
        yield head
        yield from _block(value, indent + 2)


def _item(value: Any, indent: int) -> Iterator[str]:
    head = f"{' ' * indent}-"
    if _is_flat(value, WIDEST - len(head) - 1):
        yield f"{head} {_inline(value)}"
        return
    first, *rest = _block(value, indent + 2)
    yield f"{head} {first.lstrip()}"
    yield from rest


def _apply(text: str, edits: Iterable[Edit]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


class _Editor:
    """Finds the edits that make a text say other data."""

    def __init__(self, source: Source) -> None:
        self.text = source.text

    def edits(self, node: Node, data: Any) -> Iterator[Edit]:
        """Edits within one value; the value itself stays of its kind."""
        if _same(node.as_data(), data):
            return
        if node.kind == "map" and isinstance(data, dict) and data and not node.flow:
            yield from self._map(node, data)
        elif node.kind == "list" and isinstance(data, list | tuple) and data and not node.flow:
            yield from self._list(node, data)
        else:
            yield (node.start, node.end, _inline(data))

    def _map(self, node: Node, data: dict[str, Any]) -> Iterator[Edit]:
        at = self._column(node.keys[0].start)
        if node.keys[0].value not in data:
            # The first key may share its line with the dash of a list: the whole value is written anew.
            yield (node.start, node.end, "\n".join(_block(data, at)).lstrip())
            return
        yield from self._new_pairs(node, data, at)
        for before, key, item in zip(node.items, node.keys[1:], node.items[1:], strict=False):
            if key.value not in data:
                yield (self._line_end(before.end), self._line_end(item.end), "")
        for key, item in zip(node.keys, node.items, strict=True):
            if key.value in data:
                yield from self._value(key, item, data[key.value], at)

    def _value(self, key: Node, item: Node, data: Any, at: int) -> Iterator[Edit]:
        block = (
            isinstance(data, dict | list | tuple)
            and not item.flow
            and data
            and (item.kind == "map") == isinstance(data, dict)
            and item.kind != "scalar"
        )
        if _same(item.as_data(), data):
            return
        if block or (
            item.flow
            and _is_flat(data, WIDEST - at - len(key.value) - 2)
            and item.end > item.start
            and self.text[item.start] not in "|>"
        ):
            yield from self.edits(item, data)
        else:
            yield (key.start, max(item.end, self._after_colon(key)), "\n".join(_pair(key.value, data, at)).lstrip())

    def _new_pairs(self, node: Node, data: dict[str, Any], at: int) -> Iterator[Edit]:
        """Keys the text does not have, each after the key it follows in the data, or else at the end."""
        places = {key.value: item for key, item in zip(node.keys, node.items, strict=True) if key.value in data}
        after = node.items[0]
        lines: dict[int, list[str]] = {}
        for key, value in data.items():
            if key in places:
                after = places[key]
            else:
                lines.setdefault(self._line_end(after.end), []).extend(_pair(key, value, at))
        for place, new in lines.items():
            yield (place, place, "".join(f"\n{line}" for line in new))

    def _list(self, node: Node, data: list[Any] | tuple[Any, ...]) -> Iterator[Edit]:
        """The items in their new order, each with the comments above it, changed inside where needed."""
        at = self._dash(node)
        chunks = self._chunks(node)
        known = {_identity(item.as_data()): (item, chunk) for item, chunk in zip(node.items, chunks, strict=True)}
        if len(known) < len(node.items):
            known = {}
        pieces = [self._piece(known.get(_identity(value)), value, at) for value in data]
        start, end = chunks[0][0], chunks[-1][1]
        yield (start, end, "\n".join(pieces))

    def _piece(self, known: tuple[Node, tuple[int, int]] | None, value: Any, at: int) -> str:
        if known is None:
            return "\n".join(_item(value, at))
        item, (start, end) = known
        if item.kind == "scalar" or item.flow:
            return (
                self.text[start:end]
                if _same(item.as_data(), value)
                else _apply(self.text[start:end], [(item.start - start, item.end - start, _inline(value))])
            )
        return _apply(self.text[start:end], [(a - start, b - start, new) for a, b, new in self.edits(item, value)])

    def _chunks(self, node: Node) -> list[tuple[int, int]]:
        """From after the line of the item before to the end of the item's own last line, so that comments above go with
        it.
        """
        ends = [self._line_end(item.end) for item in node.items]
        return list(zip([self._line_start(node.items[0].start), *(end + 1 for end in ends)], ends, strict=False))

    def _line_end(self, offset: int) -> int:
        found = self.text.find("\n", offset)
        return len(self.text) if found < 0 else found

    def _line_start(self, offset: int) -> int:
        return self.text.rfind("\n", 0, offset) + 1

    def _column(self, offset: int) -> int:
        return offset - self._line_start(offset)

    def _dash(self, node: Node) -> int:
        start = self._line_start(node.items[0].start)
        return self.text.find("-", start) - start

    def _after_colon(self, key: Node) -> int:
        return self.text.find(":", key.end) + 1


def _identity(value: Any) -> str:
    """What makes an item of a list the same one after a change: its id, or else all of it."""
    known = value.get("id", value.get("since")) if isinstance(value, dict) else None
    return f"id {known}" if known is not None else repr(value)
