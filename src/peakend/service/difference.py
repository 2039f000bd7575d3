"""What changed from one version of a service to another, part by part: added, removed, changed, moved.

Parts are the same where their ids are the same, wherever they stand, so that a touchpoint that went to another stage
has moved and was not thrown away and written anew. Each change says itself in a sentence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from peakend.documents.parts import Text
from peakend.service.schema import ServiceDocument
from peakend.terms import LANGUAGES, Lang, label, vocabulary

ChangeKind = Literal["added", "removed", "changed", "moved"]
LONGEST_VALUE = 80


@dataclass(frozen=True)
class Holder:
    """A part that has a name: what it is (`touchpoints`), its id, its title."""

    kind: str
    id: str
    title: Text | None

    def words(self, lang: Lang) -> str:
        """What it is and its name."""
        kind, name = label(f"part.{self.kind}", lang), self.title[lang] if self.title else self.id
        return f"{kind} “{name}”" if lang == "en" else f"{kind}「{name}」" if lang == "zh-Hant" else f"{kind}“{name}”"


@dataclass(frozen=True)
class Change:
    """One change. `path` names the place by ids, in the version where it is; `old` and `new` are plain data, None where
    there was nothing.

    `holders` are the named parts around it, the nearest last; `fields` the keys from there to what changed. A part that
    moved has in `old` and `new` the path of where it stood and of where it stands, or the id of the part it now
    follows.
    """

    kind: ChangeKind
    path: str
    old: Any = None
    new: Any = None
    holders: tuple[Holder, ...] = ()
    fields: tuple[str, ...] = ()

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
        fields = [label(f"part.{name}" if f"part.{name}" in vocabulary() else name, lang) for name in self.fields]
        if not fields:
            return holder
        if lang == "en":
            return f"{' · '.join(fields)} of {holder}"
        return f"{holder}的{' · '.join(fields)}"

    def _how(self, lang: Lang) -> str:
        if self.kind == "moved":
            return self._where(lang)
        if not self.fields:
            around = self.holders[-2].words(lang) if len(self.holders) > 1 else ""
            return "" if not around else f" in {around}" if lang == "en" else f"（{around}）"
        told = [_value_words(value, lang) for value in (self.old, self.new) if value is not None]
        shown = " → ".join(text for text in told if text)
        return (f": {shown}" if lang == "en" else f"：{shown}") if shown and all(told) else ""

    def _where(self, lang: Lang) -> str:
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
    the same.
    """
    sides = [service.model_dump(mode="json", by_alias=True, exclude_defaults=True) for service in (old, new)]
    return tuple(_with_moves(list(_compare(sides[0], sides[1], (), (), ()))))


def _compare(
    old: Any, new: Any, path: tuple[str, ...], holders: tuple[Holder, ...], fields: tuple[str, ...]
) -> Iterator[Change]:
    if old == new:
        return
    if _is_parts(old) and _is_parts(new):
        yield from _compare_parts(old or [], new or [], path, holders)
    elif isinstance(old, dict) and isinstance(new, dict) and not _is_words(old) and not _is_words(new):
        for key in [*old, *(key for key in new if key not in old)]:
            yield from _compare(old.get(key), new.get(key), (*path, key), holders, (*fields, key))
    else:
        kind: ChangeKind = "added" if old is None else "removed" if new is None else "changed"
        yield Change(kind, "/".join(path), old, new, holders, fields)


def _is_parts(value: Any) -> bool:
    """A list of parts that have ids, or nothing at all where such a list may stand."""
    return value is None or (
        isinstance(value, list) and all(isinstance(part, dict) and _identity(part) for part in value)
    )


def _identity(part: dict[str, Any]) -> str | None:
    """By what a part is the same part in another version: its id, or the day from which a set of weights counts."""
    return part.get("id", part.get("since"))


def _is_words(value: Any) -> bool:
    return isinstance(value, dict) and bool(value) and value.keys() <= set(LANGUAGES)


def _compare_parts(
    old: list[Any], new: list[Any], path: tuple[str, ...], holders: tuple[Holder, ...]
) -> Iterator[Change]:
    before, after = ({str(_identity(part)): part for part in side} for side in (old, new))
    for name, part in before.items():
        if name not in after:
            yield Change("removed", "/".join((*path, name)), old=part, holders=(*holders, _holder(path, part)))
    previous: Holder | None = None
    moved = _moved_parts([name for name in after if name in before], list(before))
    for name, part in after.items():
        inside, held = (*path, name), (*holders, _holder(path, part))
        if name not in before:
            yield Change("added", "/".join(inside), new=part, holders=held)
        else:
            if name in moved:
                yield Change("moved", "/".join(inside), new=previous, holders=held)
            yield from _compare(before[name], part, inside, held, ())
        previous = held[-1]


def _holder(path: tuple[str, ...], part: dict[str, Any]) -> Holder:
    title = part.get("title", part.get("name"))
    return Holder(path[-1], str(_identity(part)), Text(title) if title else None)


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


def _with_moves(changes: list[Change]) -> Iterator[Change]:
    """A part that went from one place and came in another has moved; what changed in it is told beside."""
    gone = {_key(change): change for change in changes if change.kind == "removed" and not change.fields}
    come = {_key(change) for change in changes if change.kind == "added" and not change.fields}
    for change in changes:
        if change.kind == "removed" and not change.fields and _key(change) in come:
            continue
        was = gone.get(_key(change)) if change.kind == "added" and not change.fields else None
        if was is None:
            yield change
            continue
        yield replace(change, kind="moved", old=_around(was), new=_around(change))
        yield from _compare(was.old, change.new, tuple(change.path.split("/")), change.holders, ())


def _key(change: Change) -> tuple[str, str] | None:
    return (change.holders[-1].kind, change.holders[-1].id) if change.holders else None


def _around(change: Change) -> Holder | None:
    return change.holders[-2] if len(change.holders) > 1 else None


def _value_words(value: Any, lang: Lang) -> str:
    """A value in words, or nothing where it is too much to be told in a sentence."""
    if _is_words(value):
        text = Text(value)[lang]
        short = text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
        return f"“{short}”" if lang != "zh-Hant" else f"「{short}」"
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ", ".join(value) if value else ""
    if isinstance(value, float):
        return f"{value:g}".replace("-", "−")
    return "" if isinstance(value, dict | list | bool) else str(value)
