"""What changed from one version of a service to another, part by part: added, removed, changed, moved.

Parts are the same where their ids are the same, wherever they stand, so that a touchpoint that went to another stage
has moved and was not thrown away and written anew. Each change says itself in a sentence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from peakend.documents.parts import Text, is_words
from peakend.service.edits.kinds import kind_of_list
from peakend.service.journeys import LANES
from peakend.service.references import NAMED_AS, target_of
from peakend.service.schema import WITHIN_PARENT, ServiceDocument
from peakend.terms import LANGUAGE_NAMES, LANGUAGES, Lang, label, vocabulary

ChangeKind = Literal["added", "removed", "changed", "moved"]
LONGEST_VALUE = 80
_LISTS: Final = {target: kind for kind, target in NAMED_AS.items()}
"""In which lists of a document the parts stand that are named as what."""
_LOST: Final = (
    "journeys",
    "stages",
    "touchpoints",
    "surveys",
    "items",
    "rules",
    "personas",
    "stakeholders",
    "failures",
)
"""The kinds of parts of which one wants to know how many are gone, in this order."""


@dataclass(frozen=True)
class Holder:
    """A part that has a name: what it is (`touchpoints`), its id, its title."""

    kind: str
    id: str
    title: Text | None

    def words(self, lang: Lang) -> str:
        """What it is and its name."""
        kind = label(f"part.{self.kind}", lang)
        name = _quoted(self.title[lang] if self.title else self.id, lang)
        return f"{kind} {name}" if lang == "en" else f"{kind}{name}"


@dataclass(frozen=True)
class Change:
    """One change. `path` names the place by ids, in the version where it is; `old` and `new` are plain data, None where
    there was nothing.

    `holders` are the named parts around it, the nearest last; `fields` the keys from there to what changed. A part that
    moved has in `old` and `new` the path of where it stood and of where it stands, or the id of the part it now
    follows. `names` are the titles of the parts that `old`, `new` and `fields` name by their ids.
    """

    kind: ChangeKind
    path: str
    old: Any = None
    new: Any = None
    holders: tuple[Holder, ...] = ()
    fields: tuple[str, ...] = ()
    names: Mapping[str, Text] = field(default_factory=dict, compare=False)

    def sentence(self, lang: Lang = "en") -> str:
        """The change in words."""
        verb = _VERBS[lang][self.kind]
        match lang:
            case "en":
                return f"{verb}: {self._what(lang)}{self._how(lang)}."
            case _:
                return f"{verb}：{self._what(lang)}{self._how(lang)}。"

    def _what(self, lang: Lang) -> str:
        holder = self.holders[-1].words(lang) if self.holders else label("part.service", lang)
        fields = [self._field(name, lang) for name in self.fields]
        if not fields:
            return holder
        if lang == "en":
            return f"{' · '.join(fields)} of {holder}"
        return f"{holder}的{' · '.join(fields)}"

    def _field(self, name: str, lang: Lang) -> str:
        if name in self.names:
            return _quoted(self.names[name][lang], lang)
        return label(f"part.{name}" if f"part.{name}" in vocabulary() else name, lang)

    def _how(self, lang: Lang) -> str:
        if self.kind == "moved":
            return self._where(lang)
        if not self.fields:
            around = self.holders[-2].words(lang) if len(self.holders) > 1 else ""
            return "" if not around else f" in {around}" if lang == "en" else f"（{around}）"
        sides, note = self._sides(lang)
        told = [_value_words(value, lang, self.names) for value in sides if value is not None]
        shown = " → ".join(text for text in told if text)
        return (f"{note}: {shown}" if lang == "en" else f"{note}：{shown}") if shown and all(told) else note

    def _sides(self, lang: Lang) -> tuple[tuple[Any, ...], str]:
        """What was and what is there, as it is told; and in which language, where it reads the same in the reader's."""
        sides = (self.old, self.new)
        if not all(is_words(side) for side in sides) or Text(self.old)[lang] != Text(self.new)[lang]:
            return sides, ""
        other = next(code for code in LANGUAGES if self.old.get(code) != self.new.get(code))
        note = f" ({LANGUAGE_NAMES[other]})" if lang == "en" else f"（{LANGUAGE_NAMES[other]}）"
        return tuple({other: side[other]} if other in side else None for side in sides), note

    def _where(self, lang: Lang) -> str:
        lane = self.path.split("/")[-2]
        around = {(side.kind, side.id) for side in (self.old, self.new) if isinstance(side, Holder)}
        if self.old and len(around) == 1 and lane in LANES:
            there = label(f"part.{lane}", lang)
            return {
                "en": f", now under {there}",
                "zh-Hant": f"，現在放在「{there}」",
                "zh-Hans": f"，现在放在“{there}”",
            }[lang]
        if isinstance(self.old, Holder) and isinstance(self.new, Holder):
            old, new = self.old.words(lang), self.new.words(lang)
            return {"en": f" from {old} to {new}", "zh-Hant": f"，從{old}移到{new}", "zh-Hans": f"，从{old}移到{new}"}[
                lang
            ]
        if isinstance(self.new, Holder):
            after = self.new.words(lang)
            return {
                "en": f", now after {after}",
                "zh-Hant": f"，現在排在{after}之後",
                "zh-Hans": f"，现在排在{after}之后",
            }[lang]
        return {"en": ", now first", "zh-Hant": "，現在排在最前", "zh-Hans": "，现在排在最前"}[lang]

    def as_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The change as data."""
        sides = {
            side: value.id if isinstance(value, Holder) else value
            for side, value in (("old", self.old), ("new", self.new))
        }
        return {"kind": self.kind, "path": self.path, **sides, "sentence": self.sentence(lang)}


_VERBS: dict[Lang, dict[ChangeKind, str]] = {
    "en": {"added": "Added", "removed": "Removed", "changed": "Changed", "moved": "Moved"},
    "zh-Hant": {"added": "新增", "removed": "移除", "changed": "變更", "moved": "移動"},
    "zh-Hans": {"added": "新增", "removed": "删除", "changed": "修改", "moved": "移动"},
}


def difference(old: ServiceDocument, new: ServiceDocument) -> tuple[Change, ...]:
    """The changes that lead from one version to the other, in the order of the document; none where they say
    the same. What stands in a part that was added or removed, and came from elsewhere or went there, has moved.
    """
    sides = [service.model_dump(mode="json", by_alias=True, exclude_defaults=True) for service in (old, new)]
    places = _Places(*map(_once, sides))
    return tuple(places.named(change) for change in _compare(sides[0], sides[1], _At(), places))


def lost_parts(old: ServiceDocument, new: ServiceDocument) -> Mapping[str, int]:
    """How many parts of each kind the older version alone has, be they in others that are gone too: stages,
    touchpoints, questions and the like; no kind of which none is.
    """
    was, now = (
        {
            _key(at.holders[-1].kind, part)
            for part, at in _parts_in(service.model_dump(mode="json", by_alias=True), _At())
        }
        for service in (old, new)
    )
    lost = Counter(kind for kind, _id in was - now)
    return {kind: lost[kind] for kind in _LOST if lost[kind]}


_TITLES: Final = ("title", "name", "wording", "text")
"""What a part is called by, the first of these that it has."""
Key = tuple[str, str]
"""What a part is, and its id."""


@dataclass(frozen=True)
class _At:
    """A place in a document: its path, the named parts around it, and the keys from the nearest of them to it."""

    path: tuple[str, ...] = ()
    holders: tuple[Holder, ...] = ()
    fields: tuple[str, ...] = ()

    def under(self, key: str) -> _At:
        """What stands there under a key."""
        return _At((*self.path, key), self.holders, (*self.fields, key))

    def of(self, part: dict[str, Any]) -> _At:
        """A part in the list that stands here."""
        title, id = next((part[key] for key in _TITLES if is_words(part.get(key))), None), str(_identity(part))
        holder = Holder(self.path[-1], id, Text(title) if title else None)
        return _At((*self.path, id), (*self.holders, holder))

    @property
    def around(self) -> Holder | None:
        """The part that a part stands in; None in the document itself."""
        return self.holders[-2] if len(self.holders) > 1 else None

    def change(self, kind: ChangeKind, old: Any = None, new: Any = None) -> Change:
        """A change here."""
        return Change(kind, "/".join(self.path), old, new, self.holders, self.fields)


@dataclass(frozen=True)
class _Places:
    """The parts of each version that are found in it once, by what they are and their id: with where they stand."""

    old: Mapping[Key, tuple[dict[str, Any], _At]]
    new: Mapping[Key, tuple[dict[str, Any], _At]]

    def stays(self, list_key: str, part: dict[str, Any]) -> bool:
        """Whether a part is in both versions, be it elsewhere."""
        key = _key(list_key, part)
        return key in self.old and key in self.new

    def named(self, change: Change) -> Change:
        """A change with the titles of the parts that it names by their ids."""
        kind = _LISTS.get(target_of(tuple(change.path.split("/"))) or "", "")
        ids = [id for side in (change.old, change.new) for id in (side if isinstance(side, list) else [side])]
        keys = [(kind, id) for id in ids if isinstance(id, str)]
        if change.fields[-2:-1] == ("weights",):
            keys.append(("failures", change.fields[-1]))
        known = ((key, self.new.get(key) or self.old.get(key)) for key in keys)
        titles = {key[1]: there[1].holders[-1].title for key, there in known if there}
        return replace(change, names={id: title for id, title in titles.items() if title})

    def remaining(self, value: Any, list_key: str = "") -> Any:
        """A value without the parts in it that are told by themselves, for they have moved."""
        if isinstance(value, list):
            kept = [part for part in value if not (_is_part(part) and self.stays(list_key, part))]
            return [self.remaining(part) for part in kept]
        if not isinstance(value, dict) or is_words(value):
            return value
        inner = {key: self.remaining(each, key) for key, each in value.items()}
        return {key: each for key, each in inner.items() if each != [] or value[key] == []}


def _once(data: dict[str, Any]) -> Mapping[Key, tuple[dict[str, Any], _At]]:
    """The parts of which there is one: of an id that is there twice nobody can say which of them has moved."""
    found: dict[Key, list[tuple[dict[str, Any], _At]]] = {}
    for part, at in _parts_in(data, _At()):
        found.setdefault(_key(at.holders[-1].kind, part), []).append((part, at))
    return {key: each[0] for key, each in found.items() if len(each) == 1 and key[0] not in WITHIN_PARENT}


def _parts_in(value: Any, at: _At) -> Iterator[tuple[dict[str, Any], _At]]:
    """All parts that stand in something."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _parts_in(inner, at.under(key))
    for part in value if isinstance(value, list) else ():
        if _is_part(part):
            yield part, at.of(part)
            yield from _parts_in(part, at.of(part))


