"""What stands in a cell, and the value of the document that it is.

Words stand as they are, ids with commas between them, several texts one a line. What a cell cannot say so stands there
as JSON, in pieces where it is longer than a cell holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from peakend.documents.source import DEEPEST, walk
from peakend.formats.cells import number
from peakend.service.edits.kinds import DOCUMENT, kind_of_list, kinds, part_lists
from peakend.terms import LANGUAGES, Lang

from .registers import LANE, LONGEST_CELL, Column, Form, Register, registers

Cell = str | int | float | bool
YES: Final = frozenset({"true", "1", "yes", "y", "是", "✓", "v", "x"})
NO: Final = frozenset({"false", "0", "no", "n", "否"})
_NOWHERE: Final = frozenset("\ufffe\uffff")
"""Characters that no workbook can hold as they are."""
SEPARATORS: Final = re.compile(r"[,，、;；\s]+")
"""What stands between ids."""


class UnreadableCell(ValueError):
    """A cell that does not say what its column holds; its text is the id of the refusal."""


@dataclass(frozen=True)
class Row:
    """One row of a sheet: the cells that say what the part stands in, by their heads, and the part."""

    around: Mapping[str, str]
    part: Mapping[str, Any]


def rows_by_register(data: Mapping[str, Any]) -> dict[str, list[Row]]:
    """The parts of a document's plain data by sheet."""
    found: dict[str, list[Row]] = {name: [] for name in registers()}
    for name, names, key, part in _parts(DOCUMENT, data, ()):
        register = registers()[name]
        around = _around(register, names, key)
        if register.is_map:
            found[name].extend(Row(around, {"id": id, "value": value}) for id, value in part.items())
        else:
            found[name].append(Row(around, part))
    return found


def _around(register: Register, names: Sequence[str], key: str) -> dict[str, str]:
    lane = {f"{register.name}^{LANE}": key} if len(register.keys) > 1 else {}
    nearest = names[len(names) - len(register.parents) :] if register.parents else ()
    return {f"{register.name}^{kind}": id for kind, id in zip(register.parents, nearest, strict=True)} | lane


def _parts(
    name: str, part: Mapping[str, Any], around: tuple[str, ...], key: str = ""
) -> Iterator[tuple[str, tuple[str, ...], str, Mapping[str, Any]]]:
    """Every part with its kind, the ids of the parts that it stands in, and the key under which it stands there."""
    yield name, around, key, part
    kind = kinds()[name]
    inside = (*around, str(part.get(kind.identity, ""))) if name != DOCUMENT else ()
    for inner in part_lists(kind.model):
        held = part.get(inner)
        for each in held if isinstance(held, list) else ():
            yield from _parts(kind_of_list(inner), each, inside, inner)
    for register in registers().values():
        if register.is_map and register.parents[-1:] == (name,):
            yield register.name, inside, register.keys[0], part.get(register.keys[0], {})


def languages_of(data: Any, declared: Sequence[Lang]) -> list[Lang]:
    """The languages that a document promises, and those in which it has words beside them."""
    used = {lang for _, value in walk(data) if isinstance(value, dict) for lang in LANGUAGES if lang in value}
    return [*declared, *(lang for lang in LANGUAGES if lang in used and lang not in declared)]


def cells_of(part: Mapping[str, Any], columns: Sequence[Column], register: str) -> dict[str, Cell]:
    """The cells of a part by their heads."""
    found: dict[str, Cell] = {}
    for column in columns:
        value = _value_at(part, column.path)
        if value is None or _is_parts(value, column, register):
            continue
        if column.form == "mark":
            found[column.head(register)] = True
        elif not _fits(value, column):
            pieces = _json(value)
            for at in range(0, len(pieces), LONGEST_CELL):
                piece = Column(column.path, "json", at=at // LONGEST_CELL + 1)
                found[piece.head(register)] = pieces[at : at + LONGEST_CELL]
        elif (cell := _cell(value, column)) is not None:
            found[column.head(register)] = cell
    return found


def _is_parts(value: Any, column: Column, register: str) -> bool:
    """Whether a value is a list of parts, which have a sheet of their own."""
    return bool(value) and isinstance(value, list) and column.form == "text" and not registers()[register].is_map


def _value_at(part: Any, path: Sequence[str]) -> Any:
    for key in path:
        part = part.get(key) if isinstance(part, dict) else None
    return part


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return "".join(f"\\u{ord(char):04x}" if char in _NOWHERE else char for char in text)


def _cell(value: Any, column: Column) -> Cell | None:
    """A value as it stands in one cell; None where nothing does, or where it does not fit."""
    match column.form:
        case "text":
            return value.get(column.lang) if isinstance(value, dict) else None
        case "texts":
            lines = [each.get(column.lang) for each in value]
            return "\n".join(lines) if lines and all(lines) else None
        case "ids":
            return ", ".join(value) if value else None
        case "json":
            return None
    return value if isinstance(value, Cell) else None


def _fits(value: Any, column: Column) -> bool:
    """Whether a value is said by plain cells, one a language."""
    if column.form == "text":
        return isinstance(value, dict) and not any(_NOWHERE & set(text) for text in value.values())
    if column.form == "ids":
        return sum(len(id) + 2 for id in value) < LONGEST_CELL
    if column.form == "texts":
        alike = len({tuple(sorted(each)) for each in value}) <= 1
        long = max((sum(len(text) + 1 for text in each.values()) for each in value), default=0) * len(value)
        texts = [text for each in value for text in each.values()]
        plain = all(text == text.strip() and "\n" not in text and not _NOWHERE & set(text) for text in texts)
        return alike and plain and long < LONGEST_CELL
    return column.form != "json" or value in ({}, [])


def value_of(text: str, column: Column) -> Any:
    """The value that a cell's text says. Raises UnreadableCell; what merely has the wrong type is left to the schema,
    which says so.
    """
    return _READERS[column.form](text)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _ids(text: str) -> list[str]:
    return [id for id in SEPARATORS.split(text) if id]


def _number(text: str) -> int | float | str:
    found = number(text.strip())
    return text if found is None else int(found) if found == int(found) else found


def _day(text: str) -> str:
    return text.strip().removesuffix(" 00:00:00")


def _truth(text: str) -> bool | str:
    said = text.strip().casefold()
    return True if said in YES else False if said in NO else text


def _of_json(text: str) -> Any:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableCell("book.json") from None
    if _is_deep(value):
        raise UnreadableCell("book.json")
    return value


def _is_deep(value: Any) -> bool:
    """Whether lists and maps stand in one another deeper than a document has them."""
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
    return bool(level)


def _inside(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


_READERS: Final[Mapping[Form, Callable[[str], Any]]] = {
    "text": str,
    "texts": _lines,
    "ids": _ids,
    "json": _of_json,
    "mark": _truth,
    "flag": _truth,
    "whole": _number,
    "number": _number,
    "day": _day,
    "word": str.strip,
}
