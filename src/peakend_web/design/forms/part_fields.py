"""Fields of parts, as data: a form of any part is a list of groups of them (`PartForm`).

A field of `takes="parts"` stands for a list of parts in the part: it is drawn as the `inner` fields of each of them,
and one more for a further part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from peakend.service.edits import WorkingDocument
from peakend.terms import Lang, label
from peakend_web.base.languages import reader_language
from peakend_web.design.reading import Reading

Takes = Literal["words", "entry", "number", "share", "choice", "day", "mark", "yes", "ids", "carriers", "parts", "part"]
"""Words in one language, one line of a list of words, a number, a share, one of several values, a day, whether
something is there, whether it is so, some of several parts, which other parts name this one, a list of parts, or the
words of a part that is new.
"""


@dataclass(frozen=True)
class Field:
    """One field of the part called `target`: the path of its keys, what it takes, and the term that it is called by, or
    a `title` of its own.

    `of` says whose field it is where several look alike: which step of how many. `at` is the number of a line in a list
    of words, one behind the last for a further one. `single` is the key under which a single part may stand beside the
    list, and it takes further parts where it `grows`. `kind` says, of `carriers`, which parts name this one. `lang` is
    the language of words that stand beside the same words in others; else they are in that of the form. `values` are
    those that may be chosen, where that is not all which the schema has; `usual` is the one that counts where none is.
    """

    path: str
    takes: Takes = "words"
    term: str = ""
    title: str | Promise = ""
    rows: int = 2
    inner: Sequence[Field] = ()
    single: str = ""
    grows: bool = True
    kind: str = ""
    lang: Lang | None = None
    values: Sequence[str] = ()
    usual: str = ""
    target: str = ""
    of: str = ""
    at: int = 0
    is_own: bool = True

    @property
    def key(self) -> str:
        """Its name in the form."""
        around = "new-" if self.takes == "part" else "" if self.is_own else f"{self.target}|"
        which = f"-{self.at}" if self.takes == "entry" else f"-{self.lang}" if self.lang else ""
        return f"{around}{self.path.replace('.', '-')}{which}"

    @property
    def name(self) -> str:
        """How the reader calls it."""
        return str(self.title) or capfirst(label(self.term or f"part.{self.last_key}", reader_language()))

    @property
    def last_key(self) -> str:
        """The last key of its path."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True)
class Group:
    """Fields that stand together under a heading; `key` tells it apart where a page puts more there."""

    title: str | Promise
    fields: Sequence[Field]
    key: str = ""
    is_open: bool = False


def fields_in(at: Reading, target: str, group: Group) -> list[Field]:
    """The fields of a group for a part as it is: those of each part in its lists too."""
    return [one for field in group.fields for one in _drawn(at, target, field)]


def _drawn(at: Reading, target: str, field: Field) -> Iterator[Field]:
    working = at.working
    here = replace(field, target=field.target or target, is_own=not field.target)
    if field.takes == "parts":
        yield from _of_list(at, here)
    elif field.takes == "entry":
        many = len(working.value(target, field.path) or ())
        of = [_number(field, at, many) for at in range(many)]
        yield from (replace(here, at=at, of=words) for at, words in enumerate([*of, _("Add")]))
    elif _is_shown(working, target, field):
        yield here


def _of_list(at: Reading, here: Field) -> Iterator[Field]:
    """The fields of every part in a list, each with its number, or with the touchpoint that it is about; and one for a
    further part.
    """
    target, working = here.target, at.working
    if isinstance(working.value(target, here.path), dict):  # a lane in words
        yield replace(here, takes="words")
    parts = working.parts(target, here.path)
    single = bool(here.single) and working.value(target, here.single) is not None
    many = len(parts) + single
    if single:
        of = _number(here, 0, many)
        for one in here.inner:
            yield replace(one, path=f"{here.single}.{one.path}", target=target, of=of, single=here.single)
    for number, part in enumerate(parts, start=int(single)):
        name, of = working.name_in(target, here.path, part), _number(here, number, many)
        if "touchpoint" in part and "id" not in part:
            of = at.title("touchpoints", part["touchpoint"])
        yield from (replace(one, target=name, of=of, is_own=False) for one in here.inner)
    if here.grows:
        yield replace(here, takes="part")


def _number(field: Field, at: int, many: int) -> str:
    return _("%(list)s, %(at)s of %(many)s") % {"list": field.name, "at": at + 1, "many": many}


def _is_shown(working: WorkingDocument, target: str, field: Field) -> bool:
    """A thought is edited where it is written: at the moment of truth, else at the touchpoint."""
    at_the_moment = working.value(target, "moment_of_truth.thinks") is not None
    return field.last_key != "thinks" or at_the_moment == (field.path != "thinks")
