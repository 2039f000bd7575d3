"""A fact on its way to the database: every column by its name, in one place.

The order of the fields is that of the values in a statement (`statements`); nobody else need know it. What a source may
leave out has the default of its model, and a test holds both to the same columns and defaults. The two numbers of a
row, which the writer gives, and its id, which the database gives, are no part of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter
from typing import Any, ClassVar, Final, Self

import msgspec

Identity = tuple[int, int, str, str]
"""Workspace, service, source, source key: under it a fact is known."""
Comment = tuple[int, int, str, str | None]
"""Where words stand: workspace, service, response, item."""
IDENTITY: Final = ("workspace_id", "service_id", "source", "source_key")
APART: Final = frozenset({*IDENTITY, "imported_id", "delivery", "revision"})
"""What tells how a row came, and not what it says."""
REPLY: Final = ("value", "state", "text", "segments")
"""What a respondent says, whenever it was."""


_identity: Final = attrgetter(*IDENTITY)


class FactRow(msgspec.Struct, frozen=True, gc=False):
    """What rows of both tables can do. They hold texts and numbers alone, so no collector need look at them."""

    WHOSE: ClassVar[tuple[str, ...]]
    """What tells whose a row is."""

    @property
    def identity(self) -> Identity:
        """Under which it is known."""
        found: Identity = _identity(self)
        return found

    @property
    def values(self) -> tuple[Any, ...]:
        """The values in the order of a statement."""
        return msgspec.structs.astuple(self)

    def with_revision(self, revision: int) -> Self:
        """The same row with another revision."""
        return msgspec.structs.replace(self, revision=revision)

    def without_import(self) -> Self:
        """The same row as one that came with no file."""
        return msgspec.structs.replace(self, imported_id=None)

    def same(self, other: FactRow, *, reply_only: bool) -> bool:
        """Whether two rows of one identity say the same: all of it, or only what a respondent says and not when."""
        names = _REPLY_COLUMNS[type(self)] if reply_only else _CONTENT[type(self)]
        return next(self._differences(other, names), None) is None

    def difference(self, other: FactRow, names: Sequence[str] = ()) -> str:
        """The columns (of these, or of all) in which two rows differ, without values: who may write may not read
        them.
        """
        return ", ".join(self._differences(other, names or _CONTENT[type(self)]))

    def _differences(self, other: FactRow, names: Sequence[str]) -> Iterator[str]:
        for name in names:
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine != theirs and not (name == "segments" and json.loads(mine) == json.loads(theirs)):
                yield name


class AnswerRow(FactRow, frozen=True, gc=False):
    """One answered, or visibly unanswered, question."""

    WHOSE: ClassVar[tuple[str, ...]] = ("response", "visit")

    workspace_id: int
    service_id: int
    source: str
    source_key: str
    response: str
    imported_id: int | None = None
    delivery: str | None = None
    revision: int = 0
    respondent_kind: str = "customer"
    customer: str | None = None
    visit: str | None = None
    at_us: int | None = None
    day: int | None = None
    site: str | None = None
    channel: str | None = None
    segments: str = "{}"
    survey: str | None = None
    wave: str | None = None
    item: str | None = None
    construct: str | None = None
    role: str = "score"
    touchpoint: str | None = None
    state: str = "answered"
    value: float | None = None
    low: float | None = None
    high: float | None = None
    text: str | None = None
    weight: float = 1.0
    aside: str | None = None

    @property
    def whose(self) -> str:
        """Of which response it is."""
        return self.response

    @property
    def comment(self) -> Comment:
        """Where it stands, as words do."""
        return self.workspace_id, self.service_id, self.response, self.item


class EventRow(FactRow, frozen=True, gc=False):
    """One thing that happened."""

    WHOSE: ClassVar[tuple[str, ...]] = ("visit", "record")

    workspace_id: int
    service_id: int
    source: str
    source_key: str
    kind: str
    imported_id: int | None = None
    delivery: str | None = None
    revision: int = 0
    customer: str | None = None
    visit: str | None = None
    record: str | None = None
    at_us: int | None = None
    day: int | None = None
    until_us: int | None = None
    site: str | None = None
    channel: str | None = None
    segments: str = "{}"
    touchpoint: str | None = None
    indicator: str | None = None
    value: float | None = None

    @property
    def whose(self) -> tuple[str | None, str | None]:
        """Of which visit, or of which record, it is."""
        return self.visit, self.record


Row = AnswerRow | EventRow


def changed_comment(before: Row, after: Row) -> Comment | None:
    """The comment that says other words than before, or none any more."""
    if not isinstance(before, AnswerRow) or not isinstance(after, AnswerRow):
        return None
    return before.comment if before.role == "comment" and before.text != after.text else None


_CONTENT: Final[Mapping[type[FactRow], tuple[str, ...]]] = {
    kind: tuple(name for name in kind.__struct_fields__ if name not in APART) for kind in (AnswerRow, EventRow)
}
_REPLY_COLUMNS: Final[Mapping[type[FactRow], tuple[str, ...]]] = {
    kind: tuple(name for name in REPLY if name in kind.__struct_fields__) for kind in (AnswerRow, EventRow)
}
