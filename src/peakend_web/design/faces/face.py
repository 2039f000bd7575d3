"""What a face of the document is: one page that shows parts of it from one side, and edits them by plain forms.

A face stores nothing. Whatever is edited in one is changed in all others, and on the map, for they are views of the
same parts. A face shows what was designed; what was measured about the same parts it asks of `findings`: the picture of
standards how often each was kept, cards what is `known` of their part, and (`beside`, for it takes longer) which
touchpoints decide by the answers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import pgettext

from peakend.errors import DocumentError
from peakend.service.drawings.views import View
from peakend.service.edits import Edit
from peakend.service.edits.names import kind_of
from peakend.service.schema import ServiceDocument
from peakend.terms import label
from peakend_web.base.guard import InService
from peakend_web.base.languages import reader_language
from peakend_web.design.forms.part_fields import Group
from peakend_web.design.forms.setting import Setting
from peakend_web.design.reading import Reading
from peakend_web.findings.queries import Inquiry
from peakend_web.findings.queries.known import Known

Name = str | Promise


@dataclass(frozen=True)
class Line:
    """What is written under a name."""

    name: Name
    words: str


@dataclass(frozen=True)
class Press:
    """A button that changes something without a question: what it does on this face, with which part, and what it says;
    or `route`, the address of a verb about a touchpoint that another page has too.
    """

    do: str
    part: str
    says: Name
    route: str = ""


@dataclass(frozen=True)
class Card:
    """A part as a face shows it: `part` is what its form edits, `notes` are facts in a few words, `gaps` the names of
    what is not written yet; the words are folded unless it `is_open`. `steps` say how far it has come, and whether each
    is done; `known` what was measured about it.
    """

    part: str
    title: str
    notes: Sequence[Name] = ()
    lines: Sequence[Line] = ()
    gaps: Sequence[Name] = ()
    quote: str = ""
    presses: Sequence[Press] = ()
    id: str = ""
    is_open: bool = False
    steps: Sequence[tuple[Name, bool]] = ()
    known: Known | None = None


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
    """A section of a face: its picture, its parts as cards or in a table, what is said where there is none yet, with an
    example, and what may be added; `sentence` says what is true of it.
    """

    id: str
    title: Name
    view: View | None = None
    cards: Sequence[Card] = ()
    table: Table | None = None
    lesson: Name = ""
    example: Name = ""
    adding: Sequence[Adding] = ()
    sentence: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether its cards are but names with a button."""
        return not any(card.lines or card.notes or card.gaps or card.known for card in self.cards)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing on it."""
        return not self.cards and not (self.table and self.table.rows)


@dataclass(frozen=True)
class Beside:
    """What was measured, to be set beside a face on demand: how it is asked for, and its shelf."""

    says: Name
    shelf: Callable[[InService, Reading], Shelf]


KnownOf = Callable[[Inquiry, ServiceDocument], Mapping[str, Known]]
"""What was measured about the parts of a document, by their ids."""
Change = Callable[[Setting, QueryDict], Sequence[Edit]]
Groups = Callable[[Reading, str], Sequence[Group]]


@dataclass(frozen=True)
class Face:
    """A face: its address and name, the drawing whose sentence opens the page and which is its picture, what stands on
    it, the fields of the parts that it edits by their kinds, what its buttons do, and which kinds it removes.

    Where the picture `is_table`, it says what the rows below it say: whoever reads sees it, whoever edits the rows.
    """

    slug: str
    title: Name
    view: View
    shelves: Callable[[Reading], Sequence[Shelf]]
    forms: Mapping[str, Groups] = field(default_factory=dict)
    changes: Mapping[str, Change] = field(default_factory=dict)
    removes: Collection[str] = ()
    captures: str = "part"
    beside: Beside | None = None
    known: KnownOf | None = None
    is_table: bool = False

    @property
    def name(self) -> str:
        """The name of its address and of its entry of the menu."""
        return f"design-{self.slug}"

    @property
    def edit_name(self) -> str:
        """The name of the address that its forms post to."""
        return f"edit-{self.name}"

    @property
    def part_name(self) -> str:
        """The name of the address of the form of one part."""
        return f"{self.name}-part"

    def groups(self, target: str) -> Groups | None:
        """The fields of a part on this face; None where it edits none of its kind."""
        return self.forms.get(kind_of(target))

    def edits(self, at: Setting, asked: QueryDict) -> Sequence[Edit]:
        """Which edits a button or a form of this face is. Raises DocumentError."""
        if asked.get("do") == "remove":
            return [Edit("remove", part_asked(at, asked, *self.removes))]
        change = self.changes.get(asked.get("do", ""))
        if change is None:
            raise DocumentError("edit.no_part", target=asked.get("do", "")[:60] or "—")
        return change(at, asked)


def part_name(path: str) -> str:
    """What the reader calls what stands under a path of keys."""
    return capfirst(label(f"part.{path.rpartition('.')[2]}", reader_language()))


def said_of(name: Name, words: object) -> str:
    """A name with what is said of it."""
    return f"{name}{pgettext('after a name', ': ')}{words}"


def always(*groups: Group) -> Groups:
    """The same fields for every part of a kind."""
    return lambda _reading, _target: groups


def part_asked(at: Setting, asked: QueryDict, *kinds: str) -> str:
    """The name of the part that is asked about. Raises DocumentError `edit.no_part` where it is of no such kind."""
    target = asked.get("part", "")
    at.working.held(target)
    if kind_of(target) not in kinds:
        raise DocumentError("edit.no_part", target=target[:60])
    return target


def added(at: Setting, around: str, key: str, part: Mapping[str, Any]) -> Edit:
    """The edit with which a part comes behind the last of a list."""
    return Edit("add", around, key, value=part, after=at.working.last_in(around, key))


def words_of_form(at: Setting, asked: QueryDict, name: str) -> dict[str, str]:
    """Words that were typed, by their language; nothing where none were, which no part takes."""
    text = asked.get(name, "").replace("\r\n", "\n").strip()
    return {at.lang: text} if text else {}
