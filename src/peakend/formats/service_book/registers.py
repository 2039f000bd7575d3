"""Which sheets a workbook of a service has and which columns each: read from the schema, so that whatever the schema
gains is carried by itself.

One sheet a kind of part, one row a part, one column a field and language. What a part stands in is named in columns of
its own (`touchpoints^stages`); a map of the author's own keys to numbers, such as weights, is a sheet too. What fits no
cell of its own stands there as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from peakend.service.edits.kinds import DOCUMENT, Kind, fields, group_model, key_at, kind_of_list, kinds, part_lists
from peakend.service.journeys import LANES
from peakend.terms import LANGUAGE_NAMES, LANGUAGES, Lang, label, vocabulary

Form = Literal["text", "texts", "ids", "mark", "flag", "whole", "number", "day", "word", "json"]
"""How a field stands in its cell: words, one of them a line, ids with commas, that a group of keys is there at all, yes
or no, a whole number, a number, a day, a word or id, or JSON.
"""
LANE: Final = "lane"
"""The column of a step that says in which lane it stands."""
FIRST: Final = ("document", "journeys", "stages", "touchpoints", "steps", "standards", "promises", "personas", "needs",
                "stakeholders", "exchanges", "failures", "indicators", "weights", "features", "surveys", "items",
                "options", "rules")  # fmt: skip
"""The sheets that people look for first, in their order."""
LONGEST_CELL: Final = 32_000
_HEAD: Final = re.compile(r"(\w+)(?:\^(\w+)|\.([\w.]+?)(?::(en|zh-Hant|zh-Hans))?(?:#(\d{1,3}))?)")


@dataclass(frozen=True)
class Column:
    """One column: the path of keys that it holds, how, and of words in which language. `at` is the number of a piece
    where a value is longer than a cell.
    """

    path: tuple[str, ...]
    form: Form
    lang: Lang | None = None
    at: int = 1

    def head(self, register: str) -> str:
        """Its head for programs, in the second row."""
        lang, more = f":{self.lang}" if self.lang else "", f"#{self.at}" if self.at > 1 else ""
        return f"{register}.{'.'.join(self.path)}{lang}{more}"

    def words(self, lang: Lang) -> str:
        """Its head for people, in the first."""
        named = " · ".join(_word(key, lang) for key in self.path)
        return f"{named}（{LANGUAGE_NAMES[self.lang]}）" if self.lang else named


@dataclass(frozen=True)
class Register:
    """One sheet: its kind of part, in which parts these stand, and under which of their keys; the columns without
    languages. `is_local`: an id is unique only within the part around it.
    """

    name: str
    identity: str
    parents: tuple[str, ...]
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    needs_id: bool = True
    is_local: bool = False
    is_map: bool = False

    def heads(self, columns: Sequence[Column]) -> list[str]:
        """The heads of the second row: what the part stands in, its lane, its fields."""
        around = [f"{self.name}^{parent}" for parent in self.parents]
        lane = [f"{self.name}^{LANE}"] if len(self.keys) > 1 else []
        return [*around, *lane, *(column.head(self.name) for column in columns)]

    def words(self, columns: Sequence[Column], lang: Lang) -> list[str]:
        """The heads of the first row."""
        lane = [label(f"book.{LANE}", lang)] if len(self.keys) > 1 else []
        return [*(_word(parent, lang) for parent in self.parents), *lane, *(column.words(lang) for column in columns)]

    def in_languages(self, languages: Sequence[Lang]) -> list[Column]:
        """The columns, those of words once a language."""
        spread = [
            [replace(column, lang=lang) for lang in languages] if column.form in {"text", "texts"} else [column]
            for column in self.columns
        ]
        return [column for columns in spread for column in columns]


@dataclass(frozen=True)
class Head:
    """What a head of the second row says: the register, and a field, or the parent that a column names."""

    register: str
    parent: str = ""
    path: tuple[str, ...] = ()
    lang: Lang | None = None
    at: int = 1


def head_of(cell: str) -> Head | None:
    """What a cell of the second row says; None where it is no head."""
    found = _HEAD.fullmatch(cell.strip())
    if found is None or found[1] not in registers():
        return None
    path = tuple((found[3] or "").split(".")) if found[3] else ()
    lang = next((lang for lang in LANGUAGES if lang == found[4]), None)
    return Head(found[1], found[2] or "", path, lang, int(found[5] or 1))


def sheet_title(register: str, lang: Lang) -> str:
    """The name of a sheet's tab."""
    name = label("book.service", lang) if register == DOCUMENT else _word(register, lang)
    return re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")[:31]


