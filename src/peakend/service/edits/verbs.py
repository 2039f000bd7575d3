"""The verbs by which people edit a document, each on a part by its name; what each does, and when it is refused.

A verb looks at the part that it touches and at nothing else, so that it costs the same in a document of any size; what
hangs together across the document is looked at by `check`, before the draft is published.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, TypeAdapter, ValidationError

from peakend.documents.parts import LONGEST_TEXT
from peakend.documents.problems import InvalidDocument, of_schema
from peakend.errors import DocumentError
from peakend.service.edits.draft import Draft, in_order
from peakend.service.edits.effects import Effect, Place
from peakend.service.edits.kinds import Key, fields, group_model, key_at, kind_of_list, kinds, part_model
from peakend.service.journeys import LANES
from peakend.service.references import references
from peakend.terms import Lang

Verb = Literal["set_text", "clear_text", "set_value", "add", "remove", "move", "link", "unlink"]


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody asks for: a verb on the part called `target`.

    `field` is a path of its keys; of `add` and `move` the key of the list that the part comes into. `value` are the
    words, the value, the new part or the id. `around` is where a part is moved to, `after` which one it follows there,
    first where that is empty.
    """

    verb: Verb
    target: str
    field: str = ""
    lang: Lang | None = None
    value: Any = None
    around: str = ""
    after: str = ""


def effects_of(draft: Draft, edit: Edit) -> list[Effect]:
    """Do an edit, and say what it did, piece by piece; nothing where all was so already.

    Raises DocumentError: `edit.no_part`, `edit.no_field` where there is nothing of that name, `edit.not_there` where
    the verb does not fit, `edit.moved_away` where a part would come to lie in another journey or in itself,
    `edit.long_text`, and InvalidDocument where the part would not be valid any more. Then the draft is as it was.
    """
    done: list[Effect] = []
    try:
        for effect in _VERBS[edit.verb](draft, edit):
            draft.take(effect)
            done.append(effect)
        _require_valid(draft, edit.target if edit.verb != "remove" else "", done)
    except DocumentError:
        undo(draft, done)
        raise
    return done


def undo(draft: Draft, effects: list[Effect]) -> list[Effect]:
    """Undo effects, the last first; what was done for it. Raises DocumentError `edit.changed`, with nothing undone,
    where something has been changed since.
    """
    done: list[Effect] = []
    for effect in reversed(effects):
        try:
            draft.take(back := effect.reverse())
        except DocumentError:
            for again in reversed(done):
                draft.take(again.reverse())
            raise
        done.append(back)
    return done


# --- words and values -------------------------------------------------------------------------------------------------


def _set_text(draft: Draft, edit: Edit) -> Iterator[Effect]:
    text = edit.value
    if edit.lang is None or not isinstance(text, str) or not text.strip():
        raise DocumentError("edit.not_there", verb=edit.verb, field=edit.field)
    if len(text) > LONGEST_TEXT:
        raise DocumentError("edit.long_text", length=len(text), longest=LONGEST_TEXT)
    _expect(draft, edit, "text")
    yield from _groups_around(draft, edit.target, edit.field)
    words = draft.value(edit.target, edit.field)
    if isinstance(words, list):
        raise DocumentError("edit.not_there", verb=edit.verb, field=edit.field)
    was = (words or {}).get(edit.lang)
    if was != text:
        yield Effect("set", edit.target, edit.field, edit.lang, was=was, now=text)


def _clear_text(draft: Draft, edit: Edit) -> Iterator[Effect]:
    _expect(draft, edit, "text")
    words = draft.value(edit.target, edit.field)
    if edit.lang and isinstance(words, dict) and edit.lang in words:
        yield Effect("set", edit.target, edit.field, edit.lang, was=words[edit.lang])
        yield from _empty_groups(draft, edit)


def _set_value(draft: Draft, edit: Edit) -> Iterator[Effect]:
    key = _key(draft, edit)
    if key.holds in {"text", "parts"}:
        raise DocumentError("edit.not_there", verb=edit.verb, field=edit.field)
    now = _plain(key, edit.value)
    yield from _groups_around(draft, edit.target, edit.field) if now is not None else ()
    was = draft.value(edit.target, edit.field)
    if was == now:
        return
    if edit.field == "designed_as" and now is not None:
        yield from _marks_of_others(draft, edit.target, now)
    yield Effect("set", edit.target, edit.field, was=copy.deepcopy(was), now=now)
    if now is None:
        yield from _empty_groups(draft, edit)


