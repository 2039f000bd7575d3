"""What kinds of part a document is made of, and what stands under their keys: read from the schema, so that whatever
the schema gains can be edited.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from peakend.documents.parts import Text
from peakend.errors import DocumentError
from peakend.service.delivery import Authority
from peakend.service.edits.names import ids_of, name_of
from peakend.service.journeys import LANES
from peakend.service.people import Exchange
from peakend.service.schema import WITHIN_PARENT, Indicators, ServiceDocument

Holds = Literal["text", "texts", "ids", "parts", "group", "value"]
"""What stands under a key: words, a list of words, a list of ids, a list of parts, keys of its own, or a value."""

DOCUMENT: Final = "document"
"""The kind of the whole."""
WHOLE: Final = name_of(DOCUMENT, "")
"""The name of the whole, as that of any part."""
STEPS: Final = "steps"

_IDENTITY: Final[Mapping[type[BaseModel], str]] = MappingProxyType(
    {Indicators: "since", Exchange: "touchpoint", Authority: "who"}
)
"""By which key a part is the same part that has no id."""


@dataclass(frozen=True)
class Kind:
    """A kind of part: its name, the model that it is of, and by which of its keys it is the same part."""

    name: str
    model: type[BaseModel]
    identity: str

    def name_of(self, part: Mapping[str, Any], around: str) -> str:
        """The name of a part, by which edits find it: its kind and id, with that of the part around it where the id is
        unique only within that; `around` is the name of what it stands in.
        """
        outer = ids_of(around) if self.name in WITHIN_PARENT else ()
        return name_of(self.name, *outer, str(part[self.identity]))


@dataclass(frozen=True)
class Key:
    """A key of a part, reached by a path of keys: what stands there, and the field of the schema that says so."""

    holds: Holds
    annotation: Any
    info: FieldInfo | None = None


def kind_of_list(key: str) -> str:
    """The kind of what a list under a key holds: steps in every lane, else what the key says."""
    return STEPS if key in LANES else key


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind of part, by its name."""
    found = {DOCUMENT: Kind(DOCUMENT, ServiceDocument, "service")}
    found |= {kind.name: kind for kind in _kinds_in(ServiceDocument, set())}
    return MappingProxyType(found)


def _kinds_in(model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[Kind]:
    if model in seen:
        return
    seen.add(model)
    for key, inner in part_lists(model).items():
        yield Kind(kind_of_list(key), inner, _IDENTITY.get(inner, "id"))
        yield from _kinds_in(inner, seen)


@cache
def fields(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """The keys of a part as they stand in the document, with their fields."""
    return MappingProxyType({info.alias or name: info for name, info in model.model_fields.items()})


def part_model(annotation: Any) -> type[BaseModel] | None:
    """The model of the parts that a list holds; None where it holds none, or is no list."""
    if get_origin(annotation) is tuple:
        inner = get_args(annotation)[0]
        named = isinstance(inner, type) and issubclass(inner, BaseModel) and not issubclass(inner, Text)
        return inner if named and ("id" in inner.model_fields or inner in _IDENTITY) else None
    return next((found for found in map(part_model, get_args(annotation)) if found), None)


@cache
def part_lists(model: type[BaseModel]) -> Mapping[str, type[BaseModel]]:
    """The keys of a part under which parts stand, with their models."""
    found = ((key, part_model(info.annotation)) for key, info in fields(model).items())
    return MappingProxyType({key: inner for key, inner in found if inner})


@cache
def key_at(model: type[BaseModel], path: str) -> Key:
    """What stands under a path of keys in a part. Raises DocumentError `edit.no_field`."""
    first, _, rest = path.partition(".")
    info = fields(model).get(first)
    if info is None or first in {"id", "service"}:
        raise DocumentError("edit.no_field", field=path)
    if not rest:
        return Key(_holds(info.annotation), info.annotation, info)
    inner = group_model(info.annotation)
    if inner is not None:
        return key_at(inner, rest)
    value = _value_of_map(info.annotation)
    if value is None or "." in rest:
        raise DocumentError("edit.no_field", field=path)
    return Key(_holds(value), value)


@dataclass(frozen=True)
class Limits:
    """Which numbers may stand somewhere: from `low` to `high`, where there are such limits, and whole ones alone."""

    low: float | None = None
    high: float | None = None
    whole: bool = False


def limits_of(key: Key) -> Limits:
    """Which numbers may stand under a key, read from the schema."""
    found = [*(key.info.metadata if key.info else ()), *_marks_in(key.annotation)]
    low = next((mark.ge for mark in found if hasattr(mark, "ge")), None)
    high = next((mark.le for mark in found if hasattr(mark, "le")), None)
    return Limits(low, high, int in _types_in(key.annotation))


def values_of(key: Key) -> tuple[str, ...]:
    """The values of which one may stand under a key; none where anything may."""
    return tuple(value for part in _types_in(key.annotation) if get_origin(part) is Literal for value in get_args(part))


def _types_in(annotation: Any) -> list[Any]:
    """What an annotation is made of: itself, and where it is one of several types or marked, each of these."""
    if get_origin(annotation) is Literal:
        return [annotation]
    return [annotation, *(inner for part in get_args(annotation) for inner in _types_in(part))]


def _marks_in(annotation: Any) -> list[Any]:
    """The marks of a type, such as its limits."""
    marked = (getattr(part, "metadata", None) for part in _types_in(annotation))
    return [mark for marks in marked for mark in marks or ()]


def group_model(annotation: Any) -> type[BaseModel] | None:
    """The model of the keys under a key, where it is no list; None where it has none of its own."""
    if isinstance(annotation, type) and get_origin(annotation) is None and issubclass(annotation, BaseModel):
        return None if issubclass(annotation, Text) else annotation
    if get_origin(annotation) in {tuple, dict}:
        return None
    return next((found for found in map(group_model, get_args(annotation)) if found), None)


def _holds(annotation: Any) -> Holds:
    if _is_words(annotation):
        return "text"
    if part_model(annotation):
        return "parts"
    if group_model(annotation):
        return "group"
    listed = _listed(annotation)
    if listed is None:
        return "value"
    return "texts" if _is_words(listed) else "ids" if _is_id(listed) else "value"


def _is_words(annotation: Any) -> bool:
    """Whether words may stand there, be it beside a list of steps."""
    if get_origin(annotation) in {tuple, dict}:
        return False
    return annotation is Text or any(_is_words(inner) for inner in get_args(annotation))


def _is_id(annotation: Any) -> bool:
    return annotation is str or str in get_args(annotation)


def _listed(annotation: Any) -> Any:
    if get_origin(annotation) is tuple:
        return get_args(annotation)[0]
    return next((found for found in map(_listed, get_args(annotation)) if found), None)


def _value_of_map(annotation: Any) -> Any:
    """What a map of the author's own keys holds, such as weights by failure."""
    if get_origin(annotation) is dict:
        return get_args(annotation)[1]
    return next((found for found in map(_value_of_map, get_args(annotation)) if found), None)
