"""The form of any part of a draft: its words in one language, its values, and those of the parts in it; each field that
was changed becomes one edit.

Beside each field stands, hidden, what was there when the form was drawn: so that somebody else's words are never
written over, and a field that nobody touched is no edit. Where somebody else has changed the same meanwhile, the form
comes back with both texts, and a button settles it: theirs, one's own, or both.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise

from peakend.errors import PeakendError
from peakend.service.edits import Edit
from peakend.service.edits.effects import effect_of
from peakend_web.base.refusals import Denied, Missing, words_of
from peakend_web.design.actions.drafts import ChangedMeanwhile, Seen, edit_draft, step_name
from peakend_web.design.queries import document_at
from peakend_web.models import Draft, Person

from .apart import Apart, apart
from .part_fields import Field, Group, fields_in
from .setting import Setting
from .takes import LAST, TAKES, Take, called_by


@dataclass(frozen=True)
class Clash:
    """A field that somebody else has changed since: both texts, and where they differ."""

    field: Field
    who: str
    theirs: Any
    mine: Any

    @property
    def sides(self) -> Apart:
        """Both texts in pieces, with what differs."""
        return apart(str(self.theirs), str(self.mine))

    @property
    def takes_both(self) -> bool:
        """Whether both can be kept: words can."""
        return self.field.takes in {"words", "entry"} and bool(self.theirs) and bool(self.mine)


@dataclass(frozen=True)
class Line:
    """A field as it is drawn, what was there beside it, and whether it is a list of boxes."""

    field: forms.BoundField
    was: forms.BoundField
    of: str
    is_ticked: bool
    clash: Clash | None


@dataclass(frozen=True)
class Block:
    """Fields of one part in the part, with its number and name; or of the part itself."""

    of: str
    name: str = ""
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    """Fields under a heading, how many of them hold something, and whether it is open at first."""

    title: str | Promise
    blocks: Sequence[Block]
    filled: int
    many: int
    is_open: bool
    key: str = ""


class PartForm(forms.Form):
    """All fields of a part in one language."""

    use_required_attribute = False

    def __init__(self, at: Setting, target: str, groups: Sequence[Group], data: QueryDict | None = None) -> None:
        self.sent = None if data is None else settled(data)
        super().__init__(self.sent, label_suffix="")
        self.at, self.target = at, target
        self.groups = [(group, fields_in(at, target, group)) for group in groups]
        self.fields["token"] = forms.UUIDField(required=False, widget=forms.HiddenInput)
        self.initial["token"] = uuid.uuid4()
        self.clashes: dict[str, Clash] = {}
        for each in self._all():
            take, there = TAKES[each.takes], TAKES[each.takes].there(at, each)
            self.fields[each.key] = take.control(at, each, self._data_of(each, take))
            self.fields[f"was-{each.key}"] = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)
            self.initial[each.key] = there
            self.initial[f"was-{each.key}"] = take.hidden(there)

    def _all(self) -> Iterator[Field]:
        return (each for _group, fields in self.groups for each in fields)

    def _data_of(self, each: Field, take: Take) -> dict[str, str]:
        """By which part and field a control is saved as soon as it is left, where the page has a script."""
        if not take.is_saved_by_script:
            return {}
        sent = {"data-part": each.target, "data-field": each.path, "data-takes": each.takes}
        if each.takes == "part":
            last = self.at.working.last_in(each.target, each.path) or LAST
            sent |= {"data-after": last, "data-words": called_by(each)}
        return sent | ({"data-lang": each.lang or self.at.lang} if each.takes in {"words", "part"} else {})

    def sections(self) -> Iterator[Section]:
        """The headings, with the fields under each: the first is open, and those in which something is wrong."""
        for at, (group, fields) in enumerate(self.groups):
            blocks: list[Block] = []
            for each in fields:
                if not blocks or blocks[-1].of != each.of:
                    blocks.append(Block(each.of, "" if each.is_own else each.target))
                blocks[-1].lines.append(self._line(each))
            wrong = any(each.key in self.clashes or each.key in self.errors for each in fields)
            held = [TAKES[each.takes].there(self.at, each) for each in fields if each.takes != "part"]
            is_open = wrong or group.is_open or not at
            yield Section(group.title, blocks, sum(map(_is_something, held)), len(held), is_open, group.key)

    def _line(self, each: Field) -> Line:
        ticked = each.takes in {"ids", "carriers"}
        return Line(self[each.key], self[f"was-{each.key}"], each.of, ticked, self.clashes.get(each.key))

    def save(self, actor: Person) -> int:
        """Do each change as an edit of its own; how many were done. Those in somebody's way are in `clashes`.

        What is set comes before what is cleared, and what is cleared goes from behind: so that no part is without what
        it needs in between.
        """
        changes = [(each, *self._change(each)) for each in self._all()]
        changed = [(each, was, now) for each, was, now in changes if was != now]
        in_order = [one for one in changed if one[2]] + [one for one in reversed(changed) if not one[2]]
        return sum(self._save(actor, each, was, now) for each, was, now in in_order)

    def _change(self, each: Field) -> tuple[Any, Any]:
        take = TAKES[each.takes]
        return tuple(take.sent(self.cleaned_data.get(key)) for key in (f"was-{each.key}", each.key))

    def _save(self, actor: Person, each: Field, was: Any, now: Any) -> int:
        take, draft = TAKES[each.takes], self.at.draft
        if draft is None:
            return 0
        try:
            done = [
                self._done(actor, draft, each, edit, take.seen(self.at, each, was, edit))
                for edit in take.edits(self.at, each, was, now)
            ]
        except ChangedMeanwhile as error:
            self.clashes[each.key] = self._clash(draft, each, str(error.fields["name"]), now)
        except (Denied, Missing):
            raise
        except PeakendError as error:
            self.add_error(each.key, words_of(error))
        else:
            self._keep_as_seen(each)
            return sum(done)
        return 0

    def _done(self, actor: Person, draft: Draft, each: Field, edit: Edit, seen: Seen | None) -> bool:
        """Do an edit, in the document that this form reads too: the next may stand on it."""
        name = step_name(self.cleaned_data.get("token"), each.key, edit)
        step = edit_draft(actor=actor, draft=draft, edit=edit, name=name, seen=seen)
        with suppress(PeakendError):  # what somebody else has done meanwhile is not in it
            for effect in step.effects if step else ():
                self.at.working.take(effect_of(effect))
        return step is not None

    def _clash(self, draft: Draft, each: Field, who: str, now: Any) -> Clash:
        take, fresh = TAKES[each.takes], replace(self.at, working=document_at(draft))
        return Clash(each, who, take.there(fresh, each), take.shown(now))

    def _keep_as_seen(self, each: Field) -> None:
        """What is saved counts as seen when the form is sent once more; a further part is there now."""
        if self.sent is None:
            return
        if each.takes == "part" or not self.at.working.has(each.target):
            self.sent[each.key] = self.sent[f"was-{each.key}"] = ""
        else:
            self.sent[f"was-{each.key}"] = TAKES[each.takes].hidden(TAKES[each.takes].there(self.at, each))


def settled(sent: QueryDict) -> QueryDict:
    """What was sent, with a clash settled as its button says: what stood there when it was shown counts as seen."""
    now, (way, _colon, key) = sent.copy(), sent.get("keep", "").partition(":")
    if not key:
        return now
    theirs, mine = sent.get(f"theirs-{key}", ""), sent.get(key, "")
    now[key] = {"theirs": theirs, "both": "\n".join(words for words in (theirs, mine) if words)}.get(way, mine)
    now[f"was-{key}"] = theirs
    return now


def _is_something(there: Any) -> bool:
    return there not in ("", False, [])
