"""From text to plain data, with the place of everything in it; what is hostile or ambiguous is refused on the way.

YAML 1.2 and, being a part of it, JSON. No tag, no anchor or alias, one document, no key twice, and limits on size,
depth and number of parts: a document of a service never needs more, and nothing larger is ever built in memory. No
object is constructed but text, numbers, truth values, days and nothing.
"""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import ScalarNode

from peakend.errors import DocumentError

LARGEST_DOCUMENT: Final = 1_048_576
"""Bytes of UTF-8."""
DEEPEST: Final = 20
MOST_PARTS: Final = 30_000


def named_file(given: Any) -> pathlib.Path:
    """The file that a path names. Raises DocumentError `document.not_a_path` for anything else: data, or a text of
    several lines.
    """
    if isinstance(given, pathlib.Path) or (isinstance(given, str) and "\n" not in given):
        return pathlib.Path(given)
    raise DocumentError(
        "document.not_a_path", found=given.partition("\n")[0][:40] if isinstance(given, str) else type(given).__name__
    )


Path = tuple[str | int, ...]
Mark = tuple[int, int]
"""Line and column, both from 1."""


@dataclass(slots=True)
class Node:
    """A value where it stands in the text: from offset `start` to `end`, `flow` where it is written with brackets or
    inline.
    """

    kind: Literal["scalar", "list", "map"]
    start: int
    mark: Mark
    flow: bool
    end: int = 0
    value: Any = None
    items: list[Node] = field(default_factory=list)
    keys: list[Node] = field(default_factory=list)
    names: set[str] = field(default_factory=set)

    def as_data(self) -> Any:
        """The value as plain data."""
        if self.kind == "map":
            return {key.value: item.as_data() for key, item in zip(self.keys, self.items, strict=True)}
        return [item.as_data() for item in self.items] if self.kind == "list" else self.value

    def child(self, step: str | int) -> tuple[Node, Node] | None:
        """The (key, value) nodes under a step of a path; in a list the value stands for its key."""
        if self.kind == "list" and isinstance(step, int) and step < len(self.items):
            return self.items[step], self.items[step]
        pairs = zip(self.keys, self.items, strict=True) if self.kind == "map" else ()
        return next(((key, item) for key, item in pairs if key.value == step), None)


@dataclass(frozen=True, slots=True)
class Source:
    """A text and what was read from it."""

    text: str
    root: Node

    def where(self, path: Path, *, key: bool = False) -> Mark:
        """Line and column of the value at a path (of its key, on request), or of the nearest thing around it that is
        there.
        """
        node, mark = self.root, self.root.mark
        for step in path:
            found = node.child(step)
            if found is None:
                return mark
            name, node = found
            mark = name.mark
        return mark if key else node.mark


def source_of(text: str | bytes) -> Source:
    """The text as nodes; DocumentError where it cannot be read or must not be."""
    whole = _decode(text)
    builder = _Builder(whole)
    try:
        for event in YAML(typ="safe", pure=True).parse(whole):
            builder.take(event)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise DocumentError(
            "document.yaml", line=line, column=column, problem=error.problem or error.context or ""
        ) from None
    except YAMLError as error:
        raise DocumentError("document.yaml", line=1, column=1, problem=str(error).splitlines()[0]) from None
    if builder.root is None:
        raise DocumentError("document.nothing")
    return Source(whole, builder.root)


def _decode(text: str | bytes) -> str:
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise DocumentError("document.encoding", position=error.start + 1) from None
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > LARGEST_DOCUMENT:
        raise DocumentError("document.large", size=size, largest=LARGEST_DOCUMENT)
    # What JSON takes for a character within a text is the end of a line to YAML, or none at all.
    return (
        re.sub("[\x85\u2028\u2029\ufffe\uffff]", lambda found: f"\\u{ord(found[0]):04x}", text)
        if text.lstrip().startswith("{")
        else text
    )