def _marks_of_others(draft: Draft, target: str, mark: str) -> Iterator[Effect]:
    """A journey has one peak and one end: whichever touchpoint had the mark loses it in the same edit."""
    journey = _journey_of(draft, target)
    for name in list(draft.names()):
        beside = name.startswith("touchpoints:") and name != target and _journey_of(draft, name) == journey
        if beside and draft.value(name, "designed_as") == mark:
            yield Effect("set", name, "designed_as", was=mark)


def _groups_around(draft: Draft, target: str, field: str) -> Iterator[Effect]:
    """The groups of keys that a path leads through and that are not there yet."""
    steps = field.split(".")[:-1]
    for at in range(1, len(steps) + 1):
        path = ".".join(steps[:at])
        if draft.value(target, path) is None:
            yield Effect("set", target, path, now={})


KEPT_EMPTY: Final = frozenset({"moment_of_truth", "wait"})
"""What says something even where nothing is said about it: that this is one."""


def _empty_groups(draft: Draft, edit: Edit) -> Iterator[Effect]:
    """The groups around a field that hold nothing any more, the innermost first."""
    steps = edit.field.split(".")[:-1]
    for at in range(len(steps), 0, -1):
        path = ".".join(steps[:at])
        if draft.value(edit.target, path) != {} or path in KEPT_EMPTY:
            return
        yield Effect("set", edit.target, path, was={})


def _plain(key: Key, value: Any) -> Any:
    """A value as plain data, where it is one that may stand there. Raises InvalidDocument."""
    if value is None:
        return None
    limits = key.info.metadata if key.info else ()
    annotation: Any = Annotated[(key.annotation, *limits)] if limits else key.annotation
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    try:
        found = adapter.validate_python(value)
    except ValidationError as error:
        raise InvalidDocument(of_schema(error, {}, None, kinds()["document"].model)) from None
    return in_order(
        adapter.dump_python(found, mode="json", by_alias=True, exclude_unset=True), group_model(key.annotation)
    )


# --- links ------------------------------------------------------------------------------------------------------------


def _link(draft: Draft, edit: Edit) -> Iterator[Effect]:
    _expect(draft, edit, "ids")
    yield from _groups_around(draft, edit.target, edit.field)
    ids = draft.value(edit.target, edit.field) or []
    if edit.value not in ids:
        yield Effect("link", edit.target, edit.field, now=edit.value, after=str(ids[-1]) if ids else "")


def _unlink(draft: Draft, edit: Edit) -> Iterator[Effect]:
    _expect(draft, edit, "ids")
    ids = draft.value(edit.target, edit.field) or []
    if edit.value in ids:
        at = ids.index(edit.value)
        yield Effect("unlink", edit.target, edit.field, was=edit.value, after=str(ids[at - 1]) if at else "")


# --- parts ------------------------------------------------------------------------------------------------------------


def _add(draft: Draft, edit: Edit) -> Iterator[Effect]:
    if _key(draft, edit).info is None or not isinstance(edit.value, Mapping):
        raise DocumentError("edit.not_there", verb=edit.verb, field=edit.field)
    inner = part_model(key_at(draft.held(edit.target).kind.model, edit.field).annotation)
    if inner is None:
        raise DocumentError("edit.not_there", verb=edit.verb, field=edit.field)
    yield from _words_to_steps(draft, edit)
    try:
        part = inner.model_validate(edit.value).model_dump(mode="json", by_alias=True, exclude_unset=True)
    except ValidationError as error:
        raise InvalidDocument(of_schema(error, edit.value, None, inner)) from None
    name = draft.name_in(edit.target, edit.field, part)
    yield Effect("put", name, now=in_order(part, inner), place=Place(edit.target, edit.field, edit.after))


def _words_to_steps(draft: Draft, edit: Edit) -> Iterator[Effect]:
    """A lane that was written in words becomes one of steps, its words the first."""
    words = draft.value(edit.target, edit.field)
    if edit.field in LANES and isinstance(words, dict):
        first = {"id": _step_id(draft, edit.target.partition(":")[2], edit.field), "text": dict(words)}
        yield Effect("set", edit.target, edit.field, was=copy.deepcopy(words), now=[first])


def _step_id(draft: Draft, touchpoint: str, lane: str) -> str:
    numbers = range(1, 10_000)
    return next(id for at in numbers if not draft.has(f"steps:{(id := f'{touchpoint[:40]}-{lane}-{at}')}"))


