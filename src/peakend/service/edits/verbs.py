"""The verbs by which people edit a document, each on a part by its name; what each does, and when it is refused.

A verb looks at the part that it touches and at nothing else, so that it costs the same in a document of any size; what
hangs together across the document is looked at by `check`, before the draft is published.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from pydantic import TypeAdapter, ValidationError

from peakend.documents.parts import LONGEST_TEXT
from peakend.documents.problems import InvalidDocument, of_schema
from peakend.documents.source import Path
from peakend.errors import DocumentError
from peakend.ids import numbered_id
from peakend.service.edits.effects import Effect, Place
from peakend.service.edits.kinds import (
    STEPS,
    Key,
    group_model,
    key_at,
    kind_of_list,
    kinds,
    part_lists,
    part_model,
)
from peakend.service.edits.names import id_of, ids_in, ids_of, kind_of, name_of, of_kind
from peakend.service.edits.room import require_room
from peakend.service.edits.working_document import WorkingDocument, in_order
from peakend.service.journeys import LANES
from peakend.service.paths import condition_without
from peakend.service.references import NAMED_AS, references
from peakend.service.schema import WITHIN_PARENT
from peakend.service.surveys import Item
from peakend.service.titles import LONGEST_TITLE, long_titles
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


def effects_of(working: WorkingDocument, edit: Edit) -> list[Effect]:
    """Do an edit, and say what it did, piece by piece; nothing where all was so already.

    Raises DocumentError: `edit.no_part`, `edit.no_field` where there is nothing of that name, `edit.not_there` where
    the verb does not fit, `edit.moved_away` where a part would come to lie in another journey or in itself,
    `edit.long_text`, `document.long_title`, those of `require_room`, and InvalidDocument where the part would not be
    valid any more. Then the document is as it was.
    """
    done: list[Effect] = []
    touched = _touched(working, edit)
    try:
        for effect in _VERBS[edit.verb](working, edit):
            working.take(effect)
            done.append(effect)
        _require_valid(working, touched, done)
        require_room(working, done)
    except DocumentError:
        undo(working, done)
        raise
    return done


def undo(working: WorkingDocument, effects: list[Effect]) -> list[Effect]:
    """Undo effects, the last first; what was done for it. Raises DocumentError `edit.changed`, with nothing undone,
    where something has been changed since, and InvalidDocument where something has that needs what would go: a choice
    of whose options the others are gone.
    """
    done: list[Effect] = []
    try:
        for effect in reversed(effects):
            working.take(back := _as_it_stands(working, effect.reverse()))
            done.append(back)
        for name in sorted({_question_of(working, effect) for effect in done}):
            _require_valid(working, name, done)
    except DocumentError:
        for again in reversed(done):
            working.take(again.reverse())
        raise
    return done


def _question_of(working: WorkingDocument, effect: Effect) -> str:
    """The question that an effect put something into or took it out of, or changed itself; empty where it is none."""
    around = effect.place.around if effect.place and effect.does in {"put", "take"} else ""
    return next((name for name in (around, effect.target) if kind_of(name) == "items" and working.has(name)), "")


def _as_it_stands(working: WorkingDocument, effect: Effect) -> Effect:
    """An effect with the place that it takes something from as that is now, for others may have moved what stands
    beside it: so that it can be undone exactly in its turn.
    """
    if effect.does == "move":
        return replace(effect, before=working.place_of(effect.target))
    if effect.does == "take":
        return replace(effect, place=working.place_of(effect.target))
    if effect.does == "unlink":
        ids = working.value(effect.target, effect.field)
        at = ids.index(effect.was) if isinstance(ids, list) and effect.was in ids else 0
        return replace(effect, after=str(ids[at - 1]) if at else "")
    return effect


# --- words and values -------------------------------------------------------------------------------------------------


def _set_text(working: WorkingDocument, edit: Edit) -> Iterator[Effect]:
    text = edit.value
    if edit.lang is None or not isinstance(text, str) or not text.strip():
        raise DocumentError("edit.not_there", verb=edit.verb, field=edit.field)
    _require_short_titles({edit.field: {edit.lang: text}})
    if len(text) > LONGEST_TEXT:
        raise DocumentError("edit.long_text", length=len(text), longest=LONGEST_TEXT)
    _expect(working, edit, "text")
    yield from _groups_around(working, edit.target, edit.field)
    words = working.value(edit.target, edit.field)
    if isinstance(words, list):
        raise DocumentError("edit.not_there", verb=edit.verb, field=edit.field)
    was = (words or {}).get(edit.lang)
    if was != text:
        yield Effect("set", edit.target, edit.field, edit.lang, was=was, now=text)


def _clear_text(working: WorkingDocument, edit: Edit) -> Iterator[Effect]:
    _expect(working, edit, "text")
    words = working.value(edit.target, edit.field)
    if edit.lang and isinstance(words, dict) and edit.lang in words:
        yield Effect("set", edit.target, edit.field, edit.lang, was=words[edit.lang])
        yield from _empty_groups(working, edit)


def _set_value(working: WorkingDocument, edit: Edit) -> Iterator[Effect]:
    key = _key(working, edit)
    if key.holds in {"text", "parts"}:
        raise DocumentError("edit.not_there", verb=edit.verb, field=edit.field)
    now = _plain(key, edit.value)
    _require_short_titles(now)
    yield from _groups_around(working, edit.target, edit.field) if now is not None else ()
    was = working.value(edit.target, edit.field)
    if was == now:
        return
    if edit.field == "designed_as" and now is not None:
        yield from _marks_of_others(working, edit.target, now)
    around, _dot, _last = edit.field.rpartition(".")
    if now is None and edit.field in ALL_OR_NOTHING:
        yield Effect("set", edit.target, around, was=copy.deepcopy(working.value(edit.target, around)))
        return
    yield Effect("set", edit.target, edit.field, was=copy.deepcopy(was), now=now)
    if now is None:
        yield from _empty_groups(working, edit)


def _marks_of_others(working: WorkingDocument, target: str, mark: str) -> Iterator[Effect]:
    """A journey has one peak and one end: whichever touchpoint had the mark loses it in the same edit."""
    journey = _journey_of(working, target)
    for name in of_kind("touchpoints", working.names()):
        beside = name != target and _journey_of(working, name) == journey
        if beside and working.value(name, "designed_as") == mark:
            yield Effect("set", name, "designed_as", was=mark)


def _groups_around(working: WorkingDocument, target: str, field: str) -> Iterator[Effect]:
    """The groups of keys that a path leads through and that are not there yet."""
    steps = field.split(".")[:-1]
    for at in range(1, len(steps) + 1):
        path = ".".join(steps[:at])
        if working.value(target, path) is None:
            yield Effect("set", target, path, now={})


ALL_OR_NOTHING: Final = frozenset({"when.after"})
"""What goes with the group around it: without it nothing else there says anything."""
KEPT_EMPTY: Final = frozenset({"moment_of_truth", "wait"})
"""What says something even where nothing is said about it: that this is one."""


def _empty_groups(working: WorkingDocument, edit: Edit) -> Iterator[Effect]:
    """The groups around a field that hold nothing any more, the innermost first."""
    steps = edit.field.split(".")[:-1]
    for at in range(len(steps), 0, -1):
        path = ".".join(steps[:at])
        if working.value(edit.target, path) != {} or path in KEPT_EMPTY:
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


def _link(working: WorkingDocument, edit: Edit) -> Iterator[Effect]:
    _expect(working, edit, "ids")
    yield from _groups_around(working, edit.target, edit.field)
    ids = working.value(edit.target, edit.field) or []
    if edit.value not in ids:
        yield Effect("link", edit.target, edit.field, now=edit.value, after=str(ids[-1]) if ids else "")


def _unlink(working: WorkingDocument, edit: Edit) -> Iterator[Effect]:
    _expect(working, edit, "ids")
    ids = working.value(edit.target, edit.field) or []
    if edit.value in ids:
        at = ids.index(edit.value)
        yield Effect("unlink", edit.target, edit.field, was=edit.value, after=str(ids[at - 1]) if at else "")


# --- parts ------------------------------------------------------------------------------------------------------------


def _add(working: WorkingDocument, edit: Edit) -> Iterator[Effect]:
    inner = part_model(_key(working, edit).annotation)
    if inner is None or not isinstance(edit.value, Mapping):
        raise DocumentError("edit.not_there", verb=edit.verb, field=edit.field)
    yield from _words_to_steps(working, edit)
    try:
        part = inner.model_validate(edit.value).model_dump(mode="json", by_alias=True, exclude_unset=True)
    except ValidationError as error:
        raise InvalidDocument(of_schema(error, edit.value, None, inner)) from None
    _require_short_titles(part)
    name = working.name_in(edit.target, edit.field, part)
    yield Effect("put", name, now=in_order(part, inner), place=Place(edit.target, edit.field, edit.after))


def _words_to_steps(working: WorkingDocument, edit: Edit) -> Iterator[Effect]:
    """A lane that was written in words becomes one of steps, its words the first."""
    words = working.value(edit.target, edit.field)
    if edit.field in LANES and isinstance(words, dict):
        id = numbered_id(f"{id_of(edit.target)[:40]}-{edit.field}", ids_in({*working.names(), *working.retired}, STEPS))
        first = {"id": id, "text": dict(words)}
        yield Effect("set", edit.target, edit.field, was=copy.deepcopy(words), now=[first])


def _remove(working: WorkingDocument, edit: Edit) -> Iterator[Effect]:
    """A part goes, and with it what names it elsewhere."""
    if not working.held(edit.target).around:
        raise DocumentError("edit.not_there", verb=edit.verb, field="")
    yield from _let_go(working, edit.target)


def _let_go(working: WorkingDocument, name: str) -> Iterator[Effect]:
    """Take a part out, with what is nothing without it; a survey goes with its last question."""
    yield from _links_to(working, set(_inside(working, name)))
    if not working.has(name):
        return
    held = working.held(name)
    yield Effect("take", name, was=copy.deepcopy(held.data), place=working.place_of(name))
    if held.key == "items" and not working.parts(held.around, "items"):
        yield from _let_go(working, held.around)


def _inside(working: WorkingDocument, target: str) -> Iterator[str]:
    """The name of a part and of all that stands in it."""
    yield target
    for name in list(working.names()):
        if working.held(name).around == target:
            yield from _inside(working, name)


def _links_to(working: WorkingDocument, gone: set[str]) -> Iterator[Effect]:
    """What else names what is going lets it go: a list loses the id, a field is emptied, and a part that is nothing
    without it, such as a queue without its touchpoint or a rule about it, goes along.
    """
    named = {(NAMED_AS.get(kind_of(name)), id_of(name)) for name in gone}
    found = [one for one in references(working.data) if (one.target, one.id) in named]
    # Where each stands is looked up before the first goes, for paths count places in lists.
    for (name, field), id in [(working.name_at(one.path), one.id) for one in found]:
        if name not in gone and working.has(name):
            yield from _without(working, name, field, id)
    for name in of_kind("items", sorted(gone)):
        yield from _without_question(working, *ids_of(name))


def _without(working: WorkingDocument, name: str, field: Path, id: str) -> Iterator[Effect]:
    """What a part loses with an id that it names. A rule is not left to mean something else."""
    *around, last = field
    if any(isinstance(key, int) for key in around) or (kind_of(name) == "rules" and last != "remedy"):
        yield from _let_go(working, name)
        return
    path = ".".join(str(key) for key in (around if isinstance(last, int) else field))
    there = working.value(name, path)
    if isinstance(last, int) and isinstance(there, list) and id in there:
        if _is_valid_with(working, name, path, [other for other in there if other != id]):
            at = there.index(id)
            yield Effect("unlink", name, path, was=id, after=str(there[at - 1]) if at else "")
        else:
            yield from _let_go(working, name)
    elif there == id:
        yield from _emptied(working, name, path)


def _emptied(working: WorkingDocument, name: str, path: str) -> Iterator[Effect]:
    """A field that is emptied; where it may not be, the group around it; where that may not be, the part goes."""
    keys = path.split(".")
    for most in range(len(keys), 0, -1):
        shorter = ".".join(keys[:most])
        if _is_valid_with(working, name, shorter, None):
            yield Effect("set", name, shorter, was=copy.deepcopy(working.value(name, shorter)))
            return
    yield from _let_go(working, name)


def _without_question(working: WorkingDocument, survey: str, item: str) -> Iterator[Effect]:
    """Rules about a question go with it; other questions of its survey ask without it."""
    for name in of_kind("rules", working.names()):
        if (
            working.has(name)
            and working.value(name, "item") == item
            and working.value(name, "survey") in (survey, None)
        ):
            yield from _let_go(working, name)
    for name in [name for name in of_kind("items", working.names()) if ids_of(name)[0] == survey]:
        if working.has(name) and working.value(name, "about") == item:
            yield from _emptied(working, name, "about")
        if working.has(name):
            yield from _without_statements(working, name, "show_if", item)
    for name in [name for name in of_kind("quotas", working.names()) if ids_of(name)[0] == survey]:
        yield from _without_statements(working, name, "when", item)
    around = name_of("surveys", survey)
    groups = working.value(around, "shuffle") if working.has(around) else None
    if groups and any(item in group for group in groups):
        rest = [[id for id in group if id != item] for group in groups]
        now = [group for group in rest if len(group) > 1] or None
        yield Effect("set", around, "shuffle", was=copy.deepcopy(groups), now=now)


def _without_statements(working: WorkingDocument, name: str, path: str, item: str) -> Iterator[Effect]:
    """A condition without what it says of a question that goes; where it says nothing else, without it."""
    condition = working.value(name, path)
    if not condition or (rest := condition_without(condition, item)) == condition:
        return
    if rest is None:
        yield from _emptied(working, name, path)
    else:
        yield Effect("set", name, path, was=copy.deepcopy(condition), now=rest)


def _is_valid_with(working: WorkingDocument, name: str, path: str, value: list[str] | None) -> bool:
    """Whether a part would be whole with another value in a field, or with none."""
    own = copy.deepcopy(_own(working, name))
    *around, last = path.split(".")
    inner = own
    for key in around:
        inner = inner[key]
    if value:
        inner[last] = value
    else:
        del inner[last]
    try:
        part = working.held(name).kind.model.model_validate(own)
    except ValidationError:
        return False
    return not (isinstance(part, Item) and any(part.spec.faults(part)))


def _own(working: WorkingDocument, name: str) -> dict[str, Any]:
    """A part's data without the parts in it; a question with its options, for its kind says whether it needs them."""
    held = working.held(name)
    lists = {} if held.kind.model is Item else part_lists(held.kind.model)
    return {key: value for key, value in held.data.items() if key not in lists or isinstance(value, dict)}