class _Builder:
    """Takes the parser's events one after another; keeps the open collections on a stack, so that depth costs no
    recursion.
    """

    def __init__(self, text: str) -> None:
        self.root: Node | None = None
        self._text = text
        self._open: list[Node] = []
        self._count = 0
        self._documents = 0
        self._resolver = YAML(typ="safe", pure=True).resolver

    def take(self, event: Any) -> None:
        match type(event).__name__:
            case "DocumentStartEvent":
                self._documents += 1
                if self._documents > 1:
                    raise DocumentError("document.several", **_place(event))
            case "AliasEvent":
                raise DocumentError("document.alias", **_place(event), name=str(event.anchor)[:40])
            case "ScalarEvent":
                self._add(
                    event,
                    Node(
                        "scalar",
                        event.start_mark.index,
                        _mark(event),
                        flow=True,
                        end=event.end_mark.index,
                        value=self._scalar(event),
                    ),
                )
            case "SequenceStartEvent":
                self._begin(event, "list")
            case "MappingStartEvent":
                self._begin(event, "map")
            case "SequenceEndEvent" | "MappingEndEvent":
                self._finish(event)

    def _begin(self, event: Any, kind: Literal["list", "map"]) -> None:
        if len(self._open) >= DEEPEST:
            raise DocumentError("document.deep", **_place(event), deepest=DEEPEST)
        node = Node(kind, event.start_mark.index, _mark(event), flow=bool(event.flow_style))
        self._add(event, node)
        self._open.append(node)

    def _finish(self, event: Any) -> None:
        node = self._open.pop()
        last = node.items[-1].end if node.items else node.start
        node.end = event.end_mark.index if node.flow else last

    def _add(self, event: Any, node: Node) -> None:
        self._count += 1
        if self._count > MOST_PARTS:
            raise DocumentError("document.many", **_place(event), most=MOST_PARTS)
        if event.anchor is not None:
            raise DocumentError("document.alias", **_place(event), name=str(event.anchor)[:40])
        if event.ctag is not None and str(event.ctag) != "!":
            raise DocumentError("document.tag", **_place(event), name=str(event.ctag)[:40])
        if node.kind == "scalar" and not event.implicit[0] and event.style in {"|", ">"}:
            node.end = node.start + len(self._text[node.start : node.end].rstrip())
        self._hang(event, node)

    def _hang(self, event: Any, node: Node) -> None:
        if not self._open:
            self.root = node
            return
        parent = self._open[-1]
        if parent.kind == "list" or len(parent.keys) > len(parent.items):
            parent.items.append(node)
        else:
            parent.keys.append(self._key(event, node, parent))

    def _key(self, event: Any, node: Node, parent: Node) -> Node:
        if node.kind != "scalar":
            raise DocumentError("document.key", **_place(event))
        # A key is a name: 2026 and true are read as the words that stand there.
        node.value = str(event.value)
        if node.value in parent.names:
            raise DocumentError("document.key_twice", **_place(event), key=node.value[:60])
        parent.names.add(node.value)
        return node

    def _scalar(self, event: Any) -> Any:
        if not event.implicit[0]:
            return _whole(event.value)
        tag = str(self._resolver.resolve(ScalarNode, event.value, (True, False)) or "")
        return _plain(tag.rsplit(":", 1)[-1], event)


def _whole(text: str) -> str:
    """The text with the halves put together that JSON writes a character beyond the first plane in."""
    if not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _plain(tag: str, event: Any) -> Any:
    text = str(event.value)
    match tag:
        case "null":
            return None
        case "bool":
            return text.lower() == "true"
        case "int" | "float":
            return _number(text, event)
        case "timestamp" if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return _day(text)
    return text


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _number(text: str, event: Any) -> int | float | str:
    """A number of decimal digits; what merely looks like one (0x1f, 1_000, 007, .inf) stays the text that was
    written.
    """
    if len(text) > 40:
        raise DocumentError("document.number", **_place(event), value=text[:40])
    if re.fullmatch(r"[-+]?(0|[1-9]\d*)", text):
        return int(text)
    decimal = re.fullmatch(r"[-+]?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?", text)
    return float(text) if decimal and abs(float(text)) < 1e300 else text


def _mark(event: Any) -> Mark:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _place(event: Any) -> dict[str, int]:
    line, column = _mark(event)
    return {"line": line, "column": column}


def walk(data: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value of plain data with its path, parents first."""
    yield path, data
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list | tuple) else ()
    for step, value in pairs:
        yield from walk(value, (*path, step))


def parts_in(data: Any) -> int:
    """How many parts plain data has, as they are counted where it is read from a text."""
    count, left = 0, [data]
    while left:
        each = left.pop()
        inner = [*each.values()] if isinstance(each, dict) else each if isinstance(each, list | tuple) else []
        count += 1 + len(each if isinstance(each, dict) else ())
        left.extend(inner)
    return count


def path_name(data: Any, path: Path) -> str:
    """A path as a person reads it: `journeys/visit/stages/arrive/title`, parts of a list by their ids where they have
    them.
    """
    steps: list[str] = []
    for step in path:
        data = _under(data, step)
        known = data.get("id") if isinstance(data, dict) and isinstance(step, int) else None
        steps.append(str(known) if isinstance(known, str) else str(step + 1) if isinstance(step, int) else step)
    return "/".join(steps)


def _under(data: Any, step: str | int) -> Any:
    try:
        return data[step]
    except (KeyError, IndexError, TypeError):
        return None