def _remove(draft: Draft, edit: Edit) -> Iterator[Effect]:
    """A part goes, and with it what names it elsewhere, as far as that may do without."""
    held = draft.held(edit.target)
    if not held.around:
        raise DocumentError("edit.not_there", verb=edit.verb, field="")
    inside = set(_inside(draft, edit.target))
    yield from _links_to(draft, inside)
    yield Effect("take", edit.target, was=copy.deepcopy(held.data), place=draft.place_of(edit.target))


def _inside(draft: Draft, target: str) -> Iterator[str]:
    """The name of a part and of all that stands in it."""
    yield target
    for name in list(draft.names()):
        if draft.held(name).around == target:
            yield from _inside(draft, name)


_NAMED_AS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "touchpoints": "touchpoint",
        "features": "feature",
        "personas": "persona",
        "surveys": "survey",
        "failures": "failure",
        "segments": "segment",
        "constructs": "construct",
        "steps": "step",
        "remedies": "remedy",
        "skills": "skill",
        "courses": "course",
        "stakeholders": "person",
    }
)
"""As what a part of each kind is named by others."""


def _links_to(draft: Draft, gone: set[str]) -> Iterator[Effect]:
    """The ids in lists of other parts that name what is going."""
    named = {(_NAMED_AS.get(name.partition(":")[0]), name.partition(":")[2]) for name in gone}
    for name in list(draft.names()):
        held = draft.held(name)
        if name in gone or not held.around:
            continue
        for key in fields(held.kind.model):
            ids = held.data.get(key)
            if _holds(held.kind.model, key) == "ids" and isinstance(ids, list):
                yield from _unlinks(name, key, ids, named)


def _holds(model: type[BaseModel], key: str) -> str | None:
    """What stands under a key that may be edited; None under the id."""
    return None if key in {"id", "service"} else key_at(model, key).holds


def _unlinks(name: str, key: str, ids: list[str], named: set[tuple[str | None, str]]) -> Iterator[Effect]:
    left = list(ids)
    for reference in references({key: ids}):
        if (reference.target, reference.id) in named and reference.id in left:
            at = left.index(reference.id)
            yield Effect("unlink", name, key, was=reference.id, after=left[at - 1] if at else "")
            left.remove(reference.id)


def _move(draft: Draft, edit: Edit) -> Iterator[Effect]:
    held, before = draft.held(edit.target), draft.place_of(edit.target)
    key = edit.field or before.key
    place = Place(edit.around or before.around, key, edit.after)
    into = fields(draft.held(place.around).kind.model).get(key)
    fits = into is not None and kind_of_list(key) == held.kind.name and part_model(into.annotation) is held.kind.model
    if not fits or place.around in set(_inside(draft, edit.target)):
        raise DocumentError("edit.moved_away", target=edit.target)
    if _journey_of(draft, edit.target) != _journey_of(draft, place.around) and held.kind.name != "journeys":
        raise DocumentError("edit.moved_away", target=edit.target)
    if place.after and draft.held(place.after).around != place.around:
        raise DocumentError("edit.no_part", target=place.after)
    if place != before and place.after != edit.target:
        yield from _words_to_steps(draft, Edit("add", place.around, key))
        yield Effect("move", edit.target, place=place, before=before)


def _journey_of(draft: Draft, target: str) -> str:
    """The journey that a part stands in, or is; nothing for one that stands in none."""
    while target and not target.startswith("journeys:"):
        target = draft.held(target).around
    return target


# --- what is looked at ------------------------------------------------------------------------------------------------


def _key(draft: Draft, edit: Edit) -> Key:
    return key_at(draft.held(edit.target).kind.model, edit.field)


def _expect(draft: Draft, edit: Edit, holds: str) -> None:
    if _key(draft, edit).holds != holds:
        raise DocumentError("edit.not_there", verb=edit.verb, field=edit.field)


def _require_valid(draft: Draft, target: str, done: list[Effect]) -> None:
    """The part that was touched, without the parts in it, is still one. Raises InvalidDocument."""
    if not target or not done:
        return
    held = draft.held(target)
    lists = {key for key, info in fields(held.kind.model).items() if part_model(info.annotation)}
    own = {key: value for key, value in held.data.items() if key not in lists or isinstance(value, dict)}
    try:
        held.kind.model.model_validate(own)
    except ValidationError as error:
        raise InvalidDocument(of_schema(error, own, None, held.kind.model)) from None


_VERBS: Final[Mapping[Verb, Callable[[Draft, Edit], Iterator[Effect]]]] = MappingProxyType(
    {
        "set_text": _set_text,
        "clear_text": _clear_text,
        "set_value": _set_value,
        "add": _add,
        "remove": _remove,
        "move": _move,
        "link": _link,
        "unlink": _unlink,
    }
)