def _move(working: WorkingDocument, edit: Edit) -> Iterator[Effect]:
    held, before = working.held(edit.target), working.place_of(edit.target)
    key = edit.field or before.key
    place = Place(edit.around or before.around, key, edit.after)
    into = part_lists(working.held(place.around).kind.model).get(key)
    fits = into is held.kind.model and kind_of_list(key) == held.kind.name
    named_within = held.kind.name in WITHIN_PARENT and place.around != before.around
    if not fits or named_within or place.around in set(_inside(working, edit.target)):
        raise DocumentError("edit.moved_away", target=edit.target)
    if _journey_of(working, edit.target) != _journey_of(working, place.around) and held.kind.name != "journeys":
        raise DocumentError("edit.moved_away", target=edit.target)
    if place.after and working.held(place.after).around != place.around:
        raise DocumentError("edit.no_part", target=place.after)
    if place != before and place.after != edit.target:
        yield from _words_to_steps(working, Edit("add", place.around, key))
        yield Effect("move", edit.target, place=place, before=before)


def _journey_of(working: WorkingDocument, target: str) -> str:
    """The journey that a part stands in, or is; nothing for one that stands in none."""
    while target and kind_of(target) != "journeys":
        target = working.held(target).around
    return target


# --- what is looked at ------------------------------------------------------------------------------------------------


