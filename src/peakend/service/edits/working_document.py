"""A document that is being edited: plain data in which every part is found by its name.

The keys of each part stand in the order of the schema, words in that of the languages, an author's own keys in that of
the alphabet: so the same document is the same bytes, however it came about.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from peakend.documents.parts import is_words
from peakend.documents.source import Path
from peakend.errors import DocumentError
from peakend.ids import numbered_id
from peakend.service.document import as_data
from peakend.service.edits.effects import Effect, Place
from peakend.service.edits.kinds import (
    DOCUMENT,
    WHOLE,
    Kind,
    fields,
    group_model,
    kind_of_list,
    kinds,
    part_lists,
    part_model,
)
from peakend.service.edits.names import kind_of
from peakend.service.schema import ServiceDocument
from peakend.service.titles import singular
from peakend.terms import LANGUAGES


@dataclass(slots=True)
class Held:
    """A part in a document: its kind, its data, and the part and key that it stands in."""

    kind: Kind
    data: dict[str, Any]
    around: str
    key: str


class WorkingDocument:
    """A document that takes effects one after another."""

    retired: Collection[str] = frozenset()
    """The names of parts that are no more, whose ids nothing may have again."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data: dict[str, Any] = in_order(with_ids(data), ServiceDocument)
        self._held: dict[str, Held] = {}
        self._enter(Held(kinds()[DOCUMENT], self.data, "", ""), WHOLE)

    @classmethod
    def of_ordered(cls, data: dict[str, Any]) -> WorkingDocument:
        """A document of data that is in order and has all ids, as what was kept has. It is edited in place, for a copy
        takes longer than an edit: whoever gives it away looks at it no more.
        """
        working = cls.__new__(cls)
        working.data, working._held = data, {}
        working._enter(Held(kinds()[DOCUMENT], data, "", ""), WHOLE)
        return working

    @classmethod
    def of(cls, service: ServiceDocument) -> WorkingDocument:
        """The document of a service."""
        return cls(as_data(service))

    def held(self, target: str) -> Held:
        """The part of a name. Raises DocumentError `edit.no_part`."""
        found = self._held.get(target)
        if found is None:
            raise DocumentError("edit.no_part", target=target)
        return found

    def has(self, target: str) -> bool:
        """Whether there is a part of this name."""
        return target in self._held

    def names(self) -> Iterator[str]:
        """The names of all parts."""
        return iter(self._held)

    def parts(self, around: str, key: str) -> list[dict[str, Any]]:
        """The parts in a list, none where there is no list; words in a lane are no part."""
        found = self.held(around).data.get(key)
        return found if isinstance(found, list) else []

    def name_in(self, around: str, key: str, part: Mapping[str, Any]) -> str:
        """The name of a part that stands, or is to stand, in a list."""
        return kinds()[kind_of_list(key)].name_of(part, around)

    def names_in(self, around: str, key: str) -> list[str]:
        """The names of the parts in a list, in their order."""
        return [self.name_in(around, key, part) for part in self.parts(around, key)]

    def last_in(self, around: str, key: str) -> str:
        """The name of the last part in a list, behind which a further one comes; empty where there is none."""
        return next(reversed(self.names_in(around, key)), "")

    def name_at(self, path: Path) -> tuple[str, Path]:
        """The name of the part in which a path of the document ends, and the path from there."""
        name, data, kind = WHOLE, self.data, kinds()[DOCUMENT]
        while len(path) > 1 and isinstance(data.get(key := str(path[0])), list) and key in part_lists(kind.model):
            kind, data = kinds()[kind_of_list(key)], data[key][path[1]]
            name, path = kind.name_of(data, name), path[2:]
        return name, path

    def place_of(self, target: str) -> Place:
        """Where a part stands."""
        held = self.held(target)
        names = self.names_in(held.around, held.key)
        at = names.index(target)
        return Place(held.around, held.key, names[at - 1] if at else "")

    def value(self, target: str, field: str) -> Any:
        """What stands in a part under a path of keys; None where nothing does."""
        data: Any = self.held(target).data
        for key in field.split("."):
            data = data.get(key) if isinstance(data, dict) else None
        return data

    def take(self, effect: Effect) -> None:
        """Do one effect. Raises DocumentError `edit.changed` where something else stands there than it says, and
        changes nothing then.
        """
        getattr(self, f"_{effect.does}")(effect)

    # --- one effect each ----------------------------------------------------------------------------------------------

    def _set(self, effect: Effect) -> None:
        held = self.held(effect.target)
        path = effect.field.split(".") + ([effect.lang] if effect.lang else [])
        around, key = self._container(held.data, path, effect)
        _same(around.get(key), effect.was, effect)
        stays = key in around and not isinstance(effect.now, list | dict)
        if effect.now is None:
            around.pop(key, None)
        else:
            around[key] = self._ordered(held, effect)
        if effect.lang and not around:
            self._drop_words(held.data, path[:-1])
        # What takes the place of another keeps its order, and to look for it takes longer than all the rest.
        if not stays:
            self._arrange(effect.target)
        if isinstance(effect.was, list | dict) or isinstance(effect.now, list | dict):
            self._enter_anew(effect.target)

    def _ordered(self, held: Held, effect: Effect) -> Any:
        """What is set, in a copy: a list of parts with the keys of each in order, however the effect was kept."""
        now = copy.deepcopy(effect.now)
        return in_order(now, part_lists(held.kind.model).get(effect.field)) if isinstance(now, list) else now

    def _container(self, data: dict[str, Any], path: list[str], effect: Effect) -> tuple[dict[str, Any], str]:
        """The map that holds the last key of a path; of words, it comes with its first language."""
        *steps, last = path
        for at, step in enumerate(steps):
            if effect.lang and at == len(steps) - 1:
                data.setdefault(step, {})
            found = data.get(step)
            if not isinstance(found, dict):
                raise DocumentError("edit.changed", target=effect.target, field=effect.field)
            data = found
        return data, last

    def _drop_words(self, data: dict[str, Any], path: list[str]) -> None:
        for step in path[:-1]:
            data = data[step]
        del data[path[-1]]

    def _put(self, effect: Effect) -> None:
        place, brought = _place(effect), names_brought(effect)
        if len(set(brought)) < len(brought) or any(map(self.has, brought)):
            raise DocumentError("edit.changed", target=effect.target, field="")
        around = self.held(place.around)
        if not isinstance(around.data.get(place.key, []), list):
            raise DocumentError("edit.changed", target=place.around, field=place.key)
        parts = around.data.setdefault(place.key, [])
        kind = kinds()[kind_of_list(place.key)]
        part = in_order(copy.deepcopy(effect.now), kind.model)
        parts.insert(self._position(place), part)
        self._enter(Held(kind, part, place.around, place.key), effect.target)
        self._arrange(place.around)

    def _take(self, effect: Effect) -> None:
        held = self.held(effect.target)
        _same(held.data, effect.was, effect)
        self._pull(effect.target)
        self._forget(effect.target)

    def _move(self, effect: Effect) -> None:
        held, place = self.held(effect.target), _place(effect)
        around = self.held(place.around)
        if not isinstance(around.data.get(place.key, []), list) or place.after == effect.target:
            raise DocumentError("edit.changed", target=place.around, field=place.key)
        self._pull(effect.target)
        around.data.setdefault(place.key, []).insert(self._position(place), held.data)
        held.around, held.key = place.around, place.key
        self._arrange(place.around)

    def _pull(self, target: str) -> None:
        """Take a part out of its list, and a list out that holds nothing more."""
        held = self.held(target)
        around = self.held(held.around).data
        around[held.key] = [part for part in around[held.key] if part is not held.data]
        if not around[held.key]:
            del around[held.key]

    def _position(self, place: Place) -> int:
        """At which number a part comes in; last where what it should follow is gone."""
        names = self.names_in(place.around, place.key)
        if not place.after:
            return 0
        return names.index(place.after) + 1 if place.after in names else len(names)

    def _link(self, effect: Effect) -> None:
        around, key = self._container(self.held(effect.target).data, effect.field.split("."), effect)
        ids = list(around.get(key, ()))
        if effect.now in ids:
            raise DocumentError("edit.changed", target=effect.target, field=effect.field)
        at = ids.index(effect.after) + 1 if effect.after in ids else 0 if not effect.after else len(ids)
        stays = key in around
        around[key] = [*ids[:at], effect.now, *ids[at:]]
        if not stays:
            self._arrange(effect.target)

    def _unlink(self, effect: Effect) -> None:
        around, key = self._container(self.held(effect.target).data, effect.field.split("."), effect)
        ids = list(around.get(key, ()))
        if effect.was not in ids:
            raise DocumentError("edit.changed", target=effect.target, field=effect.field)
        around[key] = [id for id in ids if id != effect.was]
        if not around[key]:
            del around[key]

    # --- what is found by which name ----------------------------------------------------------------------------------

    def _arrange(self, target: str) -> None:
        """Bring the keys of a part into their order, at the same place in memory."""
        held = self.held(target)
        ordered = in_order(held.data, held.kind.model, deep=False)
        held.data.clear()
        held.data.update(ordered)

    def _enter(self, held: Held, name: str) -> None:
        self._held[name] = held
        for key in part_lists(held.kind.model):
            parts = held.data.get(key)
            for part in parts if isinstance(parts, list) else ():
                kind = kinds()[kind_of_list(key)]
                self._enter(Held(kind, part, name, key), kind.name_of(part, name))

    def _enter_anew(self, name: str) -> None:
        """Find the parts of a part again after a whole list in it was set."""
        held = self._held[name]
        self._forget(name)
        self._enter(held, name)

    def _forget(self, name: str) -> None:
        """A part and all that stands in it are found no more."""
        for other in [other for other, each in self._held.items() if each.around == name]:
            self._forget(other)
        del self._held[name]


