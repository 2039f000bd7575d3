"""What a face of the document is: one page that shows parts of it from one side, and edits them by plain forms.

A face stores nothing. Whatever is edited in one is changed in all others, and on the map, for they are views of the
same parts. A face shows what was designed; what was measured about the same parts belongs to `findings`, which reads
the design and is not read by it: there the touchpoints that drivers find decisive stand beside those named here, and
the share of visits in which a standard was kept beside its words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.http import QueryDict
from django.utils.functional import Promise

from peakend.errors import DocumentError
from peakend.service.edits import Edit, WorkingDocument
from peakend_web.design.forms.part_fields import Group
from peakend_web.design.forms.setting import Setting
from peakend_web.design.reading import Reading

Name = str | Promise


@dataclass(frozen=True)
class Line:
    """What is written under a name."""

    name: Name
    words: str


@dataclass(frozen=True)
class Press:
    """A button that changes something without a question: what it does, with which part, and what it says."""

    do: str
    part: str
    says: Name


@dataclass(frozen=True)
class Card:
    """A part as a face shows it: `part` is what its form edits, `notes` are facts in a few words, `gaps` the names of
    what is not written yet.
    """

    part: str
    title: str
    notes: Sequence[Name] = ()
    lines: Sequence[Line] = ()
    gaps: Sequence[Name] = ()
    quote: str = ""
    presses: Sequence[Press] = ()
    id: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a table: what it is about, the part that its form edits, and its cells; an empty one is drawn as a gap
    where the table says that a gap is a finding.
    """

    title: str
    part: str
    cells: Sequence[str]


@dataclass(frozen=True)
class Table:
    """A table of parts."""

    caption: Name
    head: Sequence[Name]
    rows: Sequence[Row]
    gap: Name = ""
    is_of_figures: bool = False


@dataclass(frozen=True)
class Input:
    """What is asked for when something is added."""

    name: str
    title: Name
    takes: Literal["words", "choice", "day"] = "words"
    choices: Sequence[tuple[str, Any]] = ()
    value: str = ""
    hint: Name = ""


@dataclass(frozen=True)
class Adding:
    """A form with which something is added to a face."""

    do: str
    title: Name
    button: Name
    inputs: Sequence[Input]


@dataclass(frozen=True)
class Shelf:
    """A section of a face: its parts as cards or in a table, what is said where there is none yet, with an example,
    and what may be added.
    """

    id: str
    title: Name
    cards: Sequence[Card] = ()
    table: Table | None = None
    lesson: Name = ""
    example: Name = ""
    adding: Sequence[Adding] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing on it."""
        return not self.cards and not (self.table and self.table.rows)


Change = Callable[[Setting, QueryDict], Sequence[Edit]]
Groups = Callable[[WorkingDocument, str], Sequence[Group]]


@dataclass(frozen=True)
class Face:
    """A face: its address and name, the drawings that are its pictures (the first one's sentence opens the page), what
    stands on it, the fields of the parts that it edits by their kinds, and what its buttons do.
    """

    slug: str
    title: Name
    views: Sequence[str]
    shelves: Callable[[Reading], Sequence[Shelf]]
    forms: Mapping[str, Groups]
    changes: Mapping[str, Change] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of its address and of its entry of the menu."""
        return f"design-{self.slug}"

    @property
    def edit_name(self) -> str:
        """The name of the address that its forms post to."""
        return f"edit-{self.name}"

    def groups(self, target: str) -> Groups | None:
        """The fields of a part on this face; None where it edits none of its kind."""
        return self.forms.get(target.partition(":")[0])

    def edits(self, at: Setting, asked: QueryDict) -> Sequence[Edit]:
        """Which edits a button or a form of this face is. Raises DocumentError."""
        change = self.changes.get(asked.get("do", ""))
        if change is None:
            raise DocumentError("edit.no_part", target=asked.get("do", "")[:60] or "—")
        return change(at, asked)


def always(*groups: Group) -> Groups:
    """The same fields for every part of a kind."""
    return lambda _working, _target: groups


def part_asked(at: Setting, asked: QueryDict, *kinds: str) -> str:
    """The name of the part that is asked about. Raises DocumentError `edit.no_part` where it is of no such kind."""
    target = asked.get("part", "")
    at.working.held(target)
    if target.partition(":")[0] not in kinds:
        raise DocumentError("edit.no_part", target=target[:60])
    return target


def remove(*kinds: str) -> Change:
    """A button that removes a part of one of the kinds."""
    return lambda at, asked: [Edit("remove", part_asked(at, asked, *kinds))]


def last_of(at: Setting, around: str, key: str) -> str:
    """The name of the last part in a list, behind which a further one comes."""
    parts = at.working.parts(around, key)
    return at.working.name_in(around, key, parts[-1]) if parts else ""


def added(at: Setting, around: str, key: str, part: Mapping[str, Any], words: str) -> Edit:
    """The edit with which a part comes behind the last of a list, with an id from its words."""
    id = at.new_id(key, words)
    return Edit("add", around, key, value={"id": id, **part}, after=last_of(at, around, key))


def words_of_form(at: Setting, asked: QueryDict, name: str) -> dict[str, str]:
    """Words that were typed, by their language; nothing where none were, which no part takes."""
    text = asked.get(name, "").replace("\r\n", "\n").strip()
    return {at.lang: text} if text else {}