def _compare(old: Any, new: Any, at: _At, places: _Places) -> Iterator[Change]:
    if old == new:
        return
    if _is_parts(old) and _is_parts(new):
        yield from _compare_parts(old or [], new or [], at, places)
    elif isinstance(old, dict) and isinstance(new, dict) and not is_words(old) and not is_words(new):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _compare(old.get(key), new.get(key), at.under(key), places)
    else:
        kind: ChangeKind = "added" if old is None else "removed" if new is None else "changed"
        yield at.change(kind, *(places.remaining(side, at.path[-1]) for side in (old, new)))
        yield from _come(new, at, places)


def _is_part(value: Any) -> bool:
    return isinstance(value, dict) and bool(_identity(value))


def _is_parts(value: Any) -> bool:
    """A list of parts that have ids, or nothing at all where such a list may stand."""
    return value is None or (isinstance(value, list) and all(_is_part(part) for part in value))


def _identity(part: dict[str, Any]) -> str | None:
    """By what a part is the same part in another version: its id, or the day from which a set of weights counts."""
    return part.get("id", part.get("since"))


def _key(list_key: str, part: dict[str, Any]) -> Key:
    return kind_of_list(list_key), str(_identity(part))


def _compare_parts(old: list[Any], new: list[Any], at: _At, places: _Places) -> Iterator[Change]:
    before, after = ({str(_identity(part)): part for part in side} for side in (old, new))
    for name, part in before.items():
        if name not in after and not places.stays(at.path[-1], part):
            yield at.of(part).change("removed", old=places.remaining(part))
    previous: Holder | None = None
    moved = _moved_parts([name for name in after if name in before], list(before))
    for name, part in after.items():
        inside = at.of(part)
        if name not in before:
            yield from _new_part(part, at, places)
        else:
            if name in moved:
                yield inside.change("moved", new=previous)
            yield from _compare(before[name], part, inside, places)
        previous = inside.holders[-1]