def _word(key: str, lang: Lang) -> str:
    return label(f"part.{key}", lang) if f"part.{key}" in vocabulary() else key


@cache
def registers() -> Mapping[str, Register]:
    """Every sheet, by the kind of part on it, in their order."""
    found = {DOCUMENT: Register(DOCUMENT, "service", (), (), tuple(_columns(kinds()[DOCUMENT].model)))}
    for each in _registers_in(kinds()[DOCUMENT], ()):
        known = found.get(each.name)
        found[each.name] = replace(known, keys=(*known.keys, *each.keys)) if known else each
    first = [name for name in FIRST if name in found]
    return {name: found[name] for name in [*first, *(name for name in found if name not in first)]}


def _registers_in(kind: Kind, parents: tuple[str, ...]) -> Iterator[Register]:
    """The registers of what stands in parts of a kind. A part that has its id only within another is named with that
    other.
    """
    for key, model in part_lists(kind.model).items():
        inner = kinds()[kind_of_list(key)]
        needs_id = fields(model)[inner.identity].is_required()
        yield Register(inner.name, inner.identity, parents, (key,), tuple(_columns(model)), needs_id, _is_local(inner))
        yield from _registers_in(inner, (*(parents if _is_local(inner) else ()), inner.name))
    for key, info in fields(kind.model).items():
        if _is_weights(info):
            columns = (Column(("id",), "word"), Column(("value",), "number"))
            yield Register(key, "id", parents, (key,), columns, is_map=True)


def _is_local(kind: Kind) -> bool:
    """Whether an id of this kind is unique only within the part around it."""
    return "/" in kind.name_of({kind.identity: "a"}, "around:b")


def _is_weights(info: FieldInfo) -> bool:
    """Whether a key holds numbers by keys of the author's own."""
    return get_origin(info.annotation) is dict and _form(get_args(info.annotation)[1]) == "number"


def _columns(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[Column]:
    for key, info in fields(model).items():
        here = (*path, key)
        if (not path and key in part_lists(model) and key not in LANES) or _is_weights(info):
            continue
        inner = group_model(info.annotation) if _holds(model, key) == "group" else None
        if inner is None:
            yield Column(here, _form_of(model, key, info))
        elif _is_endless(inner):
            yield from _endless_columns(inner, here)
        else:
            if not any(each.is_required() for each in fields(inner).values()):
                yield Column(here, "mark")
            yield from _columns(inner, here)


def _endless_columns(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[Column]:
    """The columns of a part that may stand in itself: its own keys, and what stands in it as JSON; where it is made of
    groups of keys, the whole as JSON.
    """
    again = {key for key, info in fields(model).items() if _mentions(info.annotation, model)}
    own = [key for key in fields(model) if key not in again]
    if any(_holds(model, key) == "group" for key in own):
        yield Column(path, "json")
        return
    for key, info in fields(model).items():
        yield Column((*path, key), "json" if key in again else _form_of(model, key, info))


def _holds(model: type[BaseModel], key: str) -> str:
    return "value" if key in {"id", "service"} else key_at(model, key).holds


def _form_of(model: type[BaseModel], key: str, info: FieldInfo) -> Form:
    match _holds(model, key):
        case "text":
            return "text"
        case "texts":
            return "texts"
        case "ids":
            return "ids"
        case _:
            return _form(info.annotation)


def _form(annotation: Any) -> Form:
    """The form of a value, by the type that the schema says."""
    types = list(_types(annotation))
    held = set(types) - {type(None)}
    if dict in held or (tuple in held and not held <= {tuple, str}) or types.count(tuple) > 1:
        return "json"
    if tuple in held:
        return "ids"
    plain: dict[type, Form] = {bool: "flag", int: "whole", float: "number", date: "day", str: "word"}
    return plain.get(next(iter(held)), "json") if len(held) == 1 else "json"


def _types(annotation: Any) -> Iterator[type]:
    origin = get_origin(annotation)
    if origin is Literal:
        yield from {type(value) for value in get_args(annotation)}
    elif origin is dict:
        yield dict
    elif origin is tuple:
        yield tuple
        yield from _types(get_args(annotation)[0])
    elif isinstance(annotation, type):
        yield annotation
    else:
        for inner in get_args(annotation):
            if isinstance(inner, type) or get_args(inner):
                yield from _types(inner)


def _is_endless(model: type[BaseModel]) -> bool:
    """Whether parts of this model may stand in one another without end, such as conditions."""
    return any(_mentions(info.annotation, model) for info in fields(model).values())


def _mentions(annotation: Any, model: type[BaseModel]) -> bool:
    return annotation is model or any(_mentions(inner, model) for inner in get_args(annotation))