def names_brought(effect: Effect) -> list[str]:
    """The names of the parts that an effect brings: the one that is put, or those of a list that is set, each with all
    in it.
    """
    model = kinds()[kind_of(effect.target)].model
    if effect.does == "put":
        return [effect.target, *_names_within(model, effect.now, effect.target)]
    is_list = effect.does == "set" and effect.field in part_lists(model) and isinstance(effect.now, list)
    return [*_names_within(model, {effect.field: effect.now}, effect.target)] if is_list else []


def _names_within(model: type[BaseModel], data: Mapping[str, Any], name: str) -> Iterator[str]:
    for key in part_lists(model):
        parts, kind = data.get(key), kinds()[kind_of_list(key)]
        for part in parts if isinstance(parts, list) else ():
            inner = kind.name_of(part, name)
            yield inner
            yield from _names_within(kind.model, part, inner)


@cache
def _models(model: type[BaseModel]) -> Mapping[str, Any]:
    """The model of what stands under each key of a part, None where it has no keys of the schema's."""
    annotations = {key: info.annotation for key, info in fields(model).items()}
    return MappingProxyType(
        {
            key: part_model(annotation) or group_model(annotation) or _listed_model(annotation)
            for key, annotation in annotations.items()
        }
    )


def _same(found: Any, expected: Any, effect: Effect) -> None:
    if found != expected:
        raise DocumentError("edit.changed", target=effect.target, field=effect.field)