def _new_part(part: dict[str, Any], at: _At, places: _Places) -> Iterator[Change]:
    """A part that was added to the list here; or has moved into it, and what changed in it is told beside."""
    inside = at.of(part)
    if places.stays(at.path[-1], part):
        was, there = places.old[_key(at.path[-1], part)]
        yield inside.change("moved", there.around, inside.around)
        yield from _compare(was, part, inside, places)
    else:
        yield inside.change("added", new=places.remaining(part))
        yield from _come(part, inside, places)


def _come(value: Any, at: _At, places: _Places) -> Iterator[Change]:
    """What has moved into something that was added."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _come(inner, at.under(key), places)
    for part in value if isinstance(value, list) else ():
        if _is_part(part):
            stays = places.stays(at.path[-1], part)
            yield from _new_part(part, at, places) if stays else _come(part, at.of(part), places)


def _moved_parts(order: list[str], before: list[str]) -> set[str]:
    """The fewest parts whose moving explains the new order: all that are not on its longest run in the old one."""
    places = [before.index(name) for name in order]
    tails: list[int] = []
    lengths = []
    for place in places:
        at = bisect_left(tails, place)
        tails[at : at + 1] = [place]
        lengths.append(at + 1)
    stay: set[str] = set()
    wanted, limit = len(tails), len(before)
    for name, place, length in reversed(list(zip(order, places, lengths, strict=True))):
        if length == wanted and place < limit:
            stay.add(name)
            wanted, limit = wanted - 1, place
    return set(order) - stay


def _quoted(text: str, lang: Lang) -> str:
    """Words of the document in a sentence; long ones are cut."""
    short = text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
    return f"“{short}”" if lang != "zh-Hant" else f"「{short}」"


def _value_words(value: Any, lang: Lang, names: Mapping[str, Text]) -> str:
    """A value in words, or nothing where it is too much to be told in a sentence; a part by its name."""
    if is_words(value):
        return _quoted(Text(value)[lang], lang)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return (", " if lang == "en" else "、").join(_value_words(part, lang, names) for part in value)
    if isinstance(value, str) and value in names:
        return _quoted(names[value][lang], lang)
    if isinstance(value, float):
        return f"{value:g}".replace("-", "−")
    return "" if isinstance(value, dict | list | bool) else str(value)
