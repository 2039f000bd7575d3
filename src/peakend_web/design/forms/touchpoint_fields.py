"""Which fields a touchpoint has, and under which headings they stand: its own, and those of the steps, standards and
promises in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from peakend.service.edits import WorkingDocument
from peakend.service.journeys import LANES, SENSES, Behaviours
from peakend.terms import label
from peakend_web.base.languages import reader_language

Takes = Literal["words", "number", "choice", "mark", "ids", "part"]
"""Words in one language, a number, one of several values, whether something is so, some of several parts, or the words
of a part that is new.
"""


@dataclass(frozen=True)
class Field:
    """One field of the part called `target`: the path of its keys, what it takes, and the term that it is called by."""

    path: str
    takes: Takes = "words"
    term: str = ""
    rows: int = 2
    target: str = ""

    @property
    def key(self) -> str:
        """Its name in the form."""
        inner = "" if self.target.startswith("touchpoints:") else f"{self.target}|"
        return f"{'new-' if self.takes == 'part' else inner}{self.path.replace('.', '-')}"

    @property
    def name(self) -> str:
        """How the reader calls it."""
        return capfirst(label(self.term or f"part.{self.path.rpartition('.')[2]}", reader_language()))


@dataclass(frozen=True)
class Group:
    """Fields that stand together under a heading."""

    title: str | Promise
    fields: Sequence[Field]


TOUCHPOINT: Final = (
    Group(
        _("What the customer lives through"),
        [
            Field("title", rows=1),
            Field("customer"),
            Field("thinks", term="map.thinks"),
            Field("expects"),
            Field("fears"),
            Field("emotion.planned", "number"),
            Field("emotion.why"),
            Field("designed_as", "choice"),
        ],
    ),
    Group(_("Evidence for the five senses"), [Field(f"evidence.{sense}") for sense in SENSES]),
    Group(_("Behind the lines"), [Field("owner", "choice"), *(Field(lane) for lane in LANES)]),
    Group(_("Standards and promises"), [Field("standards"), Field("promises")]),
    Group(_("What may fail"), [Field("fails", "ids")]),
    Group(
        _("The wait"),
        [
            Field("wait", "mark"),
            Field("wait.typical_minutes", "number"),
            Field("wait.promised_minutes", "number"),
            Field("wait.care_after_minutes", "number"),
            Field("wait.text"),
            Field("wait.care"),
        ],
    ),
    Group(
        _("Moment of truth"),
        [
            Field("moment_of_truth", "mark"),
            Field("moment_of_truth.trigger"),
            Field("moment_of_truth.thinks", term="map.thinks"),
            Field("moment_of_truth.words"),
            *(
                Field(f"moment_of_truth.behaviours.{name}", term=f"behaviour.{name}")
                for name in Behaviours.model_fields
            ),
            Field("moment_of_truth.delight"),
        ],
    ),
)


INNER: Final[dict[str, Sequence[Field]]] = {
    **{lane: (Field("text"), Field("who", "choice")) for lane in LANES},
    "standards": (Field("text"), Field("freedom", "choice")),
    "promises": (Field("text"), Field("otherwise")),
}
"""The fields of each part in a list of a touchpoint."""


def fields_of(working: WorkingDocument, target: str) -> Iterator[tuple[str | Promise, list[Field]]]:
    """The headings with their fields, for the touchpoint as it is: one for each step, standard and promise in it, and
    one for a further one.
    """
    for group in TOUCHPOINT:
        yield group.title, [inner for field in group.fields for inner in _within(working, target, field)]


def _within(working: WorkingDocument, target: str, field: Field) -> Iterator[Field]:
    here = replace(field, target=target)
    if field.path not in INNER:
        if _is_shown(working, target, field):
            yield here
        return
    if isinstance(working.value(target, field.path), dict):  # a lane in words
        yield here
    for part in working.parts(target, field.path):
        name = working.name_in(target, field.path, part)
        yield from (replace(inner, target=name, term=inner.term or _term(field, inner)) for inner in INNER[field.path])
    yield replace(here, takes="part")


def _term(field: Field, inner: Field) -> str:
    """What the words of a step, standard or promise are called: by what they are."""
    return f"part.{field.path}" if inner.path == "text" else ""


def _is_shown(working: WorkingDocument, target: str, field: Field) -> bool:
    """A thought is edited where it is written: at the moment of truth, else at the touchpoint."""
    at_the_moment = working.value(target, "moment_of_truth.thinks") is not None
    return not field.path.endswith("thinks") or at_the_moment == (field.path != "thinks")