def _place(effect: Effect) -> Place:
    if effect.place is None:
        raise DocumentError("edit.no_part", target=effect.target)
    return effect.place


def in_order(data: Any, model: Any, *, deep: bool = True) -> Any:
    """Plain data with the keys of every part in the order of the schema."""
    if isinstance(data, list | tuple):
        return [in_order(part, model) for part in data]
    if not isinstance(data, dict):
        return data
    if is_words(data):
        return {lang: data[lang] for lang in LANGUAGES if lang in data}
    if not isinstance(model, type) or not issubclass(model, BaseModel):
        return {key: data[key] for key in sorted(data)}
    known, lists = _models(model), part_lists(model)
    ordered = [key for key in known if key in data] + [key for key in data if key not in known]
    return {
        key: data[key]
        if not deep and key in lists and isinstance(data[key], list)
        else in_order(data[key], known.get(key))
        for key in ordered
    }


def _listed_model(annotation: Any) -> Any:
    """The model of what a list holds that has no id of its own, such as the conditions of a rule."""
    for inner in getattr(annotation, "__args__", ()):
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            return inner
    return None


Nameless = list[tuple[Kind, dict[str, Any]]]
"""Parts that have no id yet."""


def with_ids(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a document with an id for every part that may do without one, such as a rule or a need: from its kind
    and the next free number.
    """
    copied: dict[str, Any] = copy.deepcopy(dict(data))
    taken: dict[str, set[str]] = {}
    nameless: Nameless = []
    _look_for_ids(copied, ServiceDocument, taken, nameless)
    for kind, part in nameless:
        part["id"] = numbered_id(singular(kind.name), taken.setdefault(kind.name, set()))
        taken[kind.name].add(part["id"])
    return copied


def _look_for_ids(
    data: dict[str, Any],
    model: type[BaseModel],
    taken: dict[str, set[str]],
    nameless: Nameless,
) -> None:
    for key, inner in part_lists(model).items():
        parts = data.get(key)
        for part in parts if isinstance(parts, list | tuple) else ():
            kind = kinds()[kind_of_list(key)]
            if kind.identity in part:
                taken.setdefault(kind.name, set()).add(str(part[kind.identity]))
            else:
                nameless.append((kind, part))
            _look_for_ids(part, inner, taken, nameless)