def _key(working: WorkingDocument, edit: Edit) -> Key:
    return key_at(working.held(edit.target).kind.model, edit.field)


def _expect(working: WorkingDocument, edit: Edit, holds: str) -> None:
    if _key(working, edit).holds != holds:
        raise DocumentError("edit.not_there", verb=edit.verb, field=edit.field)


def _require_short_titles(data: Any) -> None:
    for _path, title in long_titles(data):
        raise DocumentError("document.long_title", length=len(title), longest=LONGEST_TITLE)


def _touched(working: WorkingDocument, edit: Edit) -> str:
    """The part that must still be one after an edit: the one that it is of; where that goes, the question that it is an
    option of.
    """
    if edit.verb != "remove" or not working.has(edit.target):
        return edit.target
    around = working.held(edit.target).around
    return around if kind_of(around) == "items" else ""


def _require_valid(working: WorkingDocument, target: str, done: list[Effect]) -> None:
    """The part that was touched, without the parts in it, is still one. Raises InvalidDocument."""
    if not target or not done or not working.has(target):
        return
    model, own = working.held(target).kind.model, _own(working, target)
    try:
        model.model_validate(own)
    except ValidationError as error:
        raise InvalidDocument(of_schema(error, own, None, model)) from None


_VERBS: Final[Mapping[Verb, Callable[[WorkingDocument, Edit], Iterator[Effect]]]] = MappingProxyType(
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
